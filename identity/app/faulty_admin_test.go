package app_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/page"
	"go.updspace.com/tools/devkit/testkit/faults"
)

type storedAccounts struct{ *stored }

func (p storedAccounts) List(context.Context, ports.AccountFilter, int) ([]ports.ListedAccount, error) {
	return nil, p.Next()
}

func (p storedAccounts) Restrict(_ context.Context, u domain.User) error {
	p.user = u
	return p.Next()
}

func (p storedAccounts) Over(context.Context, time.Time, int) ([]domain.User, error) {
	return []domain.User{p.user}, p.Next()
}

func (p storedAccounts) LockSystemAdmins(context.Context) ([]domain.User, error) {
	return []domain.User{{ID: uuid.New(), Status: domain.StatusActive, EmailVerified: true}}, p.Next()
}

// administration are the use cases of system administrators.
var administration = map[string]func(s scene) error{
	"list accounts": func(s scene) error {
		return result(s.AccountAdmin.List(s.operator(), ports.AccountFilter{}, page.Request{}))
	},
	"see an account":  func(s scene) error { return result(s.AccountAdmin.Get(s.operator(), s.user.ID)) },
	"find an account": func(s scene) error { return result(s.AccountAdmin.Find(s.operator(), s.user.Email)) },
	"ban an account":  func(s scene) error { return s.Restrictions.Set(s.operator(), s.user.ID, domain.StatusBanned, "", nil) },
	"lift what is over": func(s scene) error {
		s.user.Restrict(domain.Restriction{Status: domain.StatusBanned})
		return s.Restrictions.Lift(s.ctx)
	},
	"end the sessions":     func(s scene) error { return s.AccountAdmin.EndSessions(s.operator(), s.user.ID, "") },
	"send a password link": func(s scene) error { return s.AccountAdmin.SendReset(s.operator(), s.user.ID, "") },
	"reset the factors": func(s scene) error {
		s.withPasskey()
		s.factors = domain.Factors{TOTP: true, Passkeys: 1}
		return s.AccountAdmin.ResetFactors(s.operator(), s.user.ID, "")
	},
	"make a system admin": func(s scene) error { return s.AccountAdmin.SetSystemAdmin(s.operator(), s.user.ID, true, "") },
	"make a member": func(s scene) error {
		return s.AccountAdmin.SetMembership(s.operator(), s.user.ID, "aef", domain.RoleMember, domain.MembershipActive, "")
	},
}

func TestUsersWhoAreNoSystemAdministratorsMayNothing(t *testing.T) {
	t.Parallel()
	s := newScene(t, &faults.Faults{})
	for name, err := range map[string]error{
		"list":    result(s.AccountAdmin.List(s.ctx, ports.AccountFilter{}, page.Request{})),
		"see":     result(s.AccountAdmin.Get(s.ctx, s.user.ID)),
		"ban":     s.Restrictions.Set(s.ctx, s.user.ID, domain.StatusBanned, "for fun", nil),
		"end":     s.AccountAdmin.EndSessions(s.ctx, s.user.ID, "for fun"),
		"link":    s.AccountAdmin.SendReset(s.ctx, s.user.ID, "for fun"),
		"factors": s.AccountAdmin.ResetFactors(s.ctx, s.user.ID, "for fun"),
		"admin":   s.AccountAdmin.SetSystemAdmin(s.ctx, s.user.ID, true, "for fun"),
		"member":  s.AccountAdmin.SetMembership(s.ctx, s.user.ID, "aef", domain.RoleMember, domain.MembershipActive, "for fun"),
	} {
		require.ErrorIs(t, err, domain.ErrNotSystemAdmin, name)
	}
	require.Empty(t, s.told)
	_, err := s.Administration.Enter(s.ctx, "token", domain.Origin{}, false)
	require.ErrorIs(t, err, domain.ErrNotSystemAdmin)
	require.Equal(t, app.Admin{}, app.AdminOf(s.ctx))
}
