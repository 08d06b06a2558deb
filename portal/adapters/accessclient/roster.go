package accessclient

import (
	"context"
	"log/slog"

	"go.updspace.com/libs/accessclient"
	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
)

// Roster is ports.Roster.
type Roster struct {
	client *accessclient.Client
	log    *slog.Logger
}

var _ ports.Roster = (*Roster)(nil)

// NewRoster tells through client.
func NewRoster(client *accessclient.Client, log *slog.Logger) *Roster {
	return &Roster{client: client, log: log}
}

// Tell tells of changed memberships. The change is made, so it is told even when nobody waits for the answer any more.
func (r *Roster) Tell(ctx context.Context, memberships ...domain.Membership) {
	changes := make([]accessclient.Membership, len(memberships))
	for i, m := range memberships {
		changes[i] = toWire(m)
	}
	if err := r.client.SyncMemberships(context.WithoutCancel(ctx), changes); err != nil {
		r.log.WarnContext(ctx, "access will learn of changed memberships by their events", "memberships", len(changes), "error", err)
	}
}

// Compare holds a stretch against what access knows.
func (r *Roster) Compare(ctx context.Context, s ports.Stretch) (ports.Drift, error) {
	page := accessclient.MembershipPage{After: toKey(s.After), Until: toKey(s.Until), Memberships: make([]accessclient.Membership, len(s.Memberships))}
	for i, m := range s.Memberships {
		page.Memberships[i] = toWire(m)
	}
	drift, err := r.client.ReconcileMemberships(ctx, page)
	return ports.Drift(drift), err
}

func toWire(m domain.Membership) accessclient.Membership {
	d := m.Data()
	return accessclient.Membership{
		MembershipKey: accessclient.MembershipKey{ScopeType: string(d.Scope.Type), ScopeID: d.Scope.ID, UserID: d.UserID},
		CommunityID:   d.CommunityID, Role: string(m.Role()), Version: d.Version,
	}
}

func toKey(k ports.WalkKey) *accessclient.MembershipKey {
	if k == (ports.WalkKey{}) {
		return nil
	}
	return &accessclient.MembershipKey{ScopeType: string(k.Scope.Type), ScopeID: k.Scope.ID, UserID: k.User}
}
