package pg

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"go.updspace.com/activity/notifications/domain"
	"go.updspace.com/activity/notifications/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
)

// Inbox implements ports.Inbox of notifications.
type Inbox struct{ db *pg.DB }

var _ ports.Inbox = (*Inbox)(nil)

// NewInbox stores notifications in db.
func NewInbox(db *pg.DB) *Inbox { return &Inbox{db} }

// sightColumns are who may see a subject, and the scope by which it is muted.
type sightColumns struct {
	Permission string    `bun:"permission"`
	AccessType string    `bun:"access_type"`
	AccessID   uuid.UUID `bun:"access_id,type:uuid"`
	Visibility string    `bun:"visibility"`
	ScopeType  string    `bun:"scope_type"`
	ScopeID    uuid.UUID `bun:"scope_id,type:uuid"`
}

func toSight(s domain.Sight, muted authz.Scope) sightColumns {
	return sightColumns{
		Permission: string(s.Permission), AccessType: string(s.Scope.Type), AccessID: s.Scope.ID, Visibility: string(s.Visibility),
		ScopeType: string(muted.Type), ScopeID: muted.ID,
	}
}

func (c sightColumns) sight() domain.Sight {
	return domain.Sight{
		Permission: authz.Permission(c.Permission), Scope: authz.Scope{Type: authz.ScopeType(c.AccessType), ID: c.AccessID},
		Visibility: authz.Visibility(c.Visibility),
	}
}

func (c sightColumns) scope() authz.Scope {
	return authz.Scope{Type: authz.ScopeType(c.ScopeType), ID: c.ScopeID}
}

// detailsJSON is how details are stored.
type detailsJSON struct {
	Names    map[string]string `json:"names,omitempty"`
	StartsAt *time.Time        `json:"starts_at,omitempty"`
	TimeZone string            `json:"time_zone,omitempty"`
	AllDay   bool              `json:"all_day,omitempty"`
	Minutes  int               `json:"minutes,omitempty"`
	EndsAt   *time.Time        `json:"ends_at,omitempty"`
	Role     string            `json:"role,omitempty"`
	Change   string            `json:"change,omitempty"`
	Level    int               `json:"level,omitempty"`
	Excerpt  string            `json:"excerpt,omitempty"`
	Fields   []string          `json:"fields,omitempty"`
	Reason   string            `json:"reason,omitempty"`
}

type notificationRow struct {
	bun.BaseModel `bun:"table:notifications,alias:n"`
	pg.Tenanted

	ID      uuid.UUID   `bun:"id,pk,type:uuid"`
	UserID  uuid.UUID   `bun:"user_id,type:uuid"`
	Kind    string      `bun:"kind"`
	Subject string      `bun:"subject_ref"`
	Group   string      `bun:"group_key"`
	Actors  []uuid.UUID `bun:"actor_ids,array,type:uuid[]"`
	Count   int         `bun:"actor_count"`
	sightColumns
	Title    string      `bun:"title"`
	Details  detailsJSON `bun:"details,type:jsonb"`
	Link     string      `bun:"link"`
	Created  time.Time   `bun:"created_at"`
	ToldAt   time.Time   `bun:"told_at"`
	ReadAt   *time.Time  `bun:"read_at"`
	Shown    bool        `bun:"shown"`
	InDigest bool        `bun:"in_digest"`
}

func toNotificationRow(n domain.Notification) *notificationRow {
	return &notificationRow{
		ID: n.ID, UserID: n.Person, Kind: string(n.Kind), Subject: n.Subject, Group: n.Group, Actors: append([]uuid.UUID{}, n.Actors...), Count: n.Count,
		sightColumns: toSight(n.Sight, n.Scope), Title: n.Title, Details: detailsJSON(n.Details), Link: n.Link,
		Created: n.Created, ToldAt: n.ToldAt, Shown: n.Shown, InDigest: n.InDigest,
	}
}

func (r *notificationRow) toDomain() domain.Notification {
	n := domain.Notification{
		ID: r.ID, Person: r.UserID, Kind: domain.Kind(r.Kind), Subject: r.Subject, Group: r.Group, Actors: r.Actors, Count: r.Count,
		Sight: r.sight(), Scope: r.scope(), Title: r.Title, Details: domain.Details(r.Details), Link: r.Link,
		Created: r.Created.UTC(), ToldAt: r.ToldAt.UTC(), Shown: r.Shown, InDigest: r.InDigest,
	}
	if r.ReadAt != nil {
		n.ReadAt = r.ReadAt.UTC()
	}
	return n
}

// maxSights bounds the question to access: more communities and teams than anyone is told of in 90 days.
const maxSights = 500

// Sights lists the different sights of what a person was told.
func (r *Inbox) Sights(ctx context.Context, person uuid.UUID, unread bool) ([]domain.Sight, error) {
	var rows []sightColumns
	err := r.db.Read(ctx, func(ctx context.Context) error {
		q := r.db.Conn(ctx).NewSelect().Model((*notificationRow)(nil)).DistinctOn("permission, access_type, access_id, visibility").
			Column("permission", "access_type", "access_id", "visibility").Where("n.user_id = ?", person).Where("n.shown").Where("n.permission <> ''").Limit(maxSights)
		if unread {
			q = q.Where("n.read_at IS NULL")
		}
		return pg.Error(q.Scan(ctx, &rows))
	})
	sights := make([]domain.Sight, len(rows))
	for i, row := range rows {
		sights[i] = row.sight()
	}
	return sights, err
}

// seen limits a query to what a person may see of the inbox.
func seen(q *bun.SelectQuery, person uuid.UUID, sights []domain.Sight) *bun.SelectQuery {
	permissions, types, visibilities := make([]string, len(sights)), make([]string, len(sights)), make([]string, len(sights))
	ids := make([]uuid.UUID, len(sights))
	for i, s := range sights {
		permissions[i], types[i], ids[i], visibilities[i] = string(s.Permission), string(s.Scope.Type), s.Scope.ID, string(s.Visibility)
	}
	return q.Where("n.user_id = ?", person).Where("n.shown").
		Where(`(n.permission = '' OR (n.permission, n.access_type, n.access_id, n.visibility) IN (SELECT * FROM unnest(?::text[], ?::text[], ?::uuid[], ?::text[])))`,
			pgdialect.Array(permissions), pgdialect.Array(types), pgdialect.Array(ids), pgdialect.Array(visibilities))
}

// Page lists from after a place, the latest first.
func (r *Inbox) Page(ctx context.Context, person uuid.UUID, query ports.Query, after domain.Key, limit int) ([]domain.Notification, error) {
	return pg.Many(ctx, r.db, (*notificationRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		q = seen(q, person, query.Sights).OrderExpr("n.told_at DESC, n.id DESC").Limit(int64(limit))
		if query.Unread {
			q = q.Where("n.read_at IS NULL")
		}
		if len(query.Kinds) > 0 {
			q = q.Where("n.kind = ANY (?)", pgdialect.Array(texts(query.Kinds)))
		}
		if after.ID != uuid.Nil {
			q = q.Where("(n.told_at, n.id) < (?, ?)", after.ToldAt, after.ID)
		}
		return q
	})
}

func texts[T ~string](words []T) []string {
	list := make([]string, len(words))
	for i, word := range words {
		list[i] = string(word)
	}
	return list
}

// CountUnread counts up to a number.
func (r *Inbox) CountUnread(ctx context.Context, person uuid.UUID, sights []domain.Sight, most int) (n int, err error) {
	err = r.db.Read(ctx, func(ctx context.Context) error {
		unread := seen(r.db.Conn(ctx).NewSelect().Model((*notificationRow)(nil)).ColumnExpr("1"), person, sights).Where("n.read_at IS NULL").Limit(int64(most))
		return pg.Error(r.db.Conn(ctx).NewSelect().TableExpr("(?) AS u", unread).ColumnExpr("count(*)").Scan(ctx, &n))
	})
	return n, err
}

// MarkRead marks one notification as read.
func (r *Inbox) MarkRead(ctx context.Context, person, id uuid.UUID, at time.Time) error {
	return changedOne(r.db.Conn(ctx).NewUpdate().Model((*notificationRow)(nil)).Set("read_at = coalesce(read_at, ?)", at).
		Where("id = ?", id).Where("user_id = ?", person).Where("shown").Exec(ctx))
}

func changedOne(result sql.Result, err error) error {
	if err != nil {
		return pg.Error(err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, domain.ErrNotFound)
	}
	return nil
}

// MarkReadUpTo marks those as read that were told up to a time.
func (r *Inbox) MarkReadUpTo(ctx context.Context, person uuid.UUID, upTo, at time.Time) error {
	_, err := r.db.Conn(ctx).NewUpdate().Model((*notificationRow)(nil)).Set("read_at = ?", at).
		Where("user_id = ?", person).Where("shown").Where("read_at IS NULL").Where("told_at <= ?", upTo).Exec(ctx)
	return pg.Error(err)
}

// Delete removes a notification. Its causes stay.
func (r *Inbox) Delete(ctx context.Context, person, id uuid.UUID) error {
	return changedOne(r.db.Conn(ctx).NewDelete().Model((*notificationRow)(nil)).Where("id = ?", id).Where("user_id = ?", person).Where("shown").Exec(ctx))
}

// Tell stores what people are told of a notice.
func (r *Inbox) Tell(ctx context.Context, n domain.Notice, to []domain.Notification) ([]domain.Notification, error) {
	if len(to) == 0 {
		return nil, nil
	}
	tenant := reqctx.From(ctx).TenantID
	people, ids := make([]uuid.UUID, len(to)), make([]uuid.UUID, len(to))
	for i, notification := range to {
		people[i], ids[i] = notification.Person, notification.ID
	}
	var fresh []uuid.UUID
	err := r.db.Conn(ctx).NewRaw(`INSERT INTO notification_causes (tenant_id, user_id, cause, notification_id, actor_id, told_at)
		SELECT ?, p.person, ?, p.id, ?, ? FROM unnest(?::uuid[], ?::uuid[]) AS p (person, id) ORDER BY p.person
		ON CONFLICT DO NOTHING RETURNING user_id`,
		tenant, n.Cause, orNull(n.Actor), to[0].ToldAt, pgdialect.Array(people), pgdialect.Array(ids)).Scan(ctx, &fresh)
	if err != nil {
		return nil, pg.Error(err)
	}
	var first []domain.Notification
	var rows []*notificationRow
	for _, notification := range to {
		if !slices.Contains(fresh, notification.Person) {
			continue
		}
		if notification.Group != "" {
			joined, err := r.join(ctx, n, notification)
			if err != nil {
				return nil, err
			}
			if joined {
				continue
			}
		}
		first, rows = append(first, notification), append(rows, toNotificationRow(notification))
	}
	if len(rows) == 0 {
		return nil, nil
	}
	_, err = r.db.Conn(ctx).NewInsert().Model(&rows).Exec(ctx)
	return first, pg.Error(err)
}

// join adds a cause to the unread notification of its group, if there is one. Of two causes at once one waits for the other: the lock is the person's.
func (r *Inbox) join(ctx context.Context, n domain.Notice, told domain.Notification) (bool, error) {
	if _, err := r.db.Conn(ctx).NewRaw("SELECT pg_advisory_xact_lock(hashtextextended(? || ?, 0))", told.Person.String(), told.Group).Exec(ctx); err != nil {
		return false, pg.Error(err)
	}
	var found []uuid.UUID
	err := r.db.Conn(ctx).NewSelect().Model((*notificationRow)(nil)).Column("id").Where("n.user_id = ?", told.Person).Where("n.group_key = ?", told.Group).
		Where("n.read_at IS NULL").For("UPDATE").Scan(ctx, &found)
	if err != nil || len(found) == 0 {
		return false, pg.Error(err)
	}
	if _, err := r.db.Conn(ctx).NewRaw("UPDATE notification_causes SET notification_id = ? WHERE tenant_id = ? AND user_id = ? AND cause = ?",
		found[0], reqctx.From(ctx).TenantID, told.Person, n.Cause).Exec(ctx); err != nil {
		return false, pg.Error(err)
	}
	if _, err := r.db.Conn(ctx).NewUpdate().Model((*notificationRow)(nil)).Set("told_at = ?", told.ToldAt).Set("title = ?", told.Title).
		Set("details = ?", detailsJSON(told.Details)).Where("id = ?", found[0]).Exec(ctx); err != nil {
		return false, pg.Error(err)
	}
	return true, r.recount(ctx, found)
}

// recount sets the actors of notifications to those of their causes.
func (r *Inbox) recount(ctx context.Context, ids []uuid.UUID) error {
	if len(ids) == 0 {
		return nil
	}
	_, err := r.db.Conn(ctx).NewRaw(`UPDATE notifications AS n SET
			actor_count = (SELECT count(DISTINCT c.actor_id) FROM notification_causes c WHERE c.tenant_id = n.tenant_id AND c.notification_id = n.id),
			actor_ids = ARRAY(SELECT c.actor_id FROM notification_causes c WHERE c.tenant_id = n.tenant_id AND c.notification_id = n.id AND c.actor_id IS NOT NULL
				GROUP BY c.actor_id ORDER BY max(c.told_at) DESC, c.actor_id LIMIT ?)
		WHERE n.tenant_id = ? AND n.id = ANY (?)`, domain.MaxActors, reqctx.From(ctx).TenantID, pgdialect.Array(ids)).Exec(ctx)
	return pg.Error(err)
}

// Withdraw removes what was told of a subject. Its causes stay.
func (r *Inbox) Withdraw(ctx context.Context, subject string, person uuid.UUID) error {
	q := r.db.Conn(ctx).NewDelete().Model((*notificationRow)(nil)).Where("subject_ref = ?", subject)
	if person != uuid.Nil {
		q = q.Where("user_id = ?", person)
	}
	_, err := q.Exec(ctx)
	return pg.Error(err)
}

// Unsay takes a cause back.
func (r *Inbox) Unsay(ctx context.Context, cause string) error {
	tenant := reqctx.From(ctx).TenantID
	var of []uuid.UUID
	if err := r.db.Conn(ctx).NewRaw("DELETE FROM notification_causes WHERE tenant_id = ? AND cause = ? AND notification_id IS NOT NULL RETURNING notification_id",
		tenant, cause).Scan(ctx, &of); err != nil {
		return pg.Error(err)
	}
	if _, err := r.db.Conn(ctx).NewRaw(`DELETE FROM notifications AS n WHERE n.tenant_id = ? AND n.id = ANY (?)
		AND NOT EXISTS (SELECT FROM notification_causes c WHERE c.tenant_id = n.tenant_id AND c.notification_id = n.id)`, tenant, pgdialect.Array(of)).Exec(ctx); err != nil {
		return pg.Error(err)
	}
	return r.recount(ctx, of)
}

// Move changes who may see what was told of a subject.
func (r *Inbox) Move(ctx context.Context, m domain.Moved) error {
	for _, model := range []any{(*notificationRow)(nil), (*noticeRow)(nil)} {
		_, err := r.db.Conn(ctx).NewUpdate().Model(model).
			Set("access_type = ?", m.Sight.Scope.Type).Set("access_id = ?", m.Sight.Scope.ID).Set("visibility = ?", m.Sight.Visibility).
			Where("subject_ref = ?", m.Subject).Where("permission <> ''").Exec(ctx)
		if err != nil {
			return pg.Error(err)
		}
	}
	return nil
}

// Pending lists what waits for a person's next digest.
func (r *Inbox) Pending(ctx context.Context, person uuid.UUID, limit int) ([]domain.Notification, error) {
	return pg.Many(ctx, r.db, (*notificationRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("n.user_id = ?", person).Where("n.in_digest").Where("n.read_at IS NULL").OrderExpr("n.told_at DESC, n.id DESC").Limit(int64(limit))
	})
}

// TakeDigest ends the wait of what was told up to a time.
func (r *Inbox) TakeDigest(ctx context.Context, person uuid.UUID, upTo time.Time) error {
	_, err := r.db.Conn(ctx).NewUpdate().Model((*notificationRow)(nil)).Set("in_digest = false").Where("user_id = ?", person).Where("in_digest").
		Where("told_at <= ?", upTo).Exec(ctx)
	return pg.Error(err)
}

// Forget removes, in all tenants, what was told before a time.
func (r *Inbox) Forget(ctx context.Context, before time.Time) error {
	ctx = pg.AcrossTenants(ctx, "retention of notifications")
	for _, table := range []string{"notifications", "notification_causes"} {
		if _, err := r.db.Prune(ctx, table, "told_at", before); err != nil {
			return err
		}
	}
	return nil
}
