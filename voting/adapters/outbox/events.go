// Package outbox tells other services what happened in voting, in the words of api/events/voting.yaml.
package outbox

import (
	"context"
	"time"

	"github.com/google/uuid"

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

// Publish writes events into the outbox, with the change they tell of.
func (e *Events) Publish(ctx context.Context, events ...domain.Event) error {
	for _, event := range events {
		wire, err := toWire(event)
		if err != nil {
			return err
		}
		if err := e.publisher.Publish(discreet(ctx, event), wire); err != nil {
			return err
		}
	}
	return nil
}

// discreet takes the user, and the request that the logs know him by, out of what an event of an anonymous poll says.
func discreet(ctx context.Context, event domain.Event) context.Context {
	ballot, ok := event.(interface{ Voter() uuid.UUID })
	if !ok || ballot.Voter() != uuid.Nil {
		return ctx
	}
	rc := reqctx.From(ctx)
	rc.UserID, rc.RequestID = uuid.Nil, ""
	return reqctx.With(ctx, rc)
}

// The types of events.
const (
	TypePollCreated   = "voting.poll.created"
	TypePollUpdated   = "voting.poll.updated"
	TypePollPublished = "voting.poll.published"
	TypePollClosed    = "voting.poll.closed"
	TypePollDeleted   = "voting.poll.deleted"
	TypeVoteCast      = "voting.vote.cast"
	TypeVoteRevoked   = "voting.vote.revoked"
)

func toWire(event domain.Event) (outbox.Event, error) {
	switch e := event.(type) {
	case domain.PollCreated:
		return pollEvent(TypePollCreated, e.PollEvent), nil
	case domain.PollUpdated:
		return pollEvent(TypePollUpdated, e.PollEvent), nil
	case domain.PollPublished:
		return pollEvent(TypePollPublished, e.PollEvent), nil
	case domain.PollClosed:
		return pollEvent(TypePollClosed, e.PollEvent), nil
	case domain.PollDeleted:
		return pollEvent(TypePollDeleted, e.PollEvent), nil
	case domain.VoteCast:
		return voteEvent(TypeVoteCast, e.BallotEvent), nil
	case domain.VoteRevoked:
		return voteEvent(TypeVoteRevoked, e.BallotEvent), nil
	}
	return outbox.Event{}, errs.Internalf("voting: no wire form of %T", event)
}

// about is what every event says of its poll: enough for a feed to show it to the right people without asking back.
type about struct {
	PollID     uuid.UUID `json:"poll_id"`
	Title      string    `json:"title"`
	ScopeType  string    `json:"scope_type"`
	ScopeID    string    `json:"scope_id"`
	Visibility string    `json:"visibility"`
	CreatedBy  uuid.UUID `json:"created_by"`
	SourceRef  string    `json:"source_ref"`
}

type pollData struct {
	about
	Status            string     `json:"status"`
	Anonymous         bool       `json:"anonymous"`
	ResultsVisibility string     `json:"results_visibility"`
	StartsAt          *time.Time `json:"starts_at"`
	EndsAt            *time.Time `json:"ends_at"`
	ActorID           uuid.UUID  `json:"actor_id"`
}

type voteData struct {
	about
	VoteID       uuid.UUID  `json:"vote_id"`
	NominationID uuid.UUID  `json:"nomination_id"`
	OptionID     uuid.UUID  `json:"option_id"`
	UserID       *uuid.UUID `json:"user_id,omitempty"`
}

func subject(poll domain.Poll) string { return "poll/" + poll.ID().String() }

func aboutPoll(poll domain.Poll) about {
	d := poll.Data()
	return about{
		PollID: d.ID, Title: d.Title, ScopeType: string(d.Scope.Type), ScopeID: d.Scope.ID,
		Visibility: string(d.Visibility), CreatedBy: d.CreatedBy, SourceRef: "poll:" + d.ID.String(),
	}
}

func pollEvent(kind string, e domain.PollEvent) outbox.Event {
	d := e.Poll.Data()
	return outbox.Event{Type: kind, Subject: subject(e.Poll), Data: pollData{
		about: aboutPoll(e.Poll), Status: string(d.Status), Anonymous: d.Rules.Anonymous, ResultsVisibility: string(d.Rules.Results),
		StartsAt: orNil(d.Schedule.Starts), EndsAt: orNil(d.Schedule.Ends), ActorID: e.By,
	}}
}

func voteEvent(kind string, e domain.BallotEvent) outbox.Event {
	d := e.Ballot.Data()
	data := voteData{about: aboutPoll(e.Poll), VoteID: d.ID, NominationID: d.QuestionID, OptionID: d.OptionID}
	if voter := e.Voter(); voter != uuid.Nil {
		data.UserID = &voter
	}
	return outbox.Event{Type: kind, Subject: subject(e.Poll), Data: data}
}

func orNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
