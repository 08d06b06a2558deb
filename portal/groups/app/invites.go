package app

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/portal/groups/domain"
	"go.updspace.com/portal/groups/ports"
)

// Invites are the use cases of invitations.
type Invites struct{ Deps }

// Invite is an invitation, with its status now, and the name of its group.
type Invite = WithGroup[domain.Invite]

// CreateInvite is the input for a new invitation.
type CreateInvite struct {
	User uuid.UUID
	Role domain.Role // RoleNone means RoleMember
}

// Validate checks the input.
func (in CreateInvite) Validate() error {
	fields := errs.Fields{}
	fields.Check(in.User != uuid.Nil, "user_id", why.Required.Saying("must not be the zero UUID"))
	return fields.Err()
}

// Create invites a user.
func (s Invites) Create(ctx context.Context, by authz.Actor, group uuid.UUID, in CreateInvite) (Invite, error) {
	if err := in.Validate(); err != nil {
		return Invite{}, err
	}
	if in.Role == domain.RoleNone {
		in.Role = domain.RoleMember
	}
	caller, err := s.authorize(ctx, by, group)
	if err != nil {
		return Invite{}, err
	}
	add := func(ctx context.Context, g domain.GroupInCommunity, now time.Time) (uuid.UUID, error) {
		m, err := s.Members.OfUser(ctx, g, in.User)
		if err != nil {
			return uuid.Nil, err
		}
		invite, err := m.Invite(g.Group.Scope(), in.Role, caller.acting, caller.intoCommunity, maker(ctx, by), now)
		if err != nil {
			return uuid.Nil, err
		}
		if err := s.requireTenantMember(ctx, in.User); err != nil {
			return uuid.Nil, err
		}
		if err := s.revokeExpired(ctx, group, in.User, now); err != nil {
			return uuid.Nil, err
		}
		if err := s.Invites.Add(ctx, invite); err != nil {
			return uuid.Nil, err
		}
		return invite.ID(), s.record(ctx, "invite.created", g.Group.Scope(), map[string]any{"role": string(in.Role)})
	}
	id, err := s.create(ctx, "createInvite", group, in, add)
	if err != nil {
		return Invite{}, err
	}
	return s.load(ctx, id)
}

// maker is the caller as the maker of an invitation or a link.
func maker(ctx context.Context, by authz.Actor) domain.Maker {
	return domain.Maker{User: by.User, SystemAdmin: reqctx.From(ctx).Flags.SystemAdmin}
}

// revokeExpired revokes an expired invitation, so that another one can be stored as pending.
func (s Invites) revokeExpired(ctx context.Context, group, user uuid.UUID, now time.Time) error {
	pending, err := s.Invites.List(ctx, ports.InviteSearch{Group: group, User: user, Pending: true}, uuid.Nil, 1)
	if err != nil || len(pending) == 0 || pending[0].Status(now) != domain.InviteExpired {
		return err
	}
	revoked, err := pending[0].Decide(domain.InviteRevoked, now)
	if err != nil {
		return err
	}
	return s.Invites.Update(ctx, revoked)
}

// ListInvites selects the invitations of a list.
type ListInvites struct {
	Pending bool // only those that can be accepted now
	page.Request
}

// List returns the invitations into a group, oldest first, to callers who make them.
func (s Invites) List(ctx context.Context, by authz.Actor, group uuid.UUID, in ListInvites) (page.Page[Invite], error) {
	if err := s.require(ctx, by, group, domain.PermissionManageMembers); err != nil {
		return page.Page[Invite]{}, err
	}
	return s.list(ctx, ports.InviteSearch{Group: group}, in)
}

// Mine returns the caller's invitations, oldest first.
func (s Invites) Mine(ctx context.Context, by authz.Actor, in ListInvites) (page.Page[Invite], error) {
	return s.list(ctx, ports.InviteSearch{User: by.User}, in)
}

func (s Invites) list(ctx context.Context, search ports.InviteSearch, in ListInvites) (page.Page[Invite], error) {
	now := s.Clock.Now()
	if in.Pending {
		search.PendingAt = now
	}
	return listWithGroups(ctx, s.Deps, "invites", in.Request, domain.Invite.ID, func(after uuid.UUID, limit int) ([]domain.Invite, error) {
		found, err := s.Invites.List(ctx, search, after, limit)
		for i := range found {
			found[i] = found[i].At(now)
		}
		return found, err
	})
}

// Revoke withdraws an invitation.
func (s Invites) Revoke(ctx context.Context, by authz.Actor, group, id uuid.UUID) error {
	if _, err := s.authorize(ctx, by, group); err != nil {
		return err
	}
	return s.decide(ctx, by, group, id, domain.InviteRevoked, nil)
}

// Accept makes the caller a member by an invitation, whose maker must still manage the members of the group.
func (s Invites) Accept(ctx context.Context, by authz.Actor, id uuid.UUID) (Invite, error) {
	invite, err := s.own(ctx, by, id)
	if err != nil {
		return Invite{}, err
	}
	d := invite.Data()
	if err := s.requireInCommunity(ctx, d.CommunityID, domain.PermissionCommunitiesRead); err != nil {
		return Invite{}, err
	}
	group, err := s.Groups.Find(ctx, d.Scope.ID)
	if err != nil {
		return Invite{}, err
	}
	intoCommunity, unauthorized := s.makerAuthority(ctx, group, d.Maker)
	err = s.decide(ctx, by, d.Scope.ID, id, domain.InviteAccepted, func(ctx context.Context, u userIn) (changes, error) {
		if unauthorized != nil {
			return nil, unauthorized
		}
		if err := s.requireStillTenantMember(ctx, by.User); err != nil {
			return nil, err
		}
		return u.Add(d.Scope, d.Role, intoCommunity, u.now)
	})
	if err != nil {
		return Invite{}, err
	}
	return s.load(ctx, id)
}

// Decline refuses an invitation of the caller.
func (s Invites) Decline(ctx context.Context, by authz.Actor, id uuid.UUID) (Invite, error) {
	invite, err := s.own(ctx, by, id)
	if err != nil {
		return Invite{}, err
	}
	if err := s.decide(ctx, by, invite.Data().Scope.ID, id, domain.InviteDeclined, nil); err != nil {
		return Invite{}, err
	}
	return s.load(ctx, id)
}

// own finds an invitation of the caller. Those of other users do not exist for the caller.
func (s Invites) own(ctx context.Context, by authz.Actor, id uuid.UUID) (domain.Invite, error) {
	invite, err := s.Invites.Find(ctx, id)
	if err == nil && invite.Data().UserID != by.User {
		return domain.Invite{}, domain.ErrInviteNotFound
	}
	return invite, err
}

// decide ends an invitation, with the membership changes that go with it.
func (s Invites) decide(
	ctx context.Context, by authz.Actor, group, id uuid.UUID, to domain.InviteStatus, then func(context.Context, userIn) (changes, error),
) error {
	return s.change(ctx, by, group, func(ctx context.Context, g domain.GroupInCommunity, now time.Time) (changes, error) {
		invite, err := s.Invites.Find(ctx, id)
		if err != nil {
			return nil, err
		}
		if invite.Scope().ID != group {
			return nil, domain.ErrInviteNotFound
		}
		if invite, err = invite.Decide(to, now); err != nil {
			return nil, err
		}
		if err := s.Invites.Update(ctx, invite); err != nil {
			return nil, err
		}
		if err := s.record(ctx, "invite."+string(to), g.Group.Scope(), nil); err != nil || then == nil {
			return nil, err
		}
		m, err := s.Members.OfUser(ctx, g, invite.Data().UserID)
		if err != nil {
			return nil, err
		}
		return then(ctx, userIn{m, g.Group.Scope(), now})
	})
}

func (s Invites) load(ctx context.Context, id uuid.UUID) (Invite, error) {
	invite, err := s.Invites.Find(ctx, id)
	return withGroup(ctx, s.Deps, invite.At(s.Clock.Now()), err)
}
