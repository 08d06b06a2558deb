package pg

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	contentdomain "go.updspace.com/portal/content/domain"
	groupsdomain "go.updspace.com/portal/groups/domain"
	groupsports "go.updspace.com/portal/groups/ports"
)

// Cards is groupsports.Cards and groupsports.Queue.
type Cards struct {
	db *pg.DB
}

// NewCards reads from db.
func NewCards(db *pg.DB) *Cards { return &Cards{db: db} }

// The faces of each group are the beginning of a range of memberships_of_group, so that a card costs the same however many
// members there are.
const selectCards = `
SELECT g.id, c.name, coalesce(m.role, ''), r.id, i.id, f.faces
FROM groups AS g
JOIN groups AS c ON c.tenant_id = g.tenant_id AND c.id = g.community_id
LEFT JOIN memberships AS m ON m.tenant_id = g.tenant_id AND m.scope_type = g.kind AND m.scope_id = g.id AND m.user_id = $2 AND m.status = 'active'
LEFT JOIN join_requests AS r ON r.tenant_id = g.tenant_id AND r.scope_id = g.id AND r.user_id = $2 AND r.status = 'pending'
LEFT JOIN invites AS i ON i.tenant_id = g.tenant_id AND i.scope_id = g.id AND i.user_id = $2 AND i.status = 'pending' AND i.expires_at > $3
LEFT JOIN LATERAL (
	SELECT json_agg(json_build_object('user', n.user_id, 'first', p.first_name, 'last', p.last_name, 'display', p.display_name,
		'username', p.username, 'avatar', p.avatar_id) ORDER BY n.joined_at, n.user_id) AS faces
	FROM (SELECT s.tenant_id, s.user_id, s.joined_at FROM memberships AS s
		WHERE s.tenant_id = g.tenant_id AND s.scope_id = g.id AND s.status = 'active' ORDER BY s.joined_at, s.user_id LIMIT $7) AS n
	LEFT JOIN profiles AS p ON p.tenant_id = n.tenant_id AND p.user_id = n.user_id
) AS f ON CASE g.kind WHEN 'TEAM' THEN $6::boolean ELSE $5::boolean END
WHERE g.tenant_id = $1 AND g.id = ANY ($4::uuid[])`

// faceRow is a face in JSON.
type faceRow struct {
	User                           uuid.UUID
	First, Last, Display, Username string
	Avatar                         uuid.UUID
}

func (f faceRow) toDomain() groupsdomain.Face {
	return groupsdomain.Face{User: f.User, Name: shownName(f.First, f.Last, f.Display, f.Username), Avatar: f.Avatar}
}

// shownName is the name that a profile with these names shows.
func shownName(first, last, display, username string) string {
	return contentdomain.RestoreProfile(contentdomain.ProfileData{FirstName: first, LastName: last, DisplayName: display, Username: username}).Name()
}

// Cards reads the cards of groups in one query.
func (r *Cards) Cards(ctx context.Context, viewer groupsports.CardViewer, groups ...uuid.UUID) (map[uuid.UUID]groupsdomain.Card, error) {
	cards := make(map[uuid.UUID]groupsdomain.Card, len(groups))
	if len(groups) == 0 {
		return cards, nil
	}
	args := []any{reqctx.From(ctx).TenantID, viewer.User, viewer.At, groups, viewer.Faces, viewer.TeamFaces, groupsdomain.MaxFaces}
	err := r.db.QueryRows(ctx, selectCards, args, func(rows pgx.Rows) error {
		clear(cards)
		for rows.Next() {
			var id uuid.UUID
			var card groupsdomain.Card
			var faces []faceRow
			if err := rows.Scan(&id, &card.CommunityName, &card.Role, &card.JoinRequest, &card.Invite, &faces); err != nil {
				return err
			}
			for _, f := range faces {
				card.Faces = append(card.Faces, f.toDomain())
			}
			cards[id] = card
		}
		return rows.Err()
	})
	return cards, err
}
