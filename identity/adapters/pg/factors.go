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

type totpRow struct {
	bun.BaseModel `bun:"table:totp,alias:t"`

	UserID     uuid.UUID  `bun:"user_id,pk,type:uuid"`
	Sealed     []byte     `bun:"sealed"`
	SealKey    string     `bun:"seal_key"`
	LastStep   int64      `bun:"last_step"`
	CreatedAt  time.Time  `bun:"created_at"`
	LastUsedAt *time.Time `bun:"last_used_at"`
}

type recoveryCodeRow struct {
	bun.BaseModel `bun:"table:recovery_codes,alias:r"`

	UserID    uuid.UUID `bun:"user_id,pk,type:uuid"`
	CodeHash  []byte    `bun:"code_hash,pk"`
	CreatedAt time.Time `bun:"created_at"`
}

// Factors implements ports.Factors.
type Factors struct {
	DB   *pg.DB
	Seal *seal.Sealer
}

func aboutTOTP(user uuid.UUID) []byte { return []byte("totp/" + user.String()) }

// Of implements ports.Factors, in one query.
func (s Factors) Of(ctx context.Context, user uuid.UUID) (f domain.Factors, err error) {
	err = s.DB.Conn(ctx).NewRaw(`
		SELECT EXISTS (SELECT FROM totp WHERE user_id = ?0),
			(SELECT count(*) FROM passkeys WHERE user_id = ?0), (SELECT count(*) FROM recovery_codes WHERE user_id = ?0)`, user).
		Scan(ctx, &f.TOTP, &f.Passkeys, &f.RecoveryCodes)
	return f, pg.Error(err)
}

// TOTP implements ports.Factors.
func (s Factors) TOTP(ctx context.Context, user uuid.UUID) (domain.TOTP, error) {
	row, err := one[totpRow](ctx, s.DB, domain.ErrTOTPUnknown, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("t.user_id = ?", user) })
	if err != nil {
		return domain.TOTP{}, err
	}
	seed, err := s.Seal.Open(row.Sealed, row.SealKey, aboutTOTP(user))
	return domain.TOTP{UserID: user, Seed: seed, LastStep: row.LastStep, CreatedAt: row.CreatedAt, LastUsedAt: row.LastUsedAt}, err
}

// AddTOTP implements ports.Factors.
func (s Factors) AddTOTP(ctx context.Context, t domain.TOTP) error {
	sealed, key := s.Seal.Seal(t.Seed, aboutTOTP(t.UserID))
	res, err := s.DB.Conn(ctx).NewInsert().Model(&totpRow{
		UserID: t.UserID, Sealed: sealed, SealKey: key, LastStep: t.LastStep, CreatedAt: t.CreatedAt, LastUsedAt: t.LastUsedAt,
	}).On("CONFLICT DO NOTHING").Exec(ctx)
	return pg.ChangedOne(res, err, domain.ErrTOTPEnabled)
}

// TakeStep implements ports.Factors, in one statement: of several attempts one succeeds.
func (s Factors) TakeStep(ctx context.Context, user uuid.UUID, step int64, at time.Time) error {
	res, err := s.DB.Conn(ctx).NewUpdate().Model((*totpRow)(nil)).Set("last_step = ?", step).Set("last_used_at = ?", at).
		Where("user_id = ?", user).Where("last_step < ?", step).Exec(ctx)
	return pg.ChangedOne(res, err, domain.ErrTOTPCode)
}

// DeleteTOTP implements ports.Factors.
func (s Factors) DeleteTOTP(ctx context.Context, user uuid.UUID) error {
	res, err := s.DB.Conn(ctx).NewDelete().Model((*totpRow)(nil)).Where("user_id = ?", user).Exec(ctx)
	return pg.ChangedOne(res, err, domain.ErrTOTPUnknown)
}

// ReplaceCodes implements ports.Factors.
func (s Factors) ReplaceCodes(ctx context.Context, user uuid.UUID, codes []domain.Hash, at time.Time) error {
	if _, err := s.DB.Conn(ctx).NewDelete().Model((*recoveryCodeRow)(nil)).Where("user_id = ?", user).Exec(ctx); err != nil || len(codes) == 0 {
		return pg.Error(err)
	}
	rows := make([]recoveryCodeRow, len(codes))
	for i := range codes {
		rows[i] = recoveryCodeRow{UserID: user, CodeHash: codes[i][:], CreatedAt: at}
	}
	return insert(ctx, s.DB, &rows)
}

// TakeCode implements ports.Factors, in one statement: of several attempts one succeeds.
func (s Factors) TakeCode(ctx context.Context, user uuid.UUID, code domain.Hash) error {
	res, err := s.DB.Conn(ctx).NewDelete().Model((*recoveryCodeRow)(nil)).Where("user_id = ?", user).Where("code_hash = ?", code[:]).Exec(ctx)
	return pg.ChangedOne(res, err, domain.ErrTOTPCode)
}
