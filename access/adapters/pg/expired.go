package pg

import (
	"context"
	"time"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/libs/pg"
)

// Expired deletes expired bindings and overrides.
type Expired struct{ db *pg.DB }

var _ ports.Expired = (*Expired)(nil)

// NewExpired deletes from db.
func NewExpired(db *pg.DB) *Expired { return &Expired{db: db} }

// DeleteBindings implements ports.Expired.
func (e *Expired) DeleteBindings(ctx context.Context, before time.Time, limit int) ([]domain.BindingRecord, error) {
	return deleteExpired(ctx, e.db, (*bindingRow).toDomain, "role_bindings",
		"?TableAlias.tenant_id, ?TableAlias.id, ?TableAlias.user_id, ?TableAlias.scope_type, ?TableAlias.scope_id, ?TableAlias.role_id", before, limit)
}

// DeleteOverrides implements ports.Expired.
func (e *Expired) DeleteOverrides(ctx context.Context, before time.Time, limit int) ([]domain.OverrideRecord, error) {
	return deleteExpired(ctx, e.db, (*overrideRow).toDomain, "policy_overrides", "?TableAlias.*", before, limit)
}

func deleteExpired[R, T any](
	ctx context.Context, db *pg.DB, convert func(*R) T, table, columns string, before time.Time, limit int,
) (deleted []T, err error) {
	err = db.Do(ctx, func(ctx context.Context) error {
		var rows []R
		err := db.Conn(ctx).NewDelete().Model(&rows).
			Where("?TableAlias.id IN (SELECT id FROM "+table+" WHERE expires_at < ? LIMIT ? FOR UPDATE SKIP LOCKED)", before, limit).
			Returning(columns).Scan(ctx)
		for i := range rows {
			deleted = append(deleted, convert(&rows[i]))
		}
		return pg.Error(err)
	})
	return deleted, err
}
