package pg

import (
	"context"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/libs/pg"
)

// Members is ports.Members.
type Members struct{ db *pg.DB }

// NewMembers stores members in db.
func NewMembers(db *pg.DB) *Members { return &Members{db} }

type memberRow struct {
	bun.BaseModel `bun:"table:members,alias:m"`
	pg.Tenanted

	UserID uuid.UUID `bun:"user_id,pk,type:uuid"`
	Active bool      `bun:"active"`
	Ranked bool      `bun:"ranked"`
}

// Put stores whether a user is an active member.
func (r *Members) Put(ctx context.Context, user uuid.UUID, active bool) error {
	_, err := r.db.Conn(ctx).NewInsert().Model(&memberRow{UserID: user, Active: active, Ranked: true}).
		On("CONFLICT (tenant_id, user_id) DO UPDATE").Set("active = EXCLUDED.active").Exec(ctx)
	return pg.Error(err)
}

// IsActive reports whether a user is an active member.
func (r *Members) IsActive(ctx context.Context, user uuid.UUID) (active bool, err error) {
	err = r.db.Read(ctx, func(ctx context.Context) error {
		active, err = r.db.Conn(ctx).NewSelect().Model((*memberRow)(nil)).Where("m.user_id = ?", user).Where("m.active").Exists(ctx)
		return pg.Error(err)
	})
	return active, err
}

// IsRanked reports whether a user wants to be on leaderboards, and is.
func (r *Members) IsRanked(ctx context.Context, user uuid.UUID) (ranked, shown bool, err error) {
	found, err := pg.Many(ctx, r.db, func(m *memberRow) memberRow { return *m }, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("m.user_id = ?", user) })
	if err != nil || len(found) == 0 {
		return true, false, err
	}
	return found[0].Ranked, found[0].Ranked && found[0].Active, nil
}

// SetRanked stores what a user wants. One who is not known as a member is not shown for it.
func (r *Members) SetRanked(ctx context.Context, user uuid.UUID, ranked bool) error {
	_, err := r.db.Conn(ctx).NewInsert().Model(&memberRow{UserID: user, Ranked: ranked}).
		On("CONFLICT (tenant_id, user_id) DO UPDATE").Set("ranked = EXCLUDED.ranked").Exec(ctx)
	return pg.Error(err)
}
