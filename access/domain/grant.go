package domain

import (
	"strconv"
	"time"

	"github.com/google/uuid"
)

// Grant is a role to be bound to a user in a scope.
type Grant struct {
	User    uuid.UUID
	Role    int64
	Scope   Scope
	Expires time.Time // zero: never
	By      uuid.UUID // uuid.Nil: the platform itself
}

// FormatRoleID writes the id of a role or binding as the journal does.
func FormatRoleID(id int64) string { return strconv.FormatInt(id, 10) }

// BoundGrant is a grant that was stored.
type BoundGrant struct {
	ID int64
	Grant
}
