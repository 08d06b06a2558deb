package portstest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
)

// walked reads a list of traces in pages of two, and requires that it is in the order of the ids.
func walked[T any](t testing.TB, id func(T) uuid.UUID, read func(after uuid.UUID, limit int) ([]T, error)) (ids []uuid.UUID) {
	t.Helper()
	after := uuid.Nil
	for {
		page, err := read(after, 2)
		require.NoError(t, err)
		for _, v := range page {
			require.Greater(t, id(v).String(), after.String())
			after = id(v)
			ids = append(ids, after)
		}
		if len(page) < 2 {
			return ids
		}
	}
}

func (s Store) postsOf(t testing.TB, by domain.Actor) []uuid.UUID {
	t.Helper()
	return walked(t, domain.Post.ID, func(after uuid.UUID, limit int) ([]domain.Post, error) {
		return s.Traces.Posts(As(t.Context(), by), by.User, after, limit)
	})
}

func (s Store) communitiesOf(t testing.TB, by domain.Actor) []uuid.UUID {
	t.Helper()
	found, err := s.Traces.Communities(As(t.Context(), by), by.User, 100)
	require.NoError(t, err)
	return found
}

func traceLists(t *testing.T, s Store) {
	by := Someone()
	other := Colleague(by)
	ctx := As(t.Context(), by)
	made := map[domain.ScopeType][]uuid.UUID{}
	in := map[domain.ScopeType][]uuid.UUID{}
	for i := range 5 {
		community := s.found(t, ctx, by, NewCommunity(t, by, domain.GroupDraft{Name: fmt.Sprint(i)}))
		team := s.found(t, ctx, by, NewTeam(t, by, community, domain.GroupDraft{Name: "T"}))
		made[domain.ScopeCommunity], made[domain.ScopeTeam] = append(made[domain.ScopeCommunity], community.ID()), append(made[domain.ScopeTeam], team.ID())
		s.enter(t, ctx, team.Scope(), other.User, domain.RoleOwner, Noon)
		if i < 2 { // and left again
			require.NoError(t, s.move(ctx, community.Scope(), other.User, func(b domain.Belonging) ([]domain.Move, error) { return b.Leave(community.Scope(), Noon) }))
			continue
		}
		in[domain.ScopeCommunity], in[domain.ScopeTeam] = append(in[domain.ScopeCommunity], community.ID()), append(in[domain.ScopeTeam], team.ID())
	}
	groups := func(by domain.Actor, kind domain.ScopeType) []uuid.UUID {
		return walked(t, domain.Group.ID, func(after uuid.UUID, limit int) ([]domain.Group, error) {
			return s.Traces.Groups(As(t.Context(), by), by.User, kind, after, limit)
		})
	}
	memberships := func(by domain.Actor, kind domain.ScopeType) []uuid.UUID {
		group := func(m domain.Membership) uuid.UUID { return m.Data().Scope.ID }
		return walked(t, group, func(after uuid.UUID, limit int) ([]domain.Membership, error) {
			return s.Traces.Memberships(As(t.Context(), by), by.User, kind, after, limit)
		})
	}
	for _, kind := range []domain.ScopeType{domain.ScopeCommunity, domain.ScopeTeam} {
		require.ElementsMatch(t, made[kind], groups(by, kind))
		require.Empty(t, groups(other, kind))
		require.ElementsMatch(t, made[kind], memberships(by, kind))
		require.ElementsMatch(t, in[kind], memberships(other, kind))
	}
	require.ElementsMatch(t, made[domain.ScopeCommunity], s.communitiesOf(t, by))
	require.ElementsMatch(t, in[domain.ScopeCommunity], s.communitiesOf(t, other))
	some, err := s.Traces.Communities(ctx, by.User, 2)
	require.NoError(t, err)
	require.Len(t, some, 2)

	var wrote []uuid.UUID
	for i := range 5 {
		post := s.write(t, by, note("x"), Noon.Add(-time.Duration(i)*time.Minute))
		wrote = append(wrote, post.ID())
	}
	file := s.arrived(t, by, domain.FileAttachment, Noon)
	first, err := s.Posts.Find(ctx, wrote[0])
	require.NoError(t, err)
	s.attach(t, by, first, file)
	s.do(t, ctx, func(ctx context.Context) error { return s.Posts.Delete(ctx, wrote[4], Noon) })
	s.write(t, other, note("another's"), Noon)
	require.ElementsMatch(t, wrote[:4], s.postsOf(t, by))
	found, err := s.Traces.Posts(ctx, by.User, uuid.Nil, 1)
	require.NoError(t, err)
	require.Equal(t, []uuid.UUID{file.ID()}, idsOf(found[0].Data().Attachments), "with what goes with it")
}

// traceErasure takes away, piece by piece, what there is of a person besides his memberships.
func traceErasure(t *testing.T, s Store) {
	by := Someone() // who stays
	gone, other := Colleague(by), Colleague(by)
	ctx := As(t.Context(), by)
	community := s.asking(t, ctx, gone, "Chess")
	team := s.found(t, ctx, gone, NewTeam(t, gone, community, domain.GroupDraft{Name: "T", JoinPolicy: domain.JoinRequest}))
	place := domain.Place{Community: community, Group: community}
	own := map[string]uuid.UUID{}
	s.do(t, ctx, func(ctx context.Context) error {
		for name, c := range map[string]struct{ of, by domain.Actor }{"his": {gone, by}, "another's": {other, gone}, "a third's": {Colleague(by), by}} {
			b := domain.Belonging{User: c.of.User, Community: domain.Seat{Group: community}} // as from before he was a member
			request, err := b.Ask(community.Scope(), "", Noon)
			require.NoError(t, err)
			require.NoError(t, s.Requests.Add(ctx, request))
			if name != "his" {
				request, err = request.Decide(domain.RequestDeclined, c.by.User, Noon)
				require.NoError(t, err)
				require.NoError(t, s.Requests.Update(ctx, request))
			}
			invite, err := b.Invite(community.Scope(), domain.RoleMember, domain.RoleOwner, true, c.by, Noon)
			require.NoError(t, err)
			require.NoError(t, s.Invites.Add(ctx, invite))
			own["request "+name], own["invite "+name] = request.ID(), invite.ID()
		}
		link, _, err := domain.NewLink(place, domain.LinkDraft{}, true, gone, Noon)
		require.NoError(t, err)
		own["link"] = link.ID()
		return s.Links.Add(ctx, link)
	})
	require.Equal(t, []uuid.UUID{community.ID()}, s.communitiesOf(t, gone))
	s.enter(t, ctx, team.Scope(), by.User, domain.RoleOwner, Noon)
	require.NoError(t, s.move(ctx, community.Scope(), by.User, func(b domain.Belonging) ([]domain.Move, error) {
		return b.Become(community.Scope(), domain.RoleOwner, domain.RoleOwner, Noon)
	}))
	require.NoError(t, s.move(ctx, community.Scope(), gone.User, func(b domain.Belonging) ([]domain.Move, error) { return b.Withdraw(Noon) }))
	require.Equal(t, []uuid.UUID{community.ID()}, s.communitiesOf(t, gone), "there is still what he made")
	s.do(t, ctx, func(ctx context.Context) error {
		done, err := s.Traces.Leave(ctx, community.ID(), gone.User)
		require.Equal(t, ports.Anonymized{Communities: 1, Teams: 1}, done)
		return err
	})
	require.Empty(t, s.communitiesOf(t, gone))
	require.Equal(t, uuid.Nil, s.group(t, ctx, team.Scope()).Data().CreatedBy)
	_, err := s.Requests.Find(ctx, community.Scope(), own["request his"])
	require.ErrorIs(t, err, domain.ErrRequestNotFound)
	_, err = s.Invites.Find(ctx, own["invite his"])
	require.ErrorIs(t, err, domain.ErrInviteNotFound)
	for name, decider := range map[string]uuid.UUID{"another's": uuid.Nil, "a third's": by.User} {
		request, err := s.Requests.Find(ctx, community.Scope(), own["request "+name])
		require.NoError(t, err)
		require.Equal(t, decider, request.Data().DecidedBy)
		invite, err := s.Invites.Find(ctx, own["invite "+name])
		require.NoError(t, err)
		require.Equal(t, decider, invite.Data().InvitedBy)
	}
	link, err := s.Links.Find(ctx, community.Scope(), own["link"])
	require.NoError(t, err)
	require.Equal(t, uuid.Nil, link.Data().CreatedBy)

	s.traceContent(t, gone, other)
}

// traceContent takes away what a person wrote and showed.
func (s Store) traceContent(t *testing.T, gone, other domain.Actor) {
	t.Helper()
	ctx := As(t.Context(), gone)
	posts := []domain.Post{s.write(t, gone, note("a"), Noon), s.write(t, gone, note("b"), Noon), s.write(t, gone, note("c"), Noon)}
	theirs, waiting := s.arrived(t, other, domain.FileAttachment, Noon), s.arrived(t, gone, domain.FileAttachment, Noon)
	s.attach(t, gone, posts[1], s.arrived(t, gone, domain.FileAttachment, Noon))
	s.do(t, ctx, func(ctx context.Context) error { return s.Posts.Delete(ctx, posts[2].ID(), Noon) })
	kept := s.write(t, other, note("kept"), Noon)
	s.attach(t, other, kept, theirs)
	s.profile(t, ctx, domain.NewProfile(gone.Tenant, domain.Account{UserID: gone.User, Username: "gone"}))

	s.do(t, ctx, func(ctx context.Context) error {
		require.NoError(t, s.Traces.PurgePosts(ctx, gone.User))
		locked, err := s.Traces.LockPosts(ctx, gone.User, 1)
		require.NoError(t, err)
		require.Len(t, locked, 1)
		locked, err = s.Traces.LockPosts(ctx, gone.User, 10)
		require.NoError(t, err)
		require.Len(t, locked, 2)
		for _, post := range locked {
			require.NoError(t, s.Traces.Redact(ctx, post.Redacted(Noon.Add(time.Hour))))
			require.ErrorIs(t, s.Traces.Redact(ctx, post), domain.ErrPostNotFound, "over a newer version")
		}
		require.NoError(t, s.Traces.DiscardFiles(ctx, gone.User, Noon.Add(time.Hour)))
		return s.Traces.RemoveProfile(ctx, gone.User)
	})
	require.Empty(t, s.postsOf(t, gone))
	for _, post := range posts[:2] {
		found, err := s.Posts.Find(ctx, post.ID())
		require.NoError(t, err)
		want := post.Redacted(Noon.Add(time.Hour)).Data()
		want.Version = found.Data().Version
		require.Equal(t, want, found.Data())
	}
	s.do(t, ctx, func(ctx context.Context) error { // purged before its time: the id is free
		return s.Posts.Add(ctx, NewPost(t, other, domain.PostDraft{ID: posts[2].ID(), Visibility: domain.VisibilityPublic}, Noon))
	})
	_, err := s.Files.Find(ctx, waiting.ID())
	require.ErrorIs(t, err, domain.ErrFileNotFound)
	require.Len(t, s.abandoned(t, Noon), 2)
	found, err := s.Posts.Find(ctx, kept.ID())
	require.NoError(t, err)
	require.Equal(t, []uuid.UUID{theirs.ID()}, idsOf(found.Data().Attachments), "another's")
	_, err = s.Profiles.Find(ctx, gone.User)
	require.ErrorIs(t, err, domain.ErrProfileNotFound)
	page, err := s.Profiles.Page(ctx, "gone", ports.ProfileKey{}, 1)
	require.NoError(t, err)
	require.Empty(t, page)
}

// traceStrangers: what is taken away of a person in one tenant stays in every other, were he the same person there.
func traceStrangers(t *testing.T, s Store) {
	here := Someone()
	there := domain.Actor{Tenant: uuid.New(), User: here.User}
	plant := func(by domain.Actor) (domain.Group, domain.Post) {
		ctx := As(t.Context(), by)
		group := s.found(t, ctx, by, NewCommunity(t, by, domain.GroupDraft{Name: "Chess"}))
		link, _, err := domain.NewLink(domain.Place{Community: group, Group: group}, domain.LinkDraft{}, true, by, Noon)
		require.NoError(t, err)
		s.do(t, ctx, func(ctx context.Context) error { return s.Links.Add(ctx, link) })
		s.arrived(t, by, domain.FileAvatar, Noon)
		s.profile(t, ctx, domain.NewProfile(by.Tenant, domain.Account{UserID: by.User, FirstName: "Anna"}))
		return group, s.write(t, by, note("x"), Noon)
	}
	plant(here)
	group, post := plant(there)
	ctx := As(t.Context(), here)
	s.do(t, ctx, func(ctx context.Context) error {
		nothing, err := s.Traces.Leave(ctx, group.ID(), here.User)
		require.NoError(t, err)
		require.Zero(t, nothing)
		require.NoError(t, s.Traces.PurgePosts(ctx, here.User))
		require.NoError(t, s.Traces.DiscardFiles(ctx, here.User, Noon))
		return s.Traces.RemoveProfile(ctx, here.User)
	})
	redact := func(ctx context.Context) error { return s.Traces.Redact(ctx, post.Redacted(Noon)) }
	require.Error(t, s.Tx.Do(ctx, redact))
	other := As(t.Context(), there)
	require.Equal(t, there.User, s.group(t, other, group.Scope()).Data().CreatedBy)
	require.Equal(t, []uuid.UUID{post.ID()}, s.postsOf(t, there))
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
