package pg

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/activity/notifications/domain"
	"go.updspace.com/activity/notifications/ports"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/seal"
	"go.updspace.com/libs/valid"
)

// Browsers implements ports.Browsers of notifications.
type Browsers struct {
	db     *pg.DB
	sealer *seal.Sealer
}

var _ ports.Browsers = (*Browsers)(nil)

// NewBrowsers stores browsers in db; sealer encrypts keys and subscriptions.
func NewBrowsers(db *pg.DB, sealer *seal.Sealer) *Browsers { return &Browsers{db, sealer} }

type browserRow struct {
	bun.BaseModel `bun:"table:push_subscriptions,alias:b"`
	pg.Tenanted

	ID           uuid.UUID `bun:"id,pk,type:uuid"`
	UserID       uuid.UUID `bun:"user_id,type:uuid"`
	EndpointHash []byte    `bun:"endpoint_hash"`
	Subscription []byte    `bun:"subscription"`
	SealKey      string    `bun:"seal_key"`
	Language     string    `bun:"language"`
	Browser      string    `bun:"browser"`
	CreatedAt    time.Time `bun:"created_at"`
}

// sealedSubscription is what is sealed.
type sealedSubscription struct {
	Endpoint string `json:"endpoint"`
	Key      []byte `json:"key"`
	Auth     []byte `json:"auth"`
}

func (r *browserRow) toDomain() domain.Browser {
	return domain.Browser{ID: r.ID, Person: r.UserID, Language: r.Language, Name: r.Browser, Created: r.CreatedAt.UTC()}
}

// PrivateKey returns the key of the tenant, or nil.
func (r *Browsers) PrivateKey(ctx context.Context) (key []byte, err error) {
	tenant := reqctx.From(ctx).TenantID
	var rows []struct {
		PrivateKey []byte
		SealKey    string
	}
	err = r.db.Read(ctx, func(ctx context.Context) error {
		return pg.Error(r.db.Conn(ctx).NewRaw("SELECT private_key, seal_key FROM push_keys WHERE tenant_id = ?", tenant).Scan(ctx, &rows))
	})
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return r.sealer.Open(rows[0].PrivateKey, rows[0].SealKey, aboutPushKey(tenant))
}

func aboutPushKey(tenant uuid.UUID) []byte { return []byte("push key " + tenant.String()) }

// SetPrivateKey stores the key of the tenant, unless there is one.
func (r *Browsers) SetPrivateKey(ctx context.Context, key []byte) error {
	tenant := reqctx.From(ctx).TenantID
	sealed, id := r.sealer.Seal(key, aboutPushKey(tenant))
	_, err := r.db.Conn(ctx).NewRaw("INSERT INTO push_keys (tenant_id, private_key, seal_key) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", tenant, sealed, id).Exec(ctx)
	return pg.Error(err)
}

// List lists the browsers of a person, without their subscriptions.
func (r *Browsers) List(ctx context.Context, person uuid.UUID) ([]domain.Browser, error) {
	return pg.Many(ctx, r.db, (*browserRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("b.user_id = ?", person).OrderExpr("b.id").Limit(domain.MaxBrowsers)
	})
}

// Add stores a browser, in the place of one with the same endpoint.
func (r *Browsers) Add(ctx context.Context, b domain.Browser, most int) error {
	if _, err := r.db.Conn(ctx).NewRaw("SELECT pg_advisory_xact_lock(hashtextextended('browsers ' || ?, 0))", b.Person.String()).Exec(ctx); err != nil {
		return pg.Error(err)
	}
	plain, err := json.Marshal(sealedSubscription{b.Endpoint, b.Key, b.Auth})
	if err != nil {
		return errs.Internalf("a subscription: %w", err)
	}
	hash := sha256.Sum256([]byte(b.Endpoint))
	if _, err := r.db.Conn(ctx).NewDelete().Model((*browserRow)(nil)).Where("endpoint_hash = ?", hash[:]).Exec(ctx); err != nil {
		return pg.Error(err)
	}
	count, err := r.db.Conn(ctx).NewSelect().Model((*browserRow)(nil)).Where("b.user_id = ?", b.Person).Count(ctx)
	if err != nil {
		return pg.Error(err)
	}
	if int(count) >= most {
		return domain.ErrTooManyBrowsers
	}
	row := &browserRow{ID: b.ID, UserID: b.Person, EndpointHash: hash[:], Language: b.Language, Browser: b.Name, CreatedAt: b.Created}
	row.Subscription, row.SealKey = r.sealer.Seal(plain, b.ID[:])
	_, err = r.db.Conn(ctx).NewInsert().Model(row).On("CONFLICT (tenant_id, endpoint_hash) DO NOTHING").Exec(ctx) // subscribed by another one at the same time
	return pg.Error(err)
}

// Remove removes a browser of a person.
func (r *Browsers) Remove(ctx context.Context, person, id uuid.UUID) error {
	result, err := r.db.Conn(ctx).NewDelete().Model((*browserRow)(nil)).Where("id = ?", id).Where("user_id = ?", person).Exec(ctx)
	if err != nil {
		return pg.Error(err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return domain.ErrSubscriptionNotFound
}

// Forget removes a browser that takes no more messages.
func (r *Browsers) Forget(ctx context.Context, id uuid.UUID) error {
	_, err := r.db.Conn(ctx).NewDelete().Model((*browserRow)(nil)).Where("id = ?", id).Exec(ctx)
	return pg.Error(err)
}

type pushMessageRow struct {
	bun.BaseModel `bun:"table:push_messages,alias:m"`
	pg.Tenanted

	ID             uuid.UUID   `bun:"id,pk,type:uuid"`
	SubscriptionID uuid.UUID   `bun:"subscription_id,type:uuid"`
	Message        messageJSON `bun:"message,type:jsonb"`
	DueAt          time.Time   `bun:"due_at"`
	ExpiresAt      time.Time   `bun:"expires_at"`
	Attempts       int         `bun:"attempts"`
	Browser        *browserRow `bun:"rel:belongs-to,join:tenant_id=tenant_id,join:subscription_id=id"`
}

// messageJSON is how a message is stored.
type messageJSON struct {
	Title string `json:"title"`
	Body  string `json:"body,omitempty"`
	Link  string `json:"link,omitempty"`
	Tag   string `json:"tag"`
}

// Queue stores a message for each browser of a person.
func (r *Browsers) Queue(ctx context.Context, person uuid.UUID, byLanguage map[string]domain.Message, due, expires time.Time) error {
	browsers, err := r.List(ctx, person)
	if err != nil || len(browsers) == 0 {
		return err
	}
	rows := make([]*pushMessageRow, len(browsers))
	for i, b := range browsers {
		rows[i] = &pushMessageRow{ID: valid.NewID(), SubscriptionID: b.ID, Message: messageJSON(byLanguage[b.Language]), DueAt: due, ExpiresAt: expires}
	}
	_, err = r.db.Conn(ctx).NewInsert().Model(&rows).Exec(ctx)
	return pg.Error(err)
}

// Due lists the messages of all tenants that are due.
func (r *Browsers) Due(ctx context.Context, now time.Time, limit int) ([]domain.PushMessage, error) {
	rows, err := pg.Many(pg.AcrossTenants(ctx, "messages to browsers"), r.db, func(row *pushMessageRow) pushMessageRow { return *row }, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Relation("Browser").Where("m.due_at <= ?", now).OrderExpr("m.due_at").Limit(int64(limit))
	})
	if err != nil {
		return nil, err
	}
	messages := make([]domain.PushMessage, len(rows))
	for i, row := range rows {
		browser := row.Browser.toDomain()
		plain, err := r.sealer.Open(row.Browser.Subscription, row.Browser.SealKey, browser.ID[:])
		if err != nil {
			return nil, errs.Internalf("a subscription cannot be opened: %w", err)
		}
		var s sealedSubscription
		if err := json.Unmarshal(plain, &s); err != nil {
			return nil, errs.Internalf("a subscription: %w", err)
		}
		browser.Endpoint, browser.Key, browser.Auth = s.Endpoint, s.Key, s.Auth
		messages[i] = domain.PushMessage{
			Tenant: row.TenantID, ID: row.ID, Browser: browser, Message: domain.Message(row.Message), Expires: row.ExpiresAt.UTC(), Attempts: row.Attempts,
		}
	}
	return messages, nil
}

// Claim puts a message off, if no other instance has.
func (r *Browsers) Claim(ctx context.Context, m domain.PushMessage, until time.Time) (bool, error) {
	result, err := r.db.Conn(ctx).NewUpdate().Model((*pushMessageRow)(nil)).Set("due_at = ?", until).Set("attempts = attempts + 1").
		Where("id = ?", m.ID).Where("attempts = ?", m.Attempts).Exec(ctx)
	if err != nil {
		return false, pg.Error(err)
	}
	n, err := result.RowsAffected()
	return n == 1, err
}

// PutOff stores when a message is tried again.
func (r *Browsers) PutOff(ctx context.Context, id uuid.UUID, until time.Time) error {
	_, err := r.db.Conn(ctx).NewUpdate().Model((*pushMessageRow)(nil)).Set("due_at = ?", until).Where("id = ?", id).Exec(ctx)
	return pg.Error(err)
}

// Done removes a message.
func (r *Browsers) Done(ctx context.Context, id uuid.UUID) error {
	_, err := r.db.Conn(ctx).NewDelete().Model((*pushMessageRow)(nil)).Where("id = ?", id).Exec(ctx)
	return pg.Error(err)
}
