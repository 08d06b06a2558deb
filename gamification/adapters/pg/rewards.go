package pg

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/valid"
)

// Rewards is ports.Rewards.
type Rewards struct{ db *pg.DB }

// NewRewards stores rewards in db.
func NewRewards(db *pg.DB) *Rewards { return &Rewards{db} }

type rewardRow struct {
	bun.BaseModel `bun:"table:rewards,alias:w"`
	pg.Tenanted

	AchievementID uuid.UUID `bun:"achievement_id,pk,type:uuid"`
	RoleID        int64     `bun:"role_id"`
	RoleService   string    `bun:"role_service"`
	RoleName      string    `bun:"role_name"`
	Revision      uuid.UUID `bun:"revision,type:uuid"`
	DefinedBy     uuid.UUID `bun:"defined_by,type:uuid"`
	DefinedAt     time.Time `bun:"defined_at"`
	Removed       bool      `bun:"removed"`
	SettledTo     uuid.UUID `bun:"settled_to,type:uuid,nullzero"`
	Settled       bool      `bun:"settled"`
}

func (r *rewardRow) toDomain() domain.Reward {
	return domain.Reward{
		Achievement: r.AchievementID, Role: authz.RoleRef{ID: r.RoleID, Service: r.RoleService, Name: r.RoleName}, Revision: r.Revision,
		DefinedBy: r.DefinedBy, DefinedAt: valid.Instant(r.DefinedAt), Removed: r.Removed, SettledTo: r.SettledTo, Settled: r.Settled,
	}
}

// Find returns the reward of an achievement.
func (r *Rewards) Find(ctx context.Context, achievement uuid.UUID) (domain.Reward, error) {
	return pg.One(ctx, r.db, domain.ErrRewardNotFound, (*rewardRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("w.achievement_id = ?", achievement)
	})
}

// Put stores a reward in place of the one that there was.
func (r *Rewards) Put(ctx context.Context, d domain.Reward) error {
	row := &rewardRow{
		AchievementID: d.Achievement, RoleID: d.Role.ID, RoleService: d.Role.Service, RoleName: d.Role.Name, Revision: d.Revision,
		DefinedBy: d.DefinedBy, DefinedAt: d.DefinedAt, Removed: d.Removed, SettledTo: d.SettledTo, Settled: d.Settled,
	}
	_, err := r.db.Conn(ctx).NewInsert().Model(row).On("CONFLICT (tenant_id, achievement_id) DO UPDATE").
		Set("role_id = EXCLUDED.role_id, role_service = EXCLUDED.role_service, role_name = EXCLUDED.role_name, revision = EXCLUDED.revision").
		Set("defined_by = EXCLUDED.defined_by, defined_at = EXCLUDED.defined_at, removed = EXCLUDED.removed").
		Set("settled_to = EXCLUDED.settled_to, settled = EXCLUDED.settled").Exec(ctx)
	return pg.Error(err)
}

// Delete removes the reward of an achievement.
func (r *Rewards) Delete(ctx context.Context, achievement uuid.UUID) error {
	result, err := r.db.Conn(ctx).NewDelete().Model((*rewardRow)(nil)).Where("achievement_id = ?", achievement).Exec(ctx)
	return pg.ChangedOne(result, err, domain.ErrRewardNotFound)
}

// ToSettle lists rewards that were not applied to all holders.
func (r *Rewards) ToSettle(ctx context.Context, limit int) ([]ports.OfTenant, error) {
	ctx = pg.AcrossTenants(ctx, "rewards to settle")
	return pg.Many(ctx, r.db, func(row *rewardRow) ports.OfTenant {
		return ports.OfTenant{Tenant: row.TenantID, Achievement: row.AchievementID}
	}, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Column("tenant_id", "achievement_id").Where("NOT w.settled").Limit(int64(limit))
	})
}

type givenRow struct {
	bun.BaseModel `bun:"table:grant_rewards,alias:gr"`
	pg.Tenanted

	GrantID  uuid.UUID `bun:"grant_id,pk,type:uuid"`
	Version  int       `bun:"version"`
	Revision uuid.UUID `bun:"revision,type:uuid,nullzero"`
}

func (r *givenRow) toDomain() domain.GivenReward {
	return domain.GivenReward{Grant: r.GrantID, Version: r.Version, Revision: r.Revision}
}

// Holdings lists active grants with what access was told about them.
func (r *Rewards) Holdings(ctx context.Context, achievement, after uuid.UUID, limit int) ([]ports.Holding, error) {
	grants, err := pg.Many(ctx, r.db, (*grantRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("g.achievement_id = ?", achievement).Where("g.ended_at IS NULL").Where("g.id > ?", after).OrderExpr("g.id").Limit(int64(limit)).For("UPDATE")
	})
	if err != nil || len(grants) == 0 {
		return nil, err
	}
	ids := make([]uuid.UUID, len(grants))
	for i, g := range grants {
		ids[i] = g.ID()
	}
	given, err := pg.Many(ctx, r.db, (*givenRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("gr.grant_id IN ?", bun.Tuple(ids))
	})
	if err != nil {
		return nil, err
	}
	told := make(map[uuid.UUID]domain.GivenReward, len(given))
	for _, g := range given {
		told[g.Grant] = g
	}
	holdings := make([]ports.Holding, len(grants))
	for i, g := range grants {
		holdings[i] = ports.Holding{Grant: g, Given: told[g.ID()]}
		holdings[i].Given.Grant = g.ID()
	}
	return holdings, nil
}

// Given returns what access was told about a grant.
func (r *Rewards) Given(ctx context.Context, grant uuid.UUID) (domain.GivenReward, error) {
	given, err := pg.One(ctx, r.db, domain.ErrRewardNotFound, (*givenRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("gr.grant_id = ?", grant)
	})
	if errors.Is(err, domain.ErrRewardNotFound) {
		return domain.GivenReward{Grant: grant}, nil
	}
	return given, err
}

// PutGiven stores what access was told about grants.
func (r *Rewards) PutGiven(ctx context.Context, given ...domain.GivenReward) error {
	rows := make([]*givenRow, len(given))
	for i, g := range given {
		rows[i] = &givenRow{GrantID: g.Grant, Version: g.Version, Revision: g.Revision}
	}
	_, err := r.db.Conn(ctx).NewInsert().Model(&rows).
		On("CONFLICT (tenant_id, grant_id) DO UPDATE").Set("version = EXCLUDED.version, revision = EXCLUDED.revision").Exec(ctx)
	return pg.Error(err)
}
