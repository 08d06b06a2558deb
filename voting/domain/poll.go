package domain

import (
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/valid"
)

// Poll is a set of questions put to the members of a scope. The zero Poll is no poll; use NewPoll.
type Poll struct {
	data PollData
}

// PollData is all data of a poll, for showing and storing it.
type PollData struct {
	ID          uuid.UUID
	TenantID    uuid.UUID
	Title       string
	Description string
	Status      Status
	Scope       authz.Scope
	Visibility  authz.Visibility
	Template    string // slug of the template it was made from, or empty
	Rules       Rules
	Settings    Document
	Schedule    Schedule
	Amendments  []Amendment
	Opened      bool // active, and its opening needs no announcement any more
	Hidden      bool // its community or team was deleted
	CreatedBy   uuid.UUID
	CreatedAt   time.Time
	UpdatedAt   time.Time
	Version     int // counts the changes; a ballot states the version that it was decided on
}

// Rules are what voters rely on when they decide to vote. The first ballot fixes them.
type Rules struct {
	AllowRevoting bool
	Anonymous     bool
	Results       ResultsVisibility
}

// Amendment is a correction of the title or the description after the first ballot. Everyone who reads the poll sees it.
type Amendment struct {
	At          time.Time
	Reason      string
	Title       *string // before the correction; nil when it was not changed
	Description *string
}

// PollDraft is what the creator of a poll decides. Empty enumerations mean their defaults.
type PollDraft struct {
	Title       string
	Description string
	Scope       authz.Scope
	Visibility  authz.Visibility // default public
	Template    string
	Rules       Rules // default: results after closing
	Settings    map[string]any
	Schedule    Schedule
}

// NewPoll makes a draft.
func NewPoll(creator authz.Actor, d PollDraft, now time.Time) (Poll, error) {
	if d.Visibility == "" {
		d.Visibility = authz.VisibilityPublic
	}
	if d.Rules.Results == "" {
		d.Rules.Results = ResultsAfterClosed
	}
	now = valid.Instant(now)
	return PollData{
		ID: valid.NewID(), TenantID: creator.Tenant, CreatedBy: creator.User, CreatedAt: now, UpdatedAt: now, Version: 1,
		Status: StatusDraft, Scope: d.Scope, Template: d.Template,
		Title: d.Title, Description: d.Description, Visibility: d.Visibility, Rules: d.Rules, Settings: d.Settings, Schedule: d.Schedule,
	}.checked()
}

// RestorePoll returns a stored poll. It is for repositories only.
func RestorePoll(d PollData) Poll { return Poll{data: d} }

// checked returns the poll of d, with texts and times in their stored form, unless d breaks a rule.
func (d PollData) checked() (Poll, error) {
	fields := errs.Fields{}
	d.Title = valid.Line(fields, "title", d.Title, 1, maxTitle)
	d.Description = description(d.Description, "description", fields)
	if reason := d.Visibility.Fits(d.Scope.Type); !reason.None() {
		fields.Add("visibility", reason)
	}
	fields.Check(d.Rules.Results.Valid(), "results_visibility", why.NotAllowed("must be always, after_closed or admins_only"))
	d.Settings = newDocument(d.Settings, "settings", fields)
	delete(d.Settings, reservedSetting)
	d.Schedule = d.Schedule.checked(fields)
	if err := fields.Err(); err != nil {
		return Poll{}, err
	}
	return Poll{data: d}, nil
}

// reservedSetting is shown among the settings but counted from the ballots, so it is never stored.
const reservedSetting = "total_votes"

// Data returns a copy of all data of the poll.
func (p Poll) Data() PollData { return p.data }

// ID is the poll's id.
func (p Poll) ID() uuid.UUID { return p.data.ID }

// Version is the number of changes up to the state that p was read in.
func (p Poll) Version() int { return p.data.Version }

// IsDraft says whether the poll is not published yet.
func (p Poll) IsDraft() bool { return p.data.Status == StatusDraft }

// HasAudience says whether access knows who reads the poll: it is published, and neither private nor hidden.
func (p Poll) HasAudience() bool {
	return !p.IsDraft() && !p.data.Hidden && p.data.Visibility != authz.VisibilityPrivate
}

// AccessScope is the scope in which access is asked about the poll.
func (p Poll) AccessScope() authz.Scope { return AccessScope(p.data.Scope, p.data.TenantID) }

// Audience is whom the poll is shown to. For private polls see PollAccess.
func (p Poll) Audience() authz.Audience {
	return authz.Audience{Scope: p.AccessScope(), Visibility: p.data.Visibility}
}

// Check checks a permission in the poll's scope.
func (p Poll) Check(permission authz.Permission) authz.Check {
	return authz.Check{Permission: permission, Scope: p.AccessScope()}
}

// AcceptsBallots says whether a ballot may be cast at a time.
func (p Poll) AcceptsBallots(now time.Time) error {
	switch {
	case p.data.Status != StatusActive:
		return ErrPollClosed
	case !p.data.Schedule.Starts.IsZero() && now.Before(p.data.Schedule.Starts):
		return ErrPollNotStarted
	case p.data.Schedule.ended(now):
		return ErrPollEnded
	}
	return nil
}

// CanRevoke says whether a ballot may be revoked at a time.
func (p Poll) CanRevoke(now time.Time) error {
	if !p.data.Rules.AllowRevoting {
		return ErrRevoteNotAllowed
	}
	return p.AcceptsBallots(now)
}

// ResultsArePublic says whether callers without any role may read the results.
func (p Poll) ResultsArePublic() bool {
	return p.data.Rules.Results == ResultsAlways ||
		p.data.Rules.Results == ResultsAfterClosed && p.data.Status == StatusClosed
}
