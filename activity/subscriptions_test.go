package activity_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/activity/domain"
	"go.updspace.com/api/activityapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/tools/devkit/testkit/service"
)

func subscribe(t testing.TB, s *service.Service[client], by authz.Actor, scopes ...activityapi.SubscriptionScope) activityapi.Subscription {
	t.Helper()
	r, err := s.As(by).PutSubscriptionWithResponse(t.Context(), activityapi.SubscriptionUpdate{Scopes: append([]activityapi.SubscriptionScope{}, scopes...)})
	return *service.OK(t, r, err).JSON200
}

func scopeOf(kind string, id uuid.UUID) activityapi.SubscriptionScope {
	return activityapi.SubscriptionScope{ScopeType: kind, ScopeID: id.String()}
}

func TestASubscriptionLimitsTheFeed(t *testing.T) {
	s := start(t)
	reader := s.Actor(allPermissions...)
	chess, team, garden := uuid.New(), uuid.New(), uuid.New()
	learn(t, s, authz.TeamScope(team), chess)
	in := func(scope authz.Scope) string {
		return put(t, s, func(d *domain.ItemData) { d.Scope = scope }).Data().SourceRef
	}
	tenant, inChess, inTeam, inGarden := in(authz.TenantScope(s.Tenant)), in(authz.CommunityScope(chess)), in(authz.TeamScope(team)), in(authz.CommunityScope(garden))
	all := []string{inGarden, inTeam, inChess, tenant}
	feed := func() []string { return feedOf(t, s, reader, activityapi.ListFeedParams{}) }
	require.Equal(t, all, feed(), "without a subscription: the whole tenant")

	list, err := s.As(reader).ListSubscriptionsWithResponse(t.Context())
	require.Empty(t, service.OK(t, list, err).JSON200.Items)
	stored := subscribe(t, s, reader, scopeOf("community", chess), scopeOf("COMMUNITY", chess))
	require.Equal(t, []activityapi.SubscriptionScope{scopeOf("COMMUNITY", chess)}, stored.RulesJSON.Scopes)
	require.Equal(t, []any{s.Tenant, reader.User}, []any{stored.TenantID, stored.UserID})
	list, err = s.As(reader).ListSubscriptionsWithResponse(t.Context())
	require.Equal(t, []activityapi.Subscription{stored}, service.OK(t, list, err).JSON200.Items)
	require.Equal(t, []string{inTeam, inChess}, feed(), "a community has its teams in it")
	require.Equal(t, []string{inGarden}, feedOf(t, s, reader, activityapi.ListFeedParams{ScopeType: new("community"), ScopeID: new(garden.String())}), "a scope that is asked for")
	require.Equal(t, []string{inChess}, feedOf(t, s, reader, activityapi.ListFeedParams{ScopeType: new("COMMUNITY"), ScopeID: new(chess.String())}), "exactly it")
	require.Equal(t, []string{tenant}, feedOf(t, s, reader, activityapi.ListFeedParams{ScopeType: new("TENANT"), ScopeID: new(s.Tenant.String())}))
	require.Len(t, feedOf(t, s, s.Actor(allPermissions...), activityapi.ListFeedParams{}), 4, "others have their own")

	again := subscribe(t, s, reader, scopeOf("TEAM", team))
	require.Equal(t, stored.ID, again.ID)
	require.Equal(t, []string{inTeam}, feed())
	subscribe(t, s, reader, scopeOf("tenant", s.Tenant))
	require.Equal(t, all, feed())
	subscribe(t, s, reader)
	require.Equal(t, all, feed())
}

func TestASubscriptionGivesNoRights(t *testing.T) {
	s := start(t)
	chess := uuid.New()
	reader := s.Actor(domain.PermissionFeedRead)
	secret := put(t, s, func(d *domain.ItemData) {
		d.Type, d.Scope, d.Visibility = domain.NewsPosted, authz.CommunityScope(chess), authz.VisibilityCommunity
	}).Data().SourceRef
	subscribe(t, s, reader, scopeOf("COMMUNITY", chess))
	require.Empty(t, feedOf(t, s, reader, activityapi.ListFeedParams{}))
	s.Access.Grant(reader, authz.CommunityScope(chess), domain.PermissionFeedRead)
	require.Equal(t, []string{secret}, feedOf(t, s, reader, activityapi.ListFeedParams{}))
}

func TestWrongSubscriptionsNameTheField(t *testing.T) {
	s := start(t)
	c := s.As(s.Actor(allPermissions...))
	for field, scopes := range map[string][]activityapi.SubscriptionScope{
		"scopes.1.scope_type": {scopeOf("team", uuid.New()), scopeOf("planet", uuid.New())},
		"scopes.0.scope_id":   {{ScopeType: "COMMUNITY", ScopeID: "chess"}},
		"scopes.0.scope_type": {{ScopeType: strings.Repeat("x", 17), ScopeID: "chess"}},
		"scopes":              make([]activityapi.SubscriptionScope, 101),
	} {
		r, err := c.PutSubscriptionWithResponse(t.Context(), activityapi.SubscriptionUpdate{Scopes: scopes})
		service.Invalid(t, r, err, field)
	}
}
