package access_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/access/app"
	"go.updspace.com/access/domain"
	"go.updspace.com/api/accessapi"
	"go.updspace.com/api/contract"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/testkit"
)

// bodies make a valid request of every operation that takes a body.
var bodies = map[string]string{
	"checkPermission":   `{"permission":"voting.poll.read","scope":{"type":"TENANT","id":""}}`,
	"checkPermissions":  `{"checks":[{"permission":"voting.poll.read","scope":{"type":"TENANT","id":""}}]}`,
	"listAllowedScopes": `{"questions":[{"permission":"voting.poll.read"}]}`,
	"syncMemberships": `{"changes":[{"scope_type":"COMMUNITY","scope_id":"00000000-0000-4000-8000-0000000000c1","community_id":"00000000-0000-4000-8000-0000000000c1",
		"user_id":"00000000-0000-4000-8000-000000000001","role":null,"version":1}]}`,
	"reconcileMemberships": `{"memberships":[]}`,
}

// queries make them valid where the query is required.
var queries = map[string]string{"getEffectivePermissions": "?scope_type=TENANT"}

func (s *service) request(operation string) *http.Request {
	s.t.Helper()
	op := accessapi.Operations[operation]
	r, err := http.NewRequestWithContext(context.Background(), op.Method, s.url+op.Path+queries[operation], strings.NewReader(bodies[operation]))
	require.NoError(s.t, err)
	if bodies[operation] != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	return r
}

func TestNothingIsAnsweredToTheUnsigned(t *testing.T) {
	s := start(t)
	plain := &http.Client{Timeout: 10 * time.Second}
	defer plain.CloseIdleConnections()
	signer, err := testkit.Keyring().Signer("bff", "voting") // for another service
	require.NoError(t, err)
	for name := range accessapi.Operations {
		t.Run(name, func(t *testing.T) {
			naked := s.request(name)
			naked.Header.Set("X-Tenant-Id", aef.String())
			naked.Header.Set("X-Tenant-Slug", "aef")
			naked.Header.Set("X-User-Id", uuid.NewString())
			naked.Header.Set("X-Master-Flags", `{"system_admin":true}`)
			misdirected := s.request(name)
			signer.Sign(misdirected, member(aef).context(), []byte(bodies[name]))
			for _, r := range []*http.Request{naked, misdirected} {
				resp, err := plain.Do(r)
				require.NoError(t, err)
				require.NoError(t, resp.Body.Close())
				require.Equal(t, http.StatusUnauthorized, resp.StatusCode)
			}

			for _, rc := range []reqctx.Context{{TenantID: aef, TenantSlug: "aef"}, {UserID: uuid.New()}, {}} {
				resp, err := s.http(person{tenant: rc.TenantID, user: rc.UserID}).Do(s.request(name))
				require.NoError(t, err)
				require.NoError(t, resp.Body.Close())
				require.Contains(t, []int{http.StatusUnauthorized, http.StatusBadRequest, http.StatusForbidden}, resp.StatusCode, "signed, but for nobody")
			}

			right := person{tenant: aef, user: uuid.New(), flags: reqctx.Flags{SystemAdmin: true}}
			if accessapi.Operations[name].Authenticated == contract.AuthenticatedService {
				right = person{tenant: aef, caller: "portal"}
			}
			resp, err := s.http(right).Do(s.request(name))
			require.NoError(t, err)
			require.NoError(t, resp.Body.Close())
			require.Contains(t, []int{http.StatusOK, http.StatusNoContent}, resp.StatusCode, "the request itself is right")
		})
	}
}

// What an operation declares is what it asks: without the permission it is
// refused, with nothing but the permission it is not.
func TestDeclaredPermissionsAreAsked(t *testing.T) {
	s := start(t)
	for name, op := range accessapi.Operations {
		if op.Permission == "" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			p := member(aef)
			status := func() int {
				resp, err := s.http(p).Do(s.request(name))
				require.NoError(t, err)
				require.NoError(t, resp.Body.Close())
				return resp.StatusCode
			}
			require.Equal(t, http.StatusForbidden, status())
			s.allow(p, op.Permission)
			require.Equal(t, http.StatusOK, status())
		})
	}
}

func TestTheCatalogueOverTheWire(t *testing.T) {
	s := start(t)
	p := member(aef)
	s.allow(p, app.RolesRead) // instead of the declared one
	list := func(service *string) []accessapi.Permission {
		resp, err := s.as(p).ListPermissionsWithResponse(context.Background(), &accessapi.ListPermissionsParams{Service: service})
		require.NoError(t, err)
		require.NotNil(t, resp.JSON200, string(resp.Body))
		return *resp.JSON200
	}
	all := list(nil)
	require.Len(t, all, len(domain.Platform.All()))
	require.Equal(t, accessapi.Permission{Key: "activity.admin.games", Service: "activity", Description: "Edit the catalogue of games"}, all[0])
	voting, zebra := "voting", "zebra"
	require.Len(t, list(&voting), len(domain.Platform.OfService(domain.Voting)))
	require.Equal(t, []accessapi.Permission{}, list(&zebra), "an empty list, not null")
}
