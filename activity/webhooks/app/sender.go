package app

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"

	"go.updspace.com/activity/webhooks/domain"
	"go.updspace.com/activity/webhooks/ports"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/signature"
)

// Sender is the job that sends what is due. Any number of instances run it: each endpoint is leased to one of them for a turn, so
// that an endpoint is sent one message at a time, and one that answers slowly holds up no other.
type Sender struct{ Deps }

const (
	turnsAtOnce = 8
	turnLength  = 10               // messages; times the timeout of one this is less than the lease
	lease       = 3 * time.Minute  // after which another instance takes over
	sendTimeout = 10 * time.Second // of one message
)

// Send gives turns to endpoints until none has anything due.
func (s Sender) Send(ctx context.Context) error {
	for {
		claimed, err := s.Endpoints.Claim(ctx, turnsAtOnce, lease, s.Clock.Now())
		if err != nil || len(claimed) == 0 {
			return err
		}
		var group errgroup.Group
		for _, c := range claimed {
			group.Go(func() error {
				return s.turn(reqctx.With(ctx, reqctx.Context{TenantID: c.Data().TenantID}), c)
			})
		}
		if err := group.Wait(); err != nil {
			return err
		}
	}
}

// turn sends what is due for one endpoint, until something fails.
func (s Sender) turn(ctx context.Context, claimed ports.Claimed) (err error) {
	defer func() { err = errors.Join(err, s.Endpoints.Release(context.WithoutCancel(ctx), claimed)) }()
	secrets, err := s.Endpoints.Secrets(ctx, claimed.ID())
	if err != nil {
		return err
	}
	due, err := s.Deliveries.Due(ctx, claimed.ID(), s.Clock.Now(), turnLength)
	if err != nil {
		return err
	}
	for _, delivery := range due {
		result := s.send(ctx, claimed.Endpoint, secrets, delivery)
		if ctx.Err() != nil { // stopping: an attempt that was cut short is none
			return nil
		}
		if goOn, err := s.record(ctx, claimed, delivery, result); err != nil || !goOn {
			return err
		}
	}
	return nil
}

func (s Sender) send(ctx context.Context, to domain.Endpoint, secrets signature.Pair, delivery domain.Delivery) domain.Result {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	now := s.Clock.Now()
	message := ports.Message{Format: to.Data().Format, URL: to.Data().URL, ID: delivery.MessageID(), At: now, Body: delivery.Body}
	if to.Signs() {
		message.Signature = signature.Sign(secrets.At(now), message.ID, now, message.Body)
	}
	return s.Target.Send(ctx, message)
}

// record stores the result of an attempt and says whether the turn goes on.
func (s Sender) record(ctx context.Context, claimed ports.Claimed, delivery domain.Delivery, result domain.Result) (goOn bool, err error) {
	now := s.Clock.Now()
	err = s.Tx.Do(ctx, func(ctx context.Context) error {
		endpoint, err := s.Endpoints.Held(ctx, claimed)
		if errors.Is(err, domain.ErrEndpointNotFound) {
			return nil // deleted meanwhile, or the lease is over: another instance sends the message again
		}
		if err != nil {
			return err
		}
		if delivery, err = s.Deliveries.Lock(ctx, endpoint.ID(), delivery.ID); err != nil {
			return err
		}
		delivery = delivery.After(result, now)
		after := endpoint
		switch {
		case endpoint.Data().State == domain.Active:
			after, goOn = endpoint.After(result, now), result.OK()
		case delivery.State == domain.Waiting: // switched off meanwhile
			delivery = delivery.Drop(domain.SwitchedOff)
		}
		if err := s.Deliveries.AddAttempt(ctx, delivery.ID, domain.Attempt{Number: delivery.Attempts, At: now, Result: result}); err != nil {
			return err
		}
		if err := s.Deliveries.Update(ctx, delivery); err != nil {
			return err
		}
		if err := s.Endpoints.Update(ctx, after); err != nil || after.Data().State != domain.Disabled {
			return err
		}
		return s.disabled(ctx, after)
	})
	return goOn, err
}

func (s Sender) disabled(ctx context.Context, endpoint domain.Endpoint) error {
	if err := s.Deliveries.DropWaiting(ctx, endpoint.ID(), domain.SwitchedOff); err != nil {
		return err
	}
	entry := endpointEntry("webhook.disabled", endpoint)
	entry.Actor = audit.Actor{Type: audit.System}
	entry.Metadata["reason"] = endpoint.Data().DisabledReason
	return s.Audit.Write(ctx, entry)
}

// Forget deletes deliveries that are past their retention.
func (s Sender) Forget(ctx context.Context) error {
	return s.Deliveries.Forget(ctx, s.Clock.Now().Add(-domain.Retention))
}
