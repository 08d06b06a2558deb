package identity_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/audit"
)

const why = "Insults in the chat"

// restrict suspends, bans or reinstates an account as a system administrator.
func (s *service) restrict(admin *identityapi.ClientWithResponses, id uuid.UUID, c identityapi.AccountStatusChange) *identityapi.SetAccountStatusResponse {
	s.t.Helper()
	s.clock.Advance(time.Second)
	r, err := admin.SetAccountStatusWithResponse(ctx, id, c)
	require.NoError(s.t, err)
	return r
}

func TestAnAdministratorSuspendsAndReinstates(t *testing.T) {
	t.Parallel()
	s := start(t)
	in, admin := s.signedIn("member@aef.test"), s.admin()
	until := s.clock.Now().Add(48 * time.Hour)
	r := s.restrict(admin, member, identityapi.AccountStatusChange{Status: identityapi.AccountStatusChangeStatusSuspended, Reason: why, Until: &until})
	out := fine(t, r, nil).JSON200
	require.Equal(t, identityapi.AccountStatusSuspended, out.Account.Status)
	require.Equal(t, why, out.StatusReason)
	require.True(t, out.StatusUntil.MustGet().Equal(until))
	require.Empty(t, out.Sessions)
	in.isOver(s)
	told := s.mailTo("member@aef.test", "suspended")
	require.Contains(t, told.Text, why)
	require.Contains(t, told.Text, until.Format("2006-01-02 15:04 UTC"))
	login, err := s.tryLogin("member@aef.test", "updspace-demo")
	refused(t, 403, "ACCOUNT_SUSPENDED", login, err)

	root := s.account(adminEmail)
	entry := s.auditLog(audit.Filter{Action: domain.ActionUserStatus, TargetID: member.String()})[0]
	require.Equal(t, audit.Actor{Type: audit.User, ID: root}, entry.Actor)
	require.Equal(t, why, entry.Reason)
	require.Equal(t, "127.0.0.1", entry.IP)
	require.Equal(t, member, entry.About)
	require.Equal(t, "suspended", entry.Metadata["to"])

	r = s.restrict(admin, member, identityapi.AccountStatusChange{Status: identityapi.AccountStatusChangeStatusActive, Reason: "A mistake"})
	out = fine(t, r, nil).JSON200
	require.Equal(t, identityapi.AccountStatusActive, out.Account.Status)
	require.Empty(t, out.StatusReason)
	require.True(t, out.StatusUntil.IsNull())
	s.mailTo("member@aef.test", "open again")
	s.login("member@aef.test")
}

func TestASuspensionEndsByItself(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.admin()
	until := s.clock.Now().Add(time.Hour)
	fine(t, s.restrict(admin, member, identityapi.AccountStatusChange{Status: identityapi.AccountStatusChangeStatusBanned, Reason: why, Until: &until}), nil)
	fine(t, s.restrict(admin, s.account("second@aef.test"), identityapi.AccountStatusChange{Status: identityapi.AccountStatusChangeStatusBanned, Reason: why}), nil)
	require.NoError(t, s.Restrictions.Lift(ctx))
	login, err := s.tryLogin("member@aef.test", "updspace-demo")
	refused(t, 403, "ACCOUNT_BANNED", login, err)
	s.clock.Set(until)
	require.NoError(t, s.Restrictions.Lift(ctx))
	s.login("member@aef.test")
	login, err = s.tryLogin("second@aef.test", "updspace-demo")
	refused(t, 403, "ACCOUNT_BANNED", login, err)
	entry := s.auditLog(audit.Filter{Action: domain.ActionUserStatus, TargetID: member.String()})[0]
	require.Equal(t, audit.System, entry.Actor.Type)
	require.NotEmpty(t, entry.Reason)
	s.mailTo("member@aef.test", "open again")
}

func TestChangesOfAccountsAreChecked(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin, root := s.admin(), s.account(adminEmail)
	past, far := s.clock.Now().Add(-time.Minute), s.clock.Now().Add(domain.MaxRestriction+time.Hour)
	for field, c := range map[string]identityapi.AccountStatusChange{
		"reason": {Status: identityapi.AccountStatusChangeStatusBanned, Reason: "    "},
		"until":  {Status: identityapi.AccountStatusChangeStatusBanned, Reason: why, Until: &past},
	} {
		r := s.restrict(admin, member, c)
		refused(t, 422, "VALIDATION_ERROR", r, nil)
		require.Contains(t, string(r.Body), field)
	}
	for _, c := range []identityapi.AccountStatusChange{
		{Status: identityapi.AccountStatusChangeStatusBanned, Reason: why, Until: &far},
		{Status: identityapi.AccountStatusChangeStatusActive, Reason: why, Until: &far},
		{Status: identityapi.AccountStatusChangeStatusBanned, Reason: "x\u202ey reason"},
	} {
		refused(t, 422, "VALIDATION_ERROR", s.restrict(admin, member, c), nil)
	}
	got, err := admin.GetAccountWithResponse(ctx, member)
	require.Equal(t, identityapi.AccountStatusActive, fine(t, got, err).JSON200.Account.Status)

	banned := identityapi.AccountStatusChange{Status: identityapi.AccountStatusChangeStatusBanned, Reason: why}
	refused(t, 404, "USER_NOT_FOUND", s.restrict(admin, uuid.New(), banned), nil)
	refused(t, 409, "OWN_ACCOUNT", s.restrict(admin, root, banned), nil)
	because := identityapi.AdminReason{Reason: why}
	sessions, err := admin.EndEverySessionWithResponse(ctx, root, because)
	refused(t, 409, "OWN_ACCOUNT", sessions, err)
	factors, err := admin.ResetAccountFactorsWithResponse(ctx, root, because)
	refused(t, 409, "OWN_ACCOUNT", factors, err)
	link, err := admin.SendPasswordLinkWithResponse(ctx, root, because)
	refused(t, 409, "OWN_ACCOUNT", link, err)
	demoted, err := admin.SetSystemAdminWithResponse(ctx, root, identityapi.SystemAdminChange{SystemAdmin: false, Reason: why})
	refused(t, 409, "OWN_ACCOUNT", demoted, err)
	missing, err := admin.GetAccountWithResponse(ctx, uuid.New())
	refused(t, 404, "USER_NOT_FOUND", missing, err)
}

func TestLostFactorsAreReset(t *testing.T) {
	t.Parallel()
	s := start(t)
	b, admin := s.user("member@aef.test"), s.admin()
	s.withApp(b)
	s.newPasskey(b, "Phone")
	seen, err := admin.GetAccountWithResponse(ctx, member)
	d := fine(t, seen, err).JSON200
	require.True(t, d.HasPassword && d.HasTotp && d.Account.SecondFactor)
	require.Equal(t, 1, d.Passkeys)
	require.Len(t, d.Sessions, 1)
	require.NotEmpty(t, d.Logins)
	require.Equal(t, "aef", d.Memberships[0].TenantSlug)
	for _, secret := range []string{"argon2", "seed", "token"} {
		require.NotContains(t, strings.ToLower(string(seen.Body)), secret)
	}
	s.clock.Advance(time.Second)
	r, err := admin.ResetAccountFactorsWithResponse(ctx, member, identityapi.AdminReason{Reason: "A lost phone"})
	d = fine(t, r, err).JSON200
	require.False(t, d.HasTotp || d.Account.SecondFactor)
	require.Zero(t, d.Passkeys+d.RecoveryCodes)
	require.Empty(t, d.Sessions)
	b.send(http.MethodGet, "/api/v1/auth/sessions", nil).refuses(t, 401, "INVALID_OR_EXPIRED_TOKEN")
	s.mailTo("member@aef.test", "second factor")
	s.login("member@aef.test")
	require.Equal(t, "A lost phone", s.auditLog(audit.Filter{Action: domain.ActionFactorsReset})[0].Reason)
}

func TestAnAdministratorSendsAPasswordLink(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.admin()
	r, err := admin.SendPasswordLinkWithResponse(ctx, member, identityapi.AdminReason{Reason: "Asked by phone"})
	fine(t, r, err)
	token := tokenIn(t, s.mailTo("member@aef.test", "new password"), "/reset")
	require.NotContains(t, string(r.Body), token, "only the mail has it")
	set, err := s.reset(token, passphrase)
	fine(t, set, err)
	fine(t, s.restrict(admin, member, identityapi.AccountStatusChange{Status: identityapi.AccountStatusChangeStatusBanned, Reason: why}), nil)
	r, err = admin.SendPasswordLinkWithResponse(ctx, member, identityapi.AdminReason{Reason: "Asked by phone"})
	refused(t, 409, "RESET_NOT_POSSIBLE", r, err)
}

func TestSystemAdministratorsAreMadeAndOneIsAlwaysLeft(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin, root := s.admin(), s.account(adminEmail)
	set := func(c *identityapi.ClientWithResponses, id uuid.UUID, on bool) *identityapi.SetSystemAdminResponse {
		r, err := c.SetSystemAdminWithResponse(ctx, id, identityapi.SystemAdminChange{SystemAdmin: on, Reason: "Runs the servers"})
		require.NoError(t, err)
		return r
	}
	require.True(t, fine(t, set(admin, member, true), nil).JSON200.Account.SystemAdmin)
	s.mailTo("member@aef.test", "You are a system administrator")
	another := s.script("X-Session-Token", s.login("member@aef.test"))
	require.False(t, fine(t, set(another, root, false), nil).JSON200.Account.SystemAdmin)
	s.mailTo(adminEmail, "no system administrator")
	r, err := admin.GetAccountWithResponse(ctx, member)
	refused(t, 403, "FORBIDDEN", r, err)

	require.ErrorIs(t, s.AccountAdmin.SetSystemAdmin(ctx, member, false, ""), domain.ErrLastSystemAdmin)
	require.ErrorIs(t, s.Restrictions.Set(ctx, member, domain.StatusBanned, "", nil), domain.ErrLastSystemAdmin)
	require.NoError(t, s.AccountAdmin.SetSystemAdmin(ctx, root, true, ""))
	errs := make(chan error, 2)
	for _, id := range []uuid.UUID{member, root} { // each loses it at once: one stays
		go func() { errs <- s.AccountAdmin.SetSystemAdmin(ctx, id, false, "") }()
	}
	first, second := <-errs, <-errs
	require.NotEqual(t, first == nil, second == nil, "%v %v", first, second)
}

func TestAnAdministratorSetsMemberships(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.admin()
	set := func(slug string, c identityapi.AccountMembershipChange) *identityapi.SetAccountMembershipResponse {
		c.Reason = "A founder"
		r, err := admin.SetAccountMembershipWithResponse(ctx, member, slug, c)
		require.NoError(t, err)
		return r
	}
	made := identityapi.AccountMembershipChange{Status: identityapi.AccountMembershipChangeStatusActive, BaseRole: identityapi.AccountMembershipChangeBaseRoleAdmin}
	require.Len(t, fine(t, set("gaming", made), nil).JSON200.Memberships, 2)
	ended := made
	ended.Status = identityapi.AccountMembershipChangeStatusDisabled
	all := fine(t, set("gaming", ended), nil).JSON200.Memberships
	require.Len(t, all, 2, "one that is disabled is shown")
	for _, m := range all {
		if m.TenantID == gaming {
			require.EqualValues(t, "disabled", m.Status)
			require.Equal(t, "admin", m.BaseRole)
		}
	}
	refused(t, 404, "TENANT_NOT_FOUND", set("nothing", made), nil)
	entry := s.auditLog(audit.Filter{Action: domain.ActionMembershipSet, TargetID: member.String()})[0]
	require.Equal(t, "A founder", entry.Reason)
	require.Equal(t, gaming, entry.Tenant)
	require.Equal(t, s.account(adminEmail), entry.Actor.ID)
}

func TestOperatorsGiveReasonsAndEnds(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.withApp(s.user("player1@aef.test"))
	do := func(verb string, args ...string) string {
		t.Helper()
		out, err := s.operate(verb, args...)
		require.NoError(t, err, verb)
		return out
	}
	do("user-suspend", "member@aef.test", "--reason", why, "--until=72h")
	d, err := s.AccountAdmin.Get(ctx, member)
	require.NoError(t, err)
	require.Equal(t, why, d.StatusReason)
	require.NotNil(t, d.StatusUntil)
	require.Equal(t, why, s.auditLog(audit.Filter{Action: domain.ActionUserStatus, TargetID: member.String()})[0].Reason)
	require.Contains(t, do("user-find", "member@"), member.String())
	do("user-reinstate", "member@aef.test")
	do("user-ban", "member@aef.test", "--until", "2030-01-01T12:00:00Z")
	_, err = s.operate("user-ban", "member@aef.test", "--until", "soon")
	require.ErrorContains(t, err, "soon")
	_, err = s.operate("user-ban", "member@aef.test", "--until")
	require.ErrorContains(t, err, "needs a value")
	do("factors-reset", "player1@aef.test", "--reason", "A lost phone")
	d, err = s.AccountAdmin.Get(ctx, s.account("player1@aef.test"))
	require.NoError(t, err)
	require.False(t, d.Factors.Any())
	do("password-link", "player1@aef.test")
	require.Len(t, s.auditLog(audit.Filter{Action: domain.ActionPasswordResetRequested}), 1)
	_, err = s.operate("admin-revoke", adminEmail)
	require.ErrorIs(t, err, domain.ErrLastSystemAdmin)
}
