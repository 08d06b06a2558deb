package app_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/authz/authztest"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/reqctx"
	contentapp "go.updspace.com/portal/content/app"
	groupsapp "go.updspace.com/portal/groups/app"
	groupsdomain "go.updspace.com/portal/groups/domain"
	groupsports "go.updspace.com/portal/groups/ports"
	"go.updspace.com/portal/ports/portstest"
	"go.updspace.com/tools/devkit/testkit"
)

// fixture is portal with everything around it faked.
type fixture struct {
	memory     *portstest.Memory
	access     *authztest.Access
	clock      *testkit.Clock
	deps       groupsapp.Deps
	groups     groupsapp.Groups
	members    groupsapp.Members
	requests   groupsapp.JoinRequests
	invites    groupsapp.Invites
	links      groupsapp.InviteLinks
	bans       groupsapp.Bans
	departures groupsapp.Departures
	accounts   contentapp.Accounts
	people     []authz.Actor // the first administers the tenant
}

func open(people int) *fixture {
	m, access, clock := portstest.NewMemory(), portstest.NewAccess(), testkit.NewClock()
	d := groupsapp.Deps{
		Access: access, Groups: m.Groups(), Cards: m.Cards(), Members: m.Memberships(), JoinRequests: m.Requests(), Invites: m.Invites(), Links: m.Links(),
		Pending: m.Pending(), Bans: m.Bans(), TenantMembers: m.TenantMembers(), Traces: m.Traces(), Events: m.GroupEvents(), Audit: m.Audit(),
		Sync: portstest.AccessSync{Access: access}, Tx: m, Once: m, Clock: clock,
	}
	h := &fixture{
		memory: m, access: access, clock: clock, deps: d, groups: groupsapp.Groups{Deps: d}, members: groupsapp.Members{Deps: d},
		requests: groupsapp.JoinRequests{Deps: d}, invites: groupsapp.Invites{Deps: d}, links: groupsapp.InviteLinks{Deps: d},
		bans: groupsapp.Bans{Deps: d}, departures: groupsapp.Departures{Deps: d},
		accounts: contentapp.Accounts{Deps: contentapp.Deps{Accounts: m.Accounts(), Profiles: m.Profiles(), Events: m, Clock: clock}}, people: []authz.Actor{portstest.Someone()},
	}
	for len(h.people) < people {
		h.people = append(h.people, portstest.Colleague(h.people[0]))
	}
	access.GrantAdmin(h.people[0], authz.TenantScope(h.people[0].Tenant))
	for _, who := range h.people {
		access.Member(who, portstest.MemberPermissions...)
		h.tell(who, true)
	}
	return h
}

// tell reports that a user has become a member of the tenant, or has left it.
func (h *fixture) tell(who authz.Actor, member bool) {
	if err := h.memory.Do(h.as(who), func(ctx context.Context) error {
		if !member {
			if err := h.departures.LeaveTenant(ctx, who.User); err != nil {
				return err
			}
		}
		if member {
			return h.accounts.Joined(ctx, who.Tenant, who.User)
		}
		return h.accounts.Left(ctx, who.User)
	}); err != nil {
		panic(err)
	}
	for _, event := range h.memory.GroupEvents().Published() { // which bring the changes to access
		if e, ok := event.(groupsdomain.MembershipEvent); ok {
			portstest.AccessSync{Access: h.access}.Sync(h.as(who), e.Membership)
		}
	}
}

// known reports whether a user was last reported as a member, and not erased since.
func (h *fixture) known(who authz.Actor) bool {
	p, err := h.memory.Profiles().Find(h.as(who), who.User)
	return err == nil && p.Data().Member
}

func (h *fixture) as(a authz.Actor) context.Context {
	return portstest.As(context.Background(), a)
}

// For any sequence of actions of a few users, erasures and departures from the tenant included: every group has an owner or
// is empty and archived; team members are members of the community; counts are right; access and the events match what is
// stored; no role was given beyond the giver's rights, and no user was added who is not a member of the tenant.
func TestInvariantsOfMemberships(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		h := open(5)
		admin := h.people[0]
		policy := rapid.SampledFrom([]groupsdomain.JoinPolicy{groupsdomain.PolicyOpen, groupsdomain.PolicyRequest, groupsdomain.PolicyInvite})
		person := rapid.SampledFrom(h.people)
		role := rapid.SampledFrom([]groupsdomain.Role{groupsdomain.RoleOwner, groupsdomain.RoleModerator, groupsdomain.RoleMember})
		var scopes []authz.Scope
		for _, name := range []string{"Chess", "Go"} {
			c, err := h.groups.CreateCommunity(h.as(admin), admin, groupsdomain.GroupDraft{Name: name, JoinPolicy: policy.Draw(rt, "policy")})
			require.NoError(rt, err)
			team, err := h.groups.CreateTeam(h.as(admin), admin, c.Group.ID(), groupsdomain.GroupDraft{Name: "A", JoinPolicy: policy.Draw(rt, "policy")})
			require.NoError(rt, err)
			other, err := h.groups.CreateTeam(h.as(admin), admin, c.Group.ID(), groupsdomain.GroupDraft{Name: "B", JoinPolicy: policy.Draw(rt, "policy")})
			require.NoError(rt, err)
			scopes = append(scopes, c.Group.Scope(), team.Group.Scope(), other.Group.Scope())
		}
		place := rapid.SampledFrom(scopes)
		var requests []groupsdomain.JoinRequest
		var invites []groupsdomain.Invite
		var tokens []string
		mayFail := func(err error) {
			if err == nil {
				return
			}
			switch errs.KindOf(err) {
			case errs.Forbidden, errs.NotFound, errs.Conflict, errs.Gone, errs.Invalid:
			default:
				rt.Fatalf("%v", err)
			}
		}
		one := func(name string, fn func(by authz.Actor, ctx context.Context, scope authz.Scope)) func(*rapid.T) {
			return func(rt *rapid.T) {
				by, scope := person.Draw(rt, "by"), place.Draw(rt, "where")
				fn(by, h.as(by), scope)
				_ = name
			}
		}
		rt.Repeat(map[string]func(*rapid.T){
			"join": one("join", func(by authz.Actor, ctx context.Context, scope authz.Scope) {
				_, err := h.members.Join(ctx, by, scope.ID)
				mayFail(err)
			}),
			"leave": one("leave", func(by authz.Actor, ctx context.Context, scope authz.Scope) {
				mayFail(h.members.Leave(ctx, by, scope.ID))
			}),
			"put": one("put", func(by authz.Actor, ctx context.Context, scope authz.Scope) {
				whom, as := person.Draw(rt, "whom"), role.Draw(rt, "as")
				before := h.roles(rt)
				_, err := h.members.Add(ctx, by, scope.ID, groupsapp.AddMember{User: whom.User, Role: as})
				mayFail(err)
				h.reached(rt, before, by, scope, whom.User)
				if err == nil && !h.known(whom) {
					require.Len(rt, h.roles(rt), len(before), "an unknown user was added")
				}
			}),
			"tell": func(rt *rapid.T) { h.tell(person.Draw(rt, "who"), rapid.Bool().Draw(rt, "member")) },
			"set": one("set", func(by authz.Actor, ctx context.Context, scope authz.Scope) {
				whom := person.Draw(rt, "whom")
				before := h.roles(rt)
				_, err := h.members.ChangeRole(ctx, by, scope.ID, whom.User, role.Draw(rt, "as"))
				mayFail(err)
				h.reached(rt, before, by, scope, whom.User)
			}),
			"remove": one("remove", func(by authz.Actor, ctx context.Context, scope authz.Scope) {
				mayFail(h.members.Remove(ctx, by, scope.ID, person.Draw(rt, "whom").User))
			}),
			"transfer": one("transfer", func(by authz.Actor, ctx context.Context, scope authz.Scope) {
				_, err := h.members.Transfer(ctx, by, scope.ID, person.Draw(rt, "whom").User)
				mayFail(err)
			}),
			"ask": one("ask", func(by authz.Actor, ctx context.Context, scope authz.Scope) {
				v, err := h.requests.Create(ctx, by, scope.ID, "")
				if mayFail(err); err == nil {
					requests = append(requests, v.Of)
				}
			}),
			"decide": func(rt *rapid.T) {
				if len(requests) == 0 {
					rt.Skip("no join requests")
				}
				by, r := person.Draw(rt, "by"), rapid.SampledFrom(requests).Draw(rt, "request")
				decide := rapid.SampledFrom([]func(context.Context, authz.Actor, uuid.UUID, uuid.UUID) (groupsapp.JoinRequest, error){h.requests.Approve, h.requests.Decline, h.requests.Cancel}).Draw(rt, "how")
				_, err := decide(h.as(by), by, r.Data().Scope.ID, r.ID())
				mayFail(err)
			},
			"invite": one("invite", func(by authz.Actor, ctx context.Context, scope authz.Scope) {
				whom := person.Draw(rt, "whom")
				v, err := h.invites.Create(ctx, by, scope.ID, groupsapp.CreateInvite{User: whom.User, Role: role.Draw(rt, "as")})
				if mayFail(err); err == nil {
					require.True(rt, h.known(whom), "an unknown user was invited")
					invites = append(invites, v.Of)
				}
			}),
			"accept": func(rt *rapid.T) {
				if len(invites) == 0 {
					rt.Skip("no invitations")
				}
				by, i := person.Draw(rt, "by"), rapid.SampledFrom(invites).Draw(rt, "invite")
				_, err := h.invites.Accept(h.as(by), by, i.ID())
				mayFail(err)
			},
			"link": one("link", func(by authz.Actor, ctx context.Context, scope authz.Scope) {
				v, err := h.links.Create(ctx, by, scope.ID, groupsdomain.InviteLinkDraft{MaxUses: 1})
				if mayFail(err); err == nil {
					tokens = append(tokens, v.Token)
				}
			}),
			"use": func(rt *rapid.T) {
				if len(tokens) == 0 {
					rt.Skip("no links")
				}
				by := person.Draw(rt, "by")
				_, err := h.links.Accept(h.as(by), by, rapid.SampledFrom(tokens).Draw(rt, "token"))
				mayFail(err)
			},
			"ban": one("ban", func(by authz.Actor, ctx context.Context, scope authz.Scope) {
				whom := person.Draw(rt, "whom")
				_, err := h.bans.Put(ctx, by, scope.ID, whom.User, groupsdomain.BanDraft{})
				if mayFail(err); err == nil {
					require.Equal(rt, groupsdomain.RoleNone, h.roles(rt)[groupsports.MembershipKey{Scope: scope, User: whom.User}])
				}
			}),
			"lift": one("lift", func(by authz.Actor, ctx context.Context, scope authz.Scope) {
				mayFail(h.bans.Lift(ctx, by, scope.ID, person.Draw(rt, "whom").User))
			}),
			"archive": one("archive", func(by authz.Actor, ctx context.Context, scope authz.Scope) {
				_, err := h.groups.SetStatus(ctx, by, scope.ID, rapid.SampledFrom([]groupsdomain.Status{groupsdomain.StatusActive, groupsdomain.StatusArchived}).Draw(rt, "to"))
				mayFail(err)
			}),
			"erase": func(rt *rapid.T) { h.erase(rt, person.Draw(rt, "who"), scopes) },
			"":      func(rt *rapid.T) { h.inOrder(rt, scopes) },
		})
	})
}

// roles returns all stored roles.
func (h *fixture) roles(t require.TestingT) map[groupsports.MembershipKey]groupsdomain.Role {
	roles := map[groupsports.MembershipKey]groupsdomain.Role{}
	all, err := h.memory.Memberships().Range(h.as(h.people[0]), groupsports.MembershipKey{}, 1000)
	require.NoError(t, err)
	for _, m := range all {
		roles[groupsports.MembershipKey{Scope: m.Data().Scope, User: m.Data().UserID}] = m.Role()
	}
	return roles
}

// erase erases what groups hold of a user, and holds that it is complete, counted, and touches no other user.
func (h *fixture) erase(t require.TestingT, who authz.Actor, scopes []authz.Scope) {
	ctx := reqctx.With(context.Background(), reqctx.Context{RequestID: uuid.NewString(), TenantID: who.Tenant, Caller: "bff"})
	roles, want := h.roles(t), groupsapp.Departure{}
	for key := range roles {
		switch {
		case key.User != who.User:
		case key.Scope.Type == authz.ScopeTeam:
			want.TeamMemberships++
		default:
			want.CommunityMemberships++
		}
	}
	for _, scope := range scopes {
		place, err := h.memory.Groups().Find(ctx, scope.ID)
		require.NoError(t, err)
		switch {
		case place.Group.Data().CreatedBy != who.User:
		case scope.Type == authz.ScopeTeam:
			want.Teams++
		default:
			want.Communities++
		}
	}
	require.NoError(t, h.memory.Do(ctx, func(ctx context.Context) error {
		done, err := h.departures.Erase(ctx, who.User)
		require.Equal(t, want, done)
		return err
	}))
	require.NoError(t, h.memory.Do(h.as(who), func(ctx context.Context) error { return h.accounts.Left(ctx, who.User) }))
	left, err := h.memory.Traces().Communities(h.as(who), who.User, 1)
	require.NoError(t, err)
	require.Empty(t, left)
	after, heirs := h.roles(t), 0
	for key, role := range roles {
		switch is := after[key]; {
		case key.User == who.User:
			require.Equal(t, groupsdomain.RoleNone, is)
		case is != role:
			require.Equal(t, groupsdomain.RoleOwner, is, "but for heirs, nothing changes for others")
			heirs++
		}
	}
	require.LessOrEqual(t, heirs, len(scopes))
}

// reached requires that a role that an actor gave or took lay within the actor's own rights there.
func (h *fixture) reached(t require.TestingT, before map[groupsports.MembershipKey]groupsdomain.Role, by authz.Actor, scope authz.Scope, whom uuid.UUID) {
	key := groupsports.MembershipKey{Scope: scope, User: whom}
	was, is := before[key], h.roles(t)[key]
	if was == is || by == h.people[0] {
		return
	}
	place, err := h.memory.Groups().Find(h.as(by), scope.ID)
	require.NoError(t, err)
	own := before[groupsports.MembershipKey{Scope: scope, User: by.User}]
	if above := before[groupsports.MembershipKey{Scope: place.Community.Scope(), User: by.User}]; above != groupsdomain.RoleMember && above.AtLeast(own) {
		own = above
	}
	require.NotEqual(t, groupsdomain.RoleMember, own, "a mere member managed members")
	require.True(t, own.AtLeast(was) && own.AtLeast(is), "%s made %s of %s", own, is, was)
}

func (h *fixture) inOrder(t require.TestingT, scopes []authz.Scope) {
	ctx := h.as(h.people[0])
	roles := h.roles(t)
	for _, scope := range scopes {
		place, err := h.memory.Groups().Find(ctx, scope.ID)
		require.NoError(t, err)
		members, owners := 0, 0
		for key, role := range roles {
			if key.Scope != scope {
				continue
			}
			members++
			if role == groupsdomain.RoleOwner {
				owners++
			}
			require.NotEqual(t, groupsdomain.RoleNone, roles[groupsports.MembershipKey{Scope: place.Community.Scope(), User: key.User}], "in a team and not in its community")
		}
		deserted := members == 0 && place.Group.Data().Status == groupsdomain.StatusArchived
		require.True(t, owners > 0 || deserted, "a group without an owner")
		require.Equal(t, members, place.Group.Data().Members)
	}
	require.Equal(t, roles, portstest.KnownRoles(h.access, h.people[0].Tenant), "access knows what is stored")
	told := map[groupsports.MembershipKey]groupsdomain.Role{}
	versions := map[groupsports.MembershipKey]int64{}
	for _, event := range h.memory.GroupEvents().Published() {
		e, ok := event.(groupsdomain.MembershipEvent)
		if !ok {
			continue
		}
		m := e.Membership
		key := groupsports.MembershipKey{Scope: m.Data().Scope, User: m.Data().UserID}
		require.Equal(t, versions[key]+1, m.Data().Version, "versions grow one by one")
		versions[key] = m.Data().Version
		if told[key] = m.Role(); m.Role() == groupsdomain.RoleNone {
			delete(told, key)
		}
	}
	require.Equal(t, roles, told, "the events tell what is stored")
}

// overtaken is a roster before which something else happens.
type overtaken struct {
	portstest.AccessSync
	by func()
}

func (o *overtaken) Sync(ctx context.Context, memberships ...groupsdomain.Membership) {
	by := o.by
	o.by = nil
	if by != nil {
		by()
	}
	o.AccessSync.Sync(ctx, memberships...)
}

// The answer states what the caller did, even when another change follows before the answer is sent.
func TestTheAnswerStatesTheCallersChange(t *testing.T) {
	h := open(3)
	admin, who := h.people[0], h.people[1]
	roster := &overtaken{AccessSync: portstest.AccessSync{Access: h.access}}
	members := groupsapp.Members{Deps: h.deps}
	members.Sync = roster
	c, err := h.groups.CreateCommunity(h.as(admin), admin, groupsdomain.GroupDraft{Name: "Chess", JoinPolicy: groupsdomain.PolicyOpen})
	require.NoError(t, err)
	scope := c.Group.Scope()
	for want, change := range map[groupsdomain.Role]func() (groupsdomain.Membership, error){
		groupsdomain.RoleMember: func() (groupsdomain.Membership, error) { return members.Join(h.as(who), who, scope.ID) },
		groupsdomain.RoleModerator: func() (groupsdomain.Membership, error) {
			_, err := h.members.Add(h.as(admin), admin, scope.ID, groupsapp.AddMember{User: who.User})
			require.NoError(t, err)
			return members.ChangeRole(h.as(admin), admin, scope.ID, who.User, groupsdomain.RoleModerator)
		},
	} {
		roster.by = func() { require.NoError(t, h.members.Leave(h.as(who), who, scope.ID)) }
		got, err := change()
		require.NoError(t, err)
		require.Equal(t, want, got.Role())
		require.Equal(t, groupsdomain.RoleNone, h.roles(t)[groupsports.MembershipKey{Scope: scope, User: who.User}], "over already")
	}
}

// Access is asked before anything is looked up, and without an answer nothing happens.
func TestNothingChangesWithoutAnAnswerOfAccess(t *testing.T) {
	h := open(2)
	admin := h.people[0]
	c, err := h.groups.CreateCommunity(h.as(admin), admin, groupsdomain.GroupDraft{Name: "Chess", JoinPolicy: groupsdomain.PolicyOpen})
	require.NoError(t, err)
	h.access.Fail(authztest.Unavailable)
	scope := c.Group.Scope()
	before := len(h.memory.GroupEvents().Published())
	for name, try := range map[string]func(ctx context.Context) error{
		"create": func(ctx context.Context) error {
			_, err := h.groups.CreateCommunity(ctx, admin, groupsdomain.GroupDraft{Name: "Go"})
			return err
		},
		"update": func(ctx context.Context) error {
			_, err := h.groups.Update(ctx, admin, scope.ID, groupsdomain.GroupEdit{})
			return err
		},
		"delete": func(ctx context.Context) error { return h.groups.Delete(ctx, admin, scope.ID) },
		"put": func(ctx context.Context) error {
			_, err := h.members.Add(ctx, admin, scope.ID, groupsapp.AddMember{User: uuid.New()})
			return err
		},
		"join":   func(ctx context.Context) error { _, err := h.members.Join(ctx, h.people[1], scope.ID); return err },
		"remove": func(ctx context.Context) error { return h.members.Remove(ctx, admin, scope.ID, admin.User) },
	} {
		require.ErrorIs(t, try(h.as(admin)), authztest.Unavailable, name)
	}
	require.Len(t, h.memory.GroupEvents().Published(), before)
}
