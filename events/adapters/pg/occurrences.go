package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/schema"

	"go.updspace.com/events/domain"
	"go.updspace.com/events/ports"
	"go.updspace.com/libs/pg"
)

// Occurrences is ports.Occurrences.
type Occurrences struct {
	db *pg.DB
}

// NewOccurrences stores dates in db.
func NewOccurrences(db *pg.DB) *Occurrences { return &Occurrences{db: db} }

func (r *Occurrences) one(ctx context.Context, event uuid.UUID, query func(*bun.SelectQuery) *bun.SelectQuery) (domain.Occurrence, error) {
	return pg.One(ctx, r.db, domain.ErrOccurrenceNotFound, (*occurrenceRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("o.event_id = ?", event).Apply(query).Limit(1)
	})
}

// Find returns a date of an event.
func (r *Occurrences) Find(ctx context.Context, event, id uuid.UUID) (domain.Occurrence, error) {
	return r.one(ctx, event, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("o.id = ?", id) })
}

// Lock returns a date with its row lock.
func (r *Occurrences) Lock(ctx context.Context, event, id uuid.UUID) (domain.Occurrence, error) {
	return r.one(ctx, event, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("o.id = ?", id).For("UPDATE") })
}

// Shown returns the date that is on or comes next, else the last one.
func (r *Occurrences) Shown(ctx context.Context, event uuid.UUID, now time.Time) (domain.Occurrence, error) {
	return r.one(ctx, event, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.OrderExpr("o.ends_at <= ?0, CASE WHEN o.ends_at > ?0 THEN o.starts_at END, o.starts_at DESC, o.id", now)
	})
}

// First returns the first date.
func (r *Occurrences) First(ctx context.Context, event uuid.UUID) (domain.Occurrence, error) {
	return r.one(ctx, event, func(q *bun.SelectQuery) *bun.SelectQuery { return q.OrderExpr("o.starts_at, o.id") })
}

// List returns all dates of an event.
func (r *Occurrences) List(ctx context.Context, event uuid.UUID) ([]domain.Occurrence, error) {
	return pg.Many(ctx, r.db, (*occurrenceRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("o.event_id = ?", event).OrderExpr("o.starts_at, o.id")
	})
}

// Page returns dates of an event.
func (r *Occurrences) Page(ctx context.Context, event uuid.UUID, from time.Time, after *ports.Position, limit int) ([]domain.Occurrence, error) {
	return pg.Many(ctx, r.db, (*occurrenceRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("o.event_id = ?", event).Apply(within(ports.Filter{From: from})).Apply(ordered(ports.Range{After: after})).Limit(int64(limit))
	})
}

// ListForCalendar lists the dates of single events and those of series that differ.
func (r *Occurrences) ListForCalendar(ctx context.Context, singles, series []uuid.UUID, user uuid.UUID, window ports.Filter, limit int) ([]domain.Occurrence, error) {
	const (
		differs  = "o.moved OR o.cancelled OR num_nonnulls(o.title, o.description, o.location_text, o.location_url) > 0"
		answered = "EXISTS (SELECT FROM answers AS a WHERE a.tenant_id = o.tenant_id AND a.occurrence_id = o.id AND a.user_id = ?)"
	)
	return pg.Many(ctx, r.db, (*occurrenceRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
			return q.Where("o.event_id IN ?", idsIn(singles)).WhereGroup(" OR ", func(q *bun.SelectQuery) *bun.SelectQuery {
				return q.Where("o.event_id IN ?", idsIn(series)).WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
					return q.Where(differs).WhereGroup(" OR ", func(q *bun.SelectQuery) *bun.SelectQuery { return q.Apply(within(window)).Where(answered, user) })
				})
			})
		}).OrderExpr("o.event_id, o.starts_at, o.id").Limit(int64(limit))
	})
}

// idsIn is a list of ids in "IN ?", which takes no empty one.
func idsIn(ids []uuid.UUID) schema.QueryAppender {
	return bun.Tuple(append([]uuid.UUID{uuid.Nil}, ids...))
}

// Add stores new dates.
func (r *Occurrences) Add(ctx context.Context, occurrences ...domain.Occurrence) error {
	if len(occurrences) == 0 {
		return nil
	}
	rows := each(occurrences, toRowOccurrence)
	_, err := r.db.Conn(ctx).NewInsert().Model(&rows).Exec(ctx)
	return pg.Error(err)
}

// Update stores changed dates, and moves those of another event to it, in one statement. They are locked with their event, so that
// all of them exist.
func (r *Occurrences) Update(ctx context.Context, occurrences ...domain.Occurrence) error {
	if len(occurrences) == 0 {
		return nil
	}
	rows := each(occurrences, toRowOccurrence)
	_, err := r.db.Conn(ctx).NewInsert().Model(&rows).On("CONFLICT (tenant_id, id) DO UPDATE").
		Set(`event_id = EXCLUDED.event_id, recurrence_id = EXCLUDED.recurrence_id, original_at = EXCLUDED.original_at, starts_at = EXCLUDED.starts_at,
			ends_at = EXCLUDED.ends_at, moved = EXCLUDED.moved, title = EXCLUDED.title, description = EXCLUDED.description,
			location_text = EXCLUDED.location_text, location_url = EXCLUDED.location_url, cancelled = EXCLUDED.cancelled,
			cancel_reason = EXCLUDED.cancel_reason, sequence = EXCLUDED.sequence, remind_at = EXCLUDED.remind_at`).Exec(ctx)
	return pg.Error(err)
}

// Remove removes dates.
func (r *Occurrences) Remove(ctx context.Context, ids ...uuid.UUID) error {
	if len(ids) == 0 {
		return nil
	}
	_, err := r.db.Conn(ctx).NewDelete().Model((*occurrenceRow)(nil)).Where("id IN ?", bun.Tuple(ids)).Exec(ctx)
	return pg.Error(err)
}
