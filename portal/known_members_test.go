package portal_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/testkit"
	"go.updspace.com/portal"
	store "go.updspace.com/portal/adapters/pg"
	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports/portstest"
)

// Only members of the tenant are brought into a group. Identity tells who is one, and who is none any more; whoever comes
// himself needs nobody to tell.
func TestOnlyMembersOfTheTenantAreBroughtIn(t *testing.T) {
	broker := testkit.NATSServer(t)
	s := start(t, func(c *portal.Config) { c.NATSURL = broker.URL })
	c := s.community(portalapi.JoinPolicyOpen)
	team := s.team(c.ID, portalapi.JoinPolicyInvite)
	identity := testkit.DB(t)
	publisher := outbox.NewPublisher(identity, "identity")
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
				return owner.ChangeTeamMembersWithResponse(context.Background(), team.ID, portalapi.MemberChange{UserID: &user})
			},
			"added to a community": func() (answer, error) {
				return owner.ChangeCommunityMembersWithResponse(context.Background(), c.ID, portalapi.MemberChange{UserID: &user})
			},
			"invited into a team": func() (answer, error) {
				return owner.CreateTeamInviteWithResponse(context.Background(), team.ID, portalapi.InviteCreate{UserID: user})
			},
			"invited into a community": func() (answer, error) {
				return owner.CreateCommunityInviteWithResponse(context.Background(), c.ID, portalapi.InviteCreate{UserID: user})
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
	await := func(who domain.Actor, member bool) { // by looking, which changes nothing
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

	// who is none any more stays what he is, until somebody removes him, and does not come back
	tell(s.admin.Tenant, stranger.User, "disabled")
	await(stranger, false)
	refusedTeam, err := ways(stranger.User)["added to a team"]()
	refused(t, http.StatusUnprocessableEntity, "VALIDATION_ERROR", refusedTeam, err)
	r, err := owner.SetCommunityMemberRoleWithResponse(t.Context(), c.ID, stranger.User, portalapi.RoleChange{Role: portalapi.RoleModerator})
	fine(t, r, err)
	succeeds(ways(stranger.User)["added to a community"]())
	removed, err := owner.RemoveCommunityMemberWithResponse(t.Context(), c.ID, stranger.User)
	fine(t, removed, err)
	unknown(stranger.User)
	tell(s.admin.Tenant, stranger.User, "active")
	await(stranger, true)
	succeeds(ways(stranger.User)["added to a team"]())

	newcomer := portstest.Colleague(s.admin) // of whom nobody has told yet
	joined, err := s.as(newcomer).JoinCommunityWithResponse(t.Context(), c.ID)
	fine(t, joined, err)
}
