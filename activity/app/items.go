// Package app holds the use cases of activity: authorise, apply the rules, call the ports.
package app

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/activity/domain"
	"go.updspace.com/activity/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/idempotency"
	"go.updspace.com/libs/page"
)

// Items are the use cases around items.
type Items struct {
	access authz.Checker
	items  ports.Items
	events ports.Events
	tx     ports.Tx
	once   idempotency.Requests
	clock  ports.Clock
}

// NewItems returns the use cases.
func NewItems(access authz.Checker, items ports.Items, events ports.Events, tx ports.Tx, once idempotency.Requests, clock ports.Clock) *Items {
	return &Items{access: access, items: items, events: events, tx: tx, once: once, clock: clock}
}

// require checks a permission in the scope of the caller's tenant.
func (s *Items) require(ctx context.Context, by authz.Actor, permission authz.Permission) error {
	return authz.Require(ctx, s.access, authz.Check{Permission: permission, Scope: authz.TenantScope(by.Tenant)})
}

// List returns a page of items, newest first.
func (s *Items) List(ctx context.Context, by authz.Actor, request page.Request) (page.Page[domain.Item], error) {
	if err := s.require(ctx, by, domain.PermissionItemsRead); err != nil {
		return page.Page[domain.Item]{}, err
	}
	return s.items.Page(ctx, request)
}

// Get returns an item.
func (s *Items) Get(ctx context.Context, by authz.Actor, id uuid.UUID) (domain.Item, error) {
	if err := s.require(ctx, by, domain.PermissionItemsRead); err != nil {
		return domain.Item{}, err
	}
	return s.items.Find(ctx, id)
}

// Create stores a new item. A repeated request returns the item of the first one.
func (s *Items) Create(ctx context.Context, by authz.Actor, draft domain.ItemDraft) (domain.Item, error) {
	if err := s.require(ctx, by, domain.PermissionItemsCreate); err != nil {
		return domain.Item{}, err
	}
	return idempotency.Once(ctx, s.once, "createItem", draft, func(ctx context.Context) (domain.Item, error) {
		item, err := domain.NewItem(by, draft, s.clock.Now())
		if err != nil {
			return item, err
		}
		if err := s.items.Add(ctx, item); err != nil {
			return item, err
		}
		return item, s.events.Publish(ctx, domain.ItemCreated{Item: item})
	}, func(i domain.Item) uuid.UUID { return i.Data().ID }, s.items.Find)
}

// Update changes an item.
func (s *Items) Update(ctx context.Context, by authz.Actor, id uuid.UUID, edit domain.ItemEdit) (item domain.Item, err error) {
	if err := s.require(ctx, by, domain.PermissionItemsManage); err != nil {
		return item, err
	}
	err = s.tx.Do(ctx, func(ctx context.Context) error {
		if item, err = s.items.Lock(ctx, id); err != nil {
			return err
		}
		if item, err = item.Edit(edit, s.clock.Now()); err != nil {
			return err
		}
		if err := s.items.Update(ctx, item); err != nil {
			return err
		}
		return s.events.Publish(ctx, domain.ItemUpdated{Item: item})
	})
	return item, err
}

// Delete removes an item.
func (s *Items) Delete(ctx context.Context, by authz.Actor, id uuid.UUID) error {
	if err := s.require(ctx, by, domain.PermissionItemsManage); err != nil {
		return err
	}
	return s.tx.Do(ctx, func(ctx context.Context) error {
		item, err := s.items.Lock(ctx, id)
		if err != nil {
			return err
		}
		if err := s.items.Delete(ctx, id); err != nil {
			return err
		}
		return s.events.Publish(ctx, domain.ItemDeleted{Item: item})
	})
}
