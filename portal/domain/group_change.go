package domain

import "time"

// NewTeam makes a team in a community.
func NewTeam(maker Actor, community Group, d GroupDraft, now time.Time) (Group, error) {
	if err := (Place{Community: community, Group: community}).InUse(); err != nil {
		return Group{}, err
	}
	return newGroup(GroupData{ID: d.id(), Kind: ScopeTeam, CommunityID: community.data.ID}, maker, d, now)
}

// Found makes the maker of a new group its owner, and whoever makes a team a member of its community.
func (g Group) Found(maker Belonging, now time.Time) []Move {
	var moves []Move
	if g.data.Kind == ScopeTeam && maker.Community.Membership.Role() == Nobody {
		moves = append(moves, maker.Community.move(maker.User, RoleMember, now))
	}
	return append(moves, Seat{Group: g}.move(maker.User, RoleOwner, now))
}

// GroupEdit says what to change of a group; nil leaves it as it is.
type GroupEdit struct {
	Name        *string
	Description *string
	JoinPolicy  *JoinPolicy
}

// Edit changes a group that is in use, and reports whether anything is different.
func (p Place) Edit(e GroupEdit, now time.Time) (Group, bool, error) {
	if err := p.InUse(); err != nil {
		return Group{}, false, err
	}
	d := p.Group.data
	if e.Name != nil {
		d.Name = *e.Name
	}
	if e.Description != nil {
		d.Description = *e.Description
	}
	if e.JoinPolicy != nil {
		d.JoinPolicy = *e.JoinPolicy
	}
	g, err := d.checked()
	if err != nil || g == p.Group {
		return p.Group, false, err
	}
	g.data.UpdatedAt = Instant(now)
	return g, true, nil
}

// Put brings a group out of use or back, and reports whether it was not there already. The teams of an archived
// community can only come back with it.
func (p Place) Put(to Status, now time.Time) (Group, bool, error) {
	switch {
	case p.Group.data.Status == to:
		return p.Group, false, nil
	case to == StatusActive && p.Group.data.Kind == ScopeTeam && p.Community.data.Status == StatusArchived:
		return Group{}, false, ErrArchived
	}
	g := p.Group
	g.data.Status, g.data.UpdatedAt = to, Instant(now)
	return g, true, nil
}
