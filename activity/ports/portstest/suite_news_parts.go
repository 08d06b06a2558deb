package portstest

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"go.updspace.com/activity/domain"
	"go.updspace.com/activity/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/tools/devkit/testkit"
)

func newsReactions(t *testing.T, s NewsStore) {
	d := s.add(t, aPost(uuid.New()))
	tenant, me, another := d.TenantID, uuid.New(), uuid.New()
	for user, emojis := range map[uuid.UUID][]string{me: {"fire", "heart"}, another: {"fire"}} {
		for _, emoji := range emojis {
			var news sync.WaitGroup
			fresh := make([]bool, 3)
			for i := range fresh { // the same one three times, racing
				news.Go(func() {
					assert.NoError(t, s.Tx.Do(in(tenant), func(ctx context.Context) (err error) {
						fresh[i], err = s.Reactions.React(ctx, d.ID, user, emoji, start)
						return err
					}))
				})
			}
			news.Wait()
			require.ElementsMatch(t, []bool{true, false, false}, fresh)
		}
	}
	of := func(reader uuid.UUID) []ports.Emoji {
		found, err := s.Reactions.Of(in(tenant), reader, []uuid.UUID{d.ID, uuid.New()})
		require.NoError(t, err)
		return found[d.ID]
	}
	require.Equal(t, []ports.Emoji{{Emoji: "fire", Count: 2, Mine: true}, {Emoji: "heart", Count: 1, Mine: true}}, of(me))
	require.Equal(t, []ports.Emoji{{Emoji: "fire", Count: 2, Mine: true}, {Emoji: "heart", Count: 1}}, of(another))
	given, err := s.Reactions.Given(in(tenant), d.ID, 0, 10)
	require.NoError(t, err)
	require.Len(t, given, 3)
	require.Greater(t, given[0].ID, given[1].ID)
	testkit.Filled(t, given[0])
	second, err := s.Reactions.Given(in(tenant), d.ID, 1, 1)
	require.NoError(t, err)
	require.Equal(t, given[1:2], second)
	s.do(t, tenant, func(ctx context.Context) {
		for _, want := range []bool{true, false} {
			gone, err := s.Reactions.Withdraw(ctx, d.ID, me, "heart")
			require.NoError(t, err)
			require.Equal(t, want, gone)
		}
		for i, viewer := range []uuid.UUID{me, me, another} {
			first, err := s.Reactions.View(ctx, d.ID, viewer, start.Add(time.Duration(i)*time.Minute))
			require.NoError(t, err)
			require.Equal(t, i != 1, first)
		}
	})
	require.Equal(t, []ports.Emoji{{Emoji: "fire", Count: 2, Mine: true}}, of(me))
	kept := s.find(t, d)
	require.Equal(t, []int{2, 2}, []int{kept.Reactions, kept.Views})
	s.do(t, tenant, func(ctx context.Context) { require.NoError(t, s.News.Update(ctx, domain.RestoreNewsPost(d))) })
	require.Equal(t, 2, s.find(t, d).Reactions, "an update leaves the counters")
}

// comment stores a comment.
func (s NewsStore) comment(t *testing.T, d domain.NewsData, parent int64, at time.Time) (c domain.NewsComment) {
	t.Helper()
	s.do(t, d.TenantID, func(ctx context.Context) {
		var err error
		c, err = s.Comments.Add(ctx, domain.RestoreNewsComment(domain.NewsCommentData{PostID: d.ID, ParentID: parent, AuthorID: uuid.New(), Body: "A comment", CreatedAt: at}))
		require.NoError(t, err)
	})
	return c
}

func newsComments(t *testing.T, s NewsStore) {
	d := s.add(t, aPost(uuid.New()))
	tenant, me := d.TenantID, uuid.New()
	first := s.comment(t, d, 0, start)
	reply, second := s.comment(t, d, first.ID(), start), s.comment(t, d, 0, start)
	list := func(filter ports.CommentFilter, limit int) (ids []int64) {
		filter.Post = d.ID
		found, err := s.Comments.List(in(tenant), me, filter, limit)
		require.NoError(t, err)
		for _, c := range found {
			ids = append(ids, c.ID())
		}
		return ids
	}
	require.Equal(t, []int64{first.ID(), reply.ID(), second.ID()}, list(ports.CommentFilter{}, 10))
	require.Equal(t, []int64{first.ID(), second.ID()}, list(ports.CommentFilter{Threads: true}, 10))
	require.Equal(t, []int64{first.ID()}, list(ports.CommentFilter{Threads: true}, 1))
	require.Equal(t, []int64{second.ID()}, list(ports.CommentFilter{Threads: true, After: first.ID()}, 10))
	require.Equal(t, []int64{reply.ID()}, list(ports.CommentFilter{Threads: true, Parent: first.ID()}, 10))
	s.do(t, tenant, func(ctx context.Context) {
		for _, want := range []bool{true, false} {
			liked, err := s.Comments.Like(ctx, first.ID(), me, start)
			require.NoError(t, err)
			require.Equal(t, want, liked)
		}
		edited, err := first.Edit("Another body", start.Add(time.Minute))
		require.NoError(t, err)
		require.NoError(t, s.Comments.Edit(ctx, edited))
	})
	want := first.Data()
	want.Body, want.EditedAt, want.Likes, want.Replies, want.Liked = "Another body", start.Add(time.Minute), 1, 1, true
	testkit.Filled(t, want, "ParentID", "DeletedAt")
	for reader, liked := range map[uuid.UUID]bool{me: true, uuid.New(): false} {
		want.Liked = liked
		found, err := s.Comments.Find(in(tenant), reader, d.ID, first.ID())
		require.NoError(t, err)
		require.Equal(t, want, found.Data())
	}
	s.do(t, tenant, func(ctx context.Context) {
		for _, want := range []bool{true, false} {
			gone, err := s.Comments.Unlike(ctx, first.ID(), me)
			require.NoError(t, err)
			require.Equal(t, want, gone)
		}
	})
	require.Equal(t, 3, s.find(t, d).Comments)
	_, err := s.Comments.Find(in(tenant), me, uuid.New(), first.ID())
	require.ErrorIs(t, err, domain.ErrCommentNotFound, "of another post")
	_, err = s.Comments.Find(in(uuid.New()), me, d.ID, first.ID())
	require.ErrorIs(t, err, domain.ErrCommentNotFound, "of another tenant")
	each, err := s.Comments.Each(in(tenant), []int64{first.ID(), second.ID() + 1000})
	require.NoError(t, err)
	require.Len(t, each, 1)
}

func newsDeletedComments(t *testing.T, s NewsStore) {
	d := s.add(t, aPost(uuid.New()))
	tenant, me := d.TenantID, uuid.New()
	c := s.comment(t, d, 0, start)
	s.comment(t, d, c.ID(), start)
	s.do(t, tenant, func(ctx context.Context) {
		_, err := s.Comments.Like(ctx, c.ID(), me, start)
		require.NoError(t, err)
		locked, err := s.Comments.Lock(ctx, me, d.ID, c.ID())
		require.NoError(t, err)
		c = locked.Delete(start.Add(time.Minute))
		require.NoError(t, s.Comments.Delete(ctx, c))
		require.ErrorIs(t, s.Comments.Delete(ctx, c), domain.ErrCommentNotFound, "it counts once")
		require.ErrorIs(t, s.Comments.Edit(ctx, c), domain.ErrCommentNotFound)
	})
	found, err := s.Comments.Find(in(tenant), me, d.ID, c.ID())
	require.NoError(t, err)
	require.Equal(t, c, found, "its place stays, with the reply")
	require.Equal(t, 1, found.Data().Replies)
	require.Equal(t, 1, s.find(t, d).Comments)
}

func (s NewsStore) image(t *testing.T, tenant, uploader uuid.UUID, at time.Time) domain.NewsImage {
	t.Helper()
	image, err := domain.NewNewsImage(authz.Actor{Tenant: tenant, User: uploader}, "cat.png", "image/png", 9, at)
	require.NoError(t, err)
	s.do(t, tenant, func(ctx context.Context) { require.NoError(t, s.Images.Add(ctx, image)) })
	return image
}

// whole stores a picture with content.
func (s NewsStore) whole(t *testing.T, tenant, uploader uuid.UUID, at time.Time) domain.NewsImage {
	t.Helper()
	image := s.image(t, tenant, uploader, at).Arrived(domain.StoredContent{Type: "image/png", ThumbnailType: "image/webp", Digest: "d", Size: 9, Width: 4, Height: 3})
	s.do(t, tenant, func(ctx context.Context) { require.NoError(t, s.Images.Complete(ctx, image)) })
	return image
}

func (s NewsStore) attach(t *testing.T, d domain.NewsData, at time.Time, ids ...uuid.UUID) (all bool) {
	t.Helper()
	s.do(t, d.TenantID, func(ctx context.Context) {
		var err error
		all, err = s.Images.Attach(ctx, d.ID, ids, at)
		require.NoError(t, err)
	})
	return all
}

func newsImages(t *testing.T, s NewsStore) {
	tenant, uploader := uuid.New(), uuid.New()
	one, two := s.add(t, aPost(tenant)), s.add(t, aPost(tenant))
	empty, cat, dog := s.image(t, tenant, uploader, start), s.whole(t, tenant, uploader, start), s.whole(t, tenant, uploader, start)
	require.False(t, s.attach(t, one, start, empty.ID()), "it has no content")
	require.True(t, s.attach(t, one, start, cat.ID()))
	require.False(t, s.attach(t, two, start, cat.ID()), "another post has it")
	require.True(t, s.attach(t, one, start, cat.ID(), dog.ID()))
	found, err := s.Images.Find(in(tenant), cat.ID())
	require.NoError(t, err)
	want := cat.Data()
	want.PostID = one.ID
	testkit.Filled(t, want)
	require.Equal(t, want, found.Data())
	each, err := s.Images.Each(in(tenant), []uuid.UUID{cat.ID(), dog.ID(), uuid.New()})
	require.NoError(t, err)
	require.Len(t, each, 2)
	_, err = s.Images.Find(in(uuid.New()), cat.ID())
	require.ErrorIs(t, err, domain.ErrMediaNotFound)
	s.do(t, tenant, func(ctx context.Context) {
		require.ErrorIs(t, s.Images.Complete(ctx, cat), domain.ErrMediaNotFound, "it has its content")
	})
	require.True(t, s.attach(t, one, start, dog.ID()))
	require.True(t, s.attach(t, two, start, cat.ID()), "it was free")

	for range domain.MaxPendingMedia - 1 { // and the empty one
		s.image(t, tenant, uploader, start)
	}
	more, err := domain.NewNewsImage(authz.Actor{Tenant: tenant, User: uploader}, "cat.png", "image/png", 9, start)
	require.NoError(t, err)
	s.do(t, tenant, func(ctx context.Context) { require.ErrorIs(t, s.Images.Add(ctx, more), domain.ErrTooManyMedia) })
	s.image(t, tenant, uuid.New(), start)
}

func newsAbandonedImages(t *testing.T, s NewsStore) {
	tenant, uploader := uuid.New(), uuid.New()
	d := s.add(t, aPost(tenant))
	old, young, used, freed := s.image(t, tenant, uploader, start), s.whole(t, tenant, uploader, start.Add(time.Hour)), s.whole(t, tenant, uploader, start), s.whole(t, tenant, uploader, start)
	s.attach(t, d, start, used.ID(), freed.ID())
	s.attach(t, d, start.Add(time.Hour), used.ID())
	abandoned := func(before time.Time) (ids []uuid.UUID) {
		require.NoError(t, s.Tx.Do(s.Across(context.Background()), func(ctx context.Context) error {
			images, err := s.Images.Abandoned(ctx, before, 100)
			for _, image := range images {
				if image.Data().TenantID == tenant {
					ids = append(ids, image.ID())
				}
			}
			return err
		}))
		return ids
	}
	require.Empty(t, abandoned(start))
	require.Equal(t, []uuid.UUID{old.ID()}, abandoned(start.Add(time.Minute)))
	require.Equal(t, []uuid.UUID{old.ID()}, abandoned(start), "it stays marked until it is removed")
	_, err := s.Images.Find(in(tenant), old.ID())
	require.ErrorIs(t, err, domain.ErrMediaNotFound)
	require.NoError(t, s.Tx.Do(s.Across(context.Background()), func(ctx context.Context) error { return s.Images.Forget(ctx, old.ID()) }))
	require.ElementsMatch(t, []uuid.UUID{young.ID(), freed.ID()}, abandoned(start.Add(2*time.Hour)))
	require.False(t, s.attach(t, d, start, used.ID(), young.ID()), "it is being removed")
}

func newsReports(t *testing.T, s NewsStore) {
	tenant := uuid.New()
	d, other := s.add(t, aPost(tenant)), aPost(tenant)
	other.Scope = authz.CommunityScope(uuid.New())
	s.add(t, other)
	report := func(d domain.NewsData, comment int64, by uuid.UUID) (stored domain.NewsReport) {
		r, err := domain.NewNewsReport(authz.Actor{Tenant: tenant, User: by}, d.ID, comment, domain.ReportSpam, "again", start)
		require.NoError(t, err)
		s.do(t, tenant, func(ctx context.Context) {
			stored, err = s.Reports.Add(ctx, r)
			require.NoError(t, err)
		})
		return stored
	}
	reporter := uuid.New()
	first := report(d, 0, reporter)
	require.Equal(t, first, report(d, 0, reporter), "one open report of a person")
	second, elsewhere := report(d, 0, uuid.New()), report(other, 0, reporter)
	comment := report(d, 7, reporter)
	list := func(scopes authz.AllowedScopes, open bool, after uuid.UUID) (ids []uuid.UUID) {
		found, err := s.Reports.List(in(tenant), domain.NewsViewer{Viewer: everything(tenant), Manage: scopes}, open, after, 10)
		require.NoError(t, err)
		for _, r := range found {
			ids = append(ids, r.ID)
		}
		return ids
	}
	everywhere := authz.AllowedScopes{Everywhere: true}
	require.Equal(t, []uuid.UUID{comment.ID, elsewhere.ID, second.ID, first.ID}, list(everywhere, true, uuid.Nil))
	require.Equal(t, []uuid.UUID{second.ID, first.ID}, list(everywhere, true, elsewhere.ID))
	require.Equal(t, []uuid.UUID{elsewhere.ID}, list(authz.AllowedScopes{Communities: []uuid.UUID{other.Scope.ID}}, true, uuid.Nil))
	require.Empty(t, list(authz.AllowedScopes{}, true, uuid.Nil))
	resolved, err := first.Resolve(uuid.New(), domain.ReportUpheld, start.Add(time.Hour))
	require.NoError(t, err)
	testkit.Filled(t, resolved, "CommentID")
	s.do(t, tenant, func(ctx context.Context) {
		require.NoError(t, s.Reports.Resolve(ctx, resolved))
		locked, err := s.Reports.Lock(ctx, first.ID)
		require.NoError(t, err)
		require.Equal(t, resolved, locked)
		_, err = s.Reports.Lock(ctx, uuid.New())
		require.ErrorIs(t, err, domain.ErrReportNotFound)
	})
	missing := first
	missing.ID, missing.PostID = uuid.New(), uuid.New()
	require.ErrorIs(t, s.Tx.Do(in(tenant), func(ctx context.Context) error {
		_, err := s.Reports.Add(ctx, missing)
		return err
	}), domain.ErrNewsNotFound)
	require.Equal(t, []uuid.UUID{comment.ID, elsewhere.ID}, list(everywhere, true, uuid.Nil), "all reports of the content are decided")
	require.Len(t, list(everywhere, false, uuid.Nil), 4)
	require.NotEqual(t, first.ID, report(d, 0, reporter).ID, "it can be reported again")

	none, err := s.Reports.Words(in(tenant))
	require.NoError(t, err)
	require.Equal(t, domain.WordFilter{Words: []string{}}, none)
	filter, err := domain.NewWordFilter(authz.Actor{Tenant: tenant, User: uuid.New()}, []string{"b", "a"}, start)
	require.NoError(t, err)
	testkit.Filled(t, filter)
	s.do(t, tenant, func(ctx context.Context) {
		require.NoError(t, s.Reports.SetWords(ctx, domain.WordFilter{Words: []string{"x"}, UpdatedBy: uuid.New(), UpdatedAt: start}))
		require.NoError(t, s.Reports.SetWords(ctx, filter))
	})
	kept, err := s.Reports.Words(in(tenant))
	require.NoError(t, err)
	require.Equal(t, filter, kept)
	theirs, err := s.Reports.Words(in(uuid.New()))
	require.NoError(t, err)
	require.Empty(t, theirs.Words)
}
