package inbox_test

import (
	"context"
	"testing"
	"time"

	"github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/identityevents"
	"go.updspace.com/gamification/adapters/inbox"
	"go.updspace.com/libs/outbox"
)

func TestTheNameOfTheTenantIsPassedOn(t *testing.T) {
	t.Parallel()
	var names []string
	handle := inbox.Tenants(func(_ context.Context, name string) error {
		names = append(names, name)
		return nil
	})
	e := event.New()
	e.SetType(identityevents.TypeTenantUpdated)
	require.NoError(t, e.SetData(event.ApplicationJSON, identityevents.Tenant{TenantID: uuid.New(), Slug: "aef", Name: "AEF", CreatedAt: time.Now()}))
	require.NoError(t, handle(t.Context(), e))
	require.Equal(t, []string{"AEF"}, names)
	require.NoError(t, e.SetData(event.ApplicationJSON, map[string]any{"name": 7}))
	require.ErrorIs(t, handle(t.Context(), e), outbox.ErrPoison)
}
