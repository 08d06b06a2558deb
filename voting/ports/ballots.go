package ports

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/voting/domain"
)

// Ballots keeps ballots. Two promises are the repository's own, whatever races: nobody has two ballots for one option
// or more in a question than it allows, and no ballot comes or goes once a change of its poll is committed.
type Ballots interface {
	// Choice finds out what a voter points at, or domain.ErrPollNotFound.
	Choice(ctx context.Context, poll, question, option uuid.UUID) (domain.Choice, error)
	// Cast stores a ballot, unless it would break a promise: then it reports false and stores nothing.
	// The choice is what the ballot was filled for; a poll changed since then refuses it.
	Cast(ctx context.Context, ballot domain.Ballot, choice domain.Choice) (bool, error)
	// Revoke removes a ballot, unless it is gone or the poll was changed since it was read: then it reports false.
	Revoke(ctx context.Context, ballot domain.Ballot, poll domain.Poll) (bool, error)

	// Find returns a ballot, or domain.ErrBallotNotFound.
	Find(ctx context.Context, id uuid.UUID) (domain.Ballot, error)
	// Of returns a user's ballots in a poll, oldest first.
	Of(ctx context.Context, poll, user uuid.UUID) ([]domain.Ballot, error)
	// Totals counts the ballots of polls; those without any may be absent.
	Totals(ctx context.Context, polls ...uuid.UUID) (map[uuid.UUID]int64, error)
	// Tally counts the ballots of a poll by option.
	Tally(ctx context.Context, poll uuid.UUID) (domain.Tally, error)
}
