package voting_test

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"go.updspace.com/api/accessapi"
	"go.updspace.com/api/votingapi"
	"go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/signing"
	"go.updspace.com/libs/testkit"
	"go.updspace.com/voting"
	store "go.updspace.com/voting/adapters/pg"
	"go.updspace.com/voting/domain"
	"go.updspace.com/voting/ports"
	"go.updspace.com/voting/ports/portstest"
)

// document is the service's spec, read once: that takes longer than most tests.
var document = sync.OnceValues(votingapi.GetSpec)

func TestMain(m *testing.M) {
	if os.Getenv(relayProcess) != "" {
		relay()
		return
	}
	testkit.Main(m)
}

var (
	memberKeys = []domain.Permission{domain.PermissionPollRead, domain.PermissionVoteCast, domain.PermissionVoteReadOwn, domain.PermissionResultsRead}
	makerKeys  = append([]domain.Permission{domain.PermissionPollCreate}, memberKeys...)
	adminKeys  = append([]domain.Permission{domain.PermissionPollsAdmin}, makerKeys...)
)

// service is the whole service as it runs, on a database of its own, with access faked behind its real wire.
type service struct {
	t        testing.TB
	url      string
	access   *portstest.Access
	clock    *testkit.Clock
	database pg.Config

	admin, maker, member domain.Actor
}

func start(t testing.TB, change ...func(*voting.Config)) *service {
	t.Helper()
	s := &service{t: t, access: &portstest.Access{}, clock: testkit.NewClock(), database: testkit.Postgres(t, store.Migrations()), admin: portstest.Someone()}
	s.maker, s.member = s.colleague(makerKeys...), s.colleague(memberKeys...)
	s.access.Grant(s.admin.User, adminKeys)
	server := httptest.NewServer(fakeAccess(s.access))
	t.Cleanup(server.Close)

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s.url = "http://" + listener.Addr().String()
	cfg := voting.Config{
		Config: servicefx.Config{
			Mode: servicefx.Development, Listener: listener, Log: io.Discard, Signing: signing.Config{Secret: testkit.Secret},
		},
		Database: s.database,
		Access:   accessclient.Config{URL: server.URL, Budget: 10 * time.Second}, // a busy machine is not a failing service
	}
	for _, c := range change {
		c(&cfg)
	}
	app := fx.New(voting.Module(cfg), fx.Replace(fx.Annotate(s.clock, fx.As(new(ports.Clock)))))
	require.NoError(t, app.Err())
	require.NoError(t, app.Start(context.Background()))
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		require.NoError(t, app.Stop(ctx))
	})
	return s
}

// colleague is a new user of the tenant with some permissions.
func (s *service) colleague(keys ...domain.Permission) domain.Actor {
	c := portstest.Colleague(s.admin)
	s.access.Grant(c.User, keys)
	return c
}

// as is the generated client of a user, signing as the gateway does. Every answer is held against the document.
func (s *service) as(a domain.Actor) *votingapi.ClientWithResponses {
	s.t.Helper()
	spec, err := document()
	require.NoError(s.t, err)
	rc := reqctx.Context{TenantID: a.Tenant, TenantSlug: "aef", UserID: a.User}
	client, err := votingapi.NewClientWithResponses(s.url, votingapi.WithHTTPClient(testkit.Client(s.t, s.url, "voting", rc, spec)))
	require.NoError(s.t, err)
	return client
}

// request is a context in which every call is the same request of the actor.
func request(a domain.Actor) context.Context {
	return reqctx.With(context.Background(), reqctx.Context{RequestID: uuid.NewString(), TenantID: a.Tenant, TenantSlug: "aef", UserID: a.User})
}

// answer is what every generated response has in common.
type answer interface {
	StatusCode() int
	GetBody() []byte
}

// refused requires a failure with its code.
func refused(t testing.TB, status int, code string, r answer, err error) {
	t.Helper()
	require.NoError(t, err)
	require.Equal(t, status, r.StatusCode(), "%s", r.GetBody())
	require.Equal(t, code, codeOf(r), "%s", r.GetBody())
}

func codeOf(r answer) string {
	var body struct{ Error struct{ Code string } }
	if json.Unmarshal(r.GetBody(), &body) != nil {
		return ""
	}
	return body.Error.Code
}

// fine requires success.
func fine[R answer](t testing.TB, r R, err error) R {
	t.Helper()
	require.NoError(t, err)
	require.Less(t, r.StatusCode(), 300, "%s", r.GetBody())
	return r
}

// fakeAccess answers the wire of access, for signed callers only.
func fakeAccess(decide *portstest.Access) http.Handler {
	verifier := testkit.Keyring().Verifier("access")
	serve := func(w http.ResponseWriter, r *http.Request, decode func([]byte) ([]accessapi.Check, func([]accessapi.Decision) any, error)) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			httpx.WriteError(w, r, err)
			return
		}
		rc, err := verifier.Verify(r, body)
		if err == nil && rc.Caller != "voting" {
			err = errs.Forbiddenf("not voting")
		}
		if err != nil {
			httpx.WriteError(w, r, err)
			return
		}
		checks, encode, err := decode(body)
		if err != nil {
			httpx.WriteError(w, r, err)
			return
		}
		asks := make([]domain.Ask, len(checks))
		for i, c := range checks {
			asks[i] = domain.Ask{Permission: domain.Permission(c.Permission), Scope: domain.Scope{Type: domain.ScopeType(c.Scope.Type), ID: c.Scope.ID}}
			if c.ResourceVisibility != nil {
				asks[i].Visibility = domain.Visibility(*c.ResourceVisibility)
			}
			if c.ResourceOwnerID != nil {
				asks[i].Owner = *c.ResourceOwnerID
			}
		}
		answers, err := decide.AllowedEach(reqctx.With(r.Context(), rc), asks)
		if err != nil {
			httpx.WriteError(w, r, err)
			return
		}
		decisions := make([]accessapi.Decision, len(answers))
		for i, allowed := range answers {
			decisions[i] = accessapi.Decision{Allowed: allowed, ReasonCode: accessapi.ReasonCodeRBACALLOW}
		}
		httpx.WriteJSON(w, http.StatusOK, encode(decisions))
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /internal/v1/check", func(w http.ResponseWriter, r *http.Request) {
		serve(w, r, func(body []byte) ([]accessapi.Check, func([]accessapi.Decision) any, error) {
			var check accessapi.Check
			err := json.Unmarshal(body, &check)
			return []accessapi.Check{check}, func(d []accessapi.Decision) any { return d[0] }, err
		})
	})
	mux.HandleFunc("POST /internal/v1/check/batch", func(w http.ResponseWriter, r *http.Request) {
		serve(w, r, func(body []byte) ([]accessapi.Check, func([]accessapi.Decision) any, error) {
			var batch accessapi.CheckBatch
			err := json.Unmarshal(body, &batch)
			return batch.Checks, func(d []accessapi.Decision) any { return accessapi.DecisionBatch{Decisions: d} }, err
		})
	})
	return mux
}
