package identity_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/reqctx"
)

// A closed community is answered as closed, signs no member in, and has what it had when it is opened again.
func TestACommunityIsClosedAndOpenedAgain(t *testing.T) {
	t.Parallel()
	s := start(t)
	portal := s.client()
	_, err := s.operate("tenant-close", "aef", "The members have moved.")
	require.NoError(t, err)
	asked, err := s.gateway(reqctx.Context{}).GetTenantWithResponse(ctx, "aef")
	refused(t, http.StatusGone, "TENANT_CLOSED", asked, err)
	require.Equal(t, http.StatusGone, s.browser().get(portal.authorizePath()).StatusCode)

	_, err = s.operate("tenant-reopen", "aef", "The members are back.")
	require.NoError(t, err)
	me, err := s.gateway(ofUser(member)).GetMeWithResponse(ctx)
	require.Len(t, fine(t, me, err).JSON200.Memberships, 1, "the members are members still")
	require.NotEmpty(t, s.code(portal, "member@aef.test"))
	for action, reason := range map[string]string{domain.ActionTenantClosed: "The members have moved.", domain.ActionTenantReopened: "The members are back."} {
		entry := s.auditLog(audit.Filter{Action: action})[0]
		require.Equal(t, reason, entry.Reason)
		require.Equal(t, aef, entry.Tenant, "the entry belongs to the community")
	}
}

func TestOthersThanAdministratorsChangeNoCommunity(t *testing.T) {
	t.Parallel()
	s := start(t)
	user := audit.As(ctx, audit.Actor{Type: audit.User, ID: member}, "")
	_, err := s.Tenants.Edit(user, "aef", 1, domain.TenantEdit{})
	require.ErrorIs(t, err, domain.ErrNotSystemAdmin)
	_, err = s.Tenants.Close(user, "aef", "for fun")
	require.ErrorIs(t, err, domain.ErrNotSystemAdmin)
	_, err = s.Tenants.Reopen(user, "aef", "for fun")
	require.ErrorIs(t, err, domain.ErrNotSystemAdmin)
}
