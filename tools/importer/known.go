package importer

import (
	"strings"

	"github.com/google/uuid"
)

// known is what later services must know of what was taken.
type known struct {
	tenants   map[uuid.UUID]tenant    // by the id that they had in the gateway, and so in all services but identity
	ofID      map[uuid.UUID]uuid.UUID // by the id that they had in identity
	users     map[uuid.UUID]*person
	members   map[member]bool // of tenants; whether active
	groups    map[uuid.UUID]group
	places    map[uuid.UUID]string    // the kinds of what polls can be about: events and posts
	tenantsOf map[uuid.UUID]uuid.UUID // the tenants of events and posts
}

// tenant is a tenant as it is in the new system.
type tenant struct {
	id   uuid.UUID
	slug string
	name string
}

// person is what other services know of an account.
type person struct {
	username, display, first, last string
	blocked, admin                 bool
	proven                         bool // the address is its owner's, and so is what was added to the account
}

type member struct{ tenant, user uuid.UUID }

// group is a community or a team.
type group struct {
	tenant, id, community uuid.UUID
	team, archived        bool
	roles                 map[uuid.UUID]string // of its members
}

func (g group) scopeType() string {
	if g.team {
		return "TEAM"
	}
	return "COMMUNITY"
}

func newKnown() known {
	return known{
		tenants: map[uuid.UUID]tenant{}, ofID: map[uuid.UUID]uuid.UUID{}, users: map[uuid.UUID]*person{}, members: map[member]bool{},
		groups: map[uuid.UUID]group{}, places: map[uuid.UUID]string{}, tenantsOf: map[uuid.UUID]uuid.UUID{},
	}
}

// Reasons for which rows of several kinds are not taken.
const (
	noTenant    = "its tenant is not known"
	noPerson    = "its person is not known"
	otherTenant = "its tenant is not that of what it belongs to"
	noParent    = "what it belongs to was not taken"
)

// home finds the tenant of a row by the id that the row has.
func (r *run) home(kind string, old uuid.UUID, which string) (uuid.UUID, bool) {
	r.report.read(kind)
	t, ok := r.tenants[old]
	if !ok {
		r.report.refuse(kind, noTenant, which+", of the tenant "+old.String())
	}
	return t.id, ok
}

// author is a person who made something: one who is not known is told, and kept as the id that it is.
func (r *run) author(kind string, user uuid.UUID, which string) uuid.UUID {
	if r.users[user] == nil && user != uuid.Nil {
		r.report.change(kind, "its author is not known: only the id is kept", which+", by "+user.String())
	}
	return user
}

// scope brings the scope of a row into its form: TENANT, COMMUNITY or TEAM in a tenant, and further types that extra names. ok is false
// when the scope names nothing.
func (r *run) scope(home uuid.UUID, kind, id string, extra ...string) (scopeType string, scopeID uuid.UUID, ok bool) {
	scopeType = strings.ToUpper(strings.TrimSpace(kind))
	if scopeType == "TENANT" {
		return scopeType, home, true // its id was the tenant's, in one form or another, or nothing
	}
	scopeID, err := uuid.Parse(strings.TrimSpace(id))
	if err != nil {
		return scopeType, scopeID, false
	}
	if g, found := r.groups[scopeID]; found {
		return scopeType, scopeID, g.tenant == home && g.scopeType() == scopeType
	}
	for _, t := range extra {
		if t == scopeType && r.places[scopeID] == scopeType && r.tenantsOf[scopeID] == home {
			return scopeType, scopeID, true
		}
	}
	return scopeType, scopeID, false
}

// sight narrows a visibility to one that a scope can have.
func (r *run) sight(kind, visibility, scopeType, which string) string {
	v := strings.ToLower(strings.TrimSpace(visibility))
	switch {
	case v == "public", v == "private", v == "team" && scopeType == "TEAM", v == "community" && (scopeType == "COMMUNITY" || scopeType == "TENANT"):
		return v
	case v == "community" && scopeType == "TEAM":
		v = "team"
	case v == "team" && scopeType == "COMMUNITY":
		v = "private"
	default:
		v = "private"
	}
	r.report.change(kind, "it cannot have the visibility that it had: it is narrower now", which+": "+visibility+" is "+v)
	return v
}
