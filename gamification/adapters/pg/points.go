package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/ports"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/valid"
)

// Points is ports.Points.
type Points struct{ db *pg.DB }

// NewPoints stores points in db.
func NewPoints(db *pg.DB) *Points { return &Points{db} }

type pointEntryRow struct {
	bun.BaseModel `bun:"table:point_entries,alias:e"`
	pg.Tenanted

	ID            uuid.UUID `bun:"id,pk,type:uuid"`
	PersonID      uuid.UUID `bun:"person_id,type:uuid"`
	Kind          string    `bun:"kind"`
	Points        int64     `bun:"points"`
	GrantID       uuid.UUID `bun:"grant_id,type:uuid"`
	AchievementID uuid.UUID `bun:"achievement_id,type:uuid"`
	CreatedAt     time.Time `bun:"created_at"`
}

func (r *pointEntryRow) toDomain() domain.PointEntry {
	return domain.PointEntry{
		ID: r.ID, TenantID: r.TenantID, Person: r.PersonID, Kind: domain.EntryKind(r.Kind), Points: r.Points, GrantID: r.GrantID, AchievementID: r.AchievementID,
		CreatedAt: valid.Instant(r.CreatedAt),
	}
}

// addEntries stores entries and adds them to the totals of their persons in one statement. The locks of the persons are taken before, so
// that the totals before are the last ones.
const addEntries = `
WITH entry AS (
	INSERT INTO point_entries (tenant_id, id, person_id, kind, points, grant_id, achievement_id, created_at)
	SELECT ?0, e.id, e.person_id, e.kind, e.points, e.grant_id, e.achievement_id, e.created_at
	FROM unnest(?1::uuid[], ?2::uuid[], ?3::text[], ?4::bigint[], ?5::uuid[], ?6::uuid[], ?7::timestamptz[]) AS e (id, person_id, kind, points, grant_id, achievement_id, created_at)
	RETURNING person_id, points, created_at
), season AS (
	SELECT '00000000-0000-0000-0000-000000000000'::uuid AS id, '-infinity'::timestamptz AS starts_at, 'infinity'::timestamptz AS ends_at UNION ALL
	SELECT s.id, s.starts_at, s.ends_at FROM seasons AS s WHERE s.tenant_id = ?0 AND s.ends_at > ?8 AND s.closed_at IS NULL
), scope AS (
	SELECT person_id, ?0::uuid AS id FROM entry UNION ALL
	SELECT g.user_id, g.scope_id FROM group_members AS g WHERE g.tenant_id = ?0 AND g.user_id = ANY (?2::uuid[]) AND g.active
), added AS (
	INSERT INTO point_totals AS t (tenant_id, person_id, season_id, scope_id, points, peak, reached_at, shown)
	SELECT ?0, e.person_id, season.id, scope.id, e.points, greatest(e.points, 0), e.created_at, m.user_id IS NOT NULL
	FROM entry AS e JOIN season ON season.starts_at <= e.created_at AND season.ends_at > e.created_at JOIN scope ON scope.person_id = e.person_id
		LEFT JOIN members AS m ON m.tenant_id = ?0 AND m.user_id = e.person_id AND m.active AND m.ranked
	ON CONFLICT (tenant_id, person_id, season_id, scope_id) DO UPDATE
	SET points = t.points + EXCLUDED.points, peak = greatest(t.peak, t.points + EXCLUDED.points), reached_at = EXCLUDED.reached_at
	RETURNING t.person_id, t.season_id, t.scope_id, t.points, t.peak, t.shown
)
SELECT a.person_id, coalesce(b.points, 0) AS points_before, coalesce(b.peak, 0) AS peak_before, a.points, a.peak, a.shown
FROM added AS a LEFT JOIN point_totals AS b ON b.tenant_id = ?0 AND b.person_id = a.person_id AND b.season_id = a.season_id AND b.scope_id = a.scope_id
WHERE a.season_id = '00000000-0000-0000-0000-000000000000'::uuid AND a.scope_id = ?0`

// Add stores entries and adds them up.
func (r *Points) Add(ctx context.Context, entries ...domain.PointEntry) ([]ports.PointsChange, error) {
	n := len(entries)
	ids, persons, kinds, points := make([]uuid.UUID, n), make([]uuid.UUID, n), make([]string, n), make([]int64, n)
	grants, achievements, times := make([]uuid.UUID, n), make([]uuid.UUID, n), make([]time.Time, n)
	first := entries[0].CreatedAt
	for i, e := range entries {
		ids[i], persons[i], kinds[i], points[i], grants[i], achievements[i], times[i] = e.ID, e.Person, string(e.Kind), e.Points, e.GrantID, e.AchievementID, e.CreatedAt
		if e.CreatedAt.Before(first) {
			first = e.CreatedAt
		}
	}
	var rows []struct {
		PersonID                               uuid.UUID
		PointsBefore, PeakBefore, Points, Peak int64
		Shown                                  bool
	}
	err := r.db.Conn(ctx).NewRaw(addEntries, reqctx.From(ctx).TenantID, pgdialect.Array(ids), pgdialect.Array(persons), pgdialect.Array(kinds), pgdialect.Array(points),
		pgdialect.Array(grants), pgdialect.Array(achievements), pgdialect.Array(times), first).Scan(ctx, &rows)
	changes := make([]ports.PointsChange, len(rows))
	for i, row := range rows {
		changes[i] = ports.PointsChange{
			Person: row.PersonID, Before: domain.Total{Points: row.PointsBefore, Peak: row.PeakBefore}, After: domain.Total{Points: row.Points, Peak: row.Peak}, Shown: row.Shown,
		}
	}
	return changes, pg.Error(err)
}

// Entry returns the entry of a grant.
func (r *Points) Entry(ctx context.Context, grant uuid.UUID) (domain.PointEntry, bool, error) {
	found, err := pg.Many(ctx, r.db, (*pointEntryRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("e.grant_id = ?", grant).Where("e.kind = ?", domain.EntryGrant)
	})
	if err != nil || len(found) == 0 {
		return domain.PointEntry{}, false, err
	}
	return found[0], true, nil
}

// Entries lists the entries of a person.
func (r *Points) Entries(ctx context.Context, person, before uuid.UUID, limit int) ([]domain.PointEntry, error) {
	return pg.Many(ctx, r.db, (*pointEntryRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return pg.PageByIDDesc(q.Where("e.person_id = ?", person), before, limit)
	})
}

// Sum adds up the entries of a person in a time.
func (r *Points) Sum(ctx context.Context, person uuid.UUID, from, until time.Time) (sum int64, err error) {
	err = r.db.Read(ctx, func(ctx context.Context) error {
		return pg.Error(r.db.Conn(ctx).NewSelect().Model((*pointEntryRow)(nil)).ColumnExpr("coalesce(sum(e.points), 0)").Where("e.person_id = ?", person).
			Where("e.created_at >= ?", from).Where("e.created_at < ?", until).Scan(ctx, &sum))
	})
	return sum, err
}

// Join changes who is in a community or team. The boards of a group have the totals that the person has in the tenant.
func (r *Points) Join(ctx context.Context, person, scope uuid.UUID, version int64, active bool) error {
	tenant := reqctx.From(ctx).TenantID
	result, err := r.db.Conn(ctx).NewRaw(`
		INSERT INTO group_members AS g (tenant_id, user_id, scope_id, version, active) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (tenant_id, user_id, scope_id) DO UPDATE SET version = EXCLUDED.version, active = EXCLUDED.active WHERE g.version < EXCLUDED.version`,
		tenant, person, scope, version, active).Exec(ctx)
	if err != nil {
		return pg.Error(err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return pg.Error(err)
	}
	if !active {
		_, err = r.db.Conn(ctx).NewRaw(`DELETE FROM point_totals WHERE tenant_id = ?0 AND person_id = ?1 AND scope_id = ?2`, tenant, person, scope).Exec(ctx)
		return pg.Error(err)
	}
	_, err = r.db.Conn(ctx).NewRaw(`
		INSERT INTO point_totals (tenant_id, person_id, season_id, scope_id, points, peak, reached_at, shown)
		SELECT t.tenant_id, t.person_id, t.season_id, ?2, t.points, t.peak, t.reached_at, t.shown FROM point_totals AS t
		WHERE t.tenant_id = ?0 AND t.person_id = ?1 AND t.scope_id = ?0
		ON CONFLICT DO NOTHING`, tenant, person, scope).Exec(ctx)
	return pg.Error(err)
}

// Drop deletes the boards of a community or a team.
func (r *Points) Drop(ctx context.Context, scope uuid.UUID) error {
	tenant := reqctx.From(ctx).TenantID
	for _, statement := range []string{
		`DELETE FROM point_totals AS t USING group_members AS g WHERE g.tenant_id = ?0 AND g.scope_id = ?1 AND t.tenant_id = ?0 AND t.person_id = g.user_id AND t.scope_id = ?1`,
		`DELETE FROM group_members WHERE tenant_id = ?0 AND scope_id = ?1`,
	} {
		if _, err := r.db.Conn(ctx).NewRaw(statement, tenant, scope).Exec(ctx); err != nil {
			return pg.Error(err)
		}
	}
	return nil
}

// Show brings shown up to date.
func (r *Points) Show(ctx context.Context, person uuid.UUID) error {
	const shown = `SET shown = EXISTS (SELECT FROM members AS m WHERE m.tenant_id = ?0 AND m.user_id = ?1 AND m.active AND m.ranked) WHERE tenant_id = ?0 AND person_id = ?1`
	for _, statement := range []string{"UPDATE point_totals " + shown, "UPDATE season_ranks " + shown} {
		if _, err := r.db.Conn(ctx).NewRaw(statement, reqctx.From(ctx).TenantID, person).Exec(ctx); err != nil {
			return pg.Error(err)
		}
	}
	return nil
}

// CountSeason makes the boards of a season anew.
func (r *Points) CountSeason(ctx context.Context, season domain.Season) error {
	if err := r.DropSeason(ctx, season.ID()); err != nil {
		return err
	}
	d := season.Data()
	_, err := r.db.Conn(ctx).NewRaw(`
		WITH sums AS (
			SELECT person_id, sum(points) AS points, max(created_at) AS reached_at FROM point_entries
			WHERE tenant_id = ?0 AND created_at >= ?2 AND created_at < ?3 GROUP BY person_id
		), places AS (
			SELECT person_id, ?0 AS scope_id FROM sums UNION ALL
			SELECT g.user_id, g.scope_id FROM group_members AS g WHERE g.tenant_id = ?0 AND g.active
		)
		INSERT INTO point_totals (tenant_id, person_id, season_id, scope_id, points, peak, reached_at, shown)
		SELECT ?0, s.person_id, ?1, p.scope_id, s.points, greatest(s.points, 0), s.reached_at, m.user_id IS NOT NULL
		FROM sums AS s JOIN places AS p ON p.person_id = s.person_id
			LEFT JOIN members AS m ON m.tenant_id = ?0 AND m.user_id = s.person_id AND m.active AND m.ranked`,
		d.TenantID, d.ID, d.StartsAt, d.EndsAt).Exec(ctx)
	return pg.Error(err)
}

// DropSeason deletes the boards of a season.
func (r *Points) DropSeason(ctx context.Context, season uuid.UUID) error {
	_, err := r.db.Conn(ctx).NewRaw(`DELETE FROM point_totals WHERE tenant_id = ?0 AND season_id = ?1`, reqctx.From(ctx).TenantID, season).Exec(ctx)
	return pg.Error(err)
}

// CloseSeason turns the boards of a season into ranks that stay.
func (r *Points) CloseSeason(ctx context.Context, season uuid.UUID) error {
	_, err := r.db.Conn(ctx).NewRaw(`
		INSERT INTO season_ranks (tenant_id, season_id, scope_id, place, rank, person_id, points, shown)
		SELECT tenant_id, season_id, scope_id, row_number() OVER (PARTITION BY scope_id ORDER BY order_points, reached_at, person_id),
			rank() OVER (PARTITION BY scope_id ORDER BY order_points), person_id, points, true
		FROM point_totals WHERE tenant_id = ?0 AND season_id = ?1 AND shown AND order_points < 0`, reqctx.From(ctx).TenantID, season).Exec(ctx)
	if err != nil {
		return pg.Error(err)
	}
	return r.DropSeason(ctx, season)
}
