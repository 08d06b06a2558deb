package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/tools/journey"
	"go.updspace.com/tools/platform"
)

// twin is a second copy of what stands between a browser and a decision: a gateway and a voting service that ask another
// instance of access than the first copy does.
type twin struct{ gateway, access *platform.Instance }

func newTwin(t *testing.T) twin {
	t.Helper()
	start := func(service string, env map[string]string) *platform.Instance {
		i, err := world.Service(service).StartAnother(t.Context(), env)
		require.NoError(t, err)
		stopAtEnd(t, i)
		return i
	}
	access := start("access", nil)
	voting := start("voting", map[string]string{"ACCESS_URL": access.URL})
	return twin{gateway: start("bff", map[string]string{"ACCESS_URL": access.URL, "VOTING_URL": voting.URL}), access: access}
}

// send is what a browser that is signed in at the first gateway sends to the second.
func (w twin) send(t *testing.T, b *journey.Browser, method, path string, body any) (status int, code string) {
	t.Helper()
	encoded, err := json.Marshal(body)
	require.NoError(t, err)
	r := request(t, method, w.gateway.URL+path, string(encoded))
	r.Host = "aef.localhost"
	for _, name := range []string{"updspace_session", "updspace_csrf"} {
		r.AddCookie(&http.Cookie{Name: name, Value: b.Cookie(name)})
	}
	r.Header.Set("X-Csrf-Token", b.Cookie("updspace_csrf"))
	r.Header.Set("Origin", world.Origin("aef"))
	return answer(t, r)
}

// belongs asks the second access whether a user may do what only members of a community may.
func (w twin) belongs(t *testing.T, user uuid.UUID, community string) bool {
	t.Helper()
	body, err := json.Marshal(map[string]any{
		"permission": "portal.posts.create_community", "resource_visibility": "community",
		"scope": map[string]string{"type": "COMMUNITY", "id": community},
	})
	require.NoError(t, err)
	r := request(t, http.MethodPost, w.access.URL+"/internal/v1/check", string(body))
	signer(t, "access").Sign(r, aef(user), body)
	response, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer response.Body.Close()
	require.Equal(t, http.StatusOK, response.StatusCode)
	var decision struct{ Allowed bool }
	require.NoError(t, json.NewDecoder(response.Body).Decode(&decision))
	return decision.Allowed
}

const rounds = 20

// A role that is granted or revoked at one instance of access is granted or revoked at the other by the time the
// administrator has the answer.
func TestARoleHoldsFromTheNextRequestOn(t *testing.T) {
	admin, member := signedIn(t, journey.Admin), signedIn(t, journey.Member)
	second := newTwin(t)
	var roles []struct {
		ID     int64   `json:"id"`
		Tenant *string `json:"tenant_id"`
	}
	require.NoError(t, admin.Send(t.Context(), http.MethodGet, "/api/v1/access/admin/roles?service=voting&query=moderator", nil).JSON(http.StatusOK, &roles))
	require.Len(t, roles, 1)
	tenant := aef(memberID).TenantID.String()
	for range rounds {
		draft := map[string]any{"title": "Rights", "scope_type": "TENANT", "visibility": "community"}
		status, code := second.send(t, member, http.MethodPost, "/api/v1/voting/polls", draft)
		require.Equal(t, http.StatusForbidden, status, code)

		var binding struct{ ID int64 }
		require.NoError(t, admin.Send(t.Context(), http.MethodPost, "/api/v1/access/admin/role-bindings", map[string]any{
			"tenant_id": tenant, "user_id": memberID, "scope_type": "TENANT", "scope_id": tenant, "role_id": roles[0].ID,
		}).JSON(http.StatusCreated, &binding))
		status, code = second.send(t, member, http.MethodPost, "/api/v1/voting/polls", draft)
		require.Equal(t, http.StatusCreated, status, code)

		require.NoError(t, admin.Send(t.Context(), http.MethodDelete, fmt.Sprintf("/api/v1/access/admin/role-bindings/%d", binding.ID), nil).Expect(http.StatusNoContent))
	}
}

// Who is removed from a community has left it everywhere by the time the owner has the answer.
func TestAMemberWhoIsRemovedIsRefusedOnTheNextRequest(t *testing.T) {
	admin, member := signedIn(t, journey.Admin), signedIn(t, journey.Member)
	second := newTwin(t)
	var community struct{ ID string }
	require.NoError(t, admin.Send(t.Context(), http.MethodPost, "/api/v1/portal/communities", map[string]any{
		"name": t.Name() + uuid.NewString(), "join_policy": "open",
	}).JSON(http.StatusCreated, &community))
	place := "/api/v1/portal/groups/" + community.ID
	post := map[string]any{"title": "Here", "body": "", "visibility": "community", "community_id": community.ID}
	for range rounds {
		require.False(t, second.belongs(t, memberID, community.ID))
		require.NoError(t, admin.Send(t.Context(), http.MethodPost, place+"/members", map[string]any{"user_id": memberID}).Expect(http.StatusOK))
		require.True(t, second.belongs(t, memberID, community.ID))
		status, code := second.send(t, member, http.MethodPost, "/api/v1/portal/posts", post)
		require.Equal(t, http.StatusCreated, status, code)

		require.NoError(t, admin.Send(t.Context(), http.MethodDelete, place+"/members/"+memberID.String(), nil).Expect(http.StatusNoContent))
		status, code = second.send(t, member, http.MethodPost, "/api/v1/portal/posts", post)
		require.Equal(t, http.StatusForbidden, status, code)
	}
	require.NoError(t, admin.Send(t.Context(), http.MethodDelete, place, nil).Expect(http.StatusNoContent))
}
