package ports

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/voting/domain"
)

// Polls stores polls.
type Polls interface {
	// Find returns a poll, or domain.ErrPollNotFound.
	Find(ctx context.Context, id uuid.UUID) (domain.Poll, error)
	// Lock is Find, and keeps others from changing the poll, its questions and its ballots until the transaction ends.
	Lock(ctx context.Context, id uuid.UUID) (domain.Poll, error)
	// LockFree is Lock, and does not wait: a poll that is locked is ErrPollNotFound.
	LockFree(ctx context.Context, id uuid.UUID) (domain.Poll, error)
	// LockShared is Find, and keeps the poll and its questions as they are until the transaction ends. Other voters do not wait.
	LockShared(ctx context.Context, id uuid.UUID) (domain.Poll, error)
	Add(ctx context.Context, poll domain.Poll) error
	// Update stores a changed poll over the version that it was changed from.
	Update(ctx context.Context, poll domain.Poll) error
	// Delete removes a poll with its questions, participants and ballots.
	Delete(ctx context.Context, id uuid.UUID) error

	// Audiences lists the audiences of all polls that match, each once.
	Audiences(ctx context.Context, filter PollFilter) ([]authz.Audience, error)

	// The following list and count polls that match and that the viewer sees: they apply the rule of domain.NewPollAccess to all
	// polls at once.

	// Page lists polls, newest first.
	Page(ctx context.Context, filter PollFilter, viewer authz.Viewer, r PageRange) ([]domain.Poll, error)
	// Count counts polls.
	Count(ctx context.Context, filter PollFilter, viewer authz.Viewer) (int, error)
	// ListViewed lists a part of the polls in the order of its sort.
	ListViewed(ctx context.Context, query ViewedPolls, viewer authz.Viewer) ([]ViewedPoll, error)
	// CountViewed counts polls by phase.
	CountViewed(ctx context.Context, filter PollFilter, now time.Time, viewer authz.Viewer) (PhaseCounts, error)

	// ListByGroup lists the polls of a community with its teams, or of a team.
	ListByGroup(ctx context.Context, group authz.Scope) ([]uuid.UUID, error)
	// ListOpening lists polls of all tenants that domain.Poll.Open announces.
	ListOpening(ctx context.Context, now time.Time, limit int) ([]PollOfTenant, error)
	// ListEnded lists active polls of all tenants whose end has passed.
	ListEnded(ctx context.Context, now time.Time, limit int) ([]PollOfTenant, error)
}

// PollFilter selects polls. Zero fields match everything.
type PollFilter struct {
	ScopeType authz.ScopeType
	ScopeID   uuid.UUID
	Status    domain.Status
	Query     string // text that title or description contain, in any case
}

// PageRange is the part of a list that is read: Limit polls after a poll, or after the first Offset polls.
type PageRange struct {
	After  *PollPosition
	Offset int
	Limit  int
}

// PollPosition is the place of a poll in a list.
type PollPosition struct {
	CreatedAt time.Time
	ID        uuid.UUID
}

// PollOfTenant names a poll outside of a request.
type PollOfTenant struct {
	Tenant uuid.UUID
	Poll   uuid.UUID
}
