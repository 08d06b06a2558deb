package app

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"

	"go.updspace.com/activity/connectors/domain"
	"go.updspace.com/libs/reqctx"
)

// Polling is the job that asks the sources that are due. Any number of instances run it: each source is leased to one of them.
type Polling struct{ Deps }

const (
	pollsAtOnce = 4
	pollLease   = 2 * time.Minute // after which another instance may ask; longer than a request takes
)

// Poll asks what is due, until nothing is.
func (s Polling) Poll(ctx context.Context) error {
	for {
		due, err := s.Sources.Claim(ctx, pollsAtOnce, pollLease, s.Clock.Now())
		if err != nil || len(due) == 0 {
			return err
		}
		var group errgroup.Group
		for _, source := range due {
			group.Go(func() error {
				return s.ask(reqctx.With(ctx, reqctx.Context{TenantID: source.Data().TenantID}), source)
			})
		}
		if err := group.Wait(); err != nil {
			return err
		}
	}
}

func (s Polling) ask(ctx context.Context, claimed domain.Source) error {
	fetched, problem := s.Reader.Read(ctx, claimed.Data().URL, claimed.Data().Validator)
	if err := ctx.Err(); err != nil { // stopping: the lease ends by itself
		return err
	}
	now := s.Clock.Now()
	return s.Tx.Do(ctx, func(ctx context.Context) error {
		source, err := s.Sources.Lock(ctx, claimed.ID())
		if errors.Is(err, domain.ErrSourceNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if source.Data().URL != claimed.Data().URL || !source.Data().Active {
			return nil // changed meanwhile: what was read is of no use
		}
		if problem == "" && !fetched.Unchanged {
			if _, _, err := s.put(ctx, source, fetched.Entries, now); err != nil {
				return err
			}
		}
		validator := fetched.Validator
		if fetched.Unchanged {
			validator = source.Data().Validator
		}
		return s.Sources.Update(ctx, source.Polled(problem, validator, now))
	})
}

// Forget deletes nonces that are too old to come again.
func (s Polling) Forget(ctx context.Context) error {
	return s.Messages.Forget(ctx, s.Clock.Now().Add(-noncesKept))
}
