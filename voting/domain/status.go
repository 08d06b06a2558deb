package domain

// Status is the stage of a poll.
type Status string

// The statuses, in the only order in which a poll passes through them.
const (
	StatusDraft  Status = "draft"
	StatusActive Status = "active"
	StatusClosed Status = "closed"
)

// Valid reports whether s is one of the statuses.
func (s Status) Valid() bool {
	return s == StatusDraft || s == StatusActive || s == StatusClosed
}

// next says whether a poll may go from s to another status. Staying is always possible.
func (s Status) next(to Status) error {
	switch {
	case s == to, s == StatusDraft && to == StatusActive, s == StatusActive && to == StatusClosed:
		return nil
	case !to.Valid(), to == StatusDraft:
		return ErrInvalidStatus
	}
	return ErrInvalidTransition
}
