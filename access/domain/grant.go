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

// FormatID writes the id of a role or binding as text.
func FormatID(id int64) string { return strconv.FormatInt(id, 10) }
