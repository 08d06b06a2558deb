package domain

import (
	"reflect"
	"slices"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
)

// Sight is what decides who sees an item, and nothing of what the item says.
type Sight struct {
	Type       ItemType
	Visibility authz.Visibility
	Scope      authz.Scope
	Community  uuid.UUID // of a team, if it is known
	Actor      uuid.UUID // uuid.Nil for none
	Target     uuid.UUID // uuid.Nil for none
}

// Sight returns what decides who sees the item, without the community of a team.
func (i Item) Sight() Sight {
	d := i.data
	return Sight{Type: d.Type, Visibility: d.Visibility, Scope: d.Scope, Actor: d.Actor, Target: d.Target}
}

// Within reports whether the item is in one of the scopes of a subscription. None stand for the whole tenant.
func (s Sight) Within(scopes []authz.Scope) bool {
	return len(scopes) == 0 || slices.ContainsFunc(scopes, func(of authz.Scope) bool {
		switch of.Type {
		case authz.ScopeTenant:
			return true
		case authz.ScopeCommunity:
			return of == s.Scope || s.Scope.Type == authz.ScopeTeam && s.Community == of.ID
		}
		return of == s.Scope
	})
}

// Names reports whether everybody who passes Checks sees the item, or, of a private item, only its actor and its target.
func (s Sight) Names(user uuid.UUID) bool {
	return s.Visibility != authz.VisibilityPrivate || user == s.Actor || user == s.Target
}

// Checks are the questions to access that a user must pass who sees the item. Together with Names they are Viewer.Sees, asked about
// one item and many users instead of one user and many items.
func (s Sight) Checks() []authz.Check {
	check := authz.Check{Permission: PermissionFeedRead, Scope: s.Scope, Visibility: s.Visibility}
	switch {
	case s.Visibility == authz.VisibilityPrivate: // Names says who
		check.Visibility = authz.VisibilityPublic
	case s.Visibility == authz.VisibilityCommunity && s.Scope.Type == authz.ScopeTenant: // of a tenant: its members, and only they read there
		check.Visibility = authz.VisibilityPublic
	}
	checks := []authz.Check{check}
	if source := typeRules[s.Type].read; source != "" {
		check.Permission = source
		checks = append(checks, check)
	}
	return checks
}

// Update says that an item was put, corrected or retracted. It has nothing of what the item says, because not all who hear of the update see the
// item.
type Update struct {
	SourceRef  string
	ItemID     int64
	Type       ItemType
	OccurredAt time.Time
	Before     []Sight  // none if there was no item
	After      []Sight  // none if there is none
	Fields     []string // what of the source changed, as far as it is known
}

// Shown is an item that there is, with its sight and that of the item that it is about. Who sees it sees both.
type Shown struct {
	Item
	Sights []Sight
}

// NewShown makes one of an item and the one that it is about, if there is one.
func NewShown(item Item, parent *Item) Shown {
	s := Shown{Item: item, Sights: []Sight{item.Sight()}}
	if parent != nil {
		s.Sights = append(s.Sights, parent.Sight())
	}
	return s
}

// NewUpdate compares what is shown of a source; nil for nothing. changed is false if it is the same.
func NewUpdate(before, after *Shown) (u Update, changed bool) {
	shown := after
	if shown == nil {
		shown = before
	}
	if shown == nil {
		return Update{}, false
	}
	u = Update{SourceRef: shown.data.SourceRef, ItemID: shown.data.ID, Type: shown.data.Type, OccurredAt: shown.data.OccurredAt}
	if before != nil {
		u.Before = before.Sights
	}
	if after != nil {
		u.After = after.Sights
	}
	if before == nil || after == nil {
		return u, true
	}
	u.Fields = changedFields(*before, *after)
	return u, len(u.Fields) > 0
}

// changedFields are the names of the fields that differ, as clients of the first release know them.
func changedFields(was, is Shown) []string {
	before, after := was.data, is.data
	fields := map[string]bool{
		"title":      before.Title != after.Title || before.Link != after.Link,
		"visibility": !slices.Equal(was.Sights, is.Sights),
		"status":     !before.OccurredAt.Equal(after.OccurredAt),
	}
	for name := range after.Payload {
		fields[name] = fields[name] || !reflect.DeepEqual(before.Payload[name], after.Payload[name])
	}
	for name := range before.Payload {
		if _, kept := after.Payload[name]; !kept {
			fields[name] = true
		}
	}
	var changed []string
	for name, differs := range fields {
		if differs {
			changed = append(changed, name)
		}
	}
	slices.Sort(changed)
	return changed
}
