package app

import (
	"context"

	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
)

// gate asks Access about the caller. It is passed before anything is looked up: whoever may not is told so, whether the
// thing exists or not.
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

// hand lets in those who manage the members of a group, and says what they act as there.
func (g gate) hand(ctx context.Context, scope domain.Scope) (domain.Role, error) {
	permission := scope.Type.ToManageMembers()
	answers, err := g.access.AllowedEach(ctx, []domain.Ask{
		{Permission: permission, Scope: scope}, {Permission: domain.PermissionAdminister, Scope: scope},
	})
	if err != nil {
		return domain.Nobody, err
	}
	if !answers[0] {
		return domain.Nobody, refused(permission)
	}
	return domain.Hand(answers[0], answers[1]), nil
}

// admits says whether the caller can let people into the community of a place, which is asked of those who let them into
// a team.
func (g gate) admits(ctx context.Context, place domain.Place) (bool, error) {
	if place.Group.Scope().Type == domain.ScopeCommunity {
		return true, nil
	}
	return g.access.Allowed(ctx, domain.Ask{Permission: domain.PermissionCommunityMembersManage, Scope: place.Community.Scope()})
}

// refused names the permission that was missing, as clients expect.
func refused(permission domain.Permission) error {
	return domain.ErrForbidden.WithDetails(map[string]any{"permission": string(permission)})
}
