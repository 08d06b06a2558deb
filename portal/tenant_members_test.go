package portal_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/pg"
	"go.updspace.com/portal"
	store "go.updspace.com/portal/adapters/pg"
	"go.updspace.com/portal/ports/portstest"
	"go.updspace.com/tools/devkit/testkit"
)

// Only members of the tenant become members of a group, and stay members of it. Identity's events say who is one.
func TestOnlyMembersOfTheTenantAreMembersOfGroups(t *testing.T) {
	t.Parallel()
	broker := testkit.NATSServer(t)
	s := start(t, func(c *portal.Config) { c.NATSURL = broker.URL })
	c := s.community(portalapi.JoinPolicyOpen)
	team := s.team(c.ID, portalapi.JoinPolicyInvite)
	identity := testkit.DB(t)
	publisher := outbox.NewPublisher(identity, "identity").Validating()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- outbox.NewRelay(publisher, outbox.RelayConfig{NATSURL: broker.URL}).Run(ctx) }()
	t.Cleanup(func() { cancel(); require.NoError(t, <-done) })
	tell := func(tenant, user uuid.UUID, status string) {
		t.Helper()
		require.NoError(t, identity.Do(pg.AcrossTenants(t.Context(), "test"), func(ctx context.Context) error {
			return publisher.Publish(ctx, outbox.Event{
				Type: "identity.membership.changed", Subject: "user/" + user.String(), TenantID: tenant,
				Data: map[string]any{"tenant_id": tenant, "user_id": user, "status": status, "base_role": "member"},
			})
		}))
	}
	owner := s.as(s.owner)
	ways := func(user uuid.UUID) map[string]func() (answer, error) {
		return map[string]func() (answer, error){
			"added to a team": func() (answer, error) {
				return owner.AddGroupMemberWithResponse(context.Background(), team.ID, portalapi.MemberCreate{UserID: user})
			},
			"added to a community": func() (answer, error) {
				return owner.AddGroupMemberWithResponse(context.Background(), c.ID, portalapi.MemberCreate{UserID: user})
			},
			"invited into a team": func() (answer, error) {
				return owner.CreateInviteWithResponse(context.Background(), team.ID, portalapi.InviteCreate{UserID: user})
			},
			"invited into a community": func() (answer, error) {
				return owner.CreateInviteWithResponse(context.Background(), c.ID, portalapi.InviteCreate{UserID: user})
			},
		}
	}
	unknown := func(user uuid.UUID) {
		t.Helper()
		for way, try := range ways(user) {
			r, err := try()
			refused(t, http.StatusUnprocessableEntity, "VALIDATION_ERROR", r, err)
			require.Contains(t, envelopeOf(r).Error.Details.Fields, "user_id", way)
		}
	}
	profiles := store.NewProfiles(s.db)
	await := func(who authz.Actor, member bool) { // by looking, which changes nothing
		t.Helper()
		require.Eventually(t, func() bool {
			profile, err := profiles.Find(portstest.As(context.Background(), who), who.User)
			return err == nil && profile.Data().Member == member
		}, time.Minute, 20*time.Millisecond)
	}
	succeeds := func(r answer, err error) {
		t.Helper()
		fine(t, r, err)
	}
	stranger, invited, foreign := portstest.Colleague(s.admin), portstest.Colleague(s.admin), portstest.Someone()
	for _, user := range []authz.Actor{stranger, invited} {
		s.access.Member(user, portstest.MemberPermissions...)
	}
	unknown(stranger.User)
	tell(foreign.Tenant, foreign.User, "active")
	tell(s.admin.Tenant, stranger.User, "active")
	tell(s.admin.Tenant, invited.User, "active")
	await(foreign, true)
	await(stranger, true)
	await(invited, true)
	succeeds(ways(stranger.User)["added to a community"]())
	succeeds(ways(invited.User)["invited into a community"]())
	succeeds(ways(invited.User)["invited into a team"]())
	unknown(foreign.User) // a member, but of another tenant

	// The group memberships of a user end with the tenant membership, and pending join requests and invitations are closed.
	byRequest := s.community(portalapi.JoinPolicyRequest)
	request, err := s.as(stranger).CreateJoinRequestWithResponse(t.Context(), byRequest.ID, portalapi.JoinRequestCreate{})
	fine(t, request, err)
	owned := s.community(portalapi.JoinPolicyOpen)
	s.put(owned.ID, stranger, portalapi.RoleOwner)
	tell(s.admin.Tenant, stranger.User, "disabled")
	await(stranger, false)
	require.Empty(t, s.role(stranger, c.ID))
	require.Empty(t, s.role(stranger, owned.ID))
	requests, err := owner.ListJoinRequestsWithResponse(t.Context(), byRequest.ID, nil)
	require.Equal(t, portalapi.RequestStatusCancelled, fine(t, requests, err).JSON200.Items[0].Status)
	unknown(stranger.User)
	joined, err := s.as(stranger).JoinGroupWithResponse(t.Context(), c.ID)
	refused(t, http.StatusConflict, "NOT_TENANT_MEMBER", joined, err)
	tell(s.admin.Tenant, stranger.User, "active")
	await(stranger, true)
	succeeds(ways(stranger.User)["added to a team"]())

	// A join request is approved, and a link or an invitation is used, for members of the tenant only.
	asked, err := s.as(invited).CreateJoinRequestWithResponse(t.Context(), byRequest.ID, portalapi.JoinRequestCreate{})
	fine(t, asked, err)
	link, err := owner.CreateInviteLinkWithResponse(t.Context(), byRequest.ID, portalapi.InviteLinkCreate{})
	fine(t, link, err)
	require.NoError(t, s.db.Do(portstest.As(t.Context(), invited), func(ctx context.Context) error { // before the event closes the request
		profile, err := profiles.Lock(ctx, invited.User)
		require.NoError(t, err)
		profile = profile.AsMember(false)
		return profiles.Save(ctx, profile)
	}))
	approved, err := owner.ApproveJoinRequestWithResponse(t.Context(), byRequest.ID, asked.JSON201.ID)
	refused(t, http.StatusConflict, "NOT_TENANT_MEMBER", approved, err)
	used, err := s.as(invited).AcceptInviteLinkWithResponse(t.Context(), portalapi.InviteLinkToken{Token: link.JSON201.Token})
	refused(t, http.StatusConflict, "NOT_TENANT_MEMBER", used, err)

	newcomer := portstest.Colleague(s.admin) // whom no event has reported yet
	s.access.Member(newcomer, portstest.MemberPermissions...)
	joined, err = s.as(newcomer).JoinGroupWithResponse(t.Context(), c.ID)
	fine(t, joined, err)
}
