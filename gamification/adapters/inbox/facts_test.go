package inbox_test

import (
	"context"
	"testing"
	"time"

	"github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/eventsevents"
	"go.updspace.com/gamification/adapters/inbox"
	"go.updspace.com/gamification/ports"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/reqctx"
)

func TestFactsOfEventsArePassedOn(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 1, 20, 0, 0, 0, time.UTC)
	data := eventsevents.Attendance{EventID: uuid.New(), OccurrenceID: uuid.New(), UserID: uuid.New(), Method: "scan", StartsAt: at, ScopeType: "TENANT", ScopeID: uuid.New()}
	e := event.New()
	e.SetID(uuid.NewString())
	e.SetSource("events")
	e.SetType(eventsevents.TypeAttendanceMarked)
	e.SetTime(at.Add(time.Hour))
	require.NoError(t, e.SetData(event.ApplicationJSON, data))
	e.SetExtension(outbox.ExtRequest, "req-1")
	var told []ports.Told
	handler := inbox.Facts(func(_ context.Context, facts []ports.Told) error { told = append(told, facts...); return nil })
	handle := func(ctx context.Context, events ...event.Event) error { return handler(ctx, events) }
	ctx := reqctx.With(t.Context(), reqctx.Context{TenantID: uuid.New()})
	other := e.Clone()
	other.SetType("events.event.published")
	require.NoError(t, handle(ctx, other, e, e))
	require.Len(t, told, 2)
	require.Equal(t, "events", told[0].Source)
	require.Equal(t, "req-1", told[0].Request)
	require.Equal(t, e.ID(), told[0].Fact.Event.String())
	require.Equal(t, data.UserID, told[0].Fact.Person)
	require.Equal(t, at, told[0].Fact.When)

	require.ErrorIs(t, handle(t.Context(), e), outbox.ErrPoison, "no tenant")
	other = e.Clone()
	other.SetID("7")
	require.ErrorIs(t, handle(ctx, e, other), outbox.ErrPoison)
	other = e.Clone()
	require.NoError(t, other.SetData(event.ApplicationJSON, []int{1}))
	require.ErrorIs(t, handle(ctx, other), outbox.ErrPoison)
	require.Len(t, told, 2, "none of a batch with an event that cannot be read")
}
