package events_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/commonapi"
	"go.updspace.com/api/eventsapi"
	"go.updspace.com/events"
	"go.updspace.com/events/adapters/identityevents"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/ical"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/tools/devkit/testkit/service"
)

// address makes a calendar address of a user and returns its id and its path.
func (s *fixture) address(of authz.Actor, body eventsapi.CalendarAddressCreate) (uuid.UUID, string) {
	s.T.Helper()
	r, err := s.As(of).CreateCalendarAddressWithResponse(s.T.Context(), body)
	made := service.OK(s.T, r, err).JSON201
	return made.ID, made.Path.MustGet()
}

var everything = eventsapi.CalendarAddressCreate{Name: "Mine", Content: eventsapi.CalendarContentAll}

// fetched is an answer that was read whole.
type fetched struct {
	StatusCode int
	Header     http.Header
	Body       []byte
}

// fetch reads a path as the gateway passes a calendar program's request on: for the tenant and no user.
func (s *fixture) fetch(tenant uuid.UUID, method, path string, header ...string) fetched {
	s.T.Helper()
	r, err := http.NewRequestWithContext(s.T.Context(), method, s.URL+path, http.NoBody)
	require.NoError(s.T, err)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := s.HTTP("bff", reqctx.Context{TenantID: tenant, TenantSlug: "aef"}).Do(r)
	require.NoError(s.T, err)
	body, err := io.ReadAll(resp.Body)
	require.NoError(s.T, err)
	require.NoError(s.T, resp.Body.Close())
	return fetched{resp.StatusCode, resp.Header, body}
}

// calendar reads a calendar that must be there.
func (s *fixture) calendar(path string) ical.Component {
	s.T.Helper()
	resp := s.fetch(s.Tenant, http.MethodGet, path)
	body := resp.Body
	require.Equal(s.T, http.StatusOK, resp.StatusCode, "%s", body)
	require.Equal(s.T, "text/calendar; charset=utf-8", resp.Header.Get("Content-Type"))
	for _, line := range strings.Split(strings.TrimSuffix(string(body), "\r\n"), "\r\n") {
		require.LessOrEqual(s.T, len(line), 75)
	}
	calendars, err := ical.Parse(bytes.NewReader(body))
	require.NoError(s.T, err)
	require.Len(s.T, calendars, 1)
	return calendars[0]
}

func (s *fixture) missing(path string) {
	s.T.Helper()
	resp := s.fetch(s.Tenant, http.MethodGet, path)
	require.Equal(s.T, http.StatusNotFound, resp.StatusCode, "%s", resp.Body)
	require.Contains(s.T, string(resp.Body), "There is no such calendar.")
}

func titles(t testing.TB, calendar ical.Component) (list []string) {
	t.Helper()
	for _, c := range calendar.Children("VEVENT") {
		list = append(list, property(t, c, "SUMMARY").Text())
	}
	return list
}

func called(title string) func(*eventsapi.EventCreate) {
	return func(b *eventsapi.EventCreate) { b.Title = title }
}

// An address shows what its owner sees as a member, and what the owner answered.
func TestACalendarIsWhatItsOwnerSees(t *testing.T) {
	t.Parallel()
	s := start(t)
	chess := authz.CommunityScope(uuid.New())
	s.group(chess, groups.Active)
	s.event(called("Public"))
	s.event(called("Chess"), in(chess), func(b *eventsapi.EventCreate) { b.Visibility = some(commonapi.Visibility("community")) })
	s.event(called("Draft"), func(b *eventsapi.EventCreate) { b.Status = new(eventsapi.EventCreateStatusDraft) })
	private := s.event(called("Private"), func(b *eventsapi.EventCreate) { b.Visibility = some(commonapi.Visibility("private")) })
	s.event(called("Far"), func(b *eventsapi.EventCreate) {
		far := s.Clock.Now().AddDate(2, 0, 0)
		b.StartsAt, b.EndsAt = &far, new(far.Add(time.Hour))
	})
	series := s.event(called("Series"), weekly, func(b *eventsapi.EventCreate) { b.TimeZone = new("Europe/Berlin") })
	dates := s.dates(s.maker, series.ID)

	_, all := s.address(s.member, everything)
	calendar := s.calendar(all)
	require.Equal(t, "Mine", property(t, calendar, "X-WR-CALNAME").Text())
	require.Equal(t, "Mine", property(t, calendar, "NAME").Text())
	require.Equal(t, "DURATION", property(t, calendar, "REFRESH-INTERVAL").Param("VALUE"))
	require.Equal(t, "PT1H", property(t, calendar, "X-PUBLISHED-TTL").Value)
	require.Equal(t, []string{"Series", "Public"}, titles(t, calendar), "series first")
	require.Len(t, calendar.Children("VTIMEZONE"), 1)
	_, truncated := calendar.Property("X-UPDSPACE-TRUNCATED")
	require.False(t, truncated)

	_, mine := s.address(s.maker, everything)
	require.ElementsMatch(t, []string{"Series", "Public", "Chess", "Private"}, titles(t, s.calendar(mine)), "no drafts")

	_, answered := s.address(s.member, eventsapi.CalendarAddressCreate{Name: "Answered", Content: eventsapi.CalendarContentAnswered})
	require.Empty(t, s.calendar(answered).Children("VEVENT"))
	c := s.As(s.member)
	going, err := c.SetRsvpWithResponse(t.Context(), series.ID, eventsapi.RsvpSet{Status: eventsapi.RsvpSetStatusGoing, OccurrenceID: &dates[1].OccurrenceID})
	service.OK(t, going, err)
	interested, err := c.SetRsvpWithResponse(t.Context(), series.ID, eventsapi.RsvpSet{Status: eventsapi.RsvpSetStatusInterested, OccurrenceID: &dates[2].OccurrenceID})
	service.OK(t, interested, err)
	parts := s.calendar(answered).Children("VEVENT")
	require.Len(t, parts, 2)
	for i, want := range []struct{ status, transparency string }{{"CONFIRMED", "OPAQUE"}, {"TENTATIVE", "TRANSPARENT"}} {
		require.Equal(t, want.status, property(t, parts[i], "STATUS").Value)
		require.Equal(t, want.transparency, property(t, parts[i], "TRANSP").Value)
		require.Equal(t, dates[i+1].OccurrenceID.String()+"@aef.updspace", property(t, parts[i], "UID").Text())
		_, partOfSeries := parts[i].Property("RECURRENCE-ID")
		require.False(t, partOfSeries)
	}
	parts = s.calendar(all).Children("VEVENT")
	require.Len(t, parts, 4, "the answered dates of the series differ from it")
	require.Equal(t, "TRANSPARENT", property(t, parts[0], "TRANSP").Value)
	require.Equal(t, "OPAQUE", property(t, parts[1], "TRANSP").Value)
	property(t, parts[1], "RECURRENCE-ID")

	// An organiser answers for the member, who then sees the private event.
	guest, err := s.As(s.maker).SetRsvpWithResponse(t.Context(), private.ID, eventsapi.RsvpSet{Status: eventsapi.RsvpSetStatusGoing, UserID: &s.member.User})
	service.OK(t, guest, err)
	require.Contains(t, titles(t, s.calendar(all)), "Private")

	member := s.Actor(memberKeys...)
	s.join(member, chess)
	_, group := s.address(member, eventsapi.CalendarAddressCreate{
		Name: "Chess", Content: eventsapi.CalendarContentGroup, ScopeType: new(eventsapi.CalendarAddressCreateScopeTypeCOMMUNITY), ScopeID: new(chess.ID.String()),
	})
	require.Equal(t, []string{"Chess"}, titles(t, s.calendar(group)))
	s.Access.Revoke(member, memberKeys...)
	s.Clock.Advance(time.Hour)
	require.Empty(t, s.calendar(group).Children("VEVENT"), "a member without rights has an empty calendar")
}

// A calendar is read again when an event or an answer was changed, or an hour is over, and not otherwise.
func TestAnUnchangedCalendarIsNotReadAgain(t *testing.T) {
	t.Parallel()
	s := start(t)
	event := s.event(weekly)
	_, path := s.address(s.member, everything)
	tag, modified := "", ""
	read := func(want int, why string) {
		t.Helper()
		for _, header := range [][]string{{"If-None-Match", tag}, {"If-None-Match", `"other", ` + strings.TrimPrefix(tag, "W/")}, {"If-Modified-Since", modified}} {
			if header[1] == "" || want == http.StatusOK && header[0] == "If-Modified-Since" {
				continue
			}
			require.Equal(t, want, s.fetch(s.Tenant, http.MethodGet, path, header...).StatusCode, "%s: %v", why, header)
		}
		resp := s.fetch(s.Tenant, http.MethodGet, path)
		require.Equal(t, http.StatusOK, resp.StatusCode)
		if want == http.StatusNotModified {
			require.Equal(t, tag, resp.Header.Get("ETag"), why)
		} else {
			require.NotEqual(t, tag, resp.Header.Get("ETag"), why)
		}
		tag, modified = resp.Header.Get("ETag"), resp.Header.Get("Last-Modified")
		require.Equal(t, "private, no-cache", resp.Header.Get("Cache-Control"))
	}
	read(http.StatusOK, "never read")
	calls := func() int {
		_, n := s.Access.TakeChecks()
		return n
	}
	calls()
	require.Equal(t, http.StatusNotModified, s.fetch(s.Tenant, http.MethodGet, path, "If-None-Match", tag).StatusCode)
	require.Zero(t, calls(), "access is not asked about what has not changed")
	read(http.StatusNotModified, "nothing happened")
	require.Equal(t, http.StatusNotModified, s.fetch(s.Tenant, http.MethodGet, path, "If-None-Match", "*").StatusCode)
	require.Equal(t, http.StatusOK, s.fetch(s.Tenant, http.MethodGet, path, "If-None-Match", `"other"`, "If-Modified-Since", modified).StatusCode)
	require.Equal(t, http.StatusOK, s.fetch(s.Tenant, http.MethodGet, path, "If-Modified-Since", "yesterday").StatusCode)

	signer, err := testkit.Keyring().Signer("bff", "events")
	require.NoError(t, err)
	head, err := http.NewRequestWithContext(reqctx.With(t.Context(), reqctx.Context{TenantID: s.Tenant, TenantSlug: "aef"}), http.MethodHead, s.URL+path, http.NoBody)
	require.NoError(t, err)
	seen, err := (&http.Client{Transport: signer.Transport(http.DefaultTransport)}).Do(head) // which is in no document
	require.NoError(t, err)
	require.NoError(t, seen.Body.Close())
	require.Equal(t, tag, seen.Header.Get("ETag"))
	require.Positive(t, seen.ContentLength)

	c := s.As(s.maker)
	edited, err := c.UpdateEventWithResponse(t.Context(), event.ID, &eventsapi.UpdateEventParams{}, eventsapi.EventUpdate{Title: some("New")})
	service.OK(t, edited, err)
	read(http.StatusOK, "an event was edited")
	date := s.dates(s.maker, event.ID)[1]
	off, err := c.CancelOccurrenceWithResponse(t.Context(), event.ID, date.OccurrenceID, &eventsapi.CancelOccurrenceParams{}, eventsapi.EventCancel{})
	service.OK(t, off, err)
	read(http.StatusOK, "a date was cancelled")
	s.answer(s.maker, event.ID, eventsapi.RsvpSetStatusGoing)
	read(http.StatusNotModified, "another member answered")
	s.answer(s.member, event.ID, eventsapi.RsvpSetStatusGoing)
	read(http.StatusOK, "the owner answered")
	s.Clock.Advance(time.Minute)
	read(http.StatusNotModified, "a minute passed")
	s.Clock.Advance(time.Hour)
	read(http.StatusOK, "an hour passed")
	gone, err := c.DeleteEventWithResponse(t.Context(), event.ID, &eventsapi.DeleteEventParams{})
	service.OK(t, gone, err)
	read(http.StatusOK, "an event was deleted")
	require.Empty(t, s.calendar(path).Children("VEVENT"))
}

// Addresses are a member's own: made, listed, renewed and ended, with a secret that is shown once and stored nowhere.
func TestCalendarAddresses(t *testing.T) {
	t.Parallel()
	s := start(t)
	c := s.As(s.member)
	ctx := service.Request(s.member)
	first, err := c.CreateCalendarAddressWithResponse(ctx, everything)
	service.OK(t, first, err)
	again, err := c.CreateCalendarAddressWithResponse(ctx, everything)
	service.OK(t, again, err)
	require.Equal(t, first.JSON201.ID, again.JSON201.ID)
	s.missing(first.JSON201.Path.MustGet())
	id, path := again.JSON201.ID, again.JSON201.Path.MustGet()
	s.calendar(path)

	list := func(of authz.Actor) []eventsapi.CalendarAddress {
		t.Helper()
		r, err := s.As(of).ListCalendarAddressesWithResponse(t.Context())
		return service.OK(t, r, err).JSON200.Items
	}
	listed := list(s.member)
	require.Len(t, listed, 1)
	require.Equal(t, nullable.NewNullNullable[string](), listed[0].Path)
	require.Equal(t, s.Clock.Now().Format(time.DateOnly), listed[0].LastUsedOn.MustGet().String())
	require.Empty(t, list(s.maker))

	renewed, err := c.RenewCalendarAddressWithResponse(t.Context(), id)
	next := service.OK(t, renewed, err).JSON200.Path.MustGet()
	require.NotEqual(t, path, next)
	s.missing(path)
	s.calendar(next)
	require.Equal(t, http.StatusNotFound, s.fetch(uuid.New(), http.MethodGet, next).StatusCode, "at another tenant")
	require.Equal(t, http.StatusNotFound, s.fetch(uuid.Nil, http.MethodGet, next).StatusCode, "at none")
	s.missing("/api/v1/events/calendars/feeds/unknown/calendar.ics")

	other := s.As(s.maker)
	r, err := other.RenewCalendarAddressWithResponse(t.Context(), id)
	service.Refused(t, http.StatusNotFound, "ADDRESS_NOT_FOUND", r, err)
	d, err := other.DeleteCalendarAddressWithResponse(t.Context(), id)
	service.Refused(t, http.StatusNotFound, "ADDRESS_NOT_FOUND", d, err)
	d, err = c.DeleteCalendarAddressWithResponse(t.Context(), id)
	service.OK(t, d, err)
	s.missing(next)

	for range 20 {
		s.address(s.member, everything)
	}
	full, err := c.CreateCalendarAddressWithResponse(t.Context(), everything)
	service.Refused(t, http.StatusConflict, "TOO_MANY_ADDRESSES", full, err)

	bad, err := other.CreateCalendarAddressWithResponse(t.Context(), eventsapi.CalendarAddressCreate{Name: " ", Content: eventsapi.CalendarContentGroup})
	service.Invalid(t, bad, err, "name", "scopeType")
	bad, err = other.CreateCalendarAddressWithResponse(t.Context(), eventsapi.CalendarAddressCreate{
		Name: "x", Content: eventsapi.CalendarContentAll, ScopeType: new(eventsapi.CalendarAddressCreateScopeTypeTEAM), ScopeID: new(uuid.NewString()),
	})
	service.Invalid(t, bad, err, "scopeType")
	bad, err = s.As(s.Actor()).CreateCalendarAddressWithResponse(t.Context(), eventsapi.CalendarAddressCreate{
		Name: "x", Content: eventsapi.CalendarContentGroup, ScopeType: new(eventsapi.CalendarAddressCreateScopeTypeTEAM), ScopeID: new(uuid.NewString()),
	})
	service.Refused(t, http.StatusForbidden, "FORBIDDEN", bad, err)

	var stored []string
	secret := strings.Split(next, "/")[6]
	require.NoError(t, s.DB.Read(pg.AcrossTenants(t.Context(), "test"), func(ctx context.Context) error {
		return s.DB.Conn(ctx).NewRaw("SELECT c::text FROM calendar_addresses AS c UNION ALL SELECT i::text FROM idempotency AS i").Scan(ctx, &stored)
	}))
	require.NotContains(t, strings.Join(stored, "\n"), secret)
}

// An address answers only while its owner is an active member of the tenant and the account is in good standing.
func TestACalendarNeedsAnActiveMember(t *testing.T) {
	t.Parallel()
	s := start(t)
	_, path := s.address(s.member, everything)
	tell := func(handler outbox.Handler, across bool, kind string, data map[string]any) {
		t.Helper()
		e := event.New()
		e.SetID(uuid.NewString())
		e.SetSource("identity")
		e.SetType(kind)
		require.NoError(t, e.SetData(event.ApplicationJSON, data))
		ctx := reqctx.With(context.Background(), reqctx.Context{TenantID: s.Tenant})
		if across {
			ctx = pg.AcrossTenants(context.Background(), "test")
		}
		require.NoError(t, s.lifecycle.Tx.Do(ctx, func(ctx context.Context) error { return handler(ctx, e) }))
	}
	member := func(status string) {
		tell(identityevents.Memberships(s.lifecycle), false, "identity.membership.changed",
			map[string]any{"tenant_id": s.Tenant, "user_id": s.member.User, "status": status, "base_role": "member"})
	}
	account := func(status, was string) {
		kind := map[string]string{"active": "activated"}[status]
		if kind == "" {
			kind = status
		}
		tell(identityevents.Handler(s.lifecycle), true, "identity.user."+kind, map[string]any{"user_id": s.member.User, "status": status, "was_status": was})
	}
	s.calendar(path)
	tag := s.fetch(s.Tenant, http.MethodGet, path).Header.Get("ETag")
	for _, change := range []struct{ ends, returns func() }{
		{func() { member("disabled") }, func() { member("active") }},
		{func() { account("suspended", "active") }, func() { account("active", "suspended") }},
		{func() { account("banned", "active") }, func() { account("active", "banned") }},
	} {
		change.ends()
		s.missing(path)
		require.Equal(t, http.StatusNotFound, s.fetch(s.Tenant, http.MethodGet, path, "If-None-Match", tag).StatusCode)
		change.returns()
		s.calendar(path)
	}
	account("suspended", "active")
	member("active")
	s.missing(path)
}

// While access is away a calendar cannot be read, and one that is unchanged needs no access.
func TestACalendarFailsClosed(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.event()
	_, path := s.address(s.member, everything)
	tag := s.fetch(s.Tenant, http.MethodGet, path).Header.Get("ETag")
	s.Access.Fail(errs.Unavailablef("away"))
	require.Equal(t, http.StatusServiceUnavailable, s.fetch(s.Tenant, http.MethodGet, path).StatusCode)
	require.Equal(t, http.StatusNotModified, s.fetch(s.Tenant, http.MethodGet, path, "If-None-Match", tag).StatusCode)
}

// The secret of an address is in no log, whatever becomes of the request.
func TestTheSecretOfACalendarIsNotLogged(t *testing.T) {
	t.Parallel()
	var log lockedBuffer
	s := startOn(t, nil, func(cfg *events.Config) { cfg.Log = &log })
	_, path := s.address(s.member, everything)
	secret := strings.Split(path, "/")[6]
	s.calendar(path)
	s.Access.Fail(errs.Unavailablef("away"))
	for _, path := range []string{path, strings.TrimSuffix(path, "calendar.ics"), path + "/more", strings.Replace(path, secret, secret+strings.Repeat("x", 200), 1)} {
		require.NotEqual(t, http.StatusOK, s.fetch(s.Tenant, http.MethodGet, path).StatusCode)
		require.NotEqual(t, http.StatusOK, s.fetch(s.Tenant, http.MethodPost, path).StatusCode)
	}
	require.Contains(t, log.String(), "/api/v1/events/calendars/feeds/...")
	require.NotContains(t, log.String(), secret)
}

type lockedBuffer struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.all.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.all.String()
}
