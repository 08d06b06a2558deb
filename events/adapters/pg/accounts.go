package pg

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/events/ports"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
)

// Accounts is ports.Accounts.
type Accounts struct {
	db *pg.DB
}

// NewAccounts stores the standing of accounts in db.
func NewAccounts(db *pg.DB) *Accounts { return &Accounts{db: db} }

// Standing returns what is known of an account.
func (r *Accounts) Standing(ctx context.Context, user uuid.UUID) (s ports.Standing, err error) {
	err = r.db.Read(ctx, func(ctx context.Context) error {
		return pg.Error(r.db.Conn(ctx).NewRaw(`SELECT EXISTS (SELECT FROM suspended_accounts WHERE user_id = ?0),
			EXISTS (SELECT FROM system_administrators WHERE user_id = ?0),
			EXISTS (SELECT FROM tenant_members WHERE tenant_id = ?1 AND user_id = ?0 AND NOT active)`,
			user, reqctx.From(ctx).TenantID).Scan(ctx, &s.Suspended, &s.SystemAdmin, &s.Left))
	})
	return s, err
}

// SetSuspended stores whether an account is suspended.
func (r *Accounts) SetSuspended(ctx context.Context, user uuid.UUID, suspended bool) error {
	return r.set(ctx, suspended, "INSERT INTO suspended_accounts (user_id) VALUES (?) ON CONFLICT DO NOTHING", "DELETE FROM suspended_accounts WHERE user_id = ?", user)
}

// SetSystemAdmin stores whether an account is that of a system administrator.
func (r *Accounts) SetSystemAdmin(ctx context.Context, user uuid.UUID, admin bool) error {
	return r.set(ctx, admin, "INSERT INTO system_administrators (user_id) VALUES (?) ON CONFLICT DO NOTHING", "DELETE FROM system_administrators WHERE user_id = ?", user)
}

func (r *Accounts) set(ctx context.Context, is bool, add, remove string, user uuid.UUID) error {
	statement := remove
	if is {
		statement = add
	}
	_, err := r.db.Conn(ctx).NewRaw(statement, user).Exec(ctx)
	return pg.Error(err)
}
