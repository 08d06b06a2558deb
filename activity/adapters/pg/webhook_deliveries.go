package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/activity/webhooks/domain"
	"go.updspace.com/activity/webhooks/ports"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/valid"
)

// WebhookDeliveries is webhooks/ports.Deliveries.
type WebhookDeliveries struct{ db *pg.DB }

var _ ports.Deliveries = (*WebhookDeliveries)(nil)

// NewWebhookDeliveries stores deliveries in db.
func NewWebhookDeliveries(db *pg.DB) *WebhookDeliveries { return &WebhookDeliveries{db} }

type deliveryRow struct {
	bun.BaseModel `bun:"table:webhook_deliveries,alias:d"`
	pg.Tenanted

	ID         uuid.UUID   `bun:"id,pk,type:uuid"`
	EndpointID uuid.UUID   `bun:"endpoint_id,type:uuid"`
	EventID    uuid.UUID   `bun:"event_id,type:uuid"`
	Type       string      `bun:"type"`
	Body       []byte      `bun:"body"`
	People     []uuid.UUID `bun:"people,array,type:uuid[]"`
	State      string      `bun:"state"`
	Attempts   int         `bun:"attempts"`
	Round      int         `bun:"round"`
	DueAt      time.Time   `bun:"due_at"`
	LastStatus int         `bun:"last_status"`
	LastReason string      `bun:"last_reason"`
	LastAt     time.Time   `bun:"last_at,nullzero"`
	CreatedAt  time.Time   `bun:"created_at"`
}

func toRowDelivery(d domain.Delivery) *deliveryRow {
	people := d.People
	if people == nil {
		people = []uuid.UUID{}
	}
	return &deliveryRow{
		Tenanted: pg.Tenanted{TenantID: d.TenantID}, ID: d.ID, EndpointID: d.EndpointID, EventID: d.EventID, Type: d.Type, Body: d.Body,
		People: people, State: string(d.State), Attempts: d.Attempts, Round: d.Round, DueAt: d.DueAt, LastStatus: d.LastStatus,
		LastReason: d.LastReason, LastAt: d.LastAt, CreatedAt: d.CreatedAt,
	}
}

func (r *deliveryRow) toDomain() domain.Delivery {
	d := domain.Delivery{
		ID: r.ID, TenantID: r.TenantID, EndpointID: r.EndpointID, EventID: r.EventID, Type: r.Type, Body: r.Body,
		State: domain.DeliveryState(r.State), Attempts: r.Attempts, Round: r.Round, DueAt: valid.Instant(r.DueAt), LastStatus: r.LastStatus,
		LastReason: r.LastReason, LastAt: valid.Instant(r.LastAt), CreatedAt: valid.Instant(r.CreatedAt),
	}
	if len(r.People) > 0 {
		d.People = r.People
	}
	return d
}

// Add stores new deliveries.
func (r *WebhookDeliveries) Add(ctx context.Context, deliveries ...domain.Delivery) error {
	if len(deliveries) == 0 {
		return nil
	}
	rows := make([]*deliveryRow, len(deliveries))
	for i, delivery := range deliveries {
		rows[i] = toRowDelivery(delivery)
	}
	_, err := r.db.Conn(ctx).NewInsert().Model(&rows).On("CONFLICT (tenant_id, endpoint_id, event_id) DO NOTHING").Exec(ctx)
	return pg.Error(err)
}

func (r *WebhookDeliveries) one(ctx context.Context, endpoint, id uuid.UUID, more func(*bun.SelectQuery) *bun.SelectQuery) (domain.Delivery, error) {
	return pg.One(ctx, r.db, domain.ErrDeliveryNotFound, (*deliveryRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return more(q.Where("d.endpoint_id = ?", endpoint).Where("d.id = ?", id))
	})
}

// Find returns a delivery.
func (r *WebhookDeliveries) Find(ctx context.Context, endpoint, id uuid.UUID) (domain.Delivery, error) {
	return r.one(ctx, endpoint, id, func(q *bun.SelectQuery) *bun.SelectQuery { return q })
}

// Lock returns a delivery and locks it.
func (r *WebhookDeliveries) Lock(ctx context.Context, endpoint, id uuid.UUID) (domain.Delivery, error) {
	return r.one(ctx, endpoint, id, func(q *bun.SelectQuery) *bun.SelectQuery { return q.For("UPDATE") })
}

// Page lists deliveries without their bodies.
func (r *WebhookDeliveries) Page(ctx context.Context, endpoint uuid.UUID, f ports.Filter, before uuid.UUID, limit int) ([]domain.Delivery, error) {
	return pg.Many(ctx, r.db, (*deliveryRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		q = q.ExcludeColumn("body", "people").Where("d.endpoint_id = ?", endpoint)
		if f.State != "" {
			q = q.Where("d.state = ?", f.State)
		}
		if f.Type != "" {
			q = q.Where("d.type = ?", f.Type)
		}
		return pg.PageByIDDesc(q, before, limit)
	})
}

// CountWaiting counts the deliveries that wait, by endpoint.
func (r *WebhookDeliveries) CountWaiting(ctx context.Context, endpoints []uuid.UUID) (map[uuid.UUID]int, error) {
	counts := map[uuid.UUID]int{}
	if len(endpoints) == 0 {
		return counts, nil
	}
	var rows []struct {
		EndpointID uuid.UUID `bun:"endpoint_id,type:uuid"`
		N          int       `bun:"n"`
	}
	err := r.db.Read(ctx, func(ctx context.Context) error {
		return pg.Error(r.db.Conn(ctx).NewSelect().Model((*deliveryRow)(nil)).ColumnExpr("d.endpoint_id, count(*) AS n").Where("d.state = 'waiting'").
			Where("d.endpoint_id IN ?", bun.Tuple(endpoints)).GroupExpr("d.endpoint_id").Scan(ctx, &rows))
	})
	for _, row := range rows {
		counts[row.EndpointID] = row.N
	}
	return counts, err
}

// Due lists deliveries that are due.
func (r *WebhookDeliveries) Due(ctx context.Context, endpoint uuid.UUID, now time.Time, limit int) ([]domain.Delivery, error) {
	return pg.Many(ctx, r.db, (*deliveryRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("d.endpoint_id = ?", endpoint).Where("d.state = 'waiting'").Where("d.due_at <= ?", now).OrderExpr("d.due_at, d.id").Limit(int64(limit))
	})
}

// Dead lists dead deliveries, oldest first.
func (r *WebhookDeliveries) Dead(ctx context.Context, endpoint uuid.UUID, since time.Time, limit int) ([]domain.Delivery, error) {
	if limit <= 0 {
		return nil, nil
	}
	return pg.Many(ctx, r.db, (*deliveryRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("d.endpoint_id = ?", endpoint).Where("d.state = 'dead'").Where("d.created_at >= ?", since).OrderExpr("d.id").Limit(int64(limit)).For("UPDATE")
	})
}

// Update stores how far a delivery is.
func (r *WebhookDeliveries) Update(ctx context.Context, delivery domain.Delivery) error {
	result, err := r.db.Conn(ctx).NewUpdate().Model(toRowDelivery(delivery)).
		Column("state", "attempts", "round", "due_at", "last_status", "last_reason", "last_at").Where("id = ?", delivery.ID).Exec(ctx)
	return pg.ChangedOne(result, err, domain.ErrDeliveryNotFound)
}

// DropWaiting makes all deliveries that wait dead.
func (r *WebhookDeliveries) DropWaiting(ctx context.Context, endpoint uuid.UUID, reason string) error {
	_, err := r.db.Conn(ctx).NewUpdate().Model((*deliveryRow)(nil)).Set("state = 'dead'").Set("last_reason = ?", reason).
		Where("endpoint_id = ?", endpoint).Where("state = 'waiting'").Exec(ctx)
	return pg.Error(err)
}

// Forget deletes old deliveries of all tenants; the database deletes their attempts.
func (r *WebhookDeliveries) Forget(ctx context.Context, before time.Time) error {
	_, err := r.db.Prune(pg.AcrossTenants(ctx, "retention of webhook deliveries"), "webhook_deliveries", "created_at", before)
	return err
}

type attemptRow struct {
	bun.BaseModel `bun:"table:webhook_attempts,alias:a"`
	pg.Tenanted

	DeliveryID uuid.UUID `bun:"delivery_id,pk,type:uuid"`
	Number     int       `bun:"number,pk"`
	At         time.Time `bun:"at"`
	Status     int       `bun:"status"`
	Reason     string    `bun:"reason"`
	TookMS     int64     `bun:"took_ms"`
}

func (r *attemptRow) toDomain() domain.Attempt {
	return domain.Attempt{Number: r.Number, At: valid.Instant(r.At), Result: domain.Result{
		Status: r.Status, Reason: r.Reason, Took: time.Duration(r.TookMS) * time.Millisecond,
	}}
}

// AddAttempt stores an attempt.
func (r *WebhookDeliveries) AddAttempt(ctx context.Context, delivery uuid.UUID, a domain.Attempt) error {
	_, err := r.db.Conn(ctx).NewInsert().Model(&attemptRow{
		DeliveryID: delivery, Number: a.Number, At: a.At, Status: a.Result.Status, Reason: a.Result.Reason, TookMS: a.Result.Took.Milliseconds(),
	}).Exec(ctx)
	return pg.Error(err)
}

// maxAttemptsShown bounds the log of a delivery that was replayed many times.
const maxAttemptsShown = 100

// Attempts lists the attempts of a delivery: of more than maxAttemptsShown the last ones.
func (r *WebhookDeliveries) Attempts(ctx context.Context, delivery uuid.UUID) ([]domain.Attempt, error) {
	last, err := pg.Many(ctx, r.db, (*attemptRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("a.delivery_id = ?", delivery).OrderExpr("a.number DESC").Limit(maxAttemptsShown)
	})
	for i, j := 0, len(last)-1; i < j; i, j = i+1, j-1 {
		last[i], last[j] = last[j], last[i]
	}
	return last, err
}
