package pg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/activity/roles/domain"
	"go.updspace.com/activity/roles/ports"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/seal"
	"go.updspace.com/libs/valid"
	"go.updspace.com/libs/wire"
)

// RoleMembers is roles/ports.Members.
type RoleMembers struct {
	db   *pg.DB
	seal *seal.Sealer
}

var _ ports.Members = (*RoleMembers)(nil)

// NewRoleMembers stores people in db, the ids of their accounts sealed.
func NewRoleMembers(db *pg.DB, sealer *seal.Sealer) *RoleMembers { return &RoleMembers{db, sealer} }

type discordAccountRow struct {
	bun.BaseModel `bun:"table:discord_accounts,alias:a"`
	pg.Tenanted

	AccountID  uuid.UUID `bun:"account_id,pk,type:uuid"`
	UserID     uuid.UUID `bun:"user_id,type:uuid"`
	ExternalID []byte    `bun:"external_id"`
	SealKey    string    `bun:"seal_key"`
	Linked     bool      `bun:"linked"`
}

type roleActionRow struct {
	Mapping int64  `json:"mapping"`
	Kind    string `json:"kind"`
}

type roleMemberRow struct {
	bun.BaseModel `bun:"table:role_members,alias:r"`
	pg.Tenanted

	SourceID    int64           `bun:"source_id,pk"`
	AccountID   uuid.UUID       `bun:"account_id,pk,type:uuid"`
	UserID      uuid.UUID       `bun:"user_id,type:uuid"`
	Present     bool            `bun:"present"`
	Actions     []roleActionRow `bun:"actions,type:jsonb"`
	LastAt      time.Time       `bun:"last_at,nullzero"`
	LastError   string          `bun:"last_error"`
	Failures    int             `bun:"failures"`
	NextAt      time.Time       `bun:"next_at"`
	Lease       uuid.UUID       `bun:"lease,type:uuid,nullzero"`
	LeasedUntil time.Time       `bun:"leased_until,nullzero"`

	ExternalID []byte `bun:"external_id,scanonly"`
	SealKey    string `bun:"seal_key,scanonly"`
	Linked     bool   `bun:"linked,scanonly"`
}

func aboutDiscord(tenant, account uuid.UUID) []byte {
	return []byte("discord_accounts/" + tenant.String() + "/" + account.String())
}

func (r *RoleMembers) toDomain(row *roleMemberRow) (domain.Member, error) {
	id, err := r.seal.Open(row.ExternalID, row.SealKey, aboutDiscord(row.TenantID, row.AccountID))
	if err != nil {
		return domain.Member{}, fmt.Errorf("opening the account of a member: %w", err)
	}
	return domain.Member{
		SourceID: row.SourceID, TenantID: row.TenantID, AccountID: row.AccountID, UserID: row.UserID, DiscordID: string(id), Linked: row.Linked, Present: row.Present, Actions: wire.Each(row.Actions, func(a roleActionRow) domain.Action { return domain.Action(a) }),
		LastAt: valid.Instant(row.LastAt), LastError: row.LastError, Failures: row.Failures, NextAt: valid.Instant(row.NextAt),
	}, nil
}

func (r *RoleMembers) all(rows []roleMemberRow) (members []domain.Member, err error) {
	members = make([]domain.Member, len(rows))
	for i := range rows {
		if members[i], err = r.toDomain(&rows[i]); err != nil {
			return nil, err
		}
	}
	return members, nil
}

// Link stores an account, or links a former one again. Others of the person are linked no more.
func (r *RoleMembers) Link(ctx context.Context, user uuid.UUID, discordID string, now time.Time) error {
	conn, tenant := r.db.Conn(ctx), reqctx.From(ctx).TenantID
	rows, err := pg.Many(ctx, r.db, func(row *discordAccountRow) discordAccountRow { return *row }, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("a.user_id = ?", user).For("UPDATE")
	})
	if err != nil {
		return err
	}
	account := discordAccountRow{Tenanted: pg.Tenanted{TenantID: tenant}, AccountID: uuid.New(), UserID: user}
	account.ExternalID, account.SealKey = r.seal.Seal([]byte(discordID), aboutDiscord(tenant, account.AccountID))
	for _, row := range rows {
		id, err := r.seal.Open(row.ExternalID, row.SealKey, aboutDiscord(tenant, row.AccountID))
		if err != nil {
			return fmt.Errorf("opening the account of a member: %w", err)
		}
		if string(id) == discordID {
			account = row
		}
	}
	if err := r.unlink(ctx, "a.user_id = ? AND a.account_id <> ?", now, user, account.AccountID); err != nil {
		return err
	}
	account.Linked = true
	if _, err := conn.NewInsert().Model(&account).On("CONFLICT (tenant_id, account_id) DO UPDATE").Set("linked = true").Exec(ctx); err != nil {
		return pg.Error(err)
	}
	_, err = conn.NewRaw(`INSERT INTO role_members AS r (tenant_id, source_id, account_id, user_id, next_at)
		SELECT y.tenant_id, y.source_id, ?1, ?2, ?3 FROM role_syncs AS y WHERE y.tenant_id = ?0
		ON CONFLICT (tenant_id, source_id, account_id) DO UPDATE SET next_at = EXCLUDED.next_at, lease = NULL, leased_until = NULL`,
		tenant, account.AccountID, user, now).Exec(ctx)
	return pg.Error(err)
}

// Unlink marks the accounts of a person, or deletes those that no synchronisation has.
func (r *RoleMembers) Unlink(ctx context.Context, user uuid.UUID, now time.Time) error {
	return r.unlink(ctx, "a.user_id = ?", now, user)
}

// unlink marks linked accounts, makes them due, and deletes those that no synchronisation has.
func (r *RoleMembers) unlink(ctx context.Context, which string, now time.Time, values ...any) error {
	conn, tenant := r.db.Conn(ctx), reqctx.From(ctx).TenantID
	var accounts []uuid.UUID
	err := conn.NewUpdate().Model((*discordAccountRow)(nil)).Set("linked = false").Where("a.linked").Where(which, values...).Returning("a.account_id").Scan(ctx, &accounts)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return pg.Error(err)
	}
	for _, account := range accounts {
		_, err := conn.NewUpdate().Model((*roleMemberRow)(nil)).Set("next_at = ?", now).Set("failures = 0").Set("lease = NULL").Set("leased_until = NULL").
			Where("account_id = ?", account).Exec(ctx)
		if err == nil {
			_, err = conn.NewRaw(forgetAccount, tenant, account).Exec(ctx)
		}
		if err != nil {
			return pg.Error(err)
		}
	}
	return nil
}

const forgetAccount = `DELETE FROM discord_accounts AS a WHERE a.tenant_id = ?0 AND a.account_id = ?1 AND NOT a.linked
	AND NOT EXISTS (SELECT FROM role_members AS r WHERE r.tenant_id = a.tenant_id AND r.account_id = a.account_id)`

// List lists people.
func (r *RoleMembers) List(ctx context.Context, source int64, limit int) (members []domain.Member, all int, err error) {
	rows, err := pg.Many(ctx, r.db, func(row *roleMemberRow) roleMemberRow { return *row }, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Column("r.*").ColumnExpr("a.external_id, a.seal_key, a.linked").
			Join("JOIN discord_accounts AS a ON a.tenant_id = r.tenant_id AND a.account_id = r.account_id").Where("r.source_id = ?", source).
			OrderExpr("r.last_error = '', r.actions = '[]', r.user_id, r.account_id").Limit(int64(limit))
	})
	if err != nil {
		return nil, 0, err
	}
	if members, err = r.all(rows); err != nil {
		return nil, 0, err
	}
	err = r.db.Read(ctx, func(ctx context.Context) error {
		n, err := r.db.Conn(ctx).NewSelect().Model((*roleMemberRow)(nil)).Where("r.source_id = ?", source).Count(ctx)
		all = int(n)
		return pg.Error(err)
	})
	return members, all, err
}

// Due makes everybody due.
func (r *RoleMembers) Due(ctx context.Context, source int64, now time.Time) error {
	_, err := r.db.Conn(ctx).NewUpdate().Model((*roleMemberRow)(nil)).Set("next_at = ?", now).Set("lease = NULL").Set("leased_until = NULL").
		Where("source_id = ?", source).Exec(ctx)
	return pg.Error(err)
}

// Claim leases people who are due. Instances skip what another claims at the same moment.
func (r *RoleMembers) Claim(ctx context.Context, limit int, lease time.Duration, now time.Time) ([]ports.Claimed, error) {
	var rows []roleMemberRow
	ctx = pg.AcrossTenants(ctx, "synchronisation of roles")
	err := r.db.Do(ctx, func(ctx context.Context) error {
		return pg.Error(r.db.Conn(ctx).NewRaw(`UPDATE role_members AS r SET lease = gen_random_uuid(), leased_until = ?
			FROM discord_accounts AS a WHERE a.tenant_id = r.tenant_id AND a.account_id = r.account_id AND (r.tenant_id, r.source_id, r.account_id) IN (
				SELECT c.tenant_id, c.source_id, c.account_id FROM role_members AS c WHERE c.next_at <= ? AND (c.leased_until IS NULL OR c.leased_until <= ?)
				ORDER BY c.next_at, c.account_id LIMIT ? FOR UPDATE SKIP LOCKED)
			RETURNING r.tenant_id, r.source_id, r.account_id, r.user_id, r.present, r.actions, r.last_at, r.last_error, r.failures, r.next_at, r.lease, r.leased_until,
				a.external_id, a.seal_key, a.linked`, now.Add(lease), now, now, limit).Scan(ctx, &rows))
	})
	if err != nil {
		return nil, err
	}
	members, err := r.all(rows)
	claimed := make([]ports.Claimed, len(members))
	for i, m := range members {
		claimed[i] = ports.Claimed{Member: m, Lease: rows[i].Lease}
	}
	return claimed, err
}

func (r *RoleMembers) of(m domain.Member) func(*bun.SelectQuery) *bun.SelectQuery {
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("r.source_id = ?", m.SourceID).Where("r.account_id = ?", m.AccountID)
	}
}

// Held locks a member for the holder of a lease.
func (r *RoleMembers) Held(ctx context.Context, claimed ports.Claimed) (held bool, err error) {
	n, err := r.db.Conn(ctx).NewSelect().Model((*roleMemberRow)(nil)).Column("r.user_id").Apply(r.of(claimed.Member)).Where("r.lease = ?", claimed.Lease).
		For("UPDATE").Exec(ctx)
	if err != nil {
		return false, pg.Error(err)
	}
	rows, err := n.RowsAffected()
	return rows > 0, err
}

// Update stores how it went, and ends the lease.
func (r *RoleMembers) Update(ctx context.Context, m domain.Member) error {
	row := &roleMemberRow{
		Tenanted: pg.Tenanted{TenantID: m.TenantID}, SourceID: m.SourceID, AccountID: m.AccountID, UserID: m.UserID, Present: m.Present, Actions: wire.Each(m.Actions, func(a domain.Action) roleActionRow { return roleActionRow(a) }),
		LastAt: m.LastAt, LastError: m.LastError, Failures: m.Failures, NextAt: m.NextAt,
	}
	result, err := r.db.Conn(ctx).NewUpdate().Model(row).Column("present", "actions", "last_at", "last_error", "failures", "next_at").
		Set("lease = NULL").Set("leased_until = NULL").Where("source_id = ?", m.SourceID).Where("account_id = ?", m.AccountID).Exec(ctx)
	return pg.ChangedOne(result, err, domain.ErrSyncNotFound)
}

// Forget removes an account from a synchronisation.
func (r *RoleMembers) Forget(ctx context.Context, m domain.Member) error {
	conn := r.db.Conn(ctx)
	if _, err := conn.NewDelete().Model((*roleMemberRow)(nil)).Where("source_id = ?", m.SourceID).Where("account_id = ?", m.AccountID).Exec(ctx); err != nil {
		return pg.Error(err)
	}
	_, err := conn.NewRaw(forgetAccount, m.TenantID, m.AccountID).Exec(ctx)
	return pg.Error(err)
}

type roleHoldingRow struct {
	bun.BaseModel `bun:"table:role_holdings,alias:h"`
	pg.Tenanted

	SourceID  int64     `bun:"source_id"`
	MappingID int64     `bun:"mapping_id,pk"`
	AccountID uuid.UUID `bun:"account_id,pk,type:uuid"`
	HoldingID uuid.UUID `bun:"holding_id,type:uuid"`
	Version   int64     `bun:"version"`
	Here      bool      `bun:"here"`
	There     bool      `bun:"there"`
}

// Holdings are what is put for an account.
func (r *RoleMembers) Holdings(ctx context.Context, source int64, account uuid.UUID) (map[int64]domain.Holding, error) {
	rows, err := pg.Many(ctx, r.db, func(row *roleHoldingRow) roleHoldingRow { return *row }, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("h.source_id = ?", source).Where("h.account_id = ?", account)
	})
	holdings := make(map[int64]domain.Holding, len(rows))
	for _, row := range rows {
		holdings[row.MappingID] = domain.Holding{ID: row.HoldingID, Version: row.Version, Here: row.Here, There: row.There}
	}
	return holdings, err
}

// PutHolding stores what is put, or deletes what is empty.
func (r *RoleMembers) PutHolding(ctx context.Context, source, mapping int64, account uuid.UUID, h domain.Holding) error {
	conn := r.db.Conn(ctx)
	if h.Empty() {
		_, err := conn.NewDelete().Model((*roleHoldingRow)(nil)).Where("mapping_id = ?", mapping).Where("account_id = ?", account).Exec(ctx)
		return pg.Error(err)
	}
	_, err := conn.NewInsert().Model(&roleHoldingRow{SourceID: source, MappingID: mapping, AccountID: account, HoldingID: h.ID, Version: h.Version, Here: h.Here, There: h.There}).
		On("CONFLICT (tenant_id, mapping_id, account_id) DO UPDATE").
		Set("holding_id = EXCLUDED.holding_id, version = EXCLUDED.version, here = EXCLUDED.here, there = EXCLUDED.there").Exec(ctx)
	return pg.Error(err)
}
