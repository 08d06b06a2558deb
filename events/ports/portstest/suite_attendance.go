package portstest

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/events/domain"
	"go.updspace.com/events/ports"
)

// Attendance tests a store of who was present, over the other repositories.
func Attendance(t *testing.T, open func(*testing.T) (Store, ports.Attendance)) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, Store, ports.Attendance){
		"marks":                  marks,
		"attendees":              attendees,
		"the key of an event":    checkInSecret,
		"marks of a deleted one": marksGoWithTheirDate,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, a := open(t)
			test(t, s, a)
		})
	}
}

func mark(o domain.Occurrence, user, by uuid.UUID, at time.Time) domain.Attendance {
	return domain.Attendance{OccurrenceID: o.ID(), UserID: user, By: by, At: at, Method: domain.MethodScan}
}

// marked stores marks and returns who was not marked before.
func (s Store) marked(t *testing.T, ctx context.Context, a ports.Attendance, marks ...domain.Attendance) (users []uuid.UUID) {
	t.Helper()
	s.do(t, ctx, func(ctx context.Context) (err error) {
		users, err = a.Mark(ctx, marks...)
		return err
	})
	return users
}

func marks(t *testing.T, s Store, a ports.Attendance) {
	by := NewActor()
	ctx := As(t.Context(), by)
	_, dates := s.scheduled(t, by, 2, domain.AnswerRules{})
	o, x, y := dates[0], uuid.New(), uuid.New()
	first := mark(o, x, by.User, Noon)
	require.Equal(t, []uuid.UUID{x}, s.marked(t, ctx, a, first))
	require.Equal(t, []uuid.UUID{y}, s.marked(t, ctx, a, mark(o, x, uuid.New(), Noon.Add(time.Hour)), mark(o, y, by.User, Noon)))
	got, err := a.Find(ctx, o.ID(), x)
	require.NoError(t, err)
	require.Equal(t, first, *got, "the first mark stays")
	for name, find := range map[string]func() (*domain.Attendance, error){
		"another date":   func() (*domain.Attendance, error) { return a.Find(ctx, dates[1].ID(), x) },
		"another member": func() (*domain.Attendance, error) { return a.Find(ctx, o.ID(), uuid.New()) },
		"another tenant": func() (*domain.Attendance, error) { return a.Find(As(t.Context(), NewActor()), o.ID(), x) },
	} {
		none, err := find()
		require.NoError(t, err, name)
		require.Nil(t, none, name)
	}
	for _, want := range []*domain.Attendance{&first, nil} {
		s.do(t, ctx, func(ctx context.Context) error {
			was, err := a.Unmark(ctx, o.ID(), x)
			require.Equal(t, want, was)
			return err
		})
	}
}

// Those who have a seat and those who were present are listed, each once.
func attendees(t *testing.T, s Store, a ports.Attendance) {
	by := NewActor()
	ctx := As(t.Context(), by)
	event, dates := s.scheduled(t, by, 1, domain.AnswerRules{Capacity: 3, PlusOnes: 1})
	o := dates[0]
	guest := s.invited(t, by, event, uuid.Nil, "guest@example.com").UserID
	comes, waits, interested, walkIn := uuid.New(), uuid.New(), uuid.New(), uuid.New()
	s.answered(t, ctx, event, o, going(guest, 0))
	s.answered(t, ctx, event, o, going(comes, 1))
	s.answered(t, ctx, event, o, going(waits, 0))
	s.answered(t, ctx, event, o, domain.Answer{UserID: interested, Status: domain.AnswerInterested})
	s.marked(t, ctx, a, mark(o, comes, by.User, Noon), mark(o, walkIn, by.User, Noon))
	list := func(present *bool) map[uuid.UUID]domain.Attendee {
		t.Helper()
		found := map[uuid.UUID]domain.Attendee{}
		for after := uuid.Nil; ; { // one at a time
			page, err := a.Page(ctx, o.ID(), present, after, 1)
			require.NoError(t, err)
			if len(page) == 0 {
				return found
			}
			after = page[0].UserID
			found[after] = page[0]
		}
	}
	present := mark(o, comes, by.User, Noon)
	other := mark(o, walkIn, by.User, Noon)
	require.Equal(t, map[uuid.UUID]domain.Attendee{
		guest: {UserID: guest, Guest: true, Address: "guest@example.com", Going: true}, comes: {UserID: comes, Going: true, PlusOnes: 1, Attendance: &present},
		walkIn: {UserID: walkIn, Attendance: &other},
	}, list(nil))
	require.Len(t, list(new(true)), 2)
	require.Contains(t, list(new(false)), guest)
	require.Len(t, list(new(false)), 1, "the no-shows")
	expected, err := a.Expected(ctx, o.ID())
	require.NoError(t, err)
	require.ElementsMatch(t, []uuid.UUID{guest, comes, waits, interested}, expected)
}

func checkInSecret(t *testing.T, s Store, a ports.Attendance) {
	by := NewActor()
	ctx := As(t.Context(), by)
	one, _ := s.scheduled(t, by, 1, domain.AnswerRules{})
	two, _ := s.scheduled(t, by, 1, domain.AnswerRules{})
	first, err := a.Secret(ctx, one.ID())
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(first), 16)
	again, err := a.Secret(ctx, one.ID())
	require.NoError(t, err)
	require.Equal(t, first, again)
	second, err := a.Secret(ctx, two.ID())
	require.NoError(t, err)
	require.NotEqual(t, first, second)
	_, err = a.Secret(As(t.Context(), NewActor()), one.ID())
	require.ErrorIs(t, err, domain.ErrEventNotFound)
}

func marksGoWithTheirDate(t *testing.T, s Store, a ports.Attendance) {
	by := NewActor()
	ctx := As(t.Context(), by)
	event, dates := s.scheduled(t, by, 1, domain.AnswerRules{})
	s.marked(t, ctx, a, mark(dates[0], by.User, by.User, Noon))
	s.do(t, ctx, func(ctx context.Context) error { return s.Events.Delete(ctx, event.ID()) })
	got, err := a.Find(ctx, dates[0].ID(), by.User)
	require.NoError(t, err)
	require.Nil(t, got)
}
