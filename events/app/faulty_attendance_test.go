package app_test

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/events/domain"
	"go.updspace.com/events/ports"
	"go.updspace.com/tools/devkit/testkit/faults"
)

type faultyAttendance struct {
	ports.Attendance
	f *faults.Faults
}

func (p faultyAttendance) Mark(ctx context.Context, marks ...domain.Attendance) ([]uuid.UUID, error) {
	return faults.Call(p.f, func() ([]uuid.UUID, error) { return p.Attendance.Mark(ctx, marks...) })
}

func (p faultyAttendance) Unmark(ctx context.Context, occurrence, user uuid.UUID) (*domain.Attendance, error) {
	return faults.Call(p.f, func() (*domain.Attendance, error) { return p.Attendance.Unmark(ctx, occurrence, user) })
}

func (p faultyAttendance) Find(ctx context.Context, occurrence, user uuid.UUID) (*domain.Attendance, error) {
	return faults.Call(p.f, func() (*domain.Attendance, error) { return p.Attendance.Find(ctx, occurrence, user) })
}

func (p faultyAttendance) Page(ctx context.Context, occurrence uuid.UUID, present *bool, after uuid.UUID, limit int) ([]domain.Attendee, error) {
	return faults.Call(p.f, func() ([]domain.Attendee, error) { return p.Attendance.Page(ctx, occurrence, present, after, limit) })
}

func (p faultyAttendance) Expected(ctx context.Context, occurrence uuid.UUID) ([]uuid.UUID, error) {
	return faults.Call(p.f, func() ([]uuid.UUID, error) { return p.Attendance.Expected(ctx, occurrence) })
}

func (p faultyAttendance) Secret(ctx context.Context, event uuid.UUID) (domain.CheckInSecret, error) {
	return faults.Call(p.f, func() (domain.CheckInSecret, error) { return p.Attendance.Secret(ctx, event) })
}
