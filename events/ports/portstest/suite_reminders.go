package portstest

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/events/domain"
	"go.updspace.com/events/ports"
	"go.updspace.com/libs/authz"
)

// due are the queued reminders of the tenant.
func (s Store) due(t *testing.T, ctx context.Context, by authz.Actor) (list []ports.DueReminder) {
	t.Helper()
	all, err := s.Reminders.ListDue(ctx, 1_000)
	require.NoError(t, err)
	for _, r := range all {
		if r.Tenant == by.Tenant {
			list = append(list, r)
		}
	}
	return list
}

func remindersAreQueued(t *testing.T, s Store) {
	by := NewActor()
	ctx := As(t.Context(), by)
	event, dates := s.scheduled(t, by, 1, domain.AnswerRules{Capacity: 3})
	o := dates[0]
	looks := func(now time.Time) bool {
		t.Helper()
		list, err := s.Reminders.ListLooks(ctx, now, 1_000)
		require.NoError(t, err)
		for _, l := range list {
			if l.Tenant == by.Tenant {
				require.Equal(t, ports.OccurrenceOfTenant{EventOfTenant: ports.EventOfTenant{Tenant: by.Tenant, Event: event.ID()}, Occurrence: o.ID()}, l)
				return true
			}
		}
		return false
	}
	at := o.Data().RemindAt
	require.False(t, looks(at.Add(-time.Second)))
	require.True(t, looks(at))

	comes, interested, off, own, silent, waits := uuid.New(), uuid.New(), uuid.New(), uuid.New(), uuid.New(), uuid.New()
	s.answered(t, ctx, event, o, going(comes, 0))
	s.answered(t, ctx, event, o, domain.Answer{UserID: interested, Status: domain.AnswerInterested})
	s.answered(t, ctx, event, o, domain.Answer{UserID: off, Status: domain.AnswerNotGoing})
	for _, user := range []uuid.UUID{own, silent, waits} {
		s.answered(t, ctx, event, o, going(user, 0))
	}
	require.Equal(t, []uuid.UUID{waits}, s.waiting(t, ctx, o))
	s.do(t, ctx, func(ctx context.Context) error {
		if err := s.Reminders.SetSettings(ctx, own, new([]int{1440, 30, 10})); err != nil {
			return err
		}
		if err := s.Reminders.SetSettings(ctx, silent, new([]int{60})); err != nil {
			return err
		}
		return s.Reminders.SetChoice(ctx, event.ID(), silent, new([]int{})) // counts more
	})
	queue := func(due ...int) map[uuid.UUID]int {
		t.Helper()
		s.do(t, ctx, func(ctx context.Context) error { return s.Reminders.Queue(ctx, event, o, due) })
		queued := map[uuid.UUID]int{}
		for _, r := range s.due(t, ctx, by) {
			require.Equal(t, o.Data().Starts.Add(-time.Duration(r.Minutes)*time.Minute), r.Due)
			require.Equal(t, []uuid.UUID{event.ID(), o.ID()}, []uuid.UUID{r.Event, r.Occurrence})
			queued[r.User] = r.Minutes
		}
		return queued
	}
	require.Empty(t, queue(720))
	require.Equal(t, map[uuid.UUID]int{comes: 1440, interested: 1440, own: 1440}, queue(1440, 120))
	require.Equal(t, map[uuid.UUID]int{comes: 60, interested: 60, own: 30}, queue(60, 30), "of several the shortest, in place of the one before")
	first := s.due(t, ctx, by)[0]
	for _, c := range []struct {
		minutes int
		taken   bool
	}{{first.Minutes + 1, false}, {first.Minutes, true}, {first.Minutes, false}} {
		r := first
		r.Minutes = c.minutes
		s.do(t, ctx, func(ctx context.Context) error {
			taken, err := s.Reminders.Take(ctx, r)
			require.Equal(t, c.taken, taken)
			return err
		})
	}
	require.Len(t, s.due(t, ctx, by), 2)
	s.do(t, ctx, func(ctx context.Context) error { return s.Events.Delete(ctx, event.ID()) })
	require.Empty(t, s.due(t, ctx, by))
	require.False(t, looks(at))
}

func remindersAreChosen(t *testing.T, s Store) {
	by := NewActor()
	ctx := As(t.Context(), by)
	event, _ := s.scheduled(t, by, 1, domain.AnswerRules{})
	other, _ := s.scheduled(t, by, 1, domain.AnswerRules{})
	chosen := func(ctx context.Context, event uuid.UUID) *[]int {
		t.Helper()
		got, err := s.Reminders.Choice(ctx, event, by.User)
		require.NoError(t, err)
		return got
	}
	for _, minutes := range []*[]int{{1440, 5}, {}, nil, nil} {
		s.do(t, ctx, func(ctx context.Context) error {
			if err := s.Reminders.SetSettings(ctx, by.User, minutes); err != nil {
				return err
			}
			return s.Reminders.SetChoice(ctx, event.ID(), by.User, minutes)
		})
		got, err := s.Reminders.Settings(ctx, by.User)
		require.NoError(t, err)
		require.Equal(t, minutes, got)
		require.Equal(t, minutes, chosen(ctx, event.ID()))
	}
	s.do(t, ctx, func(ctx context.Context) error {
		if err := s.Reminders.SetChoice(ctx, event.ID(), by.User, new([]int{60})); err != nil {
			return err
		}
		return s.Reminders.CopyChoices(ctx, event.ID(), other.ID())
	})
	require.Equal(t, new([]int{60}), chosen(ctx, other.ID()))
	require.Nil(t, chosen(As(t.Context(), NewActor()), other.ID()), "another tenant")
	require.ErrorIs(t, s.Tx.Do(ctx, func(ctx context.Context) error {
		return s.Reminders.SetChoice(ctx, uuid.New(), by.User, new([]int{60}))
	}), domain.ErrEventNotFound)
}

func accountsHaveAStanding(t *testing.T, s Store) {
	user := uuid.New()
	ctx := As(t.Context(), NewActor())
	standing := func() ports.Standing {
		t.Helper()
		got, err := s.Accounts.Standing(ctx, user)
		require.NoError(t, err)
		return got
	}
	require.Zero(t, standing())
	change := func(fn func(context.Context, uuid.UUID, bool) error, is bool) {
		t.Helper()
		s.do(t, As(t.Context(), NewActor()), func(ctx context.Context) error { return fn(ctx, user, is) })
	}
	for range 2 { // an event may come twice
		change(s.Accounts.SetSuspended, true)
		change(s.Accounts.SetSystemAdmin, true)
	}
	require.Equal(t, ports.Standing{Suspended: true, SystemAdmin: true}, standing(), "in every tenant")
	change(s.Accounts.SetSuspended, false)
	require.Equal(t, ports.Standing{SystemAdmin: true}, standing())
	change(s.Accounts.SetSystemAdmin, false)
	require.Zero(t, standing())
	for _, active := range []bool{true, false} {
		s.do(t, ctx, func(ctx context.Context) error { return s.InTenant.Put(ctx, user, active) })
		require.Equal(t, ports.Standing{Left: !active}, standing())
	}
	elsewhere, err := s.Accounts.Standing(As(t.Context(), NewActor()), user)
	require.NoError(t, err)
	require.Zero(t, elsewhere, "another tenant")
}
