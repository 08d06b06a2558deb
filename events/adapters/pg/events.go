package pg

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/events/domain"
	"go.updspace.com/events/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/groups/portalgroups"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/valid"
)

// Events is ports.Events.
type Events struct {
	db *pg.DB
}

// NewEvents stores events in db.
func NewEvents(db *pg.DB) *Events { return &Events{db: db} }

// Find returns an event.
func (r *Events) Find(ctx context.Context, id uuid.UUID) (domain.Event, error) {
	return pg.One(ctx, r.db, domain.ErrEventNotFound, (*eventRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("e.id = ?", id)
	})
}

// Lock takes the row lock that every change of the event and its dates needs.
func (r *Events) Lock(ctx context.Context, id uuid.UUID) (domain.Event, error) {
	return pg.One(ctx, r.db, domain.ErrEventNotFound, (*eventRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("e.id = ?", id).For("UPDATE")
	})
}

// Add stores a new event.
func (r *Events) Add(ctx context.Context, event domain.Event) error {
	_, err := r.db.Conn(ctx).NewInsert().Model(toRowEvent(event)).Value("search_text", "?", searchText(event)).Exec(ctx)
	return pg.Error(err)
}

// Update stores a changed event.
func (r *Events) Update(ctx context.Context, event domain.Event) error {
	result, err := r.db.Conn(ctx).NewUpdate().Model(toRowEvent(event)).Value("search_text", "?", searchText(event)).
		ExcludeColumn("tenant_id", "id", "scope_type", "scope_id", "created_by", "created_at", "ical_uid", "import_uid").
		Where("id = ?", event.ID()).Where("version < ?", event.Version()).Exec(ctx)
	return pg.ChangedOne(result, err, errs.Internalf("events: event %s was changed without its lock", event.ID()))
}

// Delete removes an event; the database removes its dates.
func (r *Events) Delete(ctx context.Context, id uuid.UUID) error {
	_, err := r.db.Conn(ctx).NewDelete().Model((*eventRow)(nil)).Where("id = ?", id).Exec(ctx)
	return pg.Error(err)
}

// searchText is the text that a query is looked for in.
func searchText(event domain.Event) string {
	d := event.Data()
	return valid.Fold(strings.Join([]string{d.Details.Title, d.Details.Description, d.Details.LocationText, strings.Join(d.Tags, "\n")}, "\n"))
}

// visibility is the rule of domain.NewEventAccess about reading, for all events at once.
var visibility = pg.VisibilityRule{
	Read: domain.PermissionEventRead, Manage: domain.PermissionEventManage, Shown: "e.status <> 'draft' AND NOT e.hidden", Own: "?0 = ANY (e.co_hosts) OR e.status <> 'draft' AND NOT e.hidden AND " + guests,
}

// matching selects the dates of a filter, and shown the events that they must be of.
func (r *Events) matching(ctx context.Context, f ports.Filter, shown func(*bun.SelectQuery) *bun.SelectQuery) func(*bun.SelectQuery) *bun.SelectQuery {
	of := r.db.Conn(ctx).NewSelect().Model((*eventRow)(nil)).ColumnExpr("1").Where("e.id = o.event_id").Apply(ofEvent(f)).Apply(shown)
	return func(q *bun.SelectQuery) *bun.SelectQuery { return q.Apply(within(f)).Where("EXISTS (?)", of) }
}

// within is the part of a filter that dates decide alone.
func within(f ports.Filter) func(*bun.SelectQuery) *bun.SelectQuery {
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		from, before, to := f.From, f.From.AddDate(0, 0, -1), f.To // what is not long and ends from then on, starts at the earliest before
		switch {
		case !from.IsZero() && !to.IsZero():
			// A range of starts, so that PostgreSQL knows how few dates are in it. The same condition on both sides of OR would be taken
			// out of it: so it is < a microsecond more on one.
			q = q.Where("o.ends_at >= ?", from).Where("(o.starts_at >= ? AND o.starts_at <= ? OR o.long AND o.ends_at > ? AND o.starts_at < ?)",
				before, to, from.Add(-time.Microsecond), to.Add(time.Microsecond))
		case !from.IsZero():
			q = q.Where("o.ends_at >= ?", from).Where("(o.starts_at >= ? OR o.long)", before)
		case !to.IsZero():
			q = q.Where("o.starts_at <= ?", to)
		}
		if f.Answered != "" {
			const answered = "EXISTS (SELECT FROM answers AS a WHERE a.tenant_id = o.tenant_id AND a.occurrence_id = o.id AND a.user_id = ? AND a.status = ?"
			if f.Waiting != nil {
				q = q.Where(answered+" AND a.waiting = ?)", f.AnsweredBy, f.Answered, *f.Waiting)
			} else {
				q = q.Where(answered+")", f.AnsweredBy, f.Answered)
			}
		}
		return q
	}
}

// ofEvent is the part of a filter about events. Its status is that of the event on the date.
func ofEvent(f ports.Filter) func(*bun.SelectQuery) *bun.SelectQuery {
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		if f.ScopeType != "" {
			q = q.Where("e.scope_type = ?", f.ScopeType)
		}
		if f.ScopeID != uuid.Nil {
			q = q.Where("e.scope_id = ?", f.ScopeID)
		}
		if pattern := pg.Contains(f.Query); pattern != "" {
			q = q.Where("e.search_text LIKE ?", pattern)
		}
		if f.Tag != "" {
			q = q.Where("? = ANY (e.tags)", f.Tag)
		}
		if f.GameID != "" {
			q = q.Where("e.game_id = ?", f.GameID)
		}
		if f.Visibility != "" {
			q = q.Where("e.visibility = ?", f.Visibility)
		}
		if f.Status != "" {
			q = q.Where("CASE WHEN o.cancelled THEN 'cancelled' ELSE e.status END = ?", f.Status)
		}
		if f.Host != uuid.Nil {
			q = q.WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
				return q.Where("e.created_by = ?", f.Host).WhereOr("? = ANY (e.co_hosts)", f.Host)
			})
		}
		return q
	}
}

// Audiences lists the audiences of the events with dates that match.
func (r *Events) Audiences(ctx context.Context, filter ports.Filter) ([]authz.Audience, error) {
	return pg.ListAudiences(ctx, r.db, (*eventRow)(nil), func(q *bun.SelectQuery) *bun.SelectQuery {
		dates := r.db.Conn(ctx).NewSelect().Model((*occurrenceRow)(nil)).ColumnExpr("1").Where("o.event_id = e.id").Apply(within(filter))
		filter := filter
		filter.Status = "" // of a date
		return q.Apply(ofEvent(filter)).Where("EXISTS (?)", dates)
	})
}

// Page lists a part of the dates that match and that the viewer sees.
func (r *Events) Page(ctx context.Context, filter ports.Filter, viewer authz.Viewer, part ports.Range) (dated []ports.Dated, err error) {
	dates, err := pg.Many(ctx, r.db, (*occurrenceRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		q = q.Apply(r.matching(ctx, filter, pg.VisibleTo(viewer, visibility))).Limit(int64(part.Limit)).Offset(int64(part.Offset))
		return q.Apply(ordered(part))
	})
	if err != nil || len(dates) == 0 {
		return nil, err
	}
	return r.withEvents(ctx, dates)
}

func ordered(part ports.Range) func(*bun.SelectQuery) *bun.SelectQuery {
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		if part.Descending {
			if part.After != nil {
				q = q.Where("(o.starts_at, o.id) < (?, ?)", part.After.Starts, part.After.ID)
			}
			return q.OrderExpr("o.starts_at DESC, o.id DESC")
		}
		if part.After != nil {
			q = q.Where("(o.starts_at, o.id) > (?, ?)", part.After.Starts, part.After.ID)
		}
		return q.OrderExpr("o.starts_at, o.id")
	}
}

// withEvents adds to dates the events that they are of. A date whose event was deleted in between is left out.
func (r *Events) withEvents(ctx context.Context, dates []domain.Occurrence) ([]ports.Dated, error) {
	ids := map[uuid.UUID]bool{}
	var list []uuid.UUID
	for _, o := range dates {
		if id := o.Data().EventID; !ids[id] {
			ids[id], list = true, append(list, id)
		}
	}
	events, err := pg.Many(ctx, r.db, (*eventRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("e.id IN ?", bun.Tuple(list)) })
	if err != nil {
		return nil, err
	}
	byID := make(map[uuid.UUID]domain.Event, len(events))
	for _, event := range events {
		byID[event.ID()] = event
	}
	dated := make([]ports.Dated, 0, len(dates))
	for _, o := range dates {
		if event, ok := byID[o.Data().EventID]; ok {
			dated = append(dated, ports.Dated{Event: event, Occurrence: o})
		}
	}
	return dated, nil
}

// Count counts the dates that match and that the viewer sees.
func (r *Events) Count(ctx context.Context, filter ports.Filter, viewer authz.Viewer) (count int, err error) {
	err = r.db.Read(ctx, func(ctx context.Context) error {
		n, err := r.db.Conn(ctx).NewSelect().Model((*occurrenceRow)(nil)).Apply(r.matching(ctx, filter, pg.VisibleTo(viewer, visibility))).Count(ctx)
		count = int(n)
		return pg.Error(err)
	})
	return count, err
}

// FindImported returns the event that a user has imported into a scope, if there is one.
func (r *Events) FindImported(ctx context.Context, user uuid.UUID, scope authz.Scope, uid string) (*domain.Event, error) {
	list, err := pg.Many(ctx, r.db, (*eventRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("e.created_by = ?", user).Where("e.scope_type = ?", scope.Type).Where("e.scope_id = ?", scope.ID).Where("e.import_uid = ?", uid)
	})
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

// ListForCalendar lists events with dates that match.
func (r *Events) ListForCalendar(ctx context.Context, filter ports.Filter, viewer authz.Viewer, limit int) ([]domain.Event, error) {
	return pg.Many(ctx, r.db, (*eventRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		dates := r.db.Conn(ctx).NewSelect().Model((*occurrenceRow)(nil)).ColumnExpr("1").Where("o.event_id = e.id").Apply(within(filter))
		return q.Apply(ofEvent(filter)).Apply(pg.VisibleTo(viewer, visibility)).Where("e.status <> 'draft'").Where("EXISTS (?)", dates).
			OrderExpr("e.rule = '', e.starts, e.id").Limit(int64(limit))
	})
}

// ListByGroup lists the events of a community with its teams, or of a team.
func (r *Events) ListByGroup(ctx context.Context, group authz.Scope) ([]uuid.UUID, error) {
	return pg.Many(ctx, r.db, func(row *eventRow) uuid.UUID { return row.ID }, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Column("id").Apply(portalgroups.Within(ctx, group)).OrderExpr("e.id")
	})
}

// ListContinuing lists series of all tenants that need further dates.
func (r *Events) ListContinuing(ctx context.Context, before time.Time, limit int) ([]ports.EventOfTenant, error) {
	return pg.Many(pg.AcrossTenants(ctx, "further dates of series"), r.db, func(row *eventRow) ports.EventOfTenant {
		return ports.EventOfTenant{Tenant: row.TenantID, Event: row.ID}
	}, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Column("tenant_id", "id").Where("e.continues AND e.status <> 'cancelled'").
			Where("NOT EXISTS (SELECT FROM occurrences AS o WHERE o.tenant_id = e.tenant_id AND o.event_id = e.id AND o.original_at >= ?)", before).
			OrderExpr("e.id").Limit(int64(limit))
	})
}
