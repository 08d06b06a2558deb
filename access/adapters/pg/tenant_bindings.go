package pg

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/libs/pg"
)

// TenantBindings keeps the bindings of tenants.
type TenantBindings struct{ db *pg.DB }

var _ ports.TenantBindings = (*TenantBindings)(nil)

// NewTenantBindings keeps bindings in db.
func NewTenantBindings(db *pg.DB) *TenantBindings { return &TenantBindings{db: db} }

// boundRow is a binding together with its role.
type boundRow struct {
	bun.BaseModel `bun:"table:role_bindings,alias:b"`
	pg.Tenanted

	ID        int64      `bun:"id,pk,autoincrement"`
	UserID    uuid.UUID  `bun:"user_id,type:uuid"`
	ScopeType string     `bun:"scope_type"`
	ScopeID   string     `bun:"scope_id"`
	RoleID    int64      `bun:"role_id"`
	ExpiresAt *time.Time `bun:"expires_at"`
	CreatedAt time.Time  `bun:"created_at"`
	CreatedBy *uuid.UUID `bun:"created_by,type:uuid"`
	Source    string     `bun:"source"`

	RoleTenant  *uuid.UUID `bun:"role_tenant,type:uuid,scanonly"`
	RoleService string     `bun:"role_service,scanonly"`
	RoleName    string     `bun:"role_name,scanonly"`
	RoleKeys    []string   `bun:"role_keys,array,scanonly"`
}

func (r *boundRow) toDomain() domain.BindingRecord {
	role := roleRow{ID: r.RoleID, TenantID: r.RoleTenant, Service: r.RoleService, Name: r.RoleName, Keys: r.RoleKeys}
	return domain.BindingRecord{
		ID: r.ID, Tenant: r.TenantID, User: r.UserID, Role: role.toDomain(),
		Scope:   domain.Scope{Type: domain.ScopeType(r.ScopeType), ID: r.ScopeID},
		Expires: instant(r.ExpiresAt), CreatedAt: r.CreatedAt.UTC(), By: orNobody(r.CreatedBy), Source: domain.Source(r.Source),
	}
}

// boundBy reads the bindings of the tenant of ctx that a query is narrowed to.
func boundBy(ctx context.Context, db *pg.DB, narrow func(*bun.SelectQuery) *bun.SelectQuery) (records []domain.BindingRecord, err error) {
	err = db.Read(ctx, func(ctx context.Context) error {
		var rows []boundRow
		err := db.Conn(ctx).NewSelect().Model(&rows).
			Column("b.tenant_id", "b.id", "b.user_id", "b.scope_type", "b.scope_id", "b.role_id", "b.expires_at", "b.created_at", "b.created_by", "b.source").
			ColumnExpr("r.tenant_id AS role_tenant, r.service AS role_service, r.name AS role_name, r.keys AS role_keys").
			Join("JOIN roles AS r ON r.id = b.role_id").Apply(narrow).Scan(ctx)
		for i := range rows {
			records = append(records, rows[i].toDomain())
		}
		return pg.Error(err)
	})
	return records, err
}

func (t *TenantBindings) one(ctx context.Context, narrow func(*bun.SelectQuery) *bun.SelectQuery) (domain.BindingRecord, error) {
	records, err := boundBy(ctx, t.db, narrow)
	if err == nil && len(records) == 0 {
		err = domain.ErrBindingNotFound
	}
	if err != nil {
		return domain.BindingRecord{}, err
	}
	return records[0], nil
}

// Find implements ports.TenantBindings.
func (t *TenantBindings) Find(ctx context.Context, id int64) (domain.BindingRecord, error) {
	return t.one(ctx, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("b.id = ?", id) })
}

// Same implements ports.TenantBindings.
func (t *TenantBindings) Same(ctx context.Context, user uuid.UUID, role int64, scope domain.Scope) (domain.BindingRecord, error) {
	return t.one(ctx, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("b.user_id = ?", user).Where("b.role_id = ?", role).Where("b.source = ?", domain.Manual).
			Where("b.scope_type = ?", scope.Type).Where("b.scope_id = ?", scope.ID)
	})
}

// Page implements ports.TenantBindings.
func (t *TenantBindings) Page(ctx context.Context, search ports.BindingSearch) ([]domain.BindingRecord, error) {
	return boundBy(ctx, t.db, func(q *bun.SelectQuery) *bun.SelectQuery {
		q = q.OrderExpr("b.id DESC").Limit(int64(search.Limit))
		if words := strings.TrimSpace(search.Words); words != "" {
			q = q.WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
				q = q.Where(foldedName+" LIKE ?", containing(words)).WhereOr("r.service LIKE ?", containing(words))
				if user, err := uuid.Parse(words); err == nil {
					q = q.WhereOr("b.user_id = ?", user)
				}
				return q
			})
		}
		if search.ScopeType != "" {
			q = q.Where("b.scope_type = ?", search.ScopeType)
		}
		if search.ScopeID != "" {
			q = q.Where("b.scope_id = ?", search.ScopeID)
		}
		if search.User != uuid.Nil {
			q = q.Where("b.user_id = ?", search.User)
		}
		if search.Role != 0 {
			q = q.Where("b.role_id = ?", search.Role)
		}
		if search.Before != 0 {
			q = q.Where("b.id < ?", search.Before)
		}
		return q
	})
}

// Add implements ports.TenantBindings.
func (t *TenantBindings) Add(ctx context.Context, g domain.Grant, at time.Time) (int64, error) {
	row := boundRow{
		UserID: g.User, ScopeType: string(g.Scope.Type), ScopeID: g.Scope.ID, RoleID: g.Role,
		ExpiresAt: orNever(g.Expires), CreatedAt: pg.Time(at), CreatedBy: orNull(g.By), Source: string(domain.Manual),
	}
	err := t.db.Do(ctx, func(ctx context.Context) error {
		_, err := t.db.Conn(ctx).NewInsert().Model(&row).Returning("id").Exec(ctx)
		if pg.ConstraintName(err) == "role_bindings_grant" {
			return domain.ErrBindingExists.Wrap(err)
		}
		return pg.Error(err)
	})
	return row.ID, err
}

// Expire implements ports.TenantBindings.
func (t *TenantBindings) Expire(ctx context.Context, id int64, at time.Time) error {
	return t.db.Do(ctx, func(ctx context.Context) error {
		result, err := t.db.Conn(ctx).NewUpdate().Model((*boundRow)(nil)).Set("expires_at = ?", orNever(at)).Where("b.id = ?", id).Exec(ctx)
		return orNone(result, err, domain.ErrBindingNotFound)
	})
}

// Delete implements ports.TenantBindings.
func (t *TenantBindings) Delete(ctx context.Context, id int64) error {
	return t.db.Do(ctx, func(ctx context.Context) error {
		result, err := t.db.Conn(ctx).NewDelete().Model((*boundRow)(nil)).Where("b.id = ?", id).Exec(ctx)
		return orNone(result, err, domain.ErrBindingNotFound)
	})
}
