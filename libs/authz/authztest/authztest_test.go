package authztest_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/authz/authztest"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit"
)

const (
	read   authz.Permission = "portal.posts.read"
	manage authz.Permission = "portal.posts.manage"
	vote   authz.Permission = "voting.vote.cast"
)

func newActor() authz.Actor { return authz.Actor{Tenant: uuid.New(), User: uuid.New()} }

func as(actor authz.Actor, flags ...reqctx.Flags) context.Context {
	rc := reqctx.Context{RequestID: uuid.NewString(), TenantID: actor.Tenant, TenantSlug: "aef", UserID: actor.User, Flags: reqctx.Flags{MembershipStatus: "active"}}
	for _, f := range flags {
		rc.Flags = f
	}
	return reqctx.With(context.Background(), rc)
}

// remote is the real client, calling the fake through HTTP as portal.
func remote(t *testing.T, a *authztest.Access) *accessclient.Client {
	t.Helper()
	signer, err := testkit.Keyring().Signer("portal", "access")
	require.NoError(t, err)
	url := authztest.Serve(t, a, testkit.Keyring().Verifier("access"), "portal")
	client, err := accessclient.New(accessclient.Config{URL: url, Budget: 10 * time.Second}, signer.Transport)
	require.NoError(t, err)
	return client
}

func TestTheServerDecidesAsTheFakeDoes(t *testing.T) {
	var fake authztest.Access
	client, actor := remote(t, &fake), newActor()
	community, team := uuid.New(), uuid.New()
	fake.Team(team, community)
	fake.Grant(actor, authz.CommunityScope(community), read, vote)
	other := authz.Actor{Tenant: actor.Tenant, User: uuid.New()}
	checks := []authz.Check{
		{Permission: read, Scope: authz.CommunityScope(community)},
		{Permission: read, Scope: authz.TeamScope(team), Visibility: authz.VisibilityTeam},
		{Permission: read, Scope: authz.TenantScope(actor.Tenant)},
		{Permission: read, Scope: authz.TeamScope(team), Visibility: authz.VisibilityPrivate, Owner: actor.User},
		{Permission: read, Scope: authz.TeamScope(team), Visibility: authz.VisibilityPrivate, Owner: other.User},
		{Permission: manage, Scope: authz.CommunityScope(community)},
		{Permission: read, Scope: authz.Scope{Type: authz.ScopeGlobal}},
	}
	want := []bool{true, true, false, true, false, false, false}
	for name, checker := range map[string]authz.Checker{"fake": &fake, "client": client} {
		answers, err := checker.CheckAll(as(actor), checks)
		require.NoError(t, err, name)
		require.Equal(t, want, answers, name)
		seen, calls := fake.TakeChecks()
		require.Equal(t, checks, seen, name)
		require.Equal(t, 1, calls, name)

		allowed, err := checker.Check(as(actor), checks[0])
		require.NoError(t, err, name)
		require.True(t, allowed, name)
		allowed, err = checker.Check(as(other), checks[0])
		require.NoError(t, err, name)
		require.False(t, allowed, name)

		scopes, err := checker.AllowedScopes(as(actor), []authz.ScopeQuery{{Permission: read, Visibility: authz.VisibilityCommunity}})
		require.NoError(t, err, name)
		require.Len(t, scopes, 1, name)
		require.Equal(t, []uuid.UUID{community}, scopes[0].Communities, name)
		require.Empty(t, scopes[0].Teams, name)
		fake.TakeChecks()
	}
	for name, checker := range map[string]interface {
		AllowedUsers(ctx context.Context, check authz.Check, users []uuid.UUID) ([]uuid.UUID, error)
	}{"fake": &fake, "client": client} {
		allowed, err := checker.AllowedUsers(reqctx.With(t.Context(), reqctx.Context{TenantID: actor.Tenant}), checks[1], []uuid.UUID{other.User, actor.User})
		require.NoError(t, err, name)
		require.Equal(t, []uuid.UUID{actor.User}, allowed, name)
		_, calls := fake.TakeChecks()
		require.Equal(t, 1, calls, name)
	}
	effective, err := client.Effective(as(actor), authz.CommunityScope(community))
	require.NoError(t, err)
	require.Equal(t, []string{string(read), string(vote)}, effective.Permissions)
	require.Equal(t, []string{"portal:granted", "voting:granted"}, effective.Roles)
}

func TestChangesOfFactsCountAtOnce(t *testing.T) {
	var fake authztest.Access
	actor := newActor()
	ctx := as(actor)
	tenant := authz.TenantScope(actor.Tenant)
	allowed := func(p authz.Permission) bool {
		t.Helper()
		ok, err := fake.Check(ctx, authz.Check{Permission: p, Scope: tenant})
		require.NoError(t, err)
		return ok
	}
	require.False(t, allowed(read))
	fake.Member(actor, read, vote)
	require.True(t, allowed(read) && allowed(vote))
	fake.Revoke(actor, read)
	require.True(t, !allowed(read) && allowed(vote))
	fake.GrantAdmin(actor, tenant)
	require.True(t, allowed(read) && allowed(manage))
	fake.Deny(actor, read)
	require.False(t, allowed(read))
	fake.EndOverrides(actor, read)
	require.True(t, allowed(read))
	fake.Unbind(actor, tenant)
	require.False(t, allowed(manage))
	fake.Allow(actor, manage)
	require.True(t, allowed(manage))
	fake.Forget(actor)
	require.False(t, allowed(manage) || allowed(vote))
	fake.Catalogue(read)
	fake.GrantAdmin(actor, tenant)
	require.True(t, allowed(read) && !allowed(manage))
}

func TestAnOutageIsNoDecision(t *testing.T) {
	var fake authztest.Access
	actor := newActor()
	fake.GrantAdmin(actor, authz.TenantScope(actor.Tenant))
	fake.Fail(authztest.Unavailable)
	for _, checker := range []authz.Checker{&fake, remote(t, &fake)} {
		_, err := checker.Check(as(actor), authz.Check{Permission: read, Scope: authz.TenantScope(actor.Tenant)})
		require.Equal(t, errs.Unavailable, errs.KindOf(err))
		_, err = checker.AllowedScopes(as(actor), []authz.ScopeQuery{{Permission: read}})
		require.Equal(t, errs.Unavailable, errs.KindOf(err))
	}
	fake.Fail(nil)
	ran := 0
	fake.AfterNext(func() { ran++ })
	for range 2 {
		_, err := fake.Check(as(actor), authz.Check{Permission: read, Scope: authz.TenantScope(actor.Tenant)})
		require.NoError(t, err)
	}
	require.Equal(t, 1, ran)
}

func TestOnlyTheServiceUnderTestIsAnswered(t *testing.T) {
	var fake authztest.Access
	url := authztest.Serve(t, &fake, testkit.Keyring().Verifier("access"), "portal")
	signer, err := testkit.Keyring().Signer("voting", "access")
	require.NoError(t, err)
	for name, sign := range map[string]func(http.RoundTripper) http.RoundTripper{
		"another service": signer.Transport,
		"no signature":    func(next http.RoundTripper) http.RoundTripper { return next },
	} {
		client, err := accessclient.New(accessclient.Config{URL: url, Budget: 10 * time.Second}, sign)
		require.NoError(t, err)
		_, err = client.Check(as(newActor()), authz.Check{Permission: read, Scope: authz.TenantScope(uuid.New())})
		require.Equal(t, errs.Internal, errs.KindOf(err), name)
	}
}

func TestMembershipsBecomeRoles(t *testing.T) {
	var fake authztest.Access
	fake.MembershipRoles([]authz.Permission{manage}, []authz.Permission{read})
	client, actor := remote(t, &fake), newActor()
	community, team := uuid.New(), uuid.New()
	key := accessclient.MembershipKey{Scope: authz.CommunityScope(community), UserID: actor.User}
	inTeam := accessclient.MembershipKey{Scope: authz.TeamScope(team), UserID: uuid.New()}
	tell := func(role string, version int64) {
		t.Helper()
		require.NoError(t, client.SyncMemberships(as(actor), []accessclient.Membership{
			{MembershipKey: key, CommunityID: community, Role: role, Version: version},
			{MembershipKey: inTeam, CommunityID: community, Role: accessclient.Member, Version: 1},
		}))
	}
	held := func(p authz.Permission) bool {
		t.Helper()
		allowed, err := client.Check(as(actor), authz.Check{Permission: p, Scope: authz.TeamScope(team)})
		require.NoError(t, err)
		return allowed
	}
	tell(accessclient.Member, 1)
	require.True(t, held(read) && !held(manage) && !held(vote))
	tell(accessclient.Moderator, 2)
	require.True(t, held(manage) && !held(vote))
	tell(accessclient.Owner, 3)
	require.True(t, held(manage) && held(vote))
	tell(accessclient.Member, 2)
	require.True(t, held(vote), "an older version changes nothing")
	fake.IgnoreMemberships(true)
	tell("", 4)
	require.True(t, held(vote))
	fake.IgnoreMemberships(false)
	tell("", 4)
	require.False(t, held(read) || held(vote))
	require.Equal(t, map[accessclient.MembershipKey]string{inTeam: accessclient.Member}, fake.Memberships(actor.Tenant))

	fake.SetMembership(actor.Tenant, accessclient.Membership{MembershipKey: key, CommunityID: community, Role: accessclient.Owner, Version: 9})
	fake.RemoveMembership(actor.Tenant, inTeam)
	drift, err := client.ReconcileMemberships(as(actor), accessclient.MembershipPage{
		Memberships: []accessclient.Membership{{MembershipKey: inTeam, CommunityID: community, Role: accessclient.Moderator, Version: 1}},
	})
	require.NoError(t, err)
	require.Equal(t, accessclient.Drift{Added: 1, Removed: 1}, drift)
	drift, err = client.ReconcileMemberships(as(actor), accessclient.MembershipPage{Until: &key})
	require.NoError(t, err)
	require.Equal(t, accessclient.Drift{}, drift, "the team lies beyond the page")
	fake.Fail(errors.New("away"))
	_, err = client.ReconcileMemberships(as(actor), accessclient.MembershipPage{})
	require.Error(t, err)
}
