package app

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/reqctx"
)

// ScopedRole is a role in a scope.
type ScopedRole struct {
	Role  int64
	Scope ScopeInput
}

// MaxHeldRoles is how many roles are asked about at once.
const MaxHeldRoles = 100

// HeldRoles answers which of some roles are bound to a user, in exactly their scopes, for another reason than a role at Discord: activity asks,
// which gives those to the user's account there.
func (r Rewards) HeldRoles(ctx context.Context, user uuid.UUID, roles []ScopedRole) ([]bool, error) {
	tenant := reqctx.From(ctx).TenantID
	if tenant == uuid.Nil {
		return nil, errs.New(errs.BadRequest, "MISSING_TENANT_CONTEXT", "The request names no tenant.")
	}
	fields := errs.Fields{}
	fields.Check(user != uuid.Nil, "user_id", why.Required)
	checkCount(fields, "roles", len(roles), 1, MaxHeldRoles)
	if err := fields.Err(); err != nil {
		return nil, err
	}
	bound, err := r.Bindings.Page(ctx, ports.BindingSearch{User: user, Limit: MaxAdminPage})
	if err != nil {
		return nil, err
	}
	type key struct {
		role  int64
		scope domain.Scope
	}
	now, held := r.Clock.Now(), map[key]bool{}
	for _, b := range bound {
		if b.Source != domain.FromDiscord && b.InForce(now) {
			held[key{b.Role.ID, b.Scope}] = true
		}
	}
	answers := make([]bool, len(roles))
	for i, role := range roles {
		scope, err := domain.NewScope(tenant, role.Scope.Type, role.Scope.ID, "roles.scope.")
		if err != nil {
			return nil, err
		}
		answers[i] = held[key{role.Role, scope}]
	}
	return answers, nil
}
