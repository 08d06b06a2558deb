package httpapi

import (
	"context"

	"github.com/oapi-codegen/nullable"

	"go.updspace.com/access/app"
	"go.updspace.com/access/domain"
	"go.updspace.com/api/accessapi"
)

type memberships struct{ app *app.Memberships }

func (s memberships) SyncMemberships(ctx context.Context, r accessapi.SyncMembershipsRequestObject) (accessapi.SyncMembershipsResponseObject, error) {
	changes := make([]domain.Membership, len(r.Body.Changes))
	for i, c := range r.Body.Changes {
		changes[i] = fromAPIMembershipChange(c)
	}
	if err := s.app.Sync(ctx, changes); err != nil {
		return nil, err
	}
	return accessapi.SyncMemberships204Response{}, nil
}

func (s memberships) ReconcileMemberships(ctx context.Context, r accessapi.ReconcileMembershipsRequestObject) (accessapi.ReconcileMembershipsResponseObject, error) {
	drift, err := s.app.Reconcile(ctx, fromAPIMembershipPage(*r.Body))
	if err != nil {
		return nil, err
	}
	return accessapi.ReconcileMemberships200JSONResponse{Added: drift.Added, Changed: drift.Changed, Removed: drift.Removed}, nil
}

func fromAPIMembershipChange(c accessapi.MembershipChange) domain.Membership {
	m := domain.Membership{
		MembershipKey: domain.MembershipKey{Type: domain.ScopeType(c.ScopeType), Scope: c.ScopeID, User: c.UserID},
		Community:     c.CommunityID, Version: c.Version,
	}
	if role, err := c.Role.Get(); err == nil { // null is who left
		m.Role = domain.MemberRole(role)
	}
	return m
}

func fromAPIMembershipPage(p accessapi.MembershipPage) app.MembershipPage {
	page := app.MembershipPage{
		MembershipRange: domain.MembershipRange{After: fromAPIMembershipKey(p.After), Until: fromAPIMembershipKey(p.Until)},
		Memberships:     make([]domain.Membership, len(p.Memberships)),
	}
	for i, m := range p.Memberships {
		page.Memberships[i] = domain.Membership{
			MembershipKey: domain.MembershipKey{Type: domain.ScopeType(m.ScopeType), Scope: m.ScopeID, User: m.UserID},
			Community:     m.CommunityID, Role: domain.MemberRole(m.Role), Version: m.Version,
		}
	}
	return page
}

func fromAPIMembershipKey(k nullable.Nullable[accessapi.MembershipKey]) *domain.MembershipKey {
	key, err := k.Get()
	if err != nil { // absent and null say the same: an open end
		return nil
	}
	return &domain.MembershipKey{Type: domain.ScopeType(key.ScopeType), Scope: key.ScopeID, User: key.UserID}
}
