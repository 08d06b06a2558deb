package pg

import (
	"context"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/wire"
)

type clientRow struct {
	bun.BaseModel `bun:"table:oidc_clients,alias:c"`

	ID           string     `bun:"id,pk"`
	Secrets      []string   `bun:"secret_hashes,array"` // in hex
	Name         string     `bun:"name"`
	LogoURL      *string    `bun:"logo_url"`
	RedirectURIs []string   `bun:"redirect_uris,array"`
	PostLogout   []string   `bun:"post_logout_redirect_uris,array"`
	LogoutURI    string     `bun:"backchannel_logout_uri"`
	Scopes       []string   `bun:"scopes,array"`
	GrantTypes   []string   `bun:"grant_types,array"`
	FirstParty   bool       `bun:"first_party"`
	Algorithm    string     `bun:"algorithm"`
	PKCEOptional bool       `bun:"pkce_optional"`
	PairwiseSalt []byte     `bun:"pairwise_salt,nullzero"`
	Keys         []string   `bun:"keys,array"`
	KeysURI      string     `bun:"keys_uri"`
	Origins      []string   `bun:"origins,array"`
	RegisteredAt time.Time  `bun:"registered_at"`
	DisabledAt   *time.Time `bun:"disabled_at"`
}

// Clients implements ports.Clients.
type Clients struct{ DB *pg.DB }

// ByID implements ports.Clients.
func (s Clients) ByID(ctx context.Context, id string) (domain.Client, error) {
	return pg.One(ctx, s.DB, domain.ErrClientUnknown, (*clientRow).client, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("c.id = ?", id)
	})
}

func (r *clientRow) client() domain.Client {
	c := domain.Client{
		ID: r.ID, Name: r.Name, LogoURL: r.LogoURL, Scopes: r.Scopes, GrantTypes: r.GrantTypes,
		FirstParty: r.FirstParty, Algorithm: domain.Algorithm(r.Algorithm), RegisteredAt: r.RegisteredAt, LogoutURI: r.LogoutURI,
		Redirects: wire.Each(r.RedirectURIs, toRule), PostLogout: wire.Each(r.PostLogout, toRule),
		PKCEOptional: r.PKCEOptional, PairwiseSalt: r.PairwiseSalt,
		KeysURI: r.KeysURI, Origins: r.Origins, DisabledAt: r.DisabledAt,
	}
	for _, text := range r.Secrets {
		var h domain.Hash
		_, _ = hex.Decode(h[:], []byte(text)) // the schema holds it to 64 hexadecimal digits
		c.Secrets = append(c.Secrets, h)
	}
	for _, text := range r.Keys {
		c.Keys = append(c.Keys, toKey(text))
	}
	return c
}

func toRule(uri string) domain.RedirectRule { return domain.RedirectRule(uri) }

func fromRule(rule domain.RedirectRule) string { return string(rule) }

func fromClient(c domain.Client) (clientRow, error) {
	row := clientRow{
		ID: c.ID, Name: c.Name, LogoURL: c.LogoURL, Scopes: append([]string{}, c.Scopes...), GrantTypes: c.GrantTypes,
		FirstParty: c.FirstParty, Algorithm: string(c.Algorithm), RegisteredAt: c.RegisteredAt, LogoutURI: c.LogoutURI,
		RedirectURIs: wire.Each(c.Redirects, fromRule), PostLogout: wire.Each(c.PostLogout, fromRule), Secrets: []string{},
		PKCEOptional: c.PKCEOptional, PairwiseSalt: c.PairwiseSalt, Keys: []string{},
		KeysURI: c.KeysURI, Origins: append([]string{}, c.Origins...), DisabledAt: c.DisabledAt,
	}
	for _, h := range c.Secrets {
		row.Secrets = append(row.Secrets, hex.EncodeToString(h[:]))
	}
	for _, k := range c.Keys {
		text, err := fromKey(k)
		if err != nil {
			return row, err
		}
		row.Keys = append(row.Keys, text)
	}
	return row, nil
}

// Add implements ports.Clients.
func (s Clients) Add(ctx context.Context, c domain.Client) (bool, error) {
	row, err := fromClient(c)
	if err != nil {
		return false, err
	}
	res, err := s.DB.Conn(ctx).NewInsert().Model(&row).On("CONFLICT (id) DO NOTHING").Exec(ctx)
	if err != nil {
		return false, pg.Error(err)
	}
	n, err := res.RowsAffected()
	return n > 0, pg.Error(err)
}

// Put implements ports.Clients.
func (s Clients) Put(ctx context.Context, c domain.Client) (bool, error) {
	row, err := fromClient(c)
	if err != nil {
		return false, err
	}
	q := s.DB.Conn(ctx).NewInsert().Model(&row).On("CONFLICT (id) DO UPDATE")
	differs := "FALSE"
	for _, column := range []string{
		"secret_hashes", "name", "logo_url", "redirect_uris", "post_logout_redirect_uris", "backchannel_logout_uri", "scopes", "grant_types",
		"first_party", "algorithm", "pkce_optional", "pairwise_salt", "keys", "keys_uri", "origins", "disabled_at",
	} {
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

// toKey reads a key as fromKey wrote it.
func toKey(text string) domain.ClientKey {
	parts := strings.Fields(text)
	if len(parts) != 3 { //nolint:mnd // algorithm, id, key
		return domain.ClientKey{}
	}
	der, _ := base64.StdEncoding.DecodeString(parts[2])
	public, _ := x509.ParsePKIXPublicKey(der) // what cannot be read has signed nothing
	return domain.ClientKey{Algorithm: domain.Algorithm(parts[0]), ID: parts[1], Public: public}
}

func fromKey(k domain.ClientKey) (string, error) {
	der, err := x509.MarshalPKIXPublicKey(k.Public)
	if err != nil {
		return "", fmt.Errorf("encoding a key of a client: %w", err)
	}
	return string(k.Algorithm) + " " + k.ID + " " + base64.StdEncoding.EncodeToString(der), nil
}

// Browsers implements ports.Clients.
func (s Clients) Browsers(ctx context.Context, limit int) ([]domain.Client, error) {
	return pg.Many(ctx, s.DB, (*clientRow).client, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("secret_hashes = '{}' AND keys = '{}' AND keys_uri = '' AND disabled_at IS NULL").Order("c.id").Limit(int64(limit))
	})
}

// UseAssertion implements ports.Clients.
func (s Clients) UseAssertion(ctx context.Context, id domain.Hash, expires time.Time) (bool, error) {
	res, err := s.DB.Conn(ctx).NewRaw("INSERT INTO oidc_assertions (id_hash, expires_at) VALUES (?, ?) ON CONFLICT DO NOTHING", id[:], expires).Exec(ctx)
	if err != nil {
		return false, pg.Error(err)
	}
	n, err := res.RowsAffected()
	return n > 0, pg.Error(err)
}
