package events_test

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/commonapi"
	"go.updspace.com/api/eventsapi"
	"go.updspace.com/api/eventsevents"
	"go.updspace.com/events/domain"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/groups"
	"go.updspace.com/tools/devkit/testkit/service"
)

// place is an event with what operations on it name.
type place struct {
	event      uuid.UUID
	date       uuid.UUID // the second of the event
	invitation uuid.UUID
	user       uuid.UUID
	dateCode   string // of the next date
	memberCode string // of the maker, who comes to the next date
}

// place makes a series of the maker with what operations on it name; user is whom they are about.
func (s *fixture) place(user uuid.UUID, change ...func(*eventsapi.EventCreate)) place {
	s.T.Helper()
	event := s.event(append([]func(*eventsapi.EventCreate){weekly}, change...)...)
	at := place{event: event.ID, date: s.dates(s.maker, event.ID)[1].OccurrenceID, user: user}
	s.invite(event.ID, eventsapi.InvitationsCreate{Addresses: []string{guestAddress}})
	at.invitation = s.invitations(event.ID)[0].ID
	if event.Status == eventsapi.EventStatusScheduled {
		s.answer(s.maker, event.ID, eventsapi.RsvpSetStatusGoing)
	}
	codes := s.checkIn(s.maker, event.ID)
	at.dateCode, at.memberCode = codes.DateCode.MustGet(), codes.MemberCode
	return at
}

// versioned are the operations that take the version of the event that they are made to.
var versioned = map[string]func(ctx context.Context, c client, at place, version *string) (service.Answer, error){
	"updateEvent": func(ctx context.Context, c client, at place, version *string) (service.Answer, error) {
		return c.UpdateEventWithResponse(ctx, at.event, &eventsapi.UpdateEventParams{IfMatch: version}, eventsapi.EventUpdate{Title: some("new")})
	},
	"deleteEvent": func(ctx context.Context, c client, at place, version *string) (service.Answer, error) {
		return c.DeleteEventWithResponse(ctx, at.event, &eventsapi.DeleteEventParams{IfMatch: version})
	},
	"publishEvent": func(ctx context.Context, c client, at place, version *string) (service.Answer, error) {
		return c.PublishEventWithResponse(ctx, at.event, &eventsapi.PublishEventParams{IfMatch: version})
	},
	"cancelEvent": func(ctx context.Context, c client, at place, version *string) (service.Answer, error) {
		return c.CancelEventWithResponse(ctx, at.event, &eventsapi.CancelEventParams{IfMatch: version}, eventsapi.EventCancel{})
	},
	"updateOccurrence": func(ctx context.Context, c client, at place, version *string) (service.Answer, error) {
		return c.UpdateOccurrenceWithResponse(ctx, at.event, at.date, &eventsapi.UpdateOccurrenceParams{IfMatch: version}, eventsapi.OccurrenceUpdate{Title: new("new")})
	},
	"cancelOccurrence": func(ctx context.Context, c client, at place, version *string) (service.Answer, error) {
		return c.CancelOccurrenceWithResponse(ctx, at.event, at.date, &eventsapi.CancelOccurrenceParams{IfMatch: version}, eventsapi.EventCancel{})
	},
	"restoreOccurrence": func(ctx context.Context, c client, at place, version *string) (service.Answer, error) {
		return c.RestoreOccurrenceWithResponse(ctx, at.event, at.date, &eventsapi.RestoreOccurrenceParams{IfMatch: version})
	},
	"splitEvent": func(ctx context.Context, c client, at place, version *string) (service.Answer, error) {
		return c.SplitEventWithResponse(ctx, at.event, at.date, &eventsapi.SplitEventParams{IfMatch: version}, eventsapi.EventUpdate{})
	},
}

// onEvent are all operations on an event that exists, each as an organiser may send it.
func onEvent() map[string]func(ctx context.Context, c client, at place) (service.Answer, error) {
	table := map[string]func(ctx context.Context, c client, at place) (service.Answer, error){
		"getEvent": func(ctx context.Context, c client, at place) (service.Answer, error) {
			return c.GetEventWithResponse(ctx, at.event, &eventsapi.GetEventParams{})
		},
		"duplicateEvent": func(ctx context.Context, c client, at place) (service.Answer, error) {
			return c.DuplicateEventWithResponse(ctx, at.event, eventsapi.EventDuplicate{StartsAt: time.Date(2027, 3, 10, 19, 0, 0, 0, time.UTC)})
		},
		"listOccurrences": func(ctx context.Context, c client, at place) (service.Answer, error) {
			return c.ListOccurrencesWithResponse(ctx, at.event, &eventsapi.ListOccurrencesParams{})
		},
		"setRsvp": func(ctx context.Context, c client, at place) (service.Answer, error) {
			return c.SetRsvpWithResponse(ctx, at.event, eventsapi.RsvpSet{Status: eventsapi.RsvpSetStatusGoing})
		},
		"listAnswers": func(ctx context.Context, c client, at place) (service.Answer, error) {
			return c.ListAnswersWithResponse(ctx, at.event, &eventsapi.ListAnswersParams{})
		},
		"listInvitations": func(ctx context.Context, c client, at place) (service.Answer, error) {
			return c.ListInvitationsWithResponse(ctx, at.event, &eventsapi.ListInvitationsParams{})
		},
		"createInvitations": func(ctx context.Context, c client, at place) (service.Answer, error) {
			return c.CreateInvitationsWithResponse(ctx, at.event, eventsapi.InvitationsCreate{Addresses: []string{"another@example.com"}})
		},
		"withdrawInvitation": func(ctx context.Context, c client, at place) (service.Answer, error) {
			return c.WithdrawInvitationWithResponse(ctx, at.event, at.invitation)
		},
		"resendInvitation": func(ctx context.Context, c client, at place) (service.Answer, error) {
			return c.ResendInvitationWithResponse(ctx, at.event, at.invitation)
		},
		"listAttendance": func(ctx context.Context, c client, at place) (service.Answer, error) {
			return c.ListAttendanceWithResponse(ctx, at.event, &eventsapi.ListAttendanceParams{})
		},
		"markAttendance": func(ctx context.Context, c client, at place) (service.Answer, error) {
			return c.MarkAttendanceWithResponse(ctx, at.event, eventsapi.AttendanceMark{UserID: &at.user})
		},
		"markAttendances": func(ctx context.Context, c client, at place) (service.Answer, error) {
			return c.MarkAttendancesWithResponse(ctx, at.event, eventsapi.AttendanceMarks{UserIds: []uuid.UUID{at.user}})
		},
		"unmarkAttendance": func(ctx context.Context, c client, at place) (service.Answer, error) {
			return c.UnmarkAttendanceWithResponse(ctx, at.event, at.user, &eventsapi.UnmarkAttendanceParams{})
		},
		"scanAttendance": func(ctx context.Context, c client, at place) (service.Answer, error) {
			return c.ScanAttendanceWithResponse(ctx, at.event, eventsapi.CodeEntry{Code: at.memberCode})
		},
		"getCheckIn": func(ctx context.Context, c client, at place) (service.Answer, error) {
			return c.GetCheckInWithResponse(ctx, at.event, &eventsapi.GetCheckInParams{})
		},
		"checkIn": func(ctx context.Context, c client, at place) (service.Answer, error) {
			return c.CheckInWithResponse(ctx, at.event, eventsapi.CodeEntry{Code: at.dateCode})
		},
		"getEventReminders": func(ctx context.Context, c client, at place) (service.Answer, error) {
			return c.GetEventRemindersWithResponse(ctx, at.event)
		},
		"setEventReminders": func(ctx context.Context, c client, at place) (service.Answer, error) {
			return c.SetEventRemindersWithResponse(ctx, at.event, eventsapi.ReminderSettings{Minutes: some([]int{60})})
		},
		"exportEvent": func(ctx context.Context, c client, at place) (service.Answer, error) {
			return c.ExportEventWithResponse(ctx, at.event, &eventsapi.ExportEventParams{})
		},
	}
	for id, try := range versioned {
		table[id] = func(ctx context.Context, c client, at place) (service.Answer, error) { return try(ctx, c, at, nil) }
	}
	return table
}

// operationsWhere are the operations of the document that a condition holds for.
func operationsWhere(holds func(path, id string, parameters []string) bool) (ids []string) {
	spec, err := document()
	if err != nil {
		panic(err)
	}
	for path, item := range spec.Paths.Map() {
		for _, operation := range item.Operations() {
			var names []string
			for _, p := range operation.Parameters {
				names = append(names, p.Value.Name)
			}
			if holds(path, operation.OperationID, names) {
				ids = append(ids, operation.OperationID)
			}
		}
	}
	return ids
}

// An event that a caller does not see does not exist for any operation, whatever the caller may do with events that the caller sees.
func TestWhatOneDoesNotSeeDoesNotExistForAnyOperation(t *testing.T) {
	t.Parallel()
	s := start(t)
	table := onEvent()
	require.ElementsMatch(t, operationsWhere(func(path, _ string, _ []string) bool { return strings.Contains(path, "{event_id}") }),
		slices.Collect(maps.Keys(table)), "the table has every operation on an event")
	chess, team := authz.CommunityScope(uuid.New()), authz.TeamScope(uuid.New())
	s.group(chess, groups.Active)
	s.group(team, groups.Active, chess.ID)
	shown := func(to commonapi.Visibility) func(*eventsapi.EventCreate) {
		return func(b *eventsapi.EventCreate) { b.Visibility = some(to) }
	}
	all := append(slices.Clone(makerKeys), domain.PermissionAttendanceMark)
	for name, c := range map[string]struct {
		stranger authz.Actor
		change   []func(*eventsapi.EventCreate)
	}{
		"private":           {s.Actor(all...), []func(*eventsapi.EventCreate){shown(commonapi.VisibilityPrivate)}},
		"a draft":           {s.Actor(all...), []func(*eventsapi.EventCreate){func(b *eventsapi.EventCreate) { b.Status = new(eventsapi.EventCreateStatusDraft) }}},
		"of a community":    {s.Actor(all...), []func(*eventsapi.EventCreate){in(chess), shown(commonapi.VisibilityCommunity)}},
		"of a team":         {s.Actor(all...), []func(*eventsapi.EventCreate){in(team), shown(commonapi.VisibilityTeam)}},
		"of another tenant": {s.Outsider(adminKeys...), nil},
		"without the right": {s.Actor(domain.PermissionEventCreate, domain.PermissionRSVPSet, domain.PermissionEventManage, domain.PermissionAttendanceMark), nil},
	} {
		at := s.place(c.stranger.User, c.change...)
		before := s.seen(at.event)
		for id, try := range table {
			r, err := try(t.Context(), s.As(c.stranger), at)
			require.NotNil(t, r, "%s: %s", name, id)
			service.Refused(t, http.StatusNotFound, "NOT_FOUND", r, err)
		}
		require.Equal(t, before, s.seen(at.event), name)
	}
}

// seen is what the maker sees of an event, and what was told of changes. What jobs tell of meanwhile, mails and reminders, is left out.
func (s *fixture) seen(event uuid.UUID) (all []any) {
	s.T.Helper()
	all = append(all, s.list(s.maker, event), s.dates(s.maker, event), s.present(event, nil))
	for _, i := range s.invitations(event) {
		all = append(all, i.ID, i.Withdrawn)
	}
	for _, e := range s.Events() {
		byJob := slices.Contains([]string{eventsevents.TypeInvitationSent, eventsevents.TypeReminderDue, eventsevents.TypeWaitlistPromoted}, e.Type)
		if e.Subject == "event/"+event.String() && !byJob {
			all = append(all, e.Type)
		}
	}
	return all
}

// A change names the version that it is made to, or none. What another has changed meanwhile is not overwritten.
func TestChangesAreMadeToAVersion(t *testing.T) {
	t.Parallel()
	s := start(t)
	require.ElementsMatch(t, operationsWhere(func(_, _ string, names []string) bool { return slices.Contains(names, "If-Match") }),
		slices.Collect(maps.Keys(versioned)), "the table has every operation that takes a version")
	c := s.As(s.maker)
	// changeable is an event that the operation changes, and its version.
	changeable := func(id string) (at place, version int) {
		var change []func(*eventsapi.EventCreate)
		if id == "publishEvent" {
			change = append(change, func(b *eventsapi.EventCreate) { b.Status = new(eventsapi.EventCreateStatusDraft) })
		}
		at = s.place(s.member.User, change...)
		other := at
		other.date = s.dates(s.maker, at.event)[3].OccurrenceID
		r, err := versioned["updateOccurrence"](t.Context(), c, other, nil)
		service.OK(t, r, err)
		if id == "restoreOccurrence" {
			r, err := versioned["cancelOccurrence"](t.Context(), c, at, nil)
			service.OK(t, r, err)
		}
		return at, s.dates(s.maker, at.event)[0].Version
	}
	tag := func(version int) *string { return new(`"` + strconv.Itoa(version) + `"`) }
	for id, try := range versioned {
		at, version := changeable(id)
		before := s.seen(at.event)
		for name, stale := range map[string]*string{"of before": tag(version - 1), "of nothing yet": tag(version + 1), "unreadable": new(`"v"`)} {
			r, err := try(t.Context(), c, at, stale)
			require.NotNil(t, r, "%s: %s", id, name)
			service.Refused(t, http.StatusConflict, "EVENT_CHANGED", r, err)
		}
		require.Equal(t, before, s.seen(at.event), id)

		r, err := try(t.Context(), c, at, tag(version))
		service.OK(t, r, err)
		r, err = try(t.Context(), c, at, tag(version))
		if id == "deleteEvent" {
			service.Refused(t, http.StatusNotFound, "NOT_FOUND", r, err)
		} else {
			service.Refused(t, http.StatusConflict, "EVENT_CHANGED", r, err)
			require.Equal(t, version+1, s.dates(s.maker, at.event)[0].Version, id)
		}
		for name, any := range map[string]*string{"none": nil, "*": new("*")} {
			at, _ := changeable(id)
			r, err := try(t.Context(), c, at, any)
			require.NotNil(t, r, "%s: %s", id, name)
			service.OK(t, r, err)
		}
	}
}

// Of several who change the same version at once, one does.
func TestOneOfThoseWhoChangeAVersionAtOnce(t *testing.T) {
	t.Parallel()
	s := start(t)
	at := s.place(s.member.User)
	c := s.As(s.maker)
	version := s.dates(s.maker, at.event)[0].Version
	statuses := make([]int, 8)
	var group sync.WaitGroup
	begin := make(chan struct{})
	for i := range statuses {
		group.Go(func() {
			<-begin
			title := "by " + strconv.Itoa(i)
			r, err := c.UpdateEventWithResponse(t.Context(), at.event, &eventsapi.UpdateEventParams{IfMatch: new(`"` + strconv.Itoa(version) + `"`)}, eventsapi.EventUpdate{Title: some(title)})
			if err == nil {
				statuses[i] = r.StatusCode()
			}
		})
	}
	close(begin)
	group.Wait()
	slices.Sort(statuses)
	want := slices.Repeat([]int{http.StatusConflict}, len(statuses))
	want[0] = http.StatusOK
	require.Equal(t, want, statuses)
	require.Equal(t, version+1, s.dates(s.maker, at.event)[0].Version)
}
