package pg

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/activity/connectors/domain"
	"go.updspace.com/activity/connectors/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/seal"
	"go.updspace.com/libs/signature"
	"go.updspace.com/libs/valid"
)

// Sources is connectors/ports.Sources.
type Sources struct {
	db   *pg.DB
	seal *seal.Sealer
}

var _ ports.Sources = (*Sources)(nil)

// NewSources stores sources in db, their secrets and addresses sealed.
func NewSources(db *pg.DB, sealer *seal.Sealer) *Sources { return &Sources{db, sealer} }

type sourceRow struct {
	bun.BaseModel `bun:"table:sources,alias:s"`
	pg.Tenanted

	ID             int64     `bun:"id,pk,autoincrement"`
	Kind           string    `bun:"kind"`
	Name           string    `bun:"name"`
	Key            uuid.UUID `bun:"key,type:uuid"`
	PublicKey      string    `bun:"public_key"`
	Config         []byte    `bun:"config"`
	ConfigSealKey  string    `bun:"config_seal_key"`
	Secrets        []byte    `bun:"secrets,nullzero"`
	SecretsSealKey string    `bun:"secrets_seal_key"`
	Types          []string  `bun:"types,array"`
	ScopeType      string    `bun:"scope_type"`
	ScopeID        uuid.UUID `bun:"scope_id,type:uuid"`
	Visibility     string    `bun:"visibility"`
	Active         bool      `bun:"active"`
	LastAt         time.Time `bun:"last_at,nullzero"`
	LastError      string    `bun:"last_error"`
	ErrorAt        time.Time `bun:"error_at,nullzero"`
	Failures       int       `bun:"failures"`
	NextAt         time.Time `bun:"next_at,nullzero"`
	ETag           string    `bun:"etag"`
	LastModified   string    `bun:"last_modified"`
	CreatedBy      uuid.UUID `bun:"created_by,type:uuid,nullzero"`
	CreatedAt      time.Time `bun:"created_at"`
	UpdatedAt      time.Time `bun:"updated_at"`
}

// aboutConfig ties an address to its source. The key is known before the id.
func aboutConfig(tenant, key uuid.UUID) []byte {
	return []byte("sources/config/" + tenant.String() + "/" + key.String())
}

func aboutSource(ctx context.Context, id int64) []byte {
	return []byte("sources/secrets/" + reqctx.From(ctx).TenantID.String() + "/" + strconv.FormatInt(id, 10))
}

func (r *Sources) toRow(source domain.Source) *sourceRow {
	d := source.Data()
	row := &sourceRow{
		Tenanted: pg.Tenanted{TenantID: d.TenantID}, ID: d.ID, Kind: string(d.Kind), Name: d.Name, Key: d.Key, PublicKey: d.PublicKey, Types: d.Types,
		ScopeType: string(d.Scope.Type), ScopeID: d.Scope.ID, Visibility: string(d.Visibility), Active: d.Active,
		LastAt: d.LastAt, LastError: d.LastError, ErrorAt: d.ErrorAt, Failures: d.Failures, NextAt: d.NextAt,
		ETag: d.Validator.ETag, LastModified: d.Validator.LastModified, CreatedBy: d.CreatedBy, CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt,
	}
	row.Config, row.ConfigSealKey = r.seal.Seal([]byte(d.URL), aboutConfig(d.TenantID, d.Key))
	return row
}

func (r *Sources) toDomain(row *sourceRow) (domain.Source, error) {
	url, err := r.seal.Open(row.Config, row.ConfigSealKey, aboutConfig(row.TenantID, row.Key))
	if err != nil {
		return domain.Source{}, fmt.Errorf("opening the address of source %d: %w", row.ID, err)
	}
	return domain.RestoreSource(domain.SourceData{
		ID: row.ID, TenantID: row.TenantID, Kind: domain.Kind(row.Kind), Name: row.Name, Key: row.Key, PublicKey: row.PublicKey, URL: string(url), Types: row.Types,
		Scope: authz.Scope{Type: authz.ScopeType(row.ScopeType), ID: row.ScopeID}, Visibility: authz.Visibility(row.Visibility), Active: row.Active,
		LastAt: valid.Instant(row.LastAt), LastError: row.LastError, ErrorAt: valid.Instant(row.ErrorAt), Failures: row.Failures,
		NextAt: valid.Instant(row.NextAt), Validator: domain.Validator{ETag: row.ETag, LastModified: row.LastModified},
		CreatedBy: row.CreatedBy, CreatedAt: valid.Instant(row.CreatedAt), UpdatedAt: valid.Instant(row.UpdatedAt),
	}), nil
}

func itself(row *sourceRow) sourceRow { return *row }

func (r *Sources) all(rows []sourceRow, err error) ([]domain.Source, error) {
	sources := make([]domain.Source, len(rows))
	for i := range rows {
		if err == nil {
			sources[i], err = r.toDomain(&rows[i])
		}
	}
	return sources, err
}

// List lists all sources of the tenant.
func (r *Sources) List(ctx context.Context) ([]domain.Source, error) {
	return r.all(pg.Many(ctx, r.db, itself, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.ExcludeColumn("secrets", "secrets_seal_key").OrderExpr("s.kind, s.id").Limit(domain.MaxSources)
	}))
}

func (r *Sources) one(ctx context.Context, query func(*bun.SelectQuery) *bun.SelectQuery) (domain.Source, error) {
	row, err := pg.One(ctx, r.db, domain.ErrSourceNotFound, itself, func(q *bun.SelectQuery) *bun.SelectQuery {
		return query(q.ExcludeColumn("secrets", "secrets_seal_key"))
	})
	if err != nil {
		return domain.Source{}, err
	}
	return r.toDomain(&row)
}

// Find returns a source.
func (r *Sources) Find(ctx context.Context, id int64) (domain.Source, error) {
	return r.one(ctx, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("s.id = ?", id) })
}

// Lock returns a source and locks it.
func (r *Sources) Lock(ctx context.Context, id int64) (domain.Source, error) {
	return r.one(ctx, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("s.id = ?", id).For("UPDATE") })
}

// LockByKey returns the source of an address and locks it.
func (r *Sources) LockByKey(ctx context.Context, key uuid.UUID) (domain.Source, error) {
	return r.one(ctx, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("s.key = ?", key).For("UPDATE") })
}

// Add stores a new source. A lock of the tenant makes racing calls count one after the other.
func (r *Sources) Add(ctx context.Context, source domain.Source, secrets signature.Pair) (domain.Source, error) {
	conn := r.db.Conn(ctx)
	if _, err := conn.NewRaw("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", "sources/"+source.Data().TenantID.String()).Exec(ctx); err != nil {
		return source, pg.Error(err)
	}
	n, err := conn.NewSelect().Model((*sourceRow)(nil)).Count(ctx)
	if err != nil {
		return source, pg.Error(err)
	}
	if n >= domain.MaxSources {
		return source, domain.ErrTooManySources
	}
	row := r.toRow(source)
	if _, err := conn.NewInsert().Model(row).ExcludeColumn("id").Returning("id").Exec(ctx); err != nil {
		return source, pg.Error(err)
	}
	source = source.WithID(row.ID)
	if secrets.Current.Zero() {
		return source, nil
	}
	return source, r.PutSecrets(ctx, row.ID, secrets)
}

// Update stores a change.
func (r *Sources) Update(ctx context.Context, source domain.Source) error {
	result, err := r.db.Conn(ctx).NewUpdate().Model(r.toRow(source)).
		Column("name", "public_key", "config", "config_seal_key", "types", "scope_type", "scope_id", "visibility", "active", "last_at", "last_error", "error_at",
			"failures", "next_at", "etag", "last_modified", "updated_at").
		Set("leased_until = NULL").Where("id = ?", source.ID()).Exec(ctx)
	return pg.ChangedOne(result, err, domain.ErrSourceNotFound)
}

// Delete removes a source; the database removes what is remembered of it.
func (r *Sources) Delete(ctx context.Context, id int64) error {
	result, err := r.db.Conn(ctx).NewDelete().Model((*sourceRow)(nil)).Where("id = ?", id).Exec(ctx)
	if pg.ConstraintName(err) == "role_syncs_source" {
		return domain.ErrSourceHasRoleSync.Wrap(err)
	}
	return pg.ChangedOne(result, err, domain.ErrSourceNotFound)
}

// Secrets opens the secrets of a source, which may have none.
func (r *Sources) Secrets(ctx context.Context, id int64) (signature.Pair, error) {
	row, err := pg.One(ctx, r.db, domain.ErrSourceNotFound, itself, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Column("secrets", "secrets_seal_key").Where("s.id = ?", id)
	})
	if err != nil || row.Secrets == nil {
		return signature.Pair{}, err
	}
	return openPair(r.seal, row.Secrets, row.SecretsSealKey, aboutSource(ctx, id))
}

// PutSecrets replaces the secrets of a source.
func (r *Sources) PutSecrets(ctx context.Context, id int64, secrets signature.Pair) (err error) {
	row := &sourceRow{}
	if row.Secrets, row.SecretsSealKey, err = sealPair(r.seal, secrets, aboutSource(ctx, id)); err != nil {
		return err
	}
	result, err := r.db.Conn(ctx).NewUpdate().Model(row).Column("secrets", "secrets_seal_key").Where("id = ?", id).Exec(ctx)
	return pg.ChangedOne(result, err, domain.ErrSourceNotFound)
}

// Claim leases sources that are due. Instances skip what another claims at the same moment. Update ends the lease.
func (r *Sources) Claim(ctx context.Context, limit int, lease time.Duration, now time.Time) ([]domain.Source, error) {
	var rows []sourceRow
	ctx = pg.AcrossTenants(ctx, "polling of sources")
	err := r.db.Do(ctx, func(ctx context.Context) error {
		return pg.Error(r.db.Conn(ctx).NewRaw(`UPDATE sources AS s SET leased_until = ? WHERE (s.tenant_id, s.id) IN (
				SELECT c.tenant_id, c.id FROM sources AS c
				WHERE c.active AND c.next_at <= ? AND (c.leased_until IS NULL OR c.leased_until <= ?)
				ORDER BY c.next_at, c.id LIMIT ? FOR UPDATE SKIP LOCKED)
			RETURNING s.tenant_id, s.id, s.kind, s.name, s.key, s.public_key, s.config, s.config_seal_key, s.types, s.scope_type, s.scope_id, s.visibility, s.active,
				s.last_at, s.last_error, s.error_at, s.failures, s.next_at, s.etag, s.last_modified, s.created_by, s.created_at, s.updated_at`,
			now.Add(lease), now, now, limit).Scan(ctx, &rows))
	})
	return r.all(rows, err)
}

// SourceMessages is connectors/ports.Messages.
type SourceMessages struct{ db *pg.DB }

var _ ports.Messages = (*SourceMessages)(nil)

// NewSourceMessages remembers messages in db.
func NewSourceMessages(db *pg.DB) *SourceMessages { return &SourceMessages{db} }

type nonceRow struct {
	bun.BaseModel `bun:"table:source_nonces,alias:n"`
	pg.Tenanted

	SourceID   int64     `bun:"source_id"`
	Nonce      []byte    `bun:"nonce"`
	ReceivedAt time.Time `bun:"received_at"`
}

type hashRow struct {
	bun.BaseModel `bun:"table:source_hashes,alias:h"`
	pg.Tenanted

	SourceID int64     `bun:"source_id"`
	Hash     []byte    `bun:"hash"`
	SeenAt   time.Time `bun:"seen_at"`
}

// Remember stores the nonce of a message.
func (r *SourceMessages) Remember(ctx context.Context, source int64, nonce [32]byte, now time.Time) (fresh bool, err error) {
	result, err := r.db.Conn(ctx).NewInsert().Model(&nonceRow{SourceID: source, Nonce: nonce[:], ReceivedAt: now}).On("CONFLICT DO NOTHING").Exec(ctx)
	if err != nil {
		return false, pg.Error(err)
	}
	n, err := result.RowsAffected()
	return n > 0, err
}

// Count counts the messages since a time.
func (r *SourceMessages) Count(ctx context.Context, source int64, since time.Time) (n int, err error) {
	err = r.db.Read(ctx, func(ctx context.Context) error {
		count, err := r.db.Conn(ctx).NewSelect().Model((*nonceRow)(nil)).Where("n.source_id = ?", source).Where("n.received_at > ?", since).Count(ctx)
		n = int(count)
		return pg.Error(err)
	})
	return n, err
}

// AddHashes stores hashes and returns those that are new.
func (r *SourceMessages) AddHashes(ctx context.Context, source int64, hashes [][32]byte, now time.Time) (map[[32]byte]bool, error) {
	fresh := map[[32]byte]bool{}
	if len(hashes) == 0 {
		return fresh, nil
	}
	rows := make([]*hashRow, len(hashes))
	for i := range hashes {
		rows[i] = &hashRow{SourceID: source, Hash: hashes[i][:], SeenAt: now}
	}
	var added [][]byte
	_, err := r.db.Conn(ctx).NewInsert().Model(&rows).On("CONFLICT DO NOTHING").Returning("hash").Exec(ctx, &added)
	for _, hash := range added {
		if len(hash) == 32 {
			fresh[[32]byte(hash)] = true
		}
	}
	return fresh, pg.Error(err)
}

// Forget deletes old nonces of all tenants.
func (r *SourceMessages) Forget(ctx context.Context, before time.Time) error {
	_, err := r.db.Prune(pg.AcrossTenants(ctx, "retention of nonces of sources"), "source_nonces", "received_at", before)
	return err
}
