package httpapi

import (
	"context"

	"github.com/oapi-codegen/nullable"

	"go.updspace.com/access/app"
	"go.updspace.com/access/domain"
	"go.updspace.com/api/accessapi"
	"go.updspace.com/libs/wire"
)

type memberships struct{ app app.Memberships }

func (s memberships) SyncMemberships(ctx context.Context, r accessapi.SyncMembershipsRequestObject) (accessapi.SyncMembershipsResponseObject, error) {
	return accessapi.SyncMemberships204Response{}, s.app.Sync(ctx, wire.Each(r.Body.Changes, fromAPIMembershipChange))
}

func (s memberships) ReconcileMemberships(ctx context.Context, r accessapi.ReconcileMembershipsRequestObject) (accessapi.ReconcileMembershipsResponseObject, error) {
	drift, err := s.app.Reconcile(ctx, fromAPIMembershipPage(*r.Body))
	if err != nil {
		return nil, err
	}
	return accessapi.ReconcileMemberships200JSONResponse{Added: drift.Added, Changed: drift.Changed, Removed: drift.Removed}, nil
}

func fromAPIMembershipChange(c accessapi.MembershipChange) domain.Membership {
	return domain.Membership{
		MembershipKey: domain.MembershipKey{Type: domain.ScopeType(c.ScopeType), Scope: c.ScopeID, User: c.UserID},
		Community:     c.CommunityID, Role: domain.MemberRole(wire.Get(c.Role)), Version: c.Version, // null: domain.NotMember
	}
}

func fromAPIMembershipPage(p accessapi.MembershipPage) app.MembershipPage {
	return app.MembershipPage{
		MembershipRange: domain.MembershipRange{After: fromAPIMembershipKey(p.After), Until: fromAPIMembershipKey(p.Until)},
		Memberships: wire.Each(p.Memberships, func(m accessapi.Membership) domain.Membership {
			return domain.Membership{
				MembershipKey: domain.MembershipKey{Type: domain.ScopeType(m.ScopeType), Scope: m.ScopeID, User: m.UserID},
				Community:     m.CommunityID, Role: domain.MemberRole(m.Role), Version: m.Version,
			}
		}),
	}
}

func fromAPIMembershipKey(k nullable.Nullable[accessapi.MembershipKey]) *domain.MembershipKey {
	key, err := k.Get()
	if err != nil { // absent or null: an open end
		return nil
	}
	return &domain.MembershipKey{Type: domain.ScopeType(key.ScopeType), Scope: key.ScopeID, User: key.UserID}
}
