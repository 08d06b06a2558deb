package portal_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/identityevents"
	"go.updspace.com/api/portalapi"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/pg"
	"go.updspace.com/portal"
	contentdomain "go.updspace.com/portal/content/domain"
	"go.updspace.com/tools/devkit/testkit"
)

// Names come from identity: a member has a profile before opening it, it follows the account where the user has not set a
// name, and what the user has set stays.
func TestNamesFollowTheAccount(t *testing.T) {
	t.Parallel()
	broker := testkit.NATSServer(t)
	s := startContent(t, func(c *portal.Config) { c.NATSURL = broker.URL })
	s.access.Member(s.member, contentdomain.PermissionRolesRead)
	identity := testkit.DB(t)
	publisher := outbox.NewPublisher(identity, "identity").Validating()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- outbox.NewRelay(publisher, outbox.RelayConfig{NATSURL: broker.URL}).Run(ctx) }()
	t.Cleanup(func() { cancel(); require.NoError(t, <-done) })
	tell := func(events ...outbox.Event) {
		require.NoError(t, identity.Do(pg.AcrossTenants(t.Context(), "test"), func(ctx context.Context) error { return publisher.Publish(ctx, events...) }))
	}
	account := func(kind string, user uuid.UUID, username, name string) outbox.Event {
		data := identityevents.User{UserID: user, Username: username, DisplayName: name, Status: identityevents.UserStatusActive, CreatedAt: time.Now()}
		return outbox.Event{Type: kind, Subject: data.Subject(), Data: data}
	}
	suspended := func(user uuid.UUID) outbox.Event {
		data := identityevents.UserStatus{UserID: user, Status: identityevents.UserStatusSuspended, WasStatus: identityevents.UserStatusActive}
		return outbox.Event{Type: identityevents.TypeUserSuspended, Subject: data.Subject(), Data: data}
	}
	joined := func(user uuid.UUID) outbox.Event {
		data := identityevents.Membership{
			TenantID: s.member.Tenant, UserID: user, Status: identityevents.MembershipStatusActive, BaseRole: identityevents.MembershipBaseRoleMember,
		}
		return outbox.Event{Type: identityevents.TypeMembershipChanged, Subject: data.Subject(), TenantID: data.TenantID, Data: data}
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
	tell(account(identityevents.TypeUserCreated, alice.User, "alice", "Alice"), joined(alice.User))
	got := await(alice.User, func(p portalapi.Profile) bool { return is(p.DisplayName, "Alice") })
	require.Equal(t, says("alice"), got.Username)
	require.False(t, got.CreatedAt.IsNull())

	tell(joined(twin.User), account(identityevents.TypeUserCreated, twin.User, "ALICE", "The other"))
	got = await(twin.User, func(p portalapi.Profile) bool { return is(p.DisplayName, "The other") })
	require.True(t, got.Username.IsNull(), "another user has the name here")

	s.edit(alice, portalapi.ProfileUpdate{DisplayName: says("Queen")})
	tell(suspended(alice.User), account(identityevents.TypeUserUpdated, alice.User, "alice2", "Alice again"))
	got = await(alice.User, func(p portalapi.Profile) bool { return is(p.Username, "alice2") })
	require.Equal(t, says("Queen"), got.DisplayName, "her own choice")
	require.Equal(t, got, s.mine(alice))
}

func is(n nullable.Nullable[string], text string) bool {
	got, err := n.Get()
	return err == nil && got == text
}
