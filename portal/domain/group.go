package domain

import (
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
)

// Group is a community, or a team inside one. The zero Group is no group; use NewCommunity or NewTeam.
type Group struct {
	data GroupData
}

// GroupData is everything there is to know about a group, for showing and storing it.
type GroupData struct {
	ID          uuid.UUID
	TenantID    uuid.UUID
	Kind        ScopeType // ScopeCommunity or ScopeTeam
	CommunityID uuid.UUID // of a community, itself
	Name        string
	Description string
	JoinPolicy  JoinPolicy
	Status      Status
	Members     int // the repository counts them
	Owners      int // among them
	CreatedBy   uuid.UUID
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// JoinPolicy says how one becomes a member.
type JoinPolicy string

// The ways in.
const (
	JoinOpen    JoinPolicy = "open"    // by one's own decision
	JoinRequest JoinPolicy = "request" // by asking
	JoinInvite  JoinPolicy = "invite"  // by being asked
)

// Valid reports whether p is one of the policies.
func (p JoinPolicy) Valid() bool { return p == JoinOpen || p == JoinRequest || p == JoinInvite }

// Status says whether a group is in use.
type Status string

// The statuses.
const (
	StatusActive   Status = "active"
	StatusArchived Status = "archived" // can be read and left, and nothing else, until it is restored
)

// Valid reports whether s is one of the statuses.
func (s Status) Valid() bool { return s == StatusActive || s == StatusArchived }

// GroupDraft is what the maker of a group decides.
type GroupDraft struct {
	ID          uuid.UUID // usually left to us
	Name        string
	Description string
	JoinPolicy  JoinPolicy // default invite
}

// NewCommunity makes a community.
func NewCommunity(maker Actor, d GroupDraft, now time.Time) (Group, error) {
	id := d.id()
	return newGroup(GroupData{ID: id, Kind: ScopeCommunity, CommunityID: id}, maker, d, now)
}

func (d GroupDraft) id() uuid.UUID {
	if d.ID == uuid.Nil {
		return newID()
	}
	return d.ID
}

func newGroup(g GroupData, maker Actor, d GroupDraft, now time.Time) (Group, error) {
	if d.JoinPolicy == "" {
		d.JoinPolicy = JoinInvite
	}
	g.TenantID, g.CreatedBy, g.CreatedAt, g.UpdatedAt = maker.Tenant, maker.User, Instant(now), Instant(now)
	g.Name, g.Description, g.JoinPolicy, g.Status = d.Name, d.Description, d.JoinPolicy, StatusActive
	return g.checked()
}

// RestoreGroup takes back a group from where it was stored.
func RestoreGroup(d GroupData) Group { return Group{data: d} }

// checked returns the group of d, with texts brought into their form, unless d breaks a rule.
func (d GroupData) checked() (Group, error) {
	fields := errs.Fields{}
	d.Name = name(d.Name, "name", fields)
	d.Description = description(d.Description, "description", fields)
	fields.Check(d.JoinPolicy.Valid(), "join_policy", "must be open, request or invite")
	if err := fields.Err(); err != nil {
		return Group{}, err
	}
	return Group{data: d}, nil
}

// Data returns a copy of everything about the group.
func (g Group) Data() GroupData { return g.data }

// ID is the group's id.
func (g Group) ID() uuid.UUID { return g.data.ID }

// Scope is the group as a place to belong to and to ask permissions in.
func (g Group) Scope() Scope { return Scope{Type: g.data.Kind, ID: g.data.ID} }
