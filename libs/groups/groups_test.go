package groups_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit/memory"
	"go.updspace.com/tools/devkit/testkit/suites"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	suites.Groups(t, func(*testing.T) (groups.Store, suites.Transactions) {
		db := memory.New()
		return memory.NewGroups(db), db
	})
}

func TestOnlyActiveGroupsTakeSomethingNew(t *testing.T) {
	t.Parallel()
	community := authz.CommunityScope(uuid.New())
	store := memory.NewGroups(memory.New())
	ctx := reqctx.With(context.Background(), reqctx.Context{TenantID: uuid.New()})
	require.ErrorIs(t, groups.RequireActive(ctx, store, community), groups.ErrUnknown)
	for _, c := range []struct {
		state groups.State
		want  error
	}{{groups.Active, nil}, {groups.Archived, groups.ErrArchived}, {groups.Deleted, groups.ErrUnknown}} {
		require.NoError(t, store.Put(ctx, groups.Group{Scope: community, Community: community.ID, State: c.state}))
		require.ErrorIs(t, groups.RequireActive(ctx, store, community), c.want)
	}
	require.NoError(t, groups.RequireActive(ctx, store, authz.TenantScope(uuid.New())))
	require.ErrorIs(t, groups.Group{}.RequireActive(), groups.ErrUnknown)
}
