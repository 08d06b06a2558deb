package ports

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/libs/authz"
)

// GrantFilter selects grants of one achievement. Visibility may be empty.
type GrantFilter struct {
	Achievement uuid.UUID
	Visibility  domain.GrantVisibility
	Ended       bool      // also grants that have ended
	SeenBy      uuid.UUID // public ones and those of this member; the zero UUID for all
}

// GrantKey is the place of a grant in a list.
type GrantKey struct {
	CreatedAt time.Time
	ID        uuid.UUID
}

// Grants stores grants.
type Grants interface {
	// Find returns a grant, or domain.ErrGrantNotFound.
	Find(ctx context.Context, id uuid.UUID) (domain.Grant, error)
	// Lock is Find, and makes other changes of the grant wait until Tx.Do ends.
	Lock(ctx context.Context, id uuid.UUID) (domain.Grant, error)
	// Currents are Current for members of a list, by member.
	Currents(ctx context.Context, achievement uuid.UUID, recipients []uuid.UUID) (map[uuid.UUID]domain.Grant, error)
	// OfBatch returns the grants that a request for many members has made, by member.
	OfBatch(ctx context.Context, batch uuid.UUID) (map[uuid.UUID]domain.Grant, error)
	// Current returns the grant of an achievement that a member has and can have only one of, or domain.ErrGrantNotFound.
	Current(ctx context.Context, achievement, recipient uuid.UUID) (domain.Grant, error)
	// Holds reports whether a member has an achievement.
	Holds(ctx context.Context, achievement, user uuid.UUID) (bool, error)
	// Standing returns what a grant of an achievement to a member depends on. since begins the time in which the issuer's are counted.
	Standing(ctx context.Context, achievement domain.Achievement, recipient, issuer uuid.UUID, since time.Time) (domain.Standing, error)
	// Standings are Standing for members of a list, by member.
	Standings(ctx context.Context, achievement domain.Achievement, recipients []uuid.UUID, issuer uuid.UUID, since time.Time) (map[uuid.UUID]domain.Standing, error)
	// Page lists grants that match, newest first, after a place if there is one.
	Page(ctx context.Context, filter GrantFilter, after *GrantKey, limit int) ([]domain.Grant, error)
	// PageOf lists what a member has, newest first, after a place if there is one: everything for the member; for another viewer public
	// grants of achievements that the viewer sees, and private ones where the viewer sees those.
	PageOf(ctx context.Context, recipient uuid.UUID, viewer authz.Viewer, after *GrantKey, limit int) ([]domain.Grant, error)
	// FindAll returns the grants of the ids that there are, by id.
	FindAll(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]domain.Grant, error)
	// Pinned lists what a member has pinned, in its order, as far as the viewer sees the achievements.
	Pinned(ctx context.Context, recipient uuid.UUID, viewer authz.Viewer) ([]domain.Grant, error)
	// Pin replaces what a member has pinned.
	Pin(ctx context.Context, recipient uuid.UUID, grants []uuid.UUID) error
	// Expire ends the grants of all tenants whose time is over, at most limit of them, and says how many.
	Expire(ctx context.Context, now time.Time, limit int) (int, error)
	// Forget removes the grants of all tenants that ended before a time.
	Forget(ctx context.Context, before time.Time) error
	// Add stores new grants.
	Add(ctx context.Context, grants ...domain.Grant) error
	Update(ctx context.Context, grant domain.Grant) error
}

// Members are the members of the tenant, as identity's events tell.
type Members interface {
	// Put stores whether a user is an active member.
	Put(ctx context.Context, user uuid.UUID, active bool) error
	// IsActive reports whether a user is an active member.
	IsActive(ctx context.Context, user uuid.UUID) (bool, error)
	// IsRanked reports whether a user wants to be on leaderboards, and shown whether the user is: an active member who wants to.
	IsRanked(ctx context.Context, user uuid.UUID) (ranked, shown bool, err error)
	// SetRanked stores whether a user wants to be on leaderboards.
	SetRanked(ctx context.Context, user uuid.UUID, ranked bool) error
}
