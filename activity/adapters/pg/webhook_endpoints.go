package pg

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/activity/webhooks/domain"
	"go.updspace.com/activity/webhooks/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/seal"
	"go.updspace.com/libs/signature"
	"go.updspace.com/libs/valid"
)

// WebhookEndpoints is webhooks/ports.Endpoints.
type WebhookEndpoints struct {
	db   *pg.DB
	seal *seal.Sealer
}

var _ ports.Endpoints = (*WebhookEndpoints)(nil)

// NewWebhookEndpoints stores endpoints in db, their addresses and secrets sealed.
func NewWebhookEndpoints(db *pg.DB, sealer *seal.Sealer) *WebhookEndpoints {
	return &WebhookEndpoints{db, sealer}
}

type endpointRow struct {
	bun.BaseModel `bun:"table:webhook_endpoints,alias:e"`
	pg.Tenanted

	ID             uuid.UUID `bun:"id,pk,type:uuid"`
	Name           string    `bun:"name"`
	URL            []byte    `bun:"url"`
	URLSealKey     string    `bun:"url_seal_key"`
	Types          []string  `bun:"types,array"`
	Format         string    `bun:"format"`
	Language       string    `bun:"language"`
	ScopeType      string    `bun:"scope_type"`
	ScopeID        uuid.UUID `bun:"scope_id,type:uuid"`
	State          string    `bun:"state"`
	DisabledReason string    `bun:"disabled_reason"`
	Secrets        []byte    `bun:"secrets,nullzero"`
	SealKey        string    `bun:"seal_key"`
	Failures       int       `bun:"failures"`
	FailingSince   time.Time `bun:"failing_since,nullzero"`
	RestUntil      time.Time `bun:"rest_until,nullzero"`
	Lease          uuid.UUID `bun:"lease,type:uuid,nullzero"`
	CreatedBy      uuid.UUID `bun:"created_by,type:uuid,nullzero"`
	CreatedAt      time.Time `bun:"created_at"`
	UpdatedAt      time.Time `bun:"updated_at"`
}

func endpointItself(row *endpointRow) endpointRow { return *row }

func (r *WebhookEndpoints) toRow(e domain.Endpoint) *endpointRow {
	d := e.Data()
	row := &endpointRow{
		Tenanted: pg.Tenanted{TenantID: d.TenantID}, ID: d.ID, Name: d.Name, Types: d.Types, Format: string(d.Format), Language: string(d.Language),
		ScopeType: string(d.Scope.Type), ScopeID: d.Scope.ID, State: string(d.State),
		DisabledReason: d.DisabledReason, Failures: d.Failures, FailingSince: d.FailingSince, RestUntil: d.RestUntil,
		CreatedBy: d.CreatedBy, CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt,
	}
	row.URL, row.URLSealKey = r.seal.Seal([]byte(d.URL), aboutWebhookURL(d.TenantID, d.ID))
	return row
}

func (r *WebhookEndpoints) toDomain(row *endpointRow) (domain.Endpoint, error) {
	url, err := r.seal.Open(row.URL, row.URLSealKey, aboutWebhookURL(row.TenantID, row.ID))
	if err != nil {
		return domain.Endpoint{}, fmt.Errorf("opening the address of webhook %s: %w", row.ID, err)
	}
	return domain.RestoreEndpoint(domain.EndpointData{
		ID: row.ID, TenantID: row.TenantID, Name: row.Name, URL: string(url), Types: row.Types, Format: domain.Format(row.Format),
		Language: domain.Language(row.Language), Scope: authz.Scope{Type: authz.ScopeType(row.ScopeType), ID: row.ScopeID},
		State: domain.State(row.State), DisabledReason: row.DisabledReason,
		Failures: row.Failures, FailingSince: valid.Instant(row.FailingSince), RestUntil: valid.Instant(row.RestUntil),
		CreatedBy: row.CreatedBy, CreatedAt: valid.Instant(row.CreatedAt), UpdatedAt: valid.Instant(row.UpdatedAt),
	}), nil
}

// aboutWebhookURL ties an address to its endpoint.
func aboutWebhookURL(tenant, id uuid.UUID) []byte {
	return []byte("webhook_endpoints/url/" + tenant.String() + "/" + id.String())
}

func withoutSecrets(q *bun.SelectQuery) *bun.SelectQuery {
	return q.ExcludeColumn("secrets", "seal_key", "lease")
}

// List lists all endpoints of the tenant.
func (r *WebhookEndpoints) List(ctx context.Context) ([]domain.Endpoint, error) {
	return r.all(pg.Many(ctx, r.db, endpointItself, func(q *bun.SelectQuery) *bun.SelectQuery {
		return withoutSecrets(q).OrderExpr("e.id").Limit(domain.MaxEndpoints)
	}))
}

func (r *WebhookEndpoints) all(rows []endpointRow, err error) ([]domain.Endpoint, error) {
	endpoints := make([]domain.Endpoint, len(rows))
	for i := range rows {
		if err == nil {
			endpoints[i], err = r.toDomain(&rows[i])
		}
	}
	return endpoints, err
}

func (r *WebhookEndpoints) one(ctx context.Context, query func(*bun.SelectQuery) *bun.SelectQuery) (domain.Endpoint, error) {
	row, err := pg.One(ctx, r.db, domain.ErrEndpointNotFound, endpointItself, func(q *bun.SelectQuery) *bun.SelectQuery {
		return query(withoutSecrets(q))
	})
	if err != nil {
		return domain.Endpoint{}, err
	}
	return r.toDomain(&row)
}

// Find returns an endpoint.
func (r *WebhookEndpoints) Find(ctx context.Context, id uuid.UUID) (domain.Endpoint, error) {
	return r.one(ctx, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("e.id = ?", id) })
}

// Lock returns an endpoint and locks it.
func (r *WebhookEndpoints) Lock(ctx context.Context, id uuid.UUID) (domain.Endpoint, error) {
	return r.one(ctx, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("e.id = ?", id).For("UPDATE") })
}

// Held returns an endpoint and locks it, for the holder of its lease.
func (r *WebhookEndpoints) Held(ctx context.Context, claimed ports.Claimed) (domain.Endpoint, error) {
	return r.one(ctx, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("e.id = ?", claimed.ID()).Where("e.lease = ?", claimed.Lease).For("UPDATE")
	})
}

// Add stores a new endpoint. A lock of the tenant makes racing calls count one after the other.
func (r *WebhookEndpoints) Add(ctx context.Context, endpoint domain.Endpoint, secrets signature.Pair) error {
	conn := r.db.Conn(ctx)
	if _, err := conn.NewRaw("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", "webhook_endpoints/"+endpoint.Data().TenantID.String()).Exec(ctx); err != nil {
		return pg.Error(err)
	}
	n, err := conn.NewSelect().Model((*endpointRow)(nil)).Count(ctx)
	if err != nil {
		return pg.Error(err)
	}
	if n >= domain.MaxEndpoints {
		return domain.ErrTooManyEndpoints
	}
	row := r.toRow(endpoint)
	if !secrets.Current.Zero() {
		if row.Secrets, row.SealKey, err = r.sealed(ctx, endpoint.ID(), secrets); err != nil {
			return err
		}
	}
	_, err = conn.NewInsert().Model(row).Exec(ctx)
	return pg.Error(err)
}

// Update stores a change.
func (r *WebhookEndpoints) Update(ctx context.Context, endpoint domain.Endpoint) error {
	result, err := r.db.Conn(ctx).NewUpdate().Model(r.toRow(endpoint)).
		Column("name", "url", "url_seal_key", "types", "language", "scope_type", "scope_id", "state", "disabled_reason", "failures", "failing_since", "rest_until", "updated_at").
		Where("id = ?", endpoint.ID()).Exec(ctx)
	return pg.ChangedOne(result, err, domain.ErrEndpointNotFound)
}

// Delete removes an endpoint; the database removes its deliveries.
func (r *WebhookEndpoints) Delete(ctx context.Context, id uuid.UUID) error {
	result, err := r.db.Conn(ctx).NewDelete().Model((*endpointRow)(nil)).Where("id = ?", id).Exec(ctx)
	return pg.ChangedOne(result, err, domain.ErrEndpointNotFound)
}

// storedSecrets is what is sealed.
type storedSecrets struct {
	Current  string    `json:"current"`
	Previous string    `json:"previous,omitempty"`
	Until    time.Time `json:"until,omitzero"`
}

func aboutWebhook(ctx context.Context, id uuid.UUID) []byte {
	return []byte("webhook_endpoints/" + reqctx.From(ctx).TenantID.String() + "/" + id.String())
}

func (r *WebhookEndpoints) sealed(ctx context.Context, id uuid.UUID, secrets signature.Pair) (sealed []byte, key string, err error) {
	sealed, key, err = sealPair(r.seal, secrets, aboutWebhook(ctx, id))
	return sealed, key, err
}

// sealPair seals secrets, tied to what they are about.
func sealPair(sealer *seal.Sealer, secrets signature.Pair, about []byte) (sealed []byte, key string, err error) {
	stored := storedSecrets{Current: secrets.Current.Text(), Until: secrets.PreviousUntil}
	if !secrets.Previous.Zero() {
		stored.Previous = secrets.Previous.Text()
	}
	plain, err := json.Marshal(stored)
	if err != nil {
		return nil, "", fmt.Errorf("encoding secrets: %w", err)
	}
	sealed, key = sealer.Seal(plain, about)
	return sealed, key, nil
}

// openPair is the reverse of sealPair.
func openPair(sealer *seal.Sealer, sealed []byte, key string, about []byte) (pair signature.Pair, err error) {
	plain, err := sealer.Open(sealed, key, about)
	if err != nil {
		return pair, fmt.Errorf("opening secrets: %w", err)
	}
	var stored storedSecrets
	if err := json.Unmarshal(plain, &stored); err != nil {
		return pair, fmt.Errorf("reading secrets: %w", err)
	}
	if pair.Current, err = signature.ParseSecret(stored.Current); err != nil {
		return pair, err
	}
	if stored.Previous != "" {
		pair.PreviousUntil = stored.Until
		pair.Previous, err = signature.ParseSecret(stored.Previous)
	}
	return pair, err
}

// Secrets opens the secrets of an endpoint, which may have none.
func (r *WebhookEndpoints) Secrets(ctx context.Context, id uuid.UUID) (signature.Pair, error) {
	row, err := pg.One(ctx, r.db, domain.ErrEndpointNotFound, endpointItself, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Column("secrets", "seal_key").Where("e.id = ?", id)
	})
	if err != nil || row.Secrets == nil {
		return signature.Pair{}, err
	}
	return openPair(r.seal, row.Secrets, row.SealKey, aboutWebhook(ctx, id))
}

// PutSecrets replaces the secrets of an endpoint.
func (r *WebhookEndpoints) PutSecrets(ctx context.Context, id uuid.UUID, secrets signature.Pair) (err error) {
	row := &endpointRow{}
	if row.Secrets, row.SealKey, err = r.sealed(ctx, id, secrets); err != nil {
		return err
	}
	result, err := r.db.Conn(ctx).NewUpdate().Model(row).Column("secrets", "seal_key").Where("id = ?", id).Exec(ctx)
	return pg.ChangedOne(result, err, domain.ErrEndpointNotFound)
}

// webhookSending is the job that works on the endpoints of all tenants.
const webhookSending = "sending of webhooks"

// Claim leases endpoints that have something due. Instances skip what another claims at the same moment.
func (r *WebhookEndpoints) Claim(ctx context.Context, limit int, lease time.Duration, now time.Time) ([]ports.Claimed, error) {
	var rows []endpointRow
	ctx = pg.AcrossTenants(ctx, webhookSending)
	err := r.db.Do(ctx, func(ctx context.Context) error {
		return pg.Error(r.db.Conn(ctx).NewRaw(`UPDATE webhook_endpoints AS e SET lease = gen_random_uuid(), leased_until = ?, turn_at = ?
			WHERE (e.tenant_id, e.id) IN (
				SELECT c.tenant_id, c.id FROM webhook_endpoints AS c
				WHERE c.state = 'active' AND (c.leased_until IS NULL OR c.leased_until <= ?) AND (c.rest_until IS NULL OR c.rest_until <= ?)
				AND EXISTS (SELECT FROM webhook_deliveries AS d WHERE d.tenant_id = c.tenant_id AND d.endpoint_id = c.id AND d.state = 'waiting' AND d.due_at <= ?)
				ORDER BY c.turn_at NULLS FIRST, c.id LIMIT ? FOR UPDATE SKIP LOCKED)
			RETURNING e.tenant_id, e.id, e.name, e.url, e.url_seal_key, e.types, e.format, e.language, e.scope_type, e.scope_id, e.state, e.disabled_reason, e.failures, e.failing_since, e.rest_until, e.lease,
				e.created_by, e.created_at, e.updated_at`, now.Add(lease), now, now, now, now, limit).Scan(ctx, &rows))
	})
	endpoints, err := r.all(rows, err)
	claimed := make([]ports.Claimed, len(rows))
	for i := range rows {
		claimed[i] = ports.Claimed{Endpoint: endpoints[i], Lease: rows[i].Lease}
	}
	return claimed, err
}

// Release ends a lease.
func (r *WebhookEndpoints) Release(ctx context.Context, claimed ports.Claimed) error {
	return r.db.Do(ctx, func(ctx context.Context) error {
		_, err := r.db.Conn(ctx).NewUpdate().Model((*endpointRow)(nil)).Set("lease = NULL").Set("leased_until = NULL").
			Where("id = ?", claimed.ID()).Where("lease = ?", claimed.Lease).Exec(ctx)
		return pg.Error(err)
	})
}
