package domain_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/events/domain"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/recurrence"
)

var (
	maker = authz.Actor{Tenant: uuid.New(), User: uuid.New()}
	now   = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
)

// draft is an event of two hours that begins at 19:00 in Moscow on 10 March 2026, a Tuesday.
func draft(change ...func(*domain.EventDraft)) domain.EventDraft {
	start := time.Date(2026, 3, 10, 16, 0, 0, 0, time.UTC)
	d := domain.EventDraft{
		Details: domain.Details{Title: "Game night"}, Scope: authz.TenantScope(maker.Tenant),
		Schedule: domain.ScheduleDraft{Starts: start, Ends: start.Add(2 * time.Hour), Zone: "Europe/Moscow"},
	}
	for _, c := range change {
		c(&d)
	}
	return d
}

func rule(text string) func(*domain.EventDraft) {
	return func(d *domain.EventDraft) { d.Schedule.Rule = text }
}

func made(t testing.TB, change ...func(*domain.EventDraft)) (domain.Event, []domain.Occurrence) {
	t.Helper()
	event, dates, err := domain.NewEvent(maker, "aef", draft(change...), now)
	require.NoError(t, err)
	return event, dates
}

func local(t testing.TB, text string) recurrence.Local {
	t.Helper()
	l, err := recurrence.ParseLocal(text)
	require.NoError(t, err)
	return l
}

func TestNewEventHasDefaultsAndFormsTexts(t *testing.T) {
	t.Parallel()
	event, dates := made(t, func(d *domain.EventDraft) {
		d.Details.Title, d.Tags = " Game night ", []string{"Chess", "chess "}
		d.CoHosts = []uuid.UUID{maker.User, uuid.Nil}
	})
	d := event.Data()
	require.Equal(t, domain.EventData{
		ID: d.ID, TenantID: maker.Tenant, TenantSlug: "aef", Details: domain.Details{Title: "Game night"}, Tags: []string{"Chess"}, Status: domain.StatusScheduled,
		Scope: authz.TenantScope(maker.Tenant), Visibility: authz.VisibilityPublic,
		Schedule:  domain.Schedule{Start: local(t, "20260310T190000"), Zone: "Europe/Moscow", Duration: 2 * time.Hour},
		Reminders: []int{1440, 60},
		ICalUID:   d.ID.String() + "@aef.updspace",
		CreatedBy: maker.User, CreatedAt: now, UpdatedAt: now, Version: 1,
	}, d)
	require.Len(t, dates, 1)
	require.Equal(t, time.Date(2026, 3, 10, 16, 0, 0, 0, time.UTC), dates[0].Data().Starts)
}

func TestNewEventReportsEveryWrongField(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		change func(*domain.EventDraft)
		wrong  []string
	}{
		{func(d *domain.EventDraft) { d.Details.Title = strings.Repeat("ы", 256) }, []string{"title"}},
		{func(d *domain.EventDraft) { d.Details.Title, d.Details.Description = "", strings.Repeat("ы", 10_001) }, []string{"title", "description"}},
		{func(d *domain.EventDraft) { d.Details.LocationURL = "//example.com" }, []string{"locationUrl"}},
		{func(d *domain.EventDraft) { d.Status = domain.StatusCancelled }, []string{"status"}},
		{func(d *domain.EventDraft) { d.Visibility = authz.VisibilityTeam }, []string{"visibility"}},
		{func(d *domain.EventDraft) { d.Tags = []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"} }, []string{"tags"}},
		{func(d *domain.EventDraft) {
			for range 21 {
				d.CoHosts = append(d.CoHosts, uuid.New())
			}
		}, []string{"coHosts"}},
		{func(d *domain.EventDraft) { d.Schedule.Ends = d.Schedule.Starts.AddDate(2, 0, 0) }, []string{"endsAt"}},
		{func(d *domain.EventDraft) { d.Schedule.Zone = "Local" }, []string{"timeZone"}},
		{rule("FREQ=DAILY;COUNT=2;UNTIL=20270101"), []string{"rrule"}},
		{rule("FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2"), []string{"rrule"}},
		{rule("FREQ=DAILY;BYHOUR=1,2,3,4,5,6,7,8,9,10"), []string{"rrule"}},
		{func(d *domain.EventDraft) { d.Schedule.EXDates = []time.Time{d.Schedule.Starts} }, []string{"exdates"}},
	} {
		_, _, err := domain.NewEvent(maker, "aef", draft(c.change), now)
		require.Error(t, err, c.wrong)
		for _, field := range c.wrong {
			require.ErrorContains(t, err, field)
		}
	}
	_, _, err := domain.NewEvent(maker, "aef", draft(func(d *domain.EventDraft) { d.Schedule.Ends = d.Schedule.Starts }), now)
	require.ErrorIs(t, err, domain.ErrInvalidTimeRange)
}

func TestDatesAreStoredForFiveYearsAtMost(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rule      string
		dates     int
		continues bool
	}{
		{"", 1, false},
		{"FREQ=WEEKLY;COUNT=5", 5, false},
		{"FREQ=YEARLY", 5, true},
		{"FREQ=WEEKLY", 261, true},
		{"FREQ=DAILY", 1_000, true},
	} {
		event, dates := made(t, rule(c.rule))
		require.Len(t, dates, c.dates, c.rule)
		require.Equal(t, c.continues, event.Data().Continues, c.rule)
	}
	_, old := made(t, rule("FREQ=WEEKLY"), func(d *domain.EventDraft) {
		d.Schedule.Starts, d.Schedule.Ends = d.Schedule.Starts.AddDate(-20, 0, 0), d.Schedule.Ends.AddDate(-20, 0, 0)
	})
	require.Less(t, now.Sub(old[0].Data().Starts), 32*24*time.Hour, "dates before the last month are not stored")
	_, ended := made(t, rule("FREQ=WEEKLY;COUNT=3"), func(d *domain.EventDraft) {
		d.Schedule.Starts, d.Schedule.Ends = d.Schedule.Starts.AddDate(-20, 0, 0), d.Schedule.Ends.AddDate(-20, 0, 0)
	})
	require.Len(t, ended, 3, "unless there are no others")
}

func TestStatusGoesOneWay(t *testing.T) {
	t.Parallel()
	event, dates := made(t, func(d *domain.EventDraft) { d.Status = domain.StatusDraft })
	published, changed, err := event.Publish(now)
	require.NoError(t, err)
	require.True(t, changed)
	_, changed, err = published.Publish(now)
	require.NoError(t, err)
	require.False(t, changed)
	cancelled, changed, err := published.Cancel("reason", now)
	require.NoError(t, err)
	require.True(t, changed)
	require.Equal(t, "reason", cancelled.CancelReason(dates[0]))
	require.Equal(t, domain.StatusCancelled, cancelled.Status(dates[0]))
	_, changed, err = cancelled.Cancel("other", now)
	require.NoError(t, err)
	require.False(t, changed)
	_, _, err = cancelled.Publish(now)
	require.ErrorIs(t, err, domain.ErrEventCancelled)
	_, _, err = cancelled.RestoreDate(dates[0])
	require.ErrorIs(t, err, domain.ErrEventCancelled)
	_, _, err = cancelled.EditOccurrence(dates[0], domain.OccurrenceEdit{Reset: true})
	require.ErrorIs(t, err, domain.ErrEventCancelled)
	require.Equal(t, []int{1, 2, 3}, []int{event.Version(), published.Version(), cancelled.Version()})
	require.Equal(t, 1, cancelled.Data().Sequence, "calendars must hear of it")
}

func TestWhoMayDoWhat(t *testing.T) {
	t.Parallel()
	coHost, member := authz.Actor{Tenant: maker.Tenant, User: uuid.New()}, authz.Actor{Tenant: maker.Tenant, User: uuid.New()}
	all := domain.Grants{Read: true, Audience: true}
	for _, c := range []struct {
		what           string
		by             authz.Actor
		grants         domain.Grants
		visibility     authz.Visibility
		status         domain.Status
		hidden         bool
		reads, manages bool
	}{
		{"a public event", member, all, authz.VisibilityPublic, domain.StatusScheduled, false, true, false},
		{"without the permission", maker, domain.Grants{Audience: true, Manage: true}, authz.VisibilityPublic, domain.StatusScheduled, false, false, false},
		{"of another tenant", authz.Actor{Tenant: uuid.New(), User: maker.User}, all, authz.VisibilityPublic, domain.StatusScheduled, false, false, false},
		{"outside of the audience", member, domain.Grants{Read: true}, authz.VisibilityCommunity, domain.StatusScheduled, false, false, false},
		{"a private event", member, all, authz.VisibilityPrivate, domain.StatusScheduled, false, false, false},
		{"a private event of the co-host", coHost, domain.Grants{Read: true}, authz.VisibilityPrivate, domain.StatusScheduled, false, true, true},
		{"a private event of the creator", maker, domain.Grants{Read: true}, authz.VisibilityPrivate, domain.StatusScheduled, false, true, true},
		{"a private event of an administrator", member, domain.Grants{Read: true, Manage: true}, authz.VisibilityPrivate, domain.StatusScheduled, false, true, true},
		{"a draft", member, all, authz.VisibilityPublic, domain.StatusDraft, false, false, false},
		{"a hidden event", member, all, authz.VisibilityPublic, domain.StatusScheduled, true, false, false},
		{"a hidden event of the creator", maker, all, authz.VisibilityPublic, domain.StatusScheduled, true, true, true},
	} {
		event, _ := made(t, func(d *domain.EventDraft) {
			d.CoHosts, d.Visibility, d.Status = []uuid.UUID{coHost.User}, c.visibility, c.status
		})
		if c.hidden {
			event, _ = event.Hide(now)
		}
		require.Equal(t, domain.EventAccess{CanRead: c.reads, CanManage: c.manages}, domain.NewEventAccess(event, c.by, c.grants), c.what)
	}
}
