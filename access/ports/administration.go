package ports

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/access/domain"
)

// Roles stores the roles of the tenant of ctx, and shows the platform's templates beside them.
type Roles interface {
	// Template returns a template of the platform. errs.NotFound if there is none.
	Template(ctx context.Context, service domain.Service, name string) (domain.Role, error)
	// Find returns a role of the tenant or a template, or domain.ErrRoleNotFound.
	Find(ctx context.Context, id int64) (domain.Role, error)
	// Page lists roles by service, name and id.
	Page(ctx context.Context, search RoleSearch) ([]domain.Role, error)
	// Add stores a role; domain.ErrRoleExists if the service has one of this name.
	Add(ctx context.Context, draft domain.RoleDraft, at time.Time) (id int64, err error)
	// Update replaces a role of the tenant; errors as Find and Add.
	Update(ctx context.Context, id int64, draft domain.RoleDraft, at time.Time) error
	// Delete deletes a role of the tenant with its bindings, and returns the bindings.
	Delete(ctx context.Context, id int64) ([]domain.BindingRecord, error)
	// Loss returns what the holders of a role of the tenant lose with permissions, before it is changed.
	Loss(ctx context.Context, q LossQuery) (domain.RoleLoss, error)
}

// LossQuery names permissions that a role loses, sorted.
type LossQuery struct {
	Role    domain.Role
	Removed []string
	Deleted bool // with the whole role
	At      time.Time
}

// RoleSearch selects roles. Zero fields match everything.
type RoleSearch struct {
	Service domain.Service
	Query   string // the name contains it, in any case
	After   *RoleKey
	Limit   int

	Permission string // the role holds it
}

// RoleKey is the position of a role in the order of Page. The role itself may be deleted.
type RoleKey struct {
	Service domain.Service
	Name    string
	ID      int64
}

// Bindings stores the role bindings of the tenant of ctx.
type Bindings interface {
	// Grant stores a grant, or updates the expiry of the one that exists; created is false then.
	Grant(ctx context.Context, g domain.Grant) (id int64, created bool, err error)
	// Find returns a binding with its role, or domain.ErrBindingNotFound.
	Find(ctx context.Context, id int64) (domain.BindingRecord, error)
	// Same returns the manual binding of a role to a user in a scope, or domain.ErrBindingNotFound.
	Same(ctx context.Context, user uuid.UUID, role int64, scope domain.Scope) (domain.BindingRecord, error)
	// Page lists bindings, newest first.
	Page(ctx context.Context, search BindingSearch) ([]domain.BindingRecord, error)
	// Add stores a manual binding; domain.ErrBindingExists if Same finds one.
	Add(ctx context.Context, g domain.Grant, at time.Time) (id int64, err error)
	// Expire sets when a binding expires; zero is never.
	Expire(ctx context.Context, id int64, at time.Time) error
	Delete(ctx context.Context, id int64) error
}

// BindingSearch selects bindings. Zero fields match everything.
type BindingSearch struct {
	Query     string // name or service of the role contains it, in any case; or it is the user's id
	ScopeType domain.ScopeType
	ScopeID   string
	User      uuid.UUID
	Role      int64
	Before    int64 // only bindings with a smaller id
	Limit     int
}

// Overrides stores the policy overrides of the tenant of ctx.
type Overrides interface {
	// Find returns an override, or domain.ErrOverrideNotFound.
	Find(ctx context.Context, id uuid.UUID) (domain.OverrideRecord, error)
	// Page lists overrides, newest first.
	Page(ctx context.Context, search OverrideSearch) ([]domain.OverrideRecord, error)
	Add(ctx context.Context, o domain.OverrideRecord) error
	// Update stores the override's Override.
	Update(ctx context.Context, o domain.OverrideRecord) error
	Delete(ctx context.Context, id uuid.UUID) error
}

// OverrideSearch selects overrides. Zero fields match everything.
type OverrideSearch struct {
	Effect     domain.Effect
	User       uuid.UUID
	Permission string
	Active     *bool // in force at At, or not
	At         time.Time
	Before     uuid.UUID // only overrides with a smaller id: ids ascend with time
	Limit      int
}

// Administrators knows the administrators and members of the tenant of ctx.
type Administrators interface {
	// Lock blocks every other change of the tenant's rights until the transaction of ctx ends.
	Lock(ctx context.Context) error
	// Any reports whether domain.IsAdministrator holds for a user, as the transaction of ctx sees it.
	Any(ctx context.Context, at time.Time) (bool, error)
	// Holders lists users who hold a permission of Portal's in the whole tenant through a manual binding in force, unless an
	// override denies it or they left the tenant: the longest bound first.
	Holders(ctx context.Context, permission string, at time.Time, limit int) ([]uuid.UUID, error)
	// SetTenantMember stores a membership of the tenant at a time. What is known of a later time stays.
	SetTenantMember(ctx context.Context, user uuid.UUID, active bool, at time.Time) error
}

// Expired deletes what expired before a time, up to limit of each call. ctx must be across tenants.
type Expired interface {
	DeleteBindings(ctx context.Context, before time.Time, limit int) ([]domain.BindingRecord, error)
	DeleteOverrides(ctx context.Context, before time.Time, limit int) ([]domain.OverrideRecord, error)
}
