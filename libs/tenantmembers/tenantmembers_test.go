package tenantmembers_test

import (
	"context"
	"testing"

	"github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/identityevents"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/tenantmembers"
)

func TestMembershipsOfTheTenantArePassedOn(t *testing.T) {
	t.Parallel()
	tenant, user := uuid.New(), uuid.New()
	ctx := reqctx.With(t.Context(), reqctx.Context{TenantID: tenant})
	told := map[uuid.UUID]bool{}
	handle := tenantmembers.Handler(func(_ context.Context, user uuid.UUID, active bool) error {
		told[user] = active
		return nil
	})
	tell := func(of uuid.UUID, status string) error {
		e := event.New()
		e.SetType(identityevents.TypeMembershipChanged)
		require.NoError(t, e.SetData(event.ApplicationJSON, identityevents.Membership{UserID: user, TenantID: of, BaseRole: identityevents.MembershipBaseRoleMember, Status: status}))
		return handle(ctx, e)
	}
	require.NoError(t, tell(tenant, identityevents.MembershipStatusActive))
	require.Equal(t, map[uuid.UUID]bool{user: true}, told)
	require.NoError(t, tell(tenant, identityevents.MembershipStatusDisabled))
	require.Equal(t, map[uuid.UUID]bool{user: false}, told)
	require.ErrorIs(t, tell(uuid.New(), identityevents.MembershipStatusActive), outbox.ErrPoison)
}
