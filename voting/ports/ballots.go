package ports

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/voting/domain"
)

// Choices remembers what voters pointed at, to spare the busiest use case a question to the database. What it recalls
// is what once was. That is good enough for a yes, because Ballots.Cast refuses what is no longer so; never for a no.
type Choices interface {
	Recall(ctx context.Context, poll, question, option uuid.UUID) (domain.Choice, bool)
	Remember(ctx context.Context, choice domain.Choice)
}

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
	// Any reports whether a poll has ballots.
	Any(ctx context.Context, poll uuid.UUID) (bool, error)
	// Totals counts the ballots of polls, for showing; those without any may be absent. The number for a poll that is
	// being voted in may be a moment old.
	Totals(ctx context.Context, polls ...domain.Poll) (map[uuid.UUID]int64, error)
	// Tally counts the ballots of a poll by option.
	Tally(ctx context.Context, poll uuid.UUID) (domain.Tally, error)
}
