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

	"go.updspace.com/api/events"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
)

// The names of extensions. CloudEvents allows lower-case letters and digits only.
const (
	ExtTenant  = "tenantid"
	ExtRequest = "requestid"
	ExtActor   = "actorid"
	extTrace   = "traceparent"
)

// maxEvent is above the size of every designed event and below the limit of the broker. An event that the broker refuses
// would block the events behind it.
const maxEvent = 768 << 10

// Event is an event to be published.
type Event struct {
	Type    string    // such as voting.vote.cast: service, thing, what happened
	Subject string    // such as poll/<id>: the aggregate. Events of one subject stay in order
	Data    any       // the payload of api/events, encoded as JSON
	Time    time.Time // when it happened; zero means now
	// TenantID is for jobs across tenants; else the tenant of the request is used.
	TenantID uuid.UUID
}

// Publisher writes events into the outbox of a service.
type Publisher struct {
	db       *pg.DB
	source   string
	wake     chan struct{} // wakes a relay in this process after a commit
	validate func(kind, subject string, data []byte) error
	now      func() time.Time
}

// NewPublisher returns the publisher of the service named source.
func NewPublisher(db *pg.DB, source string) *Publisher {
	return &Publisher{db: db, source: source, wake: make(chan struct{}, 1), now: time.Now}
}

// Validating makes the publisher refuse every event that neither api/events/<source>.yaml nor a shared document describes.
// Development and tests use it; production relies on the generated types.
func (p *Publisher) Validating() *Publisher {
	p.validate = func(kind, subject string, data []byte) error {
		family, err := events.For(p.source, kind)
		if err != nil {
			return err
		}
		return family.Validate(kind, subject, data)
	}
	return p
}

// By makes events happen at the time of a clock, unless they say when they happened: demo data has a past.
func (p *Publisher) By(now func() time.Time) *Publisher {
	p.now = now
	return p
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

// Publish writes events into the outbox in the transaction in ctx, in one statement. Outside of pg.DB.Do it refuses: an
// event that is not committed with its change may report a change that was rolled back.
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

// insert has a statement of its own for a single event, the usual case: array parameters cost more.
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

// eventType is the form of types, which are subjects of the broker.
var eventType = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$`)

func (p *Publisher) row(ctx context.Context, e Event) (row, error) {
	if !eventType.MatchString(e.Type) {
		return row{}, fmt.Errorf("not a type of the form service.thing.happened")
	}
	if e.Subject == "" {
		return row{}, fmt.Errorf("no subject")
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
		at = p.now()
	}

	ce := cloudEvent{
		SpecVersion: event.CloudEventsVersionV1, ID: id.String(), Source: p.source, Type: e.Type, Subject: e.Subject,
		DataContentType: event.ApplicationJSON, Time: pg.Time(at), Data: e.Data,
		Tenant: orEmpty(tenant), Request: rc.RequestID, Actor: orEmpty(rc.UserID),
	}
	if rc.RequestID != "" { // without a request id the trace, which leads to the request, is left out too
		trace := propagation.MapCarrier{}
		propagation.TraceContext{}.Inject(ctx, trace)
		ce.Trace = trace.Get(extTrace)
	}
	if err := p.checkData(e); err != nil {
		return row{}, err
	}
	text, err := json.Marshal(ce)
	if err != nil {
		return row{}, err
	}
	if len(text) > maxEvent {
		return row{}, fmt.Errorf("%d bytes are too many", len(text))
	}
	return row{TenantID: tenant, ID: id, Type: e.Type, Subject: e.Subject, Event: string(text)}, nil
}

// cloudEvent is an event in the JSON format of CloudEvents. It is written on every hot path, so it is encoded at once; the
// SDK's event, which is built step by step and encodes its data apart, takes three times as long. Receivers use the SDK.
type cloudEvent struct {
	SpecVersion     string    `json:"specversion"`
	ID              string    `json:"id"`
	Source          string    `json:"source"`
	Type            string    `json:"type"`
	Subject         string    `json:"subject"`
	DataContentType string    `json:"datacontenttype"`
	Time            time.Time `json:"time"`
	Data            any       `json:"data,omitempty"`
	Tenant          string    `json:"tenantid,omitempty"`
	Request         string    `json:"requestid,omitempty"`
	Actor           string    `json:"actorid,omitempty"`
	Trace           string    `json:"traceparent,omitempty"`
}

func orEmpty(id uuid.UUID) string {
	if id == uuid.Nil {
		return ""
	}
	return id.String()
}

// checkData validates the payload of an event, if the publisher is a validating one.
func (p *Publisher) checkData(e Event) error {
	if p.validate == nil {
		return nil
	}
	data, err := json.Marshal(e.Data)
	if err != nil {
		return err
	}
	return p.validate(e.Type, e.Subject, data)
}

// signal wakes the receiver of c, now or when it next waits. It never blocks.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
