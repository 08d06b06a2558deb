package outbox

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
)

// Row is an event in the form in which the outbox table holds it.
type Row struct {
	TenantID             uuid.UUID
	ID                   uuid.UUID
	Type, Subject, Event string
}

// Encode returns the row of an event without storing it. It is for hot writes: a SQL function that inserts the row in
// the same statement as the change (see [pg.DB.Call]). Call [Publisher.Wake] once the statement has succeeded.
func (p *Publisher) Encode(ctx context.Context, e Event) (Row, error) {
	r, err := p.row(ctx, e)
	if err != nil {
		return Row{}, errs.Internalf("outbox: %s: %w", e.Type, err)
	}
	return Row{TenantID: r.TenantID, ID: r.ID, Type: r.Type, Subject: r.Subject, Event: r.Event}, nil
}

// Wake makes a relay in this process look for new rows at once instead of at its next poll.
func (p *Publisher) Wake() { signal(p.wake) }
