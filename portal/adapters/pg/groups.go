package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/valid"
	groupsdomain "go.updspace.com/portal/groups/domain"
	groupsports "go.updspace.com/portal/groups/ports"
)

// Groups is groupsports.Groups.
type Groups struct {
	db *pg.DB
}

// NewGroups stores groups in db.
func NewGroups(db *pg.DB) *Groups { return &Groups{db: db} }

type groupRow struct {
	bun.BaseModel `bun:"table:groups,alias:g"`
	pg.Tenanted
	groupColumns

	FoldedName string `bun:"folded_name"`
	Folded     string `bun:"folded"`
}

// groupColumns is groupsdomain.GroupData with the names of the columns.
type groupColumns struct {
	ID          uuid.UUID               `bun:"id,pk,type:uuid"`
	TenantID    uuid.UUID               `bun:"-"` // see pg.Tenanted
	Kind        authz.ScopeType         `bun:"kind"`
	CommunityID uuid.UUID               `bun:"community_id,type:uuid"`
	Name        string                  `bun:"name"`
	Description string                  `bun:"description"`
	JoinPolicy  groupsdomain.JoinPolicy `bun:"join_policy"`
	Status      groupsdomain.Status     `bun:"status"`
	Hue         int                     `bun:"hue"`
	Members     int                     `bun:"members"`
	Owners      int                     `bun:"owners"`
	CreatedBy   uuid.UUID               `bun:"created_by,type:uuid"`
	CreatedAt   time.Time               `bun:"created_at"`
	UpdatedAt   time.Time               `bun:"updated_at"`
}

func toRowGroup(g groupsdomain.Group) *groupRow {
	d := g.Data()
	return &groupRow{
		Tenanted: pg.Tenanted{TenantID: d.TenantID}, groupColumns: groupColumns(d),
		FoldedName: valid.Fold(d.Name), Folded: valid.Fold(d.Name + "\n" + d.Description),
	}
}

func (r *groupRow) toDomain() groupsdomain.Group {
	d := groupsdomain.GroupData(r.groupColumns)
	d.TenantID = r.Tenanted.TenantID
	return groupsdomain.RestoreGroup(d)
}

// Find reads a group and its community in one query.
func (r *Groups) Find(ctx context.Context, id uuid.UUID) (found groupsdomain.GroupInCommunity, err error) {
	rows, err := pg.Many(ctx, r.db, (*groupRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Join("JOIN groups AS asked ON asked.tenant_id = g.tenant_id AND g.id IN (asked.id, asked.community_id)").Where("asked.id = ?", id)
	})
	if err == nil && len(rows) == 0 {
		err = groupsdomain.ErrGroupNotFound
	}
	for _, g := range rows {
		if g.ID() == id {
			found.Group = g
		}
		if g.Scope().Type == authz.ScopeCommunity {
			found.Community = g
		}
	}
	return found, err
}

// Lock locks the community's row, so that changes of the community, of its teams and of all memberships in them come one
// after another. Rows that refer to the community, such as posts, can still be inserted.
func (r *Groups) Lock(ctx context.Context, id uuid.UUID) (groupsdomain.GroupInCommunity, error) {
	found, err := r.Find(ctx, id)
	if err != nil {
		return groupsdomain.GroupInCommunity{}, err
	}
	var locked []uuid.UUID
	err = r.db.Conn(ctx).NewSelect().Model((*groupRow)(nil)).Column("id").Where("g.id = ?", found.Community.ID()).
		For("NO KEY UPDATE").Scan(ctx, &locked)
	if err != nil {
		return groupsdomain.GroupInCommunity{}, pg.Error(err)
	}
	return r.Find(ctx, id) // as it is now that it is locked
}

var takenNames = map[string]*errs.Error{"groups_community_name": groupsdomain.ErrNameTaken, "groups_team_name": groupsdomain.ErrNameTaken}

// Add stores a new group.
func (r *Groups) Add(ctx context.Context, group groupsdomain.Group) error {
	_, err := r.db.Conn(ctx).NewInsert().Model(toRowGroup(group)).ExcludeColumn("members", "owners").Exec(ctx)
	return pg.Taken(err, takenNames)
}

// Update stores a changed group.
func (r *Groups) Update(ctx context.Context, group groupsdomain.Group) error {
	result, err := r.db.Conn(ctx).NewUpdate().Model(toRowGroup(group)).
		Column("name", "description", "join_policy", "status", "hue", "updated_at", "folded_name", "folded").Where("id = ?", group.ID()).Exec(ctx)
	if err != nil {
		return pg.Taken(err, takenNames)
	}
	return pg.ChangedOne(result, nil, groupsdomain.ErrGroupNotFound)
}

// Delete deletes a group; foreign keys delete what is in it.
func (r *Groups) Delete(ctx context.Context, id uuid.UUID) error {
	_, err := r.db.Conn(ctx).NewDelete().Model((*groupRow)(nil)).Where("id = ?", id).Exec(ctx)
	return pg.Error(err)
}

// Names returns the names of groups.
func (r *Groups) Names(ctx context.Context, groups ...uuid.UUID) (map[uuid.UUID]string, error) {
	names := make(map[uuid.UUID]string, len(groups))
	if len(groups) == 0 {
		return names, nil
	}
	found, err := pg.Many(ctx, r.db, (*groupRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Column("id", "name").Where("g.id IN (?)", bun.List(groups))
	})
	for _, g := range found {
		names[g.ID()] = g.Data().Name
	}
	return names, err
}

// List returns a page of the groups that match.
func (r *Groups) List(ctx context.Context, search groupsports.GroupSearch, after groupsports.GroupKey, limit int) ([]groupsdomain.Group, error) {
	return pg.Many(ctx, r.db, (*groupRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		if search.Kind != "" {
			q = q.Where("g.kind = ?", search.Kind)
		}
		if search.Community != uuid.Nil {
			q = q.Where("g.community_id = ?", search.Community)
		}
		if search.Member != uuid.Nil {
			q = q.Join("JOIN memberships AS m ON m.tenant_id = g.tenant_id AND m.scope_type = g.kind AND m.scope_id = g.id").
				Where("m.user_id = ?", search.Member).Where("m.status = ?", groupsdomain.MembershipActive)
		}
		if search.Status != "" {
			q = q.Where("g.status = ?", search.Status)
		}
		if in := search.Within; in != nil && !in.Everywhere {
			q = q.Where("(g.community_id = ANY (?) OR g.id = ANY (?) OR (? AND g.kind = 'COMMUNITY'))",
				pgdialect.Array(ids(in.Communities)), pgdialect.Array(ids(in.Teams)), in.Tenant)
		}
		if pattern := pg.Contains(search.Query); pattern != "" {
			q = q.Where("g.folded LIKE ?", pattern)
		}
		if after != (groupsports.GroupKey{}) {
			q = q.Where("(g.folded_name, g.id) > (?, ?)", after.Name, after.ID)
		}
		return q.OrderExpr("g.folded_name, g.id").Limit(int64(limit))
	})
}
