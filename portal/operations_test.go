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
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/portal/domain"
)

// scene is what operations are tried on: a community with a team, the caller being the owner of both, and somebody who
// is neither's member.
type scene struct {
	*service
	ctx       context.Context
	community portalapi.Community
	team      portalapi.Team
	caller    domain.Actor
	stranger  domain.Actor
}

func (s *service) scene(policy portalapi.JoinPolicy) scene {
	c := s.community(policy)
	return scene{service: s, ctx: s.t.Context(), community: c, team: s.team(c.ID, policy), caller: s.owner, stranger: s.colleague()}
}

// An attempt prepares what an operation is tried on, as somebody who may, and returns who tries and the try.
type attempt func(sc scene) (domain.Actor, func(c *portalapi.ClientWithResponses) (answer, error))

// owners lets the owner of the scene try.
func owners(try func(sc scene, c *portalapi.ClientWithResponses) (answer, error)) attempt {
	return func(sc scene) (domain.Actor, func(*portalapi.ClientWithResponses) (answer, error)) {
		return sc.caller, func(c *portalapi.ClientWithResponses) (answer, error) { return try(sc, c) }
	}
}

// strangers lets the stranger try.
func strangers(try func(sc scene, c *portalapi.ClientWithResponses) (answer, error)) attempt {
	return func(sc scene) (domain.Actor, func(*portalapi.ClientWithResponses) (answer, error)) {
		return sc.stranger, func(c *portalapi.ClientWithResponses) (answer, error) { return try(sc, c) }
	}
}

// Every operation asks Access for the permission it declares, in the scope it declares, and refuses whoever lacks just
// that one before it says whether the thing exists. The tables must know every operation around groups.
func TestWhatIsDeclaredIsWhatIsAsked(t *testing.T) {
	s := start(t)
	tests := permissionAttempts()
	for id, operation := range portalapi.Operations {
		if operation.Permission == "" || !aboutGroups(operation.Path) {
			continue
		}
		attempt, ok := tests[id]
		require.True(t, ok, "%s has no test", id)
		t.Run(id, func(t *testing.T) {
			policy := portalapi.JoinPolicyRequest
			if strings.HasPrefix(id, "join") {
				policy = portalapi.JoinPolicyOpen
			}
			sc := s.scene(policy)
			sc.ctx = t.Context()
			s.access.Admin(s.owner.User)
			permission := domain.Permission(operation.Permission)
			want := domain.CommunityScope(sc.community.ID) // "community", and "the community of" a link or an invitation
			switch operation.Scope {
			case "tenant":
				want = domain.TenantScope(s.owner.Tenant)
			case "team":
				want = domain.TeamScope(sc.team.ID)
			}
			who, try := attempt(sc)
			s.access.Asked()

			s.access.Deny(who.User, permission)
			r, err := try(s.as(who))
			refused(t, http.StatusForbidden, "FORBIDDEN", r, err)
			require.Equal(t, operation.Permission, envelopeOf(r).Error.Details.Permission)
			require.Contains(t, s.access.Asked(), domain.Ask{Permission: permission, Scope: want})
			s.access.Grant(who.User, permission)
			r, err = try(s.as(who))
			fine(t, r, err)
		})
		delete(tests, id)
	}
	require.Empty(t, tests, "tests of operations that do not exist")
}

// Operations that ask for no permission are about what is one's own. A suspended user is turned away from each.
func TestWhatNeedsNoPermission(t *testing.T) {
	s := start(t)
	tests := ownAttempts()
	for id, operation := range portalapi.Operations {
		if operation.Authenticated != "user" || !aboutGroups(operation.Path) {
			continue
		}
		attempt, ok := tests[id]
		require.True(t, ok, "%s has no test", id)
		t.Run(id, func(t *testing.T) {
			sc := s.scene(portalapi.JoinPolicyRequest)
			sc.ctx = t.Context()
			who, try := attempt(sc)
			suspended := s.client("bff", reqctx.Context{TenantID: who.Tenant, UserID: who.User, Flags: reqctx.Flags{Suspended: true}})
			r, err := try(suspended)
			refused(t, http.StatusForbidden, "FORBIDDEN", r, err)
			r, err = try(s.as(who))
			fine(t, r, err)
		})
		delete(tests, id)
	}
	require.Empty(t, tests, "tests of operations that do not exist")
}

// What is for services stands where the gateway does not go, and asks for nobody's permission.
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
	s.access.Asked()
	events := s.client("events", reqctx.Context{TenantID: s.owner.Tenant})
	r, err := events.ListUserMembershipsWithResponse(t.Context(), s.owner.User)
	require.Len(t, fine(t, r, err).JSON200.Memberships, 1)
	require.Equal(t, c.ID, r.JSON200.Memberships[0].ScopeID)
	require.Empty(t, s.access.Asked(), "nobody's permission is asked")

	nowhere := s.client("events", reqctx.Context{})
	r, err = nowhere.ListUserMembershipsWithResponse(t.Context(), s.owner.User)
	refused(t, http.StatusBadRequest, "MISSING_TENANT_CONTEXT", r, err)
}

func aboutGroups(path string) bool {
	for _, part := range []string{"/communities", "/teams", "/links", "/invites", "/requests", "/journal", "/modules", "/dsar"} {
		if strings.Contains(path, part) {
			return true
		}
	}
	return false
}

// both adds the attempts for communities and teams.
func both(tests map[string]attempt, name string, community, team attempt) {
	tests[strings.Replace(name, "%", "Community", 1)] = community
	tests[strings.Replace(name, "%", "Team", 1)] = team
}

func (sc scene) request(of domain.Actor, team bool) uuid.UUID {
	if team {
		sc.put(sc.community.ID, of, portalapi.MyRoleMember)
		r, err := sc.as(of).CreateTeamRequestWithResponse(sc.ctx, sc.team.ID, portalapi.RequestCreate{})
		return fine(sc.t, r, err).JSON201.ID
	}
	r, err := sc.as(of).CreateCommunityRequestWithResponse(sc.ctx, sc.community.ID, portalapi.RequestCreate{})
	return fine(sc.t, r, err).JSON201.ID
}

func (sc scene) invite(of domain.Actor, team bool) uuid.UUID {
	if team {
		r, err := sc.as(sc.owner).CreateTeamInviteWithResponse(sc.ctx, sc.team.ID, portalapi.InviteCreate{UserID: of.User})
		return fine(sc.t, r, err).JSON201.ID
	}
	r, err := sc.as(sc.owner).CreateCommunityInviteWithResponse(sc.ctx, sc.community.ID, portalapi.InviteCreate{UserID: of.User})
	return fine(sc.t, r, err).JSON201.ID
}

func (sc scene) link(team bool) portalapi.NewLink {
	if team {
		r, err := sc.as(sc.owner).CreateTeamLinkWithResponse(sc.ctx, sc.team.ID, portalapi.LinkCreate{ExpiresAt: some(sc.clock.Now().Add(time.Hour))})
		return *fine(sc.t, r, err).JSON201
	}
	r, err := sc.as(sc.owner).CreateCommunityLinkWithResponse(sc.ctx, sc.community.ID, portalapi.LinkCreate{})
	return *fine(sc.t, r, err).JSON201
}
