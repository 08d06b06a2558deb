package accessclient_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	kit "go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/errs"
	"go.updspace.com/voting/adapters/accessclient"
	"go.updspace.com/voting/domain"
)

// fake answers yes to every question whose scope id is "yes" and remembers the sizes of batches.
func fake(t *testing.T) (access *accessclient.Access, sizes *[]int, last *map[string]any) {
	t.Helper()
	sizes, last = new([]int), new(map[string]any)
	decide := func(check map[string]any) map[string]any {
		*last = check
		scope, _ := check["scope"].(map[string]any)
		return map[string]any{"allowed": scope["id"] == "yes", "reason_code": "RBAC_ALLOW"}
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body map[string]any
		_ = json.NewDecoder(r.Body).Decode(&body)
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/internal/v1/check" {
			_ = json.NewEncoder(w).Encode(decide(body))
			return
		}
		checks, _ := body["checks"].([]any)
		*sizes = append(*sizes, len(checks))
		decisions := make([]any, len(checks))
		for i, c := range checks {
			check, _ := c.(map[string]any)
			decisions[i] = decide(check)
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"decisions": decisions})
	}))
	t.Cleanup(server.Close)
	client, err := kit.New(kit.Config{URL: server.URL, Budget: 10 * time.Second}, func(next http.RoundTripper) http.RoundTripper { return next })
	require.NoError(t, err)
	return accessclient.New(client), sizes, last
}

func ask(id string) domain.Ask {
	return domain.Ask{Permission: domain.PermissionPollRead, Scope: domain.Scope{Type: domain.ScopeCommunity, ID: id}}
}

func TestOneQuestion(t *testing.T) {
	access, _, last := fake(t)
	owner := uuid.New()
	q := ask("yes")
	q.Visibility, q.Owner = domain.VisibilityPrivate, owner
	allowed, err := access.Allowed(t.Context(), q)
	require.NoError(t, err)
	require.True(t, allowed)
	require.Equal(t, map[string]any{
		"permission": "voting.poll.read", "scope": map[string]any{"type": "COMMUNITY", "id": "yes"},
		"resource_visibility": "private", "resource_owner_id": owner.String(),
	}, *last)
	allowed, err = access.Allowed(t.Context(), ask("no"))
	require.NoError(t, err)
	require.False(t, allowed)
}

func TestManyQuestionsGoInBatchesAndEachOnce(t *testing.T) {
	access, sizes, _ := fake(t)
	var asks []domain.Ask
	for i := range 250 {
		asks = append(asks, ask("yes"), ask(fmt.Sprint(i)))
	}
	answers, err := access.AllowedEach(t.Context(), asks)
	require.NoError(t, err)
	require.Len(t, answers, 500)
	for i, allowed := range answers {
		require.Equal(t, i%2 == 0, allowed, "answer %d", i)
	}
	require.Equal(t, []int{100, 100, 51}, *sizes)
	answers, err = access.AllowedEach(t.Context(), nil)
	require.NoError(t, err)
	require.Empty(t, answers)
}

func TestNoAnswerIsNoDecision(t *testing.T) {
	client, err := kit.New(kit.Config{URL: "http://127.0.0.1:1"}, func(next http.RoundTripper) http.RoundTripper { return next })
	require.NoError(t, err)
	access := accessclient.New(client)
	_, err = access.Allowed(context.Background(), ask("yes"))
	require.Equal(t, errs.Unavailable, errs.KindOf(err))
	_, err = access.AllowedEach(context.Background(), []domain.Ask{ask("yes")})
	require.Equal(t, errs.Unavailable, errs.KindOf(err))
}
