package pg

import (
	"context"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/schema"

	"go.updspace.com/libs/authz"
)

// VisibilityRule is who sees the rows of a table with the columns access_type and access_id (the scope in which access is
// asked about a row), visibility, tenant_id and created_by.
type VisibilityRule struct {
	Read   authz.Permission // without it in the scope of a row, the row is not seen
	Manage authz.Permission // shows every row in the scope
	Shown  string           // the SQL condition for rows that their audience sees, such as "p.status <> 'draft'"
	Own    string           // the SQL condition, with the viewer's id for each ?0 and the tenant's for each ?1, for further rows that the viewer sees; may be empty
}

// VisibleTo limits a query to the rows that a viewer sees by a rule. Those who created a row see it as long as they may read
// in its scope.
func VisibleTo(v authz.Viewer, r VisibilityRule) func(*bun.SelectQuery) *bun.SelectQuery {
	const scope = "(?TableAlias.access_type, ?TableAlias.access_id)"
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where(scope+" IN ?", Scopes(v.Holds[r.Read])).WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
			// In the order of their cost: PostgreSQL tries the next only where the one before does not hold.
			q = q.WhereOr("("+r.Shown+") AND (?TableAlias.access_type, ?TableAlias.access_id, ?TableAlias.visibility) IN ?", Audiences(v.Audiences)).
				WhereOr("?TableAlias.created_by = ?", v.Actor.User).
				WhereOr(scope+" IN ?", Scopes(v.Holds[r.Manage]))
			if r.Own != "" {
				q = q.WhereOr(r.Own, v.Actor.User, v.Actor.Tenant)
			}
			return q
		})
	}
}

// ListAudiences lists the audiences of the rows that a query selects, each once. model is the type of the rows, as for
// VisibleTo: (*pollRow)(nil).
func ListAudiences(ctx context.Context, db *DB, model any, query func(*bun.SelectQuery) *bun.SelectQuery) ([]authz.Audience, error) {
	var rows []struct {
		AccessType authz.ScopeType
		AccessID   uuid.UUID
		Visibility authz.Visibility
	}
	err := db.Read(ctx, func(ctx context.Context) error {
		return Error(db.Conn(ctx).NewSelect().Model(model).Apply(query).Distinct().Column("access_type", "access_id", "visibility").
			OrderExpr("access_type, access_id, visibility").Scan(ctx, &rows))
	})
	audiences := make([]authz.Audience, len(rows))
	for i, row := range rows {
		audiences[i] = authz.Audience{Scope: authz.Scope{Type: row.AccessType, ID: row.AccessID}, Visibility: row.Visibility}
	}
	return audiences, err
}

// few is how many tuples PostgreSQL may compare with each row one by one. Longer lists are subqueries: it puts them into a hash table
// first, and looks there.
const few = 8

// Scopes is the list in "(type, id) IN ?". An empty one matches nothing.
func Scopes(list []authz.Scope) schema.QueryAppender {
	types, ids := make([]string, len(list)), make([]uuid.UUID, len(list))
	tuples := [][]any{{"", uuid.Nil}} // IN takes no empty list
	for i, s := range list {
		types[i], ids[i] = string(s.Type), s.ID
		tuples = append(tuples, []any{types[i], ids[i]})
	}
	if len(list) > few {
		return bun.SafeQuery("(SELECT * FROM unnest(?::text[], ?::uuid[]))", pgdialect.Array(types), pgdialect.Array(ids))
	}
	return bun.Tuple(tuples)
}

// Audiences is the list in "(type, id, visibility) IN ?". An empty one matches nothing.
func Audiences(list []authz.Audience) schema.QueryAppender {
	types, ids, visibilities := make([]string, len(list)), make([]uuid.UUID, len(list)), make([]string, len(list))
	tuples := [][]any{{"", uuid.Nil, ""}}
	for i, a := range list {
		types[i], ids[i], visibilities[i] = string(a.Scope.Type), a.Scope.ID, string(a.Visibility)
		tuples = append(tuples, []any{types[i], ids[i], visibilities[i]})
	}
	if len(list) > few {
		return bun.SafeQuery("(SELECT * FROM unnest(?::text[], ?::uuid[], ?::text[]))", pgdialect.Array(types), pgdialect.Array(ids), pgdialect.Array(visibilities))
	}
	return bun.Tuple(tuples)
}
