package pg

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/pg"
)

// Accounts implements ports.Accounts.
type Accounts struct{ DB *pg.DB }

type listedAccountRow struct {
	bun.BaseModel `bun:"table:users,alias:u"`
	userData
	SecondFactor bool `bun:"second_factor,scanonly"`
}

// secondFactor says whether an account has an authenticator app or a passkey.
const secondFactor = "(EXISTS (SELECT FROM totp WHERE totp.user_id = u.id) OR EXISTS (SELECT FROM passkeys WHERE passkeys.user_id = u.id))"

// List implements ports.Accounts.
func (s Accounts) List(ctx context.Context, f ports.AccountFilter, limit int) ([]ports.ListedAccount, error) {
	return pg.Many(ctx, s.DB, func(r *listedAccountRow) ports.ListedAccount {
		return ports.ListedAccount{User: domain.User(r.userData), SecondFactor: r.SecondFactor}
	}, func(q *bun.SelectQuery) *bun.SelectQuery {
		q = q.ColumnExpr("?TableColumns").ColumnExpr(secondFactor + " AS second_factor")
		if text := strings.TrimSpace(f.Text); text != "" {
			part := "%" + likeEscapes.Replace(text) + "%"
			id, _ := uuid.Parse(text)
			q = q.Where("(u.email ILIKE ?0 OR u.username ILIKE ?0 OR u.display_name ILIKE ?0 OR concat(u.first_name, ' ', u.last_name) ILIKE ?0 OR u.id = ?1)", part, id)
		}
		if f.Status != "" {
			q = q.Where("u.status = ?", f.Status)
		}
		if f.SystemAdmin != nil {
			q = q.Where("u.system_admin = ?", *f.SystemAdmin)
		}
		if f.SecondFactor != nil {
			q = q.Where(secondFactor+" = ?", *f.SecondFactor)
		}
		if f.BeforeID != uuid.Nil {
			q = q.Where("(u.created_at, u.id) < (?, ?)", f.Before, f.BeforeID)
		}
		return q.OrderExpr("u.created_at DESC, u.id DESC").Limit(int64(limit))
	})
}

// Restrict implements ports.Accounts.
func (s Accounts) Restrict(ctx context.Context, u domain.User) error {
	return Users(s).update(ctx, userData(u), "status", "status_reason", "status_until")
}

// Over implements ports.Accounts.
func (s Accounts) Over(ctx context.Context, now time.Time, limit int) ([]domain.User, error) {
	return pg.Many(ctx, s.DB, (*userRow).user, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("u.status_until <= ?", now).OrderExpr("u.status_until").Limit(int64(limit)).For("UPDATE SKIP LOCKED")
	})
}

// LockSystemAdmins implements ports.Accounts.
func (s Accounts) LockSystemAdmins(ctx context.Context) ([]domain.User, error) {
	return pg.Many(ctx, s.DB, (*userRow).user, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("u.system_admin").OrderExpr("u.id").For("UPDATE")
	})
}
