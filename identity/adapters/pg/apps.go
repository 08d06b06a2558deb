package pg

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/pg"
)

type appRow struct {
	clientRow `bun:",extend"`

	Allowed   []string   `bun:"allowed,array"`
	AllowedAt time.Time  `bun:"allowed_at"`
	UsedAt    *time.Time `bun:"used_at"`
}

// Apps implements ports.Consents. A client is among them that holds a grant, also without a remembered consent.
func (s Consents) Apps(ctx context.Context, user uuid.UUID, now time.Time, limit int) ([]domain.ConnectedApp, error) {
	var rows []appRow
	err := s.DB.Conn(ctx).NewRaw(`
		SELECT c.*, a.allowed, a.allowed_at, (
			SELECT max(greatest(g.created_at, t.created_at)) FROM oidc_grants g LEFT JOIN oidc_refresh_tokens t ON t.grant_id = g.id
			WHERE g.user_id = ?0 AND g.client_id = c.id
		) AS used_at
		FROM (
			SELECT client_id, array_agg(DISTINCT scope ORDER BY scope) AS allowed, min(created_at) AS allowed_at FROM (
				SELECT client_id, scopes, created_at FROM oidc_consents WHERE user_id = ?0
				UNION ALL
				SELECT client_id, scopes, created_at FROM oidc_grants WHERE user_id = ?0 AND revoked_at IS NULL AND expires_at > ?1
			) AS given CROSS JOIN LATERAL unnest(scopes) AS scope GROUP BY client_id
		) AS a JOIN oidc_clients c ON c.id = a.client_id
		WHERE NOT c.first_party ORDER BY c.name, c.id LIMIT ?2`, user, now, limit).Scan(ctx, &rows)
	if err != nil {
		return nil, pg.Error(err)
	}
	apps := make([]domain.ConnectedApp, len(rows))
	for i, r := range rows {
		apps[i] = domain.ConnectedApp{Client: r.client(), Scopes: r.Allowed, CreatedAt: r.AllowedAt, UsedAt: r.UsedAt}
	}
	return apps, nil
}

// Forget implements ports.Consents.
func (s Consents) Forget(ctx context.Context, user uuid.UUID, client string, now time.Time) error {
	var ended int
	err := s.DB.Conn(ctx).NewRaw(`
		WITH app AS (SELECT id FROM oidc_clients WHERE id = ?1 AND NOT first_party),
		consent AS (DELETE FROM oidc_consents USING app WHERE user_id = ?0 AND client_id = app.id RETURNING 1),
		codes AS (UPDATE oidc_codes SET used_at = ?2 FROM app WHERE user_id = ?0 AND client_id = app.id AND used_at IS NULL AND expires_at > ?2 RETURNING 1),
		grants AS (UPDATE oidc_grants SET revoked_at = ?2 FROM app WHERE user_id = ?0 AND client_id = app.id AND revoked_at IS NULL AND expires_at > ?2 RETURNING 1)
		SELECT (SELECT count(*) FROM consent) + (SELECT count(*) FROM codes) + (SELECT count(*) FROM grants)`, user, client, now).Scan(ctx, &ended)
	if err == nil && ended == 0 {
		return domain.ErrAppUnknown
	}
	return pg.Error(err)
}
