// Package groups holds what a service knows of portal's communities and teams, which its resources belong to. It does no
// I/O, so domain packages may import it. Package portalgroups stores groups and learns of them from portal's events.
package groups

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
)

// State is the state of a community or a team.
type State string

// The states of a group.
const (
	Active   State = "active"
	Archived State = "archived" // takes nothing new
	Deleted  State = "deleted"  // for ever; what belongs to it is hidden
)

// Group is a community or a team, as portal's events tell of it.
type Group struct {
	Scope     authz.Scope
	Community uuid.UUID // of a team; else the community itself
	State     State
}

// ErrUnknown says that the tenant has no such community or team. ErrArchived says that it takes nothing new.
var (
	ErrUnknown  = errs.Field("scope_id", why.NotFound("names no community or team of this tenant"))
	ErrArchived = errs.New(errs.Conflict, "SCOPE_ARCHIVED", "The community or team is archived and takes nothing new.")
)

// RequireActive refuses groups in which nothing can be created or published.
func (g Group) RequireActive() error {
	switch g.State {
	case Active:
		return nil
	case Archived:
		return ErrArchived
	}
	return ErrUnknown
}

// Store stores the groups of the tenant of the request.
type Store interface {
	// FindShared returns a group, or ErrUnknown, and keeps it from being changed until the transaction ends.
	FindShared(ctx context.Context, scope authz.Scope) (Group, error)
	// Put stores a group. A deleted group stays deleted. The teams of a deleted community become deleted.
	Put(ctx context.Context, group Group) error
}

// RequireActive refuses scopes that are a community or a team in which nothing can be created or published. The group
// stays as it is until the transaction ends. Scopes of other types are not refused.
func RequireActive(ctx context.Context, store Store, scope authz.Scope) error {
	if scope.Type != authz.ScopeCommunity && scope.Type != authz.ScopeTeam {
		return nil
	}
	group, err := store.FindShared(ctx, scope)
	if err != nil {
		return err
	}
	return group.RequireActive()
}
