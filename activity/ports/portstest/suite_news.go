package portstest

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/activity/domain"
	"go.updspace.com/activity/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/groups"
	"go.updspace.com/tools/devkit/testkit"
)

// NewsStore is the repositories of news, and the feed that lists go through.
type NewsStore struct {
	Store

	News      ports.News
	Reactions ports.Reactions
	Comments  ports.Comments
	Images    ports.NewsImages
	Reports   ports.Reports

	// Across is the context of a job for all tenants.
	Across func(ctx context.Context) context.Context
}

// NewsSuite tests the repositories of news.
func NewsSuite(t *testing.T, open func(*testing.T) NewsStore) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, NewsStore){
		"a post is stored whole":              newsRoundTrip,
		"posts are listed in their orders":    newsLists,
		"only what the viewer sees is listed": newsSight,
		"what is not published":               newsUnpublished,
		"another tenant has no posts":         newsOfAnotherTenant,
		"reactions and views count once":      newsReactions,
		"comments and their counters":         newsComments,
		"comments that are deleted":           newsDeletedComments,
		"a picture belongs to one post":       newsImages,
		"pictures that no post has go":        newsAbandonedImages,
		"reports and the word filter":         newsReports,
	} {
		t.Run(name, func(t *testing.T) { t.Parallel(); test(t, open(t)) })
	}
}

func (s NewsStore) do(t *testing.T, tenant uuid.UUID, fn func(ctx context.Context)) {
	t.Helper()
	require.NoError(t, s.Tx.Do(in(tenant), func(ctx context.Context) error {
		fn(ctx)
		return nil
	}))
}

func aPost(tenant uuid.UUID) domain.NewsData {
	return domain.NewsData{
		ID: uuid.New(), TenantID: tenant, AuthorID: uuid.New(), Title: "A title", Body: "A body", Tags: []string{}, Media: []domain.NewsMedia{},
		Visibility: authz.VisibilityPublic, Scope: authz.TenantScope(tenant), Status: domain.NewsPublished, PublishedAt: start,
		CreatedAt: start, UpdatedAt: start, Version: 1,
	}
}

// add stores a post, with its item when it is in the feed.
func (s NewsStore) add(t *testing.T, d domain.NewsData) domain.NewsData {
	t.Helper()
	post := domain.RestoreNewsPost(d)
	s.do(t, d.TenantID, func(ctx context.Context) {
		require.NoError(t, s.News.Add(ctx, post))
		if post.Listed() {
			require.NoError(t, s.Items.Apply(ctx, domain.Put(newItem(t, domain.ItemData{
				TenantID: d.TenantID, SourceRef: post.SourceRef(), Actor: d.AuthorID, Visibility: d.Visibility, Scope: d.Scope, OccurredAt: d.PublishedAt,
			}))))
		}
	})
	return d
}

func (s NewsStore) find(t *testing.T, d domain.NewsData) domain.NewsData {
	t.Helper()
	post, err := s.News.Find(in(d.TenantID), d.ID)
	require.NoError(t, err)
	return post.Data()
}

func newsRoundTrip(t *testing.T, s NewsStore) {
	tenant, community := uuid.New(), uuid.New()
	scope := authz.TeamScope(uuid.New())
	s.do(t, tenant, func(ctx context.Context) {
		require.NoError(t, s.Groups.Put(ctx, groups.Group{Scope: scope, Community: community, State: groups.Deleted}))
	})
	d := aPost(tenant)
	d.Scope, d.Visibility, d.Community, d.GroupDeleted = scope, authz.VisibilityTeam, community, true
	s.add(t, d)
	item, err := s.Items.BySource(in(tenant), domain.RestoreNewsPost(d).SourceRef())
	require.NoError(t, err)
	d.ItemID = item.Data().ID
	require.Equal(t, d, s.find(t, d))

	d.Title, d.Body, d.Tags, d.Visibility = "Another", "Another body", []string{"one", "two"}, authz.VisibilityPublic
	d.Media = []domain.NewsMedia{{Kind: domain.MediaImage, Image: uuid.New(), Caption: "A caption"}, {Kind: domain.MediaYouTube, VideoID: "abcdefghijk", Title: "A film"}}
	d.Status, d.PublishAt = domain.NewsScheduled, start.Add(time.Hour)
	d.PinnedAt, d.HiddenAt, d.HiddenBy, d.HiddenReason = start.Add(1*time.Minute), start.Add(2*time.Minute), uuid.New(), "rude"
	d.CommentsLocked, d.EditedAt, d.UpdatedAt, d.Version = true, start.Add(3*time.Minute), start.Add(4*time.Minute), 7
	testkit.Filled(t, d, "Comments", "Reactions", "Views", "Media.Key", "Media.VideoID", "Media.Title")
	s.do(t, tenant, func(ctx context.Context) {
		require.NoError(t, s.News.Update(ctx, domain.RestoreNewsPost(d)))
		locked, err := s.News.Lock(ctx, d.ID)
		require.NoError(t, err)
		require.Equal(t, d, locked.Data())
		each, err := s.News.FindEach(ctx, []uuid.UUID{d.ID, uuid.New()})
		require.NoError(t, err)
		require.Equal(t, []domain.NewsPost{locked}, each)
		none, err := s.News.FindEach(ctx, nil)
		require.NoError(t, err)
		require.Empty(t, none)
		require.NoError(t, s.News.Delete(ctx, d.ID))
		require.ErrorIs(t, s.News.Delete(ctx, d.ID), domain.ErrNewsNotFound)
		require.ErrorIs(t, s.News.Update(ctx, domain.RestoreNewsPost(d)), domain.ErrNewsNotFound)
	})
	_, err = s.News.Find(in(tenant), d.ID)
	require.ErrorIs(t, err, domain.ErrNewsNotFound)
}

// listed are the ids of a whole list, read in pages of one size.
func (s NewsStore) listed(t *testing.T, viewer domain.NewsViewer, filter ports.NewsFilter, size int) (ids []uuid.UUID) {
	t.Helper()
	var after ports.NewsKey
	for {
		page, err := s.News.List(in(viewer.Actor.Tenant), viewer, filter, after, size)
		require.NoError(t, err)
		for _, post := range page {
			ids, after = append(ids, post.ID()), post.Key
		}
		if len(page) < size {
			return ids
		}
	}
}

func reader(tenant uuid.UUID) domain.NewsViewer {
	return domain.NewsViewer{Viewer: everything(tenant)}
}

func newsLists(t *testing.T, s NewsStore) {
	tenant, author := uuid.New(), uuid.New()
	var posts []uuid.UUID
	for i, change := range []func(*domain.NewsData){
		func(d *domain.NewsData) { d.Title, d.Tags = "The Big Raid", []string{"raid", "night"} },
		func(d *domain.NewsData) { d.Body, d.PinnedAt = "after the big raid: 100%", start.Add(9*time.Hour) },
		func(d *domain.NewsData) { d.AuthorID, d.PinnedAt = author, start.Add(8*time.Hour) },
		func(d *domain.NewsData) { d.AuthorID, d.Scope = author, authz.CommunityScope(uuid.New()) },
	} {
		d := aPost(tenant)
		d.PublishedAt = start.Add(time.Duration(-i) * time.Hour)
		change(&d)
		posts = append(posts, s.add(t, d).ID)
	}
	for range 3 { // is worth more than three hours
		s.do(t, tenant, func(ctx context.Context) {
			_, err := s.Reactions.React(ctx, posts[3], uuid.New(), "fire", start)
			require.NoError(t, err)
		})
	}
	community := s.find(t, domain.NewsData{TenantID: tenant, ID: posts[3]}).Scope
	for name, test := range map[string]struct {
		filter ports.NewsFilter
		want   []uuid.UUID
	}{
		"newest first":    {ports.NewsFilter{}, posts},
		"best":            {ports.NewsFilter{Best: true}, []uuid.UUID{posts[3], posts[0], posts[1], posts[2]}},
		"last pinned":     {ports.NewsFilter{Pinned: true}, posts[1:3]},
		"an author":       {ports.NewsFilter{Author: author}, posts[2:]},
		"a tag":           {ports.NewsFilter{Tag: "night"}, posts[:1]},
		"a scope":         {ports.NewsFilter{Scope: community}, posts[3:]},
		"any letter case": {ports.NewsFilter{Query: "BIG raid"}, posts[:2]},
		"a sign":          {ports.NewsFilter{Query: "0%"}, posts[1:2]},
		"no pattern":      {ports.NewsFilter{Query: "b%g"}, nil},
		"both":            {ports.NewsFilter{Query: "raid", Tag: "raid"}, posts[:1]},
	} {
		for _, size := range []int{1, 2, 10} {
			require.Equal(t, test.want, s.listed(t, reader(tenant), test.filter, size), "%s in pages of %d", name, size)
		}
	}
}

func newsSight(t *testing.T, s NewsStore) {
	tenant, community, other := uuid.New(), uuid.New(), uuid.New()
	post := func(scope authz.Scope, visibility authz.Visibility) uuid.UUID {
		d := aPost(tenant)
		d.Scope, d.Visibility = scope, visibility
		return s.add(t, d).ID
	}
	public := post(authz.TenantScope(tenant), authz.VisibilityPublic)
	mine := post(authz.CommunityScope(community), authz.VisibilityCommunity)
	post(authz.CommunityScope(other), authz.VisibilityCommunity)
	post(authz.TenantScope(tenant), authz.VisibilityPrivate)
	hidden := aPost(tenant)
	hidden.HiddenAt, hidden.HiddenBy, hidden.HiddenReason = start, uuid.New(), "rude"
	s.add(t, hidden)
	viewer := domain.NewsViewer{Viewer: domain.Viewer{Actor: authz.Actor{Tenant: tenant, User: uuid.New()}, Feed: domain.Reach{
		Public: authz.AllowedScopes{Everywhere: true}, Community: authz.AllowedScopes{Communities: []uuid.UUID{community}},
	}}}
	require.ElementsMatch(t, []uuid.UUID{public, mine}, s.listed(t, viewer, ports.NewsFilter{}, 10))
	s.do(t, tenant, func(ctx context.Context) {
		require.NoError(t, s.Groups.Put(ctx, groups.Group{Scope: authz.CommunityScope(community), State: groups.Deleted}))
	})
	require.Equal(t, []uuid.UUID{public}, s.listed(t, viewer, ports.NewsFilter{}, 10), "its group is gone")
}

func newsUnpublished(t *testing.T, s NewsStore) {
	tenant, author := uuid.New(), uuid.New()
	make := func(status domain.NewsStatus, at time.Time) uuid.UUID {
		d := aPost(tenant)
		d.AuthorID, d.Status, d.PublishedAt, d.UpdatedAt = author, status, time.Time{}, at
		if status == domain.NewsScheduled {
			d.PublishAt = at
		}
		return s.add(t, d).ID
	}
	old, young := make(domain.NewsDraft, start), make(domain.NewsDraft, start.Add(time.Hour))
	later, soon := make(domain.NewsScheduled, start.Add(2*time.Hour)), make(domain.NewsScheduled, start.Add(time.Hour))
	ids := func(posts []domain.NewsPost, err error) (ids []uuid.UUID) {
		require.NoError(t, err)
		for _, post := range posts {
			if post.Data().TenantID == tenant {
				ids = append(ids, post.ID())
			}
		}
		return ids
	}
	require.Equal(t, []uuid.UUID{young, old}, ids(s.News.Unpublished(in(tenant), author, domain.NewsDraft, 10)))
	require.Equal(t, []uuid.UUID{young}, ids(s.News.Unpublished(in(tenant), author, domain.NewsDraft, 1)))
	require.Empty(t, ids(s.News.Unpublished(in(tenant), uuid.New(), domain.NewsDraft, 10)))
	require.Empty(t, ids(s.News.Due(context.Background(), start, 100)))
	require.Equal(t, []uuid.UUID{soon}, ids(s.News.Due(context.Background(), start.Add(time.Hour), 100)))
	require.Equal(t, []uuid.UUID{soon, later}, ids(s.News.Due(context.Background(), start.Add(2*time.Hour), 100)))
}

func newsOfAnotherTenant(t *testing.T, s NewsStore) {
	d := s.add(t, aPost(uuid.New()))
	other := uuid.New()
	_, err := s.News.Find(in(other), d.ID)
	require.ErrorIs(t, err, domain.ErrNewsNotFound)
	require.Empty(t, s.listed(t, reader(other), ports.NewsFilter{}, 10))
	s.do(t, other, func(ctx context.Context) {
		require.ErrorIs(t, s.News.Delete(ctx, d.ID), domain.ErrNewsNotFound)
		_, err := s.Reactions.React(ctx, d.ID, uuid.New(), "fire", start)
		require.ErrorIs(t, err, domain.ErrNewsNotFound)
		_, err = s.Reactions.View(ctx, d.ID, uuid.New(), start)
		require.ErrorIs(t, err, domain.ErrNewsNotFound)
	})
	s.find(t, d)
}
