package access_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/uuid"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/commonapi"
	"go.updspace.com/api/events"
	"go.updspace.com/api/identityevents"
	"go.updspace.com/api/portalevents"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/tools/devkit/testkit"
)

// publish sends an event as the relay of another service would. The event must match its document.
func publish(t *testing.T, js jetstream.JetStream, typ string, tenant uuid.UUID, data interface{ Subject() string }) {
	t.Helper()
	source, _, _ := strings.Cut(typ, ".")
	family, err := events.Of(source)
	require.NoError(t, err)
	e := event.New()
	e.SetID(uuid.NewString())
	e.SetSource(source)
	e.SetType(typ)
	e.SetSubject(data.Subject())
	e.SetTime(time.Now())
	e.SetExtension(outbox.ExtTenant, tenant.String())
	require.NoError(t, e.SetData(event.ApplicationJSON, data))
	require.NoError(t, family.Validate(typ, data.Subject(), e.Data()))
	body, err := json.Marshal(e)
	require.NoError(t, err)
	_, err = js.Publish(context.Background(), "updspace."+typ, body)
	require.NoError(t, err)
}

func TestWhatOthersTellBecomesRights(t *testing.T) {
	t.Parallel()
	url := testkit.NATS(t)
	s := startWith(t, recycled(t), url)
	nc, err := outbox.Connect(url, "test", slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	t.Cleanup(nc.Close)
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	require.NoError(t, outbox.EnsureStreams(context.Background(), js))

	owner, p, community, team := stranger(aef), stranger(aef), uuid.New(), uuid.New()
	ref := "community:" + community.String()
	member := portalevents.Membership{
		ScopeType: portalevents.MembershipScopeTypeCommunity, ScopeID: community, CommunityID: community, ScopeName: "Chess", UserID: p.user,
		Visibility: portalevents.MembershipVisibilityCommunity, Role: portalevents.MembershipRoleOwner, Version: 1, ActorID: p.user, SourceRef: ref,
	}
	tenantMember := func(user uuid.UUID, status, role string) identityevents.Membership {
		return identityevents.Membership{TenantID: aef, UserID: user, Status: status, BaseRole: role}
	}
	publish(t, js, identityevents.TypeMembershipChanged, aef, tenantMember(owner.user, "active", "owner"))
	publish(t, js, identityevents.TypeUserBanned, aef, identityevents.UserStatus{UserID: owner.user, Status: "banned", WasStatus: "active"}) // not consumed
	publish(t, js, portalevents.TypeMembershipAdded, aef, member)
	publish(t, js, portalevents.TypeTeamCreated, aef, portalevents.Team{
		TeamID: team, CommunityID: community, Name: "Openings", JoinPolicy: portalevents.TeamJoinPolicyOpen, ScopeType: portalevents.TeamScopeTypeTeam,
		ScopeID: team, Visibility: portalevents.TeamVisibilityCommunity, CreatedBy: p.user, ActorID: p.user, SourceRef: "team:" + team.String(),
	})

	manage := question("portal.teams.manage", commonapi.ScopeTypeTEAM, team.String())
	require.Eventually(t, func() bool { return s.decide(p, manage).Allowed }, 20*time.Second, 5*time.Millisecond)
	require.True(t, s.decide(owner, inTenant("portal.role_bindings.write", owner)).Allowed)
	require.Equal(t, 6, s.count(aef, "SELECT count(*) FROM audit_entries WHERE metadata ->> 'via' = 'bootstrap'"))

	// the only administrator leaves; another owner or admin takes over
	heir := stranger(aef)
	publish(t, js, identityevents.TypeMembershipChanged, aef, tenantMember(owner.user, "disabled", "owner"))
	publish(t, js, identityevents.TypeMembershipChanged, aef, tenantMember(heir.user, "active", "admin"))
	require.Eventually(t, func() bool { return s.decide(heir, inTenant("portal.role_bindings.write", heir)).Allowed }, 20*time.Second, 5*time.Millisecond)
	s.refused(s.erase(gateway(aef), heir.user), 409, "LAST_ADMIN")
	require.True(t, s.erased(gateway(aef), owner.user).Complete)

	publish(t, js, portalevents.TypeCommunityDeleted, aef, portalevents.Community{
		CommunityID: community, Name: "Chess", JoinPolicy: portalevents.CommunityJoinPolicyOpen, ScopeType: portalevents.CommunityScopeTypeCommunity,
		ScopeID: community, Visibility: portalevents.CommunityVisibilityPublic, CreatedBy: p.user, ActorID: p.user, SourceRef: ref,
	})
	require.Eventually(t, func() bool { return !s.decide(p, manage).Allowed }, 20*time.Second, 5*time.Millisecond)
}
