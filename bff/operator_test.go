package bff_test

import (
	"bytes"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/bff"
	"go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/signing"
	"go.updspace.com/tools/devkit/testkit"
)

// erasures are fakes of all services that store personal data.
type erasures struct {
	id  *idService
	cfg bff.Config

	mu     sync.Mutex
	asked  []string            // the services, in the order in which they were asked
	names  map[string][]string // that each service got
	parts  map[string]int      // how many requests more a service needs
	refuse map[string]string   // a service, and the code of its refusal
}

func newErasures(t *testing.T) *erasures {
	e := &erasures{id: newIDService(t), names: map[string][]string{}, parts: map[string]int{}, refuse: map[string]string{}}
	urls := map[string]string{}
	for _, name := range []string{"access", "voting", "events", "activity", "gamification", "portal"} {
		s := newService(t, name)
		urls[name] = s.server.URL
		s.handle("DELETE /internal/v1/personal-data/{user_id}", func(w http.ResponseWriter, r *http.Request, rc reqctx.Context) {
			e.mu.Lock()
			defer e.mu.Unlock()
			if code := e.refuse[name]; code != "" {
				answer(w, http.StatusConflict, envelope(code))
				return
			}
			require.Equal(t, []any{aef, uuid.Nil, member.String()}, []any{rc.TenantID, rc.UserID, r.PathValue("user_id")})
			e.asked, e.names[name] = append(e.asked, name), r.URL.Query()["name"]
			e.parts[name]--
			answer(w, http.StatusOK, map[string]any{
				"service": name, "user_id": member, "erased_at": "2026-03-01T12:00:00Z", "complete": e.parts[name] < 0, "counts": map[string]any{"texts": 3, "audit": 1},
			})
		})
		if name == "portal" {
			s.handle("POST /internal/v1/profiles/batch", func(w http.ResponseWriter, _ *http.Request, _ reqctx.Context) {
				answer(w, http.StatusOK, []map[string]any{{
					"tenant_id": aef, "user_id": member, "username": "mika", "display_name": "Mika Orlova", "first_name": "Mika", "last_name": "Orlova", "bio": nil,
					"avatar_url": nil, "listed_to_guests": false, "created_at": nil, "updated_at": nil,
				}})
			})
		}
	}
	e.cfg = bff.Config{
		Config:      servicefx.Config{Mode: servicefx.Development, Signing: signing.Config{Secret: testkit.Secret}},
		IdentityURL: e.id.server.URL, Access: accessclient.Config{URL: urls["access"]}, PortalURL: urls["portal"], VotingURL: urls["voting"],
		EventsURL: urls["events"], ActivityURL: urls["activity"], GamificationURL: urls["gamification"],
	}
	return e
}

// erase is the verb person-erase about the member.
func (e *erasures) erase(t *testing.T, names ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := bff.ErasePerson(t.Context(), e.cfg, &out, append([]string{"aef", member.String()}, names...)...)
	return out.String(), err
}

// A former member is erased everywhere: at access first, which may refuse, at portal last, which knows the names that all get.
func TestAFormerMemberIsErasedEverywhere(t *testing.T) {
	t.Parallel()
	e := newErasures(t)
	_, err := e.erase(t)
	require.ErrorContains(t, err, "active member")
	require.Empty(t, e.asked)

	e.id.change(member, func(a *account) { a.tenants[aef] = "disabled" })
	e.refuse["access"] = "LAST_ADMIN"
	_, err = e.erase(t)
	require.ErrorContains(t, err, "access: ")
	require.Empty(t, e.asked)

	delete(e.refuse, "access")
	e.parts["voting"], e.refuse["portal"] = 2, "CONFLICT"
	out, err := e.erase(t, "Микой", " Mika  Orlova ", "x")
	require.ErrorContains(t, err, "portal: ")
	require.Equal(t, []string{"access", "voting", "voting", "voting", "events", "activity", "gamification"}, e.asked)
	require.Equal(t, []string{"Микой", "Mika Orlova", "Orlova Mika", "mika", "Mika", "Orlova"}, e.names["gamification"])
	require.Regexp(t, `(?m)^gamification +texts +3$`, out)
	require.Equal(t, 7*2+1, strings.Count(out, "\n"), "what was erased before the refusal is printed")

	delete(e.refuse, "portal")
	e.asked = nil
	_, err = e.erase(t)
	require.NoError(t, err)
	require.Equal(t, []string{"access", "voting", "events", "activity", "gamification", "portal"}, e.asked)
	require.Equal(t, e.names["gamification"], e.names["portal"])
}

// Nothing is erased by halves for want of a setting or an argument.
func TestAnErasureNeedsAllServicesAndAPerson(t *testing.T) {
	t.Parallel()
	e := newErasures(t)
	e.id.change(member, func(a *account) { a.tenants[aef] = "disabled" })
	for _, args := range [][]string{{}, {"aef"}, {"aef", "mika"}, {"aef", uuid.Nil.String()}, {"nowhere", member.String()}} {
		require.Error(t, bff.ErasePerson(t.Context(), e.cfg, &bytes.Buffer{}, args...), "%v", args)
	}
	e.cfg.ActivityURL = ""
	_, err := e.erase(t)
	require.ErrorContains(t, err, "activity")
	require.Empty(t, e.asked)
	require.Equal(t, "person-erase", bff.Commands()[0].Name)
}
