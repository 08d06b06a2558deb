// Package accessclient adapts libs/accessclient to the ports of portal.
package accessclient

import (
	"context"
	"log/slog"

	"github.com/prometheus/client_golang/prometheus"

	"go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/wire"
	"go.updspace.com/portal/groups/domain"
	"go.updspace.com/portal/groups/ports"
)

// Sync is ports.AccessSync.
type Sync struct {
	client  *accessclient.Client
	log     *slog.Logger
	drifted *prometheus.CounterVec
}

var _ ports.AccessSync = (*Sync)(nil)

// NewSync updates access through client, and counts in reg what it finds different there.
func NewSync(client *accessclient.Client, log *slog.Logger, reg prometheus.Registerer) *Sync {
	s := &Sync{client: client, log: log, drifted: prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "portal_membership_drift_total", Help: "Memberships that access had missing, other or too many when they were compared.",
	}, []string{"kind"})}
	reg.MustRegister(s.drifted)
	s.count(ports.Drift{}) // so that no drift is a zero and not a gap
	return s
}

func (s *Sync) count(d ports.Drift) {
	for kind, n := range map[string]int{"added": d.Added, "changed": d.Changed, "removed": d.Removed} {
		s.drifted.WithLabelValues(kind).Add(float64(n))
	}
}

// Sync sends changed memberships. The changes are stored, so they are sent even if the caller has gone.
func (s *Sync) Sync(ctx context.Context, memberships ...domain.Membership) {
	if err := s.client.SyncMemberships(context.WithoutCancel(ctx), wire.Each(memberships, toWire)); err != nil {
		s.log.WarnContext(ctx, "access learns of changed memberships by their events", "memberships", len(memberships), "error", err)
	}
}

// Reconcile compares a range of memberships with those in access.
func (s *Sync) Reconcile(ctx context.Context, r ports.MembershipRange) (ports.Drift, error) {
	found, err := s.client.ReconcileMemberships(ctx, accessclient.MembershipPage{
		After: toKey(r.After), Until: toKey(r.Until), Memberships: wire.Each(r.Memberships, toWire),
	})
	drift := ports.Drift(found)
	s.count(drift)
	if drift != (ports.Drift{}) {
		level := slog.LevelWarn
		if drift.Changed == 0 && drift.Removed == 0 {
			level = slog.LevelInfo // the events of new memberships may still be on their way
		}
		s.log.Log(ctx, level, "access had memberships wrong",
			"tenant", reqctx.From(ctx).TenantID, "added", drift.Added, "changed", drift.Changed, "removed", drift.Removed)
	}
	return drift, err
}

func toWire(m domain.Membership) accessclient.Membership {
	d := m.Data()
	return accessclient.Membership{
		MembershipKey: accessclient.MembershipKey{Scope: d.Scope, UserID: d.UserID},
		CommunityID:   d.CommunityID, Role: string(m.Role()), Version: d.Version,
	}
}

func toKey(k ports.MembershipKey) *accessclient.MembershipKey {
	if k == (ports.MembershipKey{}) {
		return nil
	}
	return &accessclient.MembershipKey{Scope: k.Scope, UserID: k.User}
}
