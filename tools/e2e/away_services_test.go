package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/tools/journey"
)

// use is what people do with a service: they read, and they make something of which an event tells.
type use struct {
	service string
	read    string
	create  string
	body    func(title string) map[string]any
	good    int    // what creating answers
	subject string // of the events about it
	event   string // that tells of it
}

// uses are those of every service that keeps things of a tenant.
var uses = []use{
	{
		service: "portal", read: "/api/v1/portal/posts", create: "/api/v1/portal/posts", good: http.StatusCreated,
		body: func(title string) map[string]any {
			return map[string]any{"title": title, "body": "x", "visibility": "public"}
		},
		subject: "post/", event: "portal.post.created",
	},
	{
		service: "voting", read: "/api/v1/voting/polls", create: "/api/v1/voting/polls", good: http.StatusCreated,
		body:    func(title string) map[string]any { return map[string]any{"title": title, "scope_type": "TENANT"} },
		subject: "poll/", event: "voting.poll.created",
	},
	{
		service: "events", read: "/api/v1/events", create: "/api/v1/events", good: http.StatusCreated,
		body: func(title string) map[string]any {
			starts := time.Now().AddDate(0, 0, 7).UTC().Truncate(time.Second)
			return map[string]any{"title": title, "scopeType": "TENANT", "startsAt": starts, "endsAt": starts.Add(time.Hour)}
		},
		subject: "event/", event: "events.event.created",
	},
	{
		service: "activity", read: "/api/v1/activity/v2/feed", create: "/api/v1/activity/news", good: http.StatusOK,
		body: func(title string) map[string]any {
			return map[string]any{"title": title, "body": "x", "visibility": "public"}
		},
		subject: "news/", event: "activity.news.published",
	},
	{
		service: "gamification", read: "/api/v1/gamification/achievements", create: "/api/v1/gamification/achievements", good: http.StatusCreated,
		body: func(title string) map[string]any {
			return map[string]any{
				"name_i18n": map[string]string{"en": title}, "category": "community", "status": "published",
				"images": map[string]any{"small": "https://example.com/s.png"},
			}
		},
		subject: "achievement/", event: "gamification.achievement.published",
	},
}

// making is something that a person makes, under one request id however often it is sent.
type making struct {
	use
	by   *journey.Browser
	id   string // of the request
	body map[string]any
}

func (u use) making(by *journey.Browser) making {
	return making{u, by, uuid.NewString(), u.body(u.service + " " + uuid.NewString())}
}

func (m making) send(t *testing.T) *journey.Answer {
	t.Helper()
	return m.by.Send(t.Context(), http.MethodPost, m.create, m.body, "X-Request-Id", m.id)
}

// made sends until it is accepted, and returns the id of what was made.
func (m making) made(t *testing.T) string {
	t.Helper()
	var last *journey.Answer
	require.Eventually(t, func() bool { last = m.send(t); return last.Status == m.good }, patience, 50*time.Millisecond, "%s", m.service)
	var thing struct {
		ID      any
		Payload struct {
			ID string `json:"news_id"`
		} `json:"payload_json"`
	}
	require.NoError(t, json.Unmarshal(last.Body, &thing))
	if thing.Payload.ID != "" {
		return thing.Payload.ID
	}
	return fmt.Sprint(thing.ID)
}

// away requires that reading and making answer that the service cannot work right now, in the envelope of all errors.
func (m making) away(t *testing.T) {
	t.Helper()
	for _, a := range []*journey.Answer{m.by.Get(t.Context(), m.read), m.send(t)} {
		require.NoError(t, a.ExpectCode(http.StatusServiceUnavailable, "SERVICE_UNAVAILABLE"))
	}
}

// back requires that reading answers again, and that what was sent while the service could not work is made now, once, and told of once.
func (m making) back(t *testing.T) {
	t.Helper()
	id := m.made(t)
	require.Equal(t, id, m.made(t), "%s: a repeated request makes nothing more", m.service)
	require.Eventually(t, func() bool { return m.by.Get(t.Context(), m.read).Status == http.StatusOK }, patience, 50*time.Millisecond, m.service)
	m.told(t, id)
}

// told requires that an event tells once that the thing was made.
func (m making) told(t *testing.T, id string) {
	t.Helper()
	times := 0
	for _, e := range eventsOf(t, m.subject+id, 1) {
		if e.Type == m.event {
			times++
		}
	}
	require.Equal(t, 1, times, "%s: %s of %s", m.service, m.event, id)
}

// While access is away, no service decides by itself: each says that it cannot work.
func TestAccessAway(t *testing.T) {
	admin := signedIn(t, journey.Admin)
	access := world.Service("access")
	require.NoError(t, access.Stop(t.Context()))
	t.Cleanup(func() { // also when the test fails: the others need it
		if t.Failed() {
			require.NoError(t, access.Start(context.WithoutCancel(t.Context())))
		}
	})
	waiting := make([]making, len(uses))
	for i, u := range uses {
		waiting[i] = u.making(admin)
		waiting[i].away(t)
	}
	require.NoError(t, access.Start(t.Context()))
	for _, m := range waiting {
		m.back(t)
	}
}

// While the database of one service is away, that one says so and the others work.
func TestTheDatabaseOfAServiceAway(t *testing.T) {
	admin := signedIn(t, journey.Admin)
	server := database(t, "postgres")
	for _, u := range uses {
		t.Run(u.service, func(t *testing.T) {
			name := world.Service(u.service).Database()
			allow := func(ctx context.Context, allowed bool) {
				_, err := server.ExecContext(ctx, fmt.Sprintf("ALTER DATABASE %s ALLOW_CONNECTIONS %t", name, allowed))
				require.NoError(t, err)
			}
			allow(t.Context(), false)
			t.Cleanup(func() { allow(context.WithoutCancel(t.Context()), true) })
			count(t, server, `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = $1`, name)
			waiting := u.making(admin)
			waiting.away(t)
			for _, other := range uses {
				if other.service != u.service {
					require.NoError(t, admin.Get(t.Context(), other.read).Expect(http.StatusOK), "%s without %s", other.service, name)
				}
			}
			allow(t.Context(), true)
			waiting.back(t)
		})
	}
}
