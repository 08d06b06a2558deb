package app

import (
	"context"
	"errors"
	"fmt"

	"go.updspace.com/libs/reqctx"
	"go.updspace.com/portal/groups/ports"
)

// Reconciler compares the memberships stored here with those in Access. One instance of the service at a time does so.
type Reconciler struct {
	Tenants ports.Tenants
	Members ports.Memberships
	Sync    ports.AccessSync
}

// rangeSize is how many memberships are compared at once.
const rangeSize = 500

// Reconcile compares all memberships, tenant by tenant, and corrects Access. A failure in one tenant does not stop the
// others.
func (r Reconciler) Reconcile(ctx context.Context) (found ports.Drift, err error) {
	tenants, err := r.Tenants.All(ctx)
	if err != nil {
		return found, err
	}
	var failures []error
	for _, tenant := range tenants {
		drift, err := r.reconcile(reqctx.With(ctx, reqctx.Context{TenantID: tenant}))
		if err != nil {
			failures = append(failures, fmt.Errorf("reconciling tenant %s: %w", tenant, err))
		}
		found = found.Plus(drift)
		if ctx.Err() != nil {
			break
		}
	}
	return found, errors.Join(failures...)
}

func (r Reconciler) reconcile(ctx context.Context) (sum ports.Drift, err error) {
	var after ports.MembershipKey
	for {
		memberships, err := r.Members.Range(ctx, after, rangeSize)
		if err != nil {
			return sum, err
		}
		var until ports.MembershipKey // the last range is open-ended: nothing else may follow in Access
		if len(memberships) == rangeSize {
			last := memberships[len(memberships)-1].Data()
			until = ports.MembershipKey{Scope: last.Scope, User: last.UserID}
		}
		drift, err := r.Sync.Reconcile(ctx, ports.MembershipRange{After: after, Until: until, Memberships: memberships})
		if err != nil {
			return sum, err
		}
		sum = sum.Plus(drift)
		if len(memberships) < rangeSize {
			return sum, nil
		}
		after = until
	}
}
