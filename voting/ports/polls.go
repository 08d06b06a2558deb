package ports

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/voting/domain"
)

// Polls keeps polls.
type Polls interface {
	// Find returns a poll, or domain.ErrPollNotFound.
	Find(ctx context.Context, id uuid.UUID) (domain.Poll, error)
	// Lock is Find, and keeps everybody else from changing the poll, its paper or its ballots until Tx.Do ends.
	Lock(ctx context.Context, id uuid.UUID) (domain.Poll, error)
	Add(ctx context.Context, poll domain.Poll) error
	// Update stores a changed poll over the version it was changed from.
	Update(ctx context.Context, poll domain.Poll) error
	// Delete removes a poll and its paper.
	Delete(ctx context.Context, id uuid.UUID) error

	// Places lists the places of all polls that match the search, each once.
	Places(ctx context.Context, search PollSearch) ([]Place, error)
	// Page returns one page of the polls that match the search and that the viewer sees, newest first, and their number.
	Page(ctx context.Context, search PollSearch, viewer Viewer, limit, offset int) ([]domain.Poll, int, error)
}

// PollSearch says which polls are looked for. Zero values match everything.
type PollSearch struct {
	ScopeType domain.ScopeType
	ScopeID   string
	Status    domain.Status
	Words     string // to be found in title or description, whatever their case
}

// Place is a scope that Access decides in (see domain.Scope.ForAccess), and whom the polls there are shown to.
type Place struct {
	Scope      domain.Scope
	Visibility domain.Visibility
}

// Viewer is somebody who looks for polls, with what Access lets him do where. He sees a poll of a scope he may read in
// when he made it, or when it is no draft and in a place open to him; and every poll of a scope he manages.
type Viewer struct {
	Actor   domain.Actor
	Reads   []domain.Scope
	Open    []Place
	Manages []domain.Scope
}
