package app

import (
	"context"
	"time"

	"go.updspace.com/libs/audit"
)

const (
	// keepExpired is how long expired bindings and overrides remain visible to administrators.
	keepExpired  = 30 * 24 * time.Hour
	expiredBatch = 500
)

// keepRewards is how long taken and expired rewards are kept, so that events about them that arrive late change nothing.
const keepRewards = 365 * 24 * time.Hour

// ForgetRewards deletes what is known of rewards that ended long ago, in all tenants.
func (r Retention) ForgetRewards(ctx context.Context) error {
	return r.Rewards.Forget(ctx, r.Clock.Now().Add(-keepRewards))
}

// Retention deletes bindings and overrides a month after they expired, each with an entry in the audit log.
type Retention struct{ Deps }

// DeleteExpired deletes what expired long ago, in batches. ctx must be across tenants. Any number of instances may run it.
func (r Retention) DeleteExpired(ctx context.Context) error {
	entries := auditEntries{at: r.Clock.Now()}
	before := entries.at.Add(-keepExpired)
	bindings := func(ctx context.Context) ([]audit.Entry, error) {
		deleted, err := r.Expired.DeleteBindings(ctx, before, expiredBatch)
		return entries.bindings(ActionBindingExpired, deleted...), err
	}
	overrides := func(ctx context.Context) ([]audit.Entry, error) {
		deleted, err := r.Expired.DeleteOverrides(ctx, before, expiredBatch)
		found := make([]audit.Entry, len(deleted))
		for i, o := range deleted {
			found[i] = entries.override(ActionOverrideExpired, o)
		}
		return found, err
	}
	for _, deleteBatch := range []func(context.Context) ([]audit.Entry, error){bindings, overrides} {
		for n := expiredBatch; n == expiredBatch; {
			err := r.Tx.Do(ctx, func(ctx context.Context) error {
				deleted, err := deleteBatch(ctx)
				if n = len(deleted); err != nil {
					return err
				}
				return r.Audit.Write(ctx, deleted...)
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}
