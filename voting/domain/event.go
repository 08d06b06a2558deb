package domain

import "github.com/google/uuid"

// Event is something that happened in voting and that others may want to know. Its implementations are the events of
// api/events/voting.yaml.
type Event interface{ event() }

// What can happen to a poll.
type (
	// PollCreated says that there is a new poll, usually a draft.
	PollCreated struct{ PollEvent }
	// PollUpdated says that something other than the status of a poll was changed.
	PollUpdated struct{ PollEvent }
	// PollPublished says that a poll takes ballots from now on, or from its start.
	PollPublished struct{ PollEvent }
	// PollClosed says that a poll takes no more ballots.
	PollClosed struct{ PollEvent }
	// PollDeleted says that a draft is gone.
	PollDeleted struct{ PollEvent }
)

// PollEvent is what the events of a poll have in common: the poll afterwards, and who did it.
type PollEvent struct {
	Poll Poll
	By   uuid.UUID
}

// What can happen to a ballot.
type (
	// VoteCast says that a ballot was cast.
	VoteCast struct{ BallotEvent }
	// VoteRevoked says that a ballot was taken back.
	VoteRevoked struct{ BallotEvent }
)

// BallotEvent is what the events of a ballot have in common.
type BallotEvent struct {
	Poll   Poll
	Ballot Ballot
}

// Voter is who voted, or uuid.Nil in an anonymous poll: that is never told.
func (e BallotEvent) Voter() uuid.UUID {
	if e.Poll.data.Rules.Anonymous {
		return uuid.Nil
	}
	return e.Ballot.data.UserID
}

func (PollEvent) event()   {}
func (BallotEvent) event() {}
