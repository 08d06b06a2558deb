package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/libs/pg"
)

// Overrides stores policy overrides.
type Overrides struct{ db *pg.DB }

var _ ports.Overrides = (*Overrides)(nil)

// NewOverrides stores overrides in db.
func NewOverrides(db *pg.DB) *Overrides { return &Overrides{db: db} }

type overrideRow struct {
	bun.BaseModel `bun:"table:policy_overrides,alias:o"`
	pg.Tenanted

	ID            uuid.UUID     `bun:"id,pk,type:uuid"`
	UserID        uuid.UUID     `bun:"user_id,type:uuid"`
	Action        string        `bun:"action"`
	PermissionKey string        `bun:"permission_key,nullzero"`
	Reason        string        `bun:"reason"`
	ExpiresAt     bun.NullTime  `bun:"expires_at"`
	CreatedAt     time.Time     `bun:"created_at"`
	CreatedBy     uuid.NullUUID `bun:"created_by,type:uuid"`
}

func toDBOverride(o domain.OverrideRecord) *overrideRow {
	return &overrideRow{
		Tenanted: pg.Tenanted{TenantID: o.Tenant}, ID: o.ID, UserID: o.User, Action: string(o.Effect), PermissionKey: o.Permission,
		Reason: o.Reason, ExpiresAt: nullTime(o.Expires), CreatedAt: pg.Time(o.CreatedAt), CreatedBy: nullID(o.By),
	}
}

func (r *overrideRow) toDomain() domain.OverrideRecord {
	return domain.OverrideRecord{
		ID: r.ID, Tenant: r.TenantID, User: r.UserID, CreatedAt: r.CreatedAt.UTC(), By: r.CreatedBy.UUID,
		Override: domain.Override{
			Effect: domain.Effect(r.Action), Permission: r.PermissionKey, Reason: r.Reason, Expires: utc(r.ExpiresAt),
		},
	}
}

// Find implements ports.Overrides.
func (o *Overrides) Find(ctx context.Context, id uuid.UUID) (domain.OverrideRecord, error) {
	return pg.One(ctx, o.db, domain.ErrOverrideNotFound, (*overrideRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("o.id = ?", id)
	})
}

// Page implements ports.Overrides.
func (o *Overrides) Page(ctx context.Context, search ports.OverrideSearch) ([]domain.OverrideRecord, error) {
	return pg.Many(ctx, o.db, (*overrideRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		q = pg.PageByIDDesc(q, search.Before, search.Limit)
		if search.Effect != "" {
			q = q.Where("o.action = ?", search.Effect)
		}
		if search.User != uuid.Nil {
			q = q.Where("o.user_id = ?", search.User)
		}
		if search.Permission != "" {
			q = q.Where("o.permission_key = ?", search.Permission)
		}
		if search.Active != nil {
			q = q.Where("(o.expires_at IS NULL OR o.expires_at > ?) = ?", pg.Time(search.At), *search.Active)
		}
		return q
	})
}

// Add implements ports.Overrides.
func (o *Overrides) Add(ctx context.Context, record domain.OverrideRecord) error {
	return o.db.Do(ctx, func(ctx context.Context) error {
		_, err := o.db.Conn(ctx).NewInsert().Model(toDBOverride(record)).Exec(ctx)
		return pg.Error(err)
	})
}

// Update implements ports.Overrides.
func (o *Overrides) Update(ctx context.Context, record domain.OverrideRecord) error {
	return o.db.Do(ctx, func(ctx context.Context) error {
		result, err := o.db.Conn(ctx).NewUpdate().Model(toDBOverride(record)).
			Column("action", "permission_key", "reason", "expires_at").Where("o.id = ?", record.ID).Exec(ctx)
		return pg.ChangedOne(result, err, domain.ErrOverrideNotFound)
	})
}

// Delete implements ports.Overrides.
func (o *Overrides) Delete(ctx context.Context, id uuid.UUID) error {
	return o.db.Do(ctx, func(ctx context.Context) error {
		result, err := o.db.Conn(ctx).NewDelete().Model((*overrideRow)(nil)).Where("o.id = ?", id).Exec(ctx)
		return pg.ChangedOne(result, err, domain.ErrOverrideNotFound)
	})
}
