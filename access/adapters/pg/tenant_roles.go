package pg

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
)

// TenantRoles keeps the roles of tenants.
type TenantRoles struct{ db *pg.DB }

var _ ports.TenantRoles = (*TenantRoles)(nil)

// NewTenantRoles keeps roles in db.
func NewTenantRoles(db *pg.DB) *TenantRoles { return &TenantRoles{db: db} }

// roleRow is not pg.Tenanted, because templates have no tenant: every query
// names the owners it means.
type roleRow struct {
	bun.BaseModel `bun:"table:roles,alias:r"`

	ID       int64      `bun:"id,pk"`
	TenantID *uuid.UUID `bun:"tenant_id,type:uuid"`
	Service  string     `bun:"service"`
	Name     string     `bun:"name"`
	Keys     []string   `bun:"keys,array"`
}

func (r *roleRow) toDomain() domain.Role {
	role := domain.Role{ID: r.ID, Service: domain.Service(r.Service), Name: r.Name, Keys: r.Keys}
	if r.TenantID != nil {
		role.Tenant = *r.TenantID
	}
	return role
}

// seen are the roles that the tenant of ctx sees: its own and the templates.
func seen(ctx context.Context) func(*bun.SelectQuery) *bun.SelectQuery {
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("r.owner IN (?, ?)", reqctx.From(ctx).TenantID, uuid.Nil)
	}
}

// Find implements ports.TenantRoles.
func (t *TenantRoles) Find(ctx context.Context, id int64) (role domain.Role, err error) {
	err = t.db.Read(ctx, func(ctx context.Context) error {
		var row roleRow
		if err := t.db.Conn(ctx).NewSelect().Model(&row).Where("r.id = ?", id).Apply(seen(ctx)).Scan(ctx); err != nil {
			return orMissing(err, domain.ErrRoleNotFound)
		}
		role = row.toDomain()
		return nil
	})
	return role, err
}

// Text is compared byte by byte, so that the order is the same in every
// database and a page goes on where the last one ended.
const (
	rolesByName  = `(r.service COLLATE "C", r.name COLLATE "C", r.id)`
	rolesByOwner = `(r.service COLLATE "C", r.tenant_id IS NULL, r.name COLLATE "C", r.id)`
)

// Page implements ports.TenantRoles.
func (t *TenantRoles) Page(ctx context.Context, search ports.RoleSearch) (roles []domain.Role, err error) {
	err = t.db.Read(ctx, func(ctx context.Context) error {
		var rows []roleRow
		q := t.db.Conn(ctx).NewSelect().Model(&rows).Apply(seen(ctx)).Limit(int64(search.Limit))
		if search.Service != "" {
			q = q.Where("r.service = ?", search.Service)
		}
		if search.Words != "" {
			q = q.Where(foldedName+" LIKE ?", containing(search.Words))
		}
		last := search.After
		switch {
		case search.Order == ports.ByOwner && last != nil:
			q = q.Where(rolesByOwner+" > (?, ?, ?, ?)", last.Service, last.Template, last.Name, last.ID)
		case last != nil:
			q = q.Where(rolesByName+" > (?, ?, ?)", last.Service, last.Name, last.ID)
		}
		if search.Order == ports.ByOwner {
			q = q.OrderExpr(rolesByOwner)
		} else {
			q = q.OrderExpr(rolesByName)
		}
		if err := q.Scan(ctx); err != nil {
			return pg.Error(err)
		}
		for i := range rows {
			roles = append(roles, rows[i].toDomain())
		}
		return nil
	})
	return roles, err
}

// foldedName is what words are looked for in. The names of templates are ASCII,
// which every locale folds alike.
const foldedName = "coalesce(r.folded, lower(r.name))"

// containing is the pattern for texts that contain what somebody typed.
func containing(words string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(strings.ToLower(words)) + "%"
}

// Add implements ports.TenantRoles.
func (t *TenantRoles) Add(ctx context.Context, d domain.RoleDraft, at time.Time) (id int64, err error) {
	err = t.db.Do(ctx, func(ctx context.Context) error {
		row := t.db.Conn(ctx).QueryRowContext(ctx, `
			INSERT INTO roles (tenant_id, service, name, folded, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?) RETURNING id`,
			reqctx.From(ctx).TenantID, d.Service, d.Name, strings.ToLower(d.Name), pg.Time(at), pg.Time(at))
		if err := row.Scan(&id); err != nil {
			return orTaken(err)
		}
		return t.link(ctx, id, d.Keys)
	})
	return id, err
}

// Update implements ports.TenantRoles. Links go before the role changes its
// service: no link may be of another service than its role.
func (t *TenantRoles) Update(ctx context.Context, id int64, d domain.RoleDraft, at time.Time) error {
	return t.db.Do(ctx, func(ctx context.Context) error {
		tenant := reqctx.From(ctx).TenantID
		if _, err := t.db.Conn(ctx).ExecContext(ctx, `
			DELETE FROM role_permissions WHERE role_id = ? AND tenant_id = ? AND permission_key <> ALL (?::text[])`,
			id, tenant, pgdialect.Array(d.Keys)); err != nil {
			return pg.Error(err)
		}
		result, err := t.db.Conn(ctx).ExecContext(ctx, `
			UPDATE roles SET service = ?, name = ?, folded = ?, updated_at = ? WHERE id = ? AND tenant_id = ?`,
			d.Service, d.Name, strings.ToLower(d.Name), pg.Time(at), id, tenant)
		if err != nil {
			return orTaken(err)
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return orMissing(err, domain.ErrRoleNotFound)
		}
		return t.link(ctx, id, d.Keys)
	})
}

// link gives the role what it does not hold yet.
func (t *TenantRoles) link(ctx context.Context, id int64, keys []string) error {
	if len(keys) == 0 {
		return nil
	}
	_, err := t.db.Conn(ctx).ExecContext(ctx, `
		INSERT INTO role_permissions (role_id, permission_key) SELECT ?, unnest(?::text[]) ON CONFLICT DO NOTHING`,
		id, pgdialect.Array(keys))
	return pg.Error(err)
}

// Delete implements ports.TenantRoles.
func (t *TenantRoles) Delete(ctx context.Context, id int64) (bindings []domain.BindingRecord, err error) {
	err = t.db.Do(ctx, func(ctx context.Context) error {
		if bindings, err = boundBy(ctx, t.db, func(q *bun.SelectQuery) *bun.SelectQuery {
			return q.Where("b.role_id = ?", id).OrderExpr("b.id")
		}); err != nil {
			return err
		}
		result, err := t.db.Conn(ctx).ExecContext(ctx, `DELETE FROM roles WHERE id = ? AND tenant_id = ?`, id, reqctx.From(ctx).TenantID)
		if err != nil {
			return pg.Error(err)
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return orMissing(err, domain.ErrRoleNotFound)
		}
		return nil
	})
	return bindings, err
}

func orTaken(err error) error {
	if pg.ConstraintName(err) == "roles_name" {
		return domain.ErrRoleExists.Wrap(err)
	}
	return pg.Error(err)
}

// orMissing turns "no rows", or no error, into what the domain calls it.
func orMissing(err error, missing *errs.Error) error {
	if err == nil {
		return missing
	}
	if err = pg.Error(err); errs.KindOf(err) == errs.NotFound {
		return missing.Wrap(err)
	}
	return err
}
