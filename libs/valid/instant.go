package valid

import (
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
)

// Instant returns t in the zone and precision that PostgreSQL stores: UTC, whole microseconds. The zero time stays zero.
func Instant(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Microsecond)
}

// InRange reports whether t, in UTC, lies in the years 1 to 9999, which all parts of the platform can store and write.
func InRange(t time.Time) bool {
	year := t.UTC().Year()
	return 1 <= year && year <= 9999
}

var outsideYears = why.Outside(1, 9999).Saying("must lie in the years 1 to 9999, in UTC")

// Time is Instant for times that callers send. The zero time, which stands for none, is accepted.
func Time(fields errs.Fields, field string, t time.Time) time.Time {
	fields.Check(InRange(t), field, outsideYears)
	return Instant(t)
}

// NewID returns a new id: a UUIDv7, so that ids sort by the time they were made.
func NewID() uuid.UUID { return uuid.Must(uuid.NewV7()) }
