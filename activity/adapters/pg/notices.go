package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/activity/notifications/domain"
	"go.updspace.com/activity/notifications/ports"
	"go.updspace.com/libs/pg"
)

// Notices implements ports.Notices of notifications.
type Notices struct{ db *pg.DB }

var _ ports.Notices = (*Notices)(nil)

// NewNotices stores notices in db.
func NewNotices(db *pg.DB) *Notices { return &Notices{db} }

type noticeRow struct {
	bun.BaseModel `bun:"table:notices,alias:w"`
	pg.Tenanted

	ID         uuid.UUID   `bun:"id,pk,type:uuid"`
	Cause      string      `bun:"cause"`
	Kind       string      `bun:"kind"`
	Subject    string      `bun:"subject_ref"`
	Group      string      `bun:"group_key"`
	Actor      *uuid.UUID  `bun:"actor_id,type:uuid"`
	Audience   string      `bun:"audience"`
	Users      []uuid.UUID `bun:"user_ids,array,type:uuid[]"`
	Event      uuid.UUID   `bun:"event_id,type:uuid"`
	Occurrence uuid.UUID   `bun:"occurrence_id,type:uuid"`
	sightColumns
	Title   string      `bun:"title"`
	Details detailsJSON `bun:"details,type:jsonb"`
	Link    string      `bun:"link"`
	Due     time.Time   `bun:"due_at"`
	Expires time.Time   `bun:"expires_at"`
	After   uuid.UUID   `bun:"after_user,type:uuid"`
}

func toNoticeRow(n domain.Notice) *noticeRow {
	return &noticeRow{
		Tenanted: pg.Tenanted{TenantID: n.Tenant}, ID: n.ID, Cause: n.Cause, Kind: string(n.Kind), Subject: n.Subject, Group: n.Group, Actor: orNull(n.Actor), Audience: string(n.To),
		Users: append([]uuid.UUID{}, n.Persons...), Event: n.Event, Occurrence: n.Occurrence, sightColumns: toSight(n.Sight, n.Scope), Title: n.Title,
		Details: detailsJSON(n.Details), Link: n.Link, Due: n.Due, Expires: n.Expires, After: n.After,
	}
}

func (r *noticeRow) toDomain() domain.Notice {
	return domain.Notice{
		ID: r.ID, Tenant: r.TenantID, Cause: r.Cause, Kind: domain.Kind(r.Kind), Subject: r.Subject, Group: r.Group, Actor: orNil(r.Actor),
		To: domain.Audience(r.Audience), Persons: r.Users, Event: r.Event, Occurrence: r.Occurrence, Sight: r.sight(), Scope: r.scope(), Title: r.Title,
		Details: domain.Details(r.Details), Link: r.Link, Due: r.Due.UTC(), Expires: r.Expires.UTC(), After: r.After,
	}
}

// Put stores a notice. One with the same cause that waits stays, or is replaced: its id changes, so that an instance that is telling it does not
// go on.
func (r *Notices) Put(ctx context.Context, n domain.Notice, replace bool) error {
	if replace {
		if err := r.Drop(ctx, n.Cause); err != nil {
			return err
		}
	}
	_, err := r.db.Conn(ctx).NewInsert().Model(toNoticeRow(n)).On("CONFLICT (tenant_id, cause) DO NOTHING").Exec(ctx)
	return pg.Error(err)
}

// Drop removes the waiting notice of a cause.
func (r *Notices) Drop(ctx context.Context, cause string) error { return r.drop(ctx, "cause", cause) }

// DropSubject removes the waiting notices about a subject.
func (r *Notices) DropSubject(ctx context.Context, subject string) error {
	return r.drop(ctx, "subject_ref", subject)
}

func (r *Notices) drop(ctx context.Context, column, value string) error {
	_, err := r.db.Conn(ctx).NewDelete().Model((*noticeRow)(nil)).Where("? = ?", bun.Ident(column), value).Exec(ctx)
	return pg.Error(err)
}

// Due lists the notices of all tenants that are due.
func (r *Notices) Due(ctx context.Context, now time.Time, limit int) ([]domain.Notice, error) {
	return pg.Many(pg.AcrossTenants(ctx, "notices that are due"), r.db, (*noticeRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("w.due_at <= ?", now).OrderExpr("w.due_at").Limit(int64(limit))
	})
}

// Advance stores how far a notice was told, if it stands where n says.
func (r *Notices) Advance(ctx context.Context, n domain.Notice, to uuid.UUID, done bool) (bool, error) {
	stands := func(q bun.QueryBuilder) bun.QueryBuilder {
		return q.Where("id = ?", n.ID).Where("after_user = ?", n.After)
	}
	var err error
	var count int64
	if done {
		result, execErr := r.db.Conn(ctx).NewDelete().Model((*noticeRow)(nil)).ApplyQueryBuilder(stands).Exec(ctx)
		if err = execErr; err == nil {
			count, err = result.RowsAffected()
		}
	} else {
		result, execErr := r.db.Conn(ctx).NewUpdate().Model((*noticeRow)(nil)).Set("after_user = ?", to).ApplyQueryBuilder(stands).Exec(ctx)
		if err = execErr; err == nil {
			count, err = result.RowsAffected()
		}
	}
	return count == 1, pg.Error(err)
}
