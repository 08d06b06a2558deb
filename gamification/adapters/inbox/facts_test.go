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
	"go.updspace.com/gamification/rule"
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
	var told []rule.Fact
	handle := inbox.Facts(func(_ context.Context, source string, f rule.Fact) error {
		require.Equal(t, "events", source)
		told = append(told, f)
		return nil
	})
	ctx := reqctx.With(t.Context(), reqctx.Context{TenantID: uuid.New()})
	require.NoError(t, handle(ctx, e))
	require.Len(t, told, 1)
	require.Equal(t, e.ID(), told[0].Event.String())
	require.Equal(t, data.UserID, told[0].Person)
	require.Equal(t, at, told[0].When)

	require.ErrorIs(t, handle(t.Context(), e), outbox.ErrPoison, "no tenant")
	other := e.Clone()
	other.SetType("events.event.published")
	require.NoError(t, handle(ctx, other))
	other = e.Clone()
	other.SetID("7")
	require.ErrorIs(t, handle(ctx, other), outbox.ErrPoison)
	other = e.Clone()
	require.NoError(t, other.SetData(event.ApplicationJSON, []int{1}))
	require.ErrorIs(t, handle(ctx, other), outbox.ErrPoison)
	require.Len(t, told, 1)
}
