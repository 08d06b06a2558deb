package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/valid"
)

// Grants is ports.Grants.
type Grants struct{ db *pg.DB }

// NewGrants stores grants in db.
func NewGrants(db *pg.DB) *Grants { return &Grants{db} }

type grantRow struct {
	bun.BaseModel `bun:"table:grants,alias:g"`
	pg.Tenanted

	ID            uuid.UUID `bun:"id,pk,type:uuid"`
	AchievementID uuid.UUID `bun:"achievement_id,type:uuid"`
	RecipientID   uuid.UUID `bun:"recipient_id,type:uuid"`
	IssuerID      uuid.UUID `bun:"issuer_id,type:uuid"`
	Reason        string    `bun:"reason"`
	Visibility    string    `bun:"visibility"`
	Single        bool      `bun:"single"`
	BatchID       uuid.UUID `bun:"batch_id,type:uuid,nullzero"`
	CreatedAt     time.Time `bun:"created_at"`
	ExpiresAt     time.Time `bun:"expires_at,nullzero"`
	EndedAt       time.Time `bun:"ended_at,nullzero"`
	RevokedAt     time.Time `bun:"revoked_at,nullzero"`
	RevokedBy     uuid.UUID `bun:"revoked_by,type:uuid,nullzero"`
	RevokeReason  string    `bun:"revoke_reason"`
}

func toRowGrant(g domain.Grant) *grantRow {
	d := g.Data()
	return &grantRow{
		Tenanted: pg.Tenanted{TenantID: d.TenantID}, ID: d.ID, AchievementID: d.AchievementID, RecipientID: d.RecipientID, IssuerID: d.IssuerID,
		Reason: d.Reason, Visibility: string(d.Visibility), Single: d.Single, BatchID: d.Batch, CreatedAt: d.CreatedAt, ExpiresAt: d.ExpiresAt, EndedAt: d.EndedAt,
		RevokedAt: d.RevokedAt, RevokedBy: d.RevokedBy, RevokeReason: d.RevokeReason,
	}
}

func (r *grantRow) toDomain() domain.Grant {
	return domain.RestoreGrant(domain.GrantData{
		ID: r.ID, TenantID: r.TenantID, AchievementID: r.AchievementID, RecipientID: r.RecipientID, IssuerID: r.IssuerID, Reason: r.Reason,
		Visibility: domain.GrantVisibility(r.Visibility), Single: r.Single, Batch: r.BatchID, CreatedAt: valid.Instant(r.CreatedAt), ExpiresAt: valid.Instant(r.ExpiresAt),
		EndedAt: valid.Instant(r.EndedAt), RevokedAt: valid.Instant(r.RevokedAt), RevokedBy: r.RevokedBy, RevokeReason: r.RevokeReason,
	})
}

func (r *Grants) one(ctx context.Context, query func(*bun.SelectQuery) *bun.SelectQuery) (domain.Grant, error) {
	return pg.One(ctx, r.db, domain.ErrGrantNotFound, (*grantRow).toDomain, query)
}

// Find returns a grant.
func (r *Grants) Find(ctx context.Context, id uuid.UUID) (domain.Grant, error) {
	return r.one(ctx, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("g.id = ?", id) })
}

// Lock returns a grant and locks it.
func (r *Grants) Lock(ctx context.Context, id uuid.UUID) (domain.Grant, error) {
	return r.one(ctx, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("g.id = ?", id).For("UPDATE") })
}

// Current returns the grant that a member has, and locks it.
func (r *Grants) Current(ctx context.Context, achievement, recipient uuid.UUID) (domain.Grant, error) {
	return r.one(ctx, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("g.achievement_id = ?", achievement).Where("g.recipient_id = ?", recipient).Where("g.single AND g.ended_at IS NULL").For("UPDATE")
	})
}

// Currents returns the grants that members of a list have, and locks them in one order for all.
func (r *Grants) Currents(ctx context.Context, achievement uuid.UUID, recipients []uuid.UUID) (map[uuid.UUID]domain.Grant, error) {
	return r.byRecipient(ctx, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("g.achievement_id = ?", achievement).Where("g.recipient_id = ANY (?)", pgdialect.Array(recipients)).
			Where("g.single AND g.ended_at IS NULL").OrderExpr("g.id").For("UPDATE")
	})
}

// OfBatch returns the grants that a request for many members has made.
func (r *Grants) OfBatch(ctx context.Context, batch uuid.UUID) (map[uuid.UUID]domain.Grant, error) {
	return r.byRecipient(ctx, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("g.batch_id = ?", batch) })
}

func (r *Grants) byRecipient(ctx context.Context, query func(*bun.SelectQuery) *bun.SelectQuery) (map[uuid.UUID]domain.Grant, error) {
	grants, err := pg.Many(ctx, r.db, (*grantRow).toDomain, query)
	found := make(map[uuid.UUID]domain.Grant, len(grants))
	for _, grant := range grants {
		found[grant.Data().RecipientID] = grant
	}
	return found, err
}

// Holds reports whether a member has an achievement.
func (r *Grants) Holds(ctx context.Context, achievement, user uuid.UUID) (holds bool, err error) {
	err = r.db.Read(ctx, func(ctx context.Context) error {
		holds, err = r.db.Conn(ctx).NewSelect().Model((*grantRow)(nil)).Where("g.achievement_id = ?", achievement).Where("g.recipient_id = ?", user).
			Where("g.ended_at IS NULL").Exists(ctx)
		return pg.Error(err)
	})
	return holds, err
}

// Standing returns what a grant depends on.
func (r *Grants) Standing(ctx context.Context, a domain.Achievement, recipient, issuer uuid.UUID, since time.Time) (domain.Standing, error) {
	found, err := r.Standings(ctx, a, []uuid.UUID{recipient}, issuer, since)
	return found[recipient], err
}

type standingRow struct {
	UserID       uuid.UUID   `bun:"user_id,type:uuid"`
	Member       bool        `bun:"member"`
	Missing      []uuid.UUID `bun:"missing,array,type:uuid[]"`
	Granted      int         `bun:"granted"`
	IssuedLately int         `bun:"issued_lately"`
}

// Standings returns what grants to members depend on. What is the same for all is counted once.
func (r *Grants) Standings(
	ctx context.Context, a domain.Achievement, recipients []uuid.UUID, issuer uuid.UUID, since time.Time,
) (map[uuid.UUID]domain.Standing, error) {
	var rows []standingRow
	err := r.db.Read(ctx, func(ctx context.Context) error {
		return pg.Error(r.db.Conn(ctx).NewRaw(standings, reqctx.From(ctx).TenantID, a.ID(), pgdialect.Array(recipients), issuer, since,
			pgdialect.Array(a.Data().Rules.Prerequisites)).Scan(ctx, &rows))
	})
	found := make(map[uuid.UUID]domain.Standing, len(rows))
	for _, row := range rows {
		found[row.UserID] = domain.Standing{
			Member: row.Member, MissingPrerequisites: row.Missing, Granted: row.Granted, IssuedLately: row.IssuedLately,
		}
	}
	return found, err
}

const standings = `
SELECT r.user_id, EXISTS (SELECT FROM members AS m WHERE m.tenant_id = ?0 AND m.user_id = r.user_id AND m.active) AS member,
	ARRAY (SELECT p FROM unnest(?5::uuid[]) AS p WHERE NOT EXISTS (
		SELECT FROM grants AS g WHERE g.tenant_id = ?0 AND g.achievement_id = p AND g.recipient_id = r.user_id AND g.ended_at IS NULL)) AS missing,
	(SELECT count(*) FROM grants AS g WHERE g.tenant_id = ?0 AND g.achievement_id = ?1 AND g.ended_at IS NULL) AS granted,
	(SELECT count(*) FROM grants AS g WHERE g.tenant_id = ?0 AND g.achievement_id = ?1 AND g.issuer_id = ?3 AND g.created_at > ?4) AS issued_lately
FROM (SELECT DISTINCT u AS user_id FROM unnest(?2::uuid[]) AS u) AS r`

func after(key *ports.GrantKey) func(*bun.SelectQuery) *bun.SelectQuery {
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		if key != nil {
			q = q.Where("(g.created_at, g.id) < (?, ?)", key.CreatedAt, key.ID)
		}
		return q.OrderExpr("g.created_at DESC, g.id DESC")
	}
}

// Page lists grants of an achievement.
func (r *Grants) Page(ctx context.Context, f ports.GrantFilter, key *ports.GrantKey, limit int) ([]domain.Grant, error) {
	return pg.Many(ctx, r.db, (*grantRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		q = q.Where("g.achievement_id = ?", f.Achievement)
		if f.Visibility != "" {
			q = q.Where("g.visibility = ?", f.Visibility)
		}
		if !f.Ended {
			q = q.Where("g.ended_at IS NULL")
		}
		if f.SeenBy != uuid.Nil {
			q = q.Where("(g.visibility = 'public' OR g.recipient_id = ?)", f.SeenBy)
		}
		return q.Apply(after(key)).Limit(int64(limit))
	})
}

// PageOf lists what a member has.
func (r *Grants) PageOf(ctx context.Context, recipient uuid.UUID, viewer authz.Viewer, key *ports.GrantKey, limit int) ([]domain.Grant, error) {
	return pg.Many(ctx, r.db, (*grantRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		q = q.Where("g.recipient_id = ?", recipient).Where("g.ended_at IS NULL")
		if recipient != viewer.Actor.User {
			seen := r.db.Conn(ctx).NewSelect().Model((*achievementRow)(nil)).Column("id").Where("a.tenant_id = ?", viewer.Actor.Tenant).Apply(pg.VisibleTo(viewer, visibility))
			private := r.db.Conn(ctx).NewSelect().Model((*achievementRow)(nil)).Column("id").Where("a.tenant_id = ?", viewer.Actor.Tenant).
				Where("(a.access_type, a.access_id) IN ?", pg.Scopes(viewer.Holds[domain.PermissionViewPrivate]))
			q = q.Where("g.achievement_id IN (?)", seen).Where("(g.visibility = 'public' OR g.achievement_id IN (?))", private)
		}
		return q.Apply(after(key)).Limit(int64(limit))
	})
}

// FindAll returns grants by their ids.
func (r *Grants) FindAll(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]domain.Grant, error) {
	grants, err := pg.Many(ctx, r.db, (*grantRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("g.id = ANY (?)", pgdialect.Array(ids))
	})
	found := make(map[uuid.UUID]domain.Grant, len(grants))
	for _, grant := range grants {
		found[grant.ID()] = grant
	}
	return found, err
}

type pinRow struct {
	bun.BaseModel `bun:"table:pins,alias:p"`
	pg.Tenanted

	UserID  uuid.UUID `bun:"user_id,pk,type:uuid"`
	GrantID uuid.UUID `bun:"grant_id,pk,type:uuid"`
	Place   int       `bun:"place"`
}

// Pinned lists what a member has pinned.
func (r *Grants) Pinned(ctx context.Context, recipient uuid.UUID, viewer authz.Viewer) ([]domain.Grant, error) {
	return pg.Many(ctx, r.db, (*grantRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		q = q.Join("JOIN pins AS p ON p.tenant_id = g.tenant_id AND p.grant_id = g.id AND p.user_id = g.recipient_id").
			Where("g.recipient_id = ?", recipient).Where("g.ended_at IS NULL").Where("g.visibility = 'public'")
		if recipient != viewer.Actor.User {
			seen := r.db.Conn(ctx).NewSelect().Model((*achievementRow)(nil)).Column("id").Where("a.tenant_id = ?", viewer.Actor.Tenant).Apply(pg.VisibleTo(viewer, visibility))
			q = q.Where("g.achievement_id IN (?)", seen)
		}
		return q.OrderExpr("p.place")
	})
}

// Pin replaces what a member has pinned.
func (r *Grants) Pin(ctx context.Context, recipient uuid.UUID, grants []uuid.UUID) error {
	if err := lockUser(ctx, r.db, "pins", recipient); err != nil {
		return err
	}
	if _, err := r.db.Conn(ctx).NewDelete().Model((*pinRow)(nil)).Where("user_id = ?", recipient).Exec(ctx); err != nil || len(grants) == 0 {
		return pg.Error(err)
	}
	rows := make([]*pinRow, len(grants))
	for i, id := range grants {
		rows[i] = &pinRow{UserID: recipient, GrantID: id, Place: i + 1}
	}
	_, err := r.db.Conn(ctx).NewInsert().Model(&rows).Exec(ctx)
	return pg.Error(err)
}

// Expire ends grants whose time is over. Those that another transaction has locked are left to the next run.
func (r *Grants) Expire(ctx context.Context, now time.Time, limit int) (ended int, err error) {
	ctx = pg.AcrossTenants(ctx, "expiry of grants")
	err = r.db.Do(ctx, func(ctx context.Context) error {
		result, err := r.db.Conn(ctx).NewRaw(`
			UPDATE grants AS g SET ended_at = g.expires_at FROM (
				SELECT tenant_id, id FROM grants WHERE ended_at IS NULL AND expires_at <= ? ORDER BY expires_at LIMIT ? FOR UPDATE SKIP LOCKED
			) AS due WHERE g.tenant_id = due.tenant_id AND g.id = due.id`, now, limit).Exec(ctx)
		if err != nil {
			return pg.Error(err)
		}
		n, err := result.RowsAffected()
		ended = int(n)
		return pg.Error(err)
	})
	return ended, err
}

// Add stores new grants.
func (r *Grants) Add(ctx context.Context, grants ...domain.Grant) error {
	rows := make([]*grantRow, len(grants))
	for i, grant := range grants {
		rows[i] = toRowGrant(grant)
	}
	_, err := r.db.Conn(ctx).NewInsert().Model(&rows).Exec(ctx)
	return pg.Error(err)
}

// Update stores the end of a grant.
func (r *Grants) Update(ctx context.Context, grant domain.Grant) error {
	result, err := r.db.Conn(ctx).NewUpdate().Model(toRowGrant(grant)).Column("ended_at", "revoked_at", "revoked_by", "revoke_reason").
		Where("id = ?", grant.ID()).Exec(ctx)
	return pg.ChangedOne(result, err, domain.ErrGrantNotFound)
}

// Forget removes grants that ended long ago.
func (r *Grants) Forget(ctx context.Context, before time.Time) error {
	_, err := r.db.Prune(pg.AcrossTenants(ctx, "retention of grants"), "grants", "ended_at", before)
	return err
}
