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
		"getReminderSettings": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.GetReminderSettingsWithResponse(t.Context())
		}},
		"setReminderSettings": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.SetReminderSettingsWithResponse(t.Context(), eventsapi.ReminderSettings{Minutes: some([]int{60})})
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
	for id, try := range onEvent() {
		table[id] = service.Operation[client]{Try: func(t testing.TB, c client, a authz.Actor) (service.Answer, error) {
			return try(t.Context(), c, s.place(a.User, in(chess)))
		}}
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
