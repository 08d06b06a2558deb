package app

import (
	"context"
	"errors"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/page"
	"go.updspace.com/portal/groups/domain"
	"go.updspace.com/portal/groups/ports"
)

// Members are the use cases of the members of a group.
type Members struct{ Deps }

// ListMembers selects the members of a list.
type ListMembers struct {
	Query string
	Role  domain.Role // RoleNone means all
	page.Request
}

// Validate checks the input.
func (in ListMembers) Validate() error {
	fields := errs.Fields{}
	fields.Check(in.Role == domain.RoleNone || in.Role.Valid(), "role", why.NotAllowed("must be owner, moderator or member"))
	fields.Check(utf8.RuneCountInString(in.Query) <= maxQuery, "q", why.TooLong(maxQuery))
	return fields.Err()
}

// List returns the members of a group, ordered by join time.
func (s Members) List(ctx context.Context, by authz.Actor, group uuid.UUID, in ListMembers) (page.Page[domain.Membership], error) {
	if err := in.Validate(); err != nil {
		return page.Page[domain.Membership]{}, err
	}
	if err := s.require(ctx, by, group, domain.PermissionReadMembers); err != nil {
		return page.Page[domain.Membership]{}, err
	}
	var after ports.MemberKey
	if _, err := page.Decode("members", in.Cursor, &after.JoinedAt, &after.User); err != nil {
		return page.Page[domain.Membership]{}, err
	}
	return page.Fetch(in.Limit, func(limit int) ([]domain.Membership, error) {
		return s.Members.List(ctx, ports.MemberSearch{Group: group, Role: in.Role, Query: in.Query}, after, limit)
	}, func(last domain.Membership) string {
		return page.Encode("members", last.Data().JoinedAt, last.Data().UserID)
	})
}

// Get returns a user's membership in a group.
func (s Members) Get(ctx context.Context, by authz.Actor, group, user uuid.UUID) (domain.Membership, error) {
	if err := s.require(ctx, by, group, domain.PermissionReadMembers); err != nil {
		return domain.Membership{}, err
	}
	return s.Members.Find(ctx, group, user)
}

// AddMember is the input for a new member.
type AddMember struct {
	User uuid.UUID
	Role domain.Role // RoleNone means RoleMember; a member keeps the role
}

// Validate checks the input.
func (in AddMember) Validate() error {
	fields := errs.Fields{}
	fields.Check(in.User != uuid.Nil, "user_id", why.Required.Saying("must not be the zero UUID"))
	fields.Check(in.Role == domain.RoleNone || in.Role.Valid(), "role", why.NotAllowed("must be owner, moderator or member"))
	return fields.Err()
}

// Add makes a user a member of a group without asking the user. A member gets the role, if there is one.
func (s Members) Add(ctx context.Context, by authz.Actor, group uuid.UUID, in AddMember) (domain.Membership, error) {
	if err := in.Validate(); err != nil {
		return domain.Membership{}, err
	}
	caller, err := s.authorize(ctx, by, group)
	if err != nil {
		return domain.Membership{}, err
	}
	return s.changeUser(ctx, by, group, in.User, func(ctx context.Context, u userIn) (changes, error) {
		if u.Role(u.scope) != domain.RoleNone {
			if in.Role == domain.RoleNone {
				return nil, nil
			}
			return u.ChangeRole(u.scope, in.Role, caller.acting, u.now)
		}
		role := in.Role
		if role == domain.RoleNone {
			role = domain.RoleMember
		}
		if !caller.acting.AtLeast(role) {
			return nil, domain.ErrRoleTooHigh
		}
		if err := s.requireTenantMember(ctx, in.User); err != nil {
			return nil, err
		}
		return u.Add(u.scope, role, caller.intoCommunity, u.now)
	})
}

// ChangeRole gives a member another role.
func (s Members) ChangeRole(ctx context.Context, by authz.Actor, group, user uuid.UUID, role domain.Role) (domain.Membership, error) {
	caller, err := s.authorize(ctx, by, group)
	if err != nil {
		return domain.Membership{}, err
	}
	return s.changeUser(ctx, by, group, user, func(_ context.Context, u userIn) (changes, error) {
		return u.ChangeRole(u.scope, role, caller.acting, u.now)
	})
}

// Remove ends the membership of a user.
func (s Members) Remove(ctx context.Context, by authz.Actor, group, user uuid.UUID) error {
	caller, err := s.authorize(ctx, by, group)
	if err != nil {
		return err
	}
	_, err = s.changeUser(ctx, by, group, user, func(_ context.Context, u userIn) (changes, error) {
		return u.Remove(u.scope, caller.acting, u.now)
	})
	return err
}

// Join makes the caller a member of an open group.
func (s Members) Join(ctx context.Context, by authz.Actor, group uuid.UUID) (domain.Membership, error) {
	if err := s.require(ctx, by, group, domain.PermissionRead); err != nil {
		return domain.Membership{}, err
	}
	return s.changeUser(ctx, by, group, by.User, func(ctx context.Context, u userIn) (changes, error) {
		if err := s.requireStillTenantMember(ctx, by.User); err != nil {
			return nil, err
		}
		return u.Join(u.scope, u.now)
	})
}

// Leave ends the caller's membership.
func (s Members) Leave(ctx context.Context, by authz.Actor, group uuid.UUID) error {
	_, err := s.changeUser(ctx, by, group, by.User, func(_ context.Context, u userIn) (changes, error) {
		return u.Leave(u.scope, u.now)
	})
	return err
}

// Transfer makes a member the owner of a group. A caller who is an owner becomes a moderator.
func (s Members) Transfer(ctx context.Context, by authz.Actor, group, to uuid.UUID) (domain.Membership, error) {
	if err := s.require(ctx, by, group, domain.PermissionAdminister); err != nil {
		return domain.Membership{}, err
	}
	var owner domain.Membership
	err := s.change(ctx, by, group, func(ctx context.Context, g domain.GroupInCommunity, now time.Time) (_ changes, err error) {
		if err = s.makeOwner(ctx, by, g, to, now); err != nil {
			return nil, err
		}
		if owner, err = s.Members.Find(ctx, group, to); err != nil || to == by.User {
			return nil, err
		}
		caller, err := s.Members.OfUser(ctx, g, by.User)
		if err != nil || caller.Role(g.Group.Scope()) != domain.RoleOwner {
			return nil, err
		}
		return caller.ChangeRole(g.Group.Scope(), domain.RoleModerator, domain.RoleOwner, now)
	})
	return owner, err
}

// makeOwner makes a member an owner and stores it, so that another owner is no longer the last one.
func (d Deps) makeOwner(ctx context.Context, by authz.Actor, g domain.GroupInCommunity, user uuid.UUID, now time.Time) error {
	m, err := d.Members.OfUser(ctx, g, user)
	if err != nil {
		return err
	}
	changes, err := m.ChangeRole(g.Group.Scope(), domain.RoleOwner, domain.RoleOwner, now)
	if err != nil {
		return err
	}
	return d.apply(ctx, by, changes)
}

// Bans are the use cases of bans from a group.
type Bans struct{ Deps }

// Put bans a user from a group. A member is removed, and pending join requests and invitations are closed.
func (s Bans) Put(ctx context.Context, by authz.Actor, group, user uuid.UUID, in domain.BanDraft) (domain.Ban, error) {
	caller, err := s.authorize(ctx, by, group)
	if err != nil {
		return domain.Ban{}, err
	}
	var ban domain.Ban
	_, err = s.changeUser(ctx, by, group, user, func(ctx context.Context, u userIn) (_ changes, err error) {
		var removed changes
		if ban, removed, err = u.Ban(u.scope, in, caller.acting, by, u.now); err != nil {
			return nil, err
		}
		if err := s.requireTenantMember(ctx, user); err != nil && len(removed) == 0 {
			return nil, err
		}
		if err := errors.Join(s.Bans.Put(ctx, ban), s.Pending.Close(ctx, group, user, u.now)); err != nil {
			return nil, err
		}
		return removed, s.recordBan(ctx, "created", u.scope, user)
	})
	return ban, err
}

// Lift ends a ban.
func (s Bans) Lift(ctx context.Context, by authz.Actor, group, user uuid.UUID) error {
	if _, err := s.authorize(ctx, by, group); err != nil {
		return err
	}
	return s.change(ctx, by, group, func(ctx context.Context, g domain.GroupInCommunity, _ time.Time) (changes, error) {
		if err := s.Bans.Delete(ctx, group, user); err != nil {
			return nil, err
		}
		return nil, s.recordBan(ctx, "lifted", g.Group.Scope(), user)
	})
}

// List returns the bans of a group in the order of the users, those that are over too.
func (s Bans) List(ctx context.Context, by authz.Actor, group uuid.UUID, in page.Request) (page.Page[domain.Ban], error) {
	if err := s.require(ctx, by, group, domain.PermissionManageMembers); err != nil {
		return page.Page[domain.Ban]{}, err
	}
	return listByID("bans", in, func(b domain.Ban) uuid.UUID { return b.Data().UserID }, func(after uuid.UUID, limit int) ([]domain.Ban, error) {
		return s.Bans.List(ctx, group, after, limit)
	})
}
