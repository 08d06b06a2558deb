package access_test

import (
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/accessapi"
	"go.updspace.com/api/commonapi"
	"go.updspace.com/libs/reqctx"
)

// Of many users those are named who may do something: known members of the tenant by the roles of members, others by what they are bound to.
func TestWhichUsersMayDoSomething(t *testing.T) {
	t.Parallel()
	s := start(t)
	known, gone, allowed, denied, stranger := member(aef), member(aef), member(aef), member(aef), member(aef)
	for _, p := range []person{known, denied} {
		s.exec(aef, "INSERT INTO tenant_members (tenant_id, user_id, active, changed_at) VALUES (?, ?, true, now())", aef, p.user)
	}
	s.exec(aef, "INSERT INTO tenant_members (tenant_id, user_id, active, changed_at) VALUES (?, ?, false, now())", aef, gone.user)
	s.allow(allowed, "voting.poll.read")
	s.exec(aef, "INSERT INTO policy_overrides (id, tenant_id, user_id, action, permission_key) VALUES (?, ?, ?, 'deny', 'voting.poll.read')", uuid.New(), aef, denied.user)

	service := s.With("activity", reqctx.Context{TenantID: aef, TenantSlug: "aef"})
	users := []uuid.UUID{stranger.user, allowed.user, denied.user, gone.user, known.user}
	resp, err := service.CheckUsersWithResponse(t.Context(), accessapi.UsersCheck{Check: inTenant("voting.poll.read", known), UserIds: users})
	require.NoError(t, err)
	require.Equal(t, []uuid.UUID{allowed.user, known.user}, made[accessapi.UserIDs](s, of(resp), http.StatusOK).UserIds)

	elsewhere := s.With("activity", reqctx.Context{TenantID: gaming, TenantSlug: "gaming"})
	resp, err = elsewhere.CheckUsersWithResponse(t.Context(), accessapi.UsersCheck{Check: question("voting.poll.read", "TENANT", gaming.String()), UserIds: users})
	require.NoError(t, err)
	require.Empty(t, made[accessapi.UserIDs](s, of(resp), http.StatusOK).UserIds, "nothing of another tenant counts")
}

// One call about several users says what each is told alone.
func TestChecksAboutSeveralUsers(t *testing.T) {
	t.Parallel()
	s := start(t)
	explain := true
	people := []person{member(aef), {tenant: aef, user: uuid.New()}, member(gaming), member(aef), member(aef)}
	people[3].flags.Suspended = true
	s.allow(people[4], "voting.poll.create")
	var subjects []accessapi.SubjectChecks
	var want []accessapi.DecisionBatch
	for _, p := range people {
		q := inTenant("voting.poll.create", p)
		q.Explain = &explain
		checks := []accessapi.Check{inTenant("voting.poll.read", p), q, question("portal.posts.read", commonapi.ScopeTypeTEAM, "t1")}
		subjects = append(subjects, accessapi.SubjectChecks{TenantID: p.tenant, UserID: p.user, Flags: accessapi.SubjectFlags(p.flags), Checks: checks})
		var alone accessapi.DecisionBatch
		for _, check := range checks {
			alone.Decisions = append(alone.Decisions, s.decide(p, check))
		}
		want = append(want, alone)
	}
	service := s.With("voting", reqctx.Context{})
	ask := func() []accessapi.DecisionBatch {
		resp, err := service.CheckSubjectsWithResponse(t.Context(), accessapi.SubjectsCheck{Subjects: subjects})
		require.NoError(t, err)
		return made[accessapi.SubjectsDecision](s, of(resp), http.StatusOK).Subjects
	}
	require.Equal(t, want, ask())
	require.True(t, want[0].Decisions[0].Allowed && !want[1].Decisions[0].Allowed && !want[3].Decisions[0].Allowed && want[4].Decisions[1].Allowed)

	// An administrator's powers are recorded as those of the administrator.
	root := person{tenant: gaming, user: uuid.New(), flags: reqctx.Flags{SystemAdmin: true}}
	subjects = append(subjects, accessapi.SubjectChecks{
		TenantID: root.tenant, UserID: root.user, Flags: accessapi.SubjectFlags(root.flags), Checks: []accessapi.Check{question("voting.votings.admin", commonapi.ScopeTypeTEAM, "t1")},
	})
	require.Equal(t, accessapi.ReasonCodeMASTERSYSTEMADMIN, ask()[5].Decisions[0].ReasonCode)
	s.Stop() // what waits is stored
	require.Equal(t, 1, s.count(gaming, "SELECT count(*) FROM audit_entries WHERE actor_id = ? AND action = 'system_admin_decision'", root.user))
	require.Zero(t, s.count(aef, "SELECT count(*) FROM audit_entries WHERE action = 'system_admin_decision'"))
}
