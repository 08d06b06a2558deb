// Package app holds the use cases of activity: authorise, apply the rules, call the ports.
package app

import (
	"context"
	"log/slog"
	"maps"
	"slices"
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
	Grouped            bool   // what many members do about one thing is one item
	Page               page.Request
}

// FeedItem is an item with the profile of its actor, if that is known.
type FeedItem struct {
	domain.Item
	Actor *domain.Profile
	Group *Group // of a grouped feed; nil for an item that stands for itself
}

// Group is what an item of a grouped feed stands for.
type Group struct {
	Count  int
	Actors []domain.Profile // the latest, as far as they are known
}

// The names of the feed in its cursors.
const (
	feedList    = "feed"
	groupedFeed = "feed in groups"
)

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
	filter := domain.Filter{From: in.From, To: in.To, Grouped: in.Grouped}
	var after domain.Key
	var err error
	if filter.Types, err = domain.ParseTypes(in.Types); err != nil {
		return page.Page[FeedItem]{}, err
	}
	cursor := func(last domain.Item) string { return page.Encode(feedList, last.Key().OccurredAt, last.Key().ID) }
	if in.Grouped {
		cursor = func(last domain.Item) string {
			return page.Encode(groupedFeed, last.Key().OccurredAt, last.Key().ID, filter.Until)
		}
		_, err = page.Decode(groupedFeed, in.Page.Cursor, &after.OccurredAt, &after.ID, &filter.Until)
	} else {
		_, err = page.Decode(feedList, in.Page.Cursor, &after.OccurredAt, &after.ID)
	}
	if err != nil {
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
	if in.Grouped && in.Page.Cursor == "" {
		if filter.Until, err = s.items.LastID(ctx); err != nil {
			return page.Page[FeedItem]{}, err
		}
	}
	found, err := page.FetchMax(in.Page.Limit, most, func(limit int) ([]domain.Item, error) {
		return s.items.Page(ctx, viewer, filter, after, limit)
	}, cursor)
	if err != nil {
		return page.Page[FeedItem]{}, err
	}
	groups, err := s.groups(ctx, viewer, filter, found.Items)
	if err != nil {
		return page.Page[FeedItem]{}, err
	}
	return page.Page[FeedItem]{Items: s.withActors(ctx, found.Items, groups), Next: found.Next}, nil
}

// groups returns what the items of a page stand for.
func (s *Feed) groups(ctx context.Context, viewer domain.Viewer, filter domain.Filter, items []domain.Item) (map[domain.GroupKey]domain.Group, error) {
	var keys []domain.GroupKey
	for _, item := range items {
		if key := item.GroupKey(); filter.Grouped && key != (domain.GroupKey{}) {
			keys = append(keys, key)
		}
	}
	if len(keys) == 0 {
		return nil, nil //nolint:nilnil // none
	}
	return s.items.Groups(ctx, viewer, filter, keys)
}

// subscribed are the scopes that a user's feed is limited to, or none.
func (s *Feed) subscribed(ctx context.Context, user uuid.UUID) ([]authz.Scope, error) {
	subscription, _, err := s.readers.Subscription(ctx, user)
	return subscription.Scopes, err
}

// withActors adds the profiles of the actors, asked for at once. A feed without names is better than none.
func (s *Feed) withActors(ctx context.Context, items []domain.Item, groups map[domain.GroupKey]domain.Group) []FeedItem {
	var users []uuid.UUID
	seen := map[uuid.UUID]bool{uuid.Nil: true}
	for _, item := range items {
		for _, actor := range append([]uuid.UUID{item.Data().Actor}, groups[item.GroupKey()].Actors...) {
			if !seen[actor] {
				seen[actor] = true
				users = append(users, actor)
			}
		}
	}
	profiles := s.namesOf(ctx, users)
	shown := make([]FeedItem, len(items))
	for i, item := range items {
		shown[i].Item = item
		if profile, ok := profiles[item.Data().Actor]; ok {
			shown[i].Actor = &profile
		}
		if group, ok := groups[item.GroupKey()]; ok {
			shown[i].Group = &Group{Count: group.Count, Actors: []domain.Profile{}}
			for _, actor := range group.Actors {
				if profile, ok := profiles[actor]; ok {
					shown[i].Group.Actors = append(shown[i].Group.Actors, profile)
				}
			}
		}
	}
	return shown
}

// namesOf returns the profiles that are known.
func (s *Feed) namesOf(ctx context.Context, users []uuid.UUID) map[uuid.UUID]domain.Profile {
	all := map[uuid.UUID]domain.Profile{}
	for part := range slices.Chunk(users, ports.MaxProfiles) {
		profiles, err := s.profiles.Lookup(ctx, part)
		maps.Copy(all, profiles) // old names, while portal is away
		if err != nil {
			s.log.WarnContext(ctx, "the profiles of a page of the feed are not known", "error", err)
			break
		}
	}
	return all
}
