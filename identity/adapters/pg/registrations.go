package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/pg"
)

type registrationRow struct {
	bun.BaseModel `bun:"table:registrations,alias:r"`
	pg.Tenanted

	ID             uuid.UUID  `bun:"id,pk,type:uuid"`
	Email          string     `bun:"email"`
	DisplayName    string     `bun:"display_name"`
	Language       string     `bun:"language"`
	Timezone       string     `bun:"timezone"`
	BirthDate      *time.Time `bun:"birth_date,type:date"`
	PasswordHash   string     `bun:"password_hash"`
	Marketing      bool       `bun:"marketing"`
	GuardianEmail  string     `bun:"guardian_email"`
	ConsentVersion string     `bun:"consent_version"`
	TokenHash      []byte     `bun:"token_hash"`
	CreatedAt      time.Time  `bun:"created_at"`
	ExpiresAt      time.Time  `bun:"expires_at"`
	UsedAt         *time.Time `bun:"used_at"`
}

func (r *registrationRow) registration() domain.Registration {
	return domain.Registration{
		ID: r.ID, TenantID: r.TenantID, Email: r.Email, DisplayName: r.DisplayName, Language: r.Language, Timezone: r.Timezone, BirthDate: r.BirthDate,
		PasswordHash: r.PasswordHash, Marketing: r.Marketing, GuardianEmail: r.GuardianEmail, ConsentVersion: r.ConsentVersion,
		TokenHash: domain.Hash(r.TokenHash), CreatedAt: r.CreatedAt, ExpiresAt: r.ExpiresAt, UsedAt: r.UsedAt,
	}
}

// Registrations implements ports.Registrations.
type Registrations struct{ DB *pg.DB }

// Insert implements ports.Registrations.
func (s Registrations) Insert(ctx context.Context, r domain.Registration) error {
	row := registrationRow{
		ID: r.ID, Email: r.Email, DisplayName: r.DisplayName, Language: r.Language, Timezone: r.Timezone, BirthDate: r.BirthDate,
		PasswordHash: r.PasswordHash, Marketing: r.Marketing, GuardianEmail: r.GuardianEmail, ConsentVersion: r.ConsentVersion,
		TokenHash: r.TokenHash[:], CreatedAt: r.CreatedAt, ExpiresAt: r.ExpiresAt,
	}
	row.TenantID = r.TenantID
	return insert(ctx, s.DB, &row)
}

// ByToken implements ports.Registrations.
func (s Registrations) ByToken(ctx context.Context, token domain.Hash) (domain.Registration, error) {
	return pg.One(ctx, s.DB, domain.ErrLinkUnknown, (*registrationRow).registration, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("r.token_hash = ?", token[:])
	})
}

// Use implements ports.Registrations. The condition and the change are one statement, so one of several attempts succeeds.
func (s Registrations) Use(ctx context.Context, id uuid.UUID, at time.Time) error {
	res, err := s.DB.Conn(ctx).NewUpdate().Model((*registrationRow)(nil)).
		Set("used_at = ?", at).Where("id = ?", id).Where("used_at IS NULL").Where("expires_at > ?", at).Exec(ctx)
	return pg.ChangedOne(res, err, domain.ErrLinkUsed)
}
