package domain

import "github.com/google/uuid"

// Event is something that happened and that other services are told of. The types are those of api/events/voting.yaml.
type Event interface{ event() }

// What can happen to a poll.
type (
	// PollCreated says that there is a new poll, usually a draft.
	PollCreated struct{ PollEvent }
	// PollUpdated says that something other than the status of a poll was changed.
	PollUpdated struct {
		PollEvent
		Amended bool // title or description were corrected after the first ballot
	}
	// PollPublished says that a poll accepts ballots, from now on or from its start.
	PollPublished struct{ PollEvent }
	// PollOpened says that the start of a published poll has come.
	PollOpened struct{ PollEvent }
	// PollClosed says that a poll accepts no more ballots.
	PollClosed struct{ PollEvent }
	// PollDeleted says that a poll was deleted.
	PollDeleted struct{ PollEvent }
)

// PollEvent is the part that the events of a poll share: the poll afterwards, and the user who changed it, or uuid.Nil
// for a background job.
type PollEvent struct {
	Poll Poll
	By   uuid.UUID
}

// What can happen to a participant.
type (
	// ParticipantChanged says that a user has a role in a poll, or another one than before.
	ParticipantChanged struct{ ParticipantEvent }
	// ParticipantRemoved says that a user has no role in a poll any more.
	ParticipantRemoved struct{ ParticipantEvent }
	// ParticipantInvited says that a user was invited to a role in a poll.
	ParticipantInvited struct{ ParticipantEvent }
	// ParticipantDeclined says that a user declined an invite.
	ParticipantDeclined struct{ ParticipantEvent }
)

// ParticipantEvent is the part that the events of a participant share.
type ParticipantEvent struct {
	PollEvent
	Participant Participant
}

// What can happen to a ballot.
type (
	// VoteCast says that a ballot was cast.
	VoteCast struct{ BallotEvent }
	// VoteRevoked says that a ballot was revoked.
	VoteRevoked struct{ BallotEvent }
)

// BallotEvent is the part that the events of a ballot share.
type BallotEvent struct {
	Poll   Poll
	Ballot Ballot
}

// Voter is the user who voted, or uuid.Nil in an anonymous poll, whose events name no voter.
func (e BallotEvent) Voter() uuid.UUID {
	if e.Poll.data.Rules.Anonymous {
		return uuid.Nil
	}
	return e.Ballot.data.UserID
}

func (PollEvent) event()   {}
func (BallotEvent) event() {}
