package pg

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/pg"
)

// List implements ports.Clients.
func (s Clients) List(ctx context.Context, search string, p page.Request) (page.Page[domain.Client], error) {
	var name, id string
	after, err := page.Decode("clients", p.Cursor, &name, &id)
	if err != nil {
		return page.Page[domain.Client]{}, err
	}
	return page.Fetch(p.Limit, func(limit int) ([]domain.Client, error) {
		return pg.Many(ctx, s.DB, (*clientRow).client, func(q *bun.SelectQuery) *bun.SelectQuery {
			if after {
				q = q.Where("(c.name, c.id) > (?, ?)", name, id)
			}
			if search != "" {
				q = q.Where("(strpos(lower(c.name), lower(?0)) > 0 OR strpos(lower(c.id), lower(?0)) > 0)", search)
			}
			return q.Order("c.name", "c.id").Limit(int64(limit))
		})
	}, func(last domain.Client) string { return page.Encode("clients", last.Name, last.ID) })
}

// Lock implements ports.Clients.
func (s Clients) Lock(ctx context.Context, id string) (domain.Client, error) {
	return pg.One(ctx, s.DB, domain.ErrClientUnknown, (*clientRow).client, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("c.id = ?", id).For("UPDATE")
	})
}

// Delete implements ports.Clients.
func (s Clients) Delete(ctx context.Context, id string) error {
	res, err := s.DB.Conn(ctx).NewDelete().Model((*clientRow)(nil)).Where("id = ?", id).Exec(ctx)
	return pg.ChangedOne(res, err, domain.ErrClientUnknown)
}

// End implements ports.Clients.
func (s Clients) End(ctx context.Context, id string, now time.Time) error {
	_, err := s.DB.Conn(ctx).NewRaw(`
		WITH waiting AS (DELETE FROM oidc_requests WHERE client_id = ?0),
		codes AS (UPDATE oidc_codes SET used_at = ?1 WHERE client_id = ?0 AND used_at IS NULL AND expires_at > ?1)
		UPDATE oidc_grants SET revoked_at = ?1 WHERE client_id = ?0 AND revoked_at IS NULL AND expires_at > ?1`, id, now).Exec(ctx)
	return pg.Error(err)
}
