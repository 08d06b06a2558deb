package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
)

type userRow struct {
	bun.BaseModel `bun:"table:users,alias:u"`
	userData
}

// userData is domain.User with the names of its columns.
type userData struct {
	ID                uuid.UUID     `bun:"id,pk,type:uuid"`
	Email             string        `bun:"email"`
	EmailVerified     bool          `bun:"email_verified"`
	Username          string        `bun:"username"`
	DisplayName       string        `bun:"display_name"`
	FirstName         string        `bun:"first_name"`
	LastName          string        `bun:"last_name"`
	Phone             *string       `bun:"phone"`
	PhoneVerified     bool          `bun:"phone_verified"`
	BirthDate         *time.Time    `bun:"birth_date,type:date"`
	UsernameKey       *string       `bun:"username_key"`
	Language          string        `bun:"language"`
	Timezone          string        `bun:"timezone"`
	Theme             domain.Theme  `bun:"theme"`
	AvatarID          *uuid.UUID    `bun:"avatar_id,type:uuid"`
	Status            domain.Status `bun:"status"`
	StatusReason      string        `bun:"status_reason"`
	StatusUntil       *time.Time    `bun:"status_until"`
	SystemAdmin       bool          `bun:"system_admin"`
	PasswordHash      string        `bun:"password_hash"`
	SessionsValidFrom time.Time     `bun:"sessions_valid_from"`
	CreatedAt         time.Time     `bun:"created_at"`
}

func (r *userRow) user() domain.User { return domain.User(r.userData) }

// Users implements ports.Users.
type Users struct{ DB *pg.DB }

// ByID implements ports.Users.
func (s Users) ByID(ctx context.Context, id uuid.UUID) (domain.User, error) {
	return s.find(ctx, "u.id = ?", id)
}

// ByEmail implements ports.Users.
func (s Users) ByEmail(ctx context.Context, email string) (domain.User, error) {
	return s.find(ctx, "u.email = ?", email)
}

func (s Users) find(ctx context.Context, where string, arg any) (domain.User, error) {
	return pg.One(ctx, s.DB, domain.ErrUserUnknown, (*userRow).user, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where(where, arg)
	})
}

// Insert implements ports.Users. A conflict is no error of PostgreSQL: those are logged there, with the address.
func (s Users) Insert(ctx context.Context, u domain.User) error {
	res, err := s.DB.Conn(ctx).NewInsert().Model(&userRow{userData: userData(u)}).On("CONFLICT DO NOTHING").Exec(ctx)
	return pg.ChangedOne(res, err, domain.ErrEmailTaken)
}

// SetStatus implements ports.Users.
func (s Users) SetStatus(ctx context.Context, id uuid.UUID, status domain.Status) error {
	return s.update(ctx, userData{ID: id, Status: status}, "status")
}

// SetSystemAdmin implements ports.Users.
func (s Users) SetSystemAdmin(ctx context.Context, id uuid.UUID, admin bool) error {
	return s.update(ctx, userData{ID: id, SystemAdmin: admin}, "system_admin")
}

// SetAvatar implements ports.Users.
func (s Users) SetAvatar(ctx context.Context, id uuid.UUID, avatar *uuid.UUID) error {
	return s.update(ctx, userData{ID: id, AvatarID: avatar}, "avatar_id")
}

// SetNames implements ports.Users.
func (s Users) SetNames(ctx context.Context, id uuid.UUID, first, last string) error {
	return s.update(ctx, userData{ID: id, FirstName: first, LastName: last}, "first_name", "last_name")
}

// Lock implements ports.Users.
func (s Users) Lock(ctx context.Context, id uuid.UUID) (domain.User, error) {
	return pg.One(ctx, s.DB, domain.ErrUserUnknown, (*userRow).user, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("u.id = ?", id).For("UPDATE")
	})
}

// SaveOwn implements ports.Users.
func (s Users) SaveOwn(ctx context.Context, u domain.User) error {
	_, err := s.DB.Conn(ctx).NewUpdate().Model(&userRow{userData: userData(u)}).
		Column("username", "username_key", "display_name", "first_name", "last_name", "phone", "phone_verified", "birth_date", "language", "timezone", "theme").WherePK().Exec(ctx)
	if err != nil {
		return pg.Taken(err, map[string]*errs.Error{"users_username_key": domain.ErrUsernameTaken})
	}
	return nil
}

// SetEmail implements ports.Users. PostgreSQL would log the address of a conflict.
func (s Users) SetEmail(ctx context.Context, id uuid.UUID, email string) error {
	res, err := s.DB.Conn(ctx).NewUpdate().Model((*userRow)(nil)).Set("email = ?", email).Set("email_verified = TRUE").Where("id = ?", id).
		Where("NOT EXISTS (SELECT FROM users AS other WHERE other.email = ? AND other.id <> u.id)", email).Exec(ctx)
	return pg.ChangedOne(res, pg.Taken(err, map[string]*errs.Error{"users_email_key": domain.ErrEmailTaken}), domain.ErrEmailTaken)
}

// SetEmailVerified implements ports.Users.
func (s Users) SetEmailVerified(ctx context.Context, id uuid.UUID) error {
	return s.update(ctx, userData{ID: id, EmailVerified: true}, "email_verified")
}

// SetSessionsValidFrom implements ports.Users.
func (s Users) SetSessionsValidFrom(ctx context.Context, id uuid.UUID, t time.Time) error {
	return s.update(ctx, userData{ID: id, SessionsValidFrom: t}, "sessions_valid_from")
}

func (s Users) update(ctx context.Context, u userData, columns ...string) error {
	res, err := s.DB.Conn(ctx).NewUpdate().Model(&userRow{userData: u}).Column(columns...).WherePK().Exec(ctx)
	return pg.ChangedOne(res, err, domain.ErrUserUnknown)
}

// SetPasswordHash implements ports.Users. Nothing happens when the hash has been changed meanwhile.
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
