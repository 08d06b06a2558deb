package pg

import (
	"context"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
)

// Memberships is ports.Memberships.
type Memberships struct {
	db *pg.DB
}

// NewMemberships keeps memberships in db.
func NewMemberships(db *pg.DB) *Memberships { return &Memberships{db: db} }

// Belonging reads a user's seats in a community: two queries, by the user and by the groups he turns up in.
func (r *Memberships) Belonging(ctx context.Context, place domain.Place, user uuid.UUID) (domain.Belonging, error) {
	community, asked := place.Community.ID(), place.Group.ID()
	var rows []membershipRow
	var groups []groupRow
	err := r.db.Conn(ctx).NewSelect().Model(&rows).Where("m.community_id = ?", community).Where("m.user_id = ?", user).Scan(ctx)
	if err != nil {
		return domain.Belonging{}, pg.Error(err)
	}
	memberships := make(map[uuid.UUID]domain.Membership, len(rows))
	wanted := []uuid.UUID{community, asked}
	for i := range rows {
		memberships[rows[i].ScopeID] = rows[i].toDomain()
		if rows[i].Status == statusActive {
			wanted = append(wanted, rows[i].ScopeID)
		}
	}
	err = r.db.Conn(ctx).NewSelect().Model(&groups).Where("g.id IN (?)", bun.List(wanted)).OrderExpr("g.id").Scan(ctx)
	if err != nil {
		return domain.Belonging{}, pg.Error(err)
	}
	b := domain.Belonging{User: user}
	for i := range groups {
		seat := domain.Seat{Group: groups[i].toDomain(), Membership: memberships[groups[i].ID]}
		if groups[i].ID == community {
			b.Community = seat
			continue
		}
		b.Teams = append(b.Teams, seat)
	}
	return b, nil
}

// Store keeps changed memberships, in the order given: one that holds another up comes before it.
func (r *Memberships) Store(ctx context.Context, memberships ...domain.Membership) error {
	for _, m := range memberships {
		result, err := r.db.Conn(ctx).NewInsert().Model(toRowMembership(m)).
			On("CONFLICT (tenant_id, scope_type, scope_id, user_id) DO UPDATE").
			Set("role = EXCLUDED.role, status = EXCLUDED.status, version = EXCLUDED.version, joined_at = EXCLUDED.joined_at, updated_at = EXCLUDED.updated_at").
			Where("m.version = EXCLUDED.version - 1").Exec(ctx)
		stale := errs.Internalf("portal: the membership of %s in %s was changed without the lock of its community", m.Data().UserID, m.Data().Scope.ID)
		if err := changedOne(result, err, stale); err != nil {
			return err
		}
	}
	return nil
}

// Find returns what a user is in a group.
func (r *Memberships) Find(ctx context.Context, scope domain.Scope, user uuid.UUID) (domain.Membership, error) {
	return one[membershipRow, domain.Membership](ctx, r.db, domain.ErrMemberNotFound, func(q *bun.SelectQuery) *bun.SelectQuery {
		return scoped(q, scope).Where("m.user_id = ?", user).Where("m.status = ?", statusActive)
	})
}

// Roles says what a user is in each of some groups.
func (r *Memberships) Roles(ctx context.Context, user uuid.UUID, groups ...uuid.UUID) (map[uuid.UUID]domain.Role, error) {
	roles := make(map[uuid.UUID]domain.Role, len(groups))
	if len(groups) == 0 {
		return roles, nil
	}
	found, err := many[membershipRow, domain.Membership](ctx, r.db, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("m.user_id = ?", user).Where("m.status = ?", statusActive).Where("m.scope_id IN (?)", bun.List(groups))
	})
	for _, m := range found {
		roles[m.Data().Scope.ID] = m.Role()
	}
	return roles, err
}

// List returns members of a group.
func (r *Memberships) List(ctx context.Context, search ports.MemberSearch, after ports.MemberKey, limit int) ([]domain.Membership, error) {
	return many[membershipRow, domain.Membership](ctx, r.db, func(q *bun.SelectQuery) *bun.SelectQuery {
		q = scoped(q, search.Scope).Where("m.status = ?", statusActive)
		if search.Role != domain.Nobody {
			q = q.Where("m.role = ?", search.Role)
		}
		if pattern := containing(search.Words); pattern != "" {
			q = q.Where("EXISTS (SELECT FROM profiles AS p WHERE p.tenant_id = m.tenant_id AND p.user_id = m.user_id AND p.folded LIKE ?)", pattern)
		}
		if after.User != uuid.Nil {
			q = q.Where("(m.joined_at, m.user_id) > (?, ?)", after.JoinedAt, after.User)
		}
		return q.OrderExpr("m.joined_at, m.user_id").Limit(int64(limit))
	})
}

// maxOf bounds what one user belongs to, which nothing else does.
const maxOf = 10_000

// Of returns everything that a user belongs to.
func (r *Memberships) Of(ctx context.Context, user uuid.UUID) ([]domain.Membership, error) {
	return many[membershipRow, domain.Membership](ctx, r.db, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("m.user_id = ?", user).Where("m.status = ?", statusActive).OrderExpr("m.scope_type, m.scope_id").Limit(maxOf)
	})
}

// Check says what users are in groups.
func (r *Memberships) Check(ctx context.Context, pairs ...ports.Pair) ([]domain.Role, error) {
	roles := make([]domain.Role, len(pairs))
	if len(pairs) == 0 {
		return roles, nil
	}
	tuples := make([][]string, len(pairs))
	for i, p := range pairs {
		tuples[i] = []string{string(p.Scope.Type), p.Scope.ID.String(), p.User.String()}
	}
	found, err := many[membershipRow, domain.Membership](ctx, r.db, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("(m.scope_type, m.scope_id, m.user_id) IN ?", bun.Tuple(tuples)).Where("m.status = ?", statusActive)
	})
	known := make(map[ports.Pair]domain.Role, len(found))
	for _, m := range found {
		known[ports.Pair{User: m.Data().UserID, Scope: m.Data().Scope}] = m.Role()
	}
	for i, p := range pairs {
		roles[i] = known[p]
	}
	return roles, err
}

// Walk returns active memberships in the order of their keys.
func (r *Memberships) Walk(ctx context.Context, after ports.WalkKey, limit int) ([]domain.Membership, error) {
	return many[membershipRow, domain.Membership](ctx, r.db, func(q *bun.SelectQuery) *bun.SelectQuery {
		if after != (ports.WalkKey{}) {
			q = q.Where("(m.scope_type, m.scope_id, m.user_id) > (?, ?, ?)", after.Scope.Type, after.Scope.ID, after.User)
		}
		return q.Where("m.status = ?", statusActive).OrderExpr("m.scope_type, m.scope_id, m.user_id").Limit(int64(limit))
	})
}
