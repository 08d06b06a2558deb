package domain

import (
	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
)

// GroupState is what voting knows of a community or a team.
type GroupState string

// The states of a group.
const (
	GroupActive   GroupState = "active"
	GroupArchived GroupState = "archived" // takes no new polls; its open ones are closed
	GroupDeleted  GroupState = "deleted"  // its polls are closed and hidden
)

// Group is a community or a team, as portal's events tell of it.
type Group struct {
	Scope     authz.Scope
	Community uuid.UUID // of a team; else the community itself
	State     GroupState
}

// TakesPolls says whether a poll can be created or published in the group.
func (g Group) TakesPolls() error {
	switch g.State {
	case GroupActive:
		return nil
	case GroupArchived:
		return ErrScopeArchived
	}
	return ErrUnknownGroup
}

// ErrUnknownGroup says that the tenant has no such community or team.
var ErrUnknownGroup = errs.Field("scope_id", why.NotFound("names no community or team of this tenant"))
