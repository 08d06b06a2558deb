package domain

import (
	"reflect"
	"slices"
	"time"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/valid"
)

// MaxAmendments bounds the corrections of one poll.
const MaxAmendments = 20

// PollEdit says what to change. nil leaves a field as it is, a pointer to a zero value clears it.
type PollEdit struct {
	Title           *string
	Description     *string
	Visibility      *authz.Visibility
	AllowRevoting   *bool
	Anonymous       *bool
	Results         *ResultsVisibility
	Settings        map[string]any
	Starts          *time.Time
	Ends            *time.Time
	AmendmentReason string // needed to correct title or description after the first ballot
}

// Edit returns the poll with the changes, and whether there were any. What voters decided on is fixed by the first ballot.
func (p Poll) Edit(e PollEdit, hasBallots bool, now time.Time) (edited Poll, changed bool, err error) {
	d := p.data
	set(&d.Title, e.Title)
	set(&d.Description, e.Description)
	set(&d.Visibility, e.Visibility)
	set(&d.Rules.AllowRevoting, e.AllowRevoting)
	set(&d.Rules.Anonymous, e.Anonymous)
	set(&d.Rules.Results, e.Results)
	set(&d.Schedule.Starts, e.Starts)
	set(&d.Schedule.Ends, e.Ends)
	if e.Settings != nil {
		d.Settings = e.Settings
	}
	if edited, err = d.checked(); err != nil {
		return Poll{}, false, err
	}
	if !edited.data.Schedule.Starts.Equal(p.data.Schedule.Starts) {
		edited.data.Opened = false
	}
	if reflect.DeepEqual(edited.data, p.data) {
		return p, false, nil
	}
	if hasBallots {
		if edited, err = p.amend(edited, e.AmendmentReason, now); err != nil {
			return Poll{}, false, err
		}
	}
	return edited.changed(now), true, nil
}

// amend checks a change of a poll that has ballots. Rules, visibility and start are fixed, and the end can only be put
// off; title and description can be corrected with a reason.
func (p Poll) amend(edited Poll, reason string, now time.Time) (Poll, error) {
	was, is := p.data, edited.data
	if was.Rules != is.Rules || was.Visibility != is.Visibility ||
		!was.Schedule.Starts.Equal(is.Schedule.Starts) || is.Schedule.endsEarlierThan(was.Schedule) {
		return Poll{}, ErrHasBallots
	}
	amendment := Amendment{At: valid.Instant(now)}
	if was.Title != is.Title {
		amendment.Title = &was.Title
	}
	if was.Description != is.Description {
		amendment.Description = &was.Description
	}
	if amendment.Title == nil && amendment.Description == nil {
		return edited, nil
	}
	fields := errs.Fields{}
	amendment.Reason = valid.Line(fields, "amendment_reason", reason, 0, maxReason)
	switch {
	case fields.Err() != nil:
		return Poll{}, fields.Err()
	case amendment.Reason == "":
		return Poll{}, ErrAmendmentNeeded
	case len(was.Amendments) >= MaxAmendments:
		return Poll{}, ErrTooManyAmendments
	}
	edited.data.Amendments = append(slices.Clone(was.Amendments), amendment)
	return edited, nil
}

// Transition returns the poll in another status, and whether that is a change. Publishing needs a complete questionnaire
// and an end that is still to come.
func (p Poll) Transition(to Status, questionnaire Questionnaire, now time.Time) (next Poll, changed bool, err error) {
	if err := p.data.Status.next(to); err != nil {
		return Poll{}, false, err
	}
	if to == p.data.Status {
		return p, false, nil
	}
	if to == StatusActive {
		if err := questionnaire.complete(); err != nil {
			return Poll{}, false, err
		}
		if p.data.Schedule.ended(now) {
			return Poll{}, false, errs.Fields{"ends_at": why.InPast("must not have passed")}.Err()
		}
	}
	p.data.Status = to
	p.data.Opened = to == StatusActive && p.AcceptsBallots(now) == nil
	return p.changed(now), true, nil
}

// Open announces an active poll whose start has come, and says whether it did. Each opening is announced once.
func (p Poll) Open(now time.Time) (Poll, bool) {
	if p.data.Opened || p.AcceptsBallots(now) != nil {
		return p, false
	}
	p.data.Opened = true
	return p.changed(now), true
}

// CloseEnded closes an active poll whose end has passed, and says whether it did.
func (p Poll) CloseEnded(now time.Time) (Poll, bool) {
	if p.data.Status != StatusActive || !p.data.Schedule.ended(now) {
		return p, false
	}
	p.data.Status = StatusClosed
	return p.changed(now), true
}

// CloseWithGroup closes an active poll because its community or team was archived or deleted, and hides it when it was
// deleted. It says whether anything changed.
func (p Poll) CloseWithGroup(state groups.State, now time.Time) (Poll, bool) {
	status, hidden := p.data.Status, p.data.Hidden || state == groups.Deleted
	if status == StatusActive {
		status = StatusClosed
	}
	if status == p.data.Status && hidden == p.data.Hidden {
		return p, false
	}
	p.data.Status, p.data.Hidden = status, hidden
	return p.changed(now), true
}

// CanEditQuestions says whether the questions and options may still be changed.
func (p Poll) CanEditQuestions() error {
	if !p.IsDraft() {
		return ErrPollLocked
	}
	return nil
}

// CanDelete says whether the poll may be deleted: as a draft, or when its community or team is gone.
func (p Poll) CanDelete() error {
	if !p.IsDraft() && !p.data.Hidden {
		return ErrPollLocked
	}
	return nil
}

func (p Poll) changed(now time.Time) Poll {
	p.data.UpdatedAt = valid.Instant(now)
	p.data.Version++
	return p
}

func set[T any](field *T, to *T) {
	if to != nil {
		*field = *to
	}
}
