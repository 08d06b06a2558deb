package domain

import "github.com/google/uuid"

// Actor is the user who asks, in the tenant he asks in.
type Actor struct {
	Tenant uuid.UUID
	User   uuid.UUID
}
