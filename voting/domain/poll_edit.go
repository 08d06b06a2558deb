package domain

import (
	"reflect"
	"time"
)

// PollEdit says what to change; nil leaves a thing as it is, a pointer to a zero value clears it.
type PollEdit struct {
	Title         *string
	Description   *string
	Visibility    *Visibility
	AllowRevoting *bool
	Anonymous     *bool
	Results       *ResultsVisibility
	Settings      map[string]any
	Starts        *time.Time
	Ends          *time.Time
}

// Edit returns the poll with the changes made, and whether there were any. Rules cannot change once ballots are in.
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
	if reflect.DeepEqual(edited.data, p.data) {
		return p, false, nil
	}
	if hasBallots && edited.data.Rules != p.data.Rules {
		return Poll{}, false, ErrPollLocked
	}
	return edited.changed(now), true, nil
}

// Move returns the poll in another status, and whether that is a change. Publishing needs the paper to be complete.
func (p Poll) Move(to Status, paper Paper, now time.Time) (moved Poll, changed bool, err error) {
	if err := p.data.Status.next(to); err != nil {
		return Poll{}, false, err
	}
	if to == p.data.Status {
		return p, false, nil
	}
	if to == StatusActive {
		if err := paper.complete(); err != nil {
			return Poll{}, false, err
		}
	}
	p.data.Status = to
	return p.changed(now), true, nil
}

// Locked says whether the questions, the options and the existence of the poll are beyond change.
func (p Poll) Locked() error {
	if !p.IsDraft() {
		return ErrPollLocked
	}
	return nil
}

func (p Poll) changed(now time.Time) Poll {
	p.data.UpdatedAt = Instant(now)
	p.data.Version++
	return p
}

func set[T any](field *T, to *T) {
	if to != nil {
		*field = *to
	}
}
