package domain

import (
	"fmt"
	"slices"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
)

// MaxSubscribed is how many scopes a subscription can name.
const MaxSubscribed = 100

// Subscription says which scopes, and those within them, a member's feed is limited to. It gives no rights.
type Subscription struct {
	ID     int64 // given by the store
	Tenant uuid.UUID
	User   uuid.UUID
	Scopes []authz.Scope // none: the whole tenant
}

// ScopeName is a scope as a client names it.
type ScopeName struct{ Type, ID string }

// NewSubscription creates a subscription, or reports every wrong scope.
func NewSubscription(by authz.Actor, names []ScopeName) (Subscription, error) {
	s := Subscription{Tenant: by.Tenant, User: by.User, Scopes: []authz.Scope{}}
	fields := errs.Fields{}
	if len(names) > MaxSubscribed {
		fields.Add("scopes", why.TooMany(MaxSubscribed))
		return s, fields.Err()
	}
	for i, name := range names {
		scope, err := parseScope(by.Tenant, name.Type, name.ID, fmt.Sprintf("scopes.%d.", i))
		if err != nil {
			return s, err
		}
		if !slices.Contains(s.Scopes, scope) {
			s.Scopes = append(s.Scopes, scope)
		}
	}
	return s, nil
}
