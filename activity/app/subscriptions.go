package app

import (
	"context"

	"go.updspace.com/activity/domain"
	"go.updspace.com/libs/authz"
)

// Subscription returns the caller's subscription. ok is false when there is none.
func (s *Feed) Subscription(ctx context.Context, by authz.Actor) (subscription domain.Subscription, ok bool, err error) {
	if _, err := s.sight.Of(ctx, by); err != nil {
		return domain.Subscription{}, false, err
	}
	return s.readers.Subscription(ctx, by.User)
}

// Subscribe replaces the scopes that the caller's feed is limited to.
func (s *Feed) Subscribe(ctx context.Context, by authz.Actor, scopes []domain.ScopeName) (subscription domain.Subscription, err error) {
	if subscription, err = domain.NewSubscription(by, scopes); err != nil {
		return subscription, err
	}
	if _, err := s.sight.Of(ctx, by); err != nil {
		return subscription, err
	}
	err = s.tx.Do(ctx, func(ctx context.Context) error {
		subscription, err = s.readers.PutSubscription(ctx, subscription)
		return err
	})
	return subscription, err
}
