package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/pg"
	groupsdomain "go.updspace.com/portal/groups/domain"
)

// Bans is groupsports.Bans.
type Bans struct {
	db *pg.DB
}

// NewBans stores bans in db.
func NewBans(db *pg.DB) *Bans { return &Bans{db: db} }

type banRow struct {
	bun.BaseModel `bun:"table:bans,alias:b"`
	pg.Tenanted
	banColumns
}

// banColumns is groupsdomain.BanData with the names of the columns.
type banColumns struct {
	Scope       authz.Scope `bun:"embed:scope_"`
	CommunityID uuid.UUID   `bun:"community_id,type:uuid"`
	UserID      uuid.UUID   `bun:"user_id,pk,type:uuid"`
	Reason      string      `bun:"reason"`
	Until       time.Time   `bun:"until,nullzero"`
	CreatedBy   uuid.UUID   `bun:"created_by,type:uuid"`
	CreatedAt   time.Time   `bun:"created_at"`
}

func (r *banRow) toDomain() groupsdomain.Ban {
	return groupsdomain.RestoreBan(groupsdomain.BanData(r.banColumns))
}

// Put stores a ban.
func (r *Bans) Put(ctx context.Context, ban groupsdomain.Ban) error {
	_, err := r.db.Conn(ctx).NewInsert().Model(&banRow{banColumns: banColumns(ban.Data())}).
		On("CONFLICT (tenant_id, scope_id, user_id) DO UPDATE").
		Set("reason = EXCLUDED.reason, until = EXCLUDED.until, created_by = EXCLUDED.created_by, created_at = EXCLUDED.created_at").Exec(ctx)
	return pg.Error(err)
}

// Delete deletes a ban.
func (r *Bans) Delete(ctx context.Context, group, user uuid.UUID) error {
	result, err := r.db.Conn(ctx).NewDelete().Model((*banRow)(nil)).Where("scope_id = ?", group).Where("user_id = ?", user).Exec(ctx)
	return pg.ChangedOne(result, err, groupsdomain.ErrBanNotFound)
}

// List returns a page of the bans of a group.
func (r *Bans) List(ctx context.Context, group, after uuid.UUID, limit int) ([]groupsdomain.Ban, error) {
	return pg.Many(ctx, r.db, (*banRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		if after != uuid.Nil {
			q = q.Where("b.user_id > ?", after)
		}
		return q.Where("b.scope_id = ?", group).OrderExpr("b.user_id").Limit(int64(limit))
	})
}
