// Package domain holds what Access knows and how it decides: the catalogue of permissions, the role templates, scopes and
// their reach, and the pure function from a check and the facts about its subject to a decision.
package domain

import (
	"cmp"
	"slices"
)

// Service names the service that owns permissions and roles.
type Service string

// The services of the platform that have permissions.
const (
	Portal          Service = "portal"
	Voting          Service = "voting"
	Events          Service = "events"
	Activity        Service = "activity"
	Gamification    Service = "gamification"
	Personalization Service = "personalization"
)

// Services lists them in the order of their introduction.
func Services() []Service {
	return []Service{Portal, Voting, Events, Activity, Gamification, Personalization}
}

// Text is a text in the languages of the platform.
type Text struct{ EN, RU string }

// Permission is something that may be allowed. Keys read service.resource.action.
type Permission struct {
	Key         string
	Service     Service
	Description Text   // what its holders may do, as the end of "may"
	Effect      Text   // what that means for them and for others
	Reserved    string // why it is here although no service asks for it; empty when one does
}

// Catalogue is the closed set of permissions. The zero value is empty; use NewCatalogue.
type Catalogue struct {
	ordered []Permission // by service, then key: the order of the wire
	byKey   map[string]int
}

// NewCatalogue orders and indexes permissions. Of two with one key the last wins.
func NewCatalogue(permissions []Permission) Catalogue {
	c := Catalogue{byKey: make(map[string]int, len(permissions))}
	unique := make(map[string]Permission, len(permissions))
	for _, p := range permissions {
		unique[p.Key] = p
	}
	for _, p := range unique {
		c.ordered = append(c.ordered, p)
	}
	slices.SortFunc(c.ordered, func(a, b Permission) int {
		return cmp.Or(cmp.Compare(a.Service, b.Service), cmp.Compare(a.Key, b.Key))
	})
	for i, p := range c.ordered {
		c.byKey[p.Key] = i
	}
	return c
}

// Find returns the permission of that key.
func (c Catalogue) Find(key string) (Permission, bool) {
	i, ok := c.byKey[key]
	if !ok {
		return Permission{}, false
	}
	return c.ordered[i], true
}

// All returns every permission, ordered by service and key. The slice is the catalogue's own.
func (c Catalogue) All() []Permission { return c.ordered }

// OfService returns the permissions of one service, ordered by key.
func (c Catalogue) OfService(service Service) []Permission {
	return slices.DeleteFunc(slices.Clone(c.ordered), func(p Permission) bool { return p.Service != service })
}
