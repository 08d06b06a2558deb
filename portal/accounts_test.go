package portal_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/testkit"
	"go.updspace.com/portal"
	"go.updspace.com/portal/domain"
)

// Names arrive from identity: a member has a profile before he ever opens it, it follows his account where he has not
// chosen for himself, and what he has chosen stays.
func TestNamesFollowTheAccount(t *testing.T) {
	broker := testkit.NATSServer(t)
	s := startContent(t, func(c *portal.Config) { c.NATSURL = broker.URL })
	s.access.Member(s.member.User, domain.PermissionRolesRead)
	identity := testkit.DB(t)
	publisher := outbox.NewPublisher(identity, "identity")
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- outbox.NewRelay(publisher, outbox.RelayConfig{NATSURL: broker.URL}).Run(ctx) }()
	t.Cleanup(func() { cancel(); require.NoError(t, <-done) })
	tell := func(events ...outbox.Event) {
		require.NoError(t, identity.Do(pg.AcrossTenants(t.Context(), "test"), func(ctx context.Context) error { return publisher.Publish(ctx, events...) }))
	}
	account := func(kind string, user uuid.UUID, username, name string) outbox.Event {
		return outbox.Event{Type: kind, Subject: "user/" + user.String(), Data: map[string]any{
			"user_id": user, "username": username, "display_name": name, "status": "active", "created_at": time.Now(),
		}}
	}
	joined := func(user uuid.UUID) outbox.Event {
		return outbox.Event{Type: "identity.membership.changed", Subject: "user/" + user.String(), TenantID: s.member.Tenant, Data: map[string]any{
			"tenant_id": s.member.Tenant, "user_id": user, "status": "active", "base_role": "member",
		}}
	}
	await := func(user uuid.UUID, want func(portalapi.Profile) bool) (got portalapi.Profile) {
		require.Eventually(t, func() bool {
			r, err := s.as(s.member).GetProfileWithResponse(context.Background(), user)
			if err != nil || r.JSON200 == nil {
				return false
			}
			got = *r.JSON200
			return want(got)
		}, time.Minute, 20*time.Millisecond)
		return got
	}
	alice, twin := s.colleague(), s.colleague()
	tell(account("identity.user.created", alice.User, "alice", "Alice"), joined(alice.User))
	got := await(alice.User, func(p portalapi.Profile) bool { return is(p.DisplayName, "Alice") })
	require.Equal(t, says("alice"), got.Username)
	require.False(t, got.CreatedAt.IsNull())

	tell(joined(twin.User), account("identity.user.created", twin.User, "ALICE", "The other"))
	got = await(twin.User, func(p portalapi.Profile) bool { return is(p.DisplayName, "The other") })
	require.True(t, got.Username.IsNull(), "the name is somebody else's here")

	s.edit(alice, portalapi.ProfileUpdate{DisplayName: says("Queen")})
	tell(account("identity.user.suspended", alice.User, "never", "Never"), account("identity.user.updated", alice.User, "alice2", "Alice again"))
	got = await(alice.User, func(p portalapi.Profile) bool { return is(p.Username, "alice2") })
	require.Equal(t, says("Queen"), got.DisplayName, "her own choice")
	require.Equal(t, got, s.mine(alice))
}

func is(n nullable.Nullable[string], text string) bool {
	got, err := n.Get()
	return err == nil && got == text
}
