package portstest

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/activity/domain"
	"go.updspace.com/libs/authz"
)

// shown is what streams are told of: items with the sights that decide who sees them.
func shown(t *testing.T, h harness) {
	tenant := uuid.New()
	ctx := in(tenant)
	last := func() int64 {
		id, err := h.Items.LastID(ctx)
		require.NoError(t, err)
		return id
	}
	require.Zero(t, last())
	put := func(d domain.ItemData) {
		d.TenantID = tenant
		h.apply(t, tenant, domain.Put(newItem(t, d)))
	}
	put(domain.ItemData{SourceRef: "poll:1", Type: domain.PollOpened, Actor: uuid.New()})
	first := last()
	put(domain.ItemData{SourceRef: "vote:1", Type: domain.VoteCast, Parent: "poll:1", Target: uuid.New(), Scope: authz.TeamScope(uuid.New()), Visibility: authz.VisibilityTeam})
	put(domain.ItemData{SourceRef: "vote:2", Type: domain.VoteCast, Parent: "poll:2"})
	require.Greater(t, last(), first)
	of := func(ctx context.Context) map[string]domain.Shown {
		found, err := h.Items.ShownOf(ctx, "poll:1", "vote:1", "vote:2", "vote:3")
		require.NoError(t, err)
		return found
	}
	got := of(ctx)
	require.Len(t, got, 3)
	poll, vote := got["poll:1"], got["vote:1"]
	require.Equal(t, []domain.Sight{poll.Item.Sight()}, poll.Sights)
	require.Equal(t, []domain.Sight{vote.Item.Sight(), poll.Item.Sight()}, vote.Sights)
	require.Len(t, got["vote:2"].Sights, 1, "what it is about has not arrived")
	require.Empty(t, of(in(uuid.New())))
	h.apply(t, tenant, domain.Retract(tenant, "poll:1", start.Add(time.Hour)))
	got = of(ctx)
	require.Len(t, got, 1)
	require.Contains(t, got, "vote:2")
	h.do(t, tenant, func(ctx context.Context) error { return h.Items.LockSources(ctx, "vote:2", "vote:1", "vote:2") })
}
