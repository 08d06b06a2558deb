package accessclient_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/accessapi"
	"go.updspace.com/api/commonapi"
	"go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
)

func TestACheckIsSentUnchanged(t *testing.T) {
	var sent []byte
	c, _ := client(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/internal/v1/check" {
			t.Errorf("called %s", r.URL.Path)
		}
		sent, _ = io.ReadAll(r.Body)
		answer(w, `{"allowed":false,"reason_code":"NO_ROLE"}`)
	})
	allowed, err := c.Check(t.Context(), authz.Check{Permission: "portal.posts.read", Scope: authz.TeamScope(community), Visibility: authz.VisibilityPrivate, Owner: member})
	require.NoError(t, err)
	require.False(t, allowed)
	require.JSONEq(t, `{"permission":"portal.posts.read","scope":{"type":"TEAM","id":"00000000-0000-4000-8000-0000000000c1"},
		"resource_visibility":"private","resource_owner_id":"00000000-0000-4000-8000-000000000001"}`, string(sent))

	require.ErrorIs(t, authz.Require(t.Context(), c, check), authz.ErrDenied)
	_, err = c.Check(t.Context(), authz.Check{Permission: "portal.posts.read", Scope: authz.Scope{Type: authz.ScopeGlobal}})
	require.NoError(t, err)
	require.JSONEq(t, `{"permission":"portal.posts.read","scope":{"type":"GLOBAL","id":""}}`, string(sent))
}

// batches answers every check that is about the tenant scope with yes, and records how many checks each call had.
func batches(t *testing.T, sizes *[]int) http.HandlerFunc {
	decide := func(c accessapi.Check) accessapi.Decision {
		return accessapi.Decision{Allowed: c.Scope.Type == commonapi.ScopeTypeTENANT, ReasonCode: accessapi.ReasonCodeRBACALLOW}
	}
	return func(w http.ResponseWriter, r *http.Request) {
		var one accessapi.Check
		var many accessapi.CheckBatch
		body, err := io.ReadAll(r.Body)
		require.NoError(t, err)
		if r.URL.Path == "/internal/v1/check" {
			*sizes = append(*sizes, 1)
			require.NoError(t, json.Unmarshal(body, &one))
			out, _ := json.Marshal(decide(one))
			answer(w, string(out))
			return
		}
		require.NoError(t, json.Unmarshal(body, &many))
		*sizes = append(*sizes, len(many.Checks))
		var decisions accessapi.DecisionBatch
		for _, c := range many.Checks {
			decisions.Decisions = append(decisions.Decisions, decide(c))
		}
		out, _ := json.Marshal(decisions)
		answer(w, string(out))
	}
}

func TestManyChecksGoInBatchesAndEachOnce(t *testing.T) {
	var sizes []int
	c, _ := client(t, batches(t, &sizes))
	var checks []authz.Check
	for range 250 {
		checks = append(checks, check, authz.Check{Permission: check.Permission, Scope: authz.CommunityScope(uuid.New())})
	}
	answers, err := c.CheckAll(t.Context(), checks)
	require.NoError(t, err)
	require.Len(t, answers, len(checks))
	for i, allowed := range answers {
		require.Equal(t, i%2 == 0, allowed, "answer %d", i)
	}
	require.Equal(t, []int{100, 100, 51}, sizes)

	sizes = nil
	answers, err = c.CheckAll(t.Context(), []authz.Check{check, check, check})
	require.NoError(t, err)
	require.Equal(t, []bool{true, true, true}, answers)
	require.Equal(t, []int{1}, sizes, "equal checks are one check, and one check needs no batch")

	answers, err = c.CheckAll(t.Context(), nil)
	require.NoError(t, err)
	require.Empty(t, answers)
	require.Len(t, sizes, 1)
}

func TestABatchAnswerOfAnotherLengthIsNoAnswer(t *testing.T) {
	c, _ := client(t, func(w http.ResponseWriter, _ *http.Request) {
		answer(w, `{"decisions":[{"allowed":true,"reason_code":"RBAC_ALLOW"}]}`)
	})
	_, err := c.CheckAll(t.Context(), []authz.Check{check, {Permission: "voting.vote.cast", Scope: check.Scope}})
	require.Equal(t, errs.Internal, errs.KindOf(err))
}

// The batches of one CheckAll share one budget, so a slow access costs a caller the budget once. Three batches of 40 %
// each do not fit.
func TestAllBatchesShareOneBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const budget = 300 * time.Millisecond
		c, err := accessclient.New(accessclient.Config{URL: "http://access", Budget: budget}, func(http.RoundTripper) http.RoundTripper {
			return transport(func(r *http.Request) (*http.Response, error) {
				select {
				case <-time.After(budget * 4 / 10):
				case <-r.Context().Done():
					return nil, r.Context().Err()
				}
				var body accessapi.CheckBatch
				if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
					return nil, err
				}
				decisions := strings.TrimSuffix(strings.Repeat(`{"allowed":true,"reason_code":"RBAC_ALLOW"},`, len(body.Checks)), ",")
				return &http.Response{
					StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
					Body: io.NopCloser(strings.NewReader(`{"decisions":[` + decisions + `]}`)),
				}, nil
			})
		})
		require.NoError(t, err)
		checks := make([]authz.Check, 300)
		for i := range checks {
			checks[i] = authz.Check{Permission: check.Permission, Scope: authz.CommunityScope(uuid.New())}
		}
		_, err = c.CheckAll(t.Context(), checks[:200])
		require.NoError(t, err)
		started := time.Now()
		_, err = c.CheckAll(t.Context(), checks)
		require.Equal(t, errs.Unavailable, errs.KindOf(err))
		require.Equal(t, budget, time.Since(started))
	})
}

func TestAllowedScopes(t *testing.T) {
	var sent []byte
	c, _ := client(t, func(w http.ResponseWriter, r *http.Request) {
		sent, _ = io.ReadAll(r.Body)
		answer(w, `{"answers":[{"everywhere":true,"tenant":false,"communities":[],"teams":[]},
			{"everywhere":false,"tenant":true,"communities":["00000000-0000-4000-8000-0000000000c1","chess"],"teams":["00000000-0000-4000-8000-000000000001"]}]}`)
	})
	queries := []authz.ScopeQuery{{Permission: "portal.posts.read"}, {Permission: "portal.posts.read", Visibility: authz.VisibilityTeam}}
	answers, err := c.AllowedScopes(t.Context(), queries)
	require.NoError(t, err)
	require.JSONEq(t, `{"questions":[{"permission":"portal.posts.read"},{"permission":"portal.posts.read","resource_visibility":"team"}]}`, string(sent))
	require.Equal(t, []authz.AllowedScopes{
		{Everywhere: true, Communities: []uuid.UUID{}, Teams: []uuid.UUID{}},
		{Tenant: true, Communities: []uuid.UUID{community}, Teams: []uuid.UUID{member}}, // an id that is no UUID names no community
	}, answers)

	_, err = c.AllowedScopes(t.Context(), queries[:1])
	require.Equal(t, errs.Internal, errs.KindOf(err), "an answer of another length is no answer")
	none, err := c.AllowedScopes(t.Context(), nil)
	require.NoError(t, err)
	require.Empty(t, none)
}

func TestEffective(t *testing.T) {
	c, _ := client(t, func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.URL.RawQuery, "scope_type=TENANT") {
			t.Errorf("called with %s", r.URL.RawQuery)
		}
		answer(w, `{"permissions":["voting.poll.read"],"roles":[{"id":1,"service":"voting","name":"member"}]}`)
	})
	e, err := c.Effective(t.Context(), check.Scope)
	require.NoError(t, err)
	require.Equal(t, authz.Effective{Permissions: []string{"voting.poll.read"}, Roles: []string{"voting:member"}}, e)
}
