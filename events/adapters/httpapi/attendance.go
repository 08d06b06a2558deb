package httpapi

import (
	"context"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"go.updspace.com/api/eventsapi"
	"go.updspace.com/events/app"
	"go.updspace.com/events/domain"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/wire"
)

func (s *server) ListAttendance(ctx context.Context, r eventsapi.ListAttendanceRequestObject) (eventsapi.ListAttendanceResponseObject, error) {
	p := r.Params
	attendees, err := s.attendance.List(ctx, actor(ctx), app.DateOf{Event: r.EventID, Occurrence: p.Occurrence}, p.Present,
		page.Request{Limit: wire.Value(p.Limit), Cursor: wire.Value(p.Cursor)})
	if err != nil {
		return nil, err
	}
	return eventsapi.ListAttendance200JSONResponse{Items: wire.Each(attendees.Items, ToAPIAttendee), NextCursor: wire.OrNull(attendees.Next)}, nil
}

func (s *server) MarkAttendance(ctx context.Context, r eventsapi.MarkAttendanceRequestObject) (eventsapi.MarkAttendanceResponseObject, error) {
	user := or(r.Body.UserID, r.Body.OldUserID)
	if wire.Value(user) == uuid.Nil {
		return nil, errs.Field("userId", why.Required)
	}
	if _, err := s.attendance.Mark(ctx, actor(ctx), app.DateOf{Event: r.EventID, Occurrence: r.Body.OccurrenceID}, *user); err != nil {
		return nil, err
	}
	return eventsapi.MarkAttendance204Response{}, nil
}

func (s *server) MarkAttendances(ctx context.Context, r eventsapi.MarkAttendancesRequestObject) (eventsapi.MarkAttendancesResponseObject, error) {
	marked, err := s.attendance.Mark(ctx, actor(ctx), app.DateOf{Event: r.EventID, Occurrence: r.Body.OccurrenceID}, r.Body.UserIds...)
	if err != nil {
		return nil, err
	}
	return eventsapi.MarkAttendances200JSONResponse{Marked: marked}, nil
}

func (s *server) UnmarkAttendance(ctx context.Context, r eventsapi.UnmarkAttendanceRequestObject) (eventsapi.UnmarkAttendanceResponseObject, error) {
	if err := s.attendance.Unmark(ctx, actor(ctx), app.DateOf{Event: r.EventID, Occurrence: r.Params.Occurrence}, r.UserID); err != nil {
		return nil, err
	}
	return eventsapi.UnmarkAttendance204Response{}, nil
}

func (s *server) ScanAttendance(ctx context.Context, r eventsapi.ScanAttendanceRequestObject) (eventsapi.ScanAttendanceResponseObject, error) {
	mark, err := s.attendance.Scan(ctx, actor(ctx), app.DateOf{Event: r.EventID, Occurrence: r.Body.OccurrenceID}, r.Body.Code)
	if err != nil {
		return nil, err
	}
	return eventsapi.ScanAttendance200JSONResponse(ToAPIAttendance(mark)), nil
}

func (s *server) GetCheckIn(ctx context.Context, r eventsapi.GetCheckInRequestObject) (eventsapi.GetCheckInResponseObject, error) {
	check, err := s.attendance.CheckIn(ctx, actor(ctx), app.DateOf{Event: r.EventID, Occurrence: r.Params.Occurrence})
	if err != nil {
		return nil, err
	}
	return eventsapi.GetCheckIn200JSONResponse(ToAPICheckIn(check)), nil
}

func (s *server) CheckIn(ctx context.Context, r eventsapi.CheckInRequestObject) (eventsapi.CheckInResponseObject, error) {
	check, err := s.attendance.Enter(ctx, actor(ctx), app.DateOf{Event: r.EventID, Occurrence: r.Body.OccurrenceID}, r.Body.Code)
	if err != nil {
		return nil, err
	}
	return eventsapi.CheckIn200JSONResponse(ToAPICheckIn(check)), nil
}

// ToAPIAttendance converts a mark.
func ToAPIAttendance(a domain.Attendance) eventsapi.Attendance {
	return eventsapi.Attendance{UserID: a.UserID, MarkedAt: a.At, MarkedBy: a.By, Method: eventsapi.AttendanceMethod(a.Method)}
}

// ToAPIAttendee converts a member who has a seat or was present.
func ToAPIAttendee(a domain.Attendee) eventsapi.Attendee {
	attendee := eventsapi.Attendee{
		UserID: a.UserID, Guest: a.Guest, Address: wire.OrNull(a.Address), Going: a.Going, PlusOnes: a.PlusOnes, Attendance: nullable.NewNullNullable[eventsapi.Attendance](),
	}
	if a.Attendance != nil {
		attendee.Attendance.Set(ToAPIAttendance(*a.Attendance))
	}
	return attendee
}

// ToAPICheckIn converts the codes of a date.
func ToAPICheckIn(c app.CheckIn) eventsapi.CheckIn {
	check := eventsapi.CheckIn{
		OccurrenceID: c.Occurrence, OpensAt: c.Opens, ClosesAt: c.Closes, MemberCode: c.MemberCode, DateCode: wire.OrNull(c.DateCode),
	}
	if c.Mine != nil {
		check.CheckedInAt = wire.TimeOrNull(c.Mine.At)
	} else {
		check.CheckedInAt.SetNull()
	}
	return check
}
