package portstest

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	contentdomain "go.updspace.com/portal/content/domain"
	contentports "go.updspace.com/portal/content/ports"
	"go.updspace.com/portal/domain"
	groupsdomain "go.updspace.com/portal/groups/domain"
)

func contentSuite() map[string]func(*testing.T, Store) {
	return map[string]func(*testing.T, Store){
		"a post is found as it was stored":                postRoundTrip,
		"a post is changed over the version before":       postUpdate,
		"posts are in scopes that exist":                  postScopes,
		"a deleted post is not found, and then forgotten": postDelete,
		"a page has what its reader sees, newest first":   postPages,
		"changes of one post come one after another":      postLock,
		"a community takes its posts along":               postsOfGroups,
		"active communities and teams take posts":         openTargets,
		"posts and members come to a team at once":        placesUnderLock,
		"a file is found once its content has arrived":    fileRoundTrip,
		"attachments that wait are counted":               filePending,
		"an attachment belongs to one post":               fileAttach,
		"a file that many posts want goes to one":         fileRace,
		"abandoned files are found":                       fileAbandoned,
		"posts and files of another tenant do not exist":  contentStrangers,
	}
}

// write stores a post as its author.
func (s Store) write(t testing.TB, by authz.Actor, draft contentdomain.PostDraft, at time.Time) contentdomain.Post {
	t.Helper()
	post := NewPost(t, by, draft, at)
	s.do(t, As(t.Context(), by), func(ctx context.Context) error { return s.Posts.Add(ctx, post) })
	return post
}

// note is a public draft.
func note(title string) contentdomain.PostDraft {
	return contentdomain.PostDraft{Title: title, Body: "*" + title + "*", Visibility: authz.VisibilityPublic}
}

func postScopeOf(g groupsdomain.Group) contentdomain.PostScope {
	if d := g.Data(); d.Kind == authz.ScopeTeam {
		return contentdomain.PostScope{CommunityID: d.CommunityID, TeamID: d.ID}
	}
	return contentdomain.PostScope{CommunityID: g.ID()}
}

// everything is a viewer who sees all posts.
func everything(user uuid.UUID) contentdomain.PostViewer {
	all := authz.AllowedScopes{Everywhere: true}
	return contentdomain.PostViewer{User: user, Public: all, Community: all, Team: all, Private: all}
}

func (s Store) page(t testing.TB, ctx context.Context, search contentports.PostSearch) []contentdomain.Post {
	t.Helper()
	search.Renderer = "another" // so that bodies come along
	found, err := s.Posts.Page(ctx, search, everything(uuid.New()), contentports.PostKey{}, 100)
	require.NoError(t, err)
	return found
}

func postRoundTrip(t *testing.T, s Store) {
	by := Someone()
	ctx := As(t.Context(), by)
	community, team := s.chess(t, ctx, by)
	for i, draft := range []contentdomain.PostDraft{
		{Title: "Всем", Body: "line\nline", Visibility: authz.VisibilityPublic},
		{Visibility: authz.VisibilityPrivate},
		{Title: "C", Visibility: authz.VisibilityCommunity, Scope: postScopeOf(community)},
		{Title: "T", Visibility: authz.VisibilityTeam, Scope: postScopeOf(team)},
	} {
		post := NewPost(t, by, draft, Noon.Add(time.Duration(i)*time.Microsecond)).WithRendered(contentdomain.Rendered{HTML: "<p>&amp;</p>", By: "2"})
		s.do(t, ctx, func(ctx context.Context) error { return s.Posts.Add(ctx, post) })
		found, err := s.Posts.Find(ctx, post.ID())
		require.NoError(t, err)
		require.Equal(t, post, found)
		s.do(t, ctx, func(ctx context.Context) error {
			locked, err := s.Posts.Lock(ctx, post.ID())
			require.Equal(t, found, locked)
			return err
		})
		require.Equal(t, []contentdomain.Post{post}, s.page(t, ctx, contentports.PostSearch{Visibility: draft.Visibility}))
	}
	_, err := s.Posts.Find(ctx, uuid.New())
	require.ErrorIs(t, err, contentdomain.ErrPostNotFound)
	require.ErrorIs(t, s.Tx.Do(ctx, func(ctx context.Context) error { _, err := s.Posts.Lock(ctx, uuid.New()); return err }), contentdomain.ErrPostNotFound)
}

func postUpdate(t *testing.T, s Store) {
	by := Someone()
	ctx := As(t.Context(), by)
	community, _ := s.chess(t, ctx, by)
	post := s.write(t, by, contentdomain.PostDraft{Title: "T", Visibility: authz.VisibilityCommunity, Scope: postScopeOf(community)}, Noon)
	update := func(p contentdomain.Post) error {
		return s.Tx.Do(ctx, func(ctx context.Context) error { return s.Posts.Update(ctx, p) })
	}
	title, public := "changed", authz.VisibilityPublic
	edited, _, err := post.Edit(contentdomain.PostEdit{Title: &title, Visibility: &public}, Noon.Add(time.Hour))
	require.NoError(t, err)
	edited = edited.WithRendered(contentdomain.Rendered{HTML: "h", By: "1"})
	require.NoError(t, update(edited))
	found, err := s.Posts.Find(ctx, post.ID())
	require.NoError(t, err)
	require.Equal(t, edited, found)
	require.Empty(t, s.page(t, ctx, contentports.PostSearch{Community: community.ID()}), "made public, it has left its place")
	require.ErrorIs(t, update(edited), contentdomain.ErrPostNotFound, "over itself")
	require.ErrorIs(t, update(post), contentdomain.ErrPostNotFound, "over a newer version")
	require.ErrorIs(t, update(NewPost(t, by, note("never stored"), Noon)), contentdomain.ErrPostNotFound)

	d := edited.Data()
	d.CreatedBy, d.CreatedAt, d.Version = uuid.New(), Noon.Add(time.Minute), d.Version+1
	require.NoError(t, update(contentdomain.RestorePost(d)))
	found, err = s.Posts.Find(ctx, post.ID())
	require.NoError(t, err)
	require.Equal(t, by.User, found.Data().CreatedBy, "an author stays")
	require.Equal(t, Noon, found.Data().CreatedAt)
}

func postScopes(t *testing.T, s Store) {
	by := Someone()
	ctx := As(t.Context(), by)
	community, team := s.chess(t, ctx, by)
	other := s.found(t, ctx, by, NewCommunity(t, by, groupsdomain.GroupDraft{Name: "Go"}))
	add := func(id uuid.UUID, v authz.Visibility, at contentdomain.PostScope) error {
		return s.Tx.Do(ctx, func(ctx context.Context) error {
			return s.Posts.Add(ctx, NewPost(t, by, contentdomain.PostDraft{ID: id, Visibility: v, Scope: at}, Noon))
		})
	}
	require.ErrorIs(t, add(uuid.Nil, authz.VisibilityCommunity, contentdomain.PostScope{CommunityID: uuid.New()}), domain.ErrCommunityNotFound)
	require.ErrorIs(t, add(uuid.Nil, authz.VisibilityTeam, contentdomain.PostScope{CommunityID: community.ID(), TeamID: uuid.New()}), domain.ErrTeamNotFound)
	require.ErrorIs(t, add(uuid.Nil, authz.VisibilityTeam, contentdomain.PostScope{CommunityID: other.ID(), TeamID: team.ID()}), domain.ErrTeamNotFound, "of another community")
	require.Empty(t, s.page(t, ctx, contentports.PostSearch{}))
	id := uuid.New()
	require.NoError(t, add(id, authz.VisibilityTeam, postScopeOf(team)))
	require.Equal(t, errs.Conflict, errs.KindOf(add(id, authz.VisibilityPublic, contentdomain.PostScope{})), "an id is one post's")
	s.do(t, ctx, func(ctx context.Context) error { return s.Posts.Delete(ctx, id, Noon) })
	require.Equal(t, errs.Conflict, errs.KindOf(add(id, authz.VisibilityPublic, contentdomain.PostScope{})), "deleted or not")
}

func postDelete(t *testing.T, s Store) {
	by, stranger := Someone(), Someone()
	ctx := As(t.Context(), by)
	post, kept := s.write(t, by, note("gone"), Noon), s.write(t, by, note("kept"), Noon)
	foreign := s.write(t, stranger, note("gone, too"), Noon)
	remove := func(by authz.Actor, id uuid.UUID, at time.Time) error {
		return s.Tx.Do(As(t.Context(), by), func(ctx context.Context) error { return s.Posts.Delete(ctx, id, at) })
	}
	require.NoError(t, remove(by, post.ID(), Noon.Add(time.Hour)))
	require.NoError(t, remove(stranger, foreign.ID(), Noon.Add(2*time.Hour)))
	_, err := s.Posts.Find(ctx, post.ID())
	require.ErrorIs(t, err, contentdomain.ErrPostNotFound)
	require.ErrorIs(t, s.Tx.Do(ctx, func(ctx context.Context) error { _, err := s.Posts.Lock(ctx, post.ID()); return err }), contentdomain.ErrPostNotFound)
	require.ErrorIs(t, remove(by, post.ID(), Noon), contentdomain.ErrPostNotFound, "twice")
	require.Equal(t, []contentdomain.Post{kept}, s.page(t, ctx, contentports.PostSearch{}))

	purge := func(before time.Time) int64 {
		n, err := s.Posts.Purge(s.Across(t.Context()), before)
		require.NoError(t, err)
		return n
	}
	require.Zero(t, purge(Noon.Add(time.Hour)), "not before its time")
	require.EqualValues(t, 2, purge(Noon.Add(3*time.Hour)), "of every tenant")
	require.Zero(t, purge(Noon.Add(3*time.Hour)))
	s.do(t, ctx, func(ctx context.Context) error { // nothing has its id any more
		return s.Posts.Add(ctx, NewPost(t, by, contentdomain.PostDraft{ID: post.ID(), Visibility: authz.VisibilityPublic}, Noon))
	})
}

// postLock: changes of one post that read and write what the others do, and none is lost.
func postLock(t *testing.T, s Store) {
	by := Someone()
	post := s.write(t, by, note(""), Noon)
	s.atOnce(t, by, 30, func(ctx context.Context, _ int) error {
		locked, err := s.Posts.Lock(ctx, post.ID())
		if err != nil {
			return err
		}
		longer := locked.Data().Title + "x"
		edited, _, err := locked.Edit(contentdomain.PostEdit{Title: &longer}, Noon)
		if err != nil {
			return err
		}
		return s.Posts.Update(ctx, edited)
	})
	found, err := s.Posts.Find(As(t.Context(), by), post.ID())
	require.NoError(t, err)
	require.Equal(t, strings.Repeat("x", 30), found.Data().Title)
	require.Equal(t, 31, found.Data().Version)
}

// atOnce runs transactions at the same time, all of which must succeed.
func (s Store) atOnce(t testing.TB, by authz.Actor, n int, fn func(ctx context.Context, i int) error) {
	t.Helper()
	var wg sync.WaitGroup
	failures := make([]error, n)
	begin := make(chan struct{})
	for i := range n {
		wg.Go(func() {
			<-begin
			failures[i] = s.Tx.Do(As(context.WithoutCancel(t.Context()), by), func(ctx context.Context) error { return fn(ctx, i) })
		})
	}
	close(begin)
	wg.Wait()
	for _, err := range failures {
		require.NoError(t, err)
	}
}

func postsOfGroups(t *testing.T, s Store) {
	by := Someone()
	ctx := As(t.Context(), by)
	community, team := s.chess(t, ctx, by)
	public := s.write(t, by, note("public"), Noon)
	inCommunity := s.write(t, by, contentdomain.PostDraft{Visibility: authz.VisibilityCommunity, Scope: postScopeOf(community)}, Noon)
	inTeam := s.write(t, by, contentdomain.PostDraft{Visibility: authz.VisibilityTeam, Scope: postScopeOf(team)}, Noon)
	file := s.arrived(t, by, contentdomain.FileAttachment, Noon)
	s.attach(t, by, inTeam, file)
	s.do(t, ctx, func(ctx context.Context) error { return s.Groups.Delete(ctx, team.ID()) })
	require.ElementsMatch(t, []contentdomain.Post{public, inCommunity}, s.page(t, ctx, contentports.PostSearch{}))
	require.Equal(t, []uuid.UUID{file.ID()}, s.abandoned(t, Noon.Add(time.Hour)), "its files are left without a post")
	s.do(t, ctx, func(ctx context.Context) error { return s.Groups.Delete(ctx, community.ID()) })
	require.Equal(t, []contentdomain.Post{public}, s.page(t, ctx, contentports.PostSearch{}))
}
