package access_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/access/domain"
	"go.updspace.com/api/accessapi"
	"go.updspace.com/api/commonapi"
)

func (s *fixture) why(p person, params accessapi.GetMyDecisionParams) accessapi.OwnDecision {
	s.T.Helper()
	resp, err := s.as(p).GetMyDecisionWithResponse(context.Background(), &params)
	require.NoError(s.T, err)
	require.NotNil(s.T, resp.JSON200, string(resp.Body))
	return *resp.JSON200
}

func TestWhyCantI(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin, m := s.administrator(aef), member(aef)

	no := s.why(m, accessapi.GetMyDecisionParams{Permission: "voting.poll.create"})
	require.False(t, no.Allowed)
	require.Equal(t, accessapi.ReasonCodeRBACDENY, no.ReasonCode)
	require.Equal(t, accessapi.OwnDecisionDecidedByRole, no.DecidedBy)
	require.Nil(t, no.Role)
	require.Nil(t, no.Override)
	require.Len(t, no.Roles, 1)
	require.Equal(t, "member", no.Roles[0].Role.Name)
	require.Nil(t, no.Roles[0].BoundIn, "held as a member of the tenant")
	var names []string
	for _, role := range no.GrantedBy {
		names = append(names, role.Service+":"+role.Name)
	}
	require.Equal(t, []string{"voting:admin", "voting:moderator"}, names, "the roles that would help")
	require.Equal(t, domain.WriteBindings, no.AdministeredBy.Permission.MustGet())
	require.Equal(t, []uuid.UUID{admin.user}, no.AdministeredBy.UserIds)
	require.NotEmpty(t, no.AdministeredBy.Roles)

	yes := s.why(m, accessapi.GetMyDecisionParams{Permission: "voting.vote.cast"})
	require.True(t, yes.Allowed)
	require.NotNil(t, yes.Role)
	require.Equal(t, "member", yes.Role.Role.Name)

	until := s.Clock.Now().Add(time.Hour)
	s.exec(aef, "INSERT INTO policy_overrides (id, tenant_id, user_id, action, permission_key, reason, expires_at) VALUES (?, ?, ?, 'deny', 'voting.vote.cast', 'spam, says Anna', ?)",
		uuid.New(), aef, m.user, until)
	barred := s.why(m, accessapi.GetMyDecisionParams{Permission: "voting.vote.cast"})
	require.Equal(t, accessapi.ReasonCodePOLICYDENY, barred.ReasonCode)
	require.NotNil(t, barred.Override)
	require.Equal(t, accessapi.OverrideActionDeny, barred.Override.Action)
	require.Equal(t, until, barred.Override.ExpiresAt.MustGet())
	require.Equal(t, domain.WriteOverrides, barred.AdministeredBy.Permission.MustGet())

	community, visibility := commonapi.ScopeTypeCOMMUNITY, commonapi.VisibilityCommunity
	c1 := accessapi.ScopeID("c1")
	hidden := s.why(m, accessapi.GetMyDecisionParams{Permission: "voting.poll.read", ScopeType: &community, ScopeID: &c1, ResourceVisibility: &visibility})
	require.Equal(t, accessapi.OwnDecisionDecidedByVisibility, hidden.DecidedBy)

	outside := s.why(stranger(aef), accessapi.GetMyDecisionParams{Permission: "voting.poll.read"})
	require.Equal(t, accessapi.ReasonCodeNOROLE, outside.ReasonCode)
	require.Empty(t, outside.GrantedBy, "strangers learn nothing about the tenant")
	require.Empty(t, outside.AdministeredBy.UserIds)

	resp, err := s.as(m).GetMyDecisionWithResponse(context.Background(), &accessapi.GetMyDecisionParams{Permission: "voting.poll.read", ScopeType: &community})
	require.NoError(t, err)
	require.Equal(t, http.StatusUnprocessableEntity, resp.StatusCode(), "a community needs its id")
}

func TestMyPermissionsInScopes(t *testing.T) {
	t.Parallel()
	s := start(t)
	m := member(aef)
	s.bind(m, domain.Voting, domain.RoleAdmin, domain.Scope{Type: domain.Community, ID: "c1"})
	ask := func(params accessapi.GetMyPermissionsParams) []accessapi.ScopePermissions {
		t.Helper()
		resp, err := s.as(m).GetMyPermissionsWithResponse(context.Background(), &params)
		require.NoError(t, err)
		require.NotNil(t, resp.JSON200, string(resp.Body))
		return resp.JSON200.Scopes
	}
	tenant := ask(accessapi.GetMyPermissionsParams{})
	require.Len(t, tenant, 1)
	require.Equal(t, accessapi.Scope{Type: commonapi.ScopeTypeTENANT, ID: aef.String()}, tenant[0].Scope)
	require.Contains(t, tenant[0].Permissions, "voting.vote.cast")
	require.NotContains(t, tenant[0].Permissions, "voting.votings.admin")

	several := ask(accessapi.GetMyPermissionsParams{Scope: []string{"COMMUNITY:c1", "TENANT:", "COMMUNITY:c2"}})
	require.Len(t, several, 3)
	require.Contains(t, several[0].Permissions, "voting.votings.admin")
	require.Contains(t, several[0].Roles, accessapi.RoleRef{ID: several[0].Roles[len(several[0].Roles)-2].ID, Service: "voting", Name: "admin"})
	require.Equal(t, tenant[0], several[1])
	require.NotContains(t, several[2].Permissions, "voting.votings.admin")

	community, c1 := commonapi.ScopeTypeCOMMUNITY, accessapi.ScopeID("c1")
	require.Equal(t, several[:1], ask(accessapi.GetMyPermissionsParams{ScopeType: &community, ScopeID: &c1}))
	for name, params := range map[string]accessapi.GetMyPermissionsParams{
		"both ways":           {ScopeType: &community, ScopeID: &c1, Scope: []string{"TENANT:"}},
		"a scope without id":  {Scope: []string{"TENANT:", "COMMUNITY:"}},
		"an unknown type":     {Scope: []string{"PLANET:earth"}},
		"more than 20 scopes": {Scope: make([]string, 21)},
	} {
		t.Run(name, func(t *testing.T) {
			resp, err := s.as(m).GetMyPermissionsWithResponse(context.Background(), &params)
			require.NoError(t, err)
			require.Equal(t, http.StatusUnprocessableEntity, resp.StatusCode(), string(resp.Body))
		})
	}
}
