package outbox_test

import (
	"context"
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	kit "go.updspace.com/libs/outbox"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/testkit"
	"go.updspace.com/voting/adapters/outbox"
	"go.updspace.com/voting/domain"
	"go.updspace.com/voting/ports/portstest"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// document is api/events/voting.yaml.
type document struct {
	Source string
	Events map[string]struct {
		Subject string
		Data    struct {
			Ref string `yaml:"$ref"`
		}
	}
	Schemas map[string]any
}

func read(t *testing.T) (document, map[string]*openapi3.Schema) {
	t.Helper()
	raw, err := os.ReadFile("../../../api/events/voting.yaml")
	require.NoError(t, err)
	var d document
	require.NoError(t, yaml.Unmarshal(raw, &d))
	schemas := map[string]*openapi3.Schema{}
	for name, s := range d.Schemas {
		text, err := json.Marshal(s)
		require.NoError(t, err)
		schema := openapi3.NewSchema()
		require.NoError(t, json.Unmarshal(text, schema))
		require.NoError(t, schema.Validate(t.Context()))
		schemas["#/schemas/"+name] = schema
	}
	return d, schemas
}

// Every event the document lists can be told, nothing else is, and what is told is what the document says.
func TestEventsAreWhatTheirDocumentSays(t *testing.T) {
	db := testkit.DB(t)
	events := outbox.New(kit.NewPublisher(db, "voting"))
	maker := portstest.Someone()
	voter := portstest.Colleague(maker)
	ctx := portstest.As(t.Context(), voter)
	open := portstest.NewPoll(t, maker, portstest.Draft(maker, "Игра года"), portstest.Noon)
	secret := portstest.NewPoll(t, maker, domain.PollDraft{
		Title: "secret", Scope: domain.Scope{Type: domain.ScopeTeam, ID: "a"}, Visibility: domain.VisibilityTeam,
		Rules: domain.Rules{Anonymous: true}, Schedule: domain.Schedule{Starts: portstest.Noon, Ends: portstest.Noon.Add(time.Hour)},
	}, portstest.Noon)
	ballot := domain.RestoreBallot(domain.BallotData{ID: uuid.New(), QuestionID: uuid.New(), OptionID: uuid.New(), UserID: voter.User})

	told := map[string]bool{}
	doc, schemas := read(t)
	for _, poll := range []domain.Poll{open, secret} {
		about, cast := domain.PollEvent{Poll: poll, By: maker.User}, domain.BallotEvent{Poll: poll, Ballot: ballot}
		for _, event := range []domain.Event{
			domain.PollCreated{PollEvent: about}, domain.PollUpdated{PollEvent: about}, domain.PollPublished{PollEvent: about},
			domain.PollClosed{PollEvent: about}, domain.PollDeleted{PollEvent: about},
			domain.VoteCast{BallotEvent: cast}, domain.VoteRevoked{BallotEvent: cast},
		} {
			require.NoError(t, db.Do(ctx, func(ctx context.Context) error { return events.Publish(ctx, event) }))
			var text string
			require.NoError(t, db.Read(ctx, func(ctx context.Context) error {
				return db.Conn(ctx).NewRaw("SELECT event FROM outbox ORDER BY seq DESC LIMIT 1").Scan(ctx, &text)
			}))
			var wire struct {
				Source, Type, Subject, ActorID, RequestID string
				Data                                      map[string]any
			}
			require.NoError(t, json.Unmarshal([]byte(text), &wire))
			listed, ok := doc.Events[wire.Type]
			require.True(t, ok, "%s is not in the document", wire.Type)
			told[wire.Type] = true
			require.Equal(t, doc.Source, wire.Source)
			require.Equal(t, "poll/"+poll.ID().String(), wire.Subject)
			require.NoError(t, schemas[listed.Data.Ref].VisitJSON(wire.Data), "%s: %s", wire.Type, text)
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
	for kind := range doc.Events {
		require.True(t, told[kind], "%s is in the document and never told", kind)
	}
}

func TestAnEventWithoutItsChangeIsRefused(t *testing.T) {
	db := testkit.DB(t)
	by := portstest.Someone()
	poll := portstest.NewPoll(t, by, portstest.Draft(by, "t"), portstest.Noon)
	err := outbox.New(kit.NewPublisher(db, "voting")).Publish(portstest.As(t.Context(), by), domain.PollCreated{PollEvent: domain.PollEvent{Poll: poll}})
	require.Error(t, err)
}
