package app_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/access/app"
	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/access/ports/portstest"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit/faults"
)

// result leaves out what a use case returns besides its error.
func result[T any](_ T, err error) error { return err }

// scene is an office with an administrator, and something of everything that is administered.
type scene struct {
	*office
	ctx      context.Context // of the administrator
	role     domain.Role     // of the tenant, in the place of the template of members
	binding  int64           // of the role to crowd[1]
	expired  int64           // of another role to crowd[1]
	other    domain.Role
	override uuid.UUID // of crowd[1]
}

func newScene(t testing.TB) scene {
	s := scene{office: buildOffice(), ctx: by(crowd[0], member)}
	require.NoError(t, s.bootstrap.Admin(context.Background(), tenant, crowd[0]))
	s.role = s.memory.AddRole(domain.Role{Tenant: tenant, Service: domain.Voting, Name: domain.RoleMember, Keys: []string{"voting.poll.read"}})
	s.other = s.memory.AddRole(domain.Role{Tenant: tenant, Service: domain.Voting, Name: "crew", Keys: []string{"voting.poll.read"}})
	var err error
	s.binding, _, err = s.memory.Grant(s.ctx, domain.Grant{User: crowd[1], Role: s.role.ID, Scope: domain.TenantScope(tenant)})
	require.NoError(t, err)
	s.expired, _, err = s.memory.Grant(s.ctx, domain.Grant{User: crowd[1], Role: s.other.ID, Scope: domain.TenantScope(tenant), Expires: noon.Add(-time.Hour)})
	require.NoError(t, err)
	override, err := s.overrides.Create(s.ctx, overrideOf(crowd[1]))
	require.NoError(t, err)
	s.override = override.ID
	return s
}

func overrideOf(user uuid.UUID) app.OverrideInput {
	return app.OverrideInput{Tenant: tenant, User: user, Override: domain.Override{Effect: domain.Deny, Permission: "voting.vote.cast"}}
}

// A use case that cannot read or write what it needs fails, whatever that is.
func TestUseCasesFailWithWhatTheyCall(t *testing.T) {
	t.Parallel()
	type use func(s scene, d app.Deps) error
	administer := func(d app.Deps) app.Administration { return app.Administration{Deps: d} }
	fromPortal := reqctx.With(t.Context(), reqctx.Context{Caller: "portal", TenantID: tenant})
	inTenant := app.ScopeInput{Type: domain.Tenant}
	joined := domain.Membership{
		MembershipKey: domain.MembershipKey{Type: domain.Community, Scope: portstest.C1, User: crowd[1]}, Community: portstest.C1, Role: domain.PlainMember, Version: 1,
	}
	bind := func(s scene, role domain.Role) app.BindingInput {
		return app.BindingInput{Tenant: tenant, User: crowd[1], ScopeType: domain.Tenant, Role: role.ID}
	}
	for name, use := range map[string]use{
		"check": func(s scene, d app.Deps) error {
			return result(app.Decisions{Deps: d}.Check(s.ctx, ask("voting.poll.read")))
		},
		"check as a system administrator": func(_ scene, d app.Deps) error {
			return result(app.Decisions{Deps: d}.Check(as(root), ask("voting.poll.read")))
		},
		"list the scopes of a permission": func(s scene, d app.Deps) error {
			return result(app.Decisions{Deps: d}.AllowedScopes(s.ctx, []domain.ScopeQuery{{Permission: "voting.poll.read"}}))
		},
		"list the scopes of a permission as a system administrator": func(_ scene, d app.Deps) error {
			return result(app.Decisions{Deps: d}.AllowedScopes(as(root), []domain.ScopeQuery{{Permission: "voting.poll.read"}}))
		},
		"list what is allowed": func(s scene, d app.Deps) error { return result(app.Decisions{Deps: d}.Effective(s.ctx, inTenant)) },
		"list bindings": func(s scene, d app.Deps) error {
			return result(app.Bindings{Administration: administer(d)}.Search(s.ctx, ports.BindingSearch{}, page.Request{}))
		},
		"bind a role": func(s scene, d app.Deps) error {
			in := bind(s, s.role)
			in.User = crowd[2]
			return result(app.Bindings{Administration: administer(d)}.Create(s.ctx, in))
		},
		"bind a role in the place of an expired binding": func(s scene, d app.Deps) error {
			return result(app.Bindings{Administration: administer(d)}.Create(s.ctx, bind(s, s.other)))
		},
		"let a binding expire": func(s scene, d app.Deps) error {
			return result(app.Bindings{Administration: administer(d)}.Expire(s.ctx, s.binding, noon.Add(time.Hour)))
		},
		"delete a binding": func(s scene, d app.Deps) error {
			return app.Bindings{Administration: administer(d)}.Delete(s.ctx, s.binding)
		},
		"list overrides": func(s scene, d app.Deps) error {
			return result(app.Overrides{Administration: administer(d)}.List(s.ctx, ports.OverrideSearch{}, page.Request{}))
		},
		"create an override": func(s scene, d app.Deps) error {
			return result(app.Overrides{Administration: administer(d)}.Create(s.ctx, overrideOf(crowd[2])))
		},
		"update an override": func(s scene, d app.Deps) error {
			return result(app.Overrides{Administration: administer(d)}.Update(s.ctx, s.override, app.OverrideEdit{Reason: new("spam")}))
		},
		"delete an override": func(s scene, d app.Deps) error {
			return app.Overrides{Administration: administer(d)}.Delete(s.ctx, s.override)
		},
		"list roles": func(s scene, d app.Deps) error {
			return result(app.Roles{Administration: administer(d)}.List(s.ctx, ports.RoleSearch{}, page.Request{}))
		},
		"create a role": func(s scene, d app.Deps) error {
			return result(app.Roles{Administration: administer(d)}.Create(s.ctx, app.RoleInput{Service: domain.Voting, Name: "judge", Keys: []string{"voting.poll.read"}}))
		},
		"update a role": func(s scene, d app.Deps) error {
			in := app.RoleInput{Service: domain.Voting, Name: domain.RoleMember, Keys: []string{"voting.poll.read", "voting.vote.cast"}}
			return result(app.Roles{Administration: administer(d)}.Update(s.ctx, s.role.ID, in))
		},
		"delete a role": func(s scene, d app.Deps) error {
			return app.Roles{Administration: administer(d)}.Delete(s.ctx, s.role.ID)
		},
		"preview a change of a role": func(s scene, d app.Deps) error {
			return result(app.Roles{Administration: administer(d)}.Preview(s.ctx, s.other.ID, []string{"voting.vote.cast"}, false))
		},
		"preview the deletion of a role": func(s scene, d app.Deps) error {
			return result(app.Roles{Administration: administer(d)}.Preview(s.ctx, s.role.ID, nil, true))
		},
		"read the catalogue": func(s scene, d app.Deps) error { return result(app.Overview{Deps: d}.Permissions(s.ctx, "")) },
		"read the audit log": func(s scene, d app.Deps) error {
			return result(app.Overview{Deps: d}.AuditLog(s.ctx, audit.Filter{}, page.Request{}))
		},
		"explain a decision": func(s scene, d app.Deps) error {
			return result(app.Overview{Deps: d}.Explain(s.ctx, app.UserInput{User: crowd[1], Scope: inTenant}, ask("voting.poll.read")))
		},
		"list what a user is allowed": func(s scene, d app.Deps) error {
			_, _, err := app.Overview{Deps: d}.UserPermissions(s.ctx, app.UserInput{User: crowd[1], Scope: inTenant})
			return err
		},
		"explain one's own decision": func(s scene, d app.Deps) error {
			return result(app.Own{Deps: d}.Decide(s.ctx, ask("voting.poll.create")))
		},
		"list one's own permissions": func(s scene, d app.Deps) error {
			return result(app.Own{Deps: d}.Permissions(s.ctx, []app.ScopeInput{inTenant}, func(int) string { return "scope" }))
		},
		"give a tenant its first administrator": func(_ scene, d app.Deps) error {
			return app.Bootstrap{Deps: d}.Admin(context.Background(), portstest.Other, crowd[0])
		},
		"learn of the first administrator of a tenant": func(_ scene, d app.Deps) error {
			ctx := reqctx.With(t.Context(), reqctx.Context{TenantID: portstest.Other})
			return app.Bootstrap{Deps: d}.OnMembershipChanged(ctx, app.TenantMember{User: crowd[0], Active: true, Runs: true, At: noon})
		},
		"store memberships": func(_ scene, d app.Deps) error {
			return app.Memberships{Deps: d}.Sync(fromPortal, []domain.Membership{joined})
		},
		"learn of a membership": func(_ scene, d app.Deps) error {
			return app.Memberships{Deps: d}.OnMembershipChanged(fromPortal, joined)
		},
		"reconcile memberships": func(_ scene, d app.Deps) error {
			return result(app.Memberships{Deps: d}.Reconcile(fromPortal, app.MembershipPage{Memberships: []domain.Membership{joined}}))
		},
		"learn of a community": func(_ scene, d app.Deps) error {
			return app.Memberships{Deps: d}.OnScopeChanged(fromPortal, domain.MemberScope{Type: domain.Community, ID: portstest.C1, Community: portstest.C1}, domain.ScopeOpen)
		},
		"learn that a community was deleted": func(_ scene, d app.Deps) error {
			return app.Memberships{Deps: d}.OnScopeDeleted(fromPortal, domain.Scope{Type: domain.Community, ID: portstest.C1.String()})
		},
		"check whether a user may reward with a role": func(s scene, d app.Deps) error {
			return result(app.Rewards{Administration: administer(d)}.Check(s.ctx, app.RewardCheck{Role: s.other.ID, Scope: inTenant}))
		},
		"learn of a reward": func(s scene, d app.Deps) error {
			return app.Rewards{Administration: administer(d)}.OnGiven(fromPortal, tenant, rewardOf(crowd[1], s.other, 1))
		},
		"learn of a reward that is refused": func(s scene, d app.Deps) error {
			r := rewardOf(crowd[1], s.other, 1)
			r.Responsible = []uuid.UUID{crowd[2]}
			return app.Rewards{Administration: administer(d)}.OnGiven(fromPortal, tenant, r)
		},
		"learn that a reward was taken": func(s scene, d app.Deps) error {
			given := rewardOf(crowd[1], s.other, 1)
			must(app.Rewards{Administration: administer(s.deps)}.OnGiven(fromPortal, tenant, given))
			return app.Rewards{Administration: administer(d)}.OnTaken(fromPortal, domain.Reward{Grant: given.Grant, Version: 2, Achievement: given.Achievement, User: given.User})
		},
		"forget rewards":          func(_ scene, d app.Deps) error { return app.Retention{Deps: d}.ForgetRewards(fromPortal) },
		"delete what has expired": func(_ scene, d app.Deps) error { return app.Retention{Deps: d}.DeleteExpired(fromPortal) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			faults.Each(t, func(f *faults.Faults) func() error {
				s := newScene(t)
				return func() error { return use(s, faulty(f, s.deps)) }
			})
		})
	}
}

// A cursor that no page of the list gave is refused: a list that began anew would show its first page for the next.
func TestCursorsOfOtherListsAreRefused(t *testing.T) {
	t.Parallel()
	s, other := newScene(t), page.Request{Cursor: page.Encode("other", 1)}
	for name, list := range map[string]func() error{
		"roles":     func() error { return result(s.roles.List(s.ctx, ports.RoleSearch{}, other)) },
		"bindings":  func() error { return result(s.bindings.Search(s.ctx, ports.BindingSearch{}, other)) },
		"overrides": func() error { return result(s.overrides.List(s.ctx, ports.OverrideSearch{}, other)) },
	} {
		require.Equal(t, errs.Invalid, errs.KindOf(list()), name)
	}
}
