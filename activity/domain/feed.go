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
	// Grouped shows of the items of one Group only the latest. Only those up to the id Until count, so that pages that follow one another show
	// what there was when the first one was read.
	Grouped bool
	Until   int64
}

// GroupKey names the items that are one in a grouped feed: what is of one type, about one source. The zero key is no group.
type GroupKey struct {
	Type   ItemType
	Parent string
}

// GroupKey returns the group of the item.
func (i Item) GroupKey() GroupKey {
	if i.data.Parent == "" || !typeRules[i.data.Type].grouped {
		return GroupKey{}
	}
	return GroupKey{i.data.Type, i.data.Parent}
}

// Group is what the latest item of a group stands for.
type Group struct {
	Count  int         // of members
	Actors []uuid.UUID // the latest of them, at most MaxGroupActors
}

// MaxGroupActors is how many members a group names.
const MaxGroupActors = 3

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
