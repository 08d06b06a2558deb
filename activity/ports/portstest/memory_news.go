package portstest

import (
	"bytes"
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/activity/domain"
	"go.updspace.com/activity/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/valid"
	"go.updspace.com/tools/devkit/testkit/memory"
)

// NewMemoryNews keeps news in memory. It passes the same suite as PostgreSQL does.
func NewMemoryNews() NewsStore {
	feed := NewMemory()
	m := &memoryNews{
		Memory: feed, posts: memory.NewTable[uuid.UUID, domain.NewsData](feed.DB), reactions: memory.NewTable[reactionKey, keptReaction](feed.DB),
		views: memory.NewTable[viewKey, uuid.UUID](feed.DB), comments: memory.NewTable[int64, domain.NewsCommentData](feed.DB),
		likes: memory.NewTable[likeKey, likeKey](feed.DB), images: memory.NewTable[uuid.UUID, keptImage](feed.DB),
		reports: memory.NewTable[uuid.UUID, domain.NewsReport](feed.DB), words: memory.NewTable[string, domain.WordFilter](feed.DB),
	}
	return NewsStore{
		Store: feed.Store(), News: m, Reactions: memoryReactions{m}, Comments: memoryComments{m}, Images: memoryImages{m}, Reports: memoryReports{m},
		Across: func(ctx context.Context) context.Context { return ctx },
	}
}

type memoryNews struct {
	*Memory

	posts     *memory.Table[uuid.UUID, domain.NewsData]
	reactions *memory.Table[reactionKey, keptReaction]
	views     *memory.Table[viewKey, uuid.UUID]
	comments  *memory.Table[int64, domain.NewsCommentData]
	likes     *memory.Table[likeKey, likeKey]
	images    *memory.Table[uuid.UUID, keptImage]
	reports   *memory.Table[uuid.UUID, domain.NewsReport]
	words     *memory.Table[string, domain.WordFilter]
}

func (m *memoryNews) next() int64 {
	m.last++
	return m.last
}

// whole is a post with what the storage fills in.
func (m *memoryNews) whole(ctx context.Context, d domain.NewsData) domain.NewsPost {
	group, _ := m.groups.Get(ctx, d.Scope)
	d.Community, d.GroupDeleted = group.Community, group.State == groups.Deleted
	if item, err := m.item(ctx, d); err == nil {
		d.ItemID = item.Data().ID
	}
	return domain.RestoreNewsPost(d)
}

func (m *memoryNews) item(ctx context.Context, d domain.NewsData) (domain.Item, error) {
	return memoryItems{m.Memory}.BySource(ctx, domain.RestoreNewsPost(d).SourceRef())
}

func (m *memoryNews) Find(ctx context.Context, id uuid.UUID) (domain.NewsPost, error) {
	d, ok := m.posts.Get(ctx, id)
	if !ok {
		return domain.NewsPost{}, domain.ErrNewsNotFound
	}
	return m.whole(ctx, d), nil
}

func (m *memoryNews) Lock(ctx context.Context, id uuid.UUID) (domain.NewsPost, error) {
	if err := m.RequireTx(ctx, "Lock"); err != nil {
		return domain.NewsPost{}, err
	}
	return m.Find(ctx, id)
}

func (m *memoryNews) FindEach(ctx context.Context, ids []uuid.UUID) ([]domain.NewsPost, error) {
	found := []domain.NewsPost{}
	for _, id := range ids {
		if d, ok := m.posts.Get(ctx, id); ok {
			found = append(found, m.whole(ctx, d))
		}
	}
	return found, nil
}

func (m *memoryNews) Add(ctx context.Context, post domain.NewsPost) error {
	d := post.Data()
	d.Comments, d.Reactions, d.Views = 0, 0, 0
	m.posts.Put(ctx, d.ID, d)
	return nil
}

func (m *memoryNews) Update(ctx context.Context, post domain.NewsPost) error {
	d := post.Data()
	return m.change(ctx, d.ID, func(kept *domain.NewsData) {
		d.Comments, d.Reactions, d.Views = kept.Comments, kept.Reactions, kept.Views
		*kept = d
	})
}

func (m *memoryNews) change(ctx context.Context, id uuid.UUID, change func(*domain.NewsData)) error {
	d, ok := m.posts.Get(ctx, id)
	if !ok {
		return domain.ErrNewsNotFound
	}
	change(&d)
	m.posts.Put(ctx, id, d)
	return nil
}

func (m *memoryNews) Delete(ctx context.Context, id uuid.UUID) error {
	if m.posts.Delete(ctx, func(d domain.NewsData) bool { return d.ID == id }) == 0 {
		return domain.ErrNewsNotFound
	}
	m.reactions.Delete(ctx, func(r keptReaction) bool { return r.post == id })
	m.views.Delete(ctx, func(post uuid.UUID) bool { return post == id })
	for _, c := range m.comments.All(ctx, func(c domain.NewsCommentData) bool { return c.PostID == id }) {
		m.likes.Delete(ctx, func(k likeKey) bool { return k.comment == c.ID })
	}
	m.comments.Delete(ctx, func(c domain.NewsCommentData) bool { return c.PostID == id })
	m.reports.Delete(ctx, func(r domain.NewsReport) bool { return r.PostID == id })
	for _, image := range m.images.All(ctx, func(i keptImage) bool { return i.PostID == id }) {
		image.PostID = uuid.Nil
		m.images.Put(ctx, image.ID, image)
	}
	return nil
}

func (m *memoryNews) List(ctx context.Context, viewer domain.NewsViewer, f ports.NewsFilter, after ports.NewsKey, limit int) ([]ports.ListedNews, error) {
	var found []ports.ListedNews
	for _, d := range m.posts.All(ctx, func(d domain.NewsData) bool { return listedIn(d, f) }) {
		item, err := m.item(ctx, d)
		listed := ports.ListedNews{NewsPost: m.whole(ctx, d), Key: keyOf(d, f)}
		if err == nil && listed.Listed() && (memoryItems{m.Memory}).seen(ctx, viewer.Viewer, item) && (after.ID == uuid.Nil || compareNews(listed.Key, after, f) > 0) {
			found = append(found, listed)
		}
	}
	slices.SortFunc(found, func(a, b ports.ListedNews) int { return compareNews(a.Key, b.Key, f) })
	return found[:min(limit, len(found))], nil
}

func listedIn(d domain.NewsData, f ports.NewsFilter) bool {
	return (f.Query == "" || strings.Contains(valid.Fold(d.Title+"\n"+d.Body), valid.Fold(f.Query))) && (f.Tag == "" || slices.Contains(d.Tags, f.Tag)) &&
		(f.Author == uuid.Nil || d.AuthorID == f.Author) && (f.Scope == authz.Scope{} || d.Scope == f.Scope) && (!f.Pinned || !d.PinnedAt.IsZero())
}

func keyOf(d domain.NewsData, f ports.NewsFilter) ports.NewsKey {
	key := ports.NewsKey{At: d.PublishedAt, ID: d.ID}
	if f.Pinned {
		key.At = d.PinnedAt
	}
	key.Rank = float64(d.PublishedAt.UnixMicro())/float64(domain.RankHalf.Microseconds()) + math.Log10(float64(1+d.Reactions+2*d.Comments))
	return key
}

func compareNews(a, b ports.NewsKey, f ports.NewsFilter) int {
	order := b.At.Compare(a.At)
	if f.Best && !f.Pinned {
		order = cmp.Compare(b.Rank, a.Rank)
	}
	return cmp.Or(order, bytes.Compare(b.ID[:], a.ID[:]))
}

func (m *memoryNews) Unpublished(ctx context.Context, author uuid.UUID, status domain.NewsStatus, limit int) ([]domain.NewsPost, error) {
	found := m.posts.All(ctx, func(d domain.NewsData) bool { return d.AuthorID == author && d.Status == status })
	slices.SortFunc(found, func(a, b domain.NewsData) int {
		return cmp.Or(b.UpdatedAt.Compare(a.UpdatedAt), bytes.Compare(b.ID[:], a.ID[:]))
	})
	return m.wholes(ctx, found, limit), nil
}

func (m *memoryNews) wholes(ctx context.Context, found []domain.NewsData, limit int) []domain.NewsPost {
	posts := make([]domain.NewsPost, min(limit, len(found)))
	for i := range posts {
		posts[i] = m.whole(reqctx.With(ctx, reqctx.Context{TenantID: found[i].TenantID}), found[i])
	}
	return posts
}

func (m *memoryNews) Due(ctx context.Context, now time.Time, limit int) ([]domain.NewsPost, error) {
	found := m.posts.AllTenants(ctx, func(d domain.NewsData) bool { return d.Status == domain.NewsScheduled && !d.PublishAt.After(now) })
	slices.SortFunc(found, func(a, b domain.NewsData) int { return a.PublishAt.Compare(b.PublishAt) })
	return m.wholes(ctx, found, limit), nil
}

type reactionKey struct {
	post, user uuid.UUID
	emoji      string
}

type keptReaction struct {
	ports.NewsReaction

	post uuid.UUID
}

type viewKey struct{ post, user uuid.UUID }

type memoryReactions struct{ *memoryNews }

func (m memoryReactions) React(ctx context.Context, post, user uuid.UUID, emoji string, now time.Time) (bool, error) {
	key := reactionKey{post, user, emoji}
	if _, known := m.reactions.Get(ctx, key); known {
		return false, nil
	}
	if err := m.change(ctx, post, func(d *domain.NewsData) { d.Reactions++ }); err != nil {
		return false, err
	}
	m.reactions.Put(ctx, key, keptReaction{ports.NewsReaction{ID: m.next(), UserID: user, Emoji: emoji, CreatedAt: now}, post})
	return true, nil
}

func (m memoryReactions) Withdraw(ctx context.Context, post, user uuid.UUID, emoji string) (bool, error) {
	if m.reactions.Delete(ctx, func(r keptReaction) bool { return r.post == post && r.UserID == user && r.Emoji == emoji }) == 0 {
		return false, nil
	}
	return true, m.change(ctx, post, func(d *domain.NewsData) { d.Reactions-- })
}

func (m memoryReactions) Of(ctx context.Context, reader uuid.UUID, posts []uuid.UUID) (map[uuid.UUID][]ports.Emoji, error) {
	found := map[uuid.UUID][]ports.Emoji{}
	for _, r := range m.reactions.All(ctx, func(r keptReaction) bool { return slices.Contains(posts, r.post) }) {
		of := found[r.post]
		at := slices.IndexFunc(of, func(e ports.Emoji) bool { return e.Emoji == r.Emoji })
		if at < 0 {
			at, of = len(of), append(of, ports.Emoji{Emoji: r.Emoji})
		}
		of[at].Count++
		of[at].Mine = of[at].Mine || r.UserID == reader
		found[r.post] = of
	}
	for _, of := range found {
		slices.SortFunc(of, func(a, b ports.Emoji) int {
			return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Emoji, b.Emoji))
		})
	}
	return found, nil
}

func (m memoryReactions) Given(ctx context.Context, post uuid.UUID, offset, limit int) ([]ports.NewsReaction, error) {
	var given []ports.NewsReaction
	for _, r := range m.reactions.All(ctx, func(r keptReaction) bool { return r.post == post }) {
		given = append(given, r.NewsReaction)
	}
	slices.SortFunc(given, func(a, b ports.NewsReaction) int { return cmp.Compare(b.ID, a.ID) })
	given = given[min(offset, len(given)):]
	return given[:min(limit, len(given))], nil
}

func (m memoryReactions) View(ctx context.Context, post, user uuid.UUID, _ time.Time) (bool, error) {
	if _, seen := m.views.Get(ctx, viewKey{post, user}); seen {
		return false, nil
	}
	m.views.Put(ctx, viewKey{post, user}, post)
	return true, m.change(ctx, post, func(d *domain.NewsData) { d.Views++ })
}
