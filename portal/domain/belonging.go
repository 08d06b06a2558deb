package domain

import (
	"time"

	"github.com/google/uuid"
)

// Place is a group with the community it is in: of a community, itself twice.
type Place struct {
	Community Group
	Group     Group
}

// InUse refuses what one cannot do with an archived group, or inside an archived community.
func (p Place) InUse() error {
	if p.Community.data.Status == StatusArchived || p.Group.data.Status == StatusArchived {
		return ErrArchived
	}
	return nil
}

// Seat is a group and what somebody is in it.
type Seat struct {
	Group      Group
	Membership Membership // the zero Membership when he never was in it
}

// Belonging is one user's place in a community while a change of it is decided: his seat in the community, and those in
// its teams. Whoever works with one holds the lock of the community, so that it is still true when the change is stored.
type Belonging struct {
	User      uuid.UUID
	Community Seat
	Teams     []Seat // those he is in, and the one in question
}

// Move is a change of one membership.
type Move struct {
	Group      Group
	Membership Membership // afterwards
	Was        Role
}

// seat finds the seat in a group of the community.
func (b Belonging) seat(scope Scope) (Seat, error) {
	if scope == b.Community.Group.Scope() {
		return b.Community, nil
	}
	for _, s := range b.Teams {
		if s.Group.Scope() == scope {
			return s, nil
		}
	}
	if scope.Type == ScopeTeam {
		return Seat{}, ErrTeamNotFound
	}
	return Seat{}, ErrCommunityNotFound
}

// Role is what the user is in a group of the community.
func (b Belonging) Role(scope Scope) Role {
	s, err := b.seat(scope)
	if err != nil {
		return Nobody
	}
	return s.Membership.Role()
}

// After is what the user is in a group once these moves of his are made.
func (b Belonging) After(scope Scope, moves []Move) Membership {
	for _, m := range moves {
		if m.Membership.data.Scope == scope {
			return m.Membership
		}
	}
	s, _ := b.seat(scope) // without a seat, nothing
	return s.Membership
}

// Enter makes the user a member of a group. Who is one already stays what he is. A team takes members of its community,
// and with admits makes whoever is not yet one of those as well.
func (b Belonging) Enter(scope Scope, as Role, admits bool, now time.Time) ([]Move, error) {
	target, err := b.seat(scope)
	if err != nil {
		return nil, err
	}
	if err := (Place{Community: b.Community.Group, Group: target.Group}).InUse(); err != nil {
		return nil, err
	}
	if target.Membership.Role() != Nobody {
		return nil, nil
	}
	var moves []Move
	if scope.Type == ScopeTeam && b.Community.Membership.Role() == Nobody {
		if !admits {
			return nil, ErrNotInCommunity
		}
		moves = append(moves, b.Community.move(b.User, RoleMember, now))
	}
	return append(moves, target.move(b.User, as, now)), nil
}

// Become gives the user another role in a group he is in. hand is what the one acts as who gives it.
func (b Belonging) Become(scope Scope, role, hand Role, now time.Time) ([]Move, error) {
	s, err := b.seat(scope)
	if err != nil {
		return nil, err
	}
	was := s.Membership.Role()
	switch {
	case was == Nobody:
		return nil, ErrMemberNotFound
	case !hand.Reaches(was) || !hand.Reaches(role):
		return nil, ErrBeyondReach
	case was == role:
		return nil, nil
	}
	if err := s.mayStepDown(role); err != nil {
		return nil, err
	}
	return []Move{s.move(b.User, role, now)}, nil
}

// Leave ends the user's membership of a group, and with a community that of its teams.
func (b Belonging) Leave(scope Scope, now time.Time) ([]Move, error) {
	return b.Remove(scope, RoleOwner, now)
}

// Remove is Leave by the hand of somebody else.
func (b Belonging) Remove(scope Scope, hand Role, now time.Time) ([]Move, error) {
	s, err := b.seat(scope)
	if err != nil {
		return nil, err
	}
	if s.Membership.Role() == Nobody {
		return nil, ErrMemberNotFound
	}
	var seats []Seat
	if scope.Type == ScopeCommunity {
		for _, team := range b.Teams {
			if team.Membership.Role() != Nobody {
				seats = append(seats, team)
			}
		}
	}
	seats = append(seats, s) // last, so that nobody is ever in a team and not in its community
	moves := make([]Move, len(seats))
	for i, seat := range seats {
		if !hand.Reaches(seat.Membership.Role()) {
			return nil, ErrBeyondReach
		}
		if err := seat.mayStepDown(Nobody); err != nil {
			return nil, err
		}
		moves[i] = seat.move(b.User, Nobody, now)
	}
	return moves, nil
}

// mayStepDown refuses to leave a group without an owner.
func (s Seat) mayStepDown(to Role) error {
	if s.Membership.Role() == RoleOwner && to != RoleOwner && s.Group.data.Owners <= 1 {
		return ErrLastOwner.WithDetails(map[string]any{"scope_type": string(s.Group.data.Kind), "scope_id": s.Group.data.ID.String()})
	}
	return nil
}

func (s Seat) move(user uuid.UUID, role Role, now time.Time) Move {
	m := s.Membership
	if m.data.Version == 0 {
		m.data = MembershipData{Scope: s.Group.Scope(), CommunityID: s.Group.data.CommunityID, UserID: user}
	}
	return Move{Group: s.Group, Membership: m.with(role, now), Was: s.Membership.Role()}
}
