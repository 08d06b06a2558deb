package app

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
)

// Invites are the use cases around inviting a user into a group.
type Invites struct {
	*Desk
}

// NewInvites works at a desk.
func NewInvites(desk *Desk) *Invites { return &Invites{desk} }

// InviteView is an invitation as it is shown: with the name of the group, and where it stands now.
type InviteView struct {
	Invite domain.Invite
	Group  string
	Status domain.InviteStatus
}

// CreateInvite says whom to invite as what.
type CreateInvite struct {
	User uuid.UUID
	Role domain.Role // Nobody: a member
}

// Validate checks what can be told without looking anything up.
func (in CreateInvite) Validate() error {
	fields := errs.Fields{}
	fields.Check(in.User != uuid.Nil, "user_id", "is required")
	return fields.Err()
}

// Create invites a user.
func (s *Invites) Create(ctx context.Context, by domain.Actor, scope domain.Scope, in CreateInvite) (InviteView, error) {
	if err := in.Validate(); err != nil {
		return InviteView{}, err
	}
	if in.Role == domain.Nobody {
		in.Role = domain.RoleMember
	}
	hand, admits, err := s.receive(ctx, scope)
	if err != nil {
		return InviteView{}, err
	}
	input := struct {
		Scope domain.Scope
		In    CreateInvite
	}{scope, in}
	id, err := s.create(ctx, "createInvite", input, scope, func(ctx context.Context, place domain.Place, now time.Time) (uuid.UUID, error) {
		b, err := s.members.Belonging(ctx, place, in.User)
		if err != nil {
			return uuid.Nil, err
		}
		invite, err := b.Invite(scope, in.Role, hand, admits, by, now)
		if err != nil {
			return uuid.Nil, err
		}
		if err := s.known(ctx, in.User); err != nil {
			return uuid.Nil, err
		}
		if err := s.clear(ctx, scope, in.User, now); err != nil {
			return uuid.Nil, err
		}
		if err := s.invites.Add(ctx, invite); err != nil {
			return uuid.Nil, err
		}
		return invite.ID(), s.journal.Write(ctx, domain.NewEntry(by.User, "invite.created", scope, map[string]any{"role": string(in.Role)}, now))
	})
	if err != nil {
		return InviteView{}, err
	}
	return s.view(ctx, id)
}

// clear makes room for another invitation of a user, by withdrawing one that has expired.
func (s *Invites) clear(ctx context.Context, scope domain.Scope, user uuid.UUID, now time.Time) error {
	invite, err := s.invites.Open(ctx, scope, user)
	if errors.Is(err, domain.ErrInviteNotFound) {
		return nil
	}
	if err != nil || invite.Status(now) != domain.InviteExpired {
		return err
	}
	return s.invites.Update(ctx, invite.Lapse(now))
}

// ListInvites says which invitations to list.
type ListInvites struct {
	Pending bool // only those that can still be accepted
	Paging
}

// List returns the invitations into a group, oldest first, to those who make them.
func (s *Invites) List(ctx context.Context, scope domain.Scope, in ListInvites) (Page[InviteView], error) {
	if err := s.gate.require(ctx, scope.Type.ToManageMembers(), scope); err != nil {
		return Page[InviteView]{}, err
	}
	if _, err := s.groups.Find(ctx, scope); err != nil {
		return Page[InviteView]{}, err
	}
	return s.list(ctx, ports.InviteSearch{Scope: scope}, in)
}

// Mine returns the caller's invitations, oldest first.
func (s *Invites) Mine(ctx context.Context, by domain.Actor, in ListInvites) (Page[InviteView], error) {
	return s.list(ctx, ports.InviteSearch{User: by.User}, in)
}

func (s *Invites) list(ctx context.Context, search ports.InviteSearch, in ListInvites) (Page[InviteView], error) {
	after, err := idKey(in.Cursor)
	if err != nil {
		return Page[InviteView]{}, err
	}
	if in.Pending {
		search.PendingAt = s.clock.Now()
	}
	last := func(v InviteView) string { return idCursor(v.Invite.ID()) }
	return page(in.Paging, last, func(limit int) ([]InviteView, error) {
		found, err := s.invites.List(ctx, search, after, limit)
		if err != nil {
			return nil, err
		}
		return named(ctx, s.groups, found, func(i domain.Invite) uuid.UUID { return i.Data().Scope.ID }, s.shown)
	})
}

// Revoke withdraws an invitation.
func (s *Invites) Revoke(ctx context.Context, by domain.Actor, scope domain.Scope, id uuid.UUID) error {
	if _, err := s.gate.hand(ctx, scope); err != nil {
		return err
	}
	return s.decide(ctx, by, scope, id, domain.InviteRevoked, nil)
}

// Accept makes the caller a member by his invitation.
func (s *Invites) Accept(ctx context.Context, by domain.Actor, id uuid.UUID) (InviteView, error) {
	invite, err := s.own(ctx, by, id)
	if err != nil {
		return InviteView{}, err
	}
	d := invite.Data()
	if err := s.gate.require(ctx, domain.PermissionCommunitiesRead, domain.CommunityScope(d.CommunityID)); err != nil {
		return InviteView{}, err
	}
	err = s.decide(ctx, by, d.Scope, id, domain.InviteAccepted, func(b domain.Belonging, now time.Time) ([]domain.Move, error) {
		return b.Enter(d.Scope, d.Role, d.Admits, now)
	})
	if err != nil {
		return InviteView{}, err
	}
	return s.view(ctx, id)
}

// Decline turns the caller's invitation down.
func (s *Invites) Decline(ctx context.Context, by domain.Actor, id uuid.UUID) (InviteView, error) {
	invite, err := s.own(ctx, by, id)
	if err != nil {
		return InviteView{}, err
	}
	if err := s.decide(ctx, by, invite.Data().Scope, id, domain.InviteDeclined, nil); err != nil {
		return InviteView{}, err
	}
	return s.view(ctx, id)
}

// own is an invitation of the caller; for others it does not exist.
func (s *Invites) own(ctx context.Context, by domain.Actor, id uuid.UUID) (domain.Invite, error) {
	invite, err := s.invites.Find(ctx, id)
	if err == nil && invite.Data().UserID != by.User {
		return domain.Invite{}, domain.ErrInviteNotFound
	}
	return invite, err
}

// decide brings an invitation to its end, with what follows for whoever was invited.
func (s *Invites) decide(
	ctx context.Context, by domain.Actor, scope domain.Scope, id uuid.UUID, to domain.InviteStatus,
	follows func(domain.Belonging, time.Time) ([]domain.Move, error),
) error {
	return s.change(ctx, by, scope, func(ctx context.Context, place domain.Place, now time.Time) ([]domain.Move, error) {
		invite, err := s.invites.Find(ctx, id)
		if err != nil {
			return nil, err
		}
		if invite.Data().Scope != scope {
			return nil, domain.ErrInviteNotFound
		}
		if invite, err = invite.Decide(to, now); err != nil {
			return nil, err
		}
		if err := s.invites.Update(ctx, invite); err != nil {
			return nil, err
		}
		if err := s.journal.Write(ctx, domain.NewEntry(by.User, "invite."+string(to), scope, nil, now)); err != nil || follows == nil {
			return nil, err
		}
		b, err := s.members.Belonging(ctx, place, invite.Data().UserID)
		if err != nil {
			return nil, err
		}
		return follows(b, now)
	})
}

func (s *Invites) view(ctx context.Context, id uuid.UUID) (InviteView, error) {
	invite, err := s.invites.Find(ctx, id)
	if err != nil {
		return InviteView{}, err
	}
	group := invite.Data().Scope.ID
	names, err := s.groups.Names(ctx, group)
	return s.shown(invite, names[group]), err
}

func (s *Invites) shown(invite domain.Invite, group string) InviteView {
	return InviteView{Invite: invite, Group: group, Status: invite.Status(s.clock.Now())}
}
