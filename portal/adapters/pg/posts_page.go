package pg

import (
	"context"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/uptrace/bun/dialect/pgdialect"

	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
)

// Page returns a page of what matches and the viewer sees.
//
// It is put together of branches: for each right to look somewhere, the newest posts there. Each branch is a range of one
// index, read no further than the page is long, so a page costs what it shows and not what there is. Posts that two rights
// show are there once.
func (r *Posts) Page(ctx context.Context, search ports.PostSearch, viewer domain.PostViewer, after ports.PostKey, limit int) (posts []domain.Post, err error) {
	b := branches{tenant: reqctx.From(ctx).TenantID, search: search, after: after, limit: limit}
	b.all(viewer)
	if len(b.list) == 0 {
		return nil, nil
	}
	err = r.db.Read(ctx, func(ctx context.Context) error {
		var rows []postRow
		keys := r.db.Conn(ctx).NewRaw(b.sql(), b.args...)
		err := r.db.Conn(ctx).NewSelect().With("k", keys).Model(&rows).ColumnExpr("?TableColumns").ColumnExpr(withFiles).
			Join("JOIN k ON k.id = p.id").OrderExpr("p.created_at DESC, p.id DESC").Scan(ctx)
		if err != nil {
			return pg.Error(err)
		}
		posts = make([]domain.Post, len(rows))
		for i := range rows {
			if posts[i], err = rows[i].toDomain(); err != nil {
				return err
			}
		}
		return nil
	})
	return posts, err
}

// branches are the parts of a page, as SQL that yields keys of posts.
type branches struct {
	tenant uuid.UUID
	search ports.PostSearch
	after  ports.PostKey
	limit  int

	list []string
	args []any
}

func (b *branches) all(v domain.PostViewer) {
	if v.Public.InTenant() {
		b.where(domain.VisibilityPublic, "")
	}
	b.reach(domain.VisibilityCommunity, v.Community)
	b.reach(domain.VisibilityTeam, v.Team)
	if v.SeesOwnPrivate() {
		b.where(domain.VisibilityPrivate, "p.created_by = ?", v.User)
	}
	b.reach(domain.VisibilityPrivate, v.Private)
}

// reach adds what a right shows of the posts of a visibility.
func (b *branches) reach(visibility domain.Visibility, r domain.Reach) {
	if r.Everywhere {
		b.where(visibility, "")
		return
	}
	if r.Tenant && visibility == domain.VisibilityPrivate { // the others never stand there
		b.where(visibility, "p.community_id IS NULL")
	}
	b.each(visibility, "p.community_id", r.Communities)
	if visibility != domain.VisibilityCommunity {
		b.each(visibility, "p.team_id", r.Teams)
	}
}

// where adds a branch of the posts that a condition holds for.
func (b *branches) where(visibility domain.Visibility, condition string, args ...any) {
	common, commonArgs, some := b.conditions(visibility)
	if !some {
		return
	}
	if condition != "" {
		common, commonArgs = common+" AND "+condition, append(commonArgs, args...)
	}
	b.list = append(b.list, "(SELECT p.id, p.created_at FROM posts AS p WHERE "+common+b.order()+")")
	b.args = append(b.args, commonArgs...)
}

// each adds a branch for each of some places, all in one.
func (b *branches) each(visibility domain.Visibility, column string, places []uuid.UUID) {
	common, commonArgs, some := b.conditions(visibility)
	if !some || len(places) == 0 {
		return
	}
	b.list = append(b.list, "(SELECT q.id, q.created_at FROM unnest(?::uuid[]) AS place CROSS JOIN LATERAL "+
		"(SELECT p.id, p.created_at FROM posts AS p WHERE "+common+" AND "+column+" = place"+b.order()+") AS q)")
	b.args = append(append(b.args, pgdialect.Array(places)), commonArgs...)
}

// conditions are what all posts of a page have in common, and whether the search leaves any of a visibility.
func (b *branches) conditions(visibility domain.Visibility) (sql string, args []any, some bool) {
	s := b.search
	if s.Visibility != "" && s.Visibility != visibility {
		return "", nil, false
	}
	sql = "p.tenant_id = ? AND p.deleted_at IS NULL AND p.visibility = ?"
	args = append(args, b.tenant, string(visibility))
	also := func(condition string, values ...any) {
		sql += " AND " + condition
		args = append(args, values...)
	}
	if s.Community != uuid.Nil {
		also("p.community_id = ?", s.Community)
	}
	if s.Team != uuid.Nil {
		also("p.team_id = ?", s.Team)
	}
	if s.Author != uuid.Nil {
		also("p.created_by = ?", s.Author)
	}
	if at := s.Standing; at != nil {
		if at.CommunityID == uuid.Nil {
			also("p.community_id IS NULL")
		} else {
			also("p.community_id = ? AND p.team_id IS NULL", at.CommunityID)
		}
	}
	if b.after != (ports.PostKey{}) {
		also("(p.created_at, p.id) < (?, ?)", b.after.At, b.after.ID)
	}
	return sql, args, true
}

// order ends a branch: the newest of it, no more than a page.
func (b *branches) order() string {
	return " ORDER BY p.created_at DESC, p.id DESC LIMIT " + strconv.Itoa(b.limit)
}

// sql yields the keys of the page.
func (b *branches) sql() string {
	return "SELECT id FROM (" + strings.Join(b.list, " UNION ") + ") AS seen ORDER BY created_at DESC, id DESC LIMIT " + strconv.Itoa(b.limit)
}
