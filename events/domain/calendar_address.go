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

// MaxCalendarAddresses is how many addresses a member may have.
const MaxCalendarAddresses = 20

const maxCalendarName = 100

// CalendarContent is what a calendar address has.
type CalendarContent string

// The contents.
const (
	ContentAll      CalendarContent = "all"      // what its owner sees
	ContentAnswered CalendarContent = "answered" // the dates that its owner goes to or is interested in
	ContentGroup    CalendarContent = "group"    // the events of a community or a team
)

// CalendarAddress is an address that calendar programs read on behalf of a member. Its secret is known to the member alone.
type CalendarAddress struct {
	ID         uuid.UUID
	UserID     uuid.UUID
	Name       string
	Content    CalendarContent
	Scope      authz.Scope // the community or team of ContentGroup, else the tenant
	TokenHash  [sha256.Size]byte
	CreatedAt  time.Time
	RenewedAt  time.Time
	LastUsedOn time.Time // a day in UTC; zero before the first use
}

// NewCalendarAddress makes an address of a member.
func NewCalendarAddress(owner authz.Actor, name string, content CalendarContent, scope authz.Scope, token CalendarToken, now time.Time) (CalendarAddress, error) {
	fields := errs.Fields{}
	name = valid.Line(fields, "name", name, 1, maxCalendarName)
	group := scope.Type == authz.ScopeCommunity || scope.Type == authz.ScopeTeam
	fields.Check(group || content != ContentGroup, "scopeType", why.Required.Saying("must be COMMUNITY or TEAM for a group"))
	fields.Check(!group || content == ContentGroup, "scopeType", why.Mismatch("must be absent unless content is group"))
	now = valid.Instant(now)
	return CalendarAddress{
		ID: valid.NewID(), UserID: owner.User, Name: name, Content: content, Scope: scope, TokenHash: token.Hash(), CreatedAt: now, RenewedAt: now,
	}, fields.Err()
}

// Renew gives the address a new secret.
func (a CalendarAddress) Renew(token CalendarToken, now time.Time) CalendarAddress {
	a.TokenHash, a.RenewedAt = token.Hash(), valid.Instant(now)
	return a
}

// CalendarToken is the secret of a calendar address: 256 random bits in base64url.
type CalendarToken string

// NewCalendarToken makes a secret.
func NewCalendarToken() CalendarToken {
	var bits [32]byte
	_, _ = rand.Read(bits[:]) // never fails
	return CalendarToken(base64.RawURLEncoding.EncodeToString(bits[:]))
}

// Hash is what is stored of the secret.
func (t CalendarToken) Hash() [sha256.Size]byte { return sha256.Sum256([]byte(t)) }
