// Package app holds the use cases of activity: authorise, apply the rules, call the ports.
package app

import (
	"context"
	"time"

	"go.updspace.com/activity/domain"
	"go.updspace.com/activity/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/page"
)

// Sight asks access what a member may see. Every use case that reads, counts or answers items goes through it.
type Sight struct{ access authz.Checker }

// NewSight returns the use case.
func NewSight(access authz.Checker) Sight { return Sight{access} }

// Of returns what the caller may see now, or refuses a caller who may read the feed nowhere.
func (s Sight) Of(ctx context.Context, by authz.Actor) (domain.Viewer, error) {
	answers, err := s.access.AllowedScopes(ctx, domain.ViewerQueries())
	if err != nil {
		return domain.Viewer{}, err
	}
	return domain.NewViewer(by, answers)
}

// Feed are the use cases of readers.
type Feed struct {
	sight Sight
	items ports.Items
}

// NewFeed returns the use cases.
func NewFeed(sight Sight, items ports.Items) *Feed { return &Feed{sight: sight, items: items} }

// ListFeed selects items. Zero values match all.
type ListFeed struct {
	Types              []string
	From, To           time.Time
	ScopeType, ScopeID string
	Page               page.Request
}

func (in ListFeed) filter(by authz.Actor) (f domain.Filter, err error) {
	if f.Types, err = domain.ParseTypes(in.Types); err != nil {
		return f, err
	}
	f.From, f.To = in.From, in.To
	if in.ScopeType != "" && in.ScopeID != "" {
		scope, err := domain.ParseScope(by.Tenant, in.ScopeType, in.ScopeID)
		if err != nil {
			return f, err
		}
		f.Scopes, f.Exactly = []authz.Scope{scope}, true
	}
	return f, nil
}

// feedList names the feed in its cursors.
const feedList = "feed"

// List returns a page of what the caller may see, newest first.
func (s *Feed) List(ctx context.Context, by authz.Actor, in ListFeed) (page.Page[domain.Item], error) {
	filter, err := in.filter(by)
	if err != nil {
		return page.Page[domain.Item]{}, err
	}
	var after domain.Key
	if _, err := page.Decode(feedList, in.Page.Cursor, &after.OccurredAt, &after.ID); err != nil {
		return page.Page[domain.Item]{}, err
	}
	viewer, err := s.sight.Of(ctx, by)
	if err != nil {
		return page.Page[domain.Item]{}, err
	}
	return page.Fetch(in.Page.Limit, func(limit int) ([]domain.Item, error) {
		return s.items.Page(ctx, viewer, filter, after, limit)
	}, func(last domain.Item) string { return page.Encode(feedList, last.Key().OccurredAt, last.Key().ID) })
}
