package app

import (
	"context"
	"errors"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
)

// Members are the use cases around who is in a group as what.
type Members struct {
	*Desk
}

// NewMembers works at a desk.
func NewMembers(desk *Desk) *Members { return &Members{desk} }

// ListMembers says which members to list.
type ListMembers struct {
	Words string
	Role  domain.Role // Nobody: all
	Paging
}

// Validate checks what can be told without looking anything up.
func (in ListMembers) Validate() error {
	fields := errs.Fields{}
	fields.Check(in.Role == domain.Nobody || in.Role.Valid(), "role", "must be owner, moderator or member")
	fields.Check(utf8.RuneCountInString(in.Words) <= maxWords, "q", "must be at most 100 characters long")
	return fields.Err()
}

// List returns the members of a group that match, who came first first.
func (s *Members) List(ctx context.Context, scope domain.Scope, in ListMembers) (Page[domain.Membership], error) {
	if err := in.Validate(); err != nil {
		return Page[domain.Membership]{}, err
	}
	if err := s.gate.require(ctx, scope.Type.ToReadMembers(), scope); err != nil {
		return Page[domain.Membership]{}, err
	}
	after, err := memberKey(in.Cursor)
	if err != nil {
		return Page[domain.Membership]{}, err
	}
	if _, err := s.groups.Find(ctx, scope); err != nil {
		return Page[domain.Membership]{}, err
	}
	last := func(m domain.Membership) string {
		return memberCursor(ports.MemberKey{JoinedAt: m.Data().JoinedAt, User: m.Data().UserID})
	}
	return page(in.Paging, last, func(limit int) ([]domain.Membership, error) {
		return s.members.List(ctx, ports.MemberSearch{Scope: scope, Role: in.Role, Words: in.Words}, after, limit)
	})
}

// Get returns what a user is in a group.
func (s *Members) Get(ctx context.Context, scope domain.Scope, user uuid.UUID) (domain.Membership, error) {
	if err := s.gate.require(ctx, scope.Type.ToReadMembers(), scope); err != nil {
		return domain.Membership{}, err
	}
	if _, err := s.groups.Find(ctx, scope); err != nil {
		return domain.Membership{}, err
	}
	return s.members.Find(ctx, scope, user)
}

// PutMember says whom to make what.
type PutMember struct {
	User uuid.UUID
	Role domain.Role // Nobody: a member, and whoever is in already stays what he is
}

// Validate checks what can be told without looking anything up.
func (in PutMember) Validate() error {
	fields := errs.Fields{}
	fields.Check(in.User != uuid.Nil, "user_id", "is required")
	fields.Check(in.Role == domain.Nobody || in.Role.Valid(), "role_hint", "must be owner, moderator or member")
	return fields.Err()
}

// Put makes a user a member of a group without asking him, or gives a member another role.
func (s *Members) Put(ctx context.Context, by domain.Actor, scope domain.Scope, in PutMember) error {
	if err := in.Validate(); err != nil {
		return err
	}
	hand, admits, err := s.receive(ctx, scope)
	if err != nil {
		return err
	}
	return s.change(ctx, by, scope, func(ctx context.Context, place domain.Place, now time.Time) ([]domain.Move, error) {
		b, err := s.members.Belonging(ctx, place, in.User)
		if err != nil {
			return nil, err
		}
		if b.Role(scope) != domain.Nobody && in.Role != domain.Nobody {
			return b.Become(scope, in.Role, hand, now)
		}
		role := in.Role
		if role == domain.Nobody {
			role = domain.RoleMember
		}
		if !hand.Reaches(role) {
			return nil, domain.ErrBeyondReach
		}
		if b.Role(scope) == domain.Nobody {
			if err := s.known(ctx, in.User); err != nil {
				return nil, err
			}
		}
		return b.Enter(scope, role, admits, now)
	})
}

// receive lets in those who manage the members of a group, and says what they act as and whether they can let people
// into its community.
func (d *Desk) receive(ctx context.Context, scope domain.Scope) (hand domain.Role, admits bool, err error) {
	if hand, err = d.gate.hand(ctx, scope); err != nil {
		return hand, false, err
	}
	place, err := d.groups.Find(ctx, scope)
	if err != nil {
		return hand, false, err
	}
	admits, err = d.gate.admits(ctx, place)
	return hand, admits, err
}

// SetRole gives a member another role.
func (s *Members) SetRole(ctx context.Context, by domain.Actor, scope domain.Scope, user uuid.UUID, role domain.Role) (domain.Membership, error) {
	hand, err := s.gate.hand(ctx, scope)
	if err != nil {
		return domain.Membership{}, err
	}
	return s.about(ctx, by, scope, user, func(b domain.Belonging, now time.Time) ([]domain.Move, error) {
		return b.Become(scope, role, hand, now)
	})
}

// Remove ends somebody's membership.
func (s *Members) Remove(ctx context.Context, by domain.Actor, scope domain.Scope, user uuid.UUID) error {
	hand, err := s.gate.hand(ctx, scope)
	if err != nil {
		return err
	}
	_, err = s.about(ctx, by, scope, user, func(b domain.Belonging, now time.Time) ([]domain.Move, error) {
		return b.Remove(scope, hand, now)
	})
	return err
}

// Join makes the caller a member of an open group.
func (s *Members) Join(ctx context.Context, by domain.Actor, scope domain.Scope) (domain.Membership, error) {
	if err := s.gate.require(ctx, scope.Type.ToRead(), scope); err != nil {
		return domain.Membership{}, err
	}
	return s.about(ctx, by, scope, by.User, func(b domain.Belonging, now time.Time) ([]domain.Move, error) {
		return b.Join(scope, now)
	})
}

// Leave ends the caller's membership.
func (s *Members) Leave(ctx context.Context, by domain.Actor, scope domain.Scope) error {
	_, err := s.about(ctx, by, scope, by.User, func(b domain.Belonging, now time.Time) ([]domain.Move, error) {
		return b.Leave(scope, now)
	})
	return err
}

// Transfer makes a member the owner of a group. The caller, if he was one, is a moderator from then on.
func (s *Members) Transfer(ctx context.Context, by domain.Actor, scope domain.Scope, to uuid.UUID) (domain.Membership, error) {
	if err := s.gate.require(ctx, domain.PermissionAdminister, scope); err != nil {
		return domain.Membership{}, err
	}
	var heir []domain.Move
	var owner domain.Membership
	err := s.change(ctx, by, scope, func(ctx context.Context, place domain.Place, now time.Time) (moves []domain.Move, err error) {
		if heir, err = s.become(ctx, place, to, domain.RoleOwner, now); err != nil {
			return nil, err
		}
		// stored before the caller steps down, so that he is not the last owner any more
		if err := s.apply(ctx, by, heir); err != nil {
			return nil, err
		}
		if owner, err = s.members.Find(ctx, scope, to); err != nil {
			return nil, err
		}
		if to == by.User {
			return nil, nil
		}
		caller, err := s.members.Find(ctx, scope, by.User)
		if errors.Is(err, domain.ErrMemberNotFound) || err == nil && caller.Role() != domain.RoleOwner {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		return s.become(ctx, place, by.User, domain.RoleModerator, now)
	})
	if err != nil {
		return domain.Membership{}, err
	}
	s.tell(ctx, heir)
	return owner, nil
}

func (s *Members) become(ctx context.Context, place domain.Place, user uuid.UUID, role domain.Role, now time.Time) ([]domain.Move, error) {
	b, err := s.members.Belonging(ctx, place, user)
	if err != nil {
		return nil, err
	}
	return b.Become(place.Group.Scope(), role, domain.RoleOwner, now)
}

// about is change for what concerns one user. It returns what he is in the group by that, whatever becomes of it before the
// caller hears.
func (d *Desk) about(
	ctx context.Context, by domain.Actor, scope domain.Scope, user uuid.UUID, fn func(domain.Belonging, time.Time) ([]domain.Move, error),
) (after domain.Membership, err error) {
	err = d.change(ctx, by, scope, func(ctx context.Context, place domain.Place, now time.Time) ([]domain.Move, error) {
		b, err := d.members.Belonging(ctx, place, user)
		if err != nil {
			return nil, err
		}
		moves, err := fn(b, now)
		after = b.After(scope, moves)
		return moves, err
	})
	return after, err
}

// Drop is Remove, and no failure for whoever is no member.
func (s *Members) Drop(ctx context.Context, by domain.Actor, scope domain.Scope, in PutMember) error {
	if err := in.Validate(); err != nil {
		return err
	}
	err := s.Remove(ctx, by, scope, in.User)
	if errors.Is(err, domain.ErrMemberNotFound) {
		if _, missing := s.groups.Find(ctx, scope); missing != nil {
			return missing
		}
		return nil
	}
	return err
}
