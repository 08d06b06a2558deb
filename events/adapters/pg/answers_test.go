package pg

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/events/domain"
	"go.updspace.com/libs/authz"
)

// A member who answers twice at the same time keeps the later answer, and a newer version of the event is not taken for an older one.
func TestAnswersThatAreStoredTogetherAreOfDifferentMembersAboutOneVersion(t *testing.T) {
	by := authz.Actor{Tenant: uuid.New(), User: uuid.New()}
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	event, _, err := domain.NewEvent(by, "aef", domain.EventDraft{
		Details: domain.Details{Title: "Title"}, Scope: authz.TenantScope(by.Tenant),
		Schedule: domain.ScheduleDraft{Starts: now, Ends: now.Add(time.Hour), Zone: "UTC"},
	}, now)
	require.NoError(t, err)
	data := event.Data()
	data.Version++
	newer := domain.RestoreEvent(data)
	of := func(event domain.Event, member byte) *setCall {
		return &setCall{event: event, answer: domain.Answer{UserID: uuid.UUID{member}}}
	}
	for name, c := range map[string]struct {
		calls []*setCall
		first int
	}{
		"one":                 {[]*setCall{of(event, 1)}, 1},
		"different members":   {[]*setCall{of(event, 1), of(event, 2), of(event, 3)}, 3},
		"a member once again": {[]*setCall{of(event, 1), of(event, 2), of(event, 1), of(event, 3)}, 2},
		"a newer version":     {[]*setCall{of(event, 1), of(newer, 2), of(event, 3)}, 1},
	} {
		require.Equal(t, c.first, together(c.calls), name)
	}
}
