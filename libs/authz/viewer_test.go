package authz_test

import (
	"context"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/authz"
)

// Only the audience of a community or a team is for access to know.
func TestChecksOfAnAudience(t *testing.T) {
	t.Parallel()
	tenant := authz.TenantScope(uuid.New())
	for _, c := range []struct {
		audience authz.Audience
		want     authz.Visibility
	}{
		{authz.Audience{Scope: tenant, Visibility: authz.VisibilityPublic}, ""},
		{authz.Audience{Scope: tenant, Visibility: authz.VisibilityCommunity}, ""},
		{authz.Audience{Scope: authz.CommunityScope(community), Visibility: authz.VisibilityPublic}, ""},
		{authz.Audience{Scope: authz.CommunityScope(community), Visibility: authz.VisibilityCommunity}, authz.VisibilityCommunity},
		{authz.Audience{Scope: authz.CommunityScope(community), Visibility: authz.VisibilityPrivate}, ""},
		{authz.Audience{Scope: authz.TeamScope(team), Visibility: authz.VisibilityTeam}, authz.VisibilityTeam},
	} {
		require.Equal(t, authz.Check{Permission: "x.y.read", Scope: c.audience.Scope, Visibility: c.want}, c.audience.Check("x.y.read"))
	}
}

// allowing is a Checker that allows a list of checks, and counts the calls.
type allowing struct {
	holding
	checks []authz.Check
	calls  int
}

func (a *allowing) CheckAll(_ context.Context, checks []authz.Check) ([]bool, error) {
	a.calls++
	answers := make([]bool, len(checks))
	for i, check := range checks {
		answers[i] = slices.Contains(a.checks, check)
	}
	return answers, nil
}

func TestAViewerHoldsWhatAccessAllows(t *testing.T) {
	t.Parallel()
	me := authz.Actor{Tenant: uuid.New(), User: uuid.New()}
	tenant, chess, garden := authz.TenantScope(me.Tenant), authz.CommunityScope(uuid.New()), authz.CommunityScope(uuid.New())
	members, guests, mine := authz.Audience{Scope: chess, Visibility: authz.VisibilityCommunity},
		authz.Audience{Scope: garden, Visibility: authz.VisibilityPublic}, authz.Audience{Scope: chess, Visibility: authz.VisibilityPrivate}
	query := authz.ViewerQuery{
		Read: "x.y.read", Also: []authz.Permission{"x.y.manage"}, Scope: tenant, Audiences: []authz.Audience{members, mine, guests},
	}
	access := &allowing{checks: []authz.Check{
		{Permission: "x.y.read", Scope: chess}, {Permission: "x.y.manage", Scope: chess}, {Permission: "x.y.manage", Scope: garden}, members.Check("x.y.read"),
	}}
	viewer, err := authz.RequireViewer(t.Context(), access, me, query)
	require.NoError(t, err)
	require.Equal(t, 1, access.calls)
	require.Equal(t, authz.Viewer{
		Actor:     me,
		Holds:     map[authz.Permission][]authz.Scope{"x.y.read": {chess}, "x.y.manage": {chess}}, // to manage needs to read
		Audiences: []authz.Audience{members},
	}, viewer)
	require.True(t, viewer.Has("x.y.manage", chess) && viewer.In(members))
	require.False(t, viewer.Has("x.y.manage", garden) || viewer.In(guests) || viewer.In(mine))

	query.Named = true
	_, err = authz.RequireViewer(t.Context(), access, me, query)
	require.ErrorIs(t, err, authz.ErrDenied, "the caller named the tenant and cannot read there")
	_, err = authz.RequireViewer(t.Context(), &allowing{}, me, authz.ViewerQuery{Read: "x.y.read", Scope: tenant})
	require.ErrorIs(t, err, authz.ErrDenied, "the caller can read nowhere")
	_, err = authz.RequireViewer(t.Context(), failing{}, me, query)
	require.ErrorIs(t, err, errAway)
}
