package domain

import (
	"time"

	"github.com/google/uuid"
)

// Instant is a moment as it is kept: in UTC, to the microsecond.
func Instant(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Microsecond)
}

// newID returns an id that sorts by the time it was made, which keeps indexes compact.
func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }
