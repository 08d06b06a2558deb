package pg

import (
	"context"
	"database/sql"
	"errors"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/valid"
	contentdomain "go.updspace.com/portal/content/domain"
)

// Accounts is contentports.Accounts.
type Accounts struct {
	db *pg.DB
}

// NewAccounts stores accounts in db.
func NewAccounts(db *pg.DB) *Accounts { return &Accounts{db: db} }

type accountRow struct {
	bun.BaseModel `bun:"table:accounts,alias:a"`

	UserID      uuid.UUID `bun:"user_id,pk,type:uuid"`
	Username    string    `bun:"username"`
	DisplayName string    `bun:"display_name"`
	FirstName   string    `bun:"first_name"`
	LastName    string    `bun:"last_name"`
}

func (r *accountRow) toDomain() contentdomain.Account {
	return contentdomain.Account{UserID: r.UserID, Username: r.Username, DisplayName: r.DisplayName, FirstName: r.FirstName, LastName: r.LastName}
}

// Find returns an account.
func (r *Accounts) Find(ctx context.Context, user uuid.UUID) (account contentdomain.Account, err error) {
	row := accountRow{UserID: user}
	err = r.db.Read(ctx, func(ctx context.Context) error {
		if err := r.db.Conn(ctx).NewSelect().Model(&row).WherePK().Scan(ctx); !errors.Is(err, sql.ErrNoRows) {
			return pg.Error(err)
		}
		return nil
	})
	return row.toDomain(), err
}

// Save stores an account.
func (r *Accounts) Save(ctx context.Context, a contentdomain.Account) error {
	row := accountRow{UserID: a.UserID, Username: a.Username, DisplayName: a.DisplayName, FirstName: a.FirstName, LastName: a.LastName}
	_, err := r.db.Conn(ctx).NewInsert().Model(&row).On("CONFLICT (user_id) DO UPDATE").Exec(ctx)
	return pg.Error(err)
}

// Claim makes the row if there is none, because only a row can be locked.
func (r *Accounts) Claim(ctx context.Context, user uuid.UUID) (contentdomain.Account, error) {
	row := accountRow{UserID: user}
	if _, err := r.db.Conn(ctx).NewInsert().Model(&row).On("CONFLICT DO NOTHING").Exec(ctx); err != nil {
		return contentdomain.Account{}, pg.Error(err)
	}
	err := r.db.Conn(ctx).NewSelect().Model(&row).WherePK().For("UPDATE").Scan(ctx)
	return row.toDomain(), pg.Error(err)
}

// Profiles returns the profiles of a user.
func (r *Accounts) Profiles(ctx context.Context, user uuid.UUID) ([]contentdomain.Profile, error) {
	return pg.Many(ctx, r.db, (*profileRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("p.user_id = ?", user).OrderExpr("p.tenant_id").For("UPDATE")
	})
}

// Forget locks the row before it looks for profiles: Claim holds it until the new profile is stored.
func (r *Accounts) Forget(ctx context.Context, user uuid.UUID) error {
	ctx = pg.AcrossTenants(ctx, "forgotten accounts")
	return r.db.Do(ctx, func(ctx context.Context) error {
		var locked []uuid.UUID
		err := r.db.Conn(ctx).NewSelect().Model((*accountRow)(nil)).Column("user_id").Where("a.user_id = ?", user).For("UPDATE").Scan(ctx, &locked)
		if err != nil || len(locked) == 0 {
			return pg.Error(err)
		}
		profiles := r.db.Conn(ctx).NewSelect().Model((*profileRow)(nil)).Column("user_id").Where("p.user_id = ?", user)
		_, err = r.db.Conn(ctx).NewDelete().Model((*accountRow)(nil)).Where("user_id = ?", user).Where("NOT EXISTS (?)", profiles).Exec(ctx)
		return pg.Error(err)
	})
}

// Taken looks for another user with the username. It names the tenant itself: see Profiles.Save.
func (r *Accounts) Taken(ctx context.Context, profile contentdomain.Profile) (taken bool, err error) {
	d := profile.Data()
	if d.Username == "" {
		return false, nil
	}
	err = r.db.Read(ctx, func(ctx context.Context) error {
		return pg.Error(r.db.Conn(ctx).NewRaw("SELECT EXISTS (SELECT FROM profiles WHERE tenant_id = ? AND username_key = ? AND user_id <> ?)",
			d.TenantID, valid.UsernameKey(d.Username), d.UserID).Scan(ctx, &taken))
	})
	return taken, err
}
