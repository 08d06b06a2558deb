package app

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/access/domain"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/page"
)

// Overview shows administrators the catalogue, the audit log, and what other users are allowed to do, and why. Suspension,
// system administration and membership of the tenant are in a user's own requests only: the answers are for a user who is
// neither suspended nor a system administrator, and the caller says whether for a member.
type Overview struct{ Deps }

// Permissions lists the permissions of one service, or of all if it is empty, by service and key. Callers who may read roles may
// read it, too, because roles consist of permissions.
func (o Overview) Permissions(ctx context.Context, service domain.Service) ([]domain.Permission, error) {
	if err := o.require(ctx, domain.ReadPermissions, domain.ReadRoles); err != nil {
		return nil, err
	}
	if service == "" {
		return o.Catalogue.All(), nil
	}
	return o.Catalogue.OfService(service), nil
}

// AuditLog lists the entries of the audit log of the tenant, newest first.
func (o Overview) AuditLog(ctx context.Context, filter audit.Filter, p page.Request) (page.Page[audit.Entry], error) {
	if err := o.require(ctx, domain.ReadRoles); err != nil {
		return page.Page[audit.Entry]{}, err
	}
	if !filter.From.IsZero() && !filter.To.IsZero() && filter.To.Before(filter.From) {
		return page.Page[audit.Entry]{}, errs.Fields{"to": why.Mismatch("must not lie before from")}.Err()
	}
	return o.Audit.List(ctx, filter, p)
}

// UserInput names a user and a scope.
type UserInput struct {
	User   uuid.UUID
	Member bool // take the user for a member of the tenant
	Scope  ScopeInput
}

// UserPermissions lists what the user is allowed to do in the scope, with the origins of each permission, and the permissions
// that an override denies.
func (o Overview) UserPermissions(ctx context.Context, in UserInput) (held []domain.Held, denied []string, err error) {
	s, err := o.subject(ctx, in)
	if err != nil {
		return nil, nil, err
	}
	scope, facts, err := o.inScope(ctx, s, in.Scope)
	if err != nil {
		return nil, nil, err
	}
	held, denied = o.Catalogue.Trace(s, scope, facts)
	return held, denied, nil
}

// Explain answers a check of the user in the scope, and lists every step.
func (o Overview) Explain(ctx context.Context, in UserInput, check CheckInput) (a Answer, err error) {
	s, err := o.subject(ctx, in)
	if err != nil {
		return Answer{}, err
	}
	check.ScopeType, check.ScopeID = in.Scope.Type, in.Scope.ID
	valid, err := check.validate(s.Tenant, "", "scope_")
	if err != nil {
		return Answer{}, err
	}
	facts, err := o.Facts.Load(ctx, s, o.Clock.Now())
	if err != nil {
		return Answer{}, err
	}
	a.Decision, a.Steps = o.Catalogue.Explain(s, valid, facts)
	return a, nil
}

// subject authorises the caller and returns the user to be explained.
func (o Overview) subject(ctx context.Context, in UserInput) (domain.Subject, error) {
	if err := o.require(ctx, domain.ReadRoles); err != nil {
		return domain.Subject{}, err
	}
	s, err := subjectOf(ctx)
	return domain.Subject{Tenant: s.Tenant, User: in.User, Member: in.Member}, err
}
