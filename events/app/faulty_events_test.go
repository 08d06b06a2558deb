package app_test

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/events/domain"
	"go.updspace.com/events/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/tools/devkit/testkit/faults"
)

type faultyEvents struct {
	ports.Events
	f *faults.Faults
}

func (p faultyEvents) Find(ctx context.Context, id uuid.UUID) (domain.Event, error) {
	return faults.Call(p.f, func() (domain.Event, error) { return p.Events.Find(ctx, id) })
}

func (p faultyEvents) Lock(ctx context.Context, id uuid.UUID) (domain.Event, error) {
	return faults.Call(p.f, func() (domain.Event, error) { return p.Events.Lock(ctx, id) })
}

func (p faultyEvents) Add(ctx context.Context, event domain.Event) error {
	return faults.Do(p.f, func() error { return p.Events.Add(ctx, event) })
}

func (p faultyEvents) Update(ctx context.Context, event domain.Event) error {
	return faults.Do(p.f, func() error { return p.Events.Update(ctx, event) })
}

func (p faultyEvents) Delete(ctx context.Context, id uuid.UUID) error {
	return faults.Do(p.f, func() error { return p.Events.Delete(ctx, id) })
}

func (p faultyEvents) Audiences(ctx context.Context, filter ports.Filter) ([]authz.Audience, error) {
	return faults.Call(p.f, func() ([]authz.Audience, error) { return p.Events.Audiences(ctx, filter) })
}

func (p faultyEvents) Page(ctx context.Context, filter ports.Filter, viewer authz.Viewer, part ports.Range) ([]ports.Dated, error) {
	return faults.Call(p.f, func() ([]ports.Dated, error) { return p.Events.Page(ctx, filter, viewer, part) })
}

func (p faultyEvents) Count(ctx context.Context, filter ports.Filter, viewer authz.Viewer) (int, error) {
	return faults.Call(p.f, func() (int, error) { return p.Events.Count(ctx, filter, viewer) })
}

func (p faultyEvents) FindImported(ctx context.Context, user uuid.UUID, scope authz.Scope, uid string) (*domain.Event, error) {
	return faults.Call(p.f, func() (*domain.Event, error) { return p.Events.FindImported(ctx, user, scope, uid) })
}

func (p faultyEvents) ListForCalendar(ctx context.Context, filter ports.Filter, viewer authz.Viewer, limit int) ([]domain.Event, error) {
	return faults.Call(p.f, func() ([]domain.Event, error) { return p.Events.ListForCalendar(ctx, filter, viewer, limit) })
}

func (p faultyEvents) ListByGroup(ctx context.Context, group authz.Scope) ([]uuid.UUID, error) {
	return faults.Call(p.f, func() ([]uuid.UUID, error) { return p.Events.ListByGroup(ctx, group) })
}

func (p faultyEvents) ListContinuing(ctx context.Context, before time.Time, limit int) ([]ports.EventOfTenant, error) {
	return faults.Call(p.f, func() ([]ports.EventOfTenant, error) { return p.Events.ListContinuing(ctx, before, limit) })
}

type faultyOccurrences struct {
	ports.Occurrences
	f *faults.Faults
}

func (p faultyOccurrences) Find(ctx context.Context, event, id uuid.UUID) (domain.Occurrence, error) {
	return faults.Call(p.f, func() (domain.Occurrence, error) { return p.Occurrences.Find(ctx, event, id) })
}

func (p faultyOccurrences) Lock(ctx context.Context, event, id uuid.UUID) (domain.Occurrence, error) {
	return faults.Call(p.f, func() (domain.Occurrence, error) { return p.Occurrences.Lock(ctx, event, id) })
}

func (p faultyOccurrences) Shown(ctx context.Context, event uuid.UUID, now time.Time) (domain.Occurrence, error) {
	return faults.Call(p.f, func() (domain.Occurrence, error) { return p.Occurrences.Shown(ctx, event, now) })
}

func (p faultyOccurrences) First(ctx context.Context, event uuid.UUID) (domain.Occurrence, error) {
	return faults.Call(p.f, func() (domain.Occurrence, error) { return p.Occurrences.First(ctx, event) })
}

func (p faultyOccurrences) List(ctx context.Context, event uuid.UUID) ([]domain.Occurrence, error) {
	return faults.Call(p.f, func() ([]domain.Occurrence, error) { return p.Occurrences.List(ctx, event) })
}

func (p faultyOccurrences) Page(ctx context.Context, event uuid.UUID, from time.Time, after *ports.Position, limit int) ([]domain.Occurrence, error) {
	return faults.Call(p.f, func() ([]domain.Occurrence, error) { return p.Occurrences.Page(ctx, event, from, after, limit) })
}

func (p faultyOccurrences) ListForCalendar(ctx context.Context, singles, series []uuid.UUID, user uuid.UUID, window ports.Filter, limit int) ([]domain.Occurrence, error) {
	return faults.Call(p.f, func() ([]domain.Occurrence, error) {
		return p.Occurrences.ListForCalendar(ctx, singles, series, user, window, limit)
	})
}

func (p faultyOccurrences) Add(ctx context.Context, occurrences ...domain.Occurrence) error {
	return faults.Do(p.f, func() error { return p.Occurrences.Add(ctx, occurrences...) })
}

func (p faultyOccurrences) Update(ctx context.Context, occurrences ...domain.Occurrence) error {
	return faults.Do(p.f, func() error { return p.Occurrences.Update(ctx, occurrences...) })
}

func (p faultyOccurrences) Remove(ctx context.Context, ids ...uuid.UUID) error {
	return faults.Do(p.f, func() error { return p.Occurrences.Remove(ctx, ids...) })
}
