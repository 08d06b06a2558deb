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

// Groups is ports.Groups.
type Groups struct {
	db *pg.DB
}

// NewGroups keeps groups in db.
func NewGroups(db *pg.DB) *Groups { return &Groups{db: db} }

// Find returns a group with its community, in one query.
func (r *Groups) Find(ctx context.Context, scope domain.Scope) (place domain.Place, err error) {
	err = r.db.Read(ctx, func(ctx context.Context) error {
		place, err = r.find(ctx, scope)
		return err
	})
	return place, err
}

func (r *Groups) find(ctx context.Context, scope domain.Scope) (place domain.Place, err error) {
	var rows []groupRow
	err = r.db.Conn(ctx).NewSelect().Model(&rows).
		Join("JOIN groups AS asked ON asked.tenant_id = g.tenant_id AND g.id IN (asked.id, asked.community_id)").
		Where("asked.id = ?", scope.ID).Where("asked.kind = ?", scope.Type).Scan(ctx)
	if err != nil {
		return place, pg.Error(err)
	}
	if len(rows) == 0 {
		return place, missing(scope)
	}
	for i := range rows {
		g := rows[i].toDomain()
		if rows[i].ID == scope.ID {
			place.Group = g
		}
		if rows[i].Kind == string(domain.ScopeCommunity) {
			place.Community = g
		}
	}
	return place, nil
}

func missing(scope domain.Scope) *errs.Error {
	if scope.Type == domain.ScopeTeam {
		return domain.ErrTeamNotFound
	}
	return domain.ErrCommunityNotFound
}

// Lock takes the row lock of the community, by which changes of it, of its teams and of all memberships in either come one
// after another. It is not in the way of rows that refer to the community, as posts do.
func (r *Groups) Lock(ctx context.Context, scope domain.Scope) (domain.Place, error) {
	place, err := r.find(ctx, scope)
	if err != nil {
		return domain.Place{}, err
	}
	var locked []uuid.UUID
	err = r.db.Conn(ctx).NewSelect().Model((*groupRow)(nil)).Column("id").Where("g.id = ?", place.Community.ID()).
		For("NO KEY UPDATE").Scan(ctx, &locked)
	if err != nil {
		return domain.Place{}, pg.Error(err)
	}
	return r.find(ctx, scope) // as it is now that it is locked
}

// Add stores a new group.
func (r *Groups) Add(ctx context.Context, group domain.Group) error {
	_, err := r.db.Conn(ctx).NewInsert().Model(toRowGroup(group)).ExcludeColumn("members", "owners").Exec(ctx)
	return orDuplicate(err)
}

// Update stores a changed group.
func (r *Groups) Update(ctx context.Context, group domain.Group) error {
	result, err := r.db.Conn(ctx).NewUpdate().Model(toRowGroup(group)).
		Column("name", "description", "join_policy", "status", "updated_at", "folded_name", "folded").Where("id = ?", group.ID()).Exec(ctx)
	if err := orDuplicate(err); err != nil {
		return err
	}
	return changedOne(result, nil, missing(group.Scope()))
}

func orDuplicate(err error) error {
	return orTaken(err, domain.ErrDuplicate, "groups_community_name", "groups_team_name")
}

// Delete removes a group; what is in it goes with it.
func (r *Groups) Delete(ctx context.Context, scope domain.Scope) error {
	_, err := r.db.Conn(ctx).NewDelete().Model((*groupRow)(nil)).Where("id = ?", scope.ID).Where("kind = ?", scope.Type).Exec(ctx)
	return pg.Error(err)
}

// Names returns the names of groups.
func (r *Groups) Names(ctx context.Context, groups ...uuid.UUID) (map[uuid.UUID]string, error) {
	names := make(map[uuid.UUID]string, len(groups))
	if len(groups) == 0 {
		return names, nil
	}
	err := r.db.Read(ctx, func(ctx context.Context) error {
		var rows []groupRow
		if err := r.db.Conn(ctx).NewSelect().Model(&rows).Column("id", "name").Where("g.id IN (?)", bun.List(groups)).Scan(ctx); err != nil {
			return pg.Error(err)
		}
		for _, row := range rows {
			names[row.ID] = row.Name
		}
		return nil
	})
	return names, err
}

// List returns a page of the groups that match.
func (r *Groups) List(ctx context.Context, search ports.GroupSearch, after ports.GroupKey, limit int) ([]domain.Group, error) {
	return many[groupRow, domain.Group](ctx, r.db, func(q *bun.SelectQuery) *bun.SelectQuery {
		if search.Kind != "" {
			q = q.Where("g.kind = ?", search.Kind)
		}
		if search.Within != uuid.Nil {
			q = q.Where("g.community_id = ?", search.Within)
		}
		if search.Member != uuid.Nil {
			q = q.Join("JOIN memberships AS m ON m.tenant_id = g.tenant_id AND m.scope_type = g.kind AND m.scope_id = g.id").
				Where("m.user_id = ?", search.Member).Where("m.status = ?", statusActive)
		}
		if search.Status != "" {
			q = q.Where("g.status = ?", search.Status)
		}
		if pattern := containing(search.Words); pattern != "" {
			q = q.Where("g.folded LIKE ?", pattern)
		}
		if after != (ports.GroupKey{}) {
			q = q.Where("(g.folded_name, g.id) > (?, ?)", after.Name, after.ID)
		}
		return q.OrderExpr("g.folded_name, g.id").Limit(int64(limit))
	})
}
