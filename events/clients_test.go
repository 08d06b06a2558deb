package events_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/commonapi"
	"go.updspace.com/api/eventsapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/groups"
	"go.updspace.com/tools/devkit/testkit/service"
)

// call sends what a client of the former system sends, as the maker, and returns the body of the answer.
func (s *fixture) call(method, path, body string) string {
	s.T.Helper()
	r, err := http.NewRequestWithContext(s.T.Context(), method, s.URL+path, strings.NewReader(body))
	require.NoError(s.T, err)
	r.Header.Set("Content-Type", "application/json")
	answer, err := s.HTTP("bff", service.Context(s.maker)).Do(r)
	require.NoError(s.T, err)
	text, err := io.ReadAll(answer.Body)
	require.NoError(s.T, err)
	require.NoError(s.T, answer.Body.Close())
	require.Less(s.T, answer.StatusCode, http.StatusMultipleChoices, "%s", text)
	return string(text)
}

// A client of the former system sends its names and reads its fields.
func TestFormerNamesMeanTheSame(t *testing.T) {
	t.Parallel()
	s := start(t)
	starts := s.Clock.Now().Add(time.Hour)
	r, err := s.As(s.maker).CreateEventWithResponse(t.Context(), eventsapi.EventCreate{
		Title: "t", OldScopeType: new(eventsapi.EventScopeTypeTENANT), OldScopeID: some(s.Tenant.String()), OldStartsAt: &starts,
		OldEndsAt: new(starts.Add(time.Hour)), OldLocationText: some("here"), OldLocationURL: some("http://example.com"), OldGameID: some("chess"),
	})
	event := service.OK(t, r, err).JSON201
	require.Equal(t, []string{"here", "http://example.com", "chess"}, []string{event.LocationText.MustGet(), event.LocationURL.MustGet(), event.GameID.MustGet()})
	require.Equal(t, s.Tenant.String(), event.ScopeID)
	changed, err := s.As(s.maker).UpdateEventWithResponse(t.Context(), event.ID, &eventsapi.UpdateEventParams{}, eventsapi.EventUpdate{
		OldStartsAt: some(starts.Add(time.Hour)), OldEndsAt: some(starts.Add(3 * time.Hour)), OldLocationText: some("there"),
		OldLocationURL: some("http://example.org"), OldGameID: some("go"),
	})
	event = service.OK(t, changed, err).JSON200
	require.Equal(t, []string{"there", "http://example.org", "go"}, []string{event.LocationText.MustGet(), event.LocationURL.MustGet(), event.GameID.MustGet()})
	require.Equal(t, []time.Time{starts.Add(time.Hour), starts.Add(3 * time.Hour)}, []time.Time{event.StartsAt, event.EndsAt})
}

// Both forms of the address of the list answer.
func TestTheListHasTwoAddresses(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.event()
	require.Equal(t, s.call(http.MethodGet, "/api/v1/events", ""), s.call(http.MethodGet, "/api/v1/events/", ""))
}

// The form of the former frontend: every field is sent, null clears a text and leaves a time and an enumeration as they are.
func TestTheFormOfFormerClients(t *testing.T) {
	t.Parallel()
	s := start(t)
	var event map[string]any
	read := func(text string) {
		event = nil
		require.NoError(t, json.Unmarshal([]byte(text), &event))
	}
	read(s.call(http.MethodPost, "/api/v1/events", `{"scopeType":"TENANT","scopeId":"`+s.Tenant.String()+`","title":"Raid",
		"startsAt":"2027-03-10T19:00:00+03:00","endsAt":"2027-03-10T18:30:00.000Z","visibility":"private","description":"d","locationText":"l",
		"locationUrl":"https://example.com","gameId":"g"}`))
	require.Equal(t, []any{"2027-03-10T16:00:00Z", "2027-03-10T18:30:00Z"}, []any{event["startsAt"], event["endsAt"]}, "in UTC")
	require.Equal(t, []any{"d", "l", "https://example.com", "g"}, []any{event["description"], event["locationText"], event["locationUrl"], event["gameId"]})
	require.Equal(t, map[string]any{"interested": 0.0, "going": 0.0, "not_going": 0.0}, event["rsvpCounts"])
	require.Nil(t, event["myRsvp"])
	path := "/api/v1/events/" + event["id"].(string)

	read(s.call(http.MethodPatch, path, `{"title":null,"startsAt":null,"endsAt":null,"visibility":null,"description":null,"locationText":"",
		"locationUrl":null,"gameId":""}`))
	require.Equal(t, []any{nil, nil, nil, nil}, []any{event["description"], event["locationText"], event["locationUrl"], event["gameId"]})
	require.Equal(t, []any{"Raid", "2027-03-10T16:00:00Z", "2027-03-10T18:30:00Z", "private"}, []any{event["title"], event["startsAt"], event["endsAt"], event["visibility"]})
	read(s.call(http.MethodPatch, path, `{"description":"new"}`))
	require.Equal(t, []any{"Raid", "new"}, []any{event["title"], event["description"]})
}

// The list of former clients: times with milliseconds, and a scope in camelCase, which changes nothing.
func TestTheListOfFormerClients(t *testing.T) {
	t.Parallel()
	s := start(t)
	chess := authz.CommunityScope(uuid.New())
	s.group(chess, groups.Active)
	all := []eventsapi.Event{s.event(func(b *eventsapi.EventCreate) {
		b.Description, b.LocationText, b.LocationURL, b.GameID = some("d"), some("l"), some("https://example.com"), some("g")
	}), s.event(in(chess))}
	s.answer(s.member, all[0].ID, eventsapi.RsvpSetStatusInterested)
	s.answer(s.maker, all[0].ID, eventsapi.RsvpSetStatusGoing)
	s.answer(s.admin, all[0].ID, eventsapi.RsvpSetStatusNotGoing)
	const form = "2006-01-02T15:04:05.000Z"
	query := url.Values{
		"limit": {"20"}, "offset": {"0"}, "scopeType": {"TENANT"}, "scopeId": {s.Tenant.String()},
		"from": {s.Clock.Now().UTC().Format(form)}, "to": {s.Clock.Now().UTC().AddDate(0, 0, 60).Format(form)},
	}
	var page eventsapi.EventPage
	require.NoError(t, json.Unmarshal([]byte(s.call(http.MethodGet, "/api/v1/events?"+query.Encode(), "")), &page))
	require.ElementsMatch(t, ids(all), ids(page.Items))
	require.Equal(t, []int{2, 20, 0}, []int{page.Meta.Total, page.Meta.Limit, page.Meta.Offset})
	for _, item := range page.Items {
		one, err := s.As(s.maker).GetEventWithResponse(t.Context(), item.ID, &eventsapi.GetEventParams{})
		require.Equal(t, *service.OK(t, one, err).JSON200, item, "an item is the event")
		if item.ID == all[0].ID {
			require.Equal(t, [5]int{1, 1, 1, 0, 1}, counts(item))
			require.Equal(t, eventsapi.EventMyRsvpGoing, item.MyRsvp.MustGet())
		}
	}
}

func TestSystemAdministratorsNeedNoPermission(t *testing.T) {
	t.Parallel()
	s := start(t)
	c := s.AsSystemAdmin(s.Actor())
	made, err := c.CreateEventWithResponse(t.Context(), s.draft(1))
	require.Equal(t, "Game night", service.OK(t, made, err).JSON201.Title)
	private := s.event(func(b *eventsapi.EventCreate) { b.Visibility = some(commonapi.VisibilityPrivate) })
	changed, err := c.UpdateEventWithResponse(t.Context(), private.ID, &eventsapi.UpdateEventParams{}, eventsapi.EventUpdate{Title: some("Raid")})
	require.Equal(t, "Raid", service.OK(t, changed, err).JSON200.Title)
}

// Without access there is no answer, which is not a refusal.
func TestNothingIsAllowedWithoutAccess(t *testing.T) {
	t.Parallel()
	s := start(t)
	event := s.event()
	s.Access.Fail(errs.Unavailablef("away"))
	c := s.As(s.maker)
	one, err := c.GetEventWithResponse(t.Context(), event.ID, &eventsapi.GetEventParams{})
	service.Refused(t, http.StatusServiceUnavailable, "SERVICE_UNAVAILABLE", one, err)
	list, err := c.ListEventsWithResponse(t.Context(), &eventsapi.ListEventsParams{})
	service.Refused(t, http.StatusServiceUnavailable, "SERVICE_UNAVAILABLE", list, err)
	made, err := c.CreateEventWithResponse(t.Context(), s.draft(2))
	service.Refused(t, http.StatusServiceUnavailable, "SERVICE_UNAVAILABLE", made, err)
}
