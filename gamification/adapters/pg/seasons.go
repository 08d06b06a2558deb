package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/ports"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/valid"
)

// Seasons is ports.Seasons.
type Seasons struct{ db *pg.DB }

// NewSeasons stores seasons in db.
func NewSeasons(db *pg.DB) *Seasons { return &Seasons{db} }

type seasonRow struct {
	bun.BaseModel `bun:"table:seasons,alias:s"`
	pg.Tenanted

	ID        uuid.UUID    `bun:"id,pk,type:uuid"`
	Names     domain.Texts `bun:"names,type:jsonb"`
	StartsAt  time.Time    `bun:"starts_at"`
	EndsAt    time.Time    `bun:"ends_at"`
	ClosedAt  time.Time    `bun:"closed_at,nullzero"`
	CreatedAt time.Time    `bun:"created_at"`
	UpdatedAt time.Time    `bun:"updated_at"`
	Version   int          `bun:"version"`
}

func toRowSeason(s domain.Season) *seasonRow {
	d := s.Data()
	return &seasonRow{
		Tenanted: pg.Tenanted{TenantID: d.TenantID}, ID: d.ID, Names: d.Names, StartsAt: d.StartsAt, EndsAt: d.EndsAt, ClosedAt: d.ClosedAt,
		CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt, Version: d.Version,
	}
}

func (r *seasonRow) toDomain() domain.Season {
	return domain.RestoreSeason(domain.SeasonData{
		ID: r.ID, TenantID: r.TenantID, Names: r.Names, StartsAt: valid.Instant(r.StartsAt), EndsAt: valid.Instant(r.EndsAt), ClosedAt: valid.Instant(r.ClosedAt),
		CreatedAt: valid.Instant(r.CreatedAt), UpdatedAt: valid.Instant(r.UpdatedAt), Version: r.Version,
	})
}

// List lists all seasons.
func (r *Seasons) List(ctx context.Context) ([]domain.Season, error) {
	return pg.Many(ctx, r.db, (*seasonRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.OrderExpr("s.starts_at DESC").Limit(domain.MaxSeasons)
	})
}

// Find returns a season.
func (r *Seasons) Find(ctx context.Context, id uuid.UUID) (domain.Season, error) {
	return pg.One(ctx, r.db, domain.ErrSeasonNotFound, (*seasonRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("s.id = ?", id) })
}

// Running returns the season of a moment.
func (r *Seasons) Running(ctx context.Context, now time.Time) (domain.Season, bool, error) {
	found, err := pg.Many(ctx, r.db, (*seasonRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("s.starts_at <= ?", now).Where("s.ends_at > ?", now).OrderExpr("s.starts_at DESC").Limit(1)
	})
	if err != nil || len(found) == 0 {
		return domain.Season{}, false, err
	}
	return found[0], true, nil
}

// ToClose lists seasons of all tenants.
func (r *Seasons) ToClose(ctx context.Context, now time.Time, limit int) ([]domain.Season, error) {
	return pg.Many(pg.AcrossTenants(ctx, "closing of seasons"), r.db, (*seasonRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("s.closed_at IS NULL").Where("s.ends_at <= ?", now).OrderExpr("s.ends_at").Limit(int64(limit))
	})
}

// Add stores a new season.
func (r *Seasons) Add(ctx context.Context, season domain.Season) error {
	_, err := r.db.Conn(ctx).NewInsert().Model(toRowSeason(season)).Exec(ctx)
	return pg.Error(err)
}

// Update stores a changed season.
func (r *Seasons) Update(ctx context.Context, season domain.Season) error {
	result, err := r.db.Conn(ctx).NewUpdate().Model(toRowSeason(season)).ExcludeColumn("tenant_id", "id", "created_at").
		Where("id = ?", season.ID()).Where("version < ?", season.Data().Version).Exec(ctx)
	return pg.ChangedOne(result, err, errs.Internalf("gamification: season %s was changed without the lock of the tenant", season.ID()))
}

// Delete removes a season.
func (r *Seasons) Delete(ctx context.Context, id uuid.UUID) error {
	result, err := r.db.Conn(ctx).NewDelete().Model((*seasonRow)(nil)).Where("id = ?", id).Exec(ctx)
	return pg.ChangedOne(result, err, domain.ErrSeasonNotFound)
}

// Levels is ports.Levels.
type Levels struct{ db *pg.DB }

// NewLevels stores levels in db.
func NewLevels(db *pg.DB) *Levels { return &Levels{db} }

type levelsRow struct {
	bun.BaseModel `bun:"table:levels,alias:l"`
	pg.Tenanted

	Levels    []level   `bun:"levels,type:jsonb"`
	UpdatedAt time.Time `bun:"updated_at"`
	Version   int       `bun:"version"`
}

type level struct {
	Points int64        `json:"points"`
	Titles domain.Texts `json:"titles"`
}

func (r *levelsRow) toStored() ports.StoredLevels {
	list := make([]domain.Level, len(r.Levels))
	for i, l := range r.Levels {
		list[i] = domain.Level(l)
	}
	return ports.StoredLevels{Levels: domain.RestoreLevels(list), UpdatedAt: valid.Instant(r.UpdatedAt), Version: r.Version}
}

// Get returns the levels.
func (r *Levels) Get(ctx context.Context) (ports.StoredLevels, error) {
	found, err := pg.Many(ctx, r.db, (*levelsRow).toStored, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Limit(1) })
	if err != nil || len(found) == 0 {
		return ports.StoredLevels{}, err
	}
	return found[0], nil
}

// Put stores levels over those of the version before.
func (r *Levels) Put(ctx context.Context, levels ports.StoredLevels) error {
	list := make([]level, len(levels.All()))
	for i, l := range levels.All() {
		list[i] = level(l)
	}
	result, err := r.db.Conn(ctx).NewInsert().Model(&levelsRow{Levels: list, UpdatedAt: levels.UpdatedAt, Version: levels.Version}).
		On("CONFLICT (tenant_id) DO UPDATE").Set("levels = EXCLUDED.levels").Set("updated_at = EXCLUDED.updated_at").Set("version = EXCLUDED.version").
		Where("l.version = EXCLUDED.version - 1").Exec(ctx)
	return pg.ChangedOne(result, err, domain.ErrLevelsChanged)
}
