package pg

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/valid"
)

// Bindings stores role bindings.
type Bindings struct{ db *pg.DB }

var _ ports.Bindings = (*Bindings)(nil)

// NewBindings stores bindings in db.
func NewBindings(db *pg.DB) *Bindings { return &Bindings{db: db} }

// bindingRow is a binding together with its role.
type bindingRow struct {
	bun.BaseModel `bun:"table:role_bindings,alias:b"`
	pg.Tenanted

	ID        int64         `bun:"id,pk,autoincrement"`
	UserID    uuid.UUID     `bun:"user_id,type:uuid"`
	ScopeType string        `bun:"scope_type"`
	ScopeID   string        `bun:"scope_id"`
	RoleID    int64         `bun:"role_id"`
	ExpiresAt bun.NullTime  `bun:"expires_at"`
	CreatedAt time.Time     `bun:"created_at"`
	CreatedBy uuid.NullUUID `bun:"created_by,type:uuid"`
	Source    string        `bun:"source"`

	AchievementID uuid.NullUUID `bun:"achievement_id,type:uuid"`

	RoleTenant  uuid.NullUUID `bun:"role_tenant,type:uuid,scanonly"`
	RoleService string        `bun:"role_service,scanonly"`
	RoleName    string        `bun:"role_name,scanonly"`
	RoleKeys    []string      `bun:"role_keys,array,scanonly"`
}

func (r *bindingRow) toDomain() domain.BindingRecord {
	role := roleRow{ID: r.RoleID, TenantID: r.RoleTenant, Service: r.RoleService, Name: r.RoleName, Keys: r.RoleKeys}
	return domain.BindingRecord{
		ID: r.ID, Tenant: r.TenantID, User: r.UserID, Role: role.toDomain(),
		Scope:   domain.Scope{Type: domain.ScopeType(r.ScopeType), ID: r.ScopeID},
		Expires: utc(r.ExpiresAt), CreatedAt: r.CreatedAt.UTC(), By: r.CreatedBy.UUID, Source: domain.Source(r.Source), Achievement: r.AchievementID.UUID,
	}
}

// utc is the domain's form of a time that may be NULL.
func utc(t bun.NullTime) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC()
}

func nullTime(t time.Time) bun.NullTime { return bun.NullTime{Time: valid.Instant(t)} }

func nullID(id uuid.UUID) uuid.NullUUID { return uuid.NullUUID{UUID: id, Valid: id != uuid.Nil} }

// withRole selects bindings with the columns of their roles.
func withRole(q *bun.SelectQuery) *bun.SelectQuery {
	return q.Column("b.tenant_id", "b.id", "b.user_id", "b.scope_type", "b.scope_id", "b.role_id", "b.expires_at", "b.created_at", "b.created_by", "b.source", "b.achievement_id").
		ColumnExpr("r.tenant_id AS role_tenant, r.service AS role_service, r.name AS role_name, r.keys AS role_keys").
		Join("JOIN roles AS r ON r.id = b.role_id")
}

func (b *Bindings) one(ctx context.Context, narrow func(*bun.SelectQuery) *bun.SelectQuery) (domain.BindingRecord, error) {
	return pg.One(ctx, b.db, domain.ErrBindingNotFound, (*bindingRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery { return narrow(withRole(q)) })
}

// Find implements ports.Bindings.
func (b *Bindings) Find(ctx context.Context, id int64) (domain.BindingRecord, error) {
	return b.one(ctx, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("b.id = ?", id) })
}

// Same implements ports.Bindings.
func (b *Bindings) Same(ctx context.Context, user uuid.UUID, role int64, scope domain.Scope) (domain.BindingRecord, error) {
	return b.one(ctx, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("b.user_id = ?", user).Where("b.role_id = ?", role).Where("b.source = ?", domain.Manual).
			Where("b.scope_type = ?", scope.Type).Where("b.scope_id = ?", scope.ID)
	})
}

// Page implements ports.Bindings.
func (b *Bindings) Page(ctx context.Context, search ports.BindingSearch) ([]domain.BindingRecord, error) {
	return pg.Many(ctx, b.db, (*bindingRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		q = withRole(q).OrderExpr("b.id DESC").Limit(int64(search.Limit))
		if pattern := pg.Contains(search.Query); pattern != "" {
			q = q.WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
				q = q.Where(foldedName+" LIKE ?", pattern).WhereOr("r.service LIKE ?", pattern)
				if user, err := uuid.Parse(strings.TrimSpace(search.Query)); err == nil {
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

func toDBBinding(g domain.Grant) *bindingRow {
	return &bindingRow{
		UserID: g.User, ScopeType: string(g.Scope.Type), ScopeID: g.Scope.ID, RoleID: g.Role,
		ExpiresAt: nullTime(g.Expires), CreatedBy: nullID(g.By), Source: string(domain.Manual),
	}
}

// Add implements ports.Bindings.
func (b *Bindings) Add(ctx context.Context, g domain.Grant, at time.Time) (int64, error) {
	row := toDBBinding(g)
	row.CreatedAt = pg.Time(at)
	err := b.db.Do(ctx, func(ctx context.Context) error {
		_, err := b.db.Conn(ctx).NewInsert().Model(row).Returning("id").Exec(ctx)
		return pg.Taken(err, map[string]*errs.Error{"role_bindings_grant": domain.ErrBindingExists})
	})
	return row.ID, err
}

// Grant implements ports.Bindings.
func (b *Bindings) Grant(ctx context.Context, g domain.Grant) (id int64, created bool, err error) {
	row := toDBBinding(g)
	err = b.db.Do(ctx, func(ctx context.Context) error {
		// xmax is zero in a row that this statement inserted and not updated
		return pg.Error(b.db.Conn(ctx).NewInsert().Model(row).ExcludeColumn("created_at").
			On("CONFLICT (tenant_id, user_id, scope_type, scope_id, role_id, source) DO UPDATE").
			Set("expires_at = EXCLUDED.expires_at").
			Returning("id, xmax = 0").
			Scan(ctx, &id, &created))
	})
	return id, created, err
}

// Expire implements ports.Bindings.
func (b *Bindings) Expire(ctx context.Context, id int64, at time.Time) error {
	return b.db.Do(ctx, func(ctx context.Context) error {
		result, err := b.db.Conn(ctx).NewUpdate().Model((*bindingRow)(nil)).Set("expires_at = ?", nullTime(at)).Where("b.id = ?", id).Exec(ctx)
		return pg.ChangedOne(result, err, domain.ErrBindingNotFound)
	})
}

// Delete implements ports.Bindings.
func (b *Bindings) Delete(ctx context.Context, id int64) error {
	return b.db.Do(ctx, func(ctx context.Context) error {
		result, err := b.db.Conn(ctx).NewDelete().Model((*bindingRow)(nil)).Where("b.id = ?", id).Exec(ctx)
		return pg.ChangedOne(result, err, domain.ErrBindingNotFound)
	})
}
