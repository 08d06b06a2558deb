package e2e

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/tools/journey"
)

// answer gives the answer of a member about an event through a gateway, until it is taken.
func (a attendee) answer(ctx context.Context, client *http.Client, gateway, event, status string) error {
	_, _, err := a.send(ctx, client, http.MethodPost, gateway+"/api/v1/events/"+event+"/rsvp", map[string]any{"status": status}, http.StatusOK)
	return err
}

// answers are the members who gave an answer about an event, in the order of the list.
func answers(t *testing.T, b *journey.Browser, event, status string) (users []uuid.UUID) {
	t.Helper()
	path := "/api/v1/events/" + event + "/answers?limit=100&status=" + status
	for next := ""; ; {
		var page struct {
			Items []struct {
				UserID uuid.UUID `json:"userId"`
			} `json:"items"`
			NextCursor string `json:"nextCursor"`
		}
		require.NoError(t, b.Send(t.Context(), http.MethodGet, path+next, nil).JSON(http.StatusOK, &page))
		for _, a := range page.Items {
			users = append(users, a.UserID)
		}
		if page.NextCursor == "" {
			return users
		}
		next = "&cursor=" + page.NextCursor
	}
}

// 500 people answer that they come to 100 seats at once, through two gateways before two instances of events: exactly 100 have a seat and
// 400 wait. Then 30 of the first withdraw while 30 more come: exactly 100 seats are taken again, by those who waited first, in the same order,
// and each promotion is told once.
func TestSeatsHoldThroughTheGateway(t *testing.T) {
	const seats, first, more = 100, 500, 30
	admin := signedIn(t, journey.Admin)
	second, err := world.Service("events").StartAnother(t.Context(), nil)
	require.NoError(t, err)
	stopAtEnd(t, second)
	gateway, err := world.Service("bff").StartAnother(t.Context(), map[string]string{"EVENTS_URL": second.URL})
	require.NoError(t, err)
	stopAtEnd(t, gateway)
	gateways := []string{world.Service("bff").URL(), gateway.URL}
	people := crowd(t, first+more)
	starts := time.Now().AddDate(0, 0, 7)
	var event struct{ ID string }
	require.NoError(t, admin.Send(t.Context(), http.MethodPost, "/api/v1/events", map[string]any{
		"title": t.Name(), "scopeType": "TENANT", "startsAt": starts, "endsAt": starts.Add(time.Hour), "capacity": seats,
	}).JSON(http.StatusCreated, &event))

	transport := http.DefaultTransport.(*http.Transport).Clone()
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	slots := make(chan struct{}, 64) // more at once would wait for the machine's cores alone
	give := func(status string, people ...attendee) {
		concurrently(len(people), func(i int) {
			slots <- struct{}{}
			defer func() { <-slots }()
			if err := people[i].answer(ctx, client, gateways[i%2], event.ID, status); err != nil {
				t.Error(err)
			}
		})
	}
	give("going", people[:first]...)
	going, waiting := answers(t, admin, event.ID, "going"), answers(t, admin, event.ID, "waiting")
	require.Len(t, going, seats)
	require.Len(t, waiting, first-seats)

	byUser := map[uuid.UUID]attendee{}
	for _, a := range people {
		byUser[a.user] = a
	}
	var leaving []attendee
	for _, user := range going[:more] {
		leaving = append(leaving, byUser[user])
	}
	var both sync.WaitGroup
	both.Go(func() { give("withdrawn", leaving...) })
	both.Go(func() { give("going", people[first:]...) })
	both.Wait()
	seated, left := answers(t, admin, event.ID, "going"), answers(t, admin, event.ID, "waiting")
	require.Len(t, seated, seats)
	for _, user := range append(slices.Clone(going[more:]), waiting[:more]...) {
		require.Contains(t, seated, user, "those who waited first have the seats")
	}
	require.Equal(t, waiting[more:], left[:first-seats-more], "the order is kept")
	require.Len(t, left, first-seats)

	promoted := map[uuid.UUID]int{}
	for _, e := range eventsOf(t, "event/"+event.ID, 1+first+2*more+more) {
		if e.Type == "events.waitlist.promoted" {
			promoted[e.Data.UserID]++
		}
	}
	require.Len(t, promoted, more)
	for _, user := range waiting[:more] {
		require.Equal(t, 1, promoted[user])
	}
	require.NoError(t, admin.Send(t.Context(), http.MethodDelete, "/api/v1/events/"+event.ID, nil).Expect(http.StatusNoContent))
}
