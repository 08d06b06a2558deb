package domain

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
)

// Filter selects items of the feed. Zero values match all; Types is never empty.
type Filter struct {
	Types    []ItemType
	From, To time.Time     // both inclusive
	Scopes   []authz.Scope // of these scopes
	Exactly  bool          // without the scopes within Scopes
	After    time.Time     // exclusive
	NotBy    uuid.UUID     // not those of an actor; uuid.Nil for none
}

// Key is the position of an item in the feed: the order is by time, then by id, both descending. The zero key is before the first.
type Key struct {
	OccurredAt time.Time
	ID         int64
}

// Key returns the position of the item.
func (i Item) Key() Key { return Key{i.data.OccurredAt, i.data.ID} }

// MaxUnread is the greatest count of unread items. It bounds the work of counting.
const MaxUnread = 1000

// ParseScope returns the scope that a filter names. Upper and lower case of the type are the same.
func ParseScope(tenant uuid.UUID, kind, id string) (authz.Scope, error) {
	return parseScope(tenant, kind, id, "")
}

func parseScope(tenant uuid.UUID, kind, id, path string) (authz.Scope, error) {
	return itemScopes.ParseFields(tenant, authz.ScopeType(strings.ToUpper(kind)), id, path+"scope_type", path+"scope_id")
}
