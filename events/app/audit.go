package app

import (
	"context"

	"go.updspace.com/events/domain"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/page"
)

// Audit is the use case of the audit log.
type Audit struct{ Deps }

// List returns a page of the audit log of the tenant.
func (s *Audit) List(ctx context.Context, by authz.Actor, filter audit.Filter, p page.Request) (page.Page[audit.Entry], error) {
	if err := authz.Require(ctx, s.Access, authz.Check{Permission: domain.PermissionEventManage, Scope: authz.TenantScope(by.Tenant)}); err != nil {
		return page.Page[audit.Entry]{}, err
	}
	return s.Deps.Audit.List(ctx, filter, p)
}
