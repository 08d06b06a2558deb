package app

import (
	"context"
	"log/slog"
	"maps"
	"slices"

	"github.com/google/uuid"

	"go.updspace.com/activity/domain"
	"go.updspace.com/activity/ports"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/blob"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/idempotency"
)

// NewsDeps are the ports of the use cases of news.
type NewsDeps struct {
	Access    authz.Checker
	News      ports.News
	Reactions ports.Reactions
	Comments  ports.Comments
	Images    ports.NewsImages
	Reports   ports.Reports
	Items     ports.Items
	Profiles  ports.Profiles
	Groups    groups.Store
	Blobs     blob.Store
	Pictures  ports.Pictures
	Types     ports.FileTypes
	Markdown  ports.Markdown
	Quota     ports.Quota
	Events    ports.Events
	Audit     ports.AuditLog
	Tx        ports.Tx
	Once      idempotency.Requests
	Clock     ports.Clock
	Log       *slog.Logger
}

// News are the use cases of news.
type News struct{ NewsDeps }

// NewNews returns the use cases.
func NewNews(d NewsDeps) *News { return &News{d} }

// errNotPublished is what those who see a draft or a hidden post get when they do with it what only readers do.
var errNotPublished = errs.New(errs.Conflict, "NEWS_NOT_PUBLISHED", "This post is not published.")

// viewer asks access once what the caller may see and where the caller moderates.
func (s *News) viewer(ctx context.Context, by authz.Actor) (domain.NewsViewer, error) {
	answers, err := s.Access.AllowedScopes(ctx, domain.NewsViewerQueries())
	if err != nil {
		return domain.NewsViewer{}, err
	}
	return domain.NewNewsViewer(by, answers)
}

// seen finds a post that the caller sees. Others do not exist for the caller.
func (s *News) seen(ctx context.Context, by authz.Actor, id uuid.UUID) (domain.NewsViewer, domain.NewsPost, error) {
	viewer, err := s.viewer(ctx, by)
	if err != nil {
		return viewer, domain.NewsPost{}, err
	}
	post, err := s.News.Find(ctx, id)
	if err == nil && !viewer.SeesPost(post) {
		err = domain.ErrNewsNotFound
	}
	return viewer, post, err
}

// seenListed is seen for what readers do with a post: it must be published.
func (s *News) seenListed(ctx context.Context, by authz.Actor, id uuid.UUID) (domain.NewsViewer, domain.NewsPost, error) {
	viewer, post, err := s.seen(ctx, by, id)
	if err == nil && !post.Listed() {
		err = errNotPublished
	}
	return viewer, post, err
}

// locked finds and locks a post that the caller may change, in a transaction.
func (s *News) locked(ctx context.Context, viewer domain.NewsViewer, id uuid.UUID) (domain.NewsPost, error) {
	post, err := s.News.Lock(ctx, id)
	switch {
	case err != nil:
		return post, err
	case !viewer.SeesPost(post):
		return post, domain.ErrNewsNotFound
	case !viewer.Changes(post):
		return post, authz.Denied(domain.PermissionNewsManage)
	}
	return post, nil
}

// ShownNews is a post as a reader sees it.
type ShownNews struct {
	Post      domain.NewsPost
	Author    *domain.Profile // nil while it is not known
	HTML      string
	Reactions []ports.Emoji
	Images    map[uuid.UUID]domain.NewsImage
	CanEdit   bool
	Moderates bool
}

// shown adds to posts what readers see of them, by a fixed number of queries.
func (s *News) shown(ctx context.Context, viewer domain.NewsViewer, posts ...domain.NewsPost) ([]ShownNews, error) {
	if len(posts) == 0 {
		return []ShownNews{}, nil
	}
	ids := make([]uuid.UUID, len(posts))
	users := make([]uuid.UUID, len(posts))
	var pictures []uuid.UUID
	for i, post := range posts {
		ids[i], users[i] = post.ID(), post.Data().AuthorID
		pictures = append(pictures, post.Images()...)
	}
	reactions, err := s.Reactions.Of(ctx, viewer.Actor.User, ids)
	if err != nil {
		return nil, err
	}
	images := map[uuid.UUID]domain.NewsImage{}
	if len(pictures) > 0 {
		found, err := s.Images.Each(ctx, pictures)
		if err != nil {
			return nil, err
		}
		for _, image := range found {
			images[image.ID()] = image
		}
	}
	authors := s.profiles(ctx, users)
	shown := make([]ShownNews, len(posts))
	for i, post := range posts {
		html, err := s.Markdown.Render(post.Data().Body)
		if err != nil {
			html = "" // stored before the bounds became tighter: readers get the source
		}
		shown[i] = ShownNews{
			Post: post, Author: authors(post.Data().AuthorID), HTML: html, Reactions: reactions[post.ID()], Images: images, CanEdit: viewer.Changes(post), Moderates: viewer.Moderates(post),
		}
	}
	return shown, nil
}

// profiles asks for the profiles of the users of a list, at once. A list without names is better than none.
func (s *News) profiles(ctx context.Context, users []uuid.UUID) func(uuid.UUID) *domain.Profile {
	once := map[uuid.UUID]bool{}
	for _, user := range users {
		once[user] = user != uuid.Nil
	}
	delete(once, uuid.Nil)
	found := map[uuid.UUID]domain.Profile{}
	if len(once) > 0 {
		var err error
		if found, err = s.Profiles.Lookup(ctx, slices.Collect(maps.Keys(once))); err != nil {
			s.Log.WarnContext(ctx, "the profiles of members are not known", "error", err)
		}
	}
	return func(user uuid.UUID) *domain.Profile {
		if profile, ok := found[user]; ok {
			return &profile
		}
		return nil
	}
}

// one is shown for the state of one post that is stored now.
func (s *News) one(ctx context.Context, viewer domain.NewsViewer, id uuid.UUID) (ShownNews, error) {
	post, err := s.News.Find(ctx, id)
	if err != nil {
		return ShownNews{}, err
	}
	shown, err := s.shown(ctx, viewer, post)
	if err != nil {
		return ShownNews{}, err
	}
	return shown[0], nil
}

// entry is an entry of the audit log about a post.
func (s *News) entry(action string, post domain.NewsPost, reason string, more map[string]any) audit.Entry {
	d := post.Data()
	metadata := map[string]any{"scope_type": string(d.Scope.Type), "scope_id": d.Scope.ID.String(), "status": string(d.Status)}
	maps.Copy(metadata, more)
	return audit.Entry{
		Action: action, TargetType: "news", TargetID: d.ID.String(), About: d.AuthorID, Reason: reason, At: s.Clock.Now(), Metadata: metadata,
	}
}
