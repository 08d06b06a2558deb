package pg

import (
	"context"
	"crypto"
	"crypto/x509"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/seal"
)

type keyRow struct {
	bun.BaseModel `bun:"table:signing_keys,alias:k"`

	ID        string           `bun:"id,pk"`
	Algorithm domain.Algorithm `bun:"algorithm"`
	Sealed    []byte           `bun:"sealed"`
	SealKey   string           `bun:"seal_key"`
	CreatedAt time.Time        `bun:"created_at"`
	SignsFrom time.Time        `bun:"signs_from"`
	SignsTo   time.Time        `bun:"signs_to"`
}

// Keys implements ports.Keys.
type Keys struct {
	DB   *pg.DB
	Seal *seal.Sealer
}

func aboutKey(id string) []byte { return []byte("signing_keys/" + id) }

// open returns the private key in the form in which it was sealed.
func (s Keys) open(r keyRow) ([]byte, error) {
	der, err := s.Seal.Open(r.Sealed, r.SealKey, aboutKey(r.ID))
	if err != nil {
		return nil, fmt.Errorf("opening signing key %s: %w", r.ID, err)
	}
	return der, nil
}

// All implements ports.Keys.
func (s Keys) All(ctx context.Context) ([]domain.SigningKey, error) {
	rows, err := s.rows(ctx)
	if err != nil {
		return nil, err
	}
	keys := make([]domain.SigningKey, len(rows))
	for i, r := range rows {
		der, err := s.open(r)
		if err != nil {
			return nil, err
		}
		parsed, err := x509.ParsePKCS8PrivateKey(der)
		if err != nil {
			return nil, fmt.Errorf("reading signing key %s: %w", r.ID, err)
		}
		private, ok := parsed.(crypto.Signer)
		if !ok {
			return nil, fmt.Errorf("signing key %s is a %T", r.ID, parsed)
		}
		keys[i] = toSigningKey(&r)
		keys[i].Private = private
	}
	return keys, nil
}

// Listed implements ports.Keys.
func (s Keys) Listed(ctx context.Context) ([]domain.SigningKey, error) {
	return pg.Many(ctx, s.DB, toSigningKey, oldestKey)
}

func toSigningKey(r *keyRow) domain.SigningKey {
	return domain.SigningKey{ID: r.ID, Algorithm: r.Algorithm, CreatedAt: r.CreatedAt, SignsFrom: r.SignsFrom, SignsTo: r.SignsTo}
}

func (s Keys) rows(ctx context.Context) ([]keyRow, error) {
	return pg.Many(ctx, s.DB, func(r *keyRow) keyRow { return *r }, oldestKey)
}

func oldestKey(q *bun.SelectQuery) *bun.SelectQuery { return q.Order("k.signs_from", "k.id") }

// Insert implements ports.Keys.
func (s Keys) Insert(ctx context.Context, k domain.SigningKey) error {
	der, err := x509.MarshalPKCS8PrivateKey(k.Private)
	if err != nil {
		return fmt.Errorf("encoding a signing key: %w", err)
	}
	sealed, sealKey := s.Seal.Seal(der, aboutKey(k.ID))
	return insert(ctx, s.DB, &keyRow{
		ID: k.ID, Algorithm: k.Algorithm, Sealed: sealed, SealKey: sealKey, CreatedAt: k.CreatedAt, SignsFrom: k.SignsFrom, SignsTo: k.SignsTo,
	})
}

// Delete implements ports.Keys.
func (s Keys) Delete(ctx context.Context, id string) error {
	_, err := s.DB.Conn(ctx).NewDelete().Model((*keyRow)(nil)).Where("id = ?", id).Exec(ctx)
	return pg.Error(err)
}

// SetTimes implements ports.Keys.
func (s Keys) SetTimes(ctx context.Context, k domain.SigningKey) error {
	_, err := s.DB.Conn(ctx).NewUpdate().Model((*keyRow)(nil)).Set("signs_from = ?", k.SignsFrom).Set("signs_to = ?", k.SignsTo).Where("id = ?", k.ID).Exec(ctx)
	return pg.Error(err)
}

// keyRotation is the advisory lock of the instance that rotates.
const keyRotation = 0x6b657973

// Lock implements ports.Keys.
func (s Keys) Lock(ctx context.Context) error {
	_, err := s.DB.Conn(ctx).NewRaw("SELECT pg_advisory_xact_lock(?)", keyRotation).Exec(ctx)
	return pg.Error(err)
}
