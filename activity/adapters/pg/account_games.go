package pg

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"go.updspace.com/activity/games/domain"
	"go.updspace.com/activity/games/ports"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/valid"
)

type accountGameRow struct {
	bun.BaseModel `bun:"table:account_games,alias:g"`
	pg.Tenanted

	LinkID       int64     `bun:"link_id"`
	AppID        int64     `bun:"app_id"`
	Name         string    `bun:"name"`
	Played       int       `bun:"played"`
	PlayedLately int       `bun:"played_lately"`
	LastPlayedAt time.Time `bun:"last_played_at,nullzero"`
	Achieved     int       `bun:"achieved"`
	Achievements int       `bun:"achievements"`
}

type accountHashRow struct {
	bun.BaseModel `bun:"table:account_hashes,alias:h"`
	pg.Tenanted

	LinkID int64     `bun:"link_id"`
	Hash   []byte    `bun:"hash"`
	SeenAt time.Time `bun:"seen_at"`
}

func (row *accountGameRow) toDomain() domain.Game {
	return domain.Game{
		AppID: row.AppID, Name: row.Name, Played: time.Duration(row.Played) * time.Minute, PlayedLately: time.Duration(row.PlayedLately) * time.Minute,
		LastPlayedAt: valid.Instant(row.LastPlayedAt), Achieved: row.Achieved, Achievements: row.Achievements,
	}
}

// Games lists the games of a link.
func (r *AccountLinks) Games(ctx context.Context, id int64) ([]domain.Game, error) {
	return pg.Many(ctx, r.db, (*accountGameRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("g.link_id = ?", id).OrderExpr("g.last_played_at DESC NULLS LAST, g.played DESC, g.app_id").Limit(domain.MaxGames)
	})
}

// PutGames replaces the games of a link.
func (r *AccountLinks) PutGames(ctx context.Context, id int64, games []domain.Game) error {
	conn := r.db.Conn(ctx)
	if _, err := conn.NewDelete().Model((*accountGameRow)(nil)).Where("link_id = ?", id).Exec(ctx); err != nil || len(games) == 0 {
		return pg.Error(err)
	}
	rows := make([]*accountGameRow, len(games))
	for i, g := range games {
		rows[i] = &accountGameRow{
			LinkID: id, AppID: g.AppID, Name: g.Name, Played: int(g.Played.Minutes()), PlayedLately: int(g.PlayedLately.Minutes()),
			LastPlayedAt: g.LastPlayedAt, Achieved: g.Achieved, Achievements: g.Achievements,
		}
	}
	_, err := conn.NewInsert().Model(&rows).Exec(ctx)
	return pg.Error(err)
}

// AddHashes stores hashes and returns those that are new.
func (r *AccountLinks) AddHashes(ctx context.Context, id int64, hashes [][32]byte, now time.Time) (map[[32]byte]bool, error) {
	fresh := map[[32]byte]bool{}
	if len(hashes) == 0 {
		return fresh, nil
	}
	rows := make([]*accountHashRow, len(hashes))
	for i := range hashes {
		rows[i] = &accountHashRow{LinkID: id, Hash: hashes[i][:], SeenAt: now}
	}
	var added [][]byte
	_, err := r.db.Conn(ctx).NewInsert().Model(&rows).On("CONFLICT DO NOTHING").Returning("hash").Exec(ctx, &added)
	for _, hash := range added {
		if len(hash) == 32 {
			fresh[[32]byte(hash)] = true
		}
	}
	return fresh, pg.Error(err)
}

// ProviderBudget is games/ports.Budget.
type ProviderBudget struct {
	db    *pg.DB
	calls int
}

var _ ports.Budget = (*ProviderBudget)(nil)

// NewProviderBudget lets all instances together make so many calls a minute to a provider.
func NewProviderBudget(db *pg.DB, calls int) *ProviderBudget { return &ProviderBudget{db, calls} }

// Take takes calls out of the budget. The row of the provider is the lock of all instances.
func (r *ProviderBudget) Take(ctx context.Context, provider domain.Provider, calls int, now time.Time) (taken bool, err error) {
	ctx = pg.AcrossTenants(ctx, "budget of calls")
	err = r.db.Do(ctx, func(ctx context.Context) error {
		result, err := r.db.Conn(ctx).NewRaw(`INSERT INTO provider_budgets AS b (provider, minute, calls) VALUES (?0, ?1, ?2)
			ON CONFLICT (provider) DO UPDATE SET minute = EXCLUDED.minute, calls = EXCLUDED.calls + CASE WHEN b.minute = EXCLUDED.minute THEN b.calls ELSE 0 END
			WHERE (b.blocked_until IS NULL OR b.blocked_until <= ?3) AND (b.minute <> EXCLUDED.minute OR b.calls + EXCLUDED.calls <= ?4)`,
			provider, now.Truncate(time.Minute), calls, now, r.calls).Exec(ctx)
		if err != nil {
			return pg.Error(err)
		}
		n, err := result.RowsAffected()
		taken = n > 0
		return err
	})
	return taken, err
}

// Block lets nothing be taken until a time.
func (r *ProviderBudget) Block(ctx context.Context, provider domain.Provider, until time.Time) error {
	ctx = pg.AcrossTenants(ctx, "budget of calls")
	return r.db.Do(ctx, func(ctx context.Context) error {
		_, err := r.db.Conn(ctx).NewRaw(`INSERT INTO provider_budgets AS b (provider, minute, calls, blocked_until) VALUES (?0, ?1, 0, ?1)
			ON CONFLICT (provider) DO UPDATE SET blocked_until = greatest(b.blocked_until, EXCLUDED.blocked_until)`, provider, until).Exec(ctx)
		return pg.Error(err)
	})
}
