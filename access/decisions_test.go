package access_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/access/domain"
	"go.updspace.com/api/accessapi"
	"go.updspace.com/api/commonapi"
	"go.updspace.com/libs/reqctx"
)

func TestOnlyMembersHoldTheTemplateOfMembers(t *testing.T) {
	t.Parallel()
	s := start(t)
	m := member(aef)
	require.Equal(t, accessapi.ReasonCodeRBACALLOW, s.reason(m, inTenant("voting.vote.cast", m)))
	require.Equal(t, accessapi.ReasonCodeRBACDENY, s.reason(m, inTenant("voting.poll.create", m)))
	out := stranger(aef)
	require.Equal(t, accessapi.ReasonCodeNOROLE, s.reason(out, inTenant("voting.vote.cast", out)))
	require.Equal(t, accessapi.ReasonCodeUNKNOWNPERMISSION, s.reason(m, inTenant("voting.poll.explode", m)))
	m.flags.Suspended = true
	require.Equal(t, accessapi.ReasonCodeMASTERSUSPENDED, s.reason(m, inTenant("voting.vote.cast", m)))
}

func TestTheScopesIDMayBeLeftEmptyOrWrittenInCapitals(t *testing.T) {
	t.Parallel()
	s := start(t)
	m := member(uuid.MustParse("00000000-0000-4000-8000-00000000abcd"))
	for _, id := range []string{"", m.tenant.String(), strings.ToUpper(m.tenant.String())} {
		require.Equal(t, accessapi.ReasonCodeRBACALLOW, s.reason(m, question("voting.poll.read", commonapi.ScopeTypeTENANT, id)), "%q", id)
	}
	require.Equal(t, accessapi.ReasonCodeTENANTMISMATCH, s.reason(m, inTenant("voting.poll.read", member(aef))))
}

func TestBelongingOwningAndAdministering(t *testing.T) {
	t.Parallel()
	s := start(t)
	insider, outsider, admin := member(aef), member(aef), member(aef)
	s.bind(insider, domain.Portal, domain.RoleMember, domain.Scope{Type: domain.Community, ID: "c1"})
	s.bind(admin, domain.Voting, domain.RoleAdmin, domain.TenantScope(aef))
	s.exec(aef, "INSERT INTO teams (tenant_id, team_id, community_id) VALUES (?, 't1', 'c1')", aef)

	about := func(scope commonapi.ScopeType, id string, v commonapi.Visibility, owner uuid.UUID) accessapi.Check {
		q := question("voting.poll.read", scope, id)
		q.ResourceVisibility, q.ResourceOwnerID = &v, &owner
		return q
	}
	for name, c := range map[string]struct {
		who  person
		q    accessapi.Check
		want accessapi.ReasonCode
	}{
		"community, inside":     {insider, about(commonapi.ScopeTypeCOMMUNITY, "c1", commonapi.VisibilityCommunity, uuid.Nil), accessapi.ReasonCodeRBACALLOW},
		"its team, inside":      {insider, about(commonapi.ScopeTypeTEAM, "t1", commonapi.VisibilityTeam, uuid.Nil), accessapi.ReasonCodeRBACALLOW},
		"another team":          {insider, about(commonapi.ScopeTypeTEAM, "t2", commonapi.VisibilityTeam, uuid.Nil), accessapi.ReasonCodeVISIBILITYDENY},
		"community, outside":    {outsider, about(commonapi.ScopeTypeCOMMUNITY, "c1", commonapi.VisibilityCommunity, uuid.Nil), accessapi.ReasonCodeVISIBILITYDENY},
		"the whole tenant":      {outsider, about(commonapi.ScopeTypeTENANT, "", commonapi.VisibilityCommunity, uuid.Nil), accessapi.ReasonCodeRBACALLOW},
		"private, the owner":    {outsider, about(commonapi.ScopeTypeCOMMUNITY, "c1", commonapi.VisibilityPrivate, outsider.user), accessapi.ReasonCodeRBACALLOW},
		"private, another user": {insider, about(commonapi.ScopeTypeCOMMUNITY, "c1", commonapi.VisibilityPrivate, outsider.user), accessapi.ReasonCodeVISIBILITYDENY},
		"private, an admin":     {admin, about(commonapi.ScopeTypeCOMMUNITY, "c1", commonapi.VisibilityPrivate, outsider.user), accessapi.ReasonCodeRBACALLOW},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, s.reason(c.who, c.q)) })
	}
}

func TestBindingsAndOverridesExpireByTheClock(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := stranger(aef)
	q := inTenant("voting.poll.create", p)
	s.bind(p, domain.Voting, domain.RoleModerator, domain.TenantScope(aef), s.Clock.Now().Add(time.Hour))
	require.Equal(t, accessapi.ReasonCodeRBACALLOW, s.reason(p, q))
	s.exec(aef, "INSERT INTO policy_overrides (id, tenant_id, user_id, action, expires_at) VALUES (?, ?, ?, 'deny', ?)",
		uuid.New(), aef, p.user, s.Clock.Now().Add(time.Minute))
	require.Equal(t, accessapi.ReasonCodePOLICYDENY, s.reason(p, q), "a change takes effect on the next request")
	s.Clock.Advance(time.Minute)
	require.Equal(t, accessapi.ReasonCodeRBACALLOW, s.reason(p, q))
	s.Clock.Advance(time.Hour)
	require.Equal(t, accessapi.ReasonCodeNOROLE, s.reason(p, q))
}

func TestWhatHoldsInOneTenantIsNothingInAnother(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := stranger(aef)
	s.bind(p, domain.Voting, domain.RoleAdmin, domain.Scope{Type: domain.Global})
	s.exec(aef, "INSERT INTO policy_overrides (id, tenant_id, user_id, action, permission_key) VALUES (?, ?, ?, 'allow', 'portal.roles.read')", uuid.New(), aef, p.user)
	s.exec(aef, "INSERT INTO roles (tenant_id, service, name) VALUES (?, 'events', 'member')", aef) // members of aef may no events
	there := p
	there.tenant = gaming
	for _, key := range []string{"voting.votings.admin", "portal.roles.read"} {
		require.True(t, s.decide(p, inTenant(key, p)).Allowed)
		require.Equal(t, accessapi.ReasonCodeNOROLE, s.reason(there, inTenant(key, there)))
	}
	here, elsewhere := member(aef), member(gaming)
	require.Equal(t, accessapi.ReasonCodeRBACDENY, s.reason(here, inTenant("events.event.read", here)))
	require.Equal(t, accessapi.ReasonCodeRBACALLOW, s.reason(elsewhere, inTenant("events.event.read", elsewhere)))
}

// The signed user is the subject. Fields that named another one in the old API are refused as unknown, and a query
// parameter is ignored.
func TestACheckIsAboutTheSignedUser(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin, p := stranger(aef), member(aef)
	s.bind(admin, domain.Voting, domain.RoleAdmin, domain.TenantScope(aef))
	check := map[string]any{"permission": "voting.votings.admin", "scope": map[string]any{"type": "TENANT", "id": aef}}
	for field, value := range map[string]any{"user_id": admin.user, "tenant_id": gaming, "master_flags": map[string]any{"system_admin": true}} {
		named := maps.Clone(check)
		named[field] = value
		body, err := json.Marshal(named)
		require.NoError(t, err)
		resp, err := s.http(p).Post(s.URL+"/internal/v1/check", "application/json", bytes.NewReader(body))
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		require.Equal(t, http.StatusUnprocessableEntity, resp.StatusCode)
	}
	body, err := json.Marshal(check)
	require.NoError(t, err)
	resp, err := s.http(p).Post(s.URL+"/internal/v1/check?user_id="+admin.user.String(), "application/json", bytes.NewReader(body))
	require.NoError(t, err)
	defer resp.Body.Close()
	require.Equal(t, http.StatusOK, resp.StatusCode)
	var d accessapi.Decision
	require.NoError(t, json.NewDecoder(resp.Body).Decode(&d))
	require.Equal(t, accessapi.Decision{Allowed: false, ReasonCode: accessapi.ReasonCodeRBACDENY}, d)
	s.refused(s.call(p, http.MethodPost, "/check", string(body)), 404, "NOT_FOUND") // the old path, which browsers could reach
}

func TestABatchAnswersInOrder(t *testing.T) {
	t.Parallel()
	s := start(t)
	m := member(aef)
	explain := true
	checks := []accessapi.Check{
		inTenant("voting.poll.create", m), inTenant("voting.vote.cast", m),
		question("portal.posts.read", commonapi.ScopeTypeTEAM, "t1"), inTenant("no.such.key", m), inTenant("voting.vote.cast", m),
	}
	checks[4].Explain = &explain
	resp, err := s.as(m).CheckPermissionsWithResponse(context.Background(), accessapi.CheckBatch{Checks: checks})
	require.NoError(t, err)
	require.NotNil(t, resp.JSON200, string(resp.Body))
	var reasons []accessapi.ReasonCode
	for i, d := range resp.JSON200.Decisions {
		reasons = append(reasons, d.ReasonCode)
		require.Equal(t, i == 4, d.Explanation != nil)
	}
	require.Equal(t, []accessapi.ReasonCode{
		accessapi.ReasonCodeRBACDENY, accessapi.ReasonCodeRBACALLOW, accessapi.ReasonCodeRBACALLOW,
		accessapi.ReasonCodeUNKNOWNPERMISSION, accessapi.ReasonCodeRBACALLOW,
	}, reasons)

	full := make([]accessapi.Check, 100)
	for i := range full {
		full[i] = question("voting.poll.read", commonapi.ScopeTypeTEAM, uuid.NewString())
	}
	resp, err = s.as(m).CheckPermissionsWithResponse(context.Background(), accessapi.CheckBatch{Checks: full})
	require.NoError(t, err)
	require.Len(t, resp.JSON200.Decisions, 100)
}

func TestAnExplanationOverTheWire(t *testing.T) {
	t.Parallel()
	s := start(t)
	m := member(aef)
	q := inTenant("voting.poll.create", m)
	explain := true
	q.Explain = &explain
	d := s.decide(m, q)
	require.Equal(t, accessapi.ReasonCodeRBACDENY, d.ReasonCode)
	last := d.Explanation[len(d.Explanation)-1]
	require.Equal(t, accessapi.ExplanationStepOutcomeDeny, last.Outcome)
	require.Contains(t, d.Explanation[len(d.Explanation)-2].Detail, "voting:member")
}

func TestEffectivePermissionsAgreeWithChecks(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := member(aef)
	s.bind(p, domain.Voting, domain.RoleModerator, domain.Scope{Type: domain.Community, ID: "c1"})
	effective := func(scope commonapi.ScopeType, id string) accessapi.EffectivePermissions {
		resp, err := s.as(p).GetEffectivePermissionsWithResponse(context.Background(), &accessapi.GetEffectivePermissionsParams{ScopeType: scope, ScopeID: &id})
		require.NoError(t, err)
		require.NotNil(t, resp.JSON200, string(resp.Body))
		return *resp.JSON200
	}
	require.NotContains(t, effective(commonapi.ScopeTypeTENANT, "").Permissions, "voting.poll.create")
	e := effective(commonapi.ScopeTypeCOMMUNITY, "c1")
	var roles []string
	for _, r := range e.Roles {
		roles = append(roles, r.Service+":"+r.Name)
	}
	require.Equal(t, []string{
		"activity:member", "events:member", "gamification:member", "personalization:member",
		"portal:member", "voting:member", "voting:moderator",
	}, roles)

	checks := make([]accessapi.Check, 0, len(domain.Platform.All()))
	for _, k := range domain.Platform.All() {
		checks = append(checks, question(k.Key, commonapi.ScopeTypeCOMMUNITY, "c1"))
	}
	resp, err := s.as(p).CheckPermissionsWithResponse(context.Background(), accessapi.CheckBatch{Checks: checks})
	require.NoError(t, err)
	var allowed []string
	for i, d := range resp.JSON200.Decisions {
		if d.Allowed {
			allowed = append(allowed, checks[i].Permission)
		}
	}
	require.ElementsMatch(t, allowed, e.Permissions)
	require.Contains(t, e.Permissions, "voting.poll.create")
}

func TestSystemAdminsLeaveATrace(t *testing.T) {
	t.Parallel()
	s := start(t)
	root := person{tenant: aef, user: uuid.New(), flags: reqctx.Flags{SystemAdmin: true}}
	require.Equal(t, accessapi.ReasonCodeMASTERSYSTEMADMIN, s.reason(root, question("voting.votings.admin", commonapi.ScopeTypeTEAM, "t1")))
	s.Stop() // what waits is stored
	require.Equal(t, 1, s.count(aef, "SELECT count(*) FROM audit_entries WHERE actor_id = ? AND action = 'system_admin_decision' AND target_id = 'voting.votings.admin' AND metadata ->> 'scope_id' = 't1'", root.user))
	require.Zero(t, s.count(gaming, "SELECT count(*) FROM audit_entries"))
}

func TestWrongQuestionsAreNoAnswers(t *testing.T) {
	t.Parallel()
	s := start(t)
	m := member(aef)
	many := `{"checks":[` + strings.Repeat(`{"permission":"voting.poll.read","scope":{"type":"TENANT","id":""}},`, 100) + `{"permission":"voting.poll.read","scope":{"type":"TENANT","id":""}}]}`
	const right = `{"permission":"voting.poll.read","scope":{"type":"TENANT","id":""}}`
	subject := func(tenant, checks string) string {
		return `{"tenant_id":"` + tenant + `","user_id":"` + m.user.String() + `","flags":{},"checks":[` + checks + `]}`
	}
	about := func(subjects ...string) string { return `{"subjects":[` + strings.Join(subjects, ",") + `]}` }
	of := aef.String()
	for name, c := range map[string]struct {
		path, body string
		status     int
		field      string
	}{
		"no users":                   {"check/subjects", about(), http.StatusUnprocessableEntity, "subjects"},
		"33 users":                   {"check/subjects", about(slices.Repeat([]string{subject(of, right)}, 33)...), http.StatusUnprocessableEntity, "subjects"},
		"a user without a question":  {"check/subjects", about(subject(of, "")), http.StatusUnprocessableEntity, "subjects.0.checks"},
		"17 questions about a user":  {"check/subjects", about(subject(of, right), subject(of, strings.Repeat(right+",", 16)+right)), http.StatusUnprocessableEntity, "subjects.1.checks"},
		"a user of no tenant":        {"check/subjects", about(subject(uuid.Nil.String(), right)), http.StatusUnprocessableEntity, "subjects.0.tenant_id"},
		"a wrong question about one": {"check/subjects", about(subject(of, right), subject(of, `{"permission":"voting.poll.read","scope":{"type":"TEAM","id":""}}`)), http.StatusUnprocessableEntity, "subjects.1.checks.0.scope.id"},
		"no body":                    {"check", ``, http.StatusUnprocessableEntity, "body"},
		"no JSON":                    {"check", `{`, http.StatusBadRequest, ""},
		"no permission":              {"check", `{"scope":{"type":"TENANT","id":""}}`, http.StatusUnprocessableEntity, "permission"},
		"no scope":                   {"check", `{"permission":"voting.poll.read"}`, http.StatusUnprocessableEntity, "scope"},
		"a lower case scope":         {"check", `{"permission":"voting.poll.read","scope":{"type":"tenant","id":""}}`, http.StatusUnprocessableEntity, "scope.type"},
		"a team without id":          {"check", `{"permission":"voting.poll.read","scope":{"type":"TEAM","id":""}}`, http.StatusUnprocessableEntity, "scope.id"},
		"a null character":           {"check", `{"permission":"voting.poll.read","scope":{"type":"TEAM","id":"a\u0000"}}`, http.StatusUnprocessableEntity, "scope.id"},
		"an unknown visiblity":       {"check", `{"permission":"voting.poll.read","scope":{"type":"TENANT","id":""},"resource_visibility":"friends"}`, http.StatusUnprocessableEntity, "resource_visibility"},
		"an owner by name":           {"check", `{"permission":"voting.poll.read","scope":{"type":"TENANT","id":""},"resource_owner_id":"me"}`, http.StatusUnprocessableEntity, "resource_owner_id"},
		"an empty batch":             {"check/batch", `{"checks":[]}`, http.StatusUnprocessableEntity, "checks"},
		"101 questions":              {"check/batch", many, http.StatusUnprocessableEntity, "checks"},
		"one of two is wrong":        {"check/batch", `{"checks":[{"permission":"voting.poll.read","scope":{"type":"TENANT","id":""}},{"permission":"voting.poll.read","scope":{"type":"TEAM","id":""}}]}`, http.StatusUnprocessableEntity, "checks.1.scope.id"},
	} {
		t.Run(name, func(t *testing.T) {
			resp, err := s.http(m).Post(s.URL+"/internal/v1/"+c.path, "application/json", strings.NewReader(c.body))
			require.NoError(t, err)
			defer resp.Body.Close()
			body, err := io.ReadAll(resp.Body)
			require.NoError(t, err)
			require.Equal(t, c.status, resp.StatusCode, string(body))
			if c.field == "" {
				return
			}
			var envelope struct {
				Error struct {
					Details struct {
						Fields map[string]string `json:"fields"`
					} `json:"details"`
				} `json:"error"`
			}
			require.NoError(t, json.Unmarshal(body, &envelope))
			require.Contains(t, envelope.Error.Details.Fields, c.field, string(body))
		})
	}
}

func TestWithoutADatabaseThereIsNoAnswer(t *testing.T) {
	t.Parallel()
	s := startNew(t)
	m := member(aef)
	// no connection may be opened, and those that are open end
	s.admin("ALTER DATABASE " + s.database() + " WITH CONNECTION LIMIT 0")
	s.admin("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + s.database() + "'")
	client := s.as(m)
	resp, err := client.CheckPermissionWithResponse(context.Background(), inTenant("voting.poll.read", m))
	require.NoError(t, err)
	require.Equal(t, http.StatusServiceUnavailable, resp.StatusCode(), string(resp.Body))
	s.admin("ALTER DATABASE " + s.database() + " WITH CONNECTION LIMIT -1")
	require.Eventually(t, func() bool {
		resp, err := client.CheckPermissionWithResponse(context.Background(), inTenant("voting.poll.read", m))
		return err == nil && resp.StatusCode() == http.StatusOK
	}, 20*time.Second, 50*time.Millisecond, "it recovers by itself")
}
