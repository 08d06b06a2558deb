package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
	groupsdomain "go.updspace.com/portal/groups/domain"
	groupsports "go.updspace.com/portal/groups/ports"
)

// Memberships is groupsports.Memberships.
type Memberships struct {
	db *pg.DB
}

// NewMemberships stores memberships in db.
func NewMemberships(db *pg.DB) *Memberships { return &Memberships{db: db} }

type membershipRow struct {
	bun.BaseModel `bun:"table:memberships,alias:m"`
	pg.Tenanted
	membershipColumns
}

// membershipColumns is groupsdomain.MembershipData with the names of the columns.
type membershipColumns struct {
	Scope       authz.Scope                   `bun:"embed:scope_"`
	CommunityID uuid.UUID                     `bun:"community_id,type:uuid"`
	UserID      uuid.UUID                     `bun:"user_id,pk,type:uuid"`
	Role        groupsdomain.Role             `bun:"role"`
	Status      groupsdomain.MembershipStatus `bun:"status"`
	Version     int64                         `bun:"version"`
	JoinedAt    time.Time                     `bun:"joined_at"`
	UpdatedAt   time.Time                     `bun:"updated_at"`
}

func (r *membershipRow) toDomain() groupsdomain.Membership {
	return groupsdomain.RestoreMembership(groupsdomain.MembershipData(r.membershipColumns))
}

// OfUser reads what a user is in a community: by the user, then the groups, then the bans.
func (r *Memberships) OfUser(ctx context.Context, group groupsdomain.GroupInCommunity, user uuid.UUID) (groupsdomain.UserMemberships, error) {
	community := group.Community.ID()
	inCommunity := func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("?TableAlias.community_id = ?", community).Where("?TableAlias.user_id = ?", user)
	}
	rows, err := pg.Many(ctx, r.db, (*membershipRow).toDomain, inCommunity)
	if err != nil {
		return groupsdomain.UserMemberships{}, err
	}
	memberships := make(map[uuid.UUID]groupsdomain.Membership, len(rows))
	wanted := []uuid.UUID{community, group.Group.ID()}
	for _, m := range rows {
		memberships[m.Scope().ID] = m
		if m.Role() != groupsdomain.RoleNone {
			wanted = append(wanted, m.Scope().ID)
		}
	}
	groups, err := pg.Many(ctx, r.db, (*groupRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("g.id IN (?)", bun.List(wanted)).OrderExpr("g.id")
	})
	if err != nil {
		return groupsdomain.UserMemberships{}, err
	}
	found := groupsdomain.UserMemberships{User: user}
	for _, g := range groups {
		membership := groupsdomain.GroupMembership{Group: g, Membership: memberships[g.ID()]}
		if g.ID() == community {
			found.Community = membership
			continue
		}
		found.Teams = append(found.Teams, membership)
	}
	found.Bans, err = pg.Many(ctx, r.db, (*banRow).toDomain, inCommunity)
	return found, err
}

// Store stores changed memberships in the order given.
func (r *Memberships) Store(ctx context.Context, memberships ...groupsdomain.Membership) error {
	for _, m := range memberships {
		result, err := r.db.Conn(ctx).NewInsert().Model(&membershipRow{membershipColumns: membershipColumns(m.Data())}).
			On("CONFLICT (tenant_id, scope_type, scope_id, user_id) DO UPDATE").
			Set("role = EXCLUDED.role, status = EXCLUDED.status, version = EXCLUDED.version, joined_at = EXCLUDED.joined_at, updated_at = EXCLUDED.updated_at").
			Where("m.version = EXCLUDED.version - 1").Exec(ctx)
		stale := errs.Internalf("portal: the membership of %s in %s was changed without the lock of its community", m.Data().UserID, m.Scope().ID)
		if err := pg.ChangedOne(result, err, stale); err != nil {
			return err
		}
	}
	return nil
}

// active reads active memberships.
func (r *Memberships) active(ctx context.Context, query func(*bun.SelectQuery) *bun.SelectQuery) ([]groupsdomain.Membership, error) {
	return pg.Many(ctx, r.db, (*membershipRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return query(q.Where("m.status = ?", groupsdomain.MembershipActive))
	})
}

// Find returns a user's membership in a group.
func (r *Memberships) Find(ctx context.Context, group, user uuid.UUID) (groupsdomain.Membership, error) {
	return pg.One(ctx, r.db, groupsdomain.ErrMemberNotFound, (*membershipRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("m.scope_id = ?", group).Where("m.user_id = ?", user).Where("m.status = ?", groupsdomain.MembershipActive)
	})
}

// Roles returns a user's roles in some groups.
func (r *Memberships) Roles(ctx context.Context, user uuid.UUID, groups ...uuid.UUID) (map[uuid.UUID]groupsdomain.Role, error) {
	roles := make(map[uuid.UUID]groupsdomain.Role, len(groups))
	if len(groups) == 0 {
		return roles, nil
	}
	found, err := r.active(ctx, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("m.user_id = ?", user).Where("m.scope_id IN (?)", bun.List(groups))
	})
	for _, m := range found {
		roles[m.Scope().ID] = m.Role()
	}
	return roles, err
}

// List returns a page of the members of a group.
func (r *Memberships) List(ctx context.Context, search groupsports.MemberSearch, after groupsports.MemberKey, limit int) ([]groupsdomain.Membership, error) {
	return r.active(ctx, func(q *bun.SelectQuery) *bun.SelectQuery {
		q = q.Where("m.scope_id = ?", search.Group)
		if search.Role != groupsdomain.RoleNone {
			q = q.Where("m.role = ?", search.Role)
		}
		if pattern := pg.Contains(search.Query); pattern != "" {
			q = q.Where("EXISTS (SELECT FROM profiles AS p WHERE p.tenant_id = m.tenant_id AND p.user_id = m.user_id AND p.folded LIKE ?)", pattern)
		}
		if after.User != uuid.Nil {
			q = q.Where("(m.joined_at, m.user_id) > (?, ?)", after.JoinedAt, after.User)
		}
		return q.OrderExpr("m.joined_at, m.user_id").Limit(int64(limit))
	})
}

// maxMemberships bounds the memberships of one user.
const maxMemberships = 10_000

// All returns all memberships of a user.
func (r *Memberships) All(ctx context.Context, user uuid.UUID) ([]groupsdomain.Membership, error) {
	return r.active(ctx, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("m.user_id = ?", user).OrderExpr("m.scope_type, m.scope_id").Limit(maxMemberships)
	})
}

// Ranks is contentports.GroupRoles.
func (r *Memberships) Ranks(ctx context.Context, user uuid.UUID) (map[uuid.UUID]int, error) {
	found, err := r.All(ctx, user)
	ranks := make(map[uuid.UUID]int, len(found))
	for _, m := range found {
		ranks[m.Scope().ID] = m.Role().Rank()
	}
	return ranks, err
}

// Check returns the roles of users in groups.
func (r *Memberships) Check(ctx context.Context, keys ...groupsports.MembershipKey) ([]groupsdomain.Role, error) {
	roles := make([]groupsdomain.Role, len(keys))
	if len(keys) == 0 {
		return roles, nil
	}
	tuples := make([][]string, len(keys))
	for i, k := range keys {
		tuples[i] = []string{string(k.Scope.Type), k.Scope.ID.String(), k.User.String()}
	}
	found, err := r.active(ctx, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("(m.scope_type, m.scope_id, m.user_id) IN ?", bun.Tuple(tuples))
	})
	byKey := make(map[groupsports.MembershipKey]groupsdomain.Role, len(found))
	for _, m := range found {
		byKey[groupsports.MembershipKey{User: m.Data().UserID, Scope: m.Scope()}] = m.Role()
	}
	for i, k := range keys {
		roles[i] = byKey[k]
	}
	return roles, err
}

// Range returns active memberships in the order of their keys.
func (r *Memberships) Range(ctx context.Context, after groupsports.MembershipKey, limit int) ([]groupsdomain.Membership, error) {
	return r.active(ctx, func(q *bun.SelectQuery) *bun.SelectQuery {
		if after != (groupsports.MembershipKey{}) {
			q = q.Where("(m.scope_type, m.scope_id, m.user_id) > (?, ?, ?)", after.Scope.Type, after.Scope.ID, after.User)
		}
		return q.OrderExpr("m.scope_type, m.scope_id, m.user_id").Limit(int64(limit))
	})
}
