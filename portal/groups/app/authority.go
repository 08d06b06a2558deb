package app

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/portal/groups/domain"
)

// authority is what the caller may do with the members of a group.
type authority struct {
	acting        domain.Role
	intoCommunity bool // the caller may also add users to the community of a team
}

// require requires a permission in a group. A caller who does not hold it is refused whether the group
// exists or not.
func (d Deps) require(
	ctx context.Context, by authz.Actor, group uuid.UUID, p domain.GroupPermission,
) error {
	found, err := d.find(ctx, by, group, p)
	if err != nil {
		return err
	}
	return authz.Require(ctx, d.Access, p.In(found.Group.Scope()))
}

// find returns a group, or refuses a caller who asks for an unknown one without the permission in the tenant. It does not check
// the permission in a group that exists: require does, and callers of find do it with what they found.
func (d Deps) find(
	ctx context.Context, by authz.Actor, group uuid.UUID, p domain.GroupPermission,
) (domain.GroupInCommunity, error) {
	found, err := d.Groups.Find(ctx, group)
	if errors.Is(err, domain.ErrGroupNotFound) {
		if denied := d.requireInTenant(ctx, by, p.Community); denied != nil {
			return found, denied
		}
	}
	return found, err
}

// requireInTenant requires a permission in the whole tenant.
func (d Deps) requireInTenant(ctx context.Context, by authz.Actor, p authz.Permission) error {
	return authz.Require(ctx, d.Access, authz.Check{Permission: p, Scope: authz.TenantScope(by.Tenant)})
}

// requireInCommunity requires a permission in a community.
func (d Deps) requireInCommunity(ctx context.Context, community uuid.UUID, p authz.Permission) error {
	return authz.Require(ctx, d.Access, authz.Check{Permission: p, Scope: authz.CommunityScope(community)})
}

// authorize requires that the caller manages the members of a group, and returns what else the caller may do there.
func (d Deps) authorize(ctx context.Context, by authz.Actor, group uuid.UUID) (authority, error) {
	found, err := d.find(ctx, by, group, domain.PermissionManageMembers)
	if err != nil {
		return authority{}, err
	}
	a, err := d.authorityIn(ctx, found)
	if err == nil && a.acting == domain.RoleNone {
		err = authz.Denied(domain.PermissionManageMembers.In(found.Group.Scope()).Permission)
	}
	return a, err
}

func (d Deps) authorityIn(ctx context.Context, group domain.GroupInCommunity) (authority, error) {
	scope := group.Group.Scope()
	answers, err := d.Access.CheckAll(ctx, []authz.Check{
		domain.PermissionManageMembers.In(scope), domain.PermissionAdminister.In(scope),
		domain.PermissionManageMembers.In(group.Community.Scope()),
	})
	if err != nil || !answers[0] {
		return authority{}, err
	}
	return authority{acting: domain.ActingRole(answers[0], answers[1]), intoCommunity: answers[2]}, nil
}

// makerAuthority reports whether the maker of an invitation or a link may also add users to the community of a team. It
// returns domain.ErrInviteRevoked for a maker who no longer manages the members of the group.
func (d Deps) makerAuthority(
	ctx context.Context, group domain.GroupInCommunity, maker domain.Maker,
) (intoCommunity bool, err error) {
	if maker.User == uuid.Nil { // erased
		return false, domain.ErrInviteRevoked
	}
	rc := reqctx.From(ctx)
	rc.UserID, rc.Flags = maker.User, reqctx.Flags{SystemAdmin: maker.SystemAdmin}
	a, err := d.authorityIn(reqctx.With(ctx, rc), group)
	if err == nil && a.acting == domain.RoleNone {
		err = domain.ErrInviteRevoked
	}
	return a.intoCommunity, err
}
