package domain

import (
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
)

// Poll is a set of questions put to the people of a scope. The zero Poll is no poll; use NewPoll.
type Poll struct {
	data PollData
}

// PollData is everything there is to know about a poll, for showing and storing it.
type PollData struct {
	ID          uuid.UUID
	TenantID    uuid.UUID
	Title       string
	Description string
	Status      Status
	Scope       Scope
	Visibility  Visibility
	Template    string // slug of the template it was made from, or empty
	Rules       Rules
	Settings    Document
	Schedule    Schedule
	CreatedBy   uuid.UUID
	CreatedAt   time.Time
	UpdatedAt   time.Time
	// Version counts the changes. Whoever acts on what he read of a poll states the version he read.
	Version int
}

// Rules are what voters rely on when they decide to vote. They are fixed by the first ballot.
type Rules struct {
	AllowRevoting bool
	Anonymous     bool
	Results       ResultsVisibility
}

// PollDraft is what the maker of a poll decides. Empty enumerations mean their defaults.
type PollDraft struct {
	Title       string
	Description string
	Scope       Scope
	Visibility  Visibility // default public
	Template    string
	Rules       Rules // default results after closing
	Settings    map[string]any
	Schedule    Schedule
}

// NewPoll makes a draft.
func NewPoll(maker Actor, d PollDraft, now time.Time) (Poll, error) {
	if d.Visibility == "" {
		d.Visibility = VisibilityPublic
	}
	if d.Rules.Results == "" {
		d.Rules.Results = ResultsAfterClosed
	}
	now = Instant(now)
	return PollData{
		ID: newID(), TenantID: maker.Tenant, CreatedBy: maker.User, CreatedAt: now, UpdatedAt: now, Version: 1,
		Status: StatusDraft, Scope: d.Scope, Template: d.Template,
		Title: d.Title, Description: d.Description, Visibility: d.Visibility, Rules: d.Rules, Settings: d.Settings, Schedule: d.Schedule,
	}.checked()
}

// RestorePoll takes back a poll from where it was stored.
func RestorePoll(d PollData) Poll { return Poll{data: d} }

// checked returns the poll of d, with texts and times brought into their form, unless d breaks a rule.
func (d PollData) checked() (Poll, error) {
	fields := errs.Fields{}
	d.Title = title(d.Title, "title", fields)
	fields.Check(d.Title != "", "title", "must not be empty")
	d.Description = description(d.Description, "description", fields)
	d.Template = slug(d.Template, "template", fields)
	if why := d.Visibility.fits(d.Scope); why != "" {
		fields.Add("visibility", why)
	}
	fields.Check(d.Rules.Results.Valid(), "results_visibility", "must be always, after_closed or admins_only")
	d.Settings = newDocument(d.Settings, "settings", fields)
	delete(d.Settings, reservedSetting)
	d.Schedule = d.Schedule.normal()
	d.Schedule.check(fields)
	if err := fields.Err(); err != nil {
		return Poll{}, err
	}
	return Poll{data: d}, nil
}

// reservedSetting is shown among the settings but computed from the ballots, so it is never kept.
const reservedSetting = "total_votes"

// Data returns a copy of everything about the poll.
func (p Poll) Data() PollData { return p.data }

// ID is the poll's id.
func (p Poll) ID() uuid.UUID { return p.data.ID }

// Version is the number of the state p was read in.
func (p Poll) Version() int { return p.data.Version }

// Ask puts a permission into the poll's scope.
func (p Poll) Ask(permission Permission) Ask {
	return Ask{Permission: permission, Scope: p.data.Scope.ForAccess(p.data.TenantID)}
}

// AskVisible is Ask, answered with yes only to those the poll is visible to.
func (p Poll) AskVisible(permission Permission) Ask {
	return AskVisible(permission, p.data.Scope.ForAccess(p.data.TenantID), p.data.Visibility, p.data.CreatedBy)
}

// IsDraft says whether the poll is still being made.
func (p Poll) IsDraft() bool { return p.data.Status == StatusDraft }

// TakesBallots says whether a ballot may be cast at a moment.
func (p Poll) TakesBallots(now time.Time) error {
	switch {
	case p.data.Status != StatusActive:
		return ErrPollClosed
	case !p.data.Schedule.Starts.IsZero() && now.Before(p.data.Schedule.Starts):
		return ErrPollNotStarted
	case !p.data.Schedule.Ends.IsZero() && now.After(p.data.Schedule.Ends):
		return ErrPollEnded
	}
	return nil
}

// GivesBallotsBack says whether a ballot may be revoked at a moment.
func (p Poll) GivesBallotsBack(now time.Time) error {
	if !p.data.Rules.AllowRevoting {
		return ErrRevoteNotAllowed
	}
	return p.TakesBallots(now)
}

// ShowsResults says whether somebody of that standing may see the results.
func (p Poll) ShowsResults(to Standing) error {
	switch {
	case to.Manages,
		p.data.Rules.Results == ResultsAlways,
		p.data.Rules.Results == ResultsAfterClosed && p.data.Status == StatusClosed:
		return nil
	}
	return ErrResultsHidden
}

// newID returns an id that sorts by the time it was made, which keeps indexes compact.
func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }
