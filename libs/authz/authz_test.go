package authz_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
)

var (
	community, team = uuid.New(), uuid.New()
	read            = authz.Check{Permission: "portal.posts.read", Scope: authz.CommunityScope(community)}
	assign          = authz.Check{Permission: "gamification.achievements.assign", Scope: authz.CommunityScope(community)}
)

// holding is a Checker that allows a fixed set of permissions everywhere.
type holding map[authz.Permission]bool

func (h holding) Check(_ context.Context, c authz.Check) (bool, error) { return h[c.Permission], nil }

func (h holding) CheckAll(_ context.Context, checks []authz.Check) ([]bool, error) {
	answers := make([]bool, len(checks))
	for i, c := range checks {
		answers[i] = h[c.Permission]
	}
	return answers, nil
}

func (h holding) AllowedScopes(context.Context, []authz.ScopeQuery) ([]authz.AllowedScopes, error) {
	return nil, nil
}

// failing is a Checker without decisions.
type failing struct{ holding }

var errAway = errs.Unavailablef("away")

func (failing) Check(context.Context, authz.Check) (bool, error)        { return true, errAway }
func (failing) CheckAll(context.Context, []authz.Check) ([]bool, error) { return nil, errAway }

func TestADenialNamesTheDeclaredPermission(t *testing.T) {
	ctx := t.Context()
	require.NoError(t, authz.Require(ctx, holding{"portal.posts.read": true}, read))

	err := authz.Require(ctx, holding{}, read)
	require.ErrorIs(t, err, authz.ErrDenied)
	require.Equal(t, map[string]any{"permission": "portal.posts.read"}, detailsOf(t, err))

	for _, held := range []authz.Permission{read.Permission, assign.Permission} {
		require.NoError(t, authz.RequireAny(ctx, holding{held: true}, read, assign))
	}
	err = authz.RequireAny(ctx, holding{}, read, assign)
	require.Equal(t, errs.Forbidden, errs.KindOf(err))
	require.Equal(t, map[string]any{
		"permission": "portal.posts.read", "any_of": []string{"portal.posts.read", "gamification.achievements.assign"},
	}, detailsOf(t, err))
}

func TestNoDecisionIsNotADenial(t *testing.T) {
	require.ErrorIs(t, authz.Require(t.Context(), failing{}, read), errAway)
	require.ErrorIs(t, authz.RequireAny(t.Context(), failing{}, read, assign), errAway)
}

func detailsOf(t *testing.T, err error) map[string]any {
	t.Helper()
	var e *errs.Error
	require.ErrorAs(t, err, &e)
	return e.Details
}

func TestVisibilityFitsTheScope(t *testing.T) {
	all := []authz.ScopeType{authz.ScopeTenant, authz.ScopeCommunity, authz.ScopeTeam, "EVENT"}
	for visibility, fits := range map[authz.Visibility][]authz.ScopeType{
		authz.VisibilityPublic:    all,
		authz.VisibilityPrivate:   all,
		authz.VisibilityCommunity: {authz.ScopeTenant, authz.ScopeCommunity},
		authz.VisibilityTeam:      {authz.ScopeTeam},
		"":                        nil,
		"secret":                  nil,
	} {
		for _, scope := range all {
			why := visibility.Fits(scope)
			require.Equal(t, contains(fits, scope), why.None(), "%s in %s: %s", visibility, scope, why)
		}
	}
	require.True(t, authz.ScopeService.Valid())
	require.False(t, authz.ScopeType("EVENT").Valid())
}

func contains(list []authz.ScopeType, t authz.ScopeType) bool {
	for _, other := range list {
		if other == t {
			return true
		}
	}
	return false
}

func TestAllowedScopesContainTheTeamsOfTheirCommunities(t *testing.T) {
	other := uuid.New()
	require.True(t, authz.AllowedScopes{}.None())
	everywhere := authz.AllowedScopes{Everywhere: true}
	require.True(t, everywhere.InTenant() && everywhere.InCommunity(other) && everywhere.InTeam(uuid.Nil, other) && !everywhere.None())
	tenant := authz.AllowedScopes{Tenant: true}
	require.True(t, tenant.InTenant() && !tenant.None())
	require.False(t, tenant.InCommunity(other) || tenant.InTeam(other, other))
	some := authz.AllowedScopes{Communities: []uuid.UUID{community}, Teams: []uuid.UUID{team}}
	require.True(t, some.InCommunity(community) && some.InTeam(community, other) && some.InTeam(other, team) && some.InTeam(uuid.Nil, team))
	require.False(t, some.InTenant() || some.InCommunity(other) || some.InTeam(uuid.Nil, other) || some.InTeam(other, other) || some.None())
}

func TestScopesReadAsText(t *testing.T) {
	require.Equal(t, "GLOBAL", authz.Scope{Type: authz.ScopeGlobal}.String())
	require.Equal(t, "TEAM "+team.String(), authz.TeamScope(team).String())
	tenant := uuid.New()
	require.Equal(t, authz.Scope{Type: authz.ScopeTenant, ID: tenant}, authz.TenantScope(tenant))
}

func TestForAddsVisibilityAndOwner(t *testing.T) {
	owner := uuid.New()
	require.Equal(t, authz.Check{Permission: read.Permission, Scope: read.Scope, Visibility: authz.VisibilityPrivate, Owner: owner},
		read.For(authz.VisibilityPrivate, owner))
}

func TestAllowAll(t *testing.T) {
	t.Parallel()
	var checker authz.Checker = authz.AllowAll{}
	allowed, err := checker.Check(t.Context(), authz.Check{})
	require.NoError(t, err)
	require.True(t, allowed)
	all, err := checker.CheckAll(t.Context(), make([]authz.Check, 2))
	require.NoError(t, err)
	require.Equal(t, []bool{true, true}, all)
	scopes, err := checker.AllowedScopes(t.Context(), make([]authz.ScopeQuery, 1))
	require.NoError(t, err)
	require.Equal(t, []authz.AllowedScopes{{Everywhere: true}}, scopes)
}

func TestFurtherPermissionsComeWithTheChecks(t *testing.T) {
	t.Parallel()
	access := &allowing{checks: []authz.Check{read, {Permission: "x.y.manage", Scope: read.Scope}}}
	answers, held, err := authz.CheckAlso(t.Context(), access, []authz.Check{read, assign}, read.Scope, "x.y.manage", "x.y.delete")
	require.NoError(t, err)
	require.Equal(t, []bool{true, false}, answers)
	require.Equal(t, map[authz.Permission]bool{"x.y.manage": true, "x.y.delete": false}, held)
	require.Equal(t, 1, access.calls)
	_, _, err = authz.CheckAlso(t.Context(), failing{}, nil, read.Scope)
	require.ErrorIs(t, err, errAway)
}
