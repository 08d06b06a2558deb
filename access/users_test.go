package access_test

import (
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/accessapi"
	"go.updspace.com/libs/reqctx"
)

// Of many users those are named who may do something: known members of the tenant by the roles of members, others by what they are bound to.
func TestWhichUsersMayDoSomething(t *testing.T) {
	t.Parallel()
	s := start(t)
	known, gone, allowed, denied, stranger := member(aef), member(aef), member(aef), member(aef), member(aef)
	for _, p := range []person{known, denied} {
		s.exec(aef, "INSERT INTO tenant_members (tenant_id, user_id, active, changed_at) VALUES (?, ?, true, now())", aef, p.user)
	}
	s.exec(aef, "INSERT INTO tenant_members (tenant_id, user_id, active, changed_at) VALUES (?, ?, false, now())", aef, gone.user)
	s.allow(allowed, "voting.poll.read")
	s.exec(aef, "INSERT INTO policy_overrides (id, tenant_id, user_id, action, permission_key) VALUES (?, ?, ?, 'deny', 'voting.poll.read')", uuid.New(), aef, denied.user)

	service := s.With("activity", reqctx.Context{TenantID: aef, TenantSlug: "aef"})
	users := []uuid.UUID{stranger.user, allowed.user, denied.user, gone.user, known.user}
	resp, err := service.CheckUsersWithResponse(t.Context(), accessapi.UsersCheck{Check: inTenant("voting.poll.read", known), UserIds: users})
	require.NoError(t, err)
	require.Equal(t, []uuid.UUID{allowed.user, known.user}, made[accessapi.UserIDs](s, of(resp), http.StatusOK).UserIds)

	elsewhere := s.With("activity", reqctx.Context{TenantID: gaming, TenantSlug: "gaming"})
	resp, err = elsewhere.CheckUsersWithResponse(t.Context(), accessapi.UsersCheck{Check: question("voting.poll.read", "TENANT", gaming.String()), UserIds: users})
	require.NoError(t, err)
	require.Empty(t, made[accessapi.UserIDs](s, of(resp), http.StatusOK).UserIds, "nothing of another tenant counts")
}
