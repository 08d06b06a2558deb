package app

import (
	"context"

	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
)

// gate asks Access about the caller.
type gate struct {
	access ports.Access
}

// require lets in those who hold a permission in a scope.
func (g gate) require(ctx context.Context, permission domain.Permission, scope domain.Scope) error {
	allowed, err := g.access.Allowed(ctx, domain.Ask{Permission: permission, Scope: scope})
	if err == nil && !allowed {
		err = refused(permission)
	}
	return err
}

// refused names the permission that was missing, as clients expect.
func refused(permission domain.Permission) error {
	return domain.ErrForbidden.WithDetails(map[string]any{"permission": string(permission)})
}
