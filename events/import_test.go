package events_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/commonapi"
	"go.updspace.com/api/eventsapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/groups"
	"go.updspace.com/tools/devkit/testkit/service"
)

// take imports a file into the scope of the tenant.
func (s *fixture) take(by authz.Actor, file string, change ...func(*eventsapi.ImportEventsParams)) eventsapi.EventImport {
	s.T.Helper()
	params := eventsapi.ImportEventsParams{ScopeType: eventsapi.EventScopeTypeTENANT}
	for _, c := range change {
		c(&params)
	}
	r, err := s.As(by).ImportEventsWithBodyWithResponse(s.T.Context(), &params, "application/octet-stream", strings.NewReader(file))
	return *service.OK(s.T, r, err).JSON200
}

func dry(p *eventsapi.ImportEventsParams) { p.DryRun = new(true) }

// calendarFile has the lines of a calendar.
func calendarFile(lines ...string) string {
	return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VCALENDAR\r\n"
}

// vevent has the lines of an event.
func vevent(lines ...string) string {
	return "BEGIN:VEVENT\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VEVENT"
}

// actions are what is done line by line.
func actions(r eventsapi.EventImport) (list []string) {
	for _, item := range r.Items {
		text := fmt.Sprintf("%d %s", item.Line, item.Action)
		if reason, err := item.Reason.Get(); err == nil {
			text += " " + string(reason)
		}
		if field, err := item.Field.Get(); err == nil {
			text += " " + field
		}
		list = append(list, text)
	}
	return list
}

// The fixture's clock is in March 2026.
func TestAFileIsTakenOver(t *testing.T) {
	t.Parallel()
	s := start(t)
	file := calendarFile(
		"BEGIN:VTIMEZONE", "TZID:Custom", "X-LIC-LOCATION:Europe/Moscow", "END:VTIMEZONE",
		vevent("UID:weekly", "SUMMARY:Raid", "DESCRIPTION:One\\, two\\nthree", "LOCATION:Here", "URL:https://example.com", "CATEGORIES:raid,fun",
			"DTSTART;TZID=W. Europe Standard Time:20260323T190000", "DURATION:PT2H", "RRULE:FREQ=WEEKLY;UNTIL=20260413T170000Z",
			"EXDATE;TZID=W. Europe Standard Time:20260330T190000", "RDATE;TZID=W. Europe Standard Time:20260401T190000",
			"BEGIN:VALARM", "ACTION:DISPLAY", "END:VALARM"),
		vevent("UID:weekly", "RECURRENCE-ID;TZID=Europe/Berlin:20260406T190000", "SUMMARY:Final", "DTSTART;TZID=Europe/Berlin:20260406T200000", "DTEND;TZID=Europe/Berlin:20260406T230000"),
		vevent("UID:weekly", "RECURRENCE-ID:20260413T170000Z", "STATUS:CANCELLED", "DTSTART:20260413T170000Z"),
		vevent("UID:days", "SUMMARY:Camp", "DTSTART;VALUE=DATE:20260501", "DTEND;VALUE=DATE:20260504"),
		vevent("UID:floating", "SUMMARY:Floating", "DTSTART:20260601T120000"),
		vevent("UID:named", "SUMMARY:Named", "DTSTART;TZID=Custom:20260601T120000", "DTEND;TZID=Custom:20260601T120000"),
	)
	moscow := func(p *eventsapi.ImportEventsParams) { p.TimeZone = new("Europe/Moscow") }
	want := []string{"7 create", "23 update", "30 update", "36 create", "42 create", "47 create"}
	planned := s.take(s.maker, file, dry, moscow)
	require.Equal(t, want, actions(planned))
	require.True(t, planned.DryRun)
	require.Equal(t, []int{4, 2, 0, 0}, []int{planned.Created, planned.Updated, planned.Unchanged, planned.Skipped})
	require.Equal(t, []any{"Raid", "Europe/Berlin", "FREQ=WEEKLY;UNTIL=20260413T170000Z", 4},
		[]any{planned.Items[0].Title, planned.Items[0].TimeZone.MustGet(), planned.Items[0].Rrule.MustGet(), planned.Items[0].Dates})
	list, err := s.As(s.maker).ListEventsWithResponse(t.Context(), &eventsapi.ListEventsParams{})
	require.Zero(t, service.OK(t, list, err).JSON200.Meta.Total, "a dry run stores nothing")
	require.Empty(t, s.Events())

	done := s.take(s.maker, file, moscow)
	require.Equal(t, want, actions(done))
	require.False(t, done.DryRun)
	id := done.Items[0].EventID.MustGet()
	var got []string
	for _, d := range s.dates(s.maker, id) {
		got = append(got, fmt.Sprint(d.StartsAt.Format("0102T1504 "), d.EndsAt.Sub(d.StartsAt), " ", d.Title, " ", d.Status))
	}
	require.Equal(t, []string{"0323T1800 2h0m0s Raid scheduled", "0401T1700 2h0m0s Raid scheduled", "0406T1800 3h0m0s Final scheduled", "0413T1700 2h0m0s Raid cancelled"}, got)
	raid := s.dates(s.maker, id)[0]
	require.Equal(t, "One, two\nthree", raid.Description.MustGet())
	require.Equal(t, "https://example.com", raid.LocationURL.MustGet())
	require.Equal(t, []string{"raid", "fun"}, raid.Tags)
	camp := s.dates(s.maker, done.Items[3].EventID.MustGet())[0]
	require.True(t, camp.AllDay)
	require.Equal(t, []time.Time{time.Date(2026, 4, 30, 21, 0, 0, 0, time.UTC), time.Date(2026, 5, 3, 21, 0, 0, 0, time.UTC)}, []time.Time{camp.StartsAt, camp.EndsAt})
	for _, item := range done.Items[4:] {
		noon := s.dates(s.maker, item.EventID.MustGet())[0]
		require.Equal(t, time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC), noon.StartsAt)
		require.Equal(t, time.Hour, noon.EndsAt.Sub(noon.StartsAt), "an event without an end")
		require.Equal(t, "Europe/Moscow", noon.TimeZone)
	}

	// The same file changes nothing, a new one what differs, and that of another member makes other events.
	require.Equal(t, []string{"7 unchanged", "23 unchanged", "30 unchanged", "36 unchanged", "42 unchanged", "47 unchanged"}, actions(s.take(s.maker, file, moscow)))
	before := len(s.Events())
	later := strings.ReplaceAll(strings.ReplaceAll(file, "Camp", "Camp 2"), "Final", "Semi-final")
	require.Equal(t, []string{"7 unchanged", "23 update", "30 unchanged", "36 update", "42 unchanged", "47 unchanged"}, actions(s.take(s.maker, later, moscow)))
	require.Len(t, s.Events(), before+2)
	require.Equal(t, "Semi-final", s.dates(s.maker, id)[2].Title)
	require.Equal(t, "Camp 2", s.dates(s.maker, camp.ID)[0].Title)
	require.Equal(t, 4, s.take(s.admin, file, moscow).Created)

	off, err := s.As(s.maker).CancelEventWithResponse(t.Context(), camp.ID, &eventsapi.CancelEventParams{}, eventsapi.EventCancel{})
	service.OK(t, off, err)
	require.Contains(t, actions(s.take(s.maker, file, moscow)), "36 skip CANCELLED_HERE")

	drafts := s.take(s.maker, calendarFile(vevent("UID:draft", "SUMMARY:Draft", "DTSTART:20260601T120000Z")), func(p *eventsapi.ImportEventsParams) {
		p.Status, p.Visibility = new(eventsapi.ImportEventsParamsStatusDraft), new(commonapi.Visibility("private"))
	})
	draft := s.dates(s.maker, drafts.Items[0].EventID.MustGet())[0]
	require.Equal(t, []any{"draft", "private"}, []any{string(draft.Status), string(draft.Visibility)})
}

// What cannot be taken over is said with its line and the reason, and keeps nothing else from being taken over.
func TestWhatAFileHasThatIsNotTakenOver(t *testing.T) {
	t.Parallel()
	s := start(t)
	at := func(lines ...string) string {
		return calendarFile(vevent(append([]string{"UID:u", "SUMMARY:Title"}, lines...)...))
	}
	const start = "DTSTART:20260601T120000Z"
	for file, want := range map[string][]string{
		at("DTSTART:20250601T120000Z"):                                                                 {"3 skip PAST"},
		at("DTSTART:20250601T120000Z", "RRULE:FREQ=DAILY;COUNT=3"):                                     {"3 skip PAST"},
		at(start, "STATUS:CANCELLED"):                                                                  {"3 skip CANCELLED STATUS"},
		at():                                                                                           {"3 skip NO_START DTSTART"},
		at("DTSTART:tomorrow"):                                                                         {"3 skip BAD_TIME DTSTART"},
		at("DTSTART;TZID=Mars/Olympus:20260601T120000"):                                                {"3 skip UNKNOWN_ZONE DTSTART"},
		at(start, "DTEND;VALUE=DATE:20260602"):                                                         {"3 skip BAD_TIME DTEND"},
		at(start, "DTEND:20260601T110000Z"):                                                            {"3 skip INVALID DTEND"},
		at(start, "DURATION:P500D"):                                                                    {"3 skip INVALID DTEND"},
		at(start, "DURATION:soon"):                                                                     {"3 skip BAD_TIME DURATION"},
		at("DTSTART;VALUE=DATE:20260601", "DURATION:PT1H"):                                             {"3 skip BAD_TIME DURATION"},
		at(start, "RRULE:FREQ=HOURLY"):                                                                 {"3 skip BAD_RULE RRULE"},
		at(start, "RRULE:FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11,12"):                              {"3 skip TOO_MANY_DATES RRULE"},
		at(start, "RRULE:FREQ=DAILY", "RRULE:FREQ=WEEKLY"):                                             {"3 skip UNSUPPORTED RRULE"},
		at(start, "EXRULE:FREQ=DAILY"):                                                                 {"3 skip UNSUPPORTED RRULE"},
		at(start, "RDATE;VALUE=PERIOD:20260602T120000Z/PT1H"):                                          {"3 skip UNSUPPORTED RDATE"},
		at(start, "RDATE:never"):                                                                       {"3 skip BAD_TIME RDATE"},
		at(start, "RRULE:FREQ=DAILY", "EXDATE;VALUE=DATE:20260602"):                                    {"3 skip BAD_TIME EXDATE"},
		at(start, "EXDATE:20260601T120000Z"):                                                           {"3 skip INVALID EXDATE"},
		at(start, "EXDATE:20260602T120000Z"+strings.Repeat(",20260602T120000Z", 1000)):                 {"3 skip TOO_MANY_DATES EXDATE"},
		at(start, "LOCATION:"+strings.Repeat("x", 256)):                                                {"3 skip INVALID LOCATION"},
		at(start, "URL:javascript:alert(1)", "CATEGORIES:"+strings.Repeat("x", 33)):                    {"3 create"},
		calendarFile(vevent("UID:u", "SUMMARY: ", start)):                                              {"3 skip NO_TITLE SUMMARY"},
		calendarFile(vevent("UID:u", "SUMMARY:"+strings.Repeat("x", 256), start)):                      {"3 skip INVALID SUMMARY"},
		calendarFile(vevent("SUMMARY:Title", start)):                                                   {"3 skip NO_UID UID"},
		calendarFile(vevent("UID:"+strings.Repeat("u", 256), start)):                                   {"3 skip INVALID UID"},
		calendarFile(vevent("UID:u", "SUMMARY:A", start), vevent("UID:u", "SUMMARY:B", start)):         {"3 create", "8 skip DUPLICATE UID"},
		calendarFile("BEGIN:VTODO", "SUMMARY:Sweep", "END:VTODO", vevent("UID:u", "SUMMARY:A", start)): {"3 skip UNSUPPORTED VTODO", "6 create"},
		calendarFile(vevent("UID:u", "RECURRENCE-ID:20260601T120000Z", start)):                         {"3 skip NO_SUCH_DATE RECURRENCE-ID"},
		at(start, "RRULE:FREQ=DAILY;COUNT=2", "END:VEVENT", "BEGIN:VEVENT", "UID:u", "RECURRENCE-ID:20260603T120000Z", start):                           {"3 create", "9 skip NO_SUCH_DATE RECURRENCE-ID"},
		at(start, "RRULE:FREQ=DAILY;COUNT=2", "END:VEVENT", "BEGIN:VEVENT", "UID:u", "RECURRENCE-ID:20250603T120000Z", start):                           {"3 create", "9 skip PAST"},
		at(start, "RRULE:FREQ=DAILY;COUNT=2", "END:VEVENT", "BEGIN:VEVENT", "UID:u", "RECURRENCE-ID;RANGE=THISANDFUTURE:20260602T120000Z", start):       {"3 create", "9 skip UNSUPPORTED RECURRENCE-ID"},
		at(start, "RRULE:FREQ=DAILY;COUNT=2", "END:VEVENT", "BEGIN:VEVENT", "UID:u", "RECURRENCE-ID:20260602T120000Z", "SUMMARY: ", start):              {"3 create", "9 skip NO_TITLE SUMMARY"},
		at(start, "RRULE:FREQ=DAILY;COUNT=2", "END:VEVENT", "BEGIN:VEVENT", "UID:u", "RECURRENCE-ID:then", start):                                       {"3 create", "9 skip BAD_TIME RECURRENCE-ID"},
		at(start, "RRULE:FREQ=DAILY;COUNT=2", "END:VEVENT", "BEGIN:VEVENT", "UID:u", "RECURRENCE-ID:20260602T120000Z", "DTSTART:then", "SUMMARY:Title"): {"3 create", "9 skip BAD_TIME DTSTART"},
		calendarFile(): nil,
	} {
		require.Equal(t, want, actions(s.take(s.maker, file, dry)), file)
	}

	var many, dense strings.Builder
	for i := range 201 {
		fmt.Fprintf(&many, "%s\r\n", vevent(fmt.Sprintf("UID:%d", i), "SUMMARY:A", start))
	}
	report := s.take(s.maker, calendarFile(many.String()), dry)
	require.Equal(t, []int{200, 1}, []int{report.Created, report.Skipped})
	require.Equal(t, eventsapi.EventImportItemReasonTOOMANYEVENTS, report.Items[200].Reason.MustGet())
	for i := range 30 {
		fmt.Fprintf(&dense, "%s\r\n", vevent(fmt.Sprintf("UID:%d", i), "SUMMARY:A", start, "RRULE:FREQ=DAILY;COUNT=1000"))
	}
	report = s.take(s.maker, calendarFile(dense.String()), dry)
	require.Equal(t, []int{20, 10}, []int{report.Created, report.Skipped})
	require.Equal(t, eventsapi.EventImportItemReasonTOOMANYDATES, report.Items[20].Reason.MustGet())
	require.Len(t, s.take(s.maker, calendarFile(strings.Repeat("BEGIN:VTODO\r\nEND:VTODO\r\n", 1_001)), dry).Items, 1_000)
}

func TestImportsAreRefused(t *testing.T) {
	t.Parallel()
	s := start(t)
	send := func(by authz.Actor, file string, params eventsapi.ImportEventsParams) *eventsapi.ImportEventsResponse {
		t.Helper()
		if params.ScopeType == "" {
			params.ScopeType = eventsapi.EventScopeTypeTENANT
		}
		r, err := s.As(by).ImportEventsWithBodyWithResponse(t.Context(), &params, "application/octet-stream", strings.NewReader(file))
		require.NoError(t, err)
		return r
	}
	for _, file := range []string{"", "hello", "BEGIN:VCALENDAR\r\n", "BEGIN:VCALENDAR\r\nEND:VEVENT\r\n", "\xff\xfe"} {
		service.Refused(t, http.StatusUnprocessableEntity, "NOT_A_CALENDAR", send(s.maker, file, eventsapi.ImportEventsParams{}), nil)
	}
	service.Invalid(t, send(s.maker, calendarFile(), eventsapi.ImportEventsParams{TimeZone: new("Mars")}), nil, "time_zone")
	service.Invalid(t, send(s.maker, calendarFile(), eventsapi.ImportEventsParams{Visibility: new(commonapi.Visibility("team"))}), nil, "visibility")
	service.Refused(t, http.StatusForbidden, "FORBIDDEN", send(s.member, calendarFile(), eventsapi.ImportEventsParams{}), nil)
	require.Equal(t, http.StatusRequestEntityTooLarge, send(s.maker, strings.Repeat("x", 1<<20+1), eventsapi.ImportEventsParams{}).StatusCode())

	chess := authz.CommunityScope(uuid.New())
	into := eventsapi.ImportEventsParams{ScopeType: eventsapi.EventScopeTypeCOMMUNITY, ScopeID: new(chess.ID.String())}
	service.Invalid(t, send(s.maker, calendarFile(), into), nil, "scope_id")
	s.group(chess, groups.Archived)
	service.Refused(t, http.StatusConflict, "SCOPE_ARCHIVED", send(s.maker, calendarFile(), into), nil)
}
