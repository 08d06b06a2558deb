// Package domain holds the types and rules of activity. It does no I/O and reads no clock.
package domain

import (
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/valid"
)

// The permissions that activity checks, all in the scope of the tenant.
const (
	PermissionItemsRead   authz.Permission = "activity.items.read"
	PermissionItemsCreate authz.Permission = "activity.items.create"
	PermissionItemsManage authz.Permission = "activity.items.manage"
)

// ErrItemNotFound says that the tenant has no such item.
var ErrItemNotFound = errs.New(errs.NotFound, "ITEM_NOT_FOUND", "This item does not exist.")

// The lengths of texts, in characters.
const (
	maxTitle = 200
	maxText  = 10_000
)

// Item is the resource of the service. An item that violates a rule cannot be built.
type Item struct{ data ItemData }

// ItemData are the fields of an item.
type ItemData struct {
	ID                   uuid.UUID
	TenantID             uuid.UUID
	Title, Text          string
	CreatedBy            uuid.UUID
	CreatedAt, UpdatedAt time.Time
}

// ItemDraft is what a caller states of a new item.
type ItemDraft struct{ Title, Text string }

// NewItem creates an item, or reports every wrong field.
func NewItem(by authz.Actor, draft ItemDraft, now time.Time) (Item, error) {
	item := Item{ItemData{ID: valid.NewID(), TenantID: by.Tenant, CreatedBy: by.User, CreatedAt: now}}
	return item.Edit(ItemEdit{Title: &draft.Title, Text: &draft.Text}, now)
}

// RestoreItem builds an item from storage.
func RestoreItem(d ItemData) Item { return Item{d} }

// Data returns the fields.
func (i Item) Data() ItemData { return i.data }

// ItemEdit changes the fields that are not nil.
type ItemEdit struct{ Title, Text *string }

// Edit returns the changed item, or reports every wrong field.
func (i Item) Edit(e ItemEdit, now time.Time) (Item, error) {
	fields := errs.Fields{}
	if e.Title != nil {
		i.data.Title = valid.Line(fields, "title", *e.Title, 1, maxTitle)
	}
	if e.Text != nil {
		i.data.Text = valid.Text(fields, "text", *e.Text, 0, maxText)
	}
	i.data.UpdatedAt = now
	return i, fields.Err()
}
