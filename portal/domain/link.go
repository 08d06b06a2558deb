package domain

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
)

// Link invites whoever has it into a group, as a member. The zero Link is none; use NewLink.
type Link struct {
	data LinkData
}

// LinkData is everything there is to know about a link, for showing and storing it. The token is not among it.
type LinkData struct {
	ID          uuid.UUID
	Scope       Scope
	CommunityID uuid.UUID
	TokenHash   TokenHash
	Admits      bool // to a team: whoever uses it gets into the community, too
	MaxUses     int  // 0: any number
	Uses        int
	CreatedBy   uuid.UUID
	CreatedAt   time.Time
	ExpiresAt   time.Time
	RevokedAt   time.Time
}

// TokenHash is what is kept of a token.
type TokenHash [sha256.Size]byte

// HashToken is how a token is looked for.
func HashToken(token string) TokenHash { return sha256.Sum256([]byte(token)) }

const (
	tokenBytes = 32
	maxUses    = 10_000
)

// LinkDraft is what the maker of a link decides.
type LinkDraft struct {
	MaxUses   int       // 0: any number
	ExpiresAt time.Time // zero: DefaultInviteLife from now
}

// NewLink makes a link into a group and the token that opens it. The token is in nobody's hands but the caller's.
func NewLink(place Place, d LinkDraft, admits bool, by Actor, now time.Time) (Link, string, error) {
	now = Instant(now)
	if d.ExpiresAt.IsZero() {
		d.ExpiresAt = now.Add(DefaultInviteLife)
	}
	fields := errs.Fields{}
	fields.Check(d.MaxUses >= 0 && d.MaxUses <= maxUses, "max_uses", "must be from 1 to 10000, or left out")
	fields.Check(d.ExpiresAt.After(now), "expires_at", "must be in the future")
	fields.Check(!d.ExpiresAt.After(now.Add(MaxInviteLife)), "expires_at", "must be within a year")
	if err := fields.Err(); err != nil {
		return Link{}, "", err
	}
	if err := place.InUse(); err != nil {
		return Link{}, "", err
	}
	link, token := Link{data: LinkData{
		ID: newID(), Scope: place.Group.Scope(), CommunityID: place.Community.data.ID, Admits: admits, MaxUses: d.MaxUses,
		CreatedBy: by.User, CreatedAt: now, ExpiresAt: Instant(d.ExpiresAt),
	}}.Renew()
	return link, token, nil
}

// Renew gives a link another token; the one before opens nothing any more.
func (l Link) Renew() (Link, string) {
	secret := make([]byte, tokenBytes)
	_, _ = rand.Read(secret) // never fails
	token := base64.RawURLEncoding.EncodeToString(secret)
	l.data.TokenHash = HashToken(token)
	return l, token
}

// RestoreLink takes back a link from where it was stored.
func RestoreLink(d LinkData) Link { return Link{data: d} }

// Data returns a copy of everything about the link.
func (l Link) Data() LinkData { return l.data }

// ID is the link's id.
func (l Link) ID() uuid.UUID { return l.data.ID }

// Opens says whether the link lets anybody in at a moment.
func (l Link) Opens(now time.Time) error {
	switch {
	case !l.data.RevokedAt.IsZero():
		return ErrLinkRevoked
	case !now.Before(l.data.ExpiresAt):
		return ErrInviteExpired
	case l.data.MaxUses > 0 && l.data.Uses >= l.data.MaxUses:
		return ErrLinkUsedUp
	}
	return nil
}

// Use lets the user in by a link. Who is in already does not use it up.
func (b Belonging) Use(link Link, now time.Time) (Link, []Move, error) {
	if b.Role(link.data.Scope) != Nobody {
		return link, nil, nil
	}
	if err := link.Opens(now); err != nil {
		return Link{}, nil, err
	}
	moves, err := b.Enter(link.data.Scope, RoleMember, link.data.Admits, now)
	if err != nil {
		return Link{}, nil, err
	}
	link.data.Uses++
	return link, moves, nil
}

// Revoke withdraws a link. Again does no harm.
func (l Link) Revoke(now time.Time) Link {
	if l.data.RevokedAt.IsZero() {
		l.data.RevokedAt = Instant(now)
	}
	return l
}
