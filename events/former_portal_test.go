package events_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/tools/devkit/testkit/service"
)

// The former portal's calls, in the order of a person who makes an event, with what it sends and every field that it reads.
func TestTheCallsOfTheFormerPortal(t *testing.T) {
	t.Parallel()
	s := start(t)
	const list = "/api/v1/events"
	read := func(text string) (object map[string]any) {
		require.NoError(t, json.Unmarshal([]byte(text), &object), text)
		return object
	}
	starts, ends := s.Clock.Now().Truncate(time.Second).Add(time.Hour), s.Clock.Now().Truncate(time.Second).Add(3*time.Hour)
	const sent, wire = "2006-01-02T15:04:05.000Z", time.RFC3339
	made := read(s.call(http.MethodPost, list, `{"scopeType":"TENANT","scopeId":"`+s.Tenant.String()+`","title":"Raid","startsAt":"`+starts.Format(sent)+
		`","endsAt":"`+ends.Format(sent)+`","visibility":"community","description":"**Bring** potions","locationText":"Voice 1","locationUrl":"https://example.com/map","gameId":"wow"}`))
	id, path := made["id"].(string), list+"/"+made["id"].(string)
	require.NoError(t, uuid.Validate(id))
	want := map[string]any{
		"id": id, "tenantId": s.Tenant.String(), "scopeType": "TENANT", "scopeId": s.Tenant.String(), "title": "Raid", "description": "**Bring** potions",
		"startsAt": starts.Format(wire), "endsAt": ends.Format(wire), "locationText": "Voice 1", "locationUrl": "https://example.com/map", "gameId": "wow",
		"visibility": "community", "createdBy": s.maker.User.String(), "createdAt": s.Clock.Now().Format(time.RFC3339Nano),
		"rsvpCounts": map[string]any{"interested": 0.0, "going": 0.0, "not_going": 0.0}, "myRsvp": nil,
	}
	holds := func(got map[string]any, what string) {
		t.Helper()
		for field, value := range want {
			require.Contains(t, got, field, what)
			require.Equal(t, value, got[field], "%s: %s", what, field)
		}
	}
	listed := func() map[string]any {
		t.Helper()
		page := read(s.call(http.MethodGet, list+"?limit=20&offset=0&scopeType=TENANT&scopeId="+s.Tenant.String()+
			"&from="+s.Clock.Now().Format(sent)+"&to="+s.Clock.Now().AddDate(0, 0, 60).Format(sent), ""))
		require.Equal(t, map[string]any{"total": 1.0, "limit": 20.0, "offset": 0.0}, page["meta"])
		require.Len(t, page["items"], 1)
		return page["items"].([]any)[0].(map[string]any)
	}
	holds(made, "created")
	holds(read(s.call(http.MethodGet, path, "")), "read")
	holds(listed(), "listed")

	want["myRsvp"], want["rsvpCounts"] = "going", map[string]any{"interested": 0.0, "going": 1.0, "not_going": 0.0}
	holds(read(s.call(http.MethodPost, path+"/rsvp", `{"status":"going"}`)), "answered")
	holds(listed(), "listed after the answer")
	want["myRsvp"], want["rsvpCounts"] = "not_going", map[string]any{"interested": 0.0, "going": 0.0, "not_going": 1.0}
	s.call(http.MethodPost, path+"/rsvp", `{"status":"not_going"}`)
	holds(read(s.call(http.MethodGet, path, "")), "read after another answer")

	want["title"], want["visibility"], want["startsAt"] = "Long raid", "public", starts.Add(time.Hour).Format(wire)
	want["description"], want["locationText"], want["locationUrl"], want["gameId"] = nil, nil, nil, nil
	holds(read(s.call(http.MethodPatch, path, `{"title":"Long raid","startsAt":"`+starts.Add(time.Hour).Format(sent)+`","endsAt":"`+ends.Format(sent)+
		`","visibility":"public","description":null,"locationText":null,"locationUrl":null,"gameId":null}`)), "edited")
	want["description"] = "Only this"
	holds(read(s.call(http.MethodPatch, path, `{"description":"Only this"}`)), "edited on the second page")
	holds(listed(), "listed after the edits")

	require.Empty(t, s.call(http.MethodPost, path+"/attendance", `{"userId":"`+s.member.User.String()+`"}`))
	require.Equal(t, map[uuid.UUID]bool{s.member.User: true}, s.present(uuid.MustParse(id), nil))
	file := s.call(http.MethodGet, path+"/ics", "")
	for _, line := range []string{
		"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//UpdSpace//Events//EN", "CALSCALE:GREGORIAN", "UID:" + id + "@aef.updspace",
		"DTSTART:" + starts.Add(time.Hour).Format("20060102T150405Z"), "DTEND:" + ends.Format("20060102T150405Z"), "SUMMARY:Long raid", "DESCRIPTION:Only this",
	} {
		require.Contains(t, strings.Split(file, "\r\n"), line)
	}
}

// What the former portal shows of an error: its message, code and request id.
func TestTheErrorsThatTheFormerPortalReads(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, c := range []struct {
		method, path, body string
		status             int
		code               string
	}{
		{http.MethodGet, "/" + uuid.NewString(), "", http.StatusNotFound, "NOT_FOUND"},
		{http.MethodPost, "/" + uuid.NewString() + "/rsvp", `{"status":"going"}`, http.StatusNotFound, "NOT_FOUND"},
		{http.MethodPost, "", `{"scopeType":"TENANT","title":"t"}`, http.StatusUnprocessableEntity, "VALIDATION_ERROR"},
		{http.MethodPost, "", `not JSON`, http.StatusBadRequest, "BAD_REQUEST"},
		{http.MethodGet, "?limit=251", "", http.StatusUnprocessableEntity, "VALIDATION_ERROR"},
		{http.MethodGet, "/none", "", http.StatusUnprocessableEntity, "VALIDATION_ERROR"},
	} {
		r, err := http.NewRequestWithContext(t.Context(), c.method, s.URL+"/api/v1/events"+c.path, strings.NewReader(c.body))
		require.NoError(t, err)
		r.Header.Set("Content-Type", "application/json")
		answer, err := s.HTTP("bff", service.Context(s.maker)).Do(r)
		require.NoError(t, err)
		var body struct {
			Error struct {
				Code, Message string
				RequestID     string `json:"request_id"`
				Details       map[string]any
			}
		}
		require.NoError(t, json.NewDecoder(answer.Body).Decode(&body))
		require.NoError(t, answer.Body.Close())
		require.Equal(t, []any{c.status, c.code}, []any{answer.StatusCode, body.Error.Code}, "%+v", c)
		require.NotEmpty(t, body.Error.Message)
		require.NotEmpty(t, body.Error.RequestID)
		require.NotNil(t, body.Error.Details)
	}
}
