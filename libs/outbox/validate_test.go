package outbox_test

import (
	"context"
	"testing"

	"github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/mailevents"
	"go.updspace.com/api/votingevents"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/tools/devkit/testkit"
)

func poll() votingevents.Poll {
	id := uuid.New()
	return votingevents.Poll{
		PollID: id, Title: "t", ScopeType: votingevents.PollScopeTypeTenant, ScopeID: uuid.New(), Visibility: votingevents.PollVisibilityPublic,
		CreatedBy: uuid.New(), SourceRef: "poll:" + id.String(), Status: votingevents.PollStatusDraft,
		ResultsVisibility: votingevents.PollResultsVisibilityAlways,
	}
}

func TestAValidatingPublisherRefusesWhatTheDocumentDoesNotDescribe(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t)
	publish := func(source string, e outbox.Event) error {
		return db.Do(request(), func(ctx context.Context) error { return outbox.NewPublisher(db, source).Validating().Publish(ctx, e) })
	}
	d := poll()
	require.NoError(t, publish("voting", outbox.Event{Type: votingevents.TypePollCreated, Subject: d.Subject(), Data: d}))
	require.ErrorContains(t, publish("voting", outbox.Event{Type: "voting.poll.renamed", Subject: d.Subject(), Data: d}), "voting.poll.renamed is not in api/events/voting.yaml")
	require.ErrorContains(t, publish("voting", outbox.Event{Type: votingevents.TypePollCreated, Subject: "poll/1", Data: d}), "subject")
	require.ErrorContains(t, publish("weather", outbox.Event{Type: "weather.day.begun", Subject: "day/1", Data: d}), "no api/events/weather.yaml")
	m := mailevents.MessageRequest{MessageID: uuid.New(), ToUser: new(uuid.New()), Kind: "events.reminder", Contents: []mailevents.Content{{Language: "en", Subject: "s", Text: "t"}}}
	require.NoError(t, publish("weather", outbox.Event{Type: mailevents.TypeMessageRequested, Subject: m.Subject(), Data: m}), "any service publishes shared events")
	require.ErrorContains(t, publish("voting", outbox.Event{Type: "mail.message.lost", Subject: m.Subject(), Data: m}), "not in api/events/mail.yaml")
	d.Title = ""
	err := publish("voting", outbox.Event{Type: votingevents.TypePollCreated, Subject: d.Subject(), Data: d})
	require.ErrorContains(t, err, "title")
	require.Equal(t, errs.Internal, errs.KindOf(err))
}

func TestDecodeRefusesPoison(t *testing.T) {
	t.Parallel()
	e := event.New()
	e.SetType(votingevents.TypePollCreated)
	d := poll()
	require.NoError(t, e.SetData(event.ApplicationJSON, d))
	decoded, err := outbox.Decode(e, votingevents.DecodePoll)
	require.NoError(t, err)
	require.Equal(t, d, decoded)

	_, err = outbox.Decode(e, votingevents.DecodeVote)
	require.ErrorIs(t, err, outbox.ErrPoison)
}
