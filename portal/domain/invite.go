package domain

import (
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
)

// Invite asks one user into a group. The zero Invite is none; use Belonging.Invite.
type Invite struct {
	data InviteData
}

// InviteData is everything there is to know about an invitation, for showing and storing it.
type InviteData struct {
	ID          uuid.UUID
	Scope       Scope
	CommunityID uuid.UUID
	UserID      uuid.UUID
	Role        Role
	Admits      bool // to a team: whoever accepts gets into the community, too
	Status      InviteStatus
	InvitedBy   uuid.UUID
	CreatedAt   time.Time
	ExpiresAt   time.Time
	DecidedAt   time.Time
}

// InviteStatus says what came of an invitation.
type InviteStatus string

// The statuses. All but the first are the last. Expired is not stored: time makes it of a pending one.
const (
	InvitePending  InviteStatus = "pending"
	InviteAccepted InviteStatus = "accepted"
	InviteDeclined InviteStatus = "declined"
	InviteRevoked  InviteStatus = "revoked"
	InviteExpired  InviteStatus = "expired"
)

// How long invitations stand open.
const (
	DefaultInviteLife = 14 * 24 * time.Hour
	MaxInviteLife     = 365 * 24 * time.Hour
)

// Invite asks the user into a group. hand is what the one acts as who asks; admits whether he could let him into the
// community as well. Owners are made, not invited.
func (b Belonging) Invite(scope Scope, role, hand Role, admits bool, by Actor, now time.Time) (Invite, error) {
	fields := errs.Fields{}
	fields.Check(role == RoleMember || role == RoleModerator, "role", "must be member or moderator")
	if err := fields.Err(); err != nil {
		return Invite{}, err
	}
	if !hand.Reaches(role) {
		return Invite{}, ErrBeyondReach
	}
	if b.Role(scope) != Nobody {
		return Invite{}, ErrAlreadyMember
	}
	if _, err := b.Enter(scope, role, admits, now); err != nil {
		return Invite{}, err
	}
	now = Instant(now)
	return Invite{data: InviteData{
		ID: newID(), Scope: scope, CommunityID: b.Community.Group.data.ID, UserID: b.User, Role: role, Admits: admits, Status: InvitePending,
		InvitedBy: by.User, CreatedAt: now, ExpiresAt: now.Add(DefaultInviteLife),
	}}, nil
}

// RestoreInvite takes back an invitation from where it was stored.
func RestoreInvite(d InviteData) Invite { return Invite{data: d} }

// Data returns a copy of everything about the invitation.
func (i Invite) Data() InviteData { return i.data }

// ID is the invitation's id.
func (i Invite) ID() uuid.UUID { return i.data.ID }

// Status is where the invitation stands at a moment.
func (i Invite) Status(now time.Time) InviteStatus {
	if i.data.Status == InvitePending && !now.Before(i.data.ExpiresAt) {
		return InviteExpired
	}
	return i.data.Status
}

// Decide brings an open invitation to its end.
func (i Invite) Decide(to InviteStatus, now time.Time) (Invite, error) {
	switch i.Status(now) {
	case InvitePending:
	case InviteExpired:
		return Invite{}, ErrInviteExpired
	default:
		return Invite{}, ErrInviteDecided
	}
	i.data.Status, i.data.DecidedAt = to, Instant(now)
	return i, nil
}

// Lapse closes an invitation that has expired, to make room for another.
func (i Invite) Lapse(now time.Time) Invite {
	i.data.Status, i.data.DecidedAt = InviteRevoked, Instant(now)
	return i
}
