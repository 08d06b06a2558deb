package outbox

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"time"

	"github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/uuid"
	"github.com/uptrace/bun"
	"go.opentelemetry.io/otel/propagation"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
)

// The extensions that events carry. CloudEvents allows lower-case letters and
// digits only.
const (
	ExtTenant  = "tenantid"
	ExtRequest = "requestid"
	ExtActor   = "actorid"
	extTrace   = "traceparent"
)

// maxEvent is far above any event by design and far below what a broker
// refuses: an event that cannot leave would hold up those behind it.
const maxEvent = 256 << 10

// Event is what a use case tells the other services.
type Event struct {
	Type    string    // voting.vote.cast: the service, the thing, what happened to it
	Subject string    // poll/<id>: the aggregate. Events of one subject stay in order
	Data    any       // the payload of api/events, encoded as JSON
	Time    time.Time // when it happened; zero means now
	// TenantID is for cross-tenant jobs; elsewhere the request's tenant is used.
	TenantID uuid.UUID
}

// Publisher writes events into the outbox of a service.
type Publisher struct {
	db     *pg.DB
	source string
	wake   chan struct{} // a relay in this process hears of commits at once
}

// NewPublisher returns the publisher of the service named source.
func NewPublisher(db *pg.DB, source string) *Publisher {
	return &Publisher{db: db, source: source, wake: make(chan struct{}, 1)}
}

type row struct {
	bun.BaseModel `bun:"table:outbox"`

	Seq      int64     `bun:"seq,pk,autoincrement"`
	TenantID uuid.UUID `bun:"tenant_id,type:uuid"`
	ID       uuid.UUID `bun:"id,type:uuid"`
	Type     string    `bun:"type"`
	Subject  string    `bun:"subject"`
	Event    string    `bun:"event"`
}

const (
	insertRow  = "INSERT INTO outbox (tenant_id, id, type, subject, event) VALUES ($1, $2, $3, $4, $5)"
	insertRows = `INSERT INTO outbox (tenant_id, id, type, subject, event)
		SELECT tenant_id, id, type, subject, event
		FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[]) WITH ORDINALITY AS e (tenant_id, id, type, subject, event, n)
		ORDER BY n`
)

// Publish writes events into the transaction in ctx, in one statement. Outside
// of pg.DB.Do it refuses: an event that is not committed with its cause may
// tell of something that never happened.
func (p *Publisher) Publish(ctx context.Context, events ...Event) error {
	if len(events) == 0 {
		return nil
	}
	if !p.db.InTx(ctx) {
		return errs.Internalf("outbox: %s published outside of a transaction", events[0].Type)
	}
	rows := make([]row, len(events))
	for i, e := range events {
		r, err := p.row(ctx, e)
		if err != nil {
			return errs.Internalf("outbox: %s: %w", e.Type, err)
		}
		rows[i] = r
	}
	if err := p.insert(ctx, rows); err != nil {
		return err
	}
	p.db.AfterCommit(ctx, func() { signal(p.wake) })
	return nil
}

// insert knows the single event, which nearly all calls are about, by a
// statement of its own: arrays cost more than values.
func (p *Publisher) insert(ctx context.Context, rows []row) error {
	if len(rows) == 1 {
		r := rows[0]
		_, err := p.db.Exec(ctx, insertRow, r.TenantID, r.ID, r.Type, r.Subject, r.Event)
		return pg.Error(err)
	}
	tenants, ids := make([]uuid.UUID, len(rows)), make([]uuid.UUID, len(rows))
	types, subjects, texts := make([]string, len(rows)), make([]string, len(rows)), make([]string, len(rows))
	for i, r := range rows {
		tenants[i], ids[i], types[i], subjects[i], texts[i] = r.TenantID, r.ID, r.Type, r.Subject, r.Event
	}
	_, err := p.db.Exec(ctx, insertRows, tenants, ids, types, subjects, texts)
	return pg.Error(err)
}

// eventType keeps types usable as subjects of the broker.
var eventType = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$`)

func (p *Publisher) row(ctx context.Context, e Event) (row, error) {
	if !eventType.MatchString(e.Type) {
		return row{}, fmt.Errorf("not a type of the form service.thing.happened")
	}
	if e.Subject == "" {
		return row{}, fmt.Errorf("no subject to keep its order by")
	}
	id, err := uuid.NewV7()
	if err != nil {
		return row{}, err
	}
	rc := reqctx.From(ctx)
	tenant := rc.TenantID
	if e.TenantID != uuid.Nil {
		tenant = e.TenantID
	}
	at := e.Time
	if at.IsZero() {
		at = time.Now()
	}

	ce := event.New()
	ce.SetID(id.String())
	ce.SetSource(p.source)
	ce.SetType(e.Type)
	ce.SetSubject(e.Subject)
	ce.SetTime(pg.Time(at))
	if tenant != uuid.Nil {
		ce.SetExtension(ExtTenant, tenant.String())
	}
	if rc.RequestID != "" { // without it the trace, which leads to the request, stays out as well
		ce.SetExtension(ExtRequest, rc.RequestID)
		trace := propagation.MapCarrier{}
		propagation.TraceContext{}.Inject(ctx, trace)
		if parent := trace.Get(extTrace); parent != "" {
			ce.SetExtension(extTrace, parent)
		}
	}
	if rc.UserID != uuid.Nil {
		ce.SetExtension(ExtActor, rc.UserID.String())
	}
	if err := ce.SetData(event.ApplicationJSON, e.Data); err != nil {
		return row{}, err
	}
	if err := ce.Validate(); err != nil {
		return row{}, err
	}
	text, err := json.Marshal(ce)
	if err != nil {
		return row{}, err
	}
	if len(text) > maxEvent {
		return row{}, fmt.Errorf("%d bytes are too many: carry ids, not documents", len(text))
	}
	return row{TenantID: tenant, ID: id, Type: e.Type, Subject: e.Subject, Event: string(text)}, nil
}

// signal wakes whoever waits on c, now or next time. It never blocks.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
