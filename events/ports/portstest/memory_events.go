package portstest

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/events/domain"
	"go.updspace.com/events/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/valid"
)

type memoryEvents struct{ *Memory }

func (m memoryEvents) Find(ctx context.Context, id uuid.UUID) (domain.Event, error) {
	event, ok := m.events.Get(ctx, id)
	if !ok {
		return domain.Event{}, domain.ErrEventNotFound
	}
	return event, nil
}

func (m memoryEvents) Lock(ctx context.Context, id uuid.UUID) (domain.Event, error) {
	if err := m.RequireTx(ctx, "Lock"); err != nil {
		return domain.Event{}, err
	}
	return m.Find(ctx, id)
}

func (m memoryEvents) Add(ctx context.Context, event domain.Event) error {
	m.events.Put(ctx, event.ID(), event)
	return nil
}

func (m memoryEvents) Update(ctx context.Context, event domain.Event) error {
	was, err := m.Find(ctx, event.ID())
	if err != nil || was.Version() >= event.Version() {
		return errs.Internalf("events: event %s was changed without its lock", event.ID())
	}
	m.events.Put(ctx, event.ID(), event)
	return nil
}

func (m memoryEvents) Delete(ctx context.Context, id uuid.UUID) error {
	dates, err := memoryOccurrences(m).List(ctx, id)
	if err != nil {
		return err
	}
	ids := make([]uuid.UUID, len(dates))
	for i, o := range dates {
		ids[i] = o.ID()
	}
	m.events.Delete(ctx, func(e domain.Event) bool { return e.ID() == id })
	m.series.Delete(ctx, func(a seriesAnswer) bool { return a.event == id })
	m.choices.Delete(ctx, func(c choice) bool { return c.of == id })
	m.invitations.Delete(ctx, func(i ports.InvitationOfTenant) bool { return i.EventID == id })
	return memoryOccurrences(m).Remove(ctx, ids...)
}

// matching are the dates of a filter, by their start.
func (m memoryEvents) matching(ctx context.Context, f ports.Filter) (dated []ports.Dated) {
	for _, o := range m.occurrences.All(ctx, nil) {
		event, ok := m.events.Get(ctx, o.Data().EventID)
		if ok && m.within(ctx, f, o) && ofEvent(f, event) && (f.Status == "" || event.Status(o) == f.Status) {
			dated = append(dated, ports.Dated{Event: event, Occurrence: o})
		}
	}
	return sorted(dated, func(a, b ports.Dated) int { return byStart(a.Occurrence, b.Occurrence) })
}

func byStart(a, b domain.Occurrence) int {
	x, y := a.ID(), b.ID()
	return cmp.Or(a.Data().Starts.Compare(b.Data().Starts), bytes.Compare(x[:], y[:]))
}

func (m memoryEvents) within(ctx context.Context, f ports.Filter, o domain.Occurrence) bool {
	d := o.Data()
	if !f.From.IsZero() && d.Ends.Before(f.From) || !f.To.IsZero() && d.Starts.After(f.To) {
		return false
	}
	if f.Answered == "" {
		return true
	}
	answer, ok := m.answers.Get(ctx, ofUser{o.ID(), f.AnsweredBy})
	return ok && answer.Status == f.Answered && (f.Waiting == nil || answer.Waiting == *f.Waiting)
}

func ofEvent(f ports.Filter, event domain.Event) bool {
	d := event.Data()
	text := valid.Fold(strings.Join(append([]string{d.Details.Title, d.Details.Description, d.Details.LocationText}, d.Tags...), "\n"))
	return (f.ScopeType == "" || d.Scope.Type == f.ScopeType) && (f.ScopeID == uuid.Nil || d.Scope.ID == f.ScopeID) &&
		strings.Contains(text, valid.Fold(f.Query)) && (f.Tag == "" || slices.Contains(d.Tags, f.Tag)) && (f.GameID == "" || d.GameID == f.GameID) &&
		(f.Visibility == "" || d.Visibility == f.Visibility) && (f.Host == uuid.Nil || event.HostedBy(f.Host))
}

// visible are the dates of a filter that the viewer sees.
func (m memoryEvents) visible(ctx context.Context, f ports.Filter, viewer authz.Viewer) ([]ports.Dated, error) {
	var failed error
	dated := slices.DeleteFunc(m.matching(ctx, f), func(d ports.Dated) bool {
		grants := domain.GrantsOf(viewer, d.Event)
		var err error
		if grants.Guest, err = memoryAnswers(m).IsGuest(ctx, d.Event.ID(), viewer.Actor.User); err != nil {
			failed = err
		}
		return !domain.NewEventAccess(d.Event, viewer.Actor, grants).CanRead
	})
	return dated, failed
}

func (m memoryEvents) Audiences(ctx context.Context, filter ports.Filter) (list []authz.Audience, err error) {
	filter.Status = "" // of a date
	for _, d := range m.matching(ctx, filter) {
		if a := d.Event.Audience(); !slices.Contains(list, a) {
			list = append(list, a)
		}
	}
	return list, nil
}

func (m memoryEvents) Page(ctx context.Context, filter ports.Filter, viewer authz.Viewer, part ports.Range) ([]ports.Dated, error) {
	dated, err := m.visible(ctx, filter, viewer)
	if part.Descending {
		slices.Reverse(dated)
	}
	dated = slices.DeleteFunc(dated, func(d ports.Dated) bool { return !after(part, d.Occurrence) })
	return bounded(dated[min(len(dated), part.Offset):], part.Limit), err
}

// after reports whether a date comes after the place where a part of a list begins.
func after(part ports.Range, o domain.Occurrence) bool {
	if part.After == nil {
		return true
	}
	id := o.ID()
	order := cmp.Or(o.Data().Starts.Compare(part.After.Starts), bytes.Compare(id[:], part.After.ID[:]))
	if part.Descending {
		return order < 0
	}
	return order > 0
}

func (m memoryEvents) Count(ctx context.Context, filter ports.Filter, viewer authz.Viewer) (int, error) {
	dated, err := m.visible(ctx, filter, viewer)
	return len(dated), err
}

func (m memoryEvents) FindImported(ctx context.Context, user uuid.UUID, scope authz.Scope, uid string) (*domain.Event, error) {
	event, ok := m.events.First(ctx, func(e domain.Event) bool {
		d := e.Data()
		return d.CreatedBy == user && d.Scope == scope && d.ImportUID == uid
	})
	if !ok {
		return nil, nil
	}
	return &event, nil
}

func (m memoryEvents) ListForCalendar(ctx context.Context, filter ports.Filter, viewer authz.Viewer, limit int) (list []domain.Event, err error) {
	dated, err := m.visible(ctx, filter, viewer)
	for _, recurs := range []bool{true, false} {
		for _, d := range dated {
			data := d.Event.Data()
			known := slices.ContainsFunc(list, func(e domain.Event) bool { return e.ID() == d.Event.ID() })
			if (data.Schedule.Rule != "") == recurs && data.Status != domain.StatusDraft && !known {
				list = append(list, d.Event)
			}
		}
	}
	return bounded(list, limit), err
}

func (m memoryEvents) ListByGroup(ctx context.Context, group authz.Scope) (ids []uuid.UUID, err error) {
	for _, e := range m.events.All(ctx, func(e domain.Event) bool { return m.groups.Within(ctx, group, e.Data().Scope) }) {
		ids = append(ids, e.ID())
	}
	return sorted(ids, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) }), nil
}

func (m memoryEvents) ListContinuing(ctx context.Context, before time.Time, limit int) (list []ports.EventOfTenant, err error) {
	for _, e := range m.events.AllTenants(ctx, nil) {
		d := e.Data()
		later := m.occurrences.AllTenants(ctx, func(o domain.Occurrence) bool {
			return o.Data().EventID == e.ID() && !o.Data().Original.Before(before)
		})
		if d.Continues && d.Status != domain.StatusCancelled && len(later) == 0 {
			list = append(list, ports.EventOfTenant{Tenant: d.TenantID, Event: e.ID()})
		}
	}
	return bounded(list, limit), nil
}

type memoryOccurrences struct{ *Memory }

func (m memoryOccurrences) Find(ctx context.Context, event, id uuid.UUID) (domain.Occurrence, error) {
	o, ok := m.occurrences.Get(ctx, id)
	if !ok || o.Data().EventID != event {
		return domain.Occurrence{}, domain.ErrOccurrenceNotFound
	}
	return o, nil
}

func (m memoryOccurrences) Lock(ctx context.Context, event, id uuid.UUID) (domain.Occurrence, error) {
	if err := m.RequireTx(ctx, "Lock"); err != nil {
		return domain.Occurrence{}, err
	}
	return m.Find(ctx, event, id)
}

func (m memoryOccurrences) Shown(ctx context.Context, event uuid.UUID, now time.Time) (domain.Occurrence, error) {
	list, err := m.List(ctx, event)
	if err != nil || len(list) == 0 {
		return domain.Occurrence{}, domain.ErrOccurrenceNotFound
	}
	for _, o := range list {
		if o.Data().Ends.After(now) {
			return o, nil
		}
	}
	return list[len(list)-1], nil
}

func (m memoryOccurrences) First(ctx context.Context, event uuid.UUID) (domain.Occurrence, error) {
	return m.Shown(ctx, event, time.Time{})
}

func (m memoryOccurrences) List(ctx context.Context, event uuid.UUID) ([]domain.Occurrence, error) {
	return sorted(m.occurrences.All(ctx, func(o domain.Occurrence) bool { return o.Data().EventID == event }), byStart), nil
}

func (m memoryOccurrences) Page(ctx context.Context, event uuid.UUID, from time.Time, at *ports.Position, limit int) ([]domain.Occurrence, error) {
	list, err := m.List(ctx, event)
	list = slices.DeleteFunc(list, func(o domain.Occurrence) bool { return o.Data().Ends.Before(from) || !after(ports.Range{After: at}, o) })
	return bounded(list, limit), err
}

func (m memoryOccurrences) ListForCalendar(ctx context.Context, singles, series []uuid.UUID, user uuid.UUID, window ports.Filter, limit int) ([]domain.Occurrence, error) {
	list := m.occurrences.All(ctx, func(o domain.Occurrence) bool {
		_, answered := m.answers.Get(ctx, ofUser{o.ID(), user})
		differs := o.Changed() || o.Data().Cancelled || answered && memoryEvents(m).within(ctx, window, o)
		return slices.Contains(singles, o.Data().EventID) || slices.Contains(series, o.Data().EventID) && differs
	})
	return bounded(sorted(list, func(a, b domain.Occurrence) int {
		x, y := a.Data().EventID, b.Data().EventID
		return cmp.Or(bytes.Compare(x[:], y[:]), byStart(a, b))
	}), limit), nil
}

func (m memoryOccurrences) Add(ctx context.Context, occurrences ...domain.Occurrence) error {
	for _, o := range occurrences {
		m.occurrences.Put(ctx, o.ID(), o)
	}
	return m.distinct(ctx, occurrences)
}

// Update leaves the counts of answers as they are.
func (m memoryOccurrences) Update(ctx context.Context, occurrences ...domain.Occurrence) error {
	for _, o := range occurrences {
		if was, ok := m.occurrences.Get(ctx, o.ID()); ok {
			o = o.Counting(was.Data().Counts)
		}
		m.occurrences.Put(ctx, o.ID(), o)
	}
	return m.distinct(ctx, occurrences)
}

// distinct refuses two dates of an event in one place.
func (m memoryOccurrences) distinct(ctx context.Context, changed []domain.Occurrence) error {
	for _, c := range changed {
		if n := len(m.occurrences.All(ctx, func(o domain.Occurrence) bool {
			return o.Data().EventID == c.Data().EventID && o.Data().RecurrenceID == c.Data().RecurrenceID
		})); n > 1 {
			return errs.Internalf("events: two dates in one place")
		}
	}
	return nil
}

func (m memoryOccurrences) Remove(ctx context.Context, ids ...uuid.UUID) error {
	gone := func(id uuid.UUID) bool { return slices.Contains(ids, id) }
	m.occurrences.Delete(ctx, func(o domain.Occurrence) bool { return gone(o.ID()) })
	m.answers.Delete(ctx, func(a domain.Answer) bool { return gone(a.OccurrenceID) })
	m.promotions.Delete(ctx, func(p promotion) bool { return gone(p.Occurrence) })
	m.reminders.Delete(ctx, func(r ports.DueReminder) bool { return gone(r.Occurrence) })
	return nil
}
