package suites

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/reqctx"
)

// Groups tests an implementation of the store of groups. open returns an empty one and its transactions.
func Groups(t *testing.T, open func(t *testing.T) (groups.Store, Transactions)) {
	store, tx := open(t)
	in := func(tenant uuid.UUID) context.Context {
		return reqctx.With(context.Background(), reqctx.Context{TenantID: tenant})
	}
	ctx, other := in(uuid.New()), in(uuid.New())
	community, team, elsewhere := authz.CommunityScope(uuid.New()), authz.TeamScope(uuid.New()), authz.CommunityScope(uuid.New())
	group := func(scope authz.Scope, state groups.State) groups.Group {
		parent := community.ID
		if scope.Type == authz.ScopeCommunity {
			parent = scope.ID
		}
		return groups.Group{Scope: scope, Community: parent, State: state}
	}
	put := func(scope authz.Scope, state groups.State) {
		t.Helper()
		require.NoError(t, tx.Do(ctx, func(ctx context.Context) error { return store.Put(ctx, group(scope, state)) }))
	}
	find := func(ctx context.Context, scope authz.Scope) (found groups.Group, err error) {
		err = tx.Do(ctx, func(ctx context.Context) (err error) {
			found, err = store.FindShared(ctx, scope)
			return err
		})
		return found, err
	}
	has := func(scope authz.Scope, state groups.State, why ...any) {
		t.Helper()
		found, err := find(ctx, scope)
		require.NoError(t, err)
		require.Equal(t, group(scope, state), found, why...)
	}
	unknown := func(ctx context.Context, scope authz.Scope) {
		t.Helper()
		_, err := find(ctx, scope)
		require.ErrorIs(t, err, groups.ErrUnknown)
	}

	unknown(ctx, community)
	for _, scope := range []authz.Scope{community, team, elsewhere} {
		put(scope, groups.Active)
	}
	unknown(other, community)
	put(team, groups.Archived)
	has(team, groups.Archived)
	put(team, groups.Active)
	has(team, groups.Active)
	has(community, groups.Active)
	put(community, groups.Deleted)
	has(community, groups.Deleted)
	has(team, groups.Deleted, "the teams of a deleted community are deleted")
	has(elsewhere, groups.Active)
	put(community, groups.Active)
	has(community, groups.Deleted, "what is deleted stays deleted")
}

// Transactions makes one transaction of several calls.
type Transactions interface {
	Do(ctx context.Context, fn func(ctx context.Context) error) error
}
