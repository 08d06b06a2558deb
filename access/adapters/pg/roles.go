package pg

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
)

// Roles reads roles.
type Roles struct{ db *pg.DB }

var _ ports.Roles = (*Roles)(nil)

// NewRoles reads roles from db.
func NewRoles(db *pg.DB) *Roles { return &Roles{db: db} }

// Template implements ports.Roles.
func (r *Roles) Template(ctx context.Context, service domain.Service, name string) (domain.Role, error) {
	role := domain.Role{Service: service, Name: name}
	err := r.db.Read(ctx, func(ctx context.Context) error {
		row := r.db.Conn(ctx).QueryRowContext(ctx, `
			SELECT id, keys FROM roles WHERE owner = ? AND service = ? AND name = ?`, uuid.Nil, service, name)
		if err := row.Scan(&role.ID, pgdialect.Array(&role.Keys)); err != nil {
			if errors.Is(err, sql.ErrNoRows) {
				return errs.NotFoundf("There is no such role template.")
			}
			return pg.Error(err)
		}
		return nil
	})
	if err != nil {
		return domain.Role{}, err
	}
	return role, nil
}

// Bindings stores grants.
type Bindings struct{ db *pg.DB }

var _ ports.Bindings = (*Bindings)(nil)

// NewBindings stores grants in db.
func NewBindings(db *pg.DB) *Bindings { return &Bindings{db: db} }

type bindingRow struct {
	bun.BaseModel `bun:"table:role_bindings"`
	pg.Tenanted

	ID        int64      `bun:"id,pk,autoincrement"`
	UserID    uuid.UUID  `bun:"user_id,type:uuid"`
	ScopeType string     `bun:"scope_type"`
	ScopeID   string     `bun:"scope_id"`
	RoleID    int64      `bun:"role_id"`
	ExpiresAt *time.Time `bun:"expires_at"`
	CreatedBy *uuid.UUID `bun:"created_by,type:uuid"`
	Source    string     `bun:"source"`
	Created   bool       `bun:"created,scanonly"`
}

// Grant implements ports.Bindings.
func (b *Bindings) Grant(ctx context.Context, g domain.Grant) (id int64, created bool, err error) {
	row := toDBBinding(g)
	err = b.db.Do(ctx, func(ctx context.Context) error {
		// xmax is zero in a row that this statement inserted and not updated
		_, err := b.db.Conn(ctx).NewInsert().Model(&row).
			On("CONFLICT (tenant_id, user_id, scope_type, scope_id, role_id, source) DO UPDATE").
			Set("expires_at = EXCLUDED.expires_at").
			Returning("id, (xmax = 0) AS created").
			Exec(ctx)
		return pg.Error(err)
	})
	return row.ID, row.Created, err
}

func toDBBinding(g domain.Grant) bindingRow {
	row := bindingRow{UserID: g.User, ScopeType: string(g.Scope.Type), ScopeID: g.Scope.ID, RoleID: g.Role, Source: string(domain.Manual)}
	if !g.Expires.IsZero() {
		row.ExpiresAt = &g.Expires
	}
	if g.By != uuid.Nil {
		row.CreatedBy = &g.By
	}
	return row
}

func fromDBBinding(r bindingRow) domain.BoundGrant {
	g := domain.BoundGrant{ID: r.ID, Grant: domain.Grant{
		User: r.UserID, Role: r.RoleID, Scope: domain.Scope{Type: domain.ScopeType(r.ScopeType), ID: r.ScopeID},
	}}
	if r.ExpiresAt != nil {
		g.Expires = *r.ExpiresAt
	}
	if r.CreatedBy != nil {
		g.By = *r.CreatedBy
	}
	return g
}
