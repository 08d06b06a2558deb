package domain

import "github.com/google/uuid"

// Event is something that other services are told of.
type Event interface{ event() }

// RoleGiven tells that a role was bound to a user.
type RoleGiven struct {
	Binding BindingRecord
	By      uuid.UUID
}

// RoleTaken tells that a user has a role no more, as far as the binding goes: another one may still give it.
type RoleTaken struct {
	Binding BindingRecord
	By      uuid.UUID
}

func (RoleGiven) event() {}
func (RoleTaken) event() {}
