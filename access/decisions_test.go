package access_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/access"
	"go.updspace.com/api/accessapi"
)

func TestMembersMayWhatTheTemplateSaysAndNobodyElse(t *testing.T) {
	s := start(t)
	m := member(aef)
	require.Equal(t, accessapi.ReasonCodeRBACALLOW, s.reason(m, inTenant("voting.vote.cast", m)))
	require.Equal(t, accessapi.ReasonCodeRBACDENY, s.reason(m, inTenant("voting.poll.create", m)))
	out := stranger(aef)
	require.Equal(t, accessapi.ReasonCodeNOROLE, s.reason(out, inTenant("voting.vote.cast", out)))
}

func TestTheBootstrappedAdminMayEverythingInTheTenant(t *testing.T) {
	s := start(t)
	admin := member(aef)
	require.NoError(t, access.BootstrapAdmin(context.Background(), s.cfg, access.Grant{Tenant: aef, User: admin.user}))
	require.NoError(t, access.BootstrapAdmin(context.Background(), s.cfg, access.Grant{Tenant: aef, User: admin.user}), "again")
	require.Equal(t, accessapi.ReasonCodeRBACALLOW, s.reason(admin, inTenant("voting.poll.create", admin)))
	elsewhere := admin
	elsewhere.tenant = gaming
	require.Equal(t, accessapi.ReasonCodeRBACDENY, s.reason(elsewhere, inTenant("voting.poll.create", elsewhere)))
}
