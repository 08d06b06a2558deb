package app

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/activity/webhooks/domain"
	"go.updspace.com/activity/webhooks/ports"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/idempotency"
	"go.updspace.com/libs/page"
)

// Deliveries are the use cases around the log of deliveries.
type Deliveries struct{ Deps }

// Detail is a delivery with its attempts.
type Detail struct {
	domain.Delivery
	Log []domain.Attempt
}

// replayAtOnce is how many dead deliveries one request replays.
const replayAtOnce = 500

// List returns a page of the deliveries to an endpoint, newest first.
func (s Deliveries) List(ctx context.Context, by authz.Actor, endpoint uuid.UUID, f ports.Filter, p page.Request) (page.Page[domain.Delivery], error) {
	var none page.Page[domain.Delivery]
	if err := s.require(ctx, by); err != nil {
		return none, err
	}
	list := "webhook deliveries of " + endpoint.String()
	var before uuid.UUID
	if _, err := page.Decode(list, p.Cursor, &before); err != nil {
		return none, err
	}
	if _, err := s.Endpoints.Find(ctx, endpoint); err != nil {
		return none, err
	}
	return page.Fetch(p.Limit, func(limit int) ([]domain.Delivery, error) {
		return s.Deps.Deliveries.Page(ctx, endpoint, f, before, limit)
	}, func(last domain.Delivery) string { return page.Encode(list, last.ID) })
}

// Get returns a delivery with what was sent and each attempt.
func (s Deliveries) Get(ctx context.Context, by authz.Actor, endpoint, id uuid.UUID) (found Detail, err error) {
	if err := s.require(ctx, by); err != nil {
		return found, err
	}
	if found.Delivery, err = s.Deps.Deliveries.Find(ctx, endpoint, id); err != nil {
		return found, err
	}
	found.Log, err = s.Attempts(ctx, id)
	return found, err
}

// Attempts lists the attempts of a delivery.
func (s Deliveries) Attempts(ctx context.Context, id uuid.UUID) ([]domain.Attempt, error) {
	return s.Deps.Deliveries.Attempts(ctx, id)
}

// Replay makes a delivery due again, whether it was taken or is dead. Its message keeps its id.
func (s Deliveries) Replay(ctx context.Context, by authz.Actor, endpoint, id uuid.UUID) (delivery domain.Delivery, err error) {
	_, err = s.change(ctx, by, endpoint, func(ctx context.Context, target domain.Endpoint) (domain.Endpoint, error) {
		if target.Data().State != domain.Active {
			return target, domain.ErrNotActive
		}
		if delivery, err = s.Deps.Deliveries.Lock(ctx, endpoint, id); err != nil {
			return target, err
		}
		if delivery, err = delivery.Replay(s.Clock.Now()); err != nil {
			return target, err
		}
		if err := s.room(ctx, endpoint, 1); err != nil {
			return target, err
		}
		return target, s.again(ctx, target, delivery)
	})
	return delivery, err
}

// ReplayDead makes the dead deliveries since a time due again, oldest first, as many as there is room for and at most 500, and returns
// how many.
func (s Deliveries) ReplayDead(ctx context.Context, by authz.Actor, endpoint uuid.UUID, since time.Time) (count int, err error) {
	_, err = s.change(ctx, by, endpoint, func(ctx context.Context, target domain.Endpoint) (domain.Endpoint, error) {
		if target.Data().State != domain.Active {
			return target, domain.ErrNotActive
		}
		waiting, err := s.Deps.Deliveries.CountWaiting(ctx, []uuid.UUID{endpoint})
		if err != nil {
			return target, err
		}
		dead, err := s.Deps.Deliveries.Dead(ctx, endpoint, since, min(replayAtOnce, domain.MaxWaiting-waiting[endpoint]))
		if err != nil || len(dead) == 0 {
			return target, err
		}
		now := s.Clock.Now()
		for i := range dead {
			if dead[i], err = dead[i].Replay(now); err != nil {
				return target, err
			}
		}
		count = len(dead)
		return target, s.again(ctx, target, dead...)
	})
	return count, err
}

func (s Deliveries) again(ctx context.Context, target domain.Endpoint, deliveries ...domain.Delivery) error {
	for _, delivery := range deliveries {
		if err := s.Deps.Deliveries.Update(ctx, delivery); err != nil {
			return err
		}
	}
	s.Tx.AfterCommit(ctx, s.Wake)
	return s.Audit.Write(ctx, audit.Entry{
		Action: "webhook.replayed", TargetType: "webhook", TargetID: target.ID().String(), Metadata: map[string]any{"deliveries": len(deliveries)},
	})
}

// Try sends a message of the type domain.Test, by the way of all messages.
func (s Deliveries) Try(ctx context.Context, by authz.Actor, endpoint uuid.UUID) (domain.Delivery, error) {
	if err := s.require(ctx, by); err != nil {
		return domain.Delivery{}, err
	}
	return idempotency.Once(ctx, s.Once, "testWebhook", endpoint, func(ctx context.Context) (made domain.Delivery, err error) {
		target, err := s.Endpoints.Lock(ctx, endpoint)
		if err != nil {
			return made, err
		}
		if target.Data().State != domain.Active {
			return made, domain.ErrNotActive
		}
		if err := s.room(ctx, endpoint, 1); err != nil {
			return made, err
		}
		now := s.Clock.Now()
		body, err := s.encode(ctx, target, domain.Test, now, map[string]any{"webhook_id": endpoint})
		if err != nil {
			return made, err
		}
		made = domain.NewDelivery(by.Tenant, endpoint, uuid.New(), domain.Test, body, nil, now)
		s.Tx.AfterCommit(ctx, s.Wake)
		return made, s.Deps.Deliveries.Add(ctx, made)
	}, func(d domain.Delivery) uuid.UUID { return d.ID }, func(ctx context.Context, id uuid.UUID) (domain.Delivery, error) {
		return s.Deps.Deliveries.Find(ctx, endpoint, id)
	})
}

// room refuses more deliveries than may wait for an endpoint.
func (d Deps) room(ctx context.Context, endpoint uuid.UUID, more int) error {
	waiting, err := d.Deliveries.CountWaiting(ctx, []uuid.UUID{endpoint})
	if err == nil && waiting[endpoint]+more > domain.MaxWaiting {
		err = domain.ErrQueueFull
	}
	return err
}

// encode makes the body of a message, in the form of the endpoint: an embed, or JSON as Standard Webhooks recommends.
func (d Deps) encode(ctx context.Context, to domain.Endpoint, kind string, at time.Time, data map[string]any) ([]byte, error) {
	if to.Data().Format == domain.Discord {
		origin, err := d.Origin(ctx)
		if err != nil {
			return nil, err
		}
		return embed(to.Data().Language, origin, kind, at, data)
	}
	body, err := json.Marshal(struct {
		Type string    `json:"type"`
		At   time.Time `json:"timestamp"`
		Data any       `json:"data"`
	}{kind, at, data})
	if err != nil {
		return nil, fmt.Errorf("encoding a message of webhooks: %w", err)
	}
	return body, nil
}
