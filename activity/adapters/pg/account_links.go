package pg

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	feed "go.updspace.com/activity/domain"
	"go.updspace.com/activity/games/domain"
	"go.updspace.com/activity/games/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/seal"
	"go.updspace.com/libs/valid"
)

// AccountLinks is games/ports.Links.
type AccountLinks struct {
	db   *pg.DB
	seal *seal.Sealer
}

var _ ports.Links = (*AccountLinks)(nil)

// NewAccountLinks stores links in db, the ids of their accounts sealed.
func NewAccountLinks(db *pg.DB, sealer *seal.Sealer) *AccountLinks { return &AccountLinks{db, sealer} }

type linkRow struct {
	bun.BaseModel `bun:"table:account_links,alias:l"`
	pg.Tenanted

	ID          int64     `bun:"id,pk,autoincrement"`
	UserID      uuid.UUID `bun:"user_id,type:uuid"`
	Provider    string    `bun:"provider"`
	ExternalID  []byte    `bun:"external_id"`
	SealKey     string    `bun:"seal_key"`
	Enabled     bool      `bun:"enabled"`
	Visibility  string    `bun:"visibility"`
	LinkedAt    time.Time `bun:"linked_at"`
	LastSyncAt  time.Time `bun:"last_sync_at,nullzero"`
	LastError   string    `bun:"last_error"`
	ErrorAt     time.Time `bun:"error_at,nullzero"`
	Failures    int       `bun:"failures"`
	NextSyncAt  time.Time `bun:"next_sync_at,nullzero"`
	Lease       uuid.UUID `bun:"lease,type:uuid,nullzero"`
	LeasedUntil time.Time `bun:"leased_until,nullzero"`
	CreatedAt   time.Time `bun:"created_at"`
	UpdatedAt   time.Time `bun:"updated_at"`
}

// aboutLink ties the id of an account to its owner.
func aboutLink(tenant, user uuid.UUID, provider string) []byte {
	return []byte("account_links/" + tenant.String() + "/" + user.String() + "/" + provider)
}

func (r *AccountLinks) toRow(link domain.Link) *linkRow {
	d := link.Data()
	row := &linkRow{
		Tenanted: pg.Tenanted{TenantID: d.TenantID}, ID: d.ID, UserID: d.UserID, Provider: string(d.Provider), Enabled: d.Enabled,
		Visibility: string(d.Visibility), LinkedAt: d.LinkedAt, LastSyncAt: d.LastSyncAt, LastError: d.LastError, ErrorAt: d.ErrorAt, Failures: d.Failures,
		NextSyncAt: d.NextSyncAt, CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt,
	}
	row.ExternalID, row.SealKey = r.seal.Seal([]byte(d.ExternalID), aboutLink(d.TenantID, d.UserID, row.Provider))
	return row
}

func (r *AccountLinks) toDomain(row *linkRow) (domain.Link, error) {
	externalID, err := r.seal.Open(row.ExternalID, row.SealKey, aboutLink(row.TenantID, row.UserID, row.Provider))
	if err != nil {
		return domain.Link{}, fmt.Errorf("opening account link %d: %w", row.ID, err)
	}
	return domain.RestoreLink(domain.LinkData{
		ID: row.ID, TenantID: row.TenantID, UserID: row.UserID, Provider: domain.Provider(row.Provider), ExternalID: string(externalID), Enabled: row.Enabled,
		Visibility: authz.Visibility(row.Visibility), LinkedAt: valid.Instant(row.LinkedAt), LastSyncAt: valid.Instant(row.LastSyncAt), LastError: row.LastError,
		ErrorAt: valid.Instant(row.ErrorAt), Failures: row.Failures, NextSyncAt: valid.Instant(row.NextSyncAt), ReadUntil: valid.Instant(row.LeasedUntil),
		CreatedAt: valid.Instant(row.CreatedAt), UpdatedAt: valid.Instant(row.UpdatedAt),
	}), nil
}

func linkItself(row *linkRow) linkRow { return *row }

// List lists the links of a user.
func (r *AccountLinks) List(ctx context.Context, user uuid.UUID) ([]domain.Link, error) {
	rows, err := pg.Many(ctx, r.db, linkItself, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("l.user_id = ?", user).OrderExpr("l.id").Limit(maxLinks)
	})
	return r.all(rows, err)
}

// maxLinks bounds the links of a user, which has one for each provider.
const maxLinks = 50

func (r *AccountLinks) all(rows []linkRow, err error) ([]domain.Link, error) {
	links := make([]domain.Link, len(rows))
	for i := range rows {
		if err == nil {
			links[i], err = r.toDomain(&rows[i])
		}
	}
	return links, err
}

func (r *AccountLinks) one(ctx context.Context, query func(*bun.SelectQuery) *bun.SelectQuery) (domain.Link, error) {
	row, err := pg.One(ctx, r.db, domain.ErrLinkNotFound, linkItself, query)
	if err != nil {
		return domain.Link{}, err
	}
	return r.toDomain(&row)
}

// Find returns a link of a user.
func (r *AccountLinks) Find(ctx context.Context, user uuid.UUID, id int64) (domain.Link, error) {
	return r.one(ctx, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("l.id = ?", id).Where("l.user_id = ?", user) })
}

// Lock returns a link of a user and locks it.
func (r *AccountLinks) Lock(ctx context.Context, user uuid.UUID, id int64) (domain.Link, error) {
	return r.one(ctx, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("l.id = ?", id).Where("l.user_id = ?", user).For("UPDATE")
	})
}

// LockByProvider returns the link of a user to a provider and locks it.
func (r *AccountLinks) LockByProvider(ctx context.Context, user uuid.UUID, provider domain.Provider) (domain.Link, error) {
	return r.one(ctx, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("l.user_id = ?", user).Where("l.provider = ?", provider).For("UPDATE")
	})
}

// Held returns a link and locks it, for the holder of its lease.
func (r *AccountLinks) Held(ctx context.Context, claimed ports.Claimed) (domain.Link, error) {
	return r.one(ctx, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("l.id = ?", claimed.ID()).Where("l.lease = ?", claimed.Lease).For("UPDATE")
	})
}

// Add stores a new link.
func (r *AccountLinks) Add(ctx context.Context, link domain.Link) error {
	_, err := r.db.Conn(ctx).NewInsert().Model(r.toRow(link)).ExcludeColumn("id").On("CONFLICT DO NOTHING").Exec(ctx)
	return pg.Error(err)
}

// Update stores a change and ends the lease.
func (r *AccountLinks) Update(ctx context.Context, link domain.Link) error {
	result, err := r.db.Conn(ctx).NewUpdate().Model(r.toRow(link)).
		Column("enabled", "visibility", "last_sync_at", "last_error", "error_at", "failures", "next_sync_at", "updated_at").
		Set("lease = NULL").Set("leased_until = NULL").Where("id = ?", link.ID()).Exec(ctx)
	return pg.ChangedOne(result, err, domain.ErrLinkNotFound)
}

// Delete removes a link; the database removes what is known of it.
func (r *AccountLinks) Delete(ctx context.Context, id int64) error {
	result, err := r.db.Conn(ctx).NewDelete().Model((*linkRow)(nil)).Where("id = ?", id).Exec(ctx)
	return pg.ChangedOne(result, err, domain.ErrLinkNotFound)
}

// Forget removes what is known of a link.
func (r *AccountLinks) Forget(ctx context.Context, id int64) error {
	for _, model := range []any{(*accountGameRow)(nil), (*accountHashRow)(nil)} {
		if _, err := r.db.Conn(ctx).NewDelete().Model(model).Where("link_id = ?", id).Exec(ctx); err != nil {
			return pg.Error(err)
		}
	}
	return nil
}

// Items lists items of a link, in the order of the index of its owner's items.
func (r *AccountLinks) Items(ctx context.Context, link domain.Link, after int64, limit int) ([]feed.Item, error) {
	return pg.Many(ctx, r.db, (*itemRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("i.actor_id = ?", link.Data().UserID).Where("i.id > ?", after).Where("NOT i.retracted").
			Where("starts_with(i.source_ref, ?)", link.SourcePrefix()).OrderExpr("i.id").Limit(int64(limit))
	})
}

// Claim leases links that are due. Instances skip what another claims at the same moment.
func (r *AccountLinks) Claim(ctx context.Context, limit int, lease time.Duration, now time.Time) ([]ports.Claimed, error) {
	var rows []linkRow
	ctx = pg.AcrossTenants(ctx, "reading of accounts of games")
	err := r.db.Do(ctx, func(ctx context.Context) error {
		return pg.Error(r.db.Conn(ctx).NewRaw(`UPDATE account_links AS l SET lease = gen_random_uuid(), leased_until = ? WHERE (l.tenant_id, l.id) IN (
				SELECT c.tenant_id, c.id FROM account_links AS c
				WHERE c.enabled AND c.next_sync_at <= ? AND (c.leased_until IS NULL OR c.leased_until <= ?)
				ORDER BY c.next_sync_at, c.id LIMIT ? FOR UPDATE SKIP LOCKED)
			RETURNING l.tenant_id, l.id, l.user_id, l.provider, l.external_id, l.seal_key, l.enabled, l.visibility, l.linked_at, l.last_sync_at, l.last_error,
				l.error_at, l.failures, l.next_sync_at, l.lease, l.leased_until, l.created_at, l.updated_at`, now.Add(lease), now, now, limit).Scan(ctx, &rows))
	})
	links, err := r.all(rows, err)
	claimed := make([]ports.Claimed, len(rows))
	for i := range rows {
		claimed[i] = ports.Claimed{Link: links[i], Lease: rows[i].Lease}
	}
	return claimed, err
}
