package outbox_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/events"
	"go.updspace.com/libs/authz"
	kit "go.updspace.com/libs/outbox"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/tools/devkit/testkit/service"
	"go.updspace.com/tools/devkit/testkit/suites"
	"go.updspace.com/voting/adapters/outbox"
	"go.updspace.com/voting/domain"
	"go.updspace.com/voting/ports/portstest"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// Every event in the document can be published, with every field. The publisher refuses events that the document does not
// describe.
func TestEventsMatchTheirDocument(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t)
	producer := outbox.New(kit.NewPublisher(db, "voting").Validating())
	maker := portstest.NewActor()
	voter := portstest.SameTenantActor(maker)
	ctx := portstest.As(t.Context(), voter)
	open := portstest.NewPoll(t, maker, portstest.Draft(maker, "Игра года"), portstest.Noon)
	secret := portstest.NewPoll(t, maker, domain.PollDraft{
		Title: "secret", Scope: authz.TeamScope(uuid.New()), Visibility: authz.VisibilityTeam,
		Rules: domain.Rules{Anonymous: true}, Schedule: domain.Schedule{Starts: portstest.Noon, Ends: portstest.Noon.Add(time.Hour)},
	}, portstest.Noon)
	hidden := secret.Data()
	hidden.Hidden = true
	secret = domain.RestorePoll(hidden)
	ballot := domain.RestoreBallot(domain.BallotData{ID: uuid.New(), QuestionID: uuid.New(), OptionID: uuid.New(), UserID: voter.User})

	doc, err := events.Of("voting")
	require.NoError(t, err)
	for _, poll := range []domain.Poll{open, secret} {
		member := domain.ParticipantEvent{PollEvent: domain.PollEvent{Poll: poll, By: maker.User}, Participant: domain.Creator(poll)}
		about, cast := domain.PollEvent{Poll: poll, By: maker.User}, domain.BallotEvent{Poll: poll, Ballot: ballot}
		for _, event := range []domain.Event{
			domain.PollCreated{PollEvent: about}, domain.PollUpdated{PollEvent: about}, domain.PollPublished{PollEvent: about},
			domain.PollOpened{PollEvent: about}, domain.PollClosed{PollEvent: about}, domain.PollDeleted{PollEvent: about}, domain.PollClosed{PollEvent: domain.PollEvent{Poll: poll}},
			domain.ParticipantChanged{ParticipantEvent: member}, domain.ParticipantRemoved{ParticipantEvent: member},
			domain.ParticipantInvited{ParticipantEvent: member}, domain.ParticipantDeclined{ParticipantEvent: member},
			domain.VoteCast{BallotEvent: cast}, domain.VoteRevoked{BallotEvent: cast},
		} {
			require.NoError(t, db.Do(ctx, func(ctx context.Context) error { return producer.Publish(ctx, event) }))
			var text string
			require.NoError(t, db.Read(ctx, func(ctx context.Context) error {
				return db.Conn(ctx).NewRaw("SELECT event FROM outbox ORDER BY seq DESC LIMIT 1").Scan(ctx, &text)
			}))
			var wire struct {
				Source, Type, Subject, ActorID, RequestID string
				Data                                      map[string]any
			}
			require.NoError(t, json.Unmarshal([]byte(text), &wire))
			require.Equal(t, doc.Source, wire.Source)
			require.Equal(t, "poll/"+poll.ID().String(), wire.Subject)
			require.Equal(t, "poll:"+poll.ID().String(), wire.Data["source_ref"])

			_, isBallot := event.(interface{ Voter() uuid.UUID })
			named := !isBallot || !poll.Data().Rules.Anonymous
			require.Equal(t, named, wire.ActorID == voter.User.String(), "the envelope of %s", wire.Type)
			require.Equal(t, named, wire.RequestID != "")
			if isBallot {
				require.Equal(t, named, wire.Data["user_id"] == voter.User.String(), "the data of %s", wire.Type)
			}
			if !named {
				require.NotContains(t, text, voter.User.String())
				require.NotContains(t, text, reqctx.From(ctx).RequestID)
			}
		}
	}
	service.FullEvents(t, db, "voting")
}

func TestEventsBelongToTheTransactionOfTheirChange(t *testing.T) {
	t.Parallel()
	suites.Events(t, func(t *testing.T) suites.EventsPort[domain.Event] {
		db := testkit.DB(t)
		return suites.EventsPort[domain.Event]{
			Do: db.Do, Publish: outbox.New(kit.NewPublisher(db, "voting").Validating()).Publish,
			New: func(t testing.TB) (domain.Event, string) {
				by := portstest.NewActor()
				poll := portstest.NewPoll(t, by, portstest.Draft(by, "poll"), portstest.Noon)
				return domain.PollCreated{PollEvent: domain.PollEvent{Poll: poll, By: by.User}}, "poll/" + poll.ID().String()
			},
			Published: func(t testing.TB) (subjects []string) {
				for _, event := range service.Events(t, db) {
					subjects = append(subjects, event.Subject)
				}
				return subjects
			},
		}
	})
}
