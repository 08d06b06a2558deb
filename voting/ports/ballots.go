package ports

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/voting/domain"
)

// Ballots stores ballots. Two promises are the repository's own, whatever races: a user has one ballot for an option and
// no more in a question than it allows, and no ballot is added or removed once a change of its poll is committed.
type Ballots interface {
	// Selection returns what a voter points at, or domain.ErrPollNotFound. Unless fresh is set the answer may be out of
	// date. That is enough to accept a vote, because Cast checks the version of the poll; a refusal needs a fresh one.
	Selection(ctx context.Context, poll, question, option uuid.UUID, fresh bool) (domain.Selection, error)
	// Cast stores a ballot and publishes domain.VoteCast, both or neither. It reports false and stores nothing when the
	// poll was changed since it was read or another ballot of the voter is in the way. An observer gets ErrForbidden. It
	// commits by itself and is not for use in a transaction.
	Cast(ctx context.Context, ballot domain.Ballot, poll domain.Poll) (bool, error)
	// LockVoter makes replacements of a voter's ballots in a poll happen one after another, until the transaction ends.
	LockVoter(ctx context.Context, poll, voter uuid.UUID) error
	// Replace removes and adds ballots of a voter in a transaction that holds LockVoter and Polls.LockShared. It reports
	// false when another ballot of the voter is in the way or one to remove is gone; then the transaction must be undone.
	Replace(ctx context.Context, remove, add []domain.Ballot) (bool, error)
	// Revoke removes a ballot. It reports false when the ballot is gone or the poll was changed since it was read.
	Revoke(ctx context.Context, ballot domain.Ballot, poll domain.Poll) (bool, error)

	// Find returns a ballot, or domain.ErrBallotNotFound.
	Find(ctx context.Context, id uuid.UUID) (domain.Ballot, error)
	// ListByUser returns a user's ballots in a poll, oldest first.
	ListByUser(ctx context.Context, poll, user uuid.UUID) ([]domain.Ballot, error)
	// Exists reports whether a poll has ballots.
	Exists(ctx context.Context, poll uuid.UUID) (bool, error)
	// Totals counts the ballots of polls, for showing. Polls without any may be absent; the number of an open poll may be
	// a second old.
	Totals(ctx context.Context, polls ...domain.Poll) (map[uuid.UUID]int64, error)
	// Tally counts the ballots of a poll by option.
	Tally(ctx context.Context, poll uuid.UUID) (domain.Tally, error)
	// Voters counts the users who have a ballot in a poll, and by question.
	Voters(ctx context.Context, poll uuid.UUID) (domain.Voters, error)
	// Progress returns how far a user has got in polls. Polls without questions may be absent.
	Progress(ctx context.Context, user uuid.UUID, polls ...uuid.UUID) (map[uuid.UUID]domain.Progress, error)
}
