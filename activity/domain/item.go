// Package domain holds the types and rules of activity. It does no I/O and reads no clock.
package domain

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
)

// ErrItemNotFound says that the tenant has no such item.
var ErrItemNotFound = errs.New(errs.NotFound, "ITEM_NOT_FOUND", "This item does not exist.")

// The lengths of texts, in characters.
const (
	maxTitle     = 256
	maxSourceRef = 255
	maxLink      = 512
)

// Item is one thing that happened, as the feed shows it. An item that violates a rule cannot be built.
type Item struct{ data ItemData }

// ItemData are the fields of an item.
type ItemData struct {
	ID         int64 // given by the store; zero before
	TenantID   uuid.UUID
	SourceRef  string // names the source, once in a tenant: "poll:<id>"
	Parent     string // the source that this one is about, which must be visible, too; may be empty
	Type       ItemType
	Actor      uuid.UUID // who did it; uuid.Nil for none
	Target     uuid.UUID // to whom it was done; uuid.Nil for none
	OccurredAt time.Time
	ChangedAt  time.Time // when the source changed to what the item says; the item with the latest one counts
	Title      string
	Payload    map[string]any // a JSON object
	Visibility authz.Visibility
	Scope      authz.Scope // TENANT, COMMUNITY or TEAM: where access is asked
	Link       string      // the path of the source's page; may be empty
}

// NewItem builds an item. Longer titles are cut. ChangedAt is OccurredAt unless it is set.
func NewItem(d ItemData) (Item, error) {
	d.Title = cut(strings.TrimSpace(d.Title), maxTitle)
	if d.ChangedAt.IsZero() {
		d.ChangedAt = d.OccurredAt
	}
	if d.Payload == nil {
		d.Payload = map[string]any{}
	}
	switch {
	case d.TenantID == uuid.Nil:
		return Item{}, errs.Internalf("activity: an item without a tenant")
	case d.Parent == d.SourceRef || utf8.RuneCountInString(d.Parent) > maxSourceRef:
		return Item{}, errs.Internalf("activity: item %s is about %q", d.SourceRef, d.Parent)
	case d.SourceRef == "" || utf8.RuneCountInString(d.SourceRef) > maxSourceRef:
		return Item{}, errs.Internalf("activity: an item with the source %q", d.SourceRef)
	case !d.Type.Valid():
		return Item{}, errs.Internalf("activity: an item of the type %q", d.Type)
	case d.OccurredAt.IsZero():
		return Item{}, errs.Internalf("activity: item %s has no time", d.SourceRef)
	case !itemScopes.Has(d.Scope.Type) || d.Scope.ID == uuid.Nil:
		return Item{}, errs.Internalf("activity: item %s is in the scope %s", d.SourceRef, d.Scope)
	case !d.Visibility.Fits(d.Scope.Type).None():
		return Item{}, errs.Internalf("activity: item %s has the visibility %q in %s", d.SourceRef, d.Visibility, d.Scope)
	case utf8.RuneCountInString(d.Link) > maxLink:
		return Item{}, errs.Internalf("activity: the link of item %s is too long", d.SourceRef)
	}
	return Item{d}, nil
}

// itemScopes are the scopes of items.
var itemScopes = authz.ScopeTypes{authz.ScopeTenant, authz.ScopeCommunity, authz.ScopeTeam}

// RestoreItem builds an item from storage.
func RestoreItem(d ItemData) Item { return Item{d} }

// Data returns the fields.
func (i Item) Data() ItemData { return i.data }

func cut(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return strings.TrimSpace(string([]rune(s)[:most-1])) + "…"
}

// Change is what a source tells the feed: how its item is now, or that it has none.
type Change struct {
	item      Item
	retracted bool
}

// Put is the change that creates an item, or corrects the one of the same source.
func Put(item Item) Change { return Change{item: item} }

// Retract is the change that takes the item of a source away. The source can put an item again, with a later time.
func Retract(tenant uuid.UUID, sourceRef string, at time.Time) Change {
	return Change{retracted: true, item: Item{ItemData{TenantID: tenant, SourceRef: sourceRef, OccurredAt: at, ChangedAt: at}}}
}

// RestoreChange builds a change from storage.
func RestoreChange(item Item, retracted bool) Change { return Change{item, retracted} }

// Item returns the item. Of a retraction it has only the tenant, the source and the time.
func (c Change) Item() Item { return c.item }

// Retracted reports whether the source has no item.
func (c Change) Retracted() bool { return c.retracted }

// After returns what counts of two changes of one source, in either order. The later one counts, and of two at the same time
// the retraction. An item keeps the earliest time at which it occurred, until it is retracted.
func (c Change) After(o Change) Change {
	late, early := c, o
	if a, b := c.item.data.ChangedAt, o.item.data.ChangedAt; a.Before(b) || a.Equal(b) && o.retracted {
		late, early = o, c
	}
	if !late.retracted && !early.retracted && early.item.data.OccurredAt.Before(late.item.data.OccurredAt) {
		late.item.data.OccurredAt = early.item.data.OccurredAt
	}
	return late
}
