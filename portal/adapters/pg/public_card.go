package pg

import (
	"context"

	"github.com/jackc/pgx/v5"

	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	contentdomain "go.updspace.com/portal/content/domain"
	contentports "go.updspace.com/portal/content/ports"
)

// PublicCards is contentports.PublicCards. The gateway keeps what it gets, so that these queries need not be the fastest.
type PublicCards struct {
	db *pg.DB
}

// NewPublicCards reads from db.
func NewPublicCards(db *pg.DB) *PublicCards { return &PublicCards{db: db} }

const (
	selectPublicMembers = "SELECT count(*) FROM profiles WHERE tenant_id = $1 AND member"
	selectPublicFaces   = `SELECT user_id, first_name, last_name, display_name, username FROM profiles
		WHERE tenant_id = $1 AND member AND listed_to_guests ORDER BY created_at, user_id LIMIT $2`
	selectPublicCommunities = `SELECT id, name, description, hue, members FROM groups
		WHERE tenant_id = $1 AND kind = 'COMMUNITY' AND status = 'active' AND join_policy <> 'invite' ORDER BY members DESC, folded_name LIMIT $2`
)

// PublicCard reads the parts of the card.
func (r *PublicCards) PublicCard(ctx context.Context) (card contentdomain.PublicCard, err error) {
	tenant := reqctx.From(ctx).TenantID
	err = r.each(ctx, selectPublicMembers, []any{tenant}, func(rows pgx.Rows) error { return rows.Scan(&card.Members) })
	if err != nil {
		return card, err
	}
	err = r.each(ctx, selectPublicFaces, []any{tenant, contentdomain.MaxPublicFaces}, func(rows pgx.Rows) error {
		var face contentdomain.PublicFace
		var first, last, display, username string
		err := rows.Scan(&face.User, &first, &last, &display, &username)
		if face.Name = shownName(first, last, display, username); face.Name != "" {
			card.Faces = append(card.Faces, face)
		}
		return err
	})
	if err != nil {
		return card, err
	}
	err = r.each(ctx, selectPublicCommunities, []any{tenant, contentdomain.MaxPublicCommunities}, func(rows pgx.Rows) error {
		var c contentdomain.PublicCommunity
		err := rows.Scan(&c.ID, &c.Name, &c.Description, &c.Hue, &c.Members)
		card.Communities = append(card.Communities, c)
		return err
	})
	return card, err
}

// PublicPosts reads posts with the names of their authors.
func (r *PublicCards) PublicPosts(ctx context.Context, renderer string) (posts []contentports.AuthoredPost, err error) {
	statement := "SELECT " + summaryColumns("$2") + `, a.first_name, a.last_name, a.display_name, a.username
		FROM posts AS p JOIN profiles AS a ON a.tenant_id = p.tenant_id AND a.user_id = p.created_by AND a.member AND a.listed_to_guests
		WHERE p.tenant_id = $1 AND p.visibility = 'public' AND p.deleted_at IS NULL ORDER BY p.created_at DESC, p.id DESC LIMIT $3`
	err = r.each(ctx, statement, []any{reqctx.From(ctx).TenantID, renderer, contentdomain.MaxPublicPosts}, func(rows pgx.Rows) error {
		var p postRow
		var first, last, display, username string
		err := rows.Scan(append(p.summary(), &first, &last, &display, &username)...)
		posts = append(posts, contentports.AuthoredPost{Post: p.toDomain(), Author: shownName(first, last, display, username)})
		return err
	})
	return posts, err
}

func (r *PublicCards) each(ctx context.Context, statement string, args []any, scan func(pgx.Rows) error) error {
	return r.db.QueryRows(ctx, statement, args, func(rows pgx.Rows) error {
		for rows.Next() {
			if err := scan(rows); err != nil {
				return err
			}
		}
		return rows.Err()
	})
}
