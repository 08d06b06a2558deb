package events_test

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/commonapi"
	"go.updspace.com/api/eventsapi"
	"go.updspace.com/api/eventsevents"
	"go.updspace.com/events/domain"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit/service"
)

func TestTheLifeOfAnEvent(t *testing.T) {
	t.Parallel()
	s := start(t)
	c := s.As(s.maker)
	event := s.event(func(b *eventsapi.EventCreate) {
		b.Title, b.Status, b.Tags = " Raid ", new(eventsapi.EventCreateStatusDraft), some([]string{"raid", "Raid", "night"})
		b.LocationURL, b.TimeZone = some("https://example.com/map"), new("Europe/Moscow")
	})
	require.Equal(t, "Raid", event.Title)
	require.Equal(t, []string{"raid", "night"}, event.Tags)
	require.Equal(t, eventsapi.EventStatusDraft, event.Status)
	require.True(t, event.Series.IsNull())
	require.Equal(t, event.StartsAt, event.OriginalStartsAt)

	hidden, err := s.As(s.member).GetEventWithResponse(t.Context(), event.ID, &eventsapi.GetEventParams{})
	service.Refused(t, http.StatusNotFound, "NOT_FOUND", hidden, err)
	published, err := c.PublishEventWithResponse(t.Context(), event.ID, &eventsapi.PublishEventParams{IfMatch: new(`"1"`)})
	require.Equal(t, eventsapi.EventStatusScheduled, service.OK(t, published, err).JSON200.Status)
	require.Equal(t, `"2"`, published.HTTPResponse.Header.Get("ETag"))

	stale, err := c.UpdateEventWithResponse(t.Context(), event.ID, &eventsapi.UpdateEventParams{IfMatch: new(`"1"`)}, eventsapi.EventUpdate{Title: some("Late")})
	service.Refused(t, http.StatusConflict, "EVENT_CHANGED", stale, err)
	s.Clock.Advance(time.Second)
	changed, err := c.UpdateEventWithResponse(t.Context(), event.ID, &eventsapi.UpdateEventParams{IfMatch: new(`"2"`)}, eventsapi.EventUpdate{
		Title: some("Long raid"), LocationURL: nullable.NewNullNullable[string](), StartsAt: some(event.StartsAt.Add(time.Hour)),
	})
	after := service.OK(t, changed, err).JSON200
	require.Equal(t, "Long raid", after.Title)
	require.Equal(t, []time.Time{event.CreatedAt, s.Clock.Now()}, []time.Time{after.CreatedAt, after.UpdatedAt}, "an edit moves updatedAt")
	require.True(t, after.LocationURL.IsNull())
	require.Equal(t, event.OccurrenceID, after.OccurrenceID, "the date moves with the event")
	require.Equal(t, []time.Time{event.StartsAt.Add(time.Hour), event.EndsAt.Add(time.Hour)}, []time.Time{after.StartsAt, after.EndsAt})
	nothing, err := c.UpdateEventWithResponse(t.Context(), event.ID, &eventsapi.UpdateEventParams{}, eventsapi.EventUpdate{})
	service.Refused(t, http.StatusBadRequest, "NO_UPDATES", nothing, err)
	same, err := c.UpdateEventWithResponse(t.Context(), event.ID, &eventsapi.UpdateEventParams{}, eventsapi.EventUpdate{Title: some("Long raid")})
	require.Equal(t, after.Version, service.OK(t, same, err).JSON200.Version)

	cancelled, err := c.CancelEventWithResponse(t.Context(), event.ID, &eventsapi.CancelEventParams{}, eventsapi.EventCancel{Reason: some("No healers")})
	require.Equal(t, eventsapi.EventStatusCancelled, service.OK(t, cancelled, err).JSON200.Status)
	require.Equal(t, "No healers", cancelled.JSON200.CancelReason.MustGet())
	late, err := c.UpdateEventWithResponse(t.Context(), event.ID, &eventsapi.UpdateEventParams{}, eventsapi.EventUpdate{StartsAt: some(event.StartsAt)})
	service.Refused(t, http.StatusConflict, "EVENT_CANCELLED", late, err)
	copied, err := c.DuplicateEventWithResponse(t.Context(), event.ID, eventsapi.EventDuplicate{StartsAt: event.StartsAt.Add(time.Hour * 24)})
	require.Equal(t, eventsapi.EventStatusDraft, service.OK(t, copied, err).JSON201.Status)
	require.Equal(t, "Long raid", copied.JSON201.Title)
	gone, err := c.DeleteEventWithResponse(t.Context(), event.ID, &eventsapi.DeleteEventParams{})
	service.OK(t, gone, err)
	missing, err := c.GetEventWithResponse(t.Context(), event.ID, &eventsapi.GetEventParams{})
	service.Refused(t, http.StatusNotFound, "NOT_FOUND", missing, err)

	var types []string
	for _, e := range s.Events() {
		types = append(types, e.Type)
	}
	require.Equal(t, []string{
		eventsevents.TypeEventCreated, eventsevents.TypeEventUpdated, eventsevents.TypeEventUpdated, eventsevents.TypeEventCancelled,
		eventsevents.TypeEventCreated, eventsevents.TypeEventDeleted,
	}, types)
	log, err := s.As(s.admin).ListAuditWithResponse(t.Context(), &eventsapi.ListAuditParams{TargetID: new(event.ID.String())})
	var actions []string
	for _, entry := range service.OK(t, log, err).JSON200.Items {
		actions = append(actions, entry.Action)
	}
	require.Equal(t, []string{"event.deleted", "event.cancelled", "event.updated", "event.updated", "event.created"}, actions)
}

func TestWrongInputNamesTheField(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, c := range []struct {
		change func(*eventsapi.EventCreate)
		fields []string
	}{
		{func(b *eventsapi.EventCreate) { b.Title = "\u200b" }, []string{"title"}},
		{func(b *eventsapi.EventCreate) { b.Title = strings.Repeat("ё", 256) }, []string{"title"}},
		{func(b *eventsapi.EventCreate) { b.LocationText = some(strings.Repeat("ё", 256)) }, []string{"locationText"}},
		{func(b *eventsapi.EventCreate) {
			b.LocationURL = some("https://example.com/" + strings.Repeat("x", 2048))
		}, []string{"locationUrl"}},
		{func(b *eventsapi.EventCreate) { b.GameID = some(strings.Repeat("x", 129)) }, []string{"gameId"}},
		{func(b *eventsapi.EventCreate) { b.StartsAt = nil }, []string{"startsAt"}},
		{func(b *eventsapi.EventCreate) { b.TimeZone = new("Moscow") }, []string{"timeZone"}},
		{func(b *eventsapi.EventCreate) { b.Rrule = some("FREQ=SECONDLY") }, []string{"rrule"}},
		{func(b *eventsapi.EventCreate) { b.Rrule = some("FREQ=DAILY;BYHOUR=1,2,3,4,5,6,7,8,9,10") }, []string{"rrule"}},
		{func(b *eventsapi.EventCreate) { b.Exdates = some([]time.Time{*b.StartsAt}) }, []string{"exdates"}},
		{func(b *eventsapi.EventCreate) { b.LocationURL = some("javascript:alert(1)") }, []string{"locationUrl"}},
		{func(b *eventsapi.EventCreate) { b.ScopeType = nil }, []string{"scopeType"}},
		{func(b *eventsapi.EventCreate) { b.Visibility = some(commonapi.VisibilityTeam) }, []string{"visibility"}},
		{in(authz.CommunityScope(uuid.New())), []string{"scopeId"}},
		{in(authz.TenantScope(uuid.New())), []string{"scopeId"}},
	} {
		r, err := s.As(s.maker).CreateEventWithResponse(t.Context(), s.draft(1, c.change))
		service.Invalid(t, r, err, c.fields...)
	}
	r, err := s.As(s.maker).CreateEventWithResponse(t.Context(), s.draft(1, func(b *eventsapi.EventCreate) { b.EndsAt = b.StartsAt }))
	service.Refused(t, http.StatusBadRequest, "INVALID_TIME_RANGE", r, err)
	list, err := s.As(s.member).ListEventsWithResponse(t.Context(), &eventsapi.ListEventsParams{From: new("yesterday")})
	service.Refused(t, http.StatusBadRequest, "INVALID_FROM", list, err)
	list, err = s.As(s.member).ListEventsWithResponse(t.Context(), &eventsapi.ListEventsParams{To: new("2026-02-30")})
	service.Refused(t, http.StatusBadRequest, "INVALID_TO", list, err)
}

// A time without an offset says nothing about when an event is.
func TestTimesHaveAnOffset(t *testing.T) {
	t.Parallel()
	s := start(t)
	for field, body := range map[string]string{
		"startsAt": `{"scopeType":"TENANT","title":"t","startsAt":"2027-03-10T19:00:00","endsAt":"2027-03-10T20:00:00Z"}`,
		"endsAt":   `{"scopeType":"TENANT","title":"t","startsAt":"2027-03-10T19:00:00Z","endsAt":"2027-03-10T20:00:00"}`,
	} {
		r, err := s.As(s.maker).CreateEventWithBodyWithResponse(t.Context(), "application/json", strings.NewReader(body))
		service.Invalid(t, r, err, field)
	}
}

// A list of many events asks access as often as one of few: who sees them is decided in the database.
func TestAListAsksAccessAsOftenForManyEvents(t *testing.T) {
	t.Parallel()
	s := start(t)
	asked := func() int {
		s.Access.TakeChecks()
		r, err := s.As(s.member).ListEventsWithResponse(t.Context(), &eventsapi.ListEventsParams{})
		service.OK(t, r, err)
		_, calls := s.Access.TakeChecks()
		return calls
	}
	s.event()
	few := asked()
	for range 20 {
		s.event(func(b *eventsapi.EventCreate) { b.Visibility = some(commonapi.VisibilityPrivate) })
		s.event()
	}
	require.Equal(t, few, asked())
}

// What makes an event asks access once. The creator manages the event, also without the right to read.
func TestNewEventsAskAccessOnce(t *testing.T) {
	t.Parallel()
	s := start(t)
	asked := func(what string) {
		_, calls := s.Access.TakeChecks()
		require.Equal(t, 1, calls, what)
	}
	s.Access.TakeChecks()
	series := s.event(weekly)
	asked("create")
	require.True(t, series.CanManage && series.CanAnswer)
	copied, err := s.As(s.admin).DuplicateEventWithResponse(t.Context(), series.ID, eventsapi.EventDuplicate{StartsAt: series.StartsAt})
	require.True(t, service.OK(t, copied, err).JSON201.CanManage)
	asked("duplicate")
	dates := s.dates(s.maker, series.ID)
	s.Access.TakeChecks()
	split, err := s.As(s.maker).SplitEventWithResponse(t.Context(), series.ID, dates[1].OccurrenceID, &eventsapi.SplitEventParams{}, eventsapi.EventUpdate{})
	require.True(t, service.OK(t, split, err).JSON201.CanManage)
	asked("split")
	made, err := s.As(s.Actor(domain.PermissionEventCreate, domain.PermissionRSVPSet)).CreateEventWithResponse(t.Context(), s.draft(1))
	event := service.OK(t, made, err).JSON201
	require.True(t, event.CanManage)
	require.False(t, event.CanAnswer)
}

func TestARepeatedCreateReturnsTheFirstEvent(t *testing.T) {
	t.Parallel()
	s := start(t)
	c, ctx := s.As(s.maker), service.Request(s.maker)
	first, err := c.CreateEventWithResponse(ctx, s.draft(1))
	service.OK(t, first, err)
	again, err := c.CreateEventWithResponse(ctx, s.draft(1))
	require.Equal(t, first.JSON201.ID, service.OK(t, again, err).JSON201.ID)
	other, err := c.CreateEventWithResponse(ctx, s.draft(2))
	service.Refused(t, http.StatusConflict, "IDEMPOTENCY_KEY_REUSED", other, err)

	series := s.event(weekly)
	copies, splits := map[uuid.UUID]bool{}, map[uuid.UUID]bool{}
	copying, splitting, second := service.Request(s.maker), service.Request(s.maker), s.dates(s.maker, series.ID)[1].OccurrenceID
	for range 2 {
		copied, err := c.DuplicateEventWithResponse(copying, series.ID, eventsapi.EventDuplicate{StartsAt: series.StartsAt})
		copies[service.OK(t, copied, err).JSON201.ID] = true
		split, err := c.SplitEventWithResponse(splitting, series.ID, second, &eventsapi.SplitEventParams{}, eventsapi.EventUpdate{})
		splits[service.OK(t, split, err).JSON201.ID] = true
	}
	require.Len(t, copies, 1)
	require.Len(t, splits, 1)
}

func TestListsAreFilteredAndPaged(t *testing.T) {
	t.Parallel()
	s := start(t)
	var all []eventsapi.Event
	for i := range 5 {
		all = append(all, s.event(func(b *eventsapi.EventCreate) {
			b.Title = "event " + strconv.Itoa(i)
			start := s.Clock.Now().Truncate(time.Second).Add(time.Duration(i) * 24 * time.Hour)
			b.StartsAt, b.EndsAt = &start, new(start.Add(time.Hour))
			if i == 3 {
				b.Tags, b.GameID, b.Description = some([]string{"chess"}), some("g"), some("Ёлка")
			}
		}))
	}
	c := s.As(s.member)
	var seen []eventsapi.Event
	params := &eventsapi.ListEventsParams{Limit: new(2)}
	for {
		r, err := c.ListEventsWithResponse(t.Context(), params)
		page := service.OK(t, r, err).JSON200
		require.Equal(t, 5, page.Meta.Total)
		seen = append(seen, page.Items...)
		next, err := page.NextCursor.Get()
		if err != nil {
			break
		}
		params.Cursor = &next
	}
	require.Equal(t, ids(all), ids(seen))
	for _, q := range []struct {
		params eventsapi.ListEventsParams
		want   []eventsapi.Event
	}{
		{eventsapi.ListEventsParams{Offset: new(3)}, all[3:]},
		{eventsapi.ListEventsParams{Order: new(eventsapi.ListEventsParamsOrderDesc), Limit: new(1)}, all[4:]},
		{eventsapi.ListEventsParams{Q: new("елка")}, all[3:4]},
		{eventsapi.ListEventsParams{Tag: new("chess")}, all[3:4]},
		{eventsapi.ListEventsParams{GameID: new("g")}, all[3:4]},
		{eventsapi.ListEventsParams{Mine: new(true)}, nil},
		{eventsapi.ListEventsParams{Status: new(eventsapi.EventStatusCancelled)}, nil},
		{eventsapi.ListEventsParams{From: new(all[1].EndsAt.Format(time.RFC3339)), To: new(all[3].StartsAt.Format(time.RFC3339))}, all[1:4]},
		{eventsapi.ListEventsParams{From: new(all[1].EndsAt.Add(time.Second).Format(time.RFC3339)), To: new(all[3].StartsAt.Add(-time.Second).Format(time.RFC3339))}, all[2:3]},
		{eventsapi.ListEventsParams{From: new(all[2].StartsAt.Format(time.DateOnly)), To: new(all[2].StartsAt.Format(time.DateOnly))}, all[2:3]},
	} {
		r, err := c.ListEventsWithResponse(t.Context(), &q.params)
		require.Equal(t, ids(q.want), ids(service.OK(t, r, err).JSON200.Items), "%+v", q.params)
	}
	wrong, err := c.ListEventsWithResponse(t.Context(), &eventsapi.ListEventsParams{Cursor: new("foreign")})
	service.Invalid(t, wrong, err, "cursor")
	wrong, err = c.ListEventsWithResponse(t.Context(), &eventsapi.ListEventsParams{Limit: new(251)})
	service.Invalid(t, wrong, err, "limit")
}

func TestAMonthTakesTheFiltersOfTheList(t *testing.T) {
	t.Parallel()
	s := start(t)
	at := time.Date(2027, 3, 10, 18, 0, 0, 0, time.UTC)
	in := func(title string, change func(*eventsapi.EventCreate)) eventsapi.Event {
		return s.event(func(b *eventsapi.EventCreate) {
			b.Title, b.StartsAt, b.EndsAt = title, &at, new(at.Add(time.Hour))
			change(b)
		})
	}
	tagged := in("Raid", func(b *eventsapi.EventCreate) { b.Tags = some([]string{"chess"}) })
	game := in("Match", func(b *eventsapi.EventCreate) { b.GameID = some("g") })
	s.answer(s.member, game.ID, eventsapi.RsvpSetStatusInterested)
	for _, q := range []struct {
		params eventsapi.GetMonthParams
		want   []eventsapi.Event
	}{
		{eventsapi.GetMonthParams{Q: new("raid")}, []eventsapi.Event{tagged}},
		{eventsapi.GetMonthParams{Tag: new("chess")}, []eventsapi.Event{tagged}},
		{eventsapi.GetMonthParams{GameID: new("g")}, []eventsapi.Event{game}},
		{eventsapi.GetMonthParams{MyAnswer: new(eventsapi.GetMonthParamsMyAnswerInterested)}, []eventsapi.Event{game}},
		{eventsapi.GetMonthParams{MyAnswer: new(eventsapi.GetMonthParamsMyAnswerWaiting)}, nil},
		{eventsapi.GetMonthParams{Mine: new(true)}, nil},
	} {
		q.params.Month = "2027-03"
		r, err := s.As(s.member).GetMonthWithResponse(t.Context(), &q.params)
		require.Equal(t, ids(q.want), ids(service.OK(t, r, err).JSON200.Items), "%+v", q.params)
	}
}

func TestAnotherTenantsEventsDoNotExist(t *testing.T) {
	t.Parallel()
	s := start(t)
	event := s.event(capacity(1))
	for _, by := range []authz.Actor{s.maker, s.member} {
		s.answer(by, event.ID, eventsapi.RsvpSetStatusGoing)
	}
	marked, err := s.As(s.maker).MarkAttendanceWithResponse(t.Context(), event.ID, eventsapi.AttendanceMark{UserID: &s.member.User})
	service.OK(t, marked, err)
	s.answer(s.maker, event.ID, eventsapi.RsvpSetStatusInterested, func(b *eventsapi.RsvpSet) { b.Series = new(true) })
	minutes := eventsapi.ReminderSettings{Minutes: some([]int{60})}
	settings, err := s.As(s.maker).SetReminderSettingsWithResponse(t.Context(), minutes)
	service.OK(t, settings, err)
	choice, err := s.As(s.maker).SetEventRemindersWithResponse(t.Context(), event.ID, minutes)
	service.OK(t, choice, err)
	chess := authz.CommunityScope(uuid.New())
	s.group(chess, groups.Active)
	s.invite(event.ID, eventsapi.InvitationsCreate{Addresses: []string{guestAddress}})
	require.NoError(t, s.inTenant(func(ctx context.Context) error {
		if err := s.lifecycle.Inbound.Remember(ctx, "<1@example.com>", s.Clock.Now()); err != nil {
			return err
		}
		return s.lifecycle.MembershipChanged(ctx, chess, s.member.User, true)
	}))
	s.address(s.member, everything)
	c := s.As(s.Outsider(adminKeys...))
	r, err := c.GetEventWithResponse(t.Context(), event.ID, &eventsapi.GetEventParams{})
	service.Refused(t, http.StatusNotFound, "NOT_FOUND", r, err)
	list, err := c.ListEventsWithResponse(t.Context(), &eventsapi.ListEventsParams{})
	require.Zero(t, service.OK(t, list, err).JSON200.Meta.Total)
	require.Empty(t, list.JSON200.Items)
	s.Stop() // its jobs would remove these
	ctx := reqctx.With(t.Context(), reqctx.Context{TenantID: s.Tenant})
	require.NoError(t, s.DB.Do(ctx, func(ctx context.Context) error {
		for _, statement := range []string{
			"INSERT INTO promotions (tenant_id, occurrence_id, user_id, promoted_at, place) VALUES (?, ?, ?, now(), 1)",
			"INSERT INTO reminders (tenant_id, occurrence_id, user_id, minutes, due_at) VALUES (?, ?, ?, 60, now())",
		} {
			if _, err := s.DB.Conn(ctx).NewRaw(statement, s.Tenant, event.OccurrenceID, s.member.User).Exec(ctx); err != nil {
				return err
			}
		}
		return nil
	}))
	service.Isolation(t, s.DB, s.Tenant)
}

func TestPersonalDataIsExportedAndErased(t *testing.T) {
	t.Parallel()
	s := start(t)
	event := s.event(func(b *eventsapi.EventCreate) { b.CoHosts = some([]uuid.UUID{s.member.User}) })
	bff := s.With("bff", reqctx.Context{TenantID: s.Tenant, TenantSlug: "aef"})
	for by, section := range map[authz.Actor]string{s.maker: "events", s.member: "co_hosts"} {
		export, err := bff.ExportPersonalDataWithResponse(t.Context(), by.User, &eventsapi.ExportPersonalDataParams{})
		items := service.OK(t, export, err).JSON200.Items
		require.NotEmpty(t, items)
		require.Equal(t, event.Title, items[0].Data["title"])
		receipt, err := bff.ErasePersonalDataWithResponse(t.Context(), by.User)
		require.EqualValues(t, 1, service.OK(t, receipt, err).JSON200.Counts[section])
	}
	left, err := s.As(s.admin).GetEventWithResponse(t.Context(), event.ID, &eventsapi.GetEventParams{})
	require.Empty(t, service.OK(t, left, err).JSON200.CoHosts)
	require.NotEqual(t, s.maker.User, left.JSON200.CreatedBy)
}

func ids(events []eventsapi.Event) []uuid.UUID {
	list := []uuid.UUID{}
	for _, e := range events {
		list = append(list, e.ID)
	}
	return list
}
