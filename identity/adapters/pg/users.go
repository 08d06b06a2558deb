package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/pg"
)

type userRow struct {
	bun.BaseModel `bun:"table:users,alias:u"`

	ID                uuid.UUID  `bun:"id,pk,type:uuid"`
	Email             string     `bun:"email"`
	EmailVerified     bool       `bun:"email_verified"`
	Username          string     `bun:"username"`
	DisplayName       string     `bun:"display_name"`
	FirstName         string     `bun:"first_name"`
	LastName          string     `bun:"last_name"`
	Phone             *string    `bun:"phone"`
	PhoneVerified     bool       `bun:"phone_verified"`
	BirthDate         *time.Time `bun:"birth_date,type:date"`
	Language          string     `bun:"language"`
	Timezone          string     `bun:"timezone"`
	Status            string     `bun:"status"`
	SystemAdmin       bool       `bun:"system_admin"`
	PasswordHash      string     `bun:"password_hash"`
	SessionsValidFrom time.Time  `bun:"sessions_valid_from"`
	CreatedAt         time.Time  `bun:"created_at"`
}

func userToRow(u domain.User) userRow {
	return userRow{
		ID: u.ID, Email: u.Email, EmailVerified: u.EmailVerified, Username: u.Username, DisplayName: u.DisplayName,
		FirstName: u.FirstName, LastName: u.LastName, Phone: u.Phone, PhoneVerified: u.PhoneVerified, BirthDate: u.BirthDate,
		Language: u.Language, Timezone: u.Timezone, Status: string(u.Status), SystemAdmin: u.SystemAdmin,
		PasswordHash: u.PasswordHash, SessionsValidFrom: u.SessionsValidFrom, CreatedAt: u.CreatedAt,
	}
}

func (r userRow) user() domain.User {
	return domain.User{
		ID: r.ID, Email: r.Email, EmailVerified: r.EmailVerified, Username: r.Username, DisplayName: r.DisplayName,
		FirstName: r.FirstName, LastName: r.LastName, Phone: r.Phone, PhoneVerified: r.PhoneVerified, BirthDate: r.BirthDate,
		Language: r.Language, Timezone: r.Timezone, Status: domain.Status(r.Status), SystemAdmin: r.SystemAdmin,
		PasswordHash: r.PasswordHash, SessionsValidFrom: r.SessionsValidFrom, CreatedAt: r.CreatedAt,
	}
}

// Users implements ports.Users.
type Users struct{ DB *pg.DB }

// ByID implements ports.Users.
func (s Users) ByID(ctx context.Context, id uuid.UUID) (domain.User, error) {
	return s.one(ctx, "u.id = ?", id)
}

// ByEmail implements ports.Users.
func (s Users) ByEmail(ctx context.Context, email string) (domain.User, error) {
	return s.one(ctx, "u.email = ?", email)
}

func (s Users) one(ctx context.Context, where string, arg any) (domain.User, error) {
	var row userRow
	if err := s.DB.Conn(ctx).NewSelect().Model(&row).Where(where, arg).Scan(ctx); err != nil {
		return domain.User{}, orElse(err, domain.ErrUserUnknown)
	}
	return row.user(), nil
}

// Insert implements ports.Users.
func (s Users) Insert(ctx context.Context, u domain.User) error {
	row := userToRow(u)
	_, err := s.DB.Conn(ctx).NewInsert().Model(&row).Exec(ctx)
	if pg.ConstraintName(err) == "users_email_key" {
		return domain.ErrEmailTaken
	}
	return pg.Error(err)
}

// SetStatus implements ports.Users.
func (s Users) SetStatus(ctx context.Context, id uuid.UUID, status domain.Status) error {
	res, err := s.DB.Conn(ctx).NewUpdate().Model((*userRow)(nil)).Set("status = ?", string(status)).Where("id = ?", id).Exec(ctx)
	return changed(res, err, domain.ErrUserUnknown)
}

// SetSessionsValidFrom implements ports.Users.
func (s Users) SetSessionsValidFrom(ctx context.Context, id uuid.UUID, t time.Time) error {
	res, err := s.DB.Conn(ctx).NewUpdate().Model((*userRow)(nil)).Set("sessions_valid_from = ?", t).Where("id = ?", id).Exec(ctx)
	return changed(res, err, domain.ErrUserUnknown)
}

// SetPasswordHash implements ports.Users. Nothing happens when the hash has
// been changed meanwhile.
func (s Users) SetPasswordHash(ctx context.Context, id uuid.UUID, old, hash string) error {
	_, err := s.DB.Conn(ctx).NewUpdate().Model((*userRow)(nil)).
		Set("password_hash = ?", hash).Where("id = ?", id).Where("password_hash = ?", old).Exec(ctx)
	return pg.Error(err)
}

// DemoData implements ports.DemoData.
type DemoData struct{ DB *pg.DB }

// Mark implements ports.DemoData.
func (s DemoData) Mark(ctx context.Context, user uuid.UUID) error {
	_, err := s.DB.Conn(ctx).NewUpdate().Table("users").Set("demo = TRUE").Where("id = ?", user).Exec(ctx)
	return pg.Error(err)
}

// Exists implements ports.DemoData.
func (s DemoData) Exists(ctx context.Context) (bool, error) {
	found, err := s.DB.Conn(ctx).NewSelect().Table("users").Where("demo").Exists(ctx)
	return found, pg.Error(err)
}
