package pg

import (
	"context"
	"strconv"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/valid"
	contentdomain "go.updspace.com/portal/content/domain"
	contentports "go.updspace.com/portal/content/ports"
)

// People is contentports.People.
type People struct {
	db *pg.DB
}

// NewPeople reads from db.
func NewPeople(db *pg.DB) *People { return &People{db: db} }

// maxNameKey is the length of a name_key: an index takes no longer texts.
const maxNameKey = 128

// nameKey is the text that people are ordered by.
func nameKey(p contentdomain.Profile) string {
	return beginning(valid.Fold(p.Name()), maxNameKey)
}

const personColumns = "p.user_id, p.first_name, p.last_name, p.display_name, p.username, p.avatar_id, p.member"

// person reads personColumns, and what the statement selects after them into more.
func person(rows pgx.Rows, more ...any) (p contentdomain.Person, err error) {
	var first, last, display string
	err = rows.Scan(append([]any{&p.User, &first, &last, &display, &p.Username, &p.Avatar, &p.Member}, more...)...)
	p.Name = shownName(first, last, display, p.Username)
	return p, err
}

// Lookup reads users in one query.
func (r *People) Lookup(ctx context.Context, users []uuid.UUID) (people []contentdomain.Person, err error) {
	const statement = "SELECT " + personColumns + ` FROM unnest($2::uuid[]) WITH ORDINALITY AS asked (user_id, place)
		JOIN profiles AS p ON p.tenant_id = $1 AND p.user_id = asked.user_id ORDER BY asked.place`
	err = r.db.QueryRows(ctx, statement, []any{reqctx.From(ctx).TenantID, users}, func(rows pgx.Rows) error {
		people = make([]contentdomain.Person, 0, len(users))
		for rows.Next() {
			p, err := person(rows)
			if err != nil {
				return err
			}
			people = append(people, p)
		}
		return rows.Err()
	})
	return people, err
}

// List reads a page in one query: a range of the index of names, or what a search by trigrams finds, or the members of a group.
func (r *People) List(
	ctx context.Context, search contentports.PeopleSearch, after contentports.PersonKey, limit int,
) (people []contentports.ListedPerson, err error) {
	args := []any{reqctx.From(ctx).TenantID, after.Name, after.User, limit}
	arg := func(value any) string {
		args = append(args, value)
		return "$" + strconv.Itoa(len(args))
	}
	statement := "SELECT " + personColumns + `, p.name_key, (SELECT count(*) FROM memberships AS m WHERE m.tenant_id = p.tenant_id
			AND m.user_id = p.user_id AND m.scope_type = 'COMMUNITY' AND m.status = 'active')
		FROM profiles AS p WHERE p.tenant_id = $1 AND p.member AND (p.name_key, p.user_id) > ($2, $3)`
	pattern := pg.Contains(search.Query)
	switch {
	case search.Group != authz.Scope{}:
		statement += " AND p.user_id IN (SELECT s.user_id FROM memberships AS s WHERE s.tenant_id = $1 AND s.status = 'active' AND s.scope_id = " +
			arg(search.Group.ID) + " AND s.scope_type = " + arg(string(search.Group.Type)) + ")"
		if pattern != "" {
			statement += " AND p.folded LIKE " + arg(pattern)
		}
	case pattern != "":
		statement += " AND p.user_id = ANY (ARRAY(SELECT search_people($1, " + arg(pattern) + ", $2, $3, $4)))"
	}
	err = r.db.QueryRows(ctx, statement+" ORDER BY p.name_key, p.user_id LIMIT $4", args, func(rows pgx.Rows) error {
		people = make([]contentports.ListedPerson, 0, limit)
		for rows.Next() {
			var listed contentports.ListedPerson
			var communities int
			if listed.Person, err = person(rows, &listed.Key.Name, &communities); err != nil {
				return err
			}
			listed.Key.User, listed.Communities = listed.User, communities
			people = append(people, listed)
		}
		return rows.Err()
	})
	return people, err
}
