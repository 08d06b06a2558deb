package portal_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/reqctx"
)

// fixture is what operations are tried on: a community with a team, the caller being the owner of both, and a
// stranger who is a member of neither.
type fixture struct {
	*service
	ctx       context.Context
	community portalapi.Group
	team      portalapi.Group
	caller    authz.Actor
	stranger  authz.Actor
}

func (s *service) newFixture(policy portalapi.JoinPolicy) fixture {
	c := s.community(policy)
	return fixture{service: s, ctx: s.t.Context(), community: c, team: s.team(c.ID, policy), caller: s.owner, stranger: s.colleague()}
}

// An attempt prepares what an operation needs, as a user with the rights, and returns the trying user and the try.
type attempt func(sc fixture) (authz.Actor, func(c *portalapi.ClientWithResponses) (answer, error))

// owners lets the owner of both groups try.
func owners(try func(sc fixture, c *portalapi.ClientWithResponses) (answer, error)) attempt {
	return func(sc fixture) (authz.Actor, func(*portalapi.ClientWithResponses) (answer, error)) {
		return sc.caller, func(c *portalapi.ClientWithResponses) (answer, error) { return try(sc, c) }
	}
}

// strangers lets the stranger try.
func strangers(try func(sc fixture, c *portalapi.ClientWithResponses) (answer, error)) attempt {
	return func(sc fixture) (authz.Actor, func(*portalapi.ClientWithResponses) (answer, error)) {
		return sc.stranger, func(c *portalapi.ClientWithResponses) (answer, error) { return try(sc, c) }
	}
}

// Every operation checks the permission that it declares, in the scope that it declares, and refuses a caller who lacks just
// that permission before it says whether the group exists. The tables must know every operation of groups.
func TestEveryOperationChecksThePermissionItDeclares(t *testing.T) {
	s := start(t)
	tests := permissionAttempts()
	for id, operation := range portalapi.Operations {
		if operation.Permission == "" || !aboutGroups(operation.Path) {
			continue
		}
		variants := map[string]attempt{id: tests[id]}
		if strings.HasPrefix(operation.Scope, "group") {
			variants[id+teamVariant] = tests[id+teamVariant]
		}
		for name, attempt := range variants {
			require.NotNil(t, attempt, "%s has no try in permissionAttempts (attempts_test.go)", name)
			delete(tests, name)
			t.Run(name, func(t *testing.T) {
				policy := portalapi.JoinPolicyRequest
				if strings.HasPrefix(id, "join") {
					policy = portalapi.JoinPolicyOpen
				}
				sc := s.newFixture(policy)
				sc.ctx = t.Context()
				s.makeAdmin(s.owner)
				permission := authz.Permission(operation.Permission)
				want := authz.CommunityScope(sc.community.ID) // "community", "group", and "the community of" a link or an invitation
				switch {
				case operation.Scope == "tenant":
					want = authz.TenantScope(s.owner.Tenant)
				case strings.HasSuffix(name, teamVariant):
					want = authz.TeamScope(sc.team.ID)
					if _, other, ok := strings.Cut(operation.Scope, "; "); ok {
						permission = authz.Permission(strings.TrimSuffix(other, " for a team"))
					}
				}
				who, try := attempt(sc)
				s.checks()

				s.access.Deny(who, permission)
				r, err := try(s.as(who))
				refused(t, http.StatusForbidden, "FORBIDDEN", r, err)
				require.Equal(t, string(permission), envelopeOf(r).Error.Details.Permission)
				require.Contains(t, s.checks(), authz.Check{Permission: permission, Scope: want})
				s.access.EndOverrides(who, permission)
				r, err = try(s.as(who))
				fine(t, r, err)
			})
		}
	}
	require.Empty(t, tests, "tests of operations that do not exist")
}

// Operations without a permission are about the caller's own data. A suspended user is refused.
func TestOperationsWithoutAPermission(t *testing.T) {
	s := start(t)
	tests := ownAttempts()
	for id, operation := range portalapi.Operations {
		if operation.Authenticated != "user" || !aboutGroups(operation.Path) {
			continue
		}
		require.NotNil(t, tests[id], "%s has no try in ownAttempts (attempts_test.go)", id)
		for _, name := range []string{id, id + teamVariant} {
			attempt := tests[name]
			delete(tests, name)
			if attempt == nil {
				continue
			}
			t.Run(name, func(t *testing.T) {
				sc := s.newFixture(portalapi.JoinPolicyRequest)
				sc.ctx = t.Context()
				who, try := attempt(sc)
				if !strings.HasPrefix(operation.Path, "/internal/") { // a suspended person may still have their data
					suspended := s.client(reqctx.Context{Caller: "bff", TenantID: who.Tenant, UserID: who.User, Flags: reqctx.Flags{Suspended: true}})
					r, err := try(suspended)
					refused(t, http.StatusForbidden, "FORBIDDEN", r, err)
				}
				r, err := try(s.as(who))
				fine(t, r, err)
			})
		}
	}
	require.Empty(t, tests, "tests of operations that do not exist")
}

// Operations for services lie under /internal, which the gateway does not route, and check no user's permission.
func TestInternalOperationsAreForServices(t *testing.T) {
	s := start(t)
	c := s.community(portalapi.JoinPolicyInvite)
	internal := 0
	for id, operation := range portalapi.Operations {
		if operation.Authenticated == "service" {
			internal++
			require.True(t, strings.HasPrefix(operation.Path, "/internal/v1/"), "%s is where the gateway goes", id)
		}
	}
	require.NotZero(t, internal)
	s.checks()
	events := s.client(reqctx.Context{Caller: "events", TenantID: s.owner.Tenant})
	r, err := events.ListUserMembershipsWithResponse(t.Context(), s.owner.User)
	require.Len(t, fine(t, r, err).JSON200.Memberships, 1)
	require.Equal(t, c.ID, r.JSON200.Memberships[0].ScopeID)
	require.Empty(t, s.checks(), "no permission is asked")

	nowhere := s.client(reqctx.Context{Caller: "events"})
	r, err = nowhere.ListUserMembershipsWithResponse(t.Context(), s.owner.User)
	refused(t, http.StatusBadRequest, "MISSING_TENANT_CONTEXT", r, err)
}

func aboutGroups(path string) bool {
	for _, part := range []string{"/communities", "/teams", "/groups", "/invite-links", "/invites", "/join-requests", "/audit", "/modules", "/queue", "/search"} {
		if strings.Contains(path, part) {
			return true
		}
	}
	return false
}

// teamVariant marks the attempt of an operation of groups on a team.
const teamVariant = " of a team"

// both adds the attempts of an operation on a community and on a team.
func both(tests map[string]attempt, id string, community, team attempt) {
	tests[id], tests[id+teamVariant] = community, team
}

func (sc fixture) request(of authz.Actor, team bool) uuid.UUID {
	if team {
		sc.put(sc.community.ID, of, portalapi.RoleMember)
		r, err := sc.as(of).CreateJoinRequestWithResponse(sc.ctx, sc.team.ID, portalapi.JoinRequestCreate{})
		return fine(sc.t, r, err).JSON201.ID
	}
	r, err := sc.as(of).CreateJoinRequestWithResponse(sc.ctx, sc.community.ID, portalapi.JoinRequestCreate{})
	return fine(sc.t, r, err).JSON201.ID
}

func (sc fixture) invite(of authz.Actor, team bool) uuid.UUID {
	if team {
		r, err := sc.as(sc.owner).CreateInviteWithResponse(sc.ctx, sc.team.ID, portalapi.InviteCreate{UserID: of.User})
		return fine(sc.t, r, err).JSON201.ID
	}
	r, err := sc.as(sc.owner).CreateInviteWithResponse(sc.ctx, sc.community.ID, portalapi.InviteCreate{UserID: of.User})
	return fine(sc.t, r, err).JSON201.ID
}

func (sc fixture) link(team bool) portalapi.NewInviteLink {
	if team {
		r, err := sc.as(sc.owner).CreateInviteLinkWithResponse(sc.ctx, sc.team.ID, portalapi.InviteLinkCreate{ExpiresAt: some(sc.clock.Now().Add(time.Hour))})
		return *fine(sc.t, r, err).JSON201
	}
	r, err := sc.as(sc.owner).CreateInviteLinkWithResponse(sc.ctx, sc.community.ID, portalapi.InviteLinkCreate{})
	return *fine(sc.t, r, err).JSON201
}
