// Package inbox reads the domain events of other services: what happened there becomes items of the feed.
package inbox

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/uuid"

	"go.updspace.com/activity/domain"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/reqctx"
)

// Types are the events that Feed is for.
func Types() []string {
	types := make([]string, 0, len(mappings))
	for t := range mappings {
		types = append(types, t)
	}
	slices.Sort(types)
	return types
}

// Feed passes on the changes of the feed that events tell of.
func Feed(apply func(ctx context.Context, changes ...domain.Change) error) outbox.BatchHandler {
	return func(ctx context.Context, events []event.Event) error {
		var all []domain.Change
		for _, e := range events {
			changes, err := changesOf(ctx, e)
			if err != nil {
				return err
			}
			all = append(all, changes...)
		}
		return apply(ctx, all...)
	}
}

func changesOf(ctx context.Context, e event.Event) ([]domain.Change, error) {
	mapping, ok := mappings[e.Type()]
	if !ok {
		return nil, nil
	}
	tenant := reqctx.From(ctx).TenantID
	if tenant == uuid.Nil {
		return nil, outbox.Poison(errors.New("an event without a tenant"))
	}
	changes, err := mapping(source{tenant, e.Time()}, e)
	if err != nil {
		return nil, outbox.Poison(err)
	}
	return changes, nil
}

// mapping makes the changes of the feed of an event.
type mapping func(source, event.Event) ([]domain.Change, error)

// source is what every mapping needs of the envelope.
type source struct {
	tenant uuid.UUID
	at     time.Time
}

// by makes a mapping of a decoder and of what the data means.
func by[T any](decode func(kind string, data []byte) (T, error), changes func(source, T) ([]domain.Change, error)) mapping {
	return func(s source, e event.Event) ([]domain.Change, error) {
		data, err := decode(e.Type(), e.Data())
		if err != nil {
			return nil, err
		}
		return changes(s, data)
	}
}

// put is the change to an item that the source has since the event, at the latest.
func (s source) put(d domain.ItemData) ([]domain.Change, error) {
	d.TenantID, d.ChangedAt = s.tenant, s.at
	if d.OccurredAt.IsZero() {
		d.OccurredAt = s.at
	}
	d.Visibility = fitting(d.Visibility, d.Scope)
	item, err := domain.NewItem(d)
	return []domain.Change{domain.Put(item)}, err
}

// timeOf is a time that an event may have: without it, the item occurred when the event did.
func timeOf(at *time.Time) time.Time {
	if at == nil {
		return time.Time{}
	}
	return *at
}

// retract is the change to no item.
func (s source) retract(sourceRef string) ([]domain.Change, error) {
	return []domain.Change{domain.Retract(s.tenant, sourceRef, s.at)}, nil
}

// fitting narrows a visibility that a scope cannot have.
func fitting(v authz.Visibility, scope authz.Scope) authz.Visibility {
	switch {
	case v.Fits(scope.Type).None():
		return v
	case scope.Type == authz.ScopeTeam:
		return authz.VisibilityTeam
	case scope.Type == authz.ScopeCommunity:
		return authz.VisibilityCommunity
	}
	return authz.VisibilityPrivate
}

// scope is the scope in which access is asked. Events and posts, which polls can belong to, are none that access knows: for them it
// is the tenant, as in voting.
func (s source) scope(kind string, id uuid.UUID) authz.Scope {
	switch t := authz.ScopeType(kind); t {
	case authz.ScopeCommunity, authz.ScopeTeam:
		return authz.Scope{Type: t, ID: id}
	}
	return authz.TenantScope(s.tenant)
}
