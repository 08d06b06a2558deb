// Package outbox publishes the events of api/events/voting.yaml through the outbox.
package outbox

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/api/votingevents"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/voting/domain"
	"go.updspace.com/voting/ports"
)

// Events is ports.Events.
type Events struct {
	publisher *outbox.Publisher
}

var _ ports.Events = (*Events)(nil)

// New writes events through publisher.
func New(publisher *outbox.Publisher) *Events { return &Events{publisher: publisher} }

// Publish writes events into the outbox, in the transaction of the change they describe.
func (e *Events) Publish(ctx context.Context, events ...domain.Event) error {
	for _, event := range events {
		wire, err := toWire(event)
		if err != nil {
			return err
		}
		if err := e.publisher.Publish(withoutVoter(ctx, event), wire); err != nil {
			return err
		}
	}
	return nil
}

// Encode returns the outbox row of an event, for a SQL function that stores it with the change.
func (e *Events) Encode(ctx context.Context, event domain.Event) (outbox.Row, error) {
	wire, err := toWire(event)
	if err != nil {
		return outbox.Row{}, err
	}
	return e.publisher.Encode(withoutVoter(ctx, event), wire)
}

// Wake makes the relay look for new rows.
func (e *Events) Wake() { e.publisher.Wake() }

// withoutVoter removes the user and the request id from the envelope of an event of an anonymous poll: the logs know the
// user by the request id.
func withoutVoter(ctx context.Context, event domain.Event) context.Context {
	ballot, ok := event.(interface{ Voter() uuid.UUID })
	if !ok || ballot.Voter() != uuid.Nil {
		return ctx
	}
	rc := reqctx.From(ctx)
	rc.UserID, rc.RequestID = uuid.Nil, ""
	return reqctx.With(ctx, rc)
}

func toWire(event domain.Event) (outbox.Event, error) {
	switch e := event.(type) {
	case domain.PollCreated:
		return pollEvent(votingevents.TypePollCreated, e.PollEvent), nil
	case domain.PollUpdated:
		return pollEvent(votingevents.TypePollUpdated, e.PollEvent), nil
	case domain.PollPublished:
		return pollEvent(votingevents.TypePollPublished, e.PollEvent), nil
	case domain.PollOpened:
		return pollEvent(votingevents.TypePollOpened, e.PollEvent), nil
	case domain.PollClosed:
		return pollEvent(votingevents.TypePollClosed, e.PollEvent), nil
	case domain.PollDeleted:
		return pollEvent(votingevents.TypePollDeleted, e.PollEvent), nil
	case domain.ParticipantChanged:
		return participantEvent(votingevents.TypeParticipantChanged, e.ParticipantEvent), nil
	case domain.ParticipantRemoved:
		return participantEvent(votingevents.TypeParticipantRemoved, e.ParticipantEvent), nil
	case domain.ParticipantInvited:
		return participantEvent(votingevents.TypeParticipantInvited, e.ParticipantEvent), nil
	case domain.ParticipantDeclined:
		return participantEvent(votingevents.TypeParticipantDeclined, e.ParticipantEvent), nil
	case domain.VoteCast:
		return voteEvent(votingevents.TypeVoteCast, e.BallotEvent), nil
	case domain.VoteRevoked:
		return voteEvent(votingevents.TypeVoteRevoked, e.BallotEvent), nil
	}
	return outbox.Event{}, errs.Internalf("voting: no wire form of %T", event)
}

// sourceRef stays the same in all events about one poll.
func sourceRef(poll domain.Poll) string { return "poll:" + poll.ID().String() }

func pollEvent(kind string, e domain.PollEvent) outbox.Event {
	d := e.Poll.Data()
	data := votingevents.Poll{
		PollID: d.ID, Title: d.Title, ScopeType: string(d.Scope.Type), ScopeID: d.Scope.ID, Visibility: string(d.Visibility),
		CreatedBy: d.CreatedBy, SourceRef: sourceRef(e.Poll), Status: string(d.Status), Anonymous: d.Rules.Anonymous,
		ResultsVisibility: string(d.Rules.Results), StartsAt: orNil(d.Schedule.Starts), EndsAt: orNil(d.Schedule.Ends), Hidden: d.Hidden,
		ActorID: orNil(e.By),
	}
	return outbox.Event{Type: kind, Subject: data.Subject(), Data: data}
}

func participantEvent(kind string, e domain.ParticipantEvent) outbox.Event {
	d := e.Poll.Data()
	data := votingevents.Participant{
		PollID: d.ID, Title: d.Title, ScopeType: string(d.Scope.Type), ScopeID: d.Scope.ID, Visibility: string(d.Visibility),
		CreatedBy: d.CreatedBy, SourceRef: sourceRef(e.Poll), UserID: e.Participant.UserID, Role: string(e.Participant.Role), ActorID: orNil(e.By),
	}
	return outbox.Event{Type: kind, Subject: data.Subject(), Data: data}
}

func voteEvent(kind string, e domain.BallotEvent) outbox.Event {
	poll, ballot := e.Poll.Data(), e.Ballot.Data()
	data := votingevents.Vote{
		PollID: poll.ID, Title: poll.Title, ScopeType: string(poll.Scope.Type), ScopeID: poll.Scope.ID, Visibility: string(poll.Visibility),
		CreatedBy: poll.CreatedBy, SourceRef: sourceRef(e.Poll), VoteID: ballot.ID, NominationID: ballot.QuestionID, OptionID: ballot.OptionID,
		UserID: orNil(e.Voter()),
	}
	return outbox.Event{Type: kind, Subject: data.Subject(), Data: data}
}

// orNil is nil for the zero value, which stands for none.
func orNil[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}
