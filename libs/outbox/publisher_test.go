package outbox_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/pg"
	"go.updspace.com/tools/devkit/testkit"
)

func TestPublishNeedsATransaction(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t)
	p := outbox.NewPublisher(db, "voting")
	e := outbox.Event{Type: "voting.vote.cast", Subject: "poll/1", Data: vote{}}

	require.ErrorContains(t, p.Publish(request(), e), "outside of a transaction")
	require.ErrorContains(t, db.Read(request(), func(ctx context.Context) error { return p.Publish(ctx, e) }), "outside of a transaction")

	undo := errors.New("undo")
	require.ErrorIs(t, db.Do(request(), func(ctx context.Context) error {
		require.NoError(t, p.Publish(ctx, e))
		return undo
	}), undo)
	require.Zero(t, unpublished(t, db))

	require.NoError(t, db.Do(request(), func(ctx context.Context) error { return p.Publish(ctx, e, e) }))
	require.Equal(t, 2, unpublished(t, db))
}

func TestPublishRefusesEventsThatTheBrokerWouldRefuse(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t)
	p := outbox.NewPublisher(db, "voting")
	for why, e := range map[string]outbox.Event{
		"not a type": {Type: "voting.*", Subject: "poll/1"},
		"no subject": {Type: "voting.vote.cast"},
		"too many":   {Type: "voting.vote.cast", Subject: "poll/1", Data: strings.Repeat("x", 800_000)},
	} {
		err := db.Do(request(), func(ctx context.Context) error { return p.Publish(ctx, e) })
		require.ErrorContains(t, err, why)
	}
}

func TestTheWireFormatOfAnEvent(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t)
	p := outbox.NewPublisher(db, "voting")
	at := time.Date(2026, 3, 4, 5, 6, 7, 123_456_789, time.FixedZone("", 3600))
	require.NoError(t, db.Do(request(), func(ctx context.Context) error {
		return p.Publish(ctx, outbox.Event{Type: "voting.vote.cast", Subject: "poll/1", Data: vote{N: 7}, Time: at})
	}))

	var text string
	require.NoError(t, db.Do(request(), func(ctx context.Context) error {
		return db.Conn(ctx).NewRaw("SELECT event FROM outbox").Scan(ctx, &text)
	}))
	var read event.Event // as receivers read it
	require.NoError(t, json.Unmarshal([]byte(text), &read))
	require.NoError(t, read.Validate())
	require.Equal(t, event.ApplicationJSON, read.DataContentType())
	require.Equal(t, map[string]any{outbox.ExtTenant: aef.String(), outbox.ExtRequest: "req-1", outbox.ExtActor: actor.String()}, read.Extensions())
	var data vote
	require.NoError(t, read.DataAs(&data))
	require.Equal(t, vote{N: 7}, data)

	var got map[string]any
	require.NoError(t, json.Unmarshal([]byte(text), &got))
	id, err := uuid.Parse(got["id"].(string))
	require.NoError(t, err)
	require.EqualValues(t, 7, id.Version())
	delete(got, "id")
	require.Equal(t, map[string]any{
		"specversion": "1.0", "source": "voting", "type": "voting.vote.cast", "subject": "poll/1",
		"time": "2026-03-04T04:06:07.123456Z", "datacontenttype": "application/json", "data": map[string]any{"n": 7.0},
		"tenantid": aef.String(), "requestid": "req-1", "actorid": actor.String(),
	}, got)
}

func TestAJobAcrossTenantsSetsTheTenant(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t)
	p := outbox.NewPublisher(db, "voting")
	e := outbox.Event{Type: "voting.poll.closed", Subject: "poll/1", TenantID: aef}
	require.NoError(t, db.Do(pg.AcrossTenants(context.Background(), "closing polls"), func(ctx context.Context) error { return p.Publish(ctx, e) }))

	e.TenantID = uuid.New()
	require.Error(t, db.Do(request(), func(ctx context.Context) error { return p.Publish(ctx, e) }),
		"a request cannot speak for another tenant")
}

func TestTheEventsOfOneCallKeepTheirOrder(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t)
	url := testkit.NATS(t)
	_, js := connect(t, url)
	p := outbox.NewPublisher(db, "voting")
	const each = 40
	require.NoError(t, db.Do(request(), func(ctx context.Context) error {
		events := make([]outbox.Event, each)
		for n := range events {
			events[n] = outbox.Event{Type: "voting.vote.cast", Subject: subject(0), Data: vote{N: n}}
		}
		return p.Publish(ctx, events...)
	}))
	start(t, outbox.NewRelay(p, relayConfig(url)).Run)
	requireExactlyOnce(t, awaitStored(t, js, each), 1, each)
}
