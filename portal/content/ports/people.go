package ports

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/portal/content/domain"
)

// People reads what members of a tenant see of each other.
type People interface {
	// List returns members of the tenant that match, by their shown names, after a key.
	List(ctx context.Context, search PeopleSearch, after PersonKey, limit int) ([]ListedPerson, error)
	// Lookup returns users in the order of their ids. Users who are not known are left out, former members are not.
	Lookup(ctx context.Context, users []uuid.UUID) ([]domain.Person, error)
}

// PeopleSearch selects members of the tenant. Zero fields match everyone.
type PeopleSearch struct {
	Query string      // in any name, see valid.Fold
	Group authz.Scope // a community or a team
}

// ListedPerson is a person of a list, with the place there.
type ListedPerson struct {
	domain.Person
	Key PersonKey
}

// PersonKey is a position in the list of people.
type PersonKey struct {
	Name string // folded
	User uuid.UUID
}
