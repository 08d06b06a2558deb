package app

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/activity/notifications/domain"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/reqctx"
)

// Push are the use cases of a person whose browsers get notifications.
type Push struct{ Deps }

// List returns the public key of the tenant and the caller's browsers. The key is made when it is first asked for.
func (s Push) List(ctx context.Context, by authz.Actor) (public string, browsers []domain.Browser, err error) {
	key, err := s.key(ctx)
	if err != nil {
		return "", nil, err
	}
	if public, err = s.Pusher.Public(key); err != nil {
		return "", nil, err
	}
	browsers, err = s.Browsers.List(ctx, by.User)
	return public, browsers, err
}

func (d Deps) key(ctx context.Context) ([]byte, error) {
	key, err := d.Browsers.PrivateKey(ctx)
	if err != nil || key != nil {
		return key, err
	}
	made, err := d.Pusher.NewKey()
	if err != nil {
		return nil, err
	}
	if err := d.Tx.Do(ctx, func(ctx context.Context) error { return d.Browsers.SetPrivateKey(ctx, made) }); err != nil {
		return nil, err
	}
	return d.Browsers.PrivateKey(ctx) // of two made at once, one was stored
}

// Subscribe sends notifications to a browser of the caller.
func (s Push) Subscribe(ctx context.Context, by authz.Actor, b domain.Browser) (domain.Browser, error) {
	b.Person = by.User
	b, err := domain.NewBrowser(b, s.Clock.Now())
	if err != nil {
		return b, err
	}
	if err := s.Pusher.Check(b); err != nil {
		return b, err
	}
	return b, s.Tx.Do(ctx, func(ctx context.Context) error { return s.Browsers.Add(ctx, b, domain.MaxBrowsers) })
}

// Unsubscribe sends a browser of the caller nothing more.
func (s Push) Unsubscribe(ctx context.Context, by authz.Actor, id uuid.UUID) error {
	return s.Tx.Do(ctx, func(ctx context.Context) error { return s.Browsers.Remove(ctx, by.User, id) })
}

const (
	pushesAtOnce = 50
	pushLease    = time.Minute    // longer than an attempt lasts
	pushLasts    = 24 * time.Hour // after which a message is of no more use
)

// SendMessages sends the messages to browsers of all tenants that are due. A message that an instance has taken is due again if that instance ends.
func (s Telling) SendMessages(ctx context.Context) error {
	for {
		due, err := s.Browsers.Due(ctx, s.Clock.Now(), pushesAtOnce)
		if err != nil {
			return err
		}
		for _, m := range due {
			if err := s.sendMessage(reqctx.With(ctx, reqctx.Context{RequestID: m.ID.String(), TenantID: m.Tenant}), m); err != nil {
				return err
			}
		}
		if len(due) < pushesAtOnce {
			return nil
		}
	}
}

func (s Telling) sendMessage(ctx context.Context, m domain.PushMessage) error {
	mine, now := false, s.Clock.Now()
	err := s.Tx.Do(ctx, func(ctx context.Context) (err error) {
		if m.Attempts >= domain.MaxPushAttempts || !now.Before(m.Expires) {
			return s.Browsers.Done(ctx, m.ID)
		}
		mine, err = s.Browsers.Claim(ctx, m, now.Add(pushLease))
		return err
	})
	if err != nil || !mine {
		return err
	}
	key, err := s.key(ctx)
	if err != nil {
		return err
	}
	outcome, after := s.Pusher.Push(ctx, key, m)
	return s.Tx.Do(ctx, func(ctx context.Context) error {
		switch outcome {
		case domain.PushGone:
			return s.Browsers.Forget(ctx, m.Browser.ID)
		case domain.PushFails:
			return s.Browsers.PutOff(ctx, m.ID, domain.NextPush(m.Attempts, after, s.Clock.Now()))
		default:
			return s.Browsers.Done(ctx, m.ID)
		}
	})
}
