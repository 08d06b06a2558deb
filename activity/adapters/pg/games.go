package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/activity/domain"
	"go.updspace.com/activity/ports"
	"go.updspace.com/libs/personaldata"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/valid"
)

// Games is ports.Games.
type Games struct{ db *pg.DB }

var _ ports.Games = (*Games)(nil)

// NewGames stores games in db.
func NewGames(db *pg.DB) *Games { return &Games{db} }

type gameRow struct {
	bun.BaseModel `bun:"table:games,alias:g"`
	pg.Tenanted

	ID        int64             `bun:"id,pk,autoincrement"`
	Name      string            `bun:"name"`
	Tags      map[string]string `bun:"tags,type:jsonb"`
	CreatedBy uuid.UUID         `bun:"created_by,type:uuid,nullzero"`
	CreatedAt time.Time         `bun:"created_at"`
}

func (r *gameRow) toDomain() domain.Game {
	return domain.Game{ID: r.ID, TenantID: r.TenantID, Name: r.Name, Tags: r.Tags, CreatedBy: r.CreatedBy, CreatedAt: valid.Instant(r.CreatedAt)}
}

// List lists games.
func (r *Games) List(ctx context.Context) ([]domain.Game, error) {
	return pg.Many(ctx, r.db, (*gameRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery { return q.OrderExpr("g.name, g.id") })
}

// Find returns a game.
func (r *Games) Find(ctx context.Context, id int64) (domain.Game, error) {
	return pg.One(ctx, r.db, domain.ErrGameNotFound, (*gameRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("g.id = ?", id) })
}

// Add stores a game. A lock of the tenant makes racing calls count one after the other.
func (r *Games) Add(ctx context.Context, game domain.Game, most int) (domain.Game, error) {
	conn := r.db.Conn(ctx)
	if _, err := conn.NewRaw("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", "games/"+game.TenantID.String()).Exec(ctx); err != nil {
		return game, pg.Error(err)
	}
	if n, err := conn.NewSelect().Model((*gameRow)(nil)).Count(ctx); err != nil || n >= int64(most) {
		if err == nil {
			return game, domain.ErrTooManyGames
		}
		return game, pg.Error(err)
	}
	row := &gameRow{Name: game.Name, Tags: game.Tags, CreatedBy: game.CreatedBy, CreatedAt: game.CreatedAt}
	_, err := conn.NewInsert().Model(row).ExcludeColumn("id").Returning("id").Exec(ctx)
	game.ID = row.ID
	return game, pg.Error(err)
}

// Remove removes a game.
func (r *Games) Remove(ctx context.Context, id int64) error {
	result, err := r.db.Conn(ctx).NewDelete().Model((*gameRow)(nil)).Where("id = ?", id).Exec(ctx)
	return pg.ChangedOne(result, err, domain.ErrGameNotFound)
}

// gameSection keeps the games, which are the tenant's, without who added them.
func gameSection(db *pg.DB) personaldata.Section {
	return personaldata.Section{
		Name: "games", Columns: []string{"games.created_by"}, Reason: "The audit log has who added which games.",
		Erase: personaldata.Statements(db, "UPDATE games SET created_by = NULL WHERE tenant_id = ?0 AND created_by = ?1"),
	}
}
