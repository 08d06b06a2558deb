package pg

import (
	"context"
	"math/bits"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	contentdomain "go.updspace.com/portal/content/domain"
	contentports "go.updspace.com/portal/content/ports"
)

// Page returns a page of what matches and the viewer sees.
//
// It is put together of branches: for each right to look somewhere, the newest posts there. Each branch is a range of one
// index, read no further than the page is long, so a page costs what it shows and not what there is. Posts that two rights
// show are there once. The keys of the page are an array, because that leaves one way to get at their rows: a join is
// planned by estimates, which row-level security throws off.
func (r *Posts) Page(ctx context.Context, search contentports.PostSearch, viewer contentdomain.PostViewer, after contentports.PostKey, limit int) (posts []contentdomain.Post, err error) {
	b := newBranches(reqctx.From(ctx).TenantID, search, after, limit)
	b.all(viewer)
	if len(b.list) == 0 {
		return nil, nil
	}
	err = r.db.QueryRows(ctx, b.sql(search.Renderer), b.args, func(rows pgx.Rows) error {
		posts = make([]contentdomain.Post, 0, limit)
		for rows.Next() {
			var p postRow
			if err := rows.Scan(append(p.summary(), &p.Files)...); err != nil {
				return err
			}
			posts = append(posts, p.toDomain())
		}
		return rows.Err()
	})
	return posts, err
}

// branches are the parts of a page, as SQL that yields keys of posts. A viewer's rights and the search make its text, of
// which there are few, and the arguments everything else: it stays prepared.
type branches struct {
	visibility authz.Visibility // the only one that is searched for, or empty
	match      string           // conditions on every post of the page
	limit      int

	list  []string
	args  []any
	least string // yields a moment before which the page has nothing
	among int    // the number of groups that it was looked for in
}

func newBranches(tenant uuid.UUID, s contentports.PostSearch, after contentports.PostKey, limit int) *branches {
	b := &branches{visibility: s.Visibility, limit: limit, least: "SELECT '-infinity'::timestamptz AS created_at", among: 1}
	b.match = "p.tenant_id = " + b.arg(tenant) + " AND p.deleted_at IS NULL"
	also := func(condition string, value any) { b.match += " AND " + condition + b.arg(value) }
	if s.Community != uuid.Nil {
		also("p.community_id = ", s.Community)
	}
	if s.Team != uuid.Nil {
		also("p.team_id = ", s.Team)
	}
	if pattern := pg.Contains(s.Query); pattern != "" {
		also("p.folded LIKE ", pattern)
	}
	if s.Author != uuid.Nil {
		also("p.created_by = ", s.Author)
	}
	if at := s.Exactly; at != nil {
		if at.CommunityID == uuid.Nil {
			b.match += " AND p.community_id IS NULL"
		} else {
			also("p.team_id IS NULL AND p.community_id = ", at.CommunityID)
		}
	}
	if after != (contentports.PostKey{}) {
		b.match += " AND (p.created_at, p.id) < (" + b.arg(after.At) + ", " + b.arg(after.ID) + ")"
	}
	return b
}

// arg adds an argument and returns the text that stands for it.
func (b *branches) arg(value any) string {
	b.args = append(b.args, value)
	return "$" + strconv.Itoa(len(b.args))
}

func (b *branches) all(v contentdomain.PostViewer) {
	if v.Public.InTenant() {
		b.where(authz.VisibilityPublic, "")
	}
	b.reach(authz.VisibilityCommunity, v.Community)
	b.reach(authz.VisibilityTeam, v.Team)
	if v.SeesOwnPrivate() && b.wants(authz.VisibilityPrivate) {
		b.where(authz.VisibilityPrivate, " AND p.created_by = "+b.arg(v.User))
	}
	b.reach(authz.VisibilityPrivate, v.Private)
}

// reach adds what a right shows of the posts of a visibility.
func (b *branches) reach(visibility authz.Visibility, r authz.AllowedScopes) {
	if r.Everywhere {
		b.where(visibility, "")
		return
	}
	if r.Tenant && visibility == authz.VisibilityPrivate { // the others never stand there
		b.where(visibility, " AND p.community_id IS NULL")
	}
	b.each(visibility, "p.community_id", r.Communities)
	if visibility != authz.VisibilityCommunity {
		b.each(visibility, "p.team_id", r.Teams)
	}
}

// wants tells whether the search leaves any posts of a visibility.
func (b *branches) wants(visibility authz.Visibility) bool {
	return b.visibility == "" || b.visibility == visibility
}

// where adds a branch of the posts that a condition holds for.
func (b *branches) where(visibility authz.Visibility, condition string) {
	if b.wants(visibility) {
		b.list = append(b.list, "("+b.newest(visibility, condition+sinceLeast, b.limit)+")")
	}
}

// each adds a branch for each of some groups, all in one.
//
// All the groups together hold many times what a page shows. A look at the newest few of each tells from when on there are
// enough, and then hardly more is read than is shown.
func (b *branches) each(visibility authz.Visibility, column string, groups []uuid.UUID) {
	if !b.wants(visibility) || len(groups) == 0 {
		return
	}
	list := b.arg(groups)
	of := func(condition string, limit int) string {
		return "(SELECT q.id, q.created_at FROM unnest(" + list + "::uuid[]) AS group_id CROSS JOIN LATERAL (" +
			b.newest(visibility, " AND "+column+" = group_id"+condition, limit) + ") AS q)"
	}
	b.list = append(b.list, of(sinceLeast, b.limit))
	if len(groups) > b.among {
		few := 1 << bits.Len(uint(b.limit/len(groups))) // a power of two, so that the texts are few
		b.least = "SELECT coalesce((SELECT created_at FROM " + of("", few) + " AS newest ORDER BY created_at DESC OFFSET " +
			strconv.Itoa(b.limit-1) + " LIMIT 1), '-infinity') AS created_at"
		b.among = len(groups)
	}
}

const sinceLeast = " AND p.created_at >= (SELECT created_at FROM least)"

// newest yields the newest posts of a visibility that the search and a condition leave.
func (b *branches) newest(visibility authz.Visibility, condition string, limit int) string {
	return "SELECT p.id, p.created_at FROM posts AS p WHERE " + b.match + " AND p.visibility = '" + string(visibility) + "'" + condition +
		" ORDER BY p.created_at DESC, p.id DESC LIMIT " + strconv.Itoa(limit)
}

// sql yields the page. The tenant is the first argument.
func (b *branches) sql(renderer string) string {
	return "WITH least AS (" + b.least + "), keys AS (SELECT id FROM (" + strings.Join(b.list, " UNION ") +
		") AS seen ORDER BY created_at DESC, id DESC LIMIT " + strconv.Itoa(b.limit) + ") SELECT " + summaryColumns(b.arg(renderer)) + ", " + withFiles +
		" FROM posts AS p WHERE p.tenant_id = $1 AND p.id = ANY (ARRAY(SELECT id FROM keys)) ORDER BY p.created_at DESC, p.id DESC"
}

// summary are the fields that summaryColumns fill.
func (r *postRow) summary() []any {
	return []any{
		&r.Body, &r.BodyHTML, &r.TenantID, &r.ID, &r.CommunityID, &r.TeamID, &r.Title, &r.ExcerptHTML, &r.RenderedBy, &r.Visibility,
		&r.CreatedBy, &r.CreatedAt, &r.UpdatedAt, &r.Version,
	}
}

// summaryColumns are the columns of a post that lists show, in the order of summary. The body is there if another renderer has rendered it.
func summaryColumns(renderer string) string {
	return "CASE WHEN p.rendered_by <> " + renderer + " THEN p.body ELSE '' END AS body, CASE WHEN p.excerpt_html = '' THEN p.body_html ELSE '' END AS body_html, " +
		`p.tenant_id, p.id, p.community_id, p.team_id, p.title, p.excerpt_html, p.rendered_by, p.visibility, p.created_by, p.created_at, p.updated_at, p.version`
}
