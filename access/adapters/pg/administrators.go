package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun/dialect/pgdialect"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
)

// Administrators knows the administrators and members of a tenant.
type Administrators struct{ db *pg.DB }

var _ ports.Administrators = (*Administrators)(nil)

// NewAdministrators asks db.
func NewAdministrators(db *pg.DB) *Administrators { return &Administrators{db: db} }

// Lock implements ports.Administrators. It is an advisory lock, because no row exists that every change of a tenant's
// rights touches.
func (a *Administrators) Lock(ctx context.Context) error {
	_, err := a.db.Conn(ctx).ExecContext(ctx, "SELECT pg_advisory_xact_lock(hashtextextended('rights of ' || ?, 0))",
		reqctx.From(ctx).TenantID.String())
	return pg.Error(err)
}

// Any implements ports.Administrators: domain.IsAdministrator in SQL.
func (a *Administrators) Any(ctx context.Context, at time.Time) (found bool, err error) {
	keys := domain.AdministratorKeys()
	err = a.db.Read(ctx, func(ctx context.Context) error {
		row := a.db.Conn(ctx).QueryRowContext(ctx, `
			SELECT EXISTS (
				SELECT FROM role_bindings b
				JOIN roles r ON r.id = b.role_id AND r.service = ?1
				CROSS JOIN unnest(r.keys) AS held (key)
				WHERE b.tenant_id = ?0 AND b.source = 'manual' AND b.expires_at IS NULL AND b.scope_type IN ('TENANT', 'GLOBAL')
					AND held.key = ANY (?2::text[])
					AND NOT EXISTS (
						SELECT FROM policy_overrides o
						WHERE o.tenant_id = ?0 AND o.user_id = b.user_id AND o.action = 'deny'
							AND (o.permission_key IS NULL OR o.permission_key = ANY (?2::text[]))
							AND (o.expires_at IS NULL OR o.expires_at > ?3))
					AND NOT EXISTS (SELECT FROM tenant_members m WHERE m.tenant_id = ?0 AND m.user_id = b.user_id AND NOT m.active)
				GROUP BY b.user_id HAVING count(DISTINCT held.key) = ?4)`,
			reqctx.From(ctx).TenantID, domain.Portal, pgdialect.Array(keys), pg.Time(at), len(keys))
		return pg.Error(row.Scan(&found))
	})
	return found, err
}

// Holders implements ports.Administrators.
func (a *Administrators) Holders(ctx context.Context, permission string, at time.Time, limit int) (users []uuid.UUID, err error) {
	err = a.db.Read(ctx, func(ctx context.Context) error {
		return pg.Error(a.db.Conn(ctx).NewRaw(`
			SELECT b.user_id FROM role_bindings b JOIN roles r ON r.id = b.role_id
			WHERE b.tenant_id = ?0 AND b.source = 'manual' AND b.scope_type IN ('TENANT', 'GLOBAL') AND (b.expires_at IS NULL OR b.expires_at > ?3)
				AND r.service = ?1 AND ?2 = ANY (r.keys)
				AND NOT EXISTS (
					SELECT FROM policy_overrides o
					WHERE o.tenant_id = ?0 AND o.user_id = b.user_id AND o.action = 'deny'
						AND (o.permission_key IS NULL OR o.permission_key = ?2) AND (o.expires_at IS NULL OR o.expires_at > ?3))
				AND NOT EXISTS (SELECT FROM tenant_members m WHERE m.tenant_id = ?0 AND m.user_id = b.user_id AND NOT m.active)
			GROUP BY b.user_id ORDER BY min(b.id) LIMIT ?4`,
			reqctx.From(ctx).TenantID, domain.Portal, permission, pg.Time(at), limit).Scan(ctx, &users))
	})
	return users, err
}

// SetTenantMember implements ports.Administrators.
func (a *Administrators) SetTenantMember(ctx context.Context, user uuid.UUID, belongs bool, at time.Time) error {
	return a.db.Do(ctx, func(ctx context.Context) error {
		_, err := a.db.Conn(ctx).ExecContext(ctx, `
			INSERT INTO tenant_members (tenant_id, user_id, active, changed_at) VALUES (?, ?, ?, ?)
			ON CONFLICT (tenant_id, user_id) DO UPDATE SET active = excluded.active, changed_at = excluded.changed_at
			WHERE tenant_members.changed_at <= excluded.changed_at`,
			tenantOf(ctx), user, belongs, pg.Time(at))
		return pg.Error(err)
	})
}
