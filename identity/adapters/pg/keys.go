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
)

// Sealer encrypts what must not be readable in the database. about ties a
// ciphertext to its place, so that one cannot be moved to another row.
type Sealer interface {
	Seal(plain, about []byte) (sealed []byte, key string)
	Open(sealed []byte, key string, about []byte) ([]byte, error)
}

type keyRow struct {
	bun.BaseModel `bun:"table:signing_keys,alias:k"`

	ID        string    `bun:"id,pk"`
	Algorithm string    `bun:"algorithm"`
	Sealed    []byte    `bun:"sealed"`
	SealKey   string    `bun:"seal_key"`
	CreatedAt time.Time `bun:"created_at"`
	SignsFrom time.Time `bun:"signs_from"`
	SignsTo   time.Time `bun:"signs_to"`
}

// Keys implements ports.Keys.
type Keys struct {
	DB   *pg.DB
	Seal Sealer
}

func aboutKey(id string) []byte { return []byte("signing_keys/" + id) }

// All implements ports.Keys.
func (s Keys) All(ctx context.Context) ([]domain.SigningKey, error) {
	var rows []keyRow
	if err := s.DB.Conn(ctx).NewSelect().Model(&rows).Order("k.signs_from", "k.id").Scan(ctx); err != nil {
		return nil, pg.Error(err)
	}
	keys := make([]domain.SigningKey, len(rows))
	for i, r := range rows {
		der, err := s.Seal.Open(r.Sealed, r.SealKey, aboutKey(r.ID))
		if err != nil {
			return nil, fmt.Errorf("opening signing key %s: %w", r.ID, err)
		}
		parsed, err := x509.ParsePKCS8PrivateKey(der)
		if err != nil {
			return nil, fmt.Errorf("reading signing key %s: %w", r.ID, err)
		}
		private, ok := parsed.(crypto.Signer)
		if !ok {
			return nil, fmt.Errorf("signing key %s is a %T", r.ID, parsed)
		}
		keys[i] = domain.SigningKey{
			ID: r.ID, Algorithm: domain.Algorithm(r.Algorithm), Private: private,
			CreatedAt: r.CreatedAt, SignsFrom: r.SignsFrom, SignsTo: r.SignsTo,
		}
	}
	return keys, nil
}

// Insert implements ports.Keys.
func (s Keys) Insert(ctx context.Context, k domain.SigningKey) error {
	der, err := x509.MarshalPKCS8PrivateKey(k.Private)
	if err != nil {
		return fmt.Errorf("encoding a signing key: %w", err)
	}
	sealed, sealKey := s.Seal.Seal(der, aboutKey(k.ID))
	row := keyRow{
		ID: k.ID, Algorithm: string(k.Algorithm), Sealed: sealed, SealKey: sealKey,
		CreatedAt: k.CreatedAt, SignsFrom: k.SignsFrom, SignsTo: k.SignsTo,
	}
	_, err = s.DB.Conn(ctx).NewInsert().Model(&row).Exec(ctx)
	return pg.Error(err)
}

// Delete implements ports.Keys.
func (s Keys) Delete(ctx context.Context, id string) error {
	_, err := s.DB.Conn(ctx).NewDelete().Model((*keyRow)(nil)).Where("id = ?", id).Exec(ctx)
	return pg.Error(err)
}

// keyRotation is the advisory lock of whoever rotates.
const keyRotation = 0x6b657973

// Lock implements ports.Keys.
func (s Keys) Lock(ctx context.Context) error {
	_, err := s.DB.Conn(ctx).NewRaw("SELECT pg_advisory_xact_lock(?)", keyRotation).Exec(ctx)
	return pg.Error(err)
}
