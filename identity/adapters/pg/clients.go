package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/pg"
)

type clientRow struct {
	bun.BaseModel `bun:"table:oidc_clients,alias:c"`

	ID           string    `bun:"id,pk"`
	SecretHash   []byte    `bun:"secret_hash"`
	Name         string    `bun:"name"`
	LogoURL      *string   `bun:"logo_url"`
	RedirectURIs []string  `bun:"redirect_uris,array"`
	Scopes       []string  `bun:"scopes,array"`
	GrantTypes   []string  `bun:"grant_types,array"`
	FirstParty   bool      `bun:"first_party"`
	Algorithm    string    `bun:"algorithm"`
	RegisteredAt time.Time `bun:"registered_at"`
}

// Clients implements ports.Clients.
type Clients struct{ DB *pg.DB }

// ByID implements ports.Clients.
func (s Clients) ByID(ctx context.Context, id string) (domain.Client, error) {
	var row clientRow
	if err := s.DB.Conn(ctx).NewSelect().Model(&row).Where("c.id = ?", id).Scan(ctx); err != nil {
		return domain.Client{}, orElse(err, domain.ErrClientUnknown)
	}
	return row.client(), nil
}

func (r clientRow) client() domain.Client {
	c := domain.Client{
		ID: r.ID, Name: r.Name, LogoURL: r.LogoURL, Scopes: r.Scopes, GrantTypes: r.GrantTypes,
		FirstParty: r.FirstParty, Algorithm: domain.Algorithm(r.Algorithm), RegisteredAt: r.RegisteredAt,
	}
	if r.SecretHash != nil {
		h := domain.Hash(r.SecretHash)
		c.SecretHash = &h
	}
	for _, uri := range r.RedirectURIs {
		c.Redirects = append(c.Redirects, domain.RedirectRule(uri))
	}
	return c
}

// Put implements ports.Clients.
func (s Clients) Put(ctx context.Context, c domain.Client) (bool, error) {
	row := clientRow{
		ID: c.ID, Name: c.Name, LogoURL: c.LogoURL, Scopes: append([]string{}, c.Scopes...), GrantTypes: c.GrantTypes,
		FirstParty: c.FirstParty, Algorithm: string(c.Algorithm), RegisteredAt: c.RegisteredAt,
	}
	if c.SecretHash != nil {
		row.SecretHash = c.SecretHash[:]
	}
	for _, r := range c.Redirects {
		row.RedirectURIs = append(row.RedirectURIs, string(r))
	}
	q := s.DB.Conn(ctx).NewInsert().Model(&row).On("CONFLICT (id) DO UPDATE")
	differs := "FALSE"
	for _, column := range []string{"secret_hash", "name", "logo_url", "redirect_uris", "scopes", "grant_types", "first_party", "algorithm"} {
		q = q.Set(column + " = EXCLUDED." + column)
		differs += " OR c." + column + " IS DISTINCT FROM EXCLUDED." + column
	}
	res, err := q.Where(differs).Exec(ctx)
	if err != nil {
		return false, pg.Error(err)
	}
	n, err := res.RowsAffected()
	return n > 0, pg.Error(err)
}

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
	var rows []consentRow
	err := s.DB.Conn(ctx).NewSelect().Model(&rows).Where("o.user_id = ?", user).Where("o.client_id = ?", client).Scan(ctx)
	if err != nil || len(rows) == 0 {
		return nil, pg.Error(err)
	}
	return rows[0].Scopes, nil
}

// Put implements ports.Consents.
func (s Consents) Put(ctx context.Context, c domain.Consent, now time.Time) error {
	row := consentRow{UserID: c.UserID, ClientID: c.ClientID, Scopes: c.Scopes, CreatedAt: now, UpdatedAt: now}
	_, err := s.DB.Conn(ctx).NewInsert().Model(&row).On("CONFLICT (user_id, client_id) DO UPDATE").
		Set("scopes = (SELECT array_agg(DISTINCT s) FROM unnest(o.scopes || EXCLUDED.scopes) AS s)").
		Set("updated_at = EXCLUDED.updated_at").Exec(ctx)
	return pg.Error(err)
}
