package domain

import (
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
)

// GroupMembership is a group and a user's membership in it. The Membership is zero if the user never was a member.
type GroupMembership struct {
	Group      Group
	Membership Membership
}

// UserMemberships is what one user is in a community and its teams, while a change of it is decided. The lock of the
// community is held, so it is still true when the change is stored.
type UserMemberships struct {
	User      uuid.UUID
	Community GroupMembership
	Teams     []GroupMembership // those that the user is in, and the one that is asked about
	Bans      []Ban             // in the community and in its teams
}

func (m UserMemberships) in(scope authz.Scope) (GroupMembership, error) {
	if scope == m.Community.Group.Scope() {
		return m.Community, nil
	}
	for _, team := range m.Teams {
		if team.Group.Scope() == scope {
			return team, nil
		}
	}
	return GroupMembership{}, ErrGroupNotFound
}

// Role is the user's role in a group of the community.
func (m UserMemberships) Role(scope authz.Scope) Role {
	g, _ := m.in(scope) // RoleNone in a group that is not there
	return g.Membership.Role()
}

// After is the user's membership in a group once the changes are made.
func (m UserMemberships) After(scope authz.Scope, changes []MembershipChange) Membership {
	for _, c := range changes {
		if c.Membership.data.Scope == scope {
			return c.Membership
		}
	}
	g, _ := m.in(scope)
	return g.Membership
}

// InitialMembers makes the user the owner of a new group, and the maker of a team a member of its community.
func (m UserMemberships) InitialMembers(group Group, now time.Time) []MembershipChange {
	var changes []MembershipChange
	if group.data.Kind == authz.ScopeTeam && m.Community.Membership.Role() == RoleNone {
		changes = append(changes, m.Community.to(m.User, RoleMember, now))
	}
	return append(changes, GroupMembership{Group: group}.to(m.User, RoleOwner, now))
}

// Add makes the user a member of a group. A member keeps the role. A user who is not in the community of a team becomes
// a member of both if intoCommunity says so.
func (m UserMemberships) Add(scope authz.Scope, as Role, intoCommunity bool, now time.Time) ([]MembershipChange, error) {
	target, err := m.in(scope)
	if err != nil {
		return nil, err
	}
	if err := (GroupInCommunity{Community: m.Community.Group, Group: target.Group}).RequireActive(); err != nil {
		return nil, err
	}
	if target.Membership.Role() != RoleNone {
		return nil, nil
	}
	if err := m.requireNotBanned(scope, now); err != nil {
		return nil, err
	}
	var changes []MembershipChange
	if scope.Type == authz.ScopeTeam && m.Community.Membership.Role() == RoleNone {
		if !intoCommunity {
			return nil, ErrNotInCommunity
		}
		changes = append(changes, m.Community.to(m.User, RoleMember, now))
	}
	return append(changes, target.to(m.User, as, now)), nil
}

// Join makes the user a member of an open group.
func (m UserMemberships) Join(scope authz.Scope, now time.Time) ([]MembershipChange, error) {
	g, err := m.in(scope)
	switch {
	case err != nil:
		return nil, err
	case g.Membership.Role() == RoleNone && g.Group.data.JoinPolicy != PolicyOpen:
		return nil, ErrJoinClosed
	}
	if err := m.requireNotRemoved(scope); err != nil {
		return nil, err
	}
	return m.Add(scope, RoleMember, m.CommunityOpen(), now)
}

// CommunityOpen reports whether the user may join the community, so that joining one of its teams may do both.
func (m UserMemberships) CommunityOpen() bool {
	return m.Community.Group.data.JoinPolicy == PolicyOpen && m.Community.Membership.data.Status != MembershipRemoved
}

// ChangeRole gives a member another role. acting is the role that the caller acts as.
func (m UserMemberships) ChangeRole(scope authz.Scope, role, acting Role, now time.Time) ([]MembershipChange, error) {
	g, err := m.in(scope)
	if err != nil {
		return nil, err
	}
	was := g.Membership.Role()
	switch {
	case was == RoleNone:
		return nil, ErrMemberNotFound
	case !acting.AtLeast(was) || !acting.AtLeast(role):
		return nil, ErrRoleTooHigh
	case was == role:
		return nil, nil
	}
	if err := g.requireOtherOwner(role); err != nil {
		return nil, err
	}
	return []MembershipChange{g.to(m.User, role, now)}, nil
}

// Leave ends the user's membership of a group, and that of the teams with that of a community.
func (m UserMemberships) Leave(scope authz.Scope, now time.Time) ([]MembershipChange, error) {
	return m.end(scope, RoleOwner, MembershipLeft, now)
}

// Remove is Leave by another user, who acts as the given role. The removed user cannot join again without an invitation
// or an approved join request.
func (m UserMemberships) Remove(scope authz.Scope, acting Role, now time.Time) ([]MembershipChange, error) {
	return m.end(scope, acting, MembershipRemoved, now)
}

func (m UserMemberships) end(scope authz.Scope, acting Role, status MembershipStatus, now time.Time) ([]MembershipChange, error) {
	g, err := m.in(scope)
	if err != nil {
		return nil, err
	}
	if g.Membership.Role() == RoleNone {
		return nil, ErrMemberNotFound
	}
	ended := []GroupMembership{g}
	if scope.Type == authz.ScopeCommunity {
		ended = m.active()
	}
	changes := make([]MembershipChange, len(ended))
	for i, e := range ended {
		if !acting.AtLeast(e.Membership.Role()) {
			return nil, ErrRoleTooHigh
		}
		if err := e.requireOtherOwner(RoleNone); err != nil {
			return nil, err
		}
		how := MembershipLeft
		if e.Group.Scope() == scope {
			how = status
		}
		changes[i] = e.ended(how, now)
	}
	return changes, nil
}

// RemoveAll ends all memberships of the user in the community. Unlike Leave, it lets the last member leave an archived
// group, which then has no owner.
func (m UserMemberships) RemoveAll(now time.Time) ([]MembershipChange, error) {
	var changes []MembershipChange
	for _, g := range m.active() {
		if deserted := g.Group.data.Status == StatusArchived && g.Group.data.Members <= 1; !deserted {
			if err := g.requireOtherOwner(RoleNone); err != nil {
				return nil, err
			}
		}
		changes = append(changes, g.ended(MembershipLeft, now))
	}
	return changes, nil
}

// SoleOwned returns the groups of the community that have no other owner than the user, teams first.
func (m UserMemberships) SoleOwned() []Group {
	var groups []Group
	for _, g := range m.active() {
		if g.requireOtherOwner(RoleNone) != nil {
			groups = append(groups, g.Group)
		}
	}
	return groups
}

// active returns the groups that the user is in. The community is the last, so that the user is in no team without being
// in its community while the memberships end one after another.
func (m UserMemberships) active() []GroupMembership {
	var active []GroupMembership
	for _, g := range append(m.Teams[:len(m.Teams):len(m.Teams)], m.Community) {
		if g.Membership.Role() != RoleNone {
			active = append(active, g)
		}
	}
	return active
}

// requireNotRemoved refuses a user who was removed from the group, or from the community of the team.
func (m UserMemberships) requireNotRemoved(scope authz.Scope) error {
	g, _ := m.in(scope)
	if g.Membership.data.Status == MembershipRemoved || m.Community.Membership.data.Status == MembershipRemoved {
		return ErrRemoved
	}
	return nil
}

// requireNotBanned refuses a user who is banned from the group, or from the community of the team.
func (m UserMemberships) requireNotBanned(scope authz.Scope, now time.Time) error {
	for _, ban := range m.Bans {
		if ban.Active(now) && (ban.data.Scope == scope || ban.data.Scope == m.Community.Group.Scope()) {
			return ErrBanned
		}
	}
	return nil
}

// requireOtherOwner refuses to leave a group without an owner.
func (g GroupMembership) requireOtherOwner(to Role) error {
	if g.Membership.Role() == RoleOwner && to != RoleOwner && g.Group.data.Owners <= 1 {
		return ErrLastOwner.WithDetails(map[string]any{"scope_type": string(g.Group.data.Kind), "scope_id": g.Group.data.ID.String()})
	}
	return nil
}

func (g GroupMembership) to(user uuid.UUID, role Role, now time.Time) MembershipChange {
	m := g.Membership
	if m.data.Version == 0 {
		m.data = MembershipData{Scope: g.Group.Scope(), CommunityID: g.Group.data.CommunityID, UserID: user}
	}
	return MembershipChange{Group: g.Group, Membership: m.with(role, MembershipActive, now), Was: g.Membership.Role()}
}

func (g GroupMembership) ended(how MembershipStatus, now time.Time) MembershipChange {
	return MembershipChange{Group: g.Group, Membership: g.Membership.with(RoleNone, how, now), Was: g.Membership.Role()}
}
