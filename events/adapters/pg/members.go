package pg

import (
	"context"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/pg"
)

// Members is ports.Members.
type Members struct {
	db *pg.DB
}

// NewMembers stores members in db.
func NewMembers(db *pg.DB) *Members { return &Members{db: db} }

type memberRow struct {
	bun.BaseModel `bun:"table:members,alias:m"`
	pg.Tenanted

	ScopeType string    `bun:"scope_type,pk"`
	ScopeID   uuid.UUID `bun:"scope_id,pk,type:uuid"`
	UserID    uuid.UUID `bun:"user_id,pk,type:uuid"`
}

// Put stores a membership, or removes it.
func (r *Members) Put(ctx context.Context, group authz.Scope, user uuid.UUID, member bool) error {
	if member {
		row := &memberRow{ScopeType: string(group.Type), ScopeID: group.ID, UserID: user}
		_, err := r.db.Conn(ctx).NewInsert().Model(row).On("CONFLICT DO NOTHING").Exec(ctx)
		return pg.Error(err)
	}
	_, err := r.db.Conn(ctx).NewDelete().Model((*memberRow)(nil)).Where("scope_type = ?", group.Type).Where("scope_id = ?", group.ID).
		Where("user_id = ?", user).Exec(ctx)
	return pg.Error(err)
}

// RemoveAll removes the members of a group.
func (r *Members) RemoveAll(ctx context.Context, group authz.Scope) error {
	_, err := r.db.Conn(ctx).NewDelete().Model((*memberRow)(nil)).Where("scope_type = ?", group.Type).Where("scope_id = ?", group.ID).Exec(ctx)
	return pg.Error(err)
}

// List lists members of groups.
func (r *Members) List(ctx context.Context, groups []authz.Scope, limit int) ([]uuid.UUID, error) {
	return pg.Many(ctx, r.db, func(row *memberRow) uuid.UUID { return row.UserID }, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Column("user_id").Distinct().Where("(m.scope_type, m.scope_id) IN ?", pg.Scopes(groups)).OrderExpr("m.user_id").Limit(int64(limit))
	})
}
