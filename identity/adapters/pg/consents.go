package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/pg"
)

type consentRow struct {
	bun.BaseModel `bun:"table:oidc_consents,alias:o"`

	UserID    uuid.UUID `bun:"user_id,pk,type:uuid"`
	ClientID  string    `bun:"client_id,pk"`
	Scopes    []string  `bun:"scopes,array"`
	CreatedAt time.Time `bun:"created_at"`
	UpdatedAt time.Time `bun:"updated_at"`
}

// Consents implements ports.Consents.
type Consents struct{ DB *pg.DB }

// Of implements ports.Consents.
func (s Consents) Of(ctx context.Context, user uuid.UUID, client string) ([]string, error) {
	found, err := pg.Many(ctx, s.DB, func(r *consentRow) []string { return r.Scopes }, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("o.user_id = ?", user).Where("o.client_id = ?", client)
	})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}

// Put implements ports.Consents.
func (s Consents) Put(ctx context.Context, c domain.Consent, now time.Time) error {
	row := consentRow{UserID: c.UserID, ClientID: c.ClientID, Scopes: c.Scopes, CreatedAt: now, UpdatedAt: now}
	_, err := s.DB.Conn(ctx).NewInsert().Model(&row).On("CONFLICT (user_id, client_id) DO UPDATE").
		Set("scopes = (SELECT array_agg(DISTINCT s) FROM unnest(o.scopes || EXCLUDED.scopes) AS s)").
		Set("updated_at = EXCLUDED.updated_at").Exec(ctx)
	return pg.Error(err)
}
