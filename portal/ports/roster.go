package ports

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/portal/domain"
)

// Roster is what Access knows of memberships. It learns of every change by events; Tell makes a change hold at once.
type Roster interface {
	// Tell tells of changed memberships, those that ended among them, and returns when they hold, or after a moment when
	// Access does not answer. What cannot be told now is told by the events.
	Tell(ctx context.Context, memberships ...domain.Membership)
	// Compare holds a stretch of the tenant's memberships, in the order of their keys, against what Access knows there, and
	// puts that right.
	Compare(ctx context.Context, stretch Stretch) (Drift, error)
}

// Stretch is everything there is between two keys: after the first, up to and with the second. A zero key is an end.
type Stretch struct {
	After, Until WalkKey
	Memberships  []domain.Membership
}

// Drift is how many memberships Access had missing, other, or too many.
type Drift struct {
	Added, Changed, Removed int
}

// Plus is the sum of two drifts.
func (d Drift) Plus(o Drift) Drift {
	return Drift{Added: d.Added + o.Added, Changed: d.Changed + o.Changed, Removed: d.Removed + o.Removed}
}

// DriftWatch hears of drift, for those who look after the platform.
type DriftWatch interface {
	Drifted(ctx context.Context, tenant uuid.UUID, drift Drift)
}

// Tenants lists those who have groups here, for jobs that go through all of them.
type Tenants interface {
	All(ctx context.Context) ([]uuid.UUID, error)
}

// Exclusive lets one instance of the service at a time do a job.
type Exclusive interface {
	// Try runs the job unless it is running somewhere, and says whether it ran.
	Try(ctx context.Context, job string, run func(context.Context) error) (bool, error)
}
