package app_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/testkit"
	"go.updspace.com/portal/app"
	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
	"go.updspace.com/portal/ports/portstest"
)

// house is portal with everything around it faked.
type house struct {
	memory   *portstest.Memory
	access   *portstest.Access
	clock    *testkit.Clock
	groups   *app.Groups
	members  *app.Members
	requests *app.Requests
	invites  *app.Invites
	links    *app.Links
	data     *app.PersonalData
	accounts *app.Accounts
	people   []domain.Actor // the first administers the tenant
}

func open(people int) *house {
	m, access, clock := portstest.NewMemory(), portstest.NewAccess(), testkit.NewClock()
	desk := app.NewDesk(access, m.Groups(), m.Memberships(), m.Requests(), m.Invites(), m.Profiles(), m, m.Journal(), access, m, m, clock)
	h := &house{
		memory: m, access: access, clock: clock, groups: app.NewGroups(desk), members: app.NewMembers(desk),
		requests: app.NewRequests(desk), invites: app.NewInvites(desk), links: app.NewLinks(desk, m.Links()),
		data: app.NewPersonalData(desk, m.Traces(), m.Accounts(), m.Files(), plain{}), accounts: app.NewAccounts(m.Accounts(), m.Profiles(), m, clock), people: []domain.Actor{portstest.Someone()},
	}
	for len(h.people) < people {
		h.people = append(h.people, portstest.Colleague(h.people[0]))
	}
	access.Admin(h.people[0].User)
	for _, who := range h.people {
		h.tell(who, true)
	}
	return h
}

// tell tells that somebody has become a member of the tenant, or is none any more.
func (h *house) tell(who domain.Actor, member bool) {
	if err := h.memory.Do(h.as(who), func(ctx context.Context) error {
		if member {
			return h.accounts.Joined(ctx, who.Tenant, who.User)
		}
		return h.accounts.Left(ctx, who.User)
	}); err != nil {
		panic(err)
	}
}

// known reports whether somebody was last told of as a member, and not forgotten since.
func (h *house) known(who domain.Actor) bool {
	p, err := h.memory.Profiles().Find(h.as(who), who.User)
	return err == nil && p.Data().Member
}

func (h *house) as(a domain.Actor) context.Context {
	return portstest.As(context.Background(), a)
}

// Whatever a few people do with each other in communities and teams, in whatever order, and whoever of them wants to be
// forgotten or leaves the tenant meanwhile: every group has an owner, unless nobody is in it and it is archived; who is in a team is in its
// community, counts are right, access knows what is stored, the events tell it, nobody gave a role that he could not
// reach, and nobody was brought in who is no member of the tenant.
func TestWhateverPeopleDo(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		h := open(5)
		admin := h.people[0]
		policy := rapid.SampledFrom([]domain.JoinPolicy{domain.JoinOpen, domain.JoinRequest, domain.JoinInvite})
		person := rapid.SampledFrom(h.people)
		role := rapid.SampledFrom([]domain.Role{domain.RoleOwner, domain.RoleModerator, domain.RoleMember})
		var scopes []domain.Scope
		for _, name := range []string{"Chess", "Go"} {
			c, err := h.groups.CreateCommunity(h.as(admin), admin, domain.GroupDraft{Name: name, JoinPolicy: policy.Draw(rt, "policy")})
			require.NoError(rt, err)
			team, err := h.groups.CreateTeam(h.as(admin), admin, app.CreateTeam{Community: c.Group.ID(), Team: domain.GroupDraft{Name: "A", JoinPolicy: policy.Draw(rt, "policy")}})
			require.NoError(rt, err)
			other, err := h.groups.CreateTeam(h.as(admin), admin, app.CreateTeam{Community: c.Group.ID(), Team: domain.GroupDraft{Name: "B", JoinPolicy: policy.Draw(rt, "policy")}})
			require.NoError(rt, err)
			scopes = append(scopes, c.Group.Scope(), team.Group.Scope(), other.Group.Scope())
		}
		place := rapid.SampledFrom(scopes)
		var requests []domain.Request
		var invites []domain.Invite
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
		one := func(name string, fn func(by domain.Actor, ctx context.Context, scope domain.Scope)) func(*rapid.T) {
			return func(rt *rapid.T) {
				by, scope := person.Draw(rt, "by"), place.Draw(rt, "where")
				fn(by, h.as(by), scope)
				_ = name
			}
		}
		rt.Repeat(map[string]func(*rapid.T){
			"join": one("join", func(by domain.Actor, ctx context.Context, scope domain.Scope) {
				_, err := h.members.Join(ctx, by, scope)
				mayFail(err)
			}),
			"leave": one("leave", func(by domain.Actor, ctx context.Context, scope domain.Scope) {
				mayFail(h.members.Leave(ctx, by, scope))
			}),
			"put": one("put", func(by domain.Actor, ctx context.Context, scope domain.Scope) {
				whom, as := person.Draw(rt, "whom"), role.Draw(rt, "as")
				before := h.roles(rt)
				err := h.members.Put(ctx, by, scope, app.PutMember{User: whom.User, Role: as})
				mayFail(err)
				h.reached(rt, before, by, scope, whom.User)
				if err == nil && !h.known(whom) {
					require.Len(rt, h.roles(rt), len(before), "somebody unknown was brought in")
				}
			}),
			"tell": func(rt *rapid.T) { h.tell(person.Draw(rt, "who"), rapid.Bool().Draw(rt, "member")) },
			"set": one("set", func(by domain.Actor, ctx context.Context, scope domain.Scope) {
				whom := person.Draw(rt, "whom")
				before := h.roles(rt)
				_, err := h.members.SetRole(ctx, by, scope, whom.User, role.Draw(rt, "as"))
				mayFail(err)
				h.reached(rt, before, by, scope, whom.User)
			}),
			"remove": one("remove", func(by domain.Actor, ctx context.Context, scope domain.Scope) {
				mayFail(h.members.Remove(ctx, by, scope, person.Draw(rt, "whom").User))
			}),
			"transfer": one("transfer", func(by domain.Actor, ctx context.Context, scope domain.Scope) {
				_, err := h.members.Transfer(ctx, by, scope, person.Draw(rt, "whom").User)
				mayFail(err)
			}),
			"ask": one("ask", func(by domain.Actor, ctx context.Context, scope domain.Scope) {
				v, err := h.requests.Ask(ctx, by, scope, "")
				if mayFail(err); err == nil {
					requests = append(requests, v.Request)
				}
			}),
			"decide": func(rt *rapid.T) {
				if len(requests) == 0 {
					rt.Skip("nobody asked")
				}
				by, r := person.Draw(rt, "by"), rapid.SampledFrom(requests).Draw(rt, "request")
				decide := rapid.SampledFrom([]func(context.Context, domain.Actor, domain.Scope, uuid.UUID) (app.RequestView, error){h.requests.Approve, h.requests.Decline, h.requests.Cancel}).Draw(rt, "how")
				_, err := decide(h.as(by), by, r.Data().Scope, r.ID())
				mayFail(err)
			},
			"invite": one("invite", func(by domain.Actor, ctx context.Context, scope domain.Scope) {
				whom := person.Draw(rt, "whom")
				v, err := h.invites.Create(ctx, by, scope, app.CreateInvite{User: whom.User, Role: role.Draw(rt, "as")})
				if mayFail(err); err == nil {
					require.True(rt, h.known(whom), "somebody unknown was invited")
					invites = append(invites, v.Invite)
				}
			}),
			"accept": func(rt *rapid.T) {
				if len(invites) == 0 {
					rt.Skip("nobody is invited")
				}
				by, i := person.Draw(rt, "by"), rapid.SampledFrom(invites).Draw(rt, "invite")
				_, err := h.invites.Accept(h.as(by), by, i.ID())
				mayFail(err)
			},
			"link": one("link", func(by domain.Actor, ctx context.Context, scope domain.Scope) {
				v, err := h.links.Create(ctx, by, scope, domain.LinkDraft{MaxUses: 1})
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
			"archive": one("archive", func(by domain.Actor, ctx context.Context, scope domain.Scope) {
				_, err := h.groups.Put(ctx, by, scope, rapid.SampledFrom([]domain.Status{domain.StatusActive, domain.StatusArchived}).Draw(rt, "to"))
				mayFail(err)
			}),
			"write": func(rt *rapid.T) {
				by := person.Draw(rt, "by")
				post, err := domain.NewPost(by, domain.PostDraft{Title: "mine", Visibility: domain.VisibilityPublic}, h.clock.Now())
				require.NoError(rt, err)
				require.NoError(rt, h.memory.Do(h.as(by), func(ctx context.Context) error { return h.memory.Posts().Add(ctx, post) }))
			},
			"erase": func(rt *rapid.T) { h.erase(rt, person.Draw(rt, "who"), scopes) },
			"":      func(rt *rapid.T) { h.inOrder(rt, scopes) },
		})
	})
}

// roles is what is stored, by the groups of everybody.
func (h *house) roles(t require.TestingT) map[ports.WalkKey]domain.Role {
	roles := map[ports.WalkKey]domain.Role{}
	all, err := h.memory.Memberships().Walk(h.as(h.people[0]), ports.WalkKey{}, 1000)
	require.NoError(t, err)
	for _, m := range all {
		roles[ports.WalkKey{Scope: m.Data().Scope, User: m.Data().UserID}] = m.Role()
	}
	return roles
}

// erase takes away what there is of somebody, all of which was handed out to him before, and of nobody else.
func (h *house) erase(t require.TestingT, who domain.Actor, scopes []domain.Scope) {
	ctx, subject := h.as(who), app.DataSubject{User: who.User}
	export := func(limit int) (all app.DataExport) {
		for paging := (app.Paging{Limit: limit}); ; {
			page, err := h.data.Export(ctx, who, subject, paging)
			require.NoError(t, err)
			all.CommunitiesCreated = append(all.CommunitiesCreated, page.CommunitiesCreated...)
			all.TeamsCreated = append(all.TeamsCreated, page.TeamsCreated...)
			all.CommunityMemberships = append(all.CommunityMemberships, page.CommunityMemberships...)
			all.TeamMemberships = append(all.TeamMemberships, page.TeamMemberships...)
			all.Posts = append(all.Posts, page.Posts...)
			if page.Profile != nil {
				all.Profile = page.Profile
			}
			if paging.Cursor = page.Next; page.Next == "" {
				return all
			}
		}
	}
	before, roles := export(100), h.roles(t)
	require.Equal(t, before, export(1), "the same in pages of one")
	done, err := h.data.Erase(ctx, who, subject)
	require.NoError(t, err)
	profiles := 0
	if before.Profile != nil {
		profiles = 1
	}
	require.Equal(t, app.Erasure{
		At: done.At, Profiles: profiles, Communities: len(before.CommunitiesCreated), Teams: len(before.TeamsCreated),
		CommunityMemberships: len(before.CommunityMemberships), TeamMemberships: len(before.TeamMemberships), Posts: len(before.Posts),
	}, done)
	require.Equal(t, app.DataExport{}, export(100))
	left, err := h.memory.Traces().Communities(ctx, who.User, 1)
	require.NoError(t, err)
	require.Empty(t, left)
	for _, post := range before.Posts {
		found, err := h.memory.Posts().Find(ctx, post.ID())
		require.NoError(t, err, "that it was there stays")
		require.Equal(t, []any{uuid.Nil, domain.ErasedTitle}, []any{found.Data().CreatedBy, found.Data().Title})
	}
	after, heirs := h.roles(t), 0
	for key, role := range roles {
		switch is := after[key]; {
		case key.User == who.User:
			require.Equal(t, domain.Nobody, is)
		case is != role:
			require.Equal(t, domain.RoleOwner, is, "but for heirs, nothing changes for others")
			heirs++
		}
	}
	require.LessOrEqual(t, heirs, len(scopes))
}

// reached requires that what somebody gave or took lay within his own reach there.
func (h *house) reached(t require.TestingT, before map[ports.WalkKey]domain.Role, by domain.Actor, scope domain.Scope, whom uuid.UUID) {
	key := ports.WalkKey{Scope: scope, User: whom}
	was, is := before[key], h.roles(t)[key]
	if was == is || by == h.people[0] {
		return
	}
	place, err := h.memory.Groups().Find(h.as(by), scope)
	require.NoError(t, err)
	own := before[ports.WalkKey{Scope: scope, User: by.User}]
	if above := before[ports.WalkKey{Scope: place.Community.Scope(), User: by.User}]; above != domain.RoleMember && above.Reaches(own) {
		own = above
	}
	require.NotEqual(t, domain.RoleMember, own, "a mere member managed members")
	require.True(t, own.Reaches(was) && own.Reaches(is), "%s made %s of %s", own, is, was)
}

func (h *house) inOrder(t require.TestingT, scopes []domain.Scope) {
	ctx := h.as(h.people[0])
	roles := h.roles(t)
	for _, scope := range scopes {
		place, err := h.memory.Groups().Find(ctx, scope)
		require.NoError(t, err)
		members, owners := 0, 0
		for key, role := range roles {
			if key.Scope != scope {
				continue
			}
			members++
			if role == domain.RoleOwner {
				owners++
			}
			require.NotEqual(t, domain.Nobody, roles[ports.WalkKey{Scope: place.Community.Scope(), User: key.User}], "in a team and not in its community")
		}
		deserted := members == 0 && place.Group.Data().Status == domain.StatusArchived
		require.True(t, owners > 0 || deserted, "a group without an owner")
		require.Equal(t, members, place.Group.Data().Members)
	}
	require.Equal(t, roles, h.access.Known(), "access knows what is stored")
	told := map[ports.WalkKey]domain.Role{}
	versions := map[ports.WalkKey]int64{}
	for _, event := range h.memory.Events() {
		var m domain.Membership
		switch e := event.(type) {
		case domain.MembershipAdded:
			m = e.Membership
		case domain.MembershipChanged:
			m = e.Membership
		case domain.MembershipRemoved:
			m = e.Membership
		default:
			continue
		}
		key := ports.WalkKey{Scope: m.Data().Scope, User: m.Data().UserID}
		require.Equal(t, versions[key]+1, m.Data().Version, "versions grow one by one")
		versions[key] = m.Data().Version
		if told[key] = m.Role(); m.Role() == domain.Nobody {
			delete(told, key)
		}
	}
	require.Equal(t, roles, told, "the events tell what is stored")
}

// overtaken is a roster before which something else happens.
type overtaken struct {
	*portstest.Access
	by func()
}

func (o *overtaken) Tell(ctx context.Context, memberships ...domain.Membership) {
	by := o.by
	o.by = nil
	if by != nil {
		by()
	}
	o.Access.Tell(ctx, memberships...)
}

// What somebody did is what he is answered, though it is over before he hears of it.
func TestAChangeThatIsOvertaken(t *testing.T) {
	h := open(3)
	admin, who := h.people[0], h.people[1]
	roster, m := &overtaken{Access: h.access}, h.memory
	members := app.NewMembers(app.NewDesk(h.access, m.Groups(), m.Memberships(), m.Requests(), m.Invites(), m.Profiles(), m, m.Journal(), roster, m, m, h.clock))
	c, err := h.groups.CreateCommunity(h.as(admin), admin, domain.GroupDraft{Name: "Chess", JoinPolicy: domain.JoinOpen})
	require.NoError(t, err)
	scope := c.Group.Scope()
	for want, change := range map[domain.Role]func() (domain.Membership, error){
		domain.RoleMember: func() (domain.Membership, error) { return members.Join(h.as(who), who, scope) },
		domain.RoleModerator: func() (domain.Membership, error) {
			require.NoError(t, h.members.Put(h.as(admin), admin, scope, app.PutMember{User: who.User}))
			return members.SetRole(h.as(admin), admin, scope, who.User, domain.RoleModerator)
		},
	} {
		roster.by = func() { require.NoError(t, h.members.Leave(h.as(who), who, scope)) }
		got, err := change()
		require.NoError(t, err)
		require.Equal(t, want, got.Role())
		require.Equal(t, domain.Nobody, h.roles(t)[ports.WalkKey{Scope: scope, User: who.User}], "over already")
	}
}

// Access is asked before anything is looked up, and without an answer nothing happens.
func TestAccessAwayStopsEverything(t *testing.T) {
	h := open(2)
	admin := h.people[0]
	c, err := h.groups.CreateCommunity(h.as(admin), admin, domain.GroupDraft{Name: "Chess", JoinPolicy: domain.JoinOpen})
	require.NoError(t, err)
	h.access.Away(portstest.Away)
	scope := c.Group.Scope()
	before := len(h.memory.Events())
	for name, try := range map[string]func(ctx context.Context) error{
		"create": func(ctx context.Context) error {
			_, err := h.groups.CreateCommunity(ctx, admin, domain.GroupDraft{Name: "Go"})
			return err
		},
		"update": func(ctx context.Context) error {
			_, err := h.groups.Update(ctx, admin, scope, domain.GroupEdit{})
			return err
		},
		"delete": func(ctx context.Context) error { return h.groups.Delete(ctx, admin, scope) },
		"put": func(ctx context.Context) error {
			return h.members.Put(ctx, admin, scope, app.PutMember{User: uuid.New()})
		},
		"join":   func(ctx context.Context) error { _, err := h.members.Join(ctx, h.people[1], scope); return err },
		"remove": func(ctx context.Context) error { return h.members.Remove(ctx, admin, scope, admin.User) },
	} {
		require.ErrorIs(t, try(h.as(admin)), portstest.Away, name)
	}
	require.Len(t, h.memory.Events(), before)
}
