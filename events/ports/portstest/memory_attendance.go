package portstest

import (
	"bytes"
	"context"
	"crypto/sha256"

	"github.com/google/uuid"

	"go.updspace.com/events/domain"
	"go.updspace.com/events/ports"
)

type memoryAttendance struct{ *Memory }

// Attendance is the memory as a store of who was present.
func (m *Memory) Attendance() ports.Attendance { return memoryAttendance{m} }

func (m memoryAttendance) Mark(ctx context.Context, marks ...domain.Attendance) (marked []uuid.UUID, err error) {
	for _, mark := range marks {
		key := ofUser{mark.OccurrenceID, mark.UserID}
		if _, has := m.marks.Get(ctx, key); !has {
			m.marks.Put(ctx, key, mark)
			marked = append(marked, mark.UserID)
		}
	}
	return marked, m.RequireTx(ctx, "Mark")
}

func (m memoryAttendance) Unmark(ctx context.Context, occurrence, user uuid.UUID) (*domain.Attendance, error) {
	was, err := m.Find(ctx, occurrence, user)
	if was != nil {
		m.marks.Delete(ctx, func(a domain.Attendance) bool { return a.OccurrenceID == occurrence && a.UserID == user })
	}
	return was, err
}

func (m memoryAttendance) Find(ctx context.Context, occurrence, user uuid.UUID) (*domain.Attendance, error) {
	mark, has := m.marks.Get(ctx, ofUser{occurrence, user})
	if _, exists := m.occurrences.Get(ctx, occurrence); !has || !exists {
		return nil, nil
	}
	return &mark, nil
}

func (m memoryAttendance) Page(ctx context.Context, occurrence uuid.UUID, present *bool, after uuid.UUID, limit int) ([]domain.Attendee, error) {
	all := map[uuid.UUID]domain.Attendee{}
	for _, a := range m.answers.All(ctx, func(a domain.Answer) bool {
		return a.OccurrenceID == occurrence && a.Status == domain.AnswerGoing && !a.Waiting
	}) {
		all[a.UserID] = domain.Attendee{UserID: a.UserID, Going: true, PlusOnes: a.PlusOnes}
	}
	for _, mark := range m.marks.All(ctx, func(a domain.Attendance) bool { return a.OccurrenceID == occurrence }) {
		attendee := all[mark.UserID]
		attendee.UserID, attendee.Attendance = mark.UserID, &mark
		all[mark.UserID] = attendee
	}
	for _, i := range m.invitations.All(ctx, func(i ports.InvitationOfTenant) bool { return i.Guest }) {
		if attendee, ok := all[i.UserID]; ok {
			attendee.Guest, attendee.Address = true, i.Address
			all[i.UserID] = attendee
		}
	}
	var list []domain.Attendee
	for user, a := range all {
		if bytes.Compare(user[:], after[:]) > 0 && (present == nil || *present == (a.Attendance != nil)) {
			list = append(list, a)
		}
	}
	return bounded(sorted(list, func(a, b domain.Attendee) int { return bytes.Compare(a.UserID[:], b.UserID[:]) }), limit), nil
}

func (m memoryAttendance) Expected(ctx context.Context, occurrence uuid.UUID) (users []uuid.UUID, err error) {
	for _, a := range m.answers.All(ctx, func(a domain.Answer) bool {
		return a.OccurrenceID == occurrence && (a.Status == domain.AnswerGoing || a.Status == domain.AnswerInterested)
	}) {
		users = append(users, a.UserID)
	}
	return users, nil
}

func (m memoryAttendance) Secret(ctx context.Context, event uuid.UUID) (domain.CheckInSecret, error) {
	if _, err := memoryEvents(m).Find(ctx, event); err != nil {
		return nil, err
	}
	key := sha256.Sum256(event[:])
	return key[:], nil
}
