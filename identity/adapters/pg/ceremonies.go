package pg

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/seal"
)

type ceremonyRow struct {
	bun.BaseModel `bun:"table:ceremonies,alias:c"`

	KeyHash   []byte                 `bun:"key_hash,pk"`
	Purpose   domain.CeremonyPurpose `bun:"purpose"`
	UserID    *uuid.UUID             `bun:"user_id,type:uuid"`
	SessionID *uuid.UUID             `bun:"session_id,type:uuid"`
	Sealed    []byte                 `bun:"sealed"`
	SealKey   string                 `bun:"seal_key"`
	ExpiresAt time.Time              `bun:"expires_at"`
}

// Ceremonies implements ports.Ceremonies.
type Ceremonies struct {
	DB   *pg.DB
	Seal *seal.Sealer
}

// maxCeremonies is how many ceremonies of a user are kept: one for each tab, within reason.
const maxCeremonies = 10

func aboutCeremony(key domain.Hash) []byte { return []byte("ceremonies/" + hex.EncodeToString(key[:])) }

// Insert implements ports.Ceremonies.
func (s Ceremonies) Insert(ctx context.Context, c domain.Ceremony) error {
	sealed, key := s.Seal.Seal(c.State, aboutCeremony(c.Key))
	row := &ceremonyRow{
		KeyHash: c.Key[:], Purpose: c.Purpose, UserID: c.UserID, SessionID: c.SessionID, Sealed: sealed, SealKey: key, ExpiresAt: c.ExpiresAt,
	}
	_, err := s.DB.Conn(ctx).NewInsert().Model(row).
		On("CONFLICT (key_hash) DO UPDATE").Set("sealed = EXCLUDED.sealed").Set("seal_key = EXCLUDED.seal_key").Set("expires_at = EXCLUDED.expires_at").Exec(ctx)
	if err != nil || c.UserID == nil {
		return pg.Error(err)
	}
	_, err = s.DB.Conn(ctx).NewRaw(`
		DELETE FROM ceremonies WHERE key_hash IN (
			SELECT key_hash FROM ceremonies WHERE user_id = ? ORDER BY expires_at DESC, key_hash = ? DESC OFFSET ?)`,
		c.UserID, c.Key[:], maxCeremonies).Exec(ctx)
	return pg.Error(err)
}

// Find implements ports.Ceremonies.
func (s Ceremonies) Find(ctx context.Context, key domain.Hash, purpose domain.CeremonyPurpose, now time.Time) (domain.Ceremony, bool, error) {
	var row ceremonyRow
	err := s.DB.Conn(ctx).NewSelect().Model(&row).Where("key_hash = ?", key[:]).Where("purpose = ?", purpose).Where("expires_at > ?", now).Scan(ctx)
	return s.found(row, err)
}

// Take implements ports.Ceremonies, in one statement.
func (s Ceremonies) Take(ctx context.Context, key domain.Hash, purpose domain.CeremonyPurpose, now time.Time) (domain.Ceremony, bool, error) {
	var row ceremonyRow
	err := s.DB.Conn(ctx).NewDelete().Model(&row).Where("key_hash = ?", key[:]).Where("purpose = ?", purpose).Where("expires_at > ?", now).
		Returning("*").Scan(ctx)
	return s.found(row, err)
}

func (s Ceremonies) found(row ceremonyRow, err error) (domain.Ceremony, bool, error) {
	if errors.Is(err, sql.ErrNoRows) {
		return domain.Ceremony{}, false, nil
	}
	if err != nil {
		return domain.Ceremony{}, false, pg.Error(err)
	}
	c := domain.Ceremony{Key: domain.Hash(row.KeyHash), Purpose: row.Purpose, UserID: row.UserID, SessionID: row.SessionID, ExpiresAt: row.ExpiresAt}
	c.State, err = s.Seal.Open(row.Sealed, row.SealKey, aboutCeremony(c.Key))
	return c, err == nil, err
}
