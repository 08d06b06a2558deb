package domain

import (
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/valid"
)

// GrantVisibility is who sees a grant.
type GrantVisibility string

// The visibilities of grants.
const (
	GrantPublic  GrantVisibility = "public"  // all who see the achievement
	GrantPrivate GrantVisibility = "private" // the recipient, and holders of PermissionViewPrivate
)

const maxReason = 1000

// IssuerWindow is the time in which the grants of an issuer are counted.
const IssuerWindow = 24 * time.Hour

// Grant says that a member has an achievement. The zero Grant is none; use NewGrant.
type Grant struct{ data GrantData }

// GrantData is all data of a grant, for showing and storing it.
type GrantData struct {
	ID            uuid.UUID
	TenantID      uuid.UUID
	AchievementID uuid.UUID
	RecipientID   uuid.UUID
	IssuerID      uuid.UUID // zero after the issuer was erased
	Reason        string
	Visibility    GrantVisibility
	Single        bool      // the member has one at a time
	Batch         uuid.UUID // names the request that granted it to many; zero for none
	CreatedAt     time.Time
	ExpiresAt     time.Time // zero for never
	EndedAt       time.Time // when it was revoked or expired; zero while the member has it
	RevokedAt     time.Time // zero for one that was not revoked
	RevokedBy     uuid.UUID
	RevokeReason  string
}

// GrantDraft is what the issuer of a grant decides.
type GrantDraft struct {
	Recipient  uuid.UUID
	Reason     string
	Visibility GrantVisibility // default public
	Batch      uuid.UUID
}

// MaxPins is how many grants a member can pin.
const MaxPins = 6

// Pinnable reports whether a member can pin the grant.
func (g Grant) Pinnable(by uuid.UUID) bool {
	return g.data.RecipientID == by && g.data.Visibility == GrantPublic && !g.Ended()
}

// Standing is what a grant depends on beside the achievement.
type Standing struct {
	Member               bool // the recipient is a member of the tenant
	MissingPrerequisites []uuid.UUID
	Granted              int // how many members have the achievement
	IssuedLately         int // how often the issuer granted it within IssuerWindow
}

// NewGrant grants an achievement.
func NewGrant(a Achievement, by authz.Actor, draft GrantDraft, s Standing, now time.Time) (Grant, error) {
	if !a.Grantable() {
		return Grant{}, ErrNotPublished
	}
	fields, rules, now := errs.Fields{}, a.data.Rules, valid.Instant(now)
	if draft.Visibility == "" {
		draft.Visibility = GrantPublic
	}
	fields.Check(draft.Visibility == GrantPublic || draft.Visibility == GrantPrivate, "visibility", why.NotAllowed("must be public or private"))
	fields.Check(s.Member, "recipient_id", why.NotFound("must be a member of the tenant"))
	fields.Check(draft.Recipient != by.User, "recipient_id", why.NotAllowed("must be another member"))
	grant := Grant{GrantData{
		ID: valid.NewID(), TenantID: a.data.TenantID, AchievementID: a.data.ID, RecipientID: draft.Recipient, IssuerID: by.User,
		Reason: valid.Text(fields, "reason", draft.Reason, 0, maxReason), Visibility: draft.Visibility, Single: rules.Kind != KindRepeatable, Batch: draft.Batch,
		CreatedAt: now,
	}}
	if err := fields.Err(); err != nil {
		return Grant{}, err
	}
	if rules.ExpiresAfterDays > 0 {
		grant.data.ExpiresAt = now.AddDate(0, 0, rules.ExpiresAfterDays)
	}
	switch {
	case len(s.MissingPrerequisites) > 0:
		return Grant{}, ErrPrerequisitesMissing.WithDetails(map[string]any{"prerequisites": s.MissingPrerequisites})
	case rules.Kind == KindLimited && s.Granted >= rules.MaxGrants:
		return Grant{}, ErrNoGrantsLeft
	case rules.IssuerDailyLimit > 0 && s.IssuedLately >= rules.IssuerDailyLimit:
		return Grant{}, ErrIssuerLimit.WithRetryAfter(IssuerWindow)
	}
	return grant, nil
}

// RestoreGrant returns a stored grant. It is for repositories only.
func RestoreGrant(d GrantData) Grant { return Grant{d} }

// Revoke takes the achievement back. changed is false for a grant that has ended.
func (g Grant) Revoke(by uuid.UUID, reason string, now time.Time) (revoked Grant, changed bool, err error) {
	fields := errs.Fields{}
	reason = valid.Text(fields, "reason", reason, 0, maxReason)
	if err := fields.Err(); err != nil || g.Ended() {
		return g, false, err
	}
	g.data.EndedAt, g.data.RevokedAt, g.data.RevokedBy, g.data.RevokeReason = valid.Instant(now), valid.Instant(now), by, reason
	return g, true, nil
}

// Expire ends a grant whose time is over. changed is false for others.
func (g Grant) Expire(now time.Time) (ended Grant, changed bool) {
	if g.Ended() || g.data.ExpiresAt.IsZero() || now.Before(g.data.ExpiresAt) {
		return g, false
	}
	g.data.EndedAt = g.data.ExpiresAt
	return g, true
}

// Ended reports whether the grant was revoked or expired.
func (g Grant) Ended() bool { return !g.data.EndedAt.IsZero() }

// Data returns all data of the grant.
func (g Grant) Data() GrantData { return g.data }

// ID is the grant's id.
func (g Grant) ID() uuid.UUID { return g.data.ID }
