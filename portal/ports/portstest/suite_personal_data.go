package portstest

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/personaldata"
	contentdomain "go.updspace.com/portal/content/domain"
	contentports "go.updspace.com/portal/content/ports"
	groupsdomain "go.updspace.com/portal/groups/domain"
)

// personalData is a store with the sections of its personal data, by name.
type personalData struct {
	Store
	sections map[string]personaldata.Section
	rendered contentdomain.Rendered
}

// PersonalData tests that the sections export everything and erase it in one tenant. Their clock must be an hour after Noon.
// rendered is what the text in the place of an erased post is rendered to.
func PersonalData(t *testing.T, rendered contentdomain.Rendered, open func(*testing.T) (Store, []personaldata.Section)) {
	for name, test := range map[string]func(personalData, *testing.T){
		"what a user has is exported":                   personalData.export,
		"what a user wrote and showed is erased":        personalData.eraseContent,
		"what is erased in one tenant stays in another": personalData.eraseInOneTenant,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store, sections := open(t)
			p := personalData{Store: store, sections: map[string]personaldata.Section{}, rendered: rendered}
			for _, section := range sections {
				p.sections[section.Name] = section
			}
			test(p, t)
		})
	}
}

// ids are the keys of a section, read in pages of two, in their order.
func (p personalData) ids(t testing.TB, section string, by authz.Actor) (ids []uuid.UUID) {
	t.Helper()
	for after := ""; ; {
		page, err := p.sections[section].Read(As(t.Context(), by), by.User, after, 2)
		require.NoError(t, err)
		for _, item := range page {
			require.Greater(t, item.Key, after)
			after = item.Key
			ids = append(ids, uuid.MustParse(after))
		}
		if len(page) < 2 {
			return ids
		}
	}
}

func (p personalData) erase(t testing.TB, ctx context.Context, section string, of authz.Actor) (n int64) {
	t.Helper()
	p.do(t, ctx, func(ctx context.Context) error {
		erased, err := p.sections[section].Erase(ctx, of.User)
		n = erased.Count
		return err
	})
	return n
}

func (s Store) communitiesOf(t testing.TB, by authz.Actor) []uuid.UUID {
	t.Helper()
	found, err := s.Traces.Communities(As(t.Context(), by), by.User, 100)
	require.NoError(t, err)
	return found
}

// export reads every section in pages of two.
func (p personalData) export(t *testing.T) {
	s := p.Store
	by := Someone()
	other := Colleague(by)
	ctx := As(t.Context(), by)
	made := map[authz.ScopeType][]uuid.UUID{}
	in := map[authz.ScopeType][]uuid.UUID{}
	for i := range 5 {
		community := s.found(t, ctx, by, NewCommunity(t, by, groupsdomain.GroupDraft{Name: fmt.Sprint(i)}))
		team := s.found(t, ctx, by, NewTeam(t, by, community, groupsdomain.GroupDraft{Name: "T"}))
		made[authz.ScopeCommunity], made[authz.ScopeTeam] = append(made[authz.ScopeCommunity], community.ID()), append(made[authz.ScopeTeam], team.ID())
		s.enter(t, ctx, team.Scope(), other.User, groupsdomain.RoleOwner, Noon)
		if i < 2 { // and left again
			require.NoError(t, s.move(ctx, community.Scope(), other.User, func(b groupsdomain.UserMemberships) ([]groupsdomain.MembershipChange, error) {
				return b.Leave(community.Scope(), Noon)
			}))
			continue
		}
		in[authz.ScopeCommunity], in[authz.ScopeTeam] = append(in[authz.ScopeCommunity], community.ID()), append(in[authz.ScopeTeam], team.ID())
	}
	for kind, sections := range map[authz.ScopeType]struct{ created, memberships string }{
		authz.ScopeCommunity: {"communities_created", "community_memberships"}, authz.ScopeTeam: {"teams_created", "team_memberships"},
	} {
		require.ElementsMatch(t, made[kind], p.ids(t, sections.created, by))
		require.Empty(t, p.ids(t, sections.created, other))
		require.ElementsMatch(t, made[kind], p.ids(t, sections.memberships, by))
		require.ElementsMatch(t, in[kind], p.ids(t, sections.memberships, other))
	}
	require.ElementsMatch(t, made[authz.ScopeCommunity], s.communitiesOf(t, by))
	require.ElementsMatch(t, in[authz.ScopeCommunity], s.communitiesOf(t, other))
	some, err := s.Traces.Communities(ctx, by.User, 2)
	require.NoError(t, err)
	require.Len(t, some, 2)

	var wrote []uuid.UUID
	for i := range 5 {
		post := s.write(t, by, note("x"), Noon.Add(-time.Duration(i)*time.Minute))
		wrote = append(wrote, post.ID())
	}
	file := s.arrived(t, by, contentdomain.FileAttachment, Noon)
	first, err := s.Posts.Find(ctx, wrote[0])
	require.NoError(t, err)
	s.attach(t, by, first, file)
	s.do(t, ctx, func(ctx context.Context) error { return s.Posts.Delete(ctx, wrote[4], Noon) })
	s.write(t, other, note("another's"), Noon)
	require.ElementsMatch(t, wrote[:4], p.ids(t, "posts", by))
	items, err := p.sections["posts"].Read(ctx, by.User, "", 1)
	require.NoError(t, err)
	data, err := json.Marshal(items[0].Data["attachments"])
	require.NoError(t, err)
	require.JSONEq(t, `[{"name": "`+file.Data().Name+`", "alt_text": ""}]`, string(data), "with its files")
}

// eraseContent erases what a user wrote and showed.
func (p personalData) eraseContent(t *testing.T) {
	s := p.Store
	gone := Someone()
	other := Colleague(gone)
	ctx := As(t.Context(), gone)
	posts := []contentdomain.Post{s.write(t, gone, note("a"), Noon), s.write(t, gone, note("b"), Noon), s.write(t, gone, note("c"), Noon)}
	theirs, waiting := s.arrived(t, other, contentdomain.FileAttachment, Noon), s.arrived(t, gone, contentdomain.FileAttachment, Noon)
	s.attach(t, gone, posts[1], s.arrived(t, gone, contentdomain.FileAttachment, Noon))
	s.do(t, ctx, func(ctx context.Context) error { return s.Posts.Delete(ctx, posts[2].ID(), Noon) })
	kept := s.write(t, other, note("kept"), Noon)
	s.attach(t, other, kept, theirs)
	s.profile(t, ctx, contentdomain.NewProfile(gone.Tenant, contentdomain.Account{UserID: gone.User, Username: "gone"}))

	require.EqualValues(t, 1, p.erase(t, ctx, "profile", gone))
	require.EqualValues(t, 2, p.erase(t, ctx, "posts", gone))
	require.Zero(t, p.erase(t, ctx, "files", gone))
	require.Zero(t, p.erase(t, ctx, "profile", gone), "again")
	require.Zero(t, p.erase(t, ctx, "posts", gone), "again")
	require.Empty(t, p.ids(t, "posts", gone))
	for _, post := range posts[:2] {
		found, err := s.Posts.Find(ctx, post.ID())
		require.NoError(t, err)
		want, is := post.Data(), found.Data()
		want.Title, want.Body, want.Rendered, want.Attachments = "[deleted]", "[deleted by user request]", p.rendered, nil
		want.CreatedBy, want.UpdatedAt = uuid.Nil, Noon.Add(time.Hour)
		require.Greater(t, is.Version, want.Version)
		want.Version = is.Version
		require.Equal(t, want, is)
	}
	s.do(t, ctx, func(ctx context.Context) error { // purged before its time: the id is free
		return s.Posts.Add(ctx, NewPost(t, other, contentdomain.PostDraft{ID: posts[2].ID(), Visibility: authz.VisibilityPublic}, Noon))
	})
	_, err := s.Files.Find(ctx, waiting.ID())
	require.ErrorIs(t, err, contentdomain.ErrFileNotFound)
	require.Len(t, s.abandoned(t, Noon), 2)
	found, err := s.Posts.Find(ctx, kept.ID())
	require.NoError(t, err)
	require.Equal(t, []uuid.UUID{theirs.ID()}, idsOf(found.Data().Attachments), "another's")
	_, err = s.Profiles.Find(ctx, gone.User)
	require.ErrorIs(t, err, contentdomain.ErrProfileNotFound)
	page, err := s.Profiles.Page(ctx, "gone", contentports.ProfileKey{}, 1)
	require.NoError(t, err)
	require.Empty(t, page)
}

// eraseInOneTenant: erasing a person in one tenant leaves the same person's data in every other tenant.
func (p personalData) eraseInOneTenant(t *testing.T) {
	s := p.Store
	here := Someone()
	there := authz.Actor{Tenant: uuid.New(), User: here.User}
	plant := func(by authz.Actor) (groupsdomain.Group, contentdomain.Post) {
		ctx := As(t.Context(), by)
		group := s.found(t, ctx, by, NewCommunity(t, by, groupsdomain.GroupDraft{Name: "Chess"}))
		link, _, err := groupsdomain.NewInviteLink(groupsdomain.GroupInCommunity{Community: group, Group: group}, groupsdomain.InviteLinkDraft{}, groupsdomain.Maker{User: by.User}, Noon)
		require.NoError(t, err)
		s.do(t, ctx, func(ctx context.Context) error { return s.Links.Add(ctx, link) })
		s.arrived(t, by, contentdomain.FileAvatar, Noon)
		s.profile(t, ctx, contentdomain.NewProfile(by.Tenant, contentdomain.Account{UserID: by.User, FirstName: "Anna"}))
		return group, s.write(t, by, note("x"), Noon)
	}
	plant(here)
	group, post := plant(there)
	ctx := As(t.Context(), here)
	s.do(t, ctx, func(ctx context.Context) error {
		communities, teams, err := s.Traces.Erase(ctx, group.ID(), here.User)
		require.Zero(t, communities+teams)
		return err
	})
	require.EqualValues(t, 1, p.erase(t, ctx, "profile", here))
	require.EqualValues(t, 1, p.erase(t, ctx, "posts", here))
	p.erase(t, ctx, "files", here)
	other := As(t.Context(), there)
	require.Equal(t, there.User, s.group(t, other, group.Scope()).Data().CreatedBy)
	require.Equal(t, []uuid.UUID{post.ID()}, p.ids(t, "posts", there))
	require.Equal(t, []uuid.UUID{group.ID()}, s.communitiesOf(t, there))
	_, err := s.Profiles.Find(other, there.User)
	require.NoError(t, err)
	found, err := s.Posts.Find(other, post.ID())
	require.NoError(t, err)
	require.Equal(t, post, found)
	abandoned, err := s.Files.Abandoned(s.Across(t.Context()), Noon, 10)
	require.NoError(t, err)
	require.Len(t, abandoned, 1)
	require.Equal(t, here.Tenant, abandoned[0].Data().TenantID)
}

// groupTraces erases what groups hold about a user besides the memberships.
func groupTraces(t *testing.T, s Store) {
	by := Someone() // who stays
	gone, other := Colleague(by), Colleague(by)
	ctx := As(t.Context(), by)
	community := s.communityWithRequests(t, ctx, gone, "Chess")
	team := s.found(t, ctx, gone, NewTeam(t, gone, community, groupsdomain.GroupDraft{Name: "T", JoinPolicy: groupsdomain.PolicyRequest}))
	place := groupsdomain.GroupInCommunity{Community: community, Group: community}
	ids := map[string]uuid.UUID{}
	s.do(t, ctx, func(ctx context.Context) error {
		for name, c := range map[string]struct{ of, by authz.Actor }{"own": {gone, by}, "another's": {other, gone}, "a third's": {Colleague(by), by}} {
			b := groupsdomain.UserMemberships{User: c.of.User, Community: groupsdomain.GroupMembership{Group: community}} // as from before the user was a member
			request, err := b.Request(community.Scope(), "", Noon)
			require.NoError(t, err)
			require.NoError(t, s.Requests.Add(ctx, request))
			if name != "own" {
				request, err = request.Decide(groupsdomain.RequestDeclined, c.by.User, Noon)
				require.NoError(t, err)
				require.NoError(t, s.Requests.Update(ctx, request))
			}
			invite, err := b.Invite(community.Scope(), groupsdomain.RoleMember, groupsdomain.RoleOwner, true, groupsdomain.Maker{User: c.by.User}, Noon)
			require.NoError(t, err)
			require.NoError(t, s.Invites.Add(ctx, invite))
			ids["request "+name], ids["invite "+name] = request.ID(), invite.ID()
		}
		link, _, err := groupsdomain.NewInviteLink(place, groupsdomain.InviteLinkDraft{}, groupsdomain.Maker{User: gone.User}, Noon)
		require.NoError(t, err)
		ids["link"] = link.ID()
		return s.Links.Add(ctx, link)
	})
	require.Equal(t, []uuid.UUID{community.ID()}, s.communitiesOf(t, gone))
	s.enter(t, ctx, team.Scope(), by.User, groupsdomain.RoleOwner, Noon)
	require.NoError(t, s.move(ctx, community.Scope(), by.User, func(b groupsdomain.UserMemberships) ([]groupsdomain.MembershipChange, error) {
		return b.ChangeRole(community.Scope(), groupsdomain.RoleOwner, groupsdomain.RoleOwner, Noon)
	}))
	require.NoError(t, s.move(ctx, community.Scope(), gone.User, func(b groupsdomain.UserMemberships) ([]groupsdomain.MembershipChange, error) {
		return b.RemoveAll(Noon)
	}))
	require.Equal(t, []uuid.UUID{community.ID()}, s.communitiesOf(t, gone), "what the user made is still there")
	s.do(t, ctx, func(ctx context.Context) error {
		communities, teams, err := s.Traces.Erase(ctx, community.ID(), gone.User)
		require.Equal(t, []int64{1, 1}, []int64{communities, teams})
		return err
	})
	require.Empty(t, s.communitiesOf(t, gone))
	require.Equal(t, uuid.Nil, s.group(t, ctx, team.Scope()).Data().CreatedBy)
	_, err := s.Requests.Find(ctx, community.ID(), ids["request own"])
	require.ErrorIs(t, err, groupsdomain.ErrJoinRequestNotFound)
	_, err = s.Invites.Find(ctx, ids["invite own"])
	require.ErrorIs(t, err, groupsdomain.ErrInviteNotFound)
	for name, decider := range map[string]uuid.UUID{"another's": uuid.Nil, "a third's": by.User} {
		request, err := s.Requests.Find(ctx, community.ID(), ids["request "+name])
		require.NoError(t, err)
		require.Equal(t, decider, request.Data().DecidedBy)
		invite, err := s.Invites.Find(ctx, ids["invite "+name])
		require.NoError(t, err)
		require.Equal(t, decider, invite.Data().Maker.User)
	}
	link, err := s.Links.Find(ctx, community.ID(), ids["link"])
	require.NoError(t, err)
	require.Equal(t, uuid.Nil, link.Data().Maker.User)
}
