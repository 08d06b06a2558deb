package inbox_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/activity/adapters/inbox"
	"go.updspace.com/activity/domain"
	"go.updspace.com/api/events"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/reqctx"
)

var (
	tenant = uuid.MustParse("00000000-0000-0000-0000-0000000000a1")
	id     = "00000000-0000-0000-0000-0000000000b1"
	scope  = "00000000-0000-0000-0000-0000000000c1"
	user   = "00000000-0000-0000-0000-0000000000d1"
	other  = "00000000-0000-0000-0000-0000000000d2"
	at     = time.Date(2026, 3, 1, 20, 0, 0, 0, time.UTC)
)

// base are the data of events that are complete. A case changes some fields of them.
var base = map[string]string{
	"identity.membership":      `{"tenant_id":"$tenant","user_id":"$user","status":"active","base_role":"member","joined_at":"2026-02-01T00:00:00Z"}`,
	"portal.community":         `{"community_id":"$scope","name":"Chess","join_policy":"open","scope_type":"COMMUNITY","scope_id":"$scope","visibility":"public","created_by":"$user","actor_id":"$other","source_ref":"community:$scope"}`,
	"portal.team":              `{"team_id":"$scope","community_id":"$id","name":"First","join_policy":"open","scope_type":"TEAM","scope_id":"$scope","visibility":"public","created_by":"$user","actor_id":"$other","source_ref":"team:$scope"}`,
	"portal.membership":        `{"scope_type":"COMMUNITY","scope_id":"$scope","community_id":"$scope","scope_name":"Chess","visibility":"public","user_id":"$user","role":"member","version":1,"actor_id":"$other","source_ref":"community:$scope"}`,
	"portal.post":              `{"post_id":"$id","community_id":"$scope","team_id":null,"title":"Hello","scope_type":"COMMUNITY","scope_id":"$scope","visibility":"community","created_by":"$user","actor_id":"$other","source_ref":"post:$id"}`,
	"voting.poll":              `{"poll_id":"$id","title":"Where?","scope_type":"COMMUNITY","scope_id":"$scope","visibility":"community","created_by":"$user","source_ref":"poll:$id","status":"active","anonymous":false,"results_visibility":"always","starts_at":null,"ends_at":null,"hidden":false}`,
	"voting.vote":              `{"poll_id":"$id","title":"Where?","scope_type":"COMMUNITY","scope_id":"$scope","visibility":"community","created_by":"$other","source_ref":"poll:$id","vote_id":"$id","nomination_id":"$id","option_id":"00000000-0000-0000-0000-0000000000f9","user_id":"$user"}`,
	"events.event":             `{"event_id":"$id","title":"Cup","scope_type":"COMMUNITY","scope_id":"$scope","visibility":"community","status":"scheduled","created_by":"$user","source_ref":"event:$id","link":"/events/$id","starts_at":"2026-04-01T10:00:00Z","ends_at":"2026-04-01T12:00:00Z","time_zone":"UTC","all_day":false,"recurring":false,"fields":["title"]}`,
	"events.rsvp":              `{"event_id":"$id","user_id":"$user","actor_id":"$other","status":"going","waiting":false,"plus_ones":0,"title":"Cup","scope_type":"COMMUNITY","scope_id":"$scope","visibility":"community","source_ref":"event:$id","link":"/events/$id","starts_at":"2026-04-01T10:00:00Z","time_zone":"UTC"}`,
	"gamification.achievement": `{"achievement_id":"$id","names":[{"language":"en","text":"Winner"},{"language":"ru","text":"Победа"}],"category":"cups","scope_type":"COMMUNITY","scope_id":"$scope","visibility":"community","created_by":"$user","source_ref":"achievement:$id"}`,
	"gamification.grant":       `{"grant_id":"$id","achievement_id":"$id","names":[{"language":"en","text":"Winner"}],"recipient_id":"$user","issuer_id":"$other","visibility":"public","reason":"secret words","scope_type":"COMMUNITY","scope_id":"$scope","created_at":"2026-02-01T00:00:00Z","source_ref":"grant:$id","revoked_at":"2026-02-01T00:00:00Z"}`,
	"gamification.level":       `{"user_id":"$user","level":3,"titles":[{"language":"en","text":"Knight"}],"points":300,"visibility":"public","scope_type":"TENANT","scope_id":"$tenant","source_ref":"level:$user:3"}`,
	"gamification.season":      `{"season_id":"$id","names":[{"language":"en","text":"Spring"}],"starts_at":"2026-01-01T00:00:00Z","ends_at":"2026-02-01T00:00:00Z","closed_at":"2026-02-01T00:00:00Z","first":[{"rank":1,"user_id":"$other","points":9}],"scope_type":"TENANT","scope_id":"$tenant","visibility":"public","source_ref":"season:$id"}`,
}

// words puts the ids of the test into a text.
func words(text string) string {
	return strings.NewReplacer("$tenant", tenant.String(), "$id", id, "$scope", scope, "$user", user, "$other", other).Replace(text)
}

func newEvent(t testing.TB, kind, data string, change map[string]any) event.Event {
	t.Helper()
	var fields map[string]any
	require.NoError(t, json.Unmarshal([]byte(words(base[data])), &fields), data)
	for name, value := range change {
		if text, ok := value.(string); ok {
			value = words(text)
		}
		if fields[name] = value; value == nil {
			delete(fields, name)
		}
	}
	family, err := events.For(strings.SplitN(kind, ".", 2)[0], kind)
	require.NoError(t, err)
	required, _ := family.Schemas[family.Events[kind].Schema()].(map[string]any)["properties"].(map[string]any)
	for name := range fields {
		if _, ok := required[name]; !ok {
			delete(fields, name) // two events share a base
		}
	}
	e := event.New()
	e.SetID(uuid.NewString())
	e.SetSource("test")
	e.SetType(kind)
	e.SetTime(at)
	require.NoError(t, e.SetData(event.ApplicationJSON, fields))
	return e
}

func changesOf(t testing.TB, list ...event.Event) (changes []domain.Change) {
	t.Helper()
	ctx := reqctx.With(t.Context(), reqctx.Context{TenantID: tenant})
	require.NoError(t, inbox.Feed(func(_ context.Context, all ...domain.Change) error { changes = all; return nil })(ctx, list))
	return changes
}

// What the feed shows of each event: "-" and the source for a retraction, nothing where the event means nothing, else the source, what it
// is about, the type, the actor, title, visibility and scope.
func TestMappings(t *testing.T) {
	t.Parallel()
	const inChess = "COMMUNITY $scope"
	for _, c := range []struct {
		kind, data string
		change     map[string]any
		want       string
	}{
		{"identity.membership.changed", "identity.membership", nil, "member:$user||member.joined|$user||community|TENANT $tenant|/people/$user"},
		{"identity.membership.changed", "identity.membership", map[string]any{"status": "disabled"}, "-member:$user"},
		{"portal.community.created", "portal.community", nil, "community:$scope||community.created|$user|Chess|public|" + inChess + "|/c/$scope"},
		{"portal.community.updated", "portal.community", map[string]any{"name": "Go", "visibility": "community"}, "community:$scope||community.created|$user|Go|community|" + inChess + "|/c/$scope"},
		{"portal.community.deleted", "portal.community", nil, "-community:$scope"},
		{"portal.team.created", "portal.team", nil, "team:$scope||team.created|$user|First|public|TEAM $scope|/t/$scope"},
		{"portal.team.updated", "portal.team", map[string]any{"visibility": "community"}, "team:$scope||team.created|$user|First|team|TEAM $scope|/t/$scope"},
		{"portal.team.deleted", "portal.team", nil, "-team:$scope"},
		{"portal.membership.added", "portal.membership", nil, "member:$scope:$user|community:$scope|member.joined|$user|Chess|public|" + inChess + "|/c/$scope"},
		{"portal.membership.added", "portal.membership", map[string]any{"scope_type": "TEAM", "source_ref": "team:$scope"}, "member:$scope:$user|team:$scope|member.joined|$user|Chess|public|TEAM $scope|/t/$scope"},
		{"portal.membership.added", "portal.membership", map[string]any{"role": "owner"}, ""},
		{"portal.membership.removed", "portal.membership", nil, "-member:$scope:$user"},
		{"portal.post.created", "portal.post", nil, "post:$id||post.created|$user|Hello|community|" + inChess + "|/posts/$id"},
		{"portal.post.updated", "portal.post", map[string]any{"visibility": "private", "title": ""}, "post:$id||post.created|$user||private|" + inChess + "|/posts/$id"},
		{"portal.post.deleted", "portal.post", nil, "-post:$id"},
		{"voting.poll.created", "voting.poll", map[string]any{"status": "draft"}, "-poll:$id"},
		{"voting.poll.published", "voting.poll", nil, "poll:$id||poll.opened|$user|Where?|community|" + inChess + "|/polls/$id"},
		{"voting.poll.published", "voting.poll", map[string]any{"starts_at": "2026-03-02T00:00:00Z"}, "-poll:$id"},
		{"voting.poll.opened", "voting.poll", map[string]any{"starts_at": "2026-03-01T20:00:00Z"}, "poll:$id||poll.opened|$user|Where?|community|" + inChess + "|/polls/$id"},
		{"voting.poll.updated", "voting.poll", map[string]any{"hidden": true}, "-poll:$id"},
		{"voting.poll.closed", "voting.poll", map[string]any{"status": "closed", "starts_at": "2026-03-02T00:00:00Z"}, "poll:$id||poll.opened|$user|Where?|community|" + inChess + "|/polls/$id"},
		{"voting.poll.published", "voting.poll", map[string]any{"scope_type": "EVENT", "visibility": "public"}, "poll:$id||poll.opened|$user|Where?|public|TENANT $tenant|/polls/$id"},
		{"voting.poll.deleted", "voting.poll", nil, "-poll:$id"},
		{"voting.vote.cast", "voting.vote", nil, "vote:$id|poll:$id|vote.cast|$user|Where?|community|" + inChess + "|/polls/$id"},
		{"voting.vote.cast", "voting.vote", map[string]any{"user_id": nil}, ""},
		{"voting.vote.revoked", "voting.vote", nil, "-vote:$id"},
		{"voting.vote.revoked", "voting.vote", map[string]any{"user_id": nil}, ""},
		{"events.event.created", "events.event", nil, "event:$id||event.created|$user|Cup|community|" + inChess + "|/events/$id"},
		{"events.event.created", "events.event", map[string]any{"status": "draft"}, "-event:$id"},
		{"events.event.updated", "events.event", map[string]any{"title": "Cup 2"}, "event:$id||event.created|$user|Cup 2|community|" + inChess + "|/events/$id"},
		{"events.event.updated", "events.event", map[string]any{"hidden": true}, "-event:$id"},
		{"events.event.updated", "events.event", map[string]any{"occurrence_id": "$id"}, ""},
		{"events.event.cancelled", "events.event", map[string]any{"status": "cancelled"}, "-event:$id"},
		{"events.event.cancelled", "events.event", map[string]any{"occurrence_id": "$id"}, ""},
		{"events.event.deleted", "events.event", nil, "-event:$id"},
		{"events.rsvp.changed", "events.rsvp", nil, "rsvp:$id:$user|event:$id|event.rsvp.changed|$user|Cup|community|" + inChess + "|/events/$id"},
		{"events.rsvp.changed", "events.rsvp", map[string]any{"occurrence_id": "$scope", "status": "interested"}, "rsvp:$id:$scope:$user|event:$id|event.rsvp.changed|$user|Cup|community|" + inChess + "|/events/$id"},
		{"events.rsvp.changed", "events.rsvp", map[string]any{"status": "withdrawn"}, "-rsvp:$id:$user"},
		{"events.rsvp.changed", "events.rsvp", map[string]any{"status": "not_going"}, "-rsvp:$id:$user"},
		{"events.rsvp.changed", "events.rsvp", map[string]any{"guest": true}, ""},
		{"gamification.achievement.published", "gamification.achievement", nil, "achievement:$id||achievement.published|$user|Winner|community|" + inChess + "|/achievements/$id"},
		{"gamification.grant.created", "gamification.grant", nil, "grant:$id||achievement.granted|$user|Winner|community|" + inChess + "|/achievements/$id"},
		{"gamification.grant.created", "gamification.grant", map[string]any{"visibility": "private", "names": nil}, ""},
		{"gamification.grant.created", "gamification.grant", map[string]any{"names": nil}, ""},
		{"gamification.grant.revoked", "gamification.grant", nil, "-grant:$id"},
		{"gamification.level.reached", "gamification.level", nil, "level:$user:3||level.reached|$user|Knight|public|TENANT $tenant|/people/$user"},
		{"gamification.level.reached", "gamification.level", map[string]any{"visibility": "private"}, ""},
		{"gamification.season.closed", "gamification.season", nil, "season:$id||season.closed|00000000-0000-0000-0000-000000000000|Spring|public|TENANT $tenant|/achievements/leaderboard"},
	} {
		name := fmt.Sprintf("%s %v", c.kind, c.change)
		got := ""
		for _, change := range changesOf(t, newEvent(t, c.kind, c.data, c.change)) {
			d := change.Item().Data()
			require.Equal(t, at, d.ChangedAt, name)
			require.Equal(t, tenant, d.TenantID, name)
			if change.Retracted() {
				got += "-" + d.SourceRef
				continue
			}
			got += strings.Join([]string{d.SourceRef, d.Parent, string(d.Type), d.Actor.String(), d.Title, string(d.Visibility), d.Scope.String(), d.Link}, "|")
			payload, err := json.Marshal(d.Payload)
			require.NoError(t, err)
			for _, secret := range []string{other, "secret words", "0000000000f9", "option"} {
				require.NotContains(t, string(payload), secret, name)
			}
		}
		require.Equal(t, words(c.want), got, name)
	}
}

func TestTimesOfItems(t *testing.T) {
	t.Parallel()
	occurred := func(kind, data string, change map[string]any) time.Time {
		return changesOf(t, newEvent(t, kind, data, change))[0].Item().Data().OccurredAt
	}
	joined := time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)
	require.Equal(t, joined, occurred("identity.membership.changed", "identity.membership", nil), "a changed role is no new member")
	require.Equal(t, at, occurred("identity.membership.changed", "identity.membership", map[string]any{"joined_at": nil}))
	require.Equal(t, joined, occurred("gamification.grant.created", "gamification.grant", nil))
	require.Equal(t, at, occurred("portal.post.created", "portal.post", nil))
	require.Equal(t, joined, occurred("portal.post.updated", "portal.post", map[string]any{"created_at": "2026-02-01T00:00:00Z"}))
}

func TestEventsThatCannotBeReadArePoison(t *testing.T) {
	t.Parallel()
	handle := inbox.Feed(func(context.Context, ...domain.Change) error { return nil })
	good := newEvent(t, "portal.post.created", "portal.post", nil)
	require.ErrorIs(t, handle(t.Context(), []event.Event{good}), outbox.ErrPoison, "no tenant")
	bad := good.Clone()
	require.NoError(t, bad.SetData(event.ApplicationJSON, []int{1}))
	ctx := reqctx.With(t.Context(), reqctx.Context{TenantID: tenant})
	require.ErrorIs(t, handle(ctx, []event.Event{good, bad}), outbox.ErrPoison)
	unknown := good.Clone()
	unknown.SetType("portal.post.painted")
	require.Empty(t, changesOf(t, unknown), "a type of a later release")
	require.Len(t, changesOf(t, good, good), 2)
	require.NotContains(t, inbox.Types(), "identity.user.created")
}
