package domain

import (
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/valid"
)

// Maker is the user who made an invitation or an invite link. Both end with the maker's permission to manage members,
// which is checked again when they are used. A system administrator's permission comes from the platform.
type Maker struct {
	User        uuid.UUID
	SystemAdmin bool
}

// Invite is an invitation of one user into a group. The zero Invite is none; use UserMemberships.Invite.
type Invite struct {
	data InviteData
}

// InviteData is the content of an Invite, for showing and storing it.
type InviteData struct {
	ID          uuid.UUID
	Scope       authz.Scope
	CommunityID uuid.UUID
	UserID      uuid.UUID
	Role        Role
	Status      InviteStatus
	Maker       Maker
	CreatedAt   time.Time
	ExpiresAt   time.Time
	DecidedAt   time.Time
}

// InviteStatus says what became of an invitation.
type InviteStatus string

// The statuses. All but InvitePending are final. InviteExpired is not stored: a pending invitation becomes it in time.
const (
	InvitePending  InviteStatus = "pending"
	InviteAccepted InviteStatus = "accepted"
	InviteDeclined InviteStatus = "declined"
	InviteRevoked  InviteStatus = "revoked"
	InviteExpired  InviteStatus = "expired"
)

// How long invitations and invite links can be used.
const (
	DefaultInviteLife = 14 * 24 * time.Hour
	MaxInviteLife     = 365 * 24 * time.Hour
)

// Invite invites the user into a group, as member or moderator. acting is the role that the caller acts as; intoCommunity
// says whether the caller may also add the user to the community of a team.
func (m UserMemberships) Invite(scope authz.Scope, role, acting Role, intoCommunity bool, by Maker, now time.Time) (Invite, error) {
	fields := errs.Fields{}
	fields.Check(role == RoleMember || role == RoleModerator, "role", why.NotAllowed("must be member or moderator"))
	if err := fields.Err(); err != nil {
		return Invite{}, err
	}
	if !acting.AtLeast(role) {
		return Invite{}, ErrRoleTooHigh
	}
	if m.Role(scope) != RoleNone {
		return Invite{}, ErrAlreadyMember
	}
	if _, err := m.Add(scope, role, intoCommunity, now); err != nil {
		return Invite{}, err
	}
	now = valid.Instant(now)
	return Invite{data: InviteData{
		ID: valid.NewID(), Scope: scope, CommunityID: m.Community.Group.data.ID, UserID: m.User, Role: role, Status: InvitePending,
		Maker: by, CreatedAt: now, ExpiresAt: now.Add(DefaultInviteLife),
	}}, nil
}

// RestoreInvite returns a stored invitation.
func RestoreInvite(d InviteData) Invite { return Invite{data: d} }

// Data returns a copy of the invitation's content.
func (i Invite) Data() InviteData { return i.data }

// Scope is the group that the invitation is for.
func (i Invite) Scope() authz.Scope { return i.data.Scope }

// ID returns the invitation's id.
func (i Invite) ID() uuid.UUID { return i.data.ID }

// Status is the status of the invitation at a time.
func (i Invite) Status(now time.Time) InviteStatus {
	if i.data.Status == InvitePending && !now.Before(i.data.ExpiresAt) {
		return InviteExpired
	}
	return i.data.Status
}

// At returns the invitation with its status at a time.
func (i Invite) At(now time.Time) Invite {
	i.data.Status = i.Status(now)
	return i
}

// Decide ends a pending invitation. An expired one can only be revoked.
func (i Invite) Decide(to InviteStatus, now time.Time) (Invite, error) {
	switch i.Status(now) {
	case InvitePending:
	case InviteExpired:
		if to != InviteRevoked {
			return Invite{}, ErrInviteExpired
		}
	default:
		return Invite{}, ErrInviteDecided
	}
	i.data.Status, i.data.DecidedAt = to, valid.Instant(now)
	return i, nil
}
