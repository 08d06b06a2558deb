// Package app holds the use cases of activity: authorise, apply the rules, call the ports.
package app

import (
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/activity/domain"
	"go.updspace.com/activity/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/page"
)

// Feed are the use cases of readers.
type Feed struct {
	sight    Sight
	items    ports.Items
	readers  ports.Readers
	profiles ports.Profiles
	arrivals ports.Arrivals
	tx       ports.Tx
	clock    ports.Clock
	log      *slog.Logger
}

// NewFeed returns the use cases.
func NewFeed(
	sight Sight, items ports.Items, readers ports.Readers, profiles ports.Profiles, arrivals ports.Arrivals, tx ports.Tx, clock ports.Clock, log *slog.Logger,
) *Feed {
	return &Feed{sight: sight, items: items, readers: readers, profiles: profiles, arrivals: arrivals, tx: tx, clock: clock, log: log}
}

// ListFeed selects items. Zero values match all.
type ListFeed struct {
	Types              []string
	From, To           time.Time
	ScopeType, ScopeID string // one scope, instead of those of the subscription; both or none
	Page               page.Request
}

// FeedItem is an item with the profile of its actor, if that is known.
type FeedItem struct {
	domain.Item
	Actor *domain.Profile
}

// feedList names the feed in its cursors.
const feedList = "feed"

// List returns a page of what the caller may see, newest first.
func (s *Feed) List(ctx context.Context, by authz.Actor, in ListFeed) (page.Page[FeedItem], error) {
	return s.list(ctx, by, in, page.MaxLimit)
}

// MaxItems is how many items ListItems returns at most.
const MaxItems = 200

// ListItems is List without pages.
func (s *Feed) ListItems(ctx context.Context, by authz.Actor, in ListFeed) ([]FeedItem, error) {
	found, err := s.list(ctx, by, in, MaxItems)
	return found.Items, err
}

func (s *Feed) list(ctx context.Context, by authz.Actor, in ListFeed, most int) (page.Page[FeedItem], error) {
	filter := domain.Filter{From: in.From, To: in.To}
	var after domain.Key
	var err error
	if filter.Types, err = domain.ParseTypes(in.Types); err != nil {
		return page.Page[FeedItem]{}, err
	}
	if _, err := page.Decode(feedList, in.Page.Cursor, &after.OccurredAt, &after.ID); err != nil {
		return page.Page[FeedItem]{}, err
	}
	if in.ScopeType != "" && in.ScopeID != "" {
		scope, err := domain.ParseScope(by.Tenant, in.ScopeType, in.ScopeID)
		if err != nil {
			return page.Page[FeedItem]{}, err
		}
		filter.Scopes, filter.Exactly = []authz.Scope{scope}, true
	}
	viewer, err := s.sight.Of(ctx, by)
	if err != nil {
		return page.Page[FeedItem]{}, err
	}
	if !filter.Exactly {
		if filter.Scopes, err = s.subscribed(ctx, by.User); err != nil {
			return page.Page[FeedItem]{}, err
		}
	}
	found, err := page.FetchMax(in.Page.Limit, most, func(limit int) ([]domain.Item, error) {
		return s.items.Page(ctx, viewer, filter, after, limit)
	}, func(last domain.Item) string { return page.Encode(feedList, last.Key().OccurredAt, last.Key().ID) })
	if err != nil {
		return page.Page[FeedItem]{}, err
	}
	return page.Page[FeedItem]{Items: s.withActors(ctx, found.Items), Next: found.Next}, nil
}

// subscribed are the scopes that a user's feed is limited to, or none.
func (s *Feed) subscribed(ctx context.Context, user uuid.UUID) ([]authz.Scope, error) {
	subscription, _, err := s.readers.Subscription(ctx, user)
	return subscription.Scopes, err
}

// withActors adds the profiles of the actors, asked for at once. A feed without names is better than none.
func (s *Feed) withActors(ctx context.Context, items []domain.Item) []FeedItem {
	var users []uuid.UUID
	seen := map[uuid.UUID]bool{uuid.Nil: true}
	for _, item := range items {
		if actor := item.Data().Actor; !seen[actor] {
			seen[actor] = true
			users = append(users, actor)
		}
	}
	var profiles map[uuid.UUID]domain.Profile
	if len(users) > 0 {
		var err error
		if profiles, err = s.profiles.Lookup(ctx, users); err != nil {
			s.log.WarnContext(ctx, "the profiles of a page of the feed are not known", "error", err)
		}
	}
	shown := make([]FeedItem, len(items))
	for i, item := range items {
		shown[i].Item = item
		if profile, ok := profiles[item.Data().Actor]; ok {
			shown[i].Actor = &profile
		}
	}
	return shown
}
