package domain

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/valid"
)

// InviteLink invites every user who has its token into a group, as a member. The zero InviteLink is none; use
// NewInviteLink.
type InviteLink struct {
	data InviteLinkData
}

// InviteLinkData is the content of an InviteLink, for showing and storing it. Of the token only the hash is kept.
type InviteLinkData struct {
	ID          uuid.UUID
	Scope       authz.Scope
	CommunityID uuid.UUID
	TokenHash   TokenHash
	MaxUses     int // 0 means any number
	Uses        int
	Maker       Maker
	CreatedAt   time.Time
	ExpiresAt   time.Time
	RevokedAt   time.Time
}

// TokenHash is the SHA-256 of a token.
type TokenHash []byte

// HashToken returns the hash by which a link is found.
func HashToken(token string) TokenHash {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

const (
	tokenBytes = 32
	maxUses    = 10_000
)

// InviteLinkDraft is the input for a new link.
type InviteLinkDraft struct {
	MaxUses   int       // 0 means any number
	ExpiresAt time.Time // zero means DefaultInviteLife from now
}

// NewInviteLink returns a new link into an active group, and its token.
func NewInviteLink(group GroupInCommunity, d InviteLinkDraft, by Maker, now time.Time) (InviteLink, string, error) {
	now = valid.Instant(now)
	if d.ExpiresAt.IsZero() {
		d.ExpiresAt = now.Add(DefaultInviteLife)
	}
	fields := errs.Fields{}
	fields.Check(d.MaxUses >= 0 && d.MaxUses <= maxUses, "max_uses", why.Outside(1, maxUses).Saying("must be from 1 to 10000, or left out"))
	fields.Check(d.ExpiresAt.After(now), "expires_at", why.InPast("must be in the future"))
	fields.Check(!d.ExpiresAt.After(now.Add(MaxInviteLife)), "expires_at", why.NotAllowed("must be within a year"))
	if err := fields.Err(); err != nil {
		return InviteLink{}, "", err
	}
	if err := group.RequireActive(); err != nil {
		return InviteLink{}, "", err
	}
	link, token := InviteLink{data: InviteLinkData{
		ID: valid.NewID(), Scope: group.Group.Scope(), CommunityID: group.Community.data.ID, MaxUses: d.MaxUses,
		Maker: by, CreatedAt: now, ExpiresAt: valid.Instant(d.ExpiresAt),
	}}.Renew()
	return link, token, nil
}

// Renew gives the link a new token. The one before is no longer accepted.
func (l InviteLink) Renew() (InviteLink, string) {
	secret := make([]byte, tokenBytes)
	_, _ = rand.Read(secret) // never fails
	token := base64.RawURLEncoding.EncodeToString(secret)
	l.data.TokenHash = HashToken(token)
	return l, token
}

// RestoreInviteLink returns a stored link.
func RestoreInviteLink(d InviteLinkData) InviteLink { return InviteLink{data: d} }

// Data returns a copy of the link's content.
func (l InviteLink) Data() InviteLinkData { return l.data }

// ID returns the link's id.
func (l InviteLink) ID() uuid.UUID { return l.data.ID }

// RequireUsable refuses a link that was revoked, has expired or was used as often as it may.
func (l InviteLink) RequireUsable(now time.Time) error {
	switch {
	case !l.data.RevokedAt.IsZero():
		return ErrInviteRevoked
	case !now.Before(l.data.ExpiresAt):
		return ErrInviteExpired
	case l.data.MaxUses > 0 && l.data.Uses >= l.data.MaxUses:
		return ErrLinkUsedUp
	}
	return nil
}

// Use makes the user a member by a link. A member does not use it up. intoCommunity says whether the maker of the link
// may also add the user to the community of a team.
func (m UserMemberships) Use(link InviteLink, intoCommunity bool, now time.Time) (InviteLink, []MembershipChange, error) {
	scope := link.data.Scope
	if m.Role(scope) != RoleNone {
		return link, nil, nil
	}
	if err := link.RequireUsable(now); err != nil {
		return InviteLink{}, nil, err
	}
	if err := m.requireNotRemoved(scope); err != nil {
		return InviteLink{}, nil, err
	}
	changes, err := m.Add(scope, RoleMember, intoCommunity, now)
	if err != nil {
		return InviteLink{}, nil, err
	}
	link.data.Uses++
	return link, changes, nil
}

// Revoke ends a link. A second time changes nothing.
func (l InviteLink) Revoke(now time.Time) InviteLink {
	if l.data.RevokedAt.IsZero() {
		l.data.RevokedAt = valid.Instant(now)
	}
	return l
}
