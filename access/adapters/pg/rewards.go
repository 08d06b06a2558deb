package pg

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/libs/pg"
)

// Rewards stores rewards of achievements, and roles that follow Discord, and the bindings derived from them. Changes are made under [Administrators.Lock].
type Rewards struct{ db *pg.DB }

var _ ports.Rewards = (*Rewards)(nil)

// NewRewards stores rewards in db.
func NewRewards(db *pg.DB) *Rewards { return &Rewards{db: db} }

type rewardRow struct {
	bun.BaseModel `bun:"table:rewards,alias:w"`
	pg.Tenanted

	GrantID       uuid.UUID    `bun:"grant_id,pk,type:uuid"`
	Version       int64        `bun:"version"`
	Source        string       `bun:"source"`
	AchievementID uuid.UUID    `bun:"achievement_id,type:uuid,nullzero"`
	UserID        uuid.UUID    `bun:"user_id,type:uuid"`
	RoleID        int64        `bun:"role_id,nullzero"`
	ScopeType     string       `bun:"scope_type,nullzero"`
	ScopeID       string       `bun:"scope_id,nullzero"`
	EndsAt        bun.NullTime `bun:"ends_at"`
	Refused       string       `bun:"refused"`
}

func toDBReward(r domain.Reward, at time.Time) *rewardRow {
	row := &rewardRow{
		GrantID: r.Grant, Version: r.Version, Source: string(r.Source), AchievementID: r.Achievement, UserID: r.User, RoleID: r.Role,
		ScopeType: string(r.Scope.Type), ScopeID: r.Scope.ID, EndsAt: nullTime(r.Expires), Refused: r.Refused,
	}
	if _, given := r.Key(); !given {
		row.EndsAt = nullTime(at)
	}
	return row
}

func (r *rewardRow) toDomain() domain.Reward {
	reward := domain.Reward{
		Source: domain.Source(r.Source), Grant: r.GrantID, Version: r.Version, Achievement: r.AchievementID, User: r.UserID, Role: r.RoleID,
		Scope: domain.Scope{Type: domain.ScopeType(r.ScopeType), ID: r.ScopeID}, Refused: r.Refused,
	}
	if _, given := reward.Key(); given {
		reward.Expires = utc(r.EndsAt)
	}
	return reward
}

var errNoReward = domain.ErrBindingNotFound

// Find implements ports.Rewards.
func (s *Rewards) Find(ctx context.Context, grant uuid.UUID) (r domain.Reward, found bool, err error) {
	r, err = pg.One(ctx, s.db, errNoReward, (*rewardRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("w.grant_id = ?", grant)
	})
	if errors.Is(err, errNoReward) {
		return domain.Reward{}, false, nil
	}
	return r, err == nil, err
}

// Put implements ports.Rewards.
func (s *Rewards) Put(ctx context.Context, r domain.Reward, at time.Time) error {
	return s.db.Do(ctx, func(ctx context.Context) error {
		_, err := s.db.Conn(ctx).NewInsert().Model(toDBReward(r, at)).
			On("CONFLICT (tenant_id, grant_id) DO UPDATE").
			Set("version = excluded.version, achievement_id = excluded.achievement_id, user_id = excluded.user_id, role_id = excluded.role_id").
			Set("scope_type = excluded.scope_type, scope_id = excluded.scope_id, ends_at = excluded.ends_at, refused = excluded.refused").
			Exec(ctx)
		return pg.Error(err)
	})
}

// Derive implements ports.Rewards.
func (s *Rewards) Derive(ctx context.Context, key domain.RewardKey, at time.Time) (before, after domain.BindingRecord, err error) {
	err = s.db.Do(ctx, func(ctx context.Context) error {
		if err := lockScopes(ctx, s.db, shared); err != nil {
			return err
		}
		if before, err = s.binding(ctx, key); err != nil {
			return err
		}
		// One statement adds, changes and deletes; its parts see the state before it and touch different rows.
		_, err := s.db.Conn(ctx).ExecContext(ctx, `
			WITH wanted AS (
				SELECT w.achievement_id, w.ends_at FROM rewards w JOIN roles r ON r.id = w.role_id AND (r.tenant_id = ?0 OR r.tenant_id IS NULL)
				WHERE w.tenant_id = ?0 AND w.source = ?6 AND w.user_id = ?1 AND w.scope_type = ?2 AND w.scope_id = ?3 AND w.role_id = ?4
					AND w.refused = '' AND (w.ends_at IS NULL OR w.ends_at > ?5)
				ORDER BY w.ends_at DESC NULLS FIRST, w.grant_id LIMIT 1
			), surplus AS (
				DELETE FROM role_bindings b WHERE b.tenant_id = ?0 AND b.user_id = ?1 AND b.scope_type = ?2 AND b.scope_id = ?3 AND b.role_id = ?4
					AND b.source = ?6 AND NOT EXISTS (SELECT FROM wanted)
			)
			INSERT INTO role_bindings (tenant_id, user_id, scope_type, scope_id, role_id, source, achievement_id, expires_at, created_at)
			SELECT ?0, ?1, ?2, ?3, ?4, ?6, achievement_id, ends_at, ?5 FROM wanted
			ON CONFLICT (tenant_id, user_id, scope_type, scope_id, role_id, source) DO UPDATE
			SET achievement_id = excluded.achievement_id, expires_at = excluded.expires_at
			WHERE (role_bindings.achievement_id, role_bindings.expires_at) IS DISTINCT FROM (excluded.achievement_id, excluded.expires_at)`,
			tenantOf(ctx), key.User, key.Scope.Type, key.Scope.ID, key.Role, pg.Time(at), key.Source)
		if err != nil {
			return pg.Error(err)
		}
		after, err = s.binding(ctx, key)
		return err
	})
	return before, after, err
}

func (s *Rewards) binding(ctx context.Context, key domain.RewardKey) (domain.BindingRecord, error) {
	record, err := NewBindings(s.db).one(ctx, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("b.user_id = ?", key.User).Where("b.role_id = ?", key.Role).Where("b.source = ?", key.Source).
			Where("b.scope_type = ?", key.Scope.Type).Where("b.scope_id = ?", key.Scope.ID)
	})
	if errors.Is(err, domain.ErrBindingNotFound) {
		err = nil
	}
	return record, err
}

// Forget implements ports.Rewards.
func (s *Rewards) Forget(ctx context.Context, before time.Time) error {
	_, err := s.db.Prune(pg.AcrossTenants(ctx, "retention of rewards"), "rewards", "ends_at", before)
	return err
}
