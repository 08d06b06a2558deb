package httpapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"go.updspace.com/access/adapters/httpapi"
	"go.updspace.com/access/app"
	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports/portstest"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/signing"
	"go.updspace.com/tools/devkit/testkit"
)

// cached are facts that take no time to read.
type cached struct{ facts *domain.Facts }

func (c cached) Load(context.Context, domain.Subject, time.Time) (*domain.Facts, error) {
	return c.facts, nil
}

// checker serves checks of a moderator of a community, without a database.
type checker struct {
	handler http.Handler
	signer  *signing.Signer
	user    reqctx.Context
}

func newChecker(t testing.TB, adjust ...func(*httpx.Options)) checker {
	c := checker{user: reqctx.Context{RequestID: "request-1", TenantID: portstest.Tenant, TenantSlug: "any", UserID: owner, Flags: reqctx.Flags{MembershipStatus: "active"}}}
	memory := &portstest.Memory{}
	for _, template := range domain.Templates(domain.Platform) {
		role := memory.AddRole(domain.Role{Service: template.Service, Name: template.Name, Keys: template.Keys})
		if template.Name == domain.RoleModerator {
			_, _, err := memory.Grant(reqctx.With(context.Background(), c.user), domain.Grant{
				User: c.user.UserID, Role: role.ID, Scope: domain.Scope{Type: domain.Community, ID: portstest.C1.String()},
			})
			require.NoError(t, err)
		}
	}
	facts, err := memory.Load(context.Background(), domain.Subject{Tenant: c.user.TenantID, User: c.user.UserID}, time.Now())
	require.NoError(t, err)
	keyring, err := signing.NewKeyring(signing.Config{Secret: strings.Repeat("s", 32)})
	require.NoError(t, err)
	c.signer, err = keyring.Signer("portal", "access")
	require.NoError(t, err)
	options := httpx.Options{Authenticate: httpx.Signed(keyring.Verifier("access")), Registerer: prometheus.NewRegistry()}
	httpapi.Options(&options)
	for _, a := range adjust {
		a(&options)
	}
	deps := app.Deps{Catalogue: domain.Platform, Facts: cached{facts}, Clock: testkit.NewClock()}
	c.handler, err = httpapi.New(httpx.New(options), deps, app.PersonalData{})
	require.NoError(t, err)
	return c
}

// post returns the answer to a signed request.
func (c checker) post(path string, body []byte) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, path, bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	c.signer.Sign(r, c.user, body)
	w := httptest.NewRecorder()
	c.handler.ServeHTTP(w, r)
	return w
}

// BenchmarkCheck measures checks about cached facts, without the network: one check, and batches of them.
func BenchmarkCheck(b *testing.B) {
	c := newChecker(b)
	check := func(i int) any {
		return map[string]any{"permission": "voting.poll.read", "scope": map[string]any{"type": "COMMUNITY", "id": uuid.NewSHA1(owner, []byte{byte(i)})}, "resource_visibility": "public"}
	}
	run := func(name, path string, body any) {
		b.Run(name, func(b *testing.B) {
			text, err := json.Marshal(body)
			require.NoError(b, err)
			b.ReportAllocs()
			for b.Loop() {
				w := c.post(path, text)
				if w.Code != http.StatusOK {
					b.Fatal(w.Body.String())
				}
			}
		})
	}
	run("one", "/internal/v1/check", check(0))
	for _, n := range []int{1, 16, 100} {
		checks := make([]any, n)
		for i := range checks {
			checks[i] = check(i)
		}
		run(fmt.Sprintf("batch of %d", n), "/internal/v1/check/batch", map[string]any{"checks": checks})
	}
}
