package domain

import (
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/valid"
)

// NominationStatus is what became of a nomination.
type NominationStatus string

// The statuses of nominations.
const (
	NominationOpen     NominationStatus = "open"
	NominationApproved NominationStatus = "approved"
	NominationDeclined NominationStatus = "declined"
)

// MaxOpenNominations is how many open nominations a member may have made.
const MaxOpenNominations = 20

// Nomination proposes a member for an achievement. The zero Nomination is none; use NewNomination.
type Nomination struct{ data NominationData }

// NominationData is all data of a nomination, for showing and storing it.
type NominationData struct {
	ID             uuid.UUID
	TenantID       uuid.UUID
	AchievementID  uuid.UUID
	NomineeID      uuid.UUID
	NominatorID    uuid.UUID // zero after the nominator was erased
	Text           string
	Status         NominationStatus
	CreatedAt      time.Time
	DecidedAt      time.Time
	DecidedBy      uuid.UUID
	DecisionReason string
	GrantID        uuid.UUID // of an approved one
}

// NominationDraft is what the nominator decides.
type NominationDraft struct {
	Nominee uuid.UUID
	Text    string
}

// NominationStanding is what a nomination depends on beside the achievement.
type NominationStanding struct {
	Member bool // the nominee is a member of the tenant
	Holds  bool // the nominee has the achievement
	Open   int  // how many open nominations the nominator has made
}

// NewNomination proposes a member for an achievement.
func NewNomination(a Achievement, by authz.Actor, draft NominationDraft, s NominationStanding, now time.Time) (Nomination, error) {
	if !a.Grantable() {
		return Nomination{}, ErrNotPublished
	}
	fields := errs.Fields{}
	fields.Check(s.Member, "nominee_id", why.NotFound("must be a member of the tenant"))
	fields.Check(draft.Nominee != by.User, "nominee_id", why.NotAllowed("must be another member"))
	text := valid.Text(fields, "text", draft.Text, 1, maxReason)
	switch err := fields.Err(); {
	case err != nil:
		return Nomination{}, err
	case s.Holds && a.data.Rules.Kind != KindRepeatable:
		return Nomination{}, ErrAlreadyHeld
	case s.Open >= MaxOpenNominations:
		return Nomination{}, ErrTooManyNominations
	}
	return Nomination{NominationData{
		ID: valid.NewID(), TenantID: a.data.TenantID, AchievementID: a.data.ID, NomineeID: draft.Nominee, NominatorID: by.User, Text: text,
		Status: NominationOpen, CreatedAt: valid.Instant(now),
	}}, nil
}

// RestoreNomination returns a stored nomination. It is for repositories only.
func RestoreNomination(d NominationData) Nomination { return Nomination{d} }

// Approve returns the approved nomination. grant is what the nominee got.
func (n Nomination) Approve(by authz.Actor, grant uuid.UUID, now time.Time) (Nomination, error) {
	return n.decide(by, NominationApproved, "", grant, now)
}

// Decline returns the declined nomination.
func (n Nomination) Decline(by authz.Actor, reason string, now time.Time) (Nomination, error) {
	return n.decide(by, NominationDeclined, reason, uuid.Nil, now)
}

func (n Nomination) decide(by authz.Actor, status NominationStatus, reason string, grant uuid.UUID, now time.Time) (Nomination, error) {
	if err := n.RequireOpen(); err != nil {
		return n, err
	}
	fields := errs.Fields{}
	n.data.DecisionReason = valid.Text(fields, "reason", reason, 0, maxReason)
	n.data.Status, n.data.DecidedBy, n.data.DecidedAt, n.data.GrantID = status, by.User, valid.Instant(now), grant
	return n, fields.Err()
}

// RequireOpen refuses nominations that are decided.
func (n Nomination) RequireOpen() error {
	if n.data.Status != NominationOpen {
		return ErrNominationDecided
	}
	return nil
}

// Data returns all data of the nomination.
func (n Nomination) Data() NominationData { return n.data }

// ID is the nomination's id.
func (n Nomination) ID() uuid.UUID { return n.data.ID }
