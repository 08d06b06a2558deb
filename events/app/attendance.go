package app

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/events/domain"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/valid"
)

// Attendance are the use cases of who was present.
type Attendance struct{ Deps }

// organised returns an event on a date for callers who may mark who is present: those who run it, and holders of
// events.attendance.mark in its scope.
func (s *Attendance) organised(ctx context.Context, by authz.Actor, in DateOf) (EventView, error) {
	view, marks, err := s.visible(ctx, by, in)
	if err == nil && !marks {
		err = authz.Denied(domain.PermissionAttendanceMark)
	}
	return view, err
}

// visible returns an event on a date that the caller sees, and whether the caller may mark who is present.
func (s *Attendance) visible(ctx context.Context, by authz.Actor, in DateOf) (view EventView, marks bool, err error) {
	event, err := s.Events.Find(ctx, in.Event)
	if err != nil {
		return EventView{}, false, err
	}
	access, held, err := s.accessTo(ctx, by, event, domain.PermissionAttendanceMark)
	if err != nil {
		return EventView{}, false, err
	}
	view, err = s.viewOn(ctx, event, access, in.Occurrence)
	return view, held[domain.PermissionAttendanceMark] || event.HostedBy(by.User), err
}

// Mark marks members as present, and returns how many were not marked before.
func (s *Attendance) Mark(ctx context.Context, by authz.Actor, in DateOf, users ...uuid.UUID) (int, error) {
	if len(users) > domain.MaxMarks {
		return 0, errs.Field("userIds", why.TooMany(domain.MaxMarks))
	}
	view, err := s.organised(ctx, by, in)
	if err != nil {
		return 0, err
	}
	return s.mark(ctx, by, view, domain.MethodOrganiser, users...)
}

func (s *Attendance) mark(ctx context.Context, by authz.Actor, view EventView, method domain.Method, users ...uuid.UUID) (marked int, err error) {
	mark := domain.Attendance{OccurrenceID: view.Occurrence.ID(), By: by.User, At: valid.Instant(s.Clock.Now()), Method: method}
	marks := make([]domain.Attendance, len(users))
	for i, user := range users {
		marks[i], marks[i].UserID = mark, user
	}
	slices.SortFunc(marks, func(a, b domain.Attendance) int { return slices.Compare(a.UserID[:], b.UserID[:]) }) // locks in one order
	marks = slices.Compact(marks)
	err = s.Tx.Do(ctx, func(ctx context.Context) error {
		added, err := s.Deps.Attendance.Mark(ctx, marks...)
		if err != nil {
			return err
		}
		marked = len(added)
		var events []domain.DomainEvent
		for _, user := range added {
			mark.UserID = user
			events = append(events, domain.AttendanceMarked{Change: changeOn(view, by), Attendance: mark})
		}
		return s.record(ctx, events...)
	})
	return marked, err
}

func changeOn(view EventView, by authz.Actor) domain.Change {
	return domain.Change{Event: view.Event, Occurrence: &view.Occurrence, By: by.User}
}

// Unmark takes a mark back. A member who is not marked stays so.
func (s *Attendance) Unmark(ctx context.Context, by authz.Actor, in DateOf, user uuid.UUID) error {
	view, err := s.organised(ctx, by, in)
	if err != nil {
		return err
	}
	return s.Tx.Do(ctx, func(ctx context.Context) error {
		mark, err := s.Deps.Attendance.Unmark(ctx, view.Occurrence.ID(), user)
		if err != nil || mark == nil {
			return err
		}
		return s.record(ctx, domain.AttendanceUnmarked{Change: changeOn(view, by), Attendance: *mark})
	})
}

// List returns the members who have a seat on a date or were present. present selects those who were, or who were not.
func (s *Attendance) List(ctx context.Context, by authz.Actor, in DateOf, present *bool, p page.Request) (page.Page[domain.Attendee], error) {
	view, err := s.organised(ctx, by, in)
	if err != nil {
		return page.Page[domain.Attendee]{}, err
	}
	var after uuid.UUID
	if _, err := page.Decode("attendance", p.Cursor, &after); err != nil {
		return page.Page[domain.Attendee]{}, err
	}
	return page.Fetch(p.Limit, func(limit int) ([]domain.Attendee, error) {
		return s.Deps.Attendance.Page(ctx, view.Occurrence.ID(), present, after, limit)
	}, func(last domain.Attendee) string { return page.Encode("attendance", last.UserID) })
}

// CheckIn is what a member needs to check in on a date.
type CheckIn struct {
	Occurrence    uuid.UUID
	Opens, Closes time.Time
	MemberCode    string // of the caller, for an organiser to read
	DateCode      string // for members to enter; only for those who may mark who is present
	Mine          *domain.Attendance
}

// CheckIn returns the codes of a date.
func (s *Attendance) CheckIn(ctx context.Context, by authz.Actor, in DateOf) (CheckIn, error) {
	view, marks, err := s.visible(ctx, by, in)
	if err != nil {
		return CheckIn{}, err
	}
	secret, err := s.Deps.Attendance.Secret(ctx, view.Event.ID())
	if err != nil {
		return CheckIn{}, err
	}
	return s.codes(ctx, by, view, marks, secret)
}

func (s *Attendance) codes(ctx context.Context, by authz.Actor, view EventView, marks bool, secret domain.CheckInSecret) (check CheckIn, err error) {
	id := view.Occurrence.ID()
	check = CheckIn{Occurrence: id, MemberCode: secret.MemberCode(id, by.User)}
	check.Opens, check.Closes = view.Event.CheckInWindow(view.Occurrence)
	if marks {
		check.DateCode = secret.DateCode(id)
	}
	check.Mine, err = s.Deps.Attendance.Find(ctx, id, by.User)
	return check, err
}

// Enter checks the caller in by the code of the date.
func (s *Attendance) Enter(ctx context.Context, by authz.Actor, in DateOf, code string) (CheckIn, error) {
	view, marks, err := s.visible(ctx, by, in)
	if err != nil {
		return CheckIn{}, err
	}
	if err := view.Event.CanCheckIn(view.Occurrence, s.Clock.Now()); err != nil {
		return CheckIn{}, err
	}
	secret, err := s.Deps.Attendance.Secret(ctx, view.Event.ID())
	if err != nil {
		return CheckIn{}, err
	}
	if !secret.IsDateCode(view.Occurrence.ID(), code) {
		return CheckIn{}, domain.ErrWrongCode
	}
	if _, err := s.mark(ctx, by, view, domain.MethodSelf, by.User); err != nil {
		return CheckIn{}, err
	}
	return s.codes(ctx, by, view, marks, secret)
}

// Scan checks in the member whose code an organiser has read, and returns the mark.
func (s *Attendance) Scan(ctx context.Context, by authz.Actor, in DateOf, code string) (domain.Attendance, error) {
	view, err := s.organised(ctx, by, in)
	if err != nil {
		return domain.Attendance{}, err
	}
	if err := view.Event.CanCheckIn(view.Occurrence, s.Clock.Now()); err != nil {
		return domain.Attendance{}, err
	}
	secret, err := s.Deps.Attendance.Secret(ctx, view.Event.ID())
	if err != nil {
		return domain.Attendance{}, err
	}
	expected, err := s.Deps.Attendance.Expected(ctx, view.Occurrence.ID())
	if err != nil {
		return domain.Attendance{}, err
	}
	user, ok := secret.FindMember(view.Occurrence.ID(), expected, code)
	if !ok {
		return domain.Attendance{}, domain.ErrWrongCode
	}
	if _, err := s.mark(ctx, by, view, domain.MethodScan, user); err != nil {
		return domain.Attendance{}, err
	}
	mark, err := s.Deps.Attendance.Find(ctx, view.Occurrence.ID(), user)
	if err != nil {
		return domain.Attendance{}, err
	}
	if mark == nil { // taken back in between
		return domain.Attendance{}, domain.ErrWrongCode
	}
	return *mark, nil
}
