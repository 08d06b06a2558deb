package app

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"go.updspace.com/libs/reqctx"
	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
)

// Upkeep is what portal does on nobody's behalf, from time to time.
type Upkeep struct {
	tenants   ports.Tenants
	members   ports.Memberships
	journal   ports.Journal
	roster    ports.Roster
	watch     ports.DriftWatch
	exclusive ports.Exclusive
	clock     ports.Clock
}

// NewUpkeep needs everything but its own rules from outside.
func NewUpkeep(
	tenants ports.Tenants, members ports.Memberships, journal ports.Journal, roster ports.Roster,
	watch ports.DriftWatch, exclusive ports.Exclusive, clock ports.Clock,
) *Upkeep {
	return &Upkeep{tenants: tenants, members: members, journal: journal, roster: roster, watch: watch, exclusive: exclusive, clock: clock}
}

// stretch is how many memberships are compared at once.
const stretch = 500

// Reconcile holds what Access knows of memberships against what is stored here, tenant by tenant, and puts it right. It
// does nothing while another instance is at it, and reports whether it ran and what it found.
func (s *Upkeep) Reconcile(ctx context.Context) (found ports.Drift, ran bool, err error) {
	ran, err = s.exclusive.Try(ctx, "reconcile", func(ctx context.Context) error {
		tenants, err := s.tenants.All(ctx)
		if err != nil {
			return err
		}
		var failures []error // of one tenant keep no other from being looked after
		for _, tenant := range tenants {
			drift, err := s.reconcile(ctx, tenant)
			if err != nil {
				failures = append(failures, fmt.Errorf("reconciling tenant %s: %w", tenant, err))
			}
			found = found.Plus(drift)
			if ctx.Err() != nil {
				break
			}
		}
		return errors.Join(failures...)
	})
	return found, ran, err
}

func (s *Upkeep) reconcile(ctx context.Context, tenant uuid.UUID) (sum ports.Drift, err error) {
	ctx = reqctx.With(ctx, reqctx.Context{TenantID: tenant})
	defer func() { s.watch.Drifted(ctx, tenant, sum) }()
	var after ports.WalkKey
	for {
		page, err := s.members.Walk(ctx, after, stretch)
		if err != nil {
			return sum, err
		}
		var until ports.WalkKey // the last stretch has no end: nothing may be beyond it
		if len(page) == stretch {
			last := page[len(page)-1].Data()
			until = ports.WalkKey{Scope: last.Scope, User: last.UserID}
		}
		drift, err := s.roster.Compare(ctx, ports.Stretch{After: after, Until: until, Memberships: page})
		if err != nil {
			return sum, err
		}
		sum = sum.Plus(drift)
		if len(page) < stretch {
			return sum, nil
		}
		after = until
	}
}

// Tidy removes what has been kept long enough.
func (s *Upkeep) Tidy(ctx context.Context) (int64, error) {
	return s.journal.Prune(ctx, s.clock.Now().Add(-domain.JournalLife))
}
