package inbox_test

import (
	"context"
	"encoding/json"
	"slices"
	"testing"

	"github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/activity/adapters/inbox"
	"go.updspace.com/activity/webhooks/app"
	"go.updspace.com/activity/webhooks/domain"
	"go.updspace.com/api/events"
)

// What webhooks send of each event of gamification; nothing of what not everybody in the tenant may see.
func TestWebhooksOfGamification(t *testing.T) {
	t.Parallel()
	const (
		tenantWide  = `"scope_type":"TENANT","scope_id":"$tenant"`
		achievement = `{"achievement_id":"$id","names":[{"language":"en","text":"Winner"},{"language":"ru","text":"Победа"}],"category":"cups","created_by":"$user",` + tenantWide + `}`
		grant       = `"grant_id":"$id","achievement_id":"$id","names":[{"language":"en","text":"Winner"}],"recipient_id":"$user","created_at":"2026-02-01T00:00:00Z",` + tenantWide
		level       = `{"user_id":"$user","level":3,"titles":[{"language":"en","text":"Knight"}],"points":300,` + tenantWide + `}`
		season      = `{"season_id":"$id","names":[{"language":"en","text":"Spring"}],"starts_at":"2026-01-01T00:00:00Z","ends_at":"2026-02-01T00:00:00Z","closed_at":"2026-02-01T00:00:00Z",` + tenantWide + `}`
	)
	inTenant := func(more ...any) map[string]any {
		change := map[string]any{"scope_type": "TENANT", "scope_id": "$tenant"}
		for i := 0; i < len(more); i += 2 {
			change[more[i].(string)] = more[i+1]
		}
		return change
	}
	tried := map[string]bool{}
	for _, c := range []struct {
		kind, data string
		change     map[string]any
		want       string
		people     []string
	}{
		{"gamification.achievement.published", "gamification.achievement", inTenant("visibility", "public"), achievement, []string{user}},
		{"gamification.achievement.published", "gamification.achievement", nil, "", nil},
		{"gamification.grant.created", "gamification.grant", inTenant(), `{` + grant + `}`, []string{user}},
		{"gamification.grant.created", "gamification.grant", inTenant("expires_at", "2027-01-01T00:00:00Z"), `{"expires_at":"2027-01-01T00:00:00Z",` + grant + `}`, []string{user}},
		{"gamification.grant.created", "gamification.grant", inTenant("visibility", "private", "names", nil, "reason", nil), "", nil},
		{"gamification.grant.created", "gamification.grant", inTenant("names", nil), "", nil}, // of a secret achievement
		{"gamification.grant.created", "gamification.grant", nil, "", nil},                    // of an achievement of a community
		{"gamification.grant.created", "gamification.grant", map[string]any{"scope_type": "TEAM"}, "", nil},
		{"gamification.grant.revoked", "gamification.grant", inTenant(), `{"revoked_at":"2026-02-01T00:00:00Z",` + grant + `}`, []string{user}},
		{"gamification.grant.revoked", "gamification.grant", nil, "", nil},
		{"gamification.level.reached", "gamification.level", nil, level, []string{user}},
		{"gamification.level.reached", "gamification.level", map[string]any{"visibility": "private"}, "", nil},
		{"gamification.season.closed", "gamification.season", nil, season, nil},
	} {
		tried[c.kind] = true
		var got []app.Received
		handle := inbox.Webhooks(func(_ context.Context, events []app.Received) error { got = events; return nil })
		require.NoError(t, handle(t.Context(), []event.Event{newEvent(t, c.kind, c.data, c.change)}))
		require.Len(t, got, 1)
		require.Equal(t, at, got[0].At)
		data, people, ok := got[0].Told.Published()
		require.Equal(t, c.want != "", ok, "%s %v", c.kind, c.change)
		if !ok {
			continue
		}
		sent, err := json.Marshal(data)
		require.NoError(t, err)
		require.JSONEq(t, words(c.want), string(sent), c.kind)
		var named []uuid.UUID
		for _, id := range c.people {
			named = append(named, uuid.MustParse(id))
		}
		require.Equal(t, named, people, c.kind)
	}
	family, err := events.Of("gamification")
	require.NoError(t, err)
	for kind := range family.Events {
		offered := slices.Contains(domain.TypeNames(), kind)
		require.Equal(t, offered, tried[kind], kind)
		right := kind == "gamification.reward.given" || kind == "gamification.reward.taken" // who has which right is for access
		require.NotEqual(t, offered, right, kind)
	}
}
