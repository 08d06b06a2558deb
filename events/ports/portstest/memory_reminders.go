package portstest

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/events/domain"
	"go.updspace.com/events/ports"
	"go.updspace.com/libs/reqctx"
)

type memoryReminders struct{ *Memory }

func (m memoryReminders) ListLooks(ctx context.Context, now time.Time, limit int) (list []ports.OccurrenceOfTenant, err error) {
	dates := m.occurrences.AllTenants(ctx, func(o domain.Occurrence) bool { return !o.Data().RemindAt.IsZero() && !o.Data().RemindAt.After(now) })
	for _, o := range sorted(dates, func(a, b domain.Occurrence) int { return a.Data().RemindAt.Compare(b.Data().RemindAt) }) {
		event := o.Data().EventID
		list = append(list, ports.OccurrenceOfTenant{EventOfTenant: ports.EventOfTenant{Tenant: m.tenantOf(event), Event: event}, Occurrence: o.ID()})
	}
	return bounded(list, limit), nil
}

func (m memoryReminders) Queue(ctx context.Context, event domain.Event, o domain.Occurrence, due []int) error {
	comes := m.answers.All(ctx, func(a domain.Answer) bool {
		return a.OccurrenceID == o.ID() && (a.Status == domain.AnswerGoing && !a.Waiting || a.Status == domain.AnswerInterested)
	})
	for _, a := range comes {
		minutes := event.Data().Reminders
		for _, of := range []uuid.UUID{uuid.Nil, event.ID()} { // what is chosen for the event counts more
			if c, ok := m.choices.Get(ctx, ofUser{of, a.UserID}); ok {
				minutes = c.minutes
			}
		}
		minutes = slices.DeleteFunc(slices.Clone(minutes), func(n int) bool { return !slices.Contains(due, n) })
		if len(minutes) == 0 {
			continue
		}
		shortest := slices.Min(minutes)
		m.reminders.Put(ctx, ofUser{o.ID(), a.UserID}, ports.DueReminder{
			OccurrenceOfTenant: ports.OccurrenceOfTenant{
				EventOfTenant: ports.EventOfTenant{Tenant: reqctx.From(ctx).TenantID, Event: event.ID()}, Occurrence: o.ID(),
			},
			User: a.UserID, Minutes: shortest, Due: o.Data().Starts.Add(-time.Duration(shortest) * time.Minute),
		})
	}
	return m.RequireTx(ctx, "Queue")
}

func (m memoryReminders) ListDue(ctx context.Context, limit int) ([]ports.DueReminder, error) {
	return bounded(sorted(m.reminders.AllTenants(ctx, nil), func(a, b ports.DueReminder) int {
		return cmp.Or(a.Due.Compare(b.Due), bytes.Compare(a.Occurrence[:], b.Occurrence[:]), bytes.Compare(a.User[:], b.User[:]))
	}), limit), nil
}

func (m memoryReminders) Take(ctx context.Context, due ports.DueReminder) (bool, error) {
	return m.reminders.Delete(ctx, func(r ports.DueReminder) bool {
		return r.Occurrence == due.Occurrence && r.User == due.User && r.Minutes == due.Minutes
	}) == 1, nil
}

// choice is what a user has chosen for an event; of no event, for all events.
type choice struct {
	ofUser
	minutes []int
}

func (m memoryReminders) Settings(ctx context.Context, user uuid.UUID) (*[]int, error) {
	return m.Choice(ctx, uuid.Nil, user)
}

func (m memoryReminders) SetSettings(ctx context.Context, user uuid.UUID, minutes *[]int) error {
	return m.choose(ctx, ofUser{user: user}, minutes)
}

func (m memoryReminders) Choice(ctx context.Context, event, user uuid.UUID) (*[]int, error) {
	c, ok := m.choices.Get(ctx, ofUser{event, user})
	if !ok {
		return nil, nil
	}
	return &c.minutes, nil
}

func (m memoryReminders) SetChoice(ctx context.Context, event, user uuid.UUID, minutes *[]int) error {
	if _, err := memoryEvents(m).Find(ctx, event); err != nil && minutes != nil {
		return err
	}
	return m.choose(ctx, ofUser{event, user}, minutes)
}

func (m memoryReminders) choose(ctx context.Context, key ofUser, minutes *[]int) error {
	if minutes == nil {
		m.choices.Delete(ctx, func(c choice) bool { return c.ofUser == key })
		return nil
	}
	m.choices.Put(ctx, key, choice{key, *minutes})
	return nil
}

func (m memoryReminders) CopyChoices(ctx context.Context, from, to uuid.UUID) error {
	for _, c := range m.choices.All(ctx, func(c choice) bool { return c.of == from }) {
		key := ofUser{to, c.user}
		m.choices.Put(ctx, key, choice{key, c.minutes})
	}
	return nil
}
