package app_test

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/access/app"
	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/access/ports/portstest"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/reqctx"
)

// office is the use cases of administration over fakes.
type office struct {
	*house
	roles     app.Roles
	bindings  app.Bindings
	overrides app.Overrides
	admins    portstest.Administrators
}

func buildOffice() *office {
	o := &office{house: build()}
	o.admins = portstest.Administrators{Memory: o.memory}
	ctx := by(uuid.Nil, reqctx.Flags{})
	for _, user := range crowd {
		must(o.admins.SetTenantMember(ctx, user, true, noon))
	}
	for team, community := range map[uuid.UUID]uuid.UUID{portstest.T1: portstest.C1, portstest.T2: portstest.C2} {
		must(o.memory.PutScope(ctx, domain.MemberScope{Type: domain.Team, ID: team, Community: community}, domain.ScopeOpen, noon))
	}
	admin := app.Administration{Deps: o.deps}
	o.roles, o.bindings, o.overrides = app.Roles{Administration: admin}, app.Bindings{Administration: admin}, app.Overrides{Administration: admin}
	return o
}

// must panics on an error of a fake.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

func by(user uuid.UUID, flags reqctx.Flags) context.Context {
	return reqctx.With(context.Background(), reqctx.Context{TenantID: tenant, UserID: user, Flags: flags})
}

// crowd are the users of the random actions.
var crowd = []uuid.UUID{
	uuid.MustParse("00000000-0000-4000-8000-0000000000a1"), uuid.MustParse("00000000-0000-4000-8000-0000000000a2"),
	uuid.MustParse("00000000-0000-4000-8000-0000000000a3"), uuid.MustParse("00000000-0000-4000-8000-0000000000a4"),
}

var places = []domain.Scope{
	domain.TenantScope(tenant), {Type: domain.Global}, {Type: domain.Community, ID: portstest.C1.String()}, {Type: domain.Team, ID: portstest.T1.String()}, {Type: domain.Team, ID: portstest.T2.String()},
}

// holdings is what the crowd may do everywhere, as members of the tenant and not.
type holdings map[holding]bool

type holding struct {
	user   uuid.UUID
	member bool
	scope  domain.Scope
	key    string
}

func (o *office) holdings(t require.TestingT) holdings {
	all := holdings{}
	for _, user := range crowd {
		for _, member := range []bool{false, true} {
			s := domain.Subject{Tenant: tenant, User: user, Member: member}
			facts, err := o.memory.Load(by(user, reqctx.Flags{}), s, noon)
			require.NoError(t, err)
			for _, scope := range places {
				for _, key := range domain.Platform.Effective(s, scope, facts).Keys {
					all[holding{user, member, scope, key}] = true
				}
			}
		}
	}
	return all
}

// gains checks that every permission gained was held, there, by the user who
// acted. GLOBAL reaches no more of a tenant than TENANT does and counts as such.
func (h holdings) gains(t require.TestingT, after holdings, actor uuid.UUID, actorMember bool) {
	for _, user := range crowd {
		for _, member := range []bool{false, true} {
			for _, scope := range places {
				source := scope
				if scope.Type == domain.Global {
					source = domain.TenantScope(tenant)
				}
				for _, p := range domain.Platform.All() {
					gained := holding{user, member, scope, p.Key}
					if after[gained] && !h[gained] {
						require.True(t, h[holding{actor, actorMember, source, p.Key}], "%s gained %s in %s, which %s did not hold", user, p.Key, scope, actor)
					}
				}
			}
		}
	}
}

// Random administrative actions of random users. Few things, so that they meet.
func TestNoActionsEverEscalateOrLeaveATenantAlone(t *testing.T) {
	t.Parallel()
	actions, done := 0, 0
	names := []string{"member", "admin", "crew", "steward"}
	busy := []uuid.UUID{crowd[0], crowd[0], crowd[0], crowd[1], crowd[1], crowd[2], crowd[3]}
	rapid.Check(t, func(t *rapid.T) {
		o := buildOffice()
		require.NoError(t, o.bootstrap.Admin(context.Background(), tenant, crowd[0]))
		// a user with all permissions over rights and few others
		steward := o.memory.AddRole(domain.Role{Tenant: tenant, Service: domain.Portal, Name: "steward",
			Keys: []string{domain.ReadRoles, domain.WriteBindings, domain.WriteOverrides, domain.WriteRoles}})
		if rapid.Bool().Draw(t, "two administrators") {
			_, _, err := o.memory.Grant(by(crowd[1], reqctx.Flags{}), domain.Grant{User: crowd[1], Role: steward.ID, Scope: domain.TenantScope(tenant)})
			require.NoError(t, err)
		}
		o.memory.AddDerived(tenant, domain.Grant{User: crowd[2], Role: steward.ID, Scope: places[2]})

		before := o.holdings(t)
		for range rapid.IntRange(5, 25).Draw(t, "actions") {
			actor, isMember := rapid.SampledFrom(busy).Draw(t, "actor"), rapid.Bool().Draw(t, "member")
			flags := reqctx.Flags{}
			if isMember {
				flags = member
			}
			ctx := by(actor, flags)
			hadAdmin, err := o.admins.Any(ctx, noon)
			require.NoError(t, err)
			require.True(t, hadAdmin)

			err = o.random(t, ctx, names)
			actions++
			if err == nil {
				done++
			} else {
				require.NotEqual(t, errs.Internal, errs.KindOf(err), "%v", err)
			}
			after := o.holdings(t)
			before.gains(t, after, actor, isMember)
			if err != nil {
				require.Equal(t, before, after, "what fails changes nothing: %v", err)
			}
			hasAdmin, err := o.admins.Any(ctx, noon)
			require.NoError(t, err)
			require.True(t, hasAdmin, "the tenant has no administrator left")
			before = after
		}
	})
	require.GreaterOrEqual(t, actions, 1000)
	require.Greater(t, done, actions/20, "they do happen")
}

// random does one thing.
func (o *office) random(t *rapid.T, ctx context.Context, names []string) error {
	keys := func() []string {
		return rapid.SliceOfNDistinct(rapid.SampledFrom([]string{
			domain.ReadRoles, domain.WriteRoles, domain.WriteBindings, domain.WriteOverrides, "portal.posts.read", "voting.poll.read", "voting.votings.admin",
		}), 0, 4, rapid.ID[string]).Draw(t, "keys")
	}
	expires := func() time.Time {
		return rapid.SampledFrom([]time.Time{{}, {}, noon.Add(time.Hour), noon.Add(2 * time.Hour)}).Draw(t, "expires")
	}
	whom := func() uuid.UUID { return rapid.SampledFrom(crowd).Draw(t, "whom") }
	role := func() domain.Role {
		all, err := portstest.MemoryRoles{Memory: o.memory}.Page(ctx, ports.RoleSearch{Limit: 100})
		require.NoError(t, err)
		return rapid.SampledFrom(all).Draw(t, "role")
	}
	bindings, err := portstest.MemoryBindings{Memory: o.memory}.Page(ctx, ports.BindingSearch{Limit: 100})
	require.NoError(t, err)
	overrides, err := portstest.MemoryOverrides{Memory: o.memory}.Page(ctx, ports.OverrideSearch{Limit: 100})
	require.NoError(t, err)
	effect := func() domain.Effect {
		return rapid.SampledFrom([]domain.Effect{domain.Allow, domain.Deny}).Draw(t, "effect")
	}
	key := func() string {
		return rapid.SampledFrom([]string{"", domain.WriteRoles, domain.WriteBindings, "voting.poll.read"}).Draw(t, "key")
	}
	input := func() app.RoleInput {
		in := app.RoleInput{Service: rapid.SampledFrom([]domain.Service{domain.Portal, domain.Portal, domain.Voting}).Draw(t, "service"), Name: rapid.SampledFrom(names).Draw(t, "name")}
		in.Keys = slices.DeleteFunc(keys(), func(k string) bool { p, _ := domain.Platform.Find(k); return p.Service != in.Service })
		return in
	}
	switch rapid.IntRange(0, 9).Draw(t, "action") {
	case 0:
		_, err = o.roles.Create(ctx, input())
	case 1:
		_, err = o.roles.Update(ctx, role().ID, input())
	case 2:
		err = o.roles.Delete(ctx, role().ID)
	case 3, 4:
		scope := rapid.SampledFrom(places).Draw(t, "scope")
		_, err = o.bindings.Create(ctx, app.BindingInput{
			Tenant: tenant, User: whom(), ScopeType: scope.Type, ScopeID: scope.ID, Role: role().ID, Expires: expires(),
		})
	case 5:
		_, err = o.bindings.Expire(ctx, rapid.SampledFrom(bindings).Draw(t, "binding").ID, expires())
	case 6:
		err = o.bindings.Delete(ctx, rapid.SampledFrom(bindings).Draw(t, "binding").ID)
	case 7:
		_, err = o.overrides.Create(ctx, app.OverrideInput{Tenant: tenant, User: whom(), Override: domain.Override{Effect: effect(), Permission: key(), Expires: expires()}})
	case 8:
		if len(overrides) > 0 {
			e, k, until := effect(), key(), expires()
			_, err = o.overrides.Update(ctx, rapid.SampledFrom(overrides).Draw(t, "override").ID, app.OverrideEdit{Effect: &e, Permission: &k, Expires: &until})
		}
	default:
		if len(overrides) > 0 {
			err = o.overrides.Delete(ctx, rapid.SampledFrom(overrides).Draw(t, "override").ID)
		}
	}
	return err
}

func TestAdministrationNeedsASignedInUser(t *testing.T) {
	t.Parallel()
	o := buildOffice()
	_, err := o.roles.Create(context.Background(), app.RoleInput{})
	require.Equal(t, errs.Unauthenticated, errs.KindOf(err))
	require.Empty(t, o.audit.Entries())
}

// Validation errors and missing objects do not show what a caller may not see.
func TestTheRightIsAskedBeforeAnythingElse(t *testing.T) {
	t.Parallel()
	o := buildOffice()
	ctx := by(crowd[3], member)
	for name, do := range map[string]func() error{
		"create a role":      func() error { _, err := o.roles.Create(ctx, app.RoleInput{}); return err },
		"update a role":      func() error { _, err := o.roles.Update(ctx, 999, app.RoleInput{}); return err },
		"delete a role":      func() error { return o.roles.Delete(ctx, 999) },
		"list roles":         func() error { _, err := o.roles.List(ctx, ports.RoleSearch{}, page.Request{}); return err },
		"create a binding":   func() error { _, err := o.bindings.Create(ctx, app.BindingInput{}); return err },
		"expire a binding":   func() error { _, err := o.bindings.Expire(ctx, 999, time.Time{}); return err },
		"delete a binding":   func() error { return o.bindings.Delete(ctx, 999) },
		"search bindings":    func() error { _, err := o.bindings.Search(ctx, ports.BindingSearch{}, page.Request{}); return err },
		"create an override": func() error { _, err := o.overrides.Create(ctx, app.OverrideInput{}); return err },
		"update an override": func() error { _, err := o.overrides.Update(ctx, uuid.New(), app.OverrideEdit{}); return err },
		"delete an override": func() error { return o.overrides.Delete(ctx, uuid.New()) },
		"list overrides":     func() error { _, err := o.overrides.List(ctx, ports.OverrideSearch{}, page.Request{}); return err },
	} {
		t.Run(name, func(t *testing.T) { require.ErrorIs(t, do(), domain.ErrForbidden) })
	}
	require.Len(t, o.audit.Entries(), 9, "each refused write leaves an entry, and no read does")
}

// The right may go between the question and the lock.
func TestTheRightIsAskedAgainUnderTheLock(t *testing.T) {
	t.Parallel()
	o := buildOffice()
	require.NoError(t, o.bootstrap.Admin(context.Background(), tenant, crowd[0]))
	before := o.deps
	before.Facts = snapshot(t, o.memory, crowd[0])
	roles := app.Roles{Administration: app.Administration{Deps: before}}
	o.memory.AddOverride(tenant, crowd[0], domain.Override{Effect: domain.Deny}, time.Time{})
	_, err := roles.Create(by(crowd[0], member), app.RoleInput{Service: domain.Voting, Name: "crew"})
	require.ErrorIs(t, err, domain.ErrForbidden)
}

// snapshot remembers what was stored about a user.
func snapshot(t *testing.T, m *portstest.Memory, user uuid.UUID) ports.Facts {
	f, err := m.Load(by(user, member), domain.Subject{Tenant: tenant, User: user}, noon)
	require.NoError(t, err)
	return remembered{f}
}

type remembered struct{ facts *domain.Facts }

func (r remembered) Load(context.Context, domain.Subject, time.Time) (*domain.Facts, error) {
	return r.facts, nil
}

func TestARefusalThatCannotBeAuditedIsUnavailable(t *testing.T) {
	t.Parallel()
	o := buildOffice()
	o.audit.Err = errors.New("away")
	_, err := o.roles.Create(by(crowd[0], member), app.RoleInput{})
	require.Equal(t, errs.Unavailable, errs.KindOf(err))
}

func TestListsArePaged(t *testing.T) {
	t.Parallel()
	o := buildOffice()
	require.NoError(t, o.bootstrap.Admin(context.Background(), tenant, crowd[0]))
	ctx := by(crowd[0], member)
	_, err := o.roles.List(ctx, ports.RoleSearch{}, page.Request{Cursor: "x"})
	require.Contains(t, fields(t, err), "cursor")
	for i := range 3 {
		_, err := o.roles.Create(ctx, app.RoleInput{Service: domain.Voting, Name: strconv.Itoa(i)})
		require.NoError(t, err)
	}
	found, err := o.roles.List(ctx, ports.RoleSearch{Service: domain.Voting}, page.Request{Limit: 5})
	require.NoError(t, err)
	require.Len(t, found.Items, 5)
	require.NotEmpty(t, found.Next)
	rest, err := o.roles.List(ctx, ports.RoleSearch{Service: domain.Voting}, page.Request{Limit: 5, Cursor: found.Next})
	require.NoError(t, err)
	require.Len(t, rest.Items, 1)
	require.Empty(t, rest.Next)
	found, err = o.roles.List(ctx, ports.RoleSearch{Service: domain.Voting}, page.Request{Limit: 6})
	require.NoError(t, err)
	require.Len(t, found.Items, 6)
	require.Empty(t, found.Next)
}
