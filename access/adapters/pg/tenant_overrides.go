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

// TenantOverrides keeps the overrides of tenants.
type TenantOverrides struct{ db *pg.DB }

var _ ports.TenantOverrides = (*TenantOverrides)(nil)

// NewTenantOverrides keeps overrides in db.
func NewTenantOverrides(db *pg.DB) *TenantOverrides { return &TenantOverrides{db: db} }

type overrideRow struct {
	bun.BaseModel `bun:"table:policy_overrides,alias:o"`
	pg.Tenanted

	ID            uuid.UUID  `bun:"id,pk,type:uuid"`
	UserID        uuid.UUID  `bun:"user_id,type:uuid"`
	Action        string     `bun:"action"`
	PermissionKey string     `bun:"permission_key,nullzero"`
	Reason        string     `bun:"reason"`
	ExpiresAt     *time.Time `bun:"expires_at"`
	CreatedAt     time.Time  `bun:"created_at"`
	CreatedBy     *uuid.UUID `bun:"created_by,type:uuid"`
}

func toDBOverride(o domain.OverrideRecord) *overrideRow {
	return &overrideRow{
		Tenanted: pg.Tenanted{TenantID: o.Tenant}, ID: o.ID, UserID: o.User, Action: string(o.Effect), PermissionKey: o.Permission,
		Reason: o.Reason, ExpiresAt: orNever(o.Expires), CreatedAt: pg.Time(o.CreatedAt), CreatedBy: orNull(o.By),
	}
}

func (r *overrideRow) toDomain() domain.OverrideRecord {
	return domain.OverrideRecord{
		ID: r.ID, Tenant: r.TenantID, User: r.UserID, CreatedAt: r.CreatedAt.UTC(), By: orNobody(r.CreatedBy),
		Override: domain.Override{
			Effect: domain.Effect(r.Action), Permission: r.PermissionKey, Reason: r.Reason, Expires: instant(r.ExpiresAt),
		},
	}
}

// Find implements ports.TenantOverrides.
func (t *TenantOverrides) Find(ctx context.Context, id uuid.UUID) (record domain.OverrideRecord, err error) {
	err = t.db.Read(ctx, func(ctx context.Context) error {
		var row overrideRow
		if err := t.db.Conn(ctx).NewSelect().Model(&row).Where("o.id = ?", id).Scan(ctx); err != nil {
			return orMissing(err, domain.ErrOverrideNotFound)
		}
		record = row.toDomain()
		return nil
	})
	return record, err
}

// Page implements ports.TenantOverrides.
func (t *TenantOverrides) Page(ctx context.Context, search ports.OverrideSearch) (records []domain.OverrideRecord, err error) {
	err = t.db.Read(ctx, func(ctx context.Context) error {
		var rows []overrideRow
		q := t.db.Conn(ctx).NewSelect().Model(&rows).OrderExpr("o.created_at DESC, o.id DESC").Limit(int64(search.Limit))
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
		if search.After != nil {
			q = q.Where("(o.created_at, o.id) < (?, ?)", search.After.At, search.After.ID)
		}
		if err := q.Scan(ctx); err != nil {
			return pg.Error(err)
		}
		for i := range rows {
			records = append(records, rows[i].toDomain())
		}
		return nil
	})
	return records, err
}

// Add implements ports.TenantOverrides.
func (t *TenantOverrides) Add(ctx context.Context, o domain.OverrideRecord) error {
	return t.db.Do(ctx, func(ctx context.Context) error {
		_, err := t.db.Conn(ctx).NewInsert().Model(toDBOverride(o)).Exec(ctx)
		return pg.Error(err)
	})
}

// Update implements ports.TenantOverrides.
func (t *TenantOverrides) Update(ctx context.Context, o domain.OverrideRecord) error {
	return t.db.Do(ctx, func(ctx context.Context) error {
		result, err := t.db.Conn(ctx).NewUpdate().Model(toDBOverride(o)).
			Column("action", "permission_key", "reason", "expires_at").Where("o.id = ?", o.ID).Exec(ctx)
		return orNone(result, err, domain.ErrOverrideNotFound)
	})
}

// Delete implements ports.TenantOverrides.
func (t *TenantOverrides) Delete(ctx context.Context, id uuid.UUID) error {
	return t.db.Do(ctx, func(ctx context.Context) error {
		result, err := t.db.Conn(ctx).NewDelete().Model((*overrideRow)(nil)).Where("o.id = ?", id).Exec(ctx)
		return orNone(result, err, domain.ErrOverrideNotFound)
	})
}
