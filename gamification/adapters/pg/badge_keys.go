package pg

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/openbadge"
	"go.updspace.com/gamification/ports"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/seal"
	"go.updspace.com/libs/valid"
)

// BadgeKeys is ports.BadgeKeys and ports.StatusLists.
type BadgeKeys struct {
	db   *pg.DB
	seal *seal.Sealer
}

// NewBadgeKeys stores keys in db, their private halves sealed.
func NewBadgeKeys(db *pg.DB, sealer *seal.Sealer) *BadgeKeys { return &BadgeKeys{db, sealer} }

type badgeKeyRow struct {
	bun.BaseModel `bun:"table:badge_keys,alias:k"`
	pg.Tenanted

	ID          string    `bun:"id,pk"`
	Public      []byte    `bun:"public"`
	Private     []byte    `bun:"private,nullzero"`
	SealKey     string    `bun:"seal_key"`
	CreatedAt   time.Time `bun:"created_at"`
	RetiredAt   time.Time `bun:"retired_at,nullzero"`
	WithdrawnAt time.Time `bun:"withdrawn_at,nullzero"`
}

func (r *badgeKeyRow) toDomain() domain.BadgeKey {
	return domain.BadgeKey{
		ID: r.ID, Public: r.Public, CreatedAt: valid.Instant(r.CreatedAt), RetiredAt: valid.Instant(r.RetiredAt), WithdrawnAt: valid.Instant(r.WithdrawnAt),
	}
}

// about ties a sealed key to its tenant, so that it cannot be moved to another.
func aboutBadgeKey(ctx context.Context, id string) []byte {
	return []byte("badge_keys/" + reqctx.From(ctx).TenantID.String() + "/" + id)
}

// List lists all keys. Private halves are not read.
func (r *BadgeKeys) List(ctx context.Context) (domain.BadgeKeys, error) {
	return pg.Many(ctx, r.db, (*badgeKeyRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.ExcludeColumn("private", "seal_key").OrderExpr("k.created_at DESC, k.id")
	})
}

// Lock takes the lock of the issuer, whose row it makes when there is none.
func (r *BadgeKeys) Lock(ctx context.Context) error {
	_, err := r.db.Conn(ctx).NewRaw(`INSERT INTO issuers AS i (tenant_id, name, badges) VALUES (?, '', 0)
		ON CONFLICT (tenant_id) DO UPDATE SET badges = i.badges`, reqctx.From(ctx).TenantID).Exec(ctx)
	return pg.Error(err)
}

// Add stores a new key.
func (r *BadgeKeys) Add(ctx context.Context, key domain.BadgeKey, private openbadge.Key) error {
	der, err := private.PKCS8()
	if err != nil {
		return fmt.Errorf("encoding a key of badges: %w", err)
	}
	row := &badgeKeyRow{ID: key.ID, Public: key.Public, CreatedAt: key.CreatedAt}
	row.Private, row.SealKey = r.seal.Seal(der, aboutBadgeKey(ctx, key.ID))
	_, err = r.db.Conn(ctx).NewInsert().Model(row).Exec(ctx)
	return pg.Error(err)
}

// Update stores that a key signs no more.
func (r *BadgeKeys) Update(ctx context.Context, key domain.BadgeKey) error {
	result, err := r.db.Conn(ctx).NewUpdate().Model(&badgeKeyRow{RetiredAt: key.RetiredAt, WithdrawnAt: key.WithdrawnAt}).
		Column("retired_at", "withdrawn_at", "private", "seal_key").Where("id = ?", key.ID).Exec(ctx)
	return pg.ChangedOne(result, err, domain.ErrBadgeKeyNotFound)
}

// Private opens the private half of a key.
func (r *BadgeKeys) Private(ctx context.Context, id string) (openbadge.Key, error) {
	row, err := pg.One(ctx, r.db, domain.ErrBadgeKeyNotFound, func(row *badgeKeyRow) badgeKeyRow { return *row }, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("k.id = ?", id).Where("k.private IS NOT NULL")
	})
	if err != nil {
		return openbadge.Key{}, errs.Unavailablef("The keys of badges are being changed. Try again.").Wrap(err)
	}
	der, err := r.seal.Open(row.Private, row.SealKey, aboutBadgeKey(ctx, id))
	if err != nil {
		return openbadge.Key{}, fmt.Errorf("opening key %s of badges: %w", id, err)
	}
	return openbadge.ParseKey(der)
}

// Sign signs a status list.
func (r *BadgeKeys) Sign(ctx context.Context, did, id string, list openbadge.SignedStatusList) (string, error) {
	key, err := r.Private(ctx, id)
	if err != nil {
		return "", err
	}
	return openbadge.SignStatusList(did, key, list)
}

// Issuers is ports.Issuers.
type Issuers struct {
	db     *pg.DB
	origin string
}

// NewIssuers returns the issuers whose pages are at origin, with {tenant} in the place of the tenant's slug.
func NewIssuers(db *pg.DB, origin string) *Issuers { return &Issuers{db, origin} }

type issuerRow struct {
	bun.BaseModel `bun:"table:issuers,alias:i"`
	pg.Tenanted

	Name   string `bun:"name"`
	Badges int    `bun:"badges"`
}

// Find returns the tenant of the request. Its name is the slug before identity's event arrives.
func (r *Issuers) Find(ctx context.Context) (ports.Issuer, error) {
	slug := reqctx.From(ctx).TenantSlug
	issuer := ports.Issuer{Origin: strings.ReplaceAll(r.origin, "{tenant}", slug), Name: slug}
	var err error
	if issuer.DID, err = openbadge.DIDWeb(issuer.Origin); err != nil {
		return issuer, err
	}
	found, err := pg.Many(ctx, r.db, func(row *issuerRow) string { return row.Name }, func(q *bun.SelectQuery) *bun.SelectQuery { return q })
	if err == nil && len(found) > 0 && found[0] != "" {
		issuer.Name = found[0]
	}
	return issuer, err
}

// PutName stores the name of the tenant.
func (r *Issuers) PutName(ctx context.Context, name string) error {
	_, err := r.db.Conn(ctx).NewInsert().Model(&issuerRow{Name: name}).On("CONFLICT (tenant_id) DO UPDATE").Set("name = EXCLUDED.name").Exec(ctx)
	return pg.Error(err)
}
