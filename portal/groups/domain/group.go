package domain

import (
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/valid"
)

// Group is a community, or a team inside one. The zero Group is no group; use NewCommunity or NewTeam.
type Group struct {
	data GroupData
}

// GroupData is the content of a Group, for showing and storing it.
type GroupData struct {
	ID          uuid.UUID
	TenantID    uuid.UUID
	Kind        authz.ScopeType // ScopeCommunity or ScopeTeam
	CommunityID uuid.UUID       // of a community, its own id
	Name        string
	Description string
	JoinPolicy  JoinPolicy
	Status      Status
	Hue         int // of its colour, 1 to 360 degrees; 0 for one that is derived from the id
	Members     int // counted by the repository
	Owners      int // among the members
	CreatedBy   uuid.UUID
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// JoinPolicy says how users become members.
type JoinPolicy string

// The join policies.
const (
	PolicyOpen    JoinPolicy = "open"    // a user joins
	PolicyRequest JoinPolicy = "request" // a user asks to join
	PolicyInvite  JoinPolicy = "invite"  // a user is invited
)

// Valid reports whether p is one of the policies.
func (p JoinPolicy) Valid() bool { return p == PolicyOpen || p == PolicyRequest || p == PolicyInvite }

// Status says whether a group is in use.
type Status string

// The statuses.
const (
	StatusActive   Status = "active"
	StatusArchived Status = "archived" // can be read and left; everything else waits until it is restored
)

// Valid reports whether s is one of the statuses.
func (s Status) Valid() bool { return s == StatusActive || s == StatusArchived }

// GroupDraft is the input for a new group.
type GroupDraft struct {
	ID          uuid.UUID // uuid.Nil means a new one
	Name        string
	Description string
	JoinPolicy  JoinPolicy // empty means PolicyInvite
	Hue         int        // see GroupData
}

const (
	maxName        = 128
	maxDescription = 10_000
	maxHue         = 360
)

// NewCommunity returns a new community.
func NewCommunity(by authz.Actor, d GroupDraft, now time.Time) (Group, error) {
	id := d.id()
	return newGroup(GroupData{ID: id, Kind: authz.ScopeCommunity, CommunityID: id}, by, d, now)
}

// NewTeam returns a new team of a community.
func NewTeam(by authz.Actor, community Group, d GroupDraft, now time.Time) (Group, error) {
	if community.data.Status == StatusArchived {
		return Group{}, ErrArchived
	}
	return newGroup(GroupData{ID: d.id(), Kind: authz.ScopeTeam, CommunityID: community.data.ID}, by, d, now)
}

func (d GroupDraft) id() uuid.UUID {
	if d.ID == uuid.Nil {
		return valid.NewID()
	}
	return d.ID
}

func newGroup(g GroupData, by authz.Actor, d GroupDraft, now time.Time) (Group, error) {
	if d.JoinPolicy == "" {
		d.JoinPolicy = PolicyInvite
	}
	g.TenantID, g.CreatedBy, g.CreatedAt, g.UpdatedAt = by.Tenant, by.User, valid.Instant(now), valid.Instant(now)
	g.Name, g.Description, g.JoinPolicy, g.Hue, g.Status = d.Name, d.Description, d.JoinPolicy, d.Hue, StatusActive
	return g.validated()
}

// RestoreGroup returns a stored group.
func RestoreGroup(d GroupData) Group { return Group{data: d} }

func (d GroupData) validated() (Group, error) {
	fields := errs.Fields{}
	d.Name = valid.Line(fields, "name", d.Name, 1, maxName)
	d.Description = valid.Text(fields, "description", d.Description, 0, maxDescription)
	fields.Check(d.JoinPolicy.Valid(), "join_policy", why.NotAllowed("must be open, request or invite"))
	fields.Check(0 <= d.Hue && d.Hue <= maxHue, "hue", why.Outside(0, maxHue-1)) // callers write 360 as 0
	if err := fields.Err(); err != nil {
		return Group{}, err
	}
	return Group{data: d}, nil
}

// Data returns a copy of the group's content.
func (g Group) Data() GroupData { return g.data }

// ID returns the group's id.
func (g Group) ID() uuid.UUID { return g.data.ID }

// Scope is the group as the scope of permissions and memberships.
func (g Group) Scope() authz.Scope { return authz.Scope{Type: g.data.Kind, ID: g.data.ID} }

// GroupInCommunity is a group together with its community. For a community both are the same.
type GroupInCommunity struct {
	Community Group
	Group     Group
}

// RequireActive refuses an archived group and a team of an archived community.
func (g GroupInCommunity) RequireActive() error {
	if g.Community.data.Status == StatusArchived || g.Group.data.Status == StatusArchived {
		return ErrArchived
	}
	return nil
}

// GroupEdit is a change of a group; nil leaves a field as it is.
type GroupEdit struct {
	Name        *string
	Description *string
	JoinPolicy  *JoinPolicy
	Hue         *int
}

// Edit changes an active group and reports whether anything is different.
func (g GroupInCommunity) Edit(e GroupEdit, now time.Time) (Group, bool, error) {
	if err := g.RequireActive(); err != nil {
		return Group{}, false, err
	}
	d := g.Group.data
	if e.Name != nil {
		d.Name = *e.Name
	}
	if e.Description != nil {
		d.Description = *e.Description
	}
	if e.JoinPolicy != nil {
		d.JoinPolicy = *e.JoinPolicy
	}
	if e.Hue != nil {
		d.Hue = *e.Hue
	}
	edited, err := d.validated()
	if err != nil || edited == g.Group {
		return g.Group, false, err
	}
	edited.data.UpdatedAt = valid.Instant(now)
	return edited, true, nil
}

// SetStatus archives or restores a group and reports whether its status changed. A team of an archived community is
// restored after its community.
func (g GroupInCommunity) SetStatus(to Status, now time.Time) (Group, bool, error) {
	switch {
	case g.Group.data.Status == to:
		return g.Group, false, nil
	case to == StatusActive && g.Group.data.Kind == authz.ScopeTeam && g.Community.data.Status == StatusArchived:
		return Group{}, false, ErrArchived
	}
	changed := g.Group
	changed.data.Status, changed.data.UpdatedAt = to, valid.Instant(now)
	return changed, true, nil
}
