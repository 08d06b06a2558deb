package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/seal"
)

type passkeyRow struct {
	bun.BaseModel `bun:"table:passkeys,alias:p"`

	ID           uuid.UUID  `bun:"id,pk,type:uuid"`
	UserID       uuid.UUID  `bun:"user_id,type:uuid"`
	CredentialID []byte     `bun:"credential_id"`
	Name         string     `bun:"name"`
	Alone        bool       `bun:"alone"`
	Sealed       []byte     `bun:"sealed"`
	SealKey      string     `bun:"seal_key"`
	SignCount    int64      `bun:"sign_count"`
	CreatedAt    time.Time  `bun:"created_at"`
	LastUsedAt   *time.Time `bun:"last_used_at"`
}

// Passkeys implements ports.Passkeys.
type Passkeys struct {
	DB   *pg.DB
	Seal *seal.Sealer
}

func aboutPasskey(id uuid.UUID) []byte { return []byte("passkeys/" + id.String()) }

func (s Passkeys) row(p domain.Passkey) *passkeyRow {
	sealed, key := s.Seal.Seal(p.Record, aboutPasskey(p.ID))
	return &passkeyRow{
		ID: p.ID, UserID: p.UserID, CredentialID: p.CredentialID, Name: p.Name, Alone: p.Alone, Sealed: sealed, SealKey: key,
		SignCount: int64(p.SignCount), CreatedAt: p.CreatedAt, LastUsedAt: p.LastUsedAt,
	}
}

// Handle implements ports.Passkeys.
func (s Passkeys) Handle(ctx context.Context, user uuid.UUID) (handle []byte, err error) {
	err = s.DB.Conn(ctx).NewRaw(`
		INSERT INTO passkey_handles (user_id, handle) VALUES (?, ?) ON CONFLICT (user_id) DO UPDATE SET user_id = EXCLUDED.user_id RETURNING handle`,
		user, domain.NewHandle()).Scan(ctx, &handle)
	return handle, pg.Error(err)
}

// ByHandle implements ports.Passkeys.
func (s Passkeys) ByHandle(ctx context.Context, handle []byte) (user uuid.UUID, err error) {
	err = s.DB.Conn(ctx).NewSelect().Table("passkey_handles").Column("user_id").Where("handle = ?", handle).Scan(ctx, &user)
	return user, pg.NotFound(err, domain.ErrPasskeyNotVerified)
}

// Of implements ports.Passkeys.
func (s Passkeys) Of(ctx context.Context, user uuid.UUID) ([]domain.Passkey, error) {
	rows, err := pg.Many(ctx, s.DB, func(r *passkeyRow) passkeyRow { return *r }, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("p.user_id = ?", user).OrderExpr("p.created_at, p.id").Limit(domain.MaxPasskeys)
	})
	if err != nil {
		return nil, err
	}
	out := make([]domain.Passkey, len(rows))
	for i, r := range rows {
		record, err := s.Seal.Open(r.Sealed, r.SealKey, aboutPasskey(r.ID))
		if err != nil {
			return nil, err
		}
		out[i] = domain.Passkey{
			ID: r.ID, UserID: r.UserID, CredentialID: r.CredentialID, Name: r.Name, Alone: r.Alone, Record: record,
			SignCount: uint32(r.SignCount), CreatedAt: r.CreatedAt, LastUsedAt: r.LastUsedAt, //nolint:gosec // it was stored from one
		}
	}
	return out, nil
}

// Insert implements ports.Passkeys. A conflict is no error of PostgreSQL: those are logged there, with the values.
func (s Passkeys) Insert(ctx context.Context, p domain.Passkey) error {
	res, err := s.DB.Conn(ctx).NewInsert().Model(s.row(p)).On("CONFLICT DO NOTHING").Exec(ctx)
	return pg.ChangedOne(res, err, domain.ErrPasskeyKnown)
}

// Rename implements ports.Passkeys.
func (s Passkeys) Rename(ctx context.Context, p domain.Passkey) error {
	res, err := s.DB.Conn(ctx).NewUpdate().Model((*passkeyRow)(nil)).Set("name = ?", p.Name).Where("id = ?", p.ID).Where("user_id = ?", p.UserID).Exec(ctx)
	return pg.ChangedOne(res, err, domain.ErrPasskeyUnknown)
}

// Delete implements ports.Passkeys.
func (s Passkeys) Delete(ctx context.Context, p domain.Passkey) error {
	res, err := s.DB.Conn(ctx).NewDelete().Model((*passkeyRow)(nil)).Where("id = ?", p.ID).Where("user_id = ?", p.UserID).Exec(ctx)
	return pg.ChangedOne(res, err, domain.ErrPasskeyUnknown)
}

// Used implements ports.Passkeys, in one statement: of two answers with one counter one succeeds. Many passkeys do not count: they
// say 0 for ever.
func (s Passkeys) Used(ctx context.Context, p domain.Passkey) error {
	res, err := s.DB.Conn(ctx).NewUpdate().Model(s.row(p)).Column("sealed", "seal_key", "sign_count", "last_used_at").WherePK().
		Where("sign_count < ? OR sign_count = 0 AND ? = 0", p.SignCount, p.SignCount).Exec(ctx)
	return pg.ChangedOne(res, err, domain.ErrPasskeyCloned)
}
