package rule_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/events"
	"go.updspace.com/gamification/rule"
)

const (
	person   = "0192d3a4-0000-7000-8000-000000000001"
	eventID  = "0192d3a4-0000-7000-8000-0000000000e1"
	dateID   = "0192d3a4-0000-7000-8000-0000000000d1"
	scopeTag = `"scope_type":"COMMUNITY","scope_id":"` + idA + `","visibility":"public"`
)

var happened = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func event(kind, data string) rule.Event {
	return rule.Event{ID: uuid.MustParse(idB), Type: kind, Time: happened, Data: []byte(data)}
}

// The data are those of api/events for all types of other services that are described there.
func TestFactsOfEvents(t *testing.T) {
	const (
		ofEvent = `"event_id":"` + eventID + `","title":"Raid",` + scopeTag + `,"source_ref":"event:` + eventID + `","link":"/events/1","starts_at":"2026-02-27T18:00:00Z","time_zone":"UTC"`
		rsvp    = `{` + ofEvent + `,"user_id":"` + person + `","waiting":false,"plus_ones":0`
		mark    = `{` + ofEvent + `,"occurrence_id":"` + dateID + `","user_id":"` + person + `","method":"scan"}`
		vote    = `{"poll_id":"` + eventID + `","title":"Poll",` + scopeTag + `,"created_by":"` + idB + `","source_ref":"poll:` + eventID + `","vote_id":"` + dateID + `","nomination_id":"` + idA + `","option_id":"` + idA + `"`
		post    = `{"post_id":"` + dateID + `","community_id":"` + idA + `","team_id":null,"title":"T",` + scopeTag + `,"created_by":"` + person + `","actor_id":"` + idB + `","source_ref":"post:` + dateID + `"}`
		member  = `{"scope_type":"TEAM","scope_id":"` + idB + `","community_id":"` + idA + `","scope_name":"Team","visibility":"public","user_id":"` + person + `","role":"member","version":1,"actor_id":"` + idB + `","source_ref":"team:` + idB + `"}`
		news    = `{"news_id":"` + dateID + `","title":"T","created_by":"` + person + `",` + scopeTag + `,"source_ref":"news:` + dateID + `"}`
		account = `{"tenant_id":"` + idA + `","user_id":"` + person + `","provider":"steam"`
		tenant  = `{"tenant_id":"` + idA + `","user_id":"` + person + `","base_role":"member","status":`
	)
	in := map[string]string{"scope_type": "COMMUNITY", "scope": idA, "visibility": "public"}
	with := func(more ...string) map[string]string {
		fields := map[string]string{}
		for k, v := range in {
			fields[k] = v
		}
		for i := 0; i < len(more); i += 2 {
			fields[more[i]] = more[i+1]
		}
		return fields
	}
	starts := time.Date(2026, 2, 27, 18, 0, 0, 0, time.UTC)
	joined := map[string]string{"scope_type": "TEAM", "scope": idB}
	joinedTenant := map[string]string{"scope_type": "TENANT", "scope": idA}
	grant := `{"grant_id":"` + dateID + `","achievement_id":"` + idA + `","recipient_id":"` + person + `","visibility":"public","scope_type":"TENANT","scope_id":"` +
		idB + `","created_at":"2026-03-01T12:00:00Z","source_ref":"grant:` + dateID + `"`
	for _, c := range []struct {
		kind, data string
		want       rule.Fact
	}{
		{"identity.membership.changed", tenant + `"active"}`, rule.Fact{Kind: rule.MemberJoined, Key: "tenant", Fields: joinedTenant}},
		{"identity.membership.changed", tenant + `"disabled"}`, rule.Fact{Kind: rule.MemberJoined, Key: "tenant", Fields: joinedTenant, Undone: true}},
		{"portal.membership.added", member, rule.Fact{Kind: rule.MemberJoined, Key: idB, Fields: joined}},
		{"portal.membership.removed", member, rule.Fact{Kind: rule.MemberJoined, Key: idB, Fields: joined, Undone: true}},
		{"portal.post.created", post, rule.Fact{Kind: rule.PostWritten, Key: dateID, Fields: in}},
		{"portal.post.deleted", post, rule.Fact{Kind: rule.PostWritten, Key: dateID, Fields: in, Undone: true}},
		{"voting.vote.cast", vote + `,"user_id":"` + person + `"}`, rule.Fact{Kind: rule.BallotCast, Key: dateID, Object: eventID, Fields: with("poll", eventID)}},
		{"voting.vote.revoked", vote + `,"user_id":"` + person + `"}`, rule.Fact{Kind: rule.BallotCast, Key: dateID, Object: eventID, Fields: with("poll", eventID), Undone: true}},
		{"events.rsvp.changed", rsvp + `,"status":"going","occurrence_id":"` + dateID + `"}`, rule.Fact{Kind: rule.EventAnswered, Key: eventID + "/" + dateID, Object: eventID, Fields: with("event", eventID, "answer", "going")}},
		{"events.rsvp.changed", rsvp + `,"status":"withdrawn","guest":false}`, rule.Fact{Kind: rule.EventAnswered, Key: eventID, Object: eventID, Fields: with("event", eventID, "answer", "withdrawn"), Undone: true}},
		{"events.attendance.marked", mark, rule.Fact{Kind: rule.EventAttended, Key: dateID, Object: eventID, When: starts, Fields: with("event", eventID, "method", "scan")}},
		{"events.attendance.unmarked", mark, rule.Fact{Kind: rule.EventAttended, Key: dateID, Object: eventID, When: starts, Fields: with("event", eventID, "method", "scan"), Undone: true}},
		{"activity.news.published", news, rule.Fact{Kind: rule.NewsPosted, Key: dateID, Fields: in}},
		{"activity.news.deleted", news, rule.Fact{Kind: rule.NewsPosted, Key: dateID, Fields: in, Undone: true}},
		{"identity.external_identity.linked", account + `,"external_id":"76561197960287930","linked_at":"2026-03-01T12:00:00Z"}`, rule.Fact{Kind: rule.AccountLinked, Key: "steam", Fields: map[string]string{"provider": "steam"}}},
		{"identity.external_identity.unlinked", account + `}`, rule.Fact{Kind: rule.AccountLinked, Key: "steam", Fields: map[string]string{"provider": "steam"}, Undone: true}},
		{"gamification.grant.created", grant + `}`, rule.Fact{Kind: rule.AchievementHeld, Key: dateID, Object: idA, Fields: map[string]string{"achievement": idA}}},
		{"gamification.grant.revoked", grant + `,"revoked_at":"2026-03-02T12:00:00Z"}`, rule.Fact{Kind: rule.AchievementHeld, Key: dateID, Object: idA, Fields: map[string]string{"achievement": idA}, Undone: true}},
	} {
		t.Run(c.kind, func(t *testing.T) {
			require.Contains(t, rule.Types(), c.kind)
			validate(t, c.kind, c.data)
			c.want.Event, c.want.At, c.want.Person = uuid.MustParse(idB), happened, uuid.MustParse(person)
			if c.want.When.IsZero() {
				c.want.When = happened
			}
			found, ok, err := rule.FactOf(event(c.kind, c.data))
			require.NoError(t, err)
			require.True(t, ok)
			require.Equal(t, c.want, found)
			for name := range found.Fields {
				require.Contains(t, rule.Fields(found.Kind), name)
			}
			text, err := json.Marshal(found)
			require.NoError(t, err)
			var again rule.Fact
			require.NoError(t, json.Unmarshal(text, &again))
			require.Equal(t, found, again, "a fact can be stored")
		})
	}
	t.Run("events that tell nothing of a member", func(t *testing.T) {
		for kind, data := range map[string]string{
			"voting.vote.cast":    vote + `}`,
			"events.rsvp.changed": rsvp + `,"status":"going","guest":true}`,
			"voting.poll.created": `{}`,
			"unknown":             ``,
		} {
			if kind != "unknown" && kind != "voting.poll.created" {
				validate(t, kind, data)
			}
			_, ok, err := rule.FactOf(event(kind, data))
			require.NoError(t, err)
			require.False(t, ok, kind)
		}
	})
	t.Run("events that are damaged", func(t *testing.T) {
		for kind, data := range map[string]string{
			"voting.vote.cast":                  `[]`,
			"portal.post.created":               `{}`,
			"identity.external_identity.linked": `{"user_id":"` + person + `","provider":""}`,
			"events.attendance.marked":          strings.Replace(mark, "2026-02-27", "9999-02-27", 1),
		} {
			_, _, err := rule.FactOf(event(kind, data))
			require.Error(t, err, kind)
			require.Contains(t, err.Error(), kind)
		}
	})
	types := rule.Types()
	slices.Sort(types)
	require.Len(t, slices.Compact(types), 16)
}

// An event that tells no whole fact is refused, and counts nowhere.
func TestEventsWithoutAWholeFactAreRefused(t *testing.T) {
	data := []byte(`{"grant_id":"` + dateID + `","achievement_id":"` + idA + `","recipient_id":"` + person + `"}`)
	whole := rule.Event{ID: uuid.New(), Type: "gamification.grant.created", Time: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), Data: data}
	_, ok, err := rule.FactOf(whole)
	require.NoError(t, err)
	require.True(t, ok)
	for _, change := range []func(e *rule.Event){
		func(e *rule.Event) { e.ID = uuid.Nil }, func(e *rule.Event) { e.Time = time.Time{} }, func(e *rule.Event) { e.Data = []byte(`{}`) },
	} {
		e := whole
		change(&e)
		_, ok, err := rule.FactOf(e)
		require.ErrorContains(t, err, whole.Type)
		require.False(t, ok)
	}
}

// validate checks data against the document of its family, if that describes the type with no more than facts need.
func validate(t *testing.T, kind, data string) {
	t.Helper()
	source, _, _ := strings.Cut(kind, ".")
	if !slices.Contains([]string{"portal", "voting", "events", "activity", "identity"}, source) {
		return
	}
	family, err := events.For(source, kind)
	require.NoError(t, err)
	subject := family.Events[kind].Subject
	var fields map[string]any
	require.NoError(t, json.Unmarshal([]byte(data), &fields))
	for name, value := range fields {
		if text, ok := value.(string); ok {
			subject = strings.ReplaceAll(subject, "{"+name+"}", text)
		}
	}
	require.NoError(t, family.Validate(kind, subject, []byte(data)))
}
