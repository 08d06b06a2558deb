package events_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"go.updspace.com/api/eventsapi"
	"go.updspace.com/events/domain"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/groups"
	"go.updspace.com/tools/devkit/testkit/service"
)

// Every operation checks the permission that it declares, in the scope of the event, and refuses a caller who lacks only that one.
// The table must hold every operation of the document.
func TestOperationsCheckWhatTheyDeclare(t *testing.T) {
	t.Parallel()
	s := start(t)
	chess := authz.CommunityScope(uuid.New())
	s.group(chess, groups.Active)
	event := func() eventsapi.Event { return s.event(in(chess), weekly) }
	second := func(t testing.TB) (uuid.UUID, uuid.UUID) {
		date := s.dates(s.maker, event().ID)[1]
		return date.ID, date.OccurrenceID
	}
	invitation := func(event uuid.UUID) uuid.UUID {
		s.invite(event, eventsapi.InvitationsCreate{UserIds: []uuid.UUID{s.member.User}})
		return s.invitations(event)[0].ID
	}
	table := map[string]service.Operation[client]{
		"listEvents": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ListEventsWithResponse(t.Context(), &eventsapi.ListEventsParams{ScopeType: new(eventsapi.EventScopeTypeCOMMUNITY), ScopeID: new(chess.ID.String())})
		}},
		"getMonth": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.GetMonthWithResponse(t.Context(), &eventsapi.GetMonthParams{
				Month: "2026-03", ScopeType: new(eventsapi.EventScopeTypeCOMMUNITY), ScopeID: new(chess.ID.String()),
			})
		}},
		"createEvent": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.CreateEventWithResponse(t.Context(), s.draft(1, in(chess)))
		}},
		"getEvent": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.GetEventWithResponse(t.Context(), event().ID, &eventsapi.GetEventParams{})
		}},
		"updateEvent": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.UpdateEventWithResponse(t.Context(), event().ID, &eventsapi.UpdateEventParams{}, eventsapi.EventUpdate{Title: some("new")})
		}},
		"deleteEvent": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.DeleteEventWithResponse(t.Context(), event().ID, &eventsapi.DeleteEventParams{})
		}},
		"publishEvent": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.PublishEventWithResponse(t.Context(), event().ID, &eventsapi.PublishEventParams{})
		}},
		"cancelEvent": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.CancelEventWithResponse(t.Context(), event().ID, &eventsapi.CancelEventParams{}, eventsapi.EventCancel{})
		}},
		"duplicateEvent": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.DuplicateEventWithResponse(t.Context(), event().ID, eventsapi.EventDuplicate{StartsAt: s.Clock.Now()})
		}},
		"listOccurrences": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ListOccurrencesWithResponse(t.Context(), event().ID, &eventsapi.ListOccurrencesParams{})
		}},
		"updateOccurrence": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			id, date := second(t)
			return c.UpdateOccurrenceWithResponse(t.Context(), id, date, &eventsapi.UpdateOccurrenceParams{}, eventsapi.OccurrenceUpdate{Title: new("new")})
		}},
		"cancelOccurrence": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			id, date := second(t)
			return c.CancelOccurrenceWithResponse(t.Context(), id, date, &eventsapi.CancelOccurrenceParams{}, eventsapi.EventCancel{})
		}},
		"restoreOccurrence": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			id, date := second(t)
			return c.RestoreOccurrenceWithResponse(t.Context(), id, date, &eventsapi.RestoreOccurrenceParams{})
		}},
		"splitEvent": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			id, date := second(t)
			return c.SplitEventWithResponse(t.Context(), id, date, &eventsapi.SplitEventParams{}, eventsapi.EventUpdate{})
		}},
		"setRsvp": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.SetRsvpWithResponse(t.Context(), event().ID, eventsapi.RsvpSet{Status: eventsapi.RsvpSetStatusGoing})
		}},
		"listAnswers": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ListAnswersWithResponse(t.Context(), event().ID, &eventsapi.ListAnswersParams{})
		}},
		"listInvitations": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ListInvitationsWithResponse(t.Context(), event().ID, &eventsapi.ListInvitationsParams{})
		}},
		"createInvitations": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.CreateInvitationsWithResponse(t.Context(), event().ID, eventsapi.InvitationsCreate{Addresses: []string{guestAddress}})
		}},
		"withdrawInvitation": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			id := event().ID
			return c.WithdrawInvitationWithResponse(t.Context(), id, invitation(id))
		}},
		"resendInvitation": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			id := event().ID
			return c.ResendInvitationWithResponse(t.Context(), id, invitation(id))
		}},
		"listAttendance": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ListAttendanceWithResponse(t.Context(), event().ID, &eventsapi.ListAttendanceParams{})
		}},
		"markAttendance": {Try: func(t testing.TB, c client, a authz.Actor) (service.Answer, error) {
			return c.MarkAttendanceWithResponse(t.Context(), event().ID, eventsapi.AttendanceMark{UserID: &a.User})
		}},
		"markAttendances": {Try: func(t testing.TB, c client, a authz.Actor) (service.Answer, error) {
			return c.MarkAttendancesWithResponse(t.Context(), event().ID, eventsapi.AttendanceMarks{UserIds: []uuid.UUID{a.User}})
		}},
		"unmarkAttendance": {Try: func(t testing.TB, c client, a authz.Actor) (service.Answer, error) {
			return c.UnmarkAttendanceWithResponse(t.Context(), event().ID, a.User, &eventsapi.UnmarkAttendanceParams{})
		}},
		"scanAttendance": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			id := event().ID
			s.answer(s.maker, id, eventsapi.RsvpSetStatusGoing)
			return c.ScanAttendanceWithResponse(t.Context(), id, eventsapi.CodeEntry{Code: s.checkIn(s.maker, id).MemberCode})
		}},
		"getCheckIn": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.GetCheckInWithResponse(t.Context(), event().ID, &eventsapi.GetCheckInParams{})
		}},
		"checkIn": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			id := event().ID
			return c.CheckInWithResponse(t.Context(), id, eventsapi.CodeEntry{Code: s.checkIn(s.maker, id).DateCode.MustGet()})
		}},
		"getReminderSettings": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.GetReminderSettingsWithResponse(t.Context())
		}},
		"setReminderSettings": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.SetReminderSettingsWithResponse(t.Context(), eventsapi.ReminderSettings{Minutes: some([]int{60})})
		}},
		"getEventReminders": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.GetEventRemindersWithResponse(t.Context(), event().ID)
		}},
		"setEventReminders": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.SetEventRemindersWithResponse(t.Context(), event().ID, eventsapi.ReminderSettings{Minutes: some([]int{60})})
		}},
		"exportEvent": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ExportEventWithResponse(t.Context(), event().ID, &eventsapi.ExportEventParams{})
		}},
		"listAudit": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ListAuditWithResponse(t.Context(), &eventsapi.ListAuditParams{})
		}},
		"listCalendarAddresses": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ListCalendarAddressesWithResponse(t.Context())
		}},
		"createCalendarAddress": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.CreateCalendarAddressWithResponse(t.Context(), everything)
		}},
		"renewCalendarAddress": {Try: func(t testing.TB, c client, a authz.Actor) (service.Answer, error) {
			id, _ := s.address(a, everything)
			return c.RenewCalendarAddressWithResponse(t.Context(), id)
		}},
		"deleteCalendarAddress": {Try: func(t testing.TB, c client, a authz.Actor) (service.Answer, error) {
			id, _ := s.address(a, everything)
			return c.DeleteCalendarAddressWithResponse(t.Context(), id)
		}},
		"readCalendar": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			_, path := s.address(s.member, everything)
			return c.ReadCalendarWithResponse(t.Context(), strings.Split(path, "/")[6], &eventsapi.ReadCalendarParams{})
		}},
		"importEvents": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ImportEventsWithBodyWithResponse(t.Context(), &eventsapi.ImportEventsParams{
				ScopeType: eventsapi.EventScopeTypeCOMMUNITY, ScopeID: new(chess.ID.String()),
			}, "application/octet-stream", strings.NewReader("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"))
		}},
		"exportPersonalData": {Try: func(t testing.TB, c client, a authz.Actor) (service.Answer, error) {
			return c.ExportPersonalDataWithResponse(t.Context(), a.User, &eventsapi.ExportPersonalDataParams{})
		}},
		"erasePersonalData": {Try: func(t testing.TB, c client, a authz.Actor) (service.Answer, error) {
			return c.ErasePersonalDataWithResponse(t.Context(), a.User)
		}},
	}
	for id, operation := range table {
		declared := eventsapi.Operations[id]
		operation.Scope = chess
		if declared.Scope == "tenant" {
			operation.Scope = authz.TenantScope(s.Tenant)
		} else if declared.Permission == string(domain.PermissionEventRead) && id != "listEvents" && id != "getMonth" {
			operation.Status, operation.Code = http.StatusNotFound, "NOT_FOUND" // an event that the caller cannot see
		}
		table[id] = operation
	}
	s.Operations(t, eventsapi.Operations, adminKeys, table)
}
