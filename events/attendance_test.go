package events_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/eventsapi"
	"go.updspace.com/api/eventsevents"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit/service"
)

// checkIn are the codes of the next date of an event as a user sees them.
func (s *fixture) checkIn(by authz.Actor, event uuid.UUID) eventsapi.CheckIn {
	s.T.Helper()
	r, err := s.As(by).GetCheckInWithResponse(s.T.Context(), event, &eventsapi.GetCheckInParams{})
	return *service.OK(s.T, r, err).JSON200
}

// present are the members of a date of an event and whether they were present, as an organiser sees them.
func (s *fixture) present(event uuid.UUID, present *bool) map[uuid.UUID]bool {
	s.T.Helper()
	r, err := s.As(s.maker).ListAttendanceWithResponse(s.T.Context(), event, &eventsapi.ListAttendanceParams{Present: present})
	list := map[uuid.UUID]bool{}
	for _, a := range service.OK(s.T, r, err).JSON200.Items {
		list[a.UserID] = !a.Attendance.IsNull()
	}
	return list
}

func TestOrganisersMarkWhoIsPresent(t *testing.T) {
	t.Parallel()
	s := start(t)
	event := s.event()
	c := s.As(s.maker)
	walkIn := s.Actor(memberKeys...)
	s.answer(s.member, event.ID, eventsapi.RsvpSetStatusGoing)
	s.answer(s.admin, event.ID, eventsapi.RsvpSetStatusGoing)
	mark := func(body eventsapi.AttendanceMark) {
		r, err := c.MarkAttendanceWithResponse(t.Context(), event.ID, body)
		require.Equal(t, http.StatusNoContent, service.OK(t, r, err).StatusCode())
	}
	mark(eventsapi.AttendanceMark{UserID: &s.member.User})
	first := s.Clock.Now()
	s.Clock.Advance(time.Minute)
	mark(eventsapi.AttendanceMark{OldUserID: &s.member.User})
	other, err := s.As(s.admin).MarkAttendanceWithResponse(t.Context(), event.ID, eventsapi.AttendanceMark{UserID: &s.member.User})
	service.OK(t, other, err)
	list, err := c.ListAttendanceWithResponse(t.Context(), event.ID, &eventsapi.ListAttendanceParams{Present: new(true)})
	kept := service.OK(t, list, err).JSON200.Items[0].Attendance.MustGet()
	require.Equal(t, s.maker.User, kept.MarkedBy, "the first mark stays")
	require.True(t, first.Equal(kept.MarkedAt))
	bulk, err := c.MarkAttendancesWithResponse(t.Context(), event.ID, eventsapi.AttendanceMarks{UserIds: []uuid.UUID{walkIn.User, s.member.User, walkIn.User}})
	require.Equal(t, 1, service.OK(t, bulk, err).JSON200.Marked)
	require.Equal(t, map[uuid.UUID]bool{s.member.User: true, s.admin.User: false, walkIn.User: true}, s.present(event.ID, nil))
	require.Equal(t, map[uuid.UUID]bool{s.admin.User: false}, s.present(event.ID, new(false)), "the no-shows")
	for range 2 {
		r, err := c.UnmarkAttendanceWithResponse(t.Context(), event.ID, walkIn.User, &eventsapi.UnmarkAttendanceParams{})
		service.OK(t, r, err)
	}
	require.Equal(t, map[uuid.UUID]bool{s.member.User: true}, s.present(event.ID, new(true)))
	nobody, err := c.MarkAttendanceWithResponse(t.Context(), event.ID, eventsapi.AttendanceMark{})
	service.Invalid(t, nobody, err, "userId")
	member, err := s.As(s.member).MarkAttendanceWithResponse(t.Context(), event.ID, eventsapi.AttendanceMark{UserID: &s.member.User})
	service.Refused(t, http.StatusForbidden, "FORBIDDEN", member, err)

	var types []string
	for _, e := range s.Events() {
		if strings.HasPrefix(e.Type, "events.attendance.") {
			types = append(types, e.Type)
		}
	}
	require.Equal(t, []string{eventsevents.TypeAttendanceMarked, eventsevents.TypeAttendanceMarked, eventsevents.TypeAttendanceUnmarked}, types)

	bff := s.With("bff", reqctx.Context{TenantID: s.Tenant, TenantSlug: "aef"})
	export, err := bff.ExportPersonalDataWithResponse(t.Context(), s.member.User, &eventsapi.ExportPersonalDataParams{})
	sections := map[string]bool{}
	for _, item := range service.OK(t, export, err).JSON200.Items {
		sections[item.Section] = true
	}
	require.True(t, sections["answers"] && sections["attendance"])
	receipt, err := bff.ErasePersonalDataWithResponse(t.Context(), s.member.User)
	require.EqualValues(t, 1, service.OK(t, receipt, err).JSON200.Counts["attendance"])
	require.Empty(t, s.present(event.ID, new(true)))
	mark(eventsapi.AttendanceMark{UserID: &walkIn.User})
	marker, err := bff.ErasePersonalDataWithResponse(t.Context(), s.maker.User)
	require.EqualValues(t, 1, service.OK(t, marker, err).JSON200.Counts["attendance_marked"])
	list, err = s.As(s.admin).ListAttendanceWithResponse(t.Context(), event.ID, &eventsapi.ListAttendanceParams{Present: new(true)})
	require.NotEqual(t, s.maker.User, service.OK(t, list, err).JSON200.Items[0].Attendance.MustGet().MarkedBy)
}

func TestMembersCheckInByCode(t *testing.T) {
	t.Parallel()
	s := start(t)
	event := s.event(func(b *eventsapi.EventCreate) {
		b.StartsAt, b.EndsAt = new(s.Clock.Now().Add(2*time.Hour)), new(s.Clock.Now().Add(3*time.Hour))
	})
	organiser, mine := s.checkIn(s.maker, event.ID), s.checkIn(s.member, event.ID)
	require.True(t, mine.DateCode.IsNull(), "only organisers see the code of the date")
	require.NotEqual(t, organiser.MemberCode, mine.MemberCode)
	enter := func(code string) (*eventsapi.CheckInResponse, error) {
		return s.As(s.member).CheckInWithResponse(t.Context(), event.ID, eventsapi.CodeEntry{Code: code})
	}
	early, err := enter(organiser.DateCode.MustGet())
	service.Refused(t, http.StatusConflict, "CHECK_IN_CLOSED", early, err)
	s.Clock.Set(mine.OpensAt)
	wrong, err := enter("000000")
	service.Refused(t, http.StatusUnprocessableEntity, "WRONG_CODE", wrong, err)
	right, err := enter(" " + strings.ToLower(organiser.DateCode.MustGet()[:3]) + "-" + organiser.DateCode.MustGet()[3:])
	require.True(t, s.Clock.Now().Equal(service.OK(t, right, err).JSON200.CheckedInAt.MustGet()))
	require.Equal(t, map[uuid.UUID]bool{s.member.User: true}, s.present(event.ID, nil))

	s.answer(s.admin, event.ID, eventsapi.RsvpSetStatusInterested)
	scan := func(code string) (*eventsapi.ScanAttendanceResponse, error) {
		return s.As(s.maker).ScanAttendanceWithResponse(t.Context(), event.ID, eventsapi.CodeEntry{Code: code})
	}
	stranger, err := scan(s.checkIn(s.Actor(memberKeys...), event.ID).MemberCode)
	service.Refused(t, http.StatusUnprocessableEntity, "WRONG_CODE", stranger, err)
	for range 2 {
		read, err := scan(s.checkIn(s.admin, event.ID).MemberCode)
		require.Equal(t, s.admin.User, service.OK(t, read, err).JSON200.UserID)
		require.Equal(t, eventsapi.AttendanceMethodScan, read.JSON200.Method)
	}
	s.Clock.Set(mine.ClosesAt)
	late, err := enter(organiser.DateCode.MustGet())
	service.Refused(t, http.StatusConflict, "CHECK_IN_CLOSED", late, err)
}
