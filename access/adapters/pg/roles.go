package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/valid"
)

// Roles stores roles.
type Roles struct{ db *pg.DB }

var _ ports.Roles = (*Roles)(nil)

// NewRoles stores roles in db.
func NewRoles(db *pg.DB) *Roles { return &Roles{db: db} }

// roleRow is not pg.Tenanted, because templates have no tenant: every query names the owners it selects.
type roleRow struct {
	bun.BaseModel `bun:"table:roles,alias:r"`

	ID       int64         `bun:"id,pk"`
	TenantID uuid.NullUUID `bun:"tenant_id,type:uuid"`
	Service  string        `bun:"service"`
	Name     string        `bun:"name"`
	Keys     []string      `bun:"keys,array"`
}

func (r *roleRow) toDomain() domain.Role {
	return domain.Role{ID: r.ID, Tenant: r.TenantID.UUID, Service: domain.Service(r.Service), Name: r.Name, Keys: r.Keys}
}

// visible selects the roles that the tenant of ctx can see: its own and the templates.
func visible(ctx context.Context, q *bun.SelectQuery) *bun.SelectQuery {
	return q.Where("r.owner IN (?, ?)", tenantOf(ctx), uuid.Nil)
}

// Template implements ports.Roles.
func (r *Roles) Template(ctx context.Context, service domain.Service, name string) (domain.Role, error) {
	return pg.One(ctx, r.db, domain.ErrRoleNotFound, (*roleRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("r.owner = ? AND r.service = ? AND r.name = ?", uuid.Nil, service, name)
	})
}

// Find implements ports.Roles.
func (r *Roles) Find(ctx context.Context, id int64) (domain.Role, error) {
	return pg.One(ctx, r.db, domain.ErrRoleNotFound, (*roleRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return visible(ctx, q.Where("r.id = ?", id))
	})
}

const (
	// roleOrder compares byte by byte, so that the order is the same whatever the locale of the database.
	roleOrder = `(r.service COLLATE "C", r.name COLLATE "C", r.id)`
	// foldedName is the name in which searches look. Names of templates are ASCII, which every locale folds alike.
	foldedName = "coalesce(r.folded, lower(r.name))"
)

// Page implements ports.Roles.
func (r *Roles) Page(ctx context.Context, search ports.RoleSearch) ([]domain.Role, error) {
	return pg.Many(ctx, r.db, (*roleRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		q = visible(ctx, q).OrderExpr(roleOrder).Limit(int64(search.Limit))
		if search.Service != "" {
			q = q.Where("r.service = ?", search.Service)
		}
		if pattern := pg.Contains(search.Query); pattern != "" {
			q = q.Where(foldedName+" LIKE ?", pattern)
		}
		if search.Permission != "" {
			q = q.Where("? = ANY (r.keys)", search.Permission)
		}
		if last := search.After; last != nil {
			q = q.Where(roleOrder+" > (?, ?, ?)", last.Service, last.Name, last.ID)
		}
		return q
	})
}

// Add implements ports.Roles.
func (r *Roles) Add(ctx context.Context, d domain.RoleDraft, at time.Time) (id int64, err error) {
	err = r.db.Do(ctx, func(ctx context.Context) error {
		row := r.db.Conn(ctx).QueryRowContext(ctx, `
			INSERT INTO roles (tenant_id, service, name, folded, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?) RETURNING id`,
			tenantOf(ctx), d.Service, d.Name, valid.Fold(d.Name), pg.Time(at), pg.Time(at))
		if err := row.Scan(&id); err != nil {
			return pg.Taken(err, takenName)
		}
		return r.link(ctx, id, d.Keys)
	})
	return id, err
}

// Update implements ports.Roles. Permissions are removed before the role changes its service: a role holds permissions
// of its own service only.
func (r *Roles) Update(ctx context.Context, id int64, d domain.RoleDraft, at time.Time) error {
	return r.db.Do(ctx, func(ctx context.Context) error {
		tenant := tenantOf(ctx)
		if _, err := r.db.Conn(ctx).ExecContext(ctx, `
			DELETE FROM role_permissions WHERE role_id = ? AND tenant_id = ? AND permission_key <> ALL (?::text[])`,
			id, tenant, pgdialect.Array(d.Keys)); err != nil {
			return pg.Error(err)
		}
		result, err := r.db.Conn(ctx).ExecContext(ctx, `
			UPDATE roles SET service = ?, name = ?, folded = ?, updated_at = ? WHERE id = ? AND tenant_id = ?`,
			d.Service, d.Name, valid.Fold(d.Name), pg.Time(at), id, tenant)
		if err := pg.ChangedOne(result, pg.Taken(err, takenName), domain.ErrRoleNotFound); err != nil {
			return err
		}
		return r.link(ctx, id, d.Keys)
	})
}

// link adds permissions that the role does not hold yet.
func (r *Roles) link(ctx context.Context, id int64, keys []string) error {
	if len(keys) == 0 {
		return nil
	}
	_, err := r.db.Conn(ctx).ExecContext(ctx, `
		INSERT INTO role_permissions (role_id, permission_key) SELECT ?, unnest(?::text[]) ON CONFLICT DO NOTHING`,
		id, pgdialect.Array(keys))
	return pg.Error(err)
}

// Delete implements ports.Roles.
func (r *Roles) Delete(ctx context.Context, id int64) (bindings []domain.BindingRecord, err error) {
	err = r.db.Do(ctx, func(ctx context.Context) error {
		if bindings, err = pg.Many(ctx, r.db, (*bindingRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
			return withRole(q).Where("b.role_id = ?", id).OrderExpr("b.id")
		}); err != nil {
			return err
		}
		result, err := r.db.Conn(ctx).ExecContext(ctx, `DELETE FROM roles WHERE id = ? AND tenant_id = ?`, id, tenantOf(ctx))
		return pg.ChangedOne(result, err, domain.ErrRoleNotFound)
	})
	return bindings, err
}

var takenName = map[string]*errs.Error{"roles_name": domain.ErrRoleExists}
