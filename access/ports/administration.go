package ports

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/access/domain"
)

// TenantRoles keeps the roles of the tenant of ctx, beside which it shows the
// platform's templates.
type TenantRoles interface {
	// Find returns a role of the tenant or a template, or domain.ErrRoleNotFound.
	Find(ctx context.Context, id int64) (domain.Role, error)
	Page(ctx context.Context, search RoleSearch) ([]domain.Role, error)
	// Add stores a role; domain.ErrRoleExists if there is one of this service and name.
	Add(ctx context.Context, draft domain.RoleDraft, at time.Time) (id int64, err error)
	// Update makes the tenant's own role what the draft says, or fails as Add does.
	Update(ctx context.Context, id int64, draft domain.RoleDraft, at time.Time) error
	// Delete removes the tenant's own role and returns the bindings that went with it.
	Delete(ctx context.Context, id int64) ([]domain.BindingRecord, error)
}

// RoleOrder is how roles are listed.
type RoleOrder int

// The orders; roles alike in it are ordered by id.
const (
	ByName  RoleOrder = iota // service, name
	ByOwner                  // service, the tenant's own first, name
)

// RoleSearch says which roles are looked for. Zero values match everything.
type RoleSearch struct {
	Service domain.Service
	Words   string // the name contains it, whatever the case
	Order   RoleOrder
	After   *RolePosition
	Limit   int
}

// RolePosition is a place in a list of roles. The role need not exist any more.
type RolePosition struct {
	Service  domain.Service
	Template bool
	Name     string
	ID       int64
}

// TenantBindings keeps the bindings of the tenant of ctx.
type TenantBindings interface {
	// Find returns a binding with its role, or domain.ErrBindingNotFound.
	Find(ctx context.Context, id int64) (domain.BindingRecord, error)
	// Same returns the binding somebody made of a role to a user in a scope, or
	// domain.ErrBindingNotFound.
	Same(ctx context.Context, user uuid.UUID, role int64, scope domain.Scope) (domain.BindingRecord, error)
	// Page lists bindings, newest first.
	Page(ctx context.Context, search BindingSearch) ([]domain.BindingRecord, error)
	// Add stores a manual binding; domain.ErrBindingExists if Same finds one.
	Add(ctx context.Context, g domain.Grant, at time.Time) (id int64, err error)
	// Expire sets when a binding expires; zero is never.
	Expire(ctx context.Context, id int64, at time.Time) error
	Delete(ctx context.Context, id int64) error
}

// BindingSearch says which bindings are looked for. Zero values match everything.
type BindingSearch struct {
	Words     string // name or service of the role contains it, whatever the case; or it is the user's id
	ScopeType domain.ScopeType
	ScopeID   string
	User      uuid.UUID
	Role      int64
	Before    int64 // only bindings with a smaller id
	Limit     int
}

// TenantOverrides keeps the overrides of the tenant of ctx.
type TenantOverrides interface {
	// Find returns an override, or domain.ErrOverrideNotFound.
	Find(ctx context.Context, id uuid.UUID) (domain.OverrideRecord, error)
	// Page lists overrides, newest first.
	Page(ctx context.Context, search OverrideSearch) ([]domain.OverrideRecord, error)
	Add(ctx context.Context, o domain.OverrideRecord) error
	// Update stores the override's Override.
	Update(ctx context.Context, o domain.OverrideRecord) error
	Delete(ctx context.Context, id uuid.UUID) error
}

// OverrideSearch says which overrides are looked for. Zero values match everything.
type OverrideSearch struct {
	Effect     domain.Effect
	User       uuid.UUID
	Permission string
	Active     *bool // in force at At, or not
	At         time.Time
	After      *Position
	Limit      int
}

// Position is a place in a list that is ordered by time and id, newest first.
type Position struct {
	At time.Time
	ID uuid.UUID
}

// History shows what the journal holds of the tenant of ctx.
type History interface {
	// Page lists entries, newest first.
	Page(ctx context.Context, search EntrySearch) ([]domain.Recorded, error)
}

// EntrySearch says which entries are looked for. Zero values match everything.
type EntrySearch struct {
	Actor      *uuid.UUID
	Concerning uuid.UUID // as domain.Entry.Concerns says
	Action     string
	TargetType string
	TargetID   string
	From, To   time.Time // not before From, before To
	After      *Position
	Limit      int
}

// Administrators knows who administers the tenant of ctx.
type Administrators interface {
	// Lock keeps every other change of the tenant's rights that takes the lock
	// waiting until Tx.Do ends.
	Lock(ctx context.Context) error
	// Any reports whether there is somebody for whom domain.IsAdministrator
	// holds, as the transaction of ctx sees it.
	Any(ctx context.Context, at time.Time) (bool, error)
	// Belongs remembers whether somebody belongs to the tenant, as it was at a
	// time. What is known of a later time stands.
	Belongs(ctx context.Context, user uuid.UUID, belongs bool, at time.Time) error
}

// Once makes creates idempotent: the same request of the same user gets the id
// that its first try got. It joins the transaction of ctx.
type Once interface {
	Once(ctx context.Context, operation string, input any, create func(ctx context.Context) (uuid.UUID, error)) (uuid.UUID, error)
}
