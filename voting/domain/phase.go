package domain

import (
	"errors"
	"time"
)

// Phase is what a poll is to its readers at a time: its status, and where the time is in its schedule.
type Phase string

// The phases. A poll can be closed for its readers before a job gives it the status.
const (
	PhaseDraft     Phase = "draft"
	PhaseScheduled Phase = "scheduled" // published, and its start is still to come
	PhaseOpen      Phase = "open"      // accepts ballots
	PhaseClosed    Phase = "closed"
)

// Phase is the phase of the poll at a time.
func (p Poll) Phase(now time.Time) Phase {
	refusal := p.AcceptsBallots(now)
	switch {
	case refusal == nil:
		return PhaseOpen
	case p.IsDraft():
		return PhaseDraft
	case errors.Is(refusal, ErrPollNotStarted):
		return PhaseScheduled
	}
	return PhaseClosed
}

// Valid reports whether f is one of the phases.
func (f Phase) Valid() bool {
	return f == PhaseDraft || f == PhaseScheduled || f == PhaseOpen || f == PhaseClosed
}
