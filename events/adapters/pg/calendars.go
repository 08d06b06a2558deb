package pg

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/uptrace/bun"

	"go.updspace.com/events/domain"
	"go.updspace.com/events/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/batch"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/valid"
)

// CalendarAddresses is ports.CalendarAddresses.
type CalendarAddresses struct {
	db    *pg.DB
	opens *batch.Group[uuid.UUID, *openCall] // by tenant
}

// openCall is a secret whose address is looked for, with the result.
type openCall struct {
	hash   [sha256.Size]byte
	found  bool
	opened ports.OpenedCalendar
}

const (
	maxOpens    = 64 // in one statement
	openTimeout = 5 * time.Second
)

// NewCalendarAddresses stores addresses in db.
func NewCalendarAddresses(db *pg.DB) *CalendarAddresses {
	r := &CalendarAddresses{db: db}
	r.opens = batch.New(maxOpens, openTimeout, r.openAll)
	return r
}

type addressRow struct {
	bun.BaseModel `bun:"table:calendar_addresses,alias:c"`
	pg.Tenanted

	ID         uuid.UUID    `bun:"id,pk,type:uuid"`
	UserID     uuid.UUID    `bun:"user_id,type:uuid"`
	Name       string       `bun:"name"`
	Content    string       `bun:"content"`
	ScopeType  string       `bun:"scope_type"`
	ScopeID    uuid.UUID    `bun:"scope_id,type:uuid"`
	TokenHash  []byte       `bun:"token_hash"`
	CreatedAt  time.Time    `bun:"created_at"`
	RenewedAt  time.Time    `bun:"renewed_at"`
	LastUsedOn sql.NullTime `bun:"last_used_on,type:date"`
}

func toRowAddress(a domain.CalendarAddress) *addressRow {
	return &addressRow{
		ID: a.ID, UserID: a.UserID, Name: a.Name, Content: string(a.Content), ScopeType: string(a.Scope.Type), ScopeID: a.Scope.ID,
		TokenHash: a.TokenHash[:], CreatedAt: a.CreatedAt, RenewedAt: a.RenewedAt,
		LastUsedOn: sql.NullTime{Time: a.LastUsedOn, Valid: !a.LastUsedOn.IsZero()},
	}
}

func (r *addressRow) toDomain() domain.CalendarAddress {
	address := domain.CalendarAddress{
		ID: r.ID, UserID: r.UserID, Name: r.Name, Content: domain.CalendarContent(r.Content),
		Scope: authz.Scope{Type: authz.ScopeType(r.ScopeType), ID: r.ScopeID}, CreatedAt: valid.Instant(r.CreatedAt), RenewedAt: valid.Instant(r.RenewedAt),
		LastUsedOn: r.LastUsedOn.Time,
	}
	copy(address.TokenHash[:], r.TokenHash)
	return address
}

// Find returns an address of a user.
func (r *CalendarAddresses) Find(ctx context.Context, user, id uuid.UUID) (domain.CalendarAddress, error) {
	return pg.One(ctx, r.db, domain.ErrAddressNotFound, (*addressRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("c.user_id = ?", user).Where("c.id = ?", id)
	})
}

// List lists the addresses of a user.
func (r *CalendarAddresses) List(ctx context.Context, user uuid.UUID) ([]domain.CalendarAddress, error) {
	return pg.Many(ctx, r.db, (*addressRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("c.user_id = ?", user).OrderExpr("c.id DESC").Limit(domain.MaxCalendarAddresses)
	})
}

// Add stores a new address.
func (r *CalendarAddresses) Add(ctx context.Context, address domain.CalendarAddress) error {
	_, err := r.db.Conn(ctx).NewInsert().Model(toRowAddress(address)).Exec(ctx)
	return pg.Error(err)
}

// Renew stores a secret.
func (r *CalendarAddresses) Renew(ctx context.Context, address domain.CalendarAddress) error {
	result, err := r.db.Conn(ctx).NewUpdate().Model(toRowAddress(address)).Column("token_hash", "renewed_at").
		Where("id = ?", address.ID).Where("user_id = ?", address.UserID).Exec(ctx)
	return pg.ChangedOne(result, err, domain.ErrAddressNotFound)
}

// Remove removes an address of a user.
func (r *CalendarAddresses) Remove(ctx context.Context, user, id uuid.UUID) error {
	result, err := r.db.Conn(ctx).NewDelete().Model((*addressRow)(nil)).Where("id = ?", id).Where("user_id = ?", user).Exec(ctx)
	return pg.ChangedOne(result, err, domain.ErrAddressNotFound)
}

// Use stores the day of a use.
func (r *CalendarAddresses) Use(ctx context.Context, id uuid.UUID, day time.Time) error {
	_, err := r.db.Conn(ctx).NewUpdate().Model((*addressRow)(nil)).Set("last_used_on = ?", day.Format(time.DateOnly)).Where("id = ?", id).Exec(ctx)
	return pg.Error(err)
}

// openCalendars is the one statement that an unchanged calendar costs. Of the other tables it looks one row up each: joins of them would make
// PostgreSQL read all members of a small tenant.
const openCalendars = `SELECT c.token_hash, c.id, c.user_id, c.name, c.content, c.scope_type, c.scope_id, c.created_at, c.renewed_at, c.last_used_on, coalesce(v.version, 0),
	v.changed_at, (SELECT a.answered_at FROM answers AS a WHERE a.tenant_id = c.tenant_id AND a.user_id = c.user_id ORDER BY a.answered_at DESC LIMIT 1)
FROM calendar_addresses AS c LEFT JOIN calendar_versions AS v ON v.tenant_id = $1
WHERE c.tenant_id = $1 AND c.token_hash = ANY($2::bytea[])
	AND (SELECT m.active FROM tenant_members AS m WHERE m.tenant_id = c.tenant_id AND m.user_id = c.user_id LIMIT 1)
	AND (SELECT true FROM suspended_accounts AS s WHERE s.user_id = c.user_id LIMIT 1) IS NULL`

// Open finds the address of a secret. Programs ask again and again whether their calendars have changed; those that ask at the same time share a statement.
func (r *CalendarAddresses) Open(ctx context.Context, token domain.CalendarToken) (ports.OpenedCalendar, error) {
	call := &openCall{hash: token.Hash()}
	err := r.opens.Do(ctx, reqctx.From(ctx).TenantID, call)
	if err == nil && !call.found {
		err = domain.ErrCalendarNotFound
	}
	return call.opened, err
}

func (r *CalendarAddresses) openAll(ctx context.Context, tenant uuid.UUID, calls []*openCall) error {
	hashes := make([][]byte, len(calls))
	for i, c := range calls {
		hashes[i] = c.hash[:]
	}
	return r.db.QueryRows(ctx, openCalendars, []any{tenant, hashes}, func(rows pgx.Rows) error {
		for rows.Next() {
			var row addressRow
			var opened ports.OpenedCalendar
			var changed, answered sql.NullTime
			err := rows.Scan(&row.TokenHash, (*[16]byte)(&row.ID), (*[16]byte)(&row.UserID), &row.Name, &row.Content, &row.ScopeType, (*[16]byte)(&row.ScopeID),
				&row.CreatedAt, &row.RenewedAt, &row.LastUsedOn, &opened.Version, &changed, &answered)
			if err != nil {
				return err
			}
			opened.Address, opened.ChangedAt, opened.AnsweredAt = row.toDomain(), changed.Time, answered.Time
			for _, c := range calls {
				if c.hash == opened.Address.TokenHash {
					c.found, c.opened = true, opened
				}
			}
		}
		return rows.Err()
	})
}

// TenantMembers is ports.TenantMembers.
type TenantMembers struct {
	db *pg.DB
}

// NewTenantMembers stores members in db.
func NewTenantMembers(db *pg.DB) *TenantMembers { return &TenantMembers{db: db} }

type tenantMemberRow struct {
	bun.BaseModel `bun:"table:tenant_members,alias:m"`
	pg.Tenanted

	UserID uuid.UUID `bun:"user_id,pk,type:uuid"`
	Active bool      `bun:"active"`
}

// Put stores whether a user is an active member.
func (r *TenantMembers) Put(ctx context.Context, user uuid.UUID, active bool) error {
	_, err := r.db.Conn(ctx).NewInsert().Model(&tenantMemberRow{UserID: user, Active: active}).On("CONFLICT (tenant_id, user_id) DO UPDATE").Exec(ctx)
	return pg.Error(err)
}

// Lock makes a row if there is none, because only a row can be locked.
func (r *TenantMembers) Lock(ctx context.Context, user uuid.UUID) error {
	if _, err := r.db.Conn(ctx).NewInsert().Model(&tenantMemberRow{UserID: user, Active: true}).On("CONFLICT DO NOTHING").Exec(ctx); err != nil {
		return pg.Error(err)
	}
	var locked []uuid.UUID
	return pg.Error(r.db.Conn(ctx).NewSelect().Model((*tenantMemberRow)(nil)).Column("user_id").Where("m.user_id = ?", user).For("UPDATE").Scan(ctx, &locked))
}
