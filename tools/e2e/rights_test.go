package e2e

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/tools/journey"
)

// The screen that administers rights, as a browser uses it: a role is made, given and taken, and each holds on the next
// request of whom it concerns.
func TestRightsAreAdministeredInTheBrowser(t *testing.T) {
	const base = "/api/v1/access"
	ctx := t.Context()
	admin, second := signedIn(t, journey.Admin), signedIn(t, journey.Second)
	var me struct{ User, Tenant struct{ ID string } }
	require.NoError(t, second.Get(ctx, "/api/v1/session/me").JSON(http.StatusOK, &me))
	mayManage := func() int {
		return second.Send(ctx, http.MethodPost, "/api/v1/voting/polls", map[string]any{"title": "May I?"}).Status
	}
	require.Equal(t, http.StatusForbidden, mayManage())
	require.NoError(t, second.Get(ctx, base+"/admin/roles").ExpectCode(http.StatusForbidden, "FORBIDDEN"))

	var role, binding struct{ ID int64 }
	name := "hosts " + uuid.NewString()
	require.NoError(t, admin.Send(ctx, http.MethodPost, base+"/admin/roles", map[string]any{
		"service": "voting", "name": name, "permission_keys": []string{"voting.poll.read", "voting.poll.create"},
	}).JSON(http.StatusCreated, &role))
	require.NoError(t, admin.Send(ctx, http.MethodPost, base+"/admin/role-bindings", map[string]any{
		"tenant_id": me.Tenant.ID, "user_id": me.User.ID, "scope_type": "TENANT", "scope_id": me.Tenant.ID, "role_id": role.ID,
	}).JSON(http.StatusCreated, &binding))
	require.Equal(t, http.StatusCreated, mayManage())

	page := admin.Get(ctx, base+"/admin/events?limit=1")
	var events []struct {
		Action   string
		TargetID string `json:"target_id"`
	}
	require.NoError(t, page.JSON(http.StatusOK, &events))
	require.Equal(t, "binding_created", events[0].Action)
	require.Equal(t, fmt.Sprint(binding.ID), events[0].TargetID)
	require.NotEmpty(t, page.Header.Get("X-Next-Cursor"), "the gateway passes it on")

	require.NoError(t, admin.Send(ctx, http.MethodDelete, fmt.Sprintf("%s/admin/role-bindings/%d", base, binding.ID), nil).Expect(http.StatusNoContent))
	require.Equal(t, http.StatusForbidden, mayManage())
	require.NoError(t, admin.Send(ctx, http.MethodDelete, fmt.Sprintf("%s/admin/roles/%d", base, role.ID), nil).Expect(http.StatusNoContent))
	require.NoError(t, admin.Get(ctx, "/internal/v1/check").Expect(http.StatusNotFound))
}
