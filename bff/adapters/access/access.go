// Package access asks what the caller may do in its tenant.
package access

import (
	"context"

	"go.updspace.com/bff/ports"
	"go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/reqctx"
)

// Access implements ports.Access.
type Access struct {
	client *accessclient.Client
}

var _ ports.Access = (*Access)(nil)

// New wraps the platform's client of access.
func New(client *accessclient.Client) *Access { return &Access{client: client} }

// Effective implements ports.Access.
func (a *Access) Effective(ctx context.Context) (ports.Effective, error) {
	held, err := a.client.Effective(ctx, accessclient.TenantScope(reqctx.From(ctx).TenantID))
	if err != nil {
		return ports.Effective{}, err
	}
	return ports.Effective{Permissions: held.Permissions, Roles: held.Roles}, nil
}
