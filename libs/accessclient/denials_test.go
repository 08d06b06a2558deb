package accessclient_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/httpx"
)

// An operator finds in the log line of a refused request which checks were denied, where and why.
func TestTheLogOfARefusalNamesTheDeniedChecks(t *testing.T) {
	c, _ := client(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/internal/v1/check" {
			answer(w, `{"allowed":false,"reason_code":"VISIBILITY_DENY"}`)
			return
		}
		answer(w, `{"decisions":[{"allowed":true,"reason_code":"RBAC_ALLOW"},{"allowed":false,"reason_code":"NO_ROLE"}]}`)
	})
	var log bytes.Buffer
	kit := httpx.New(httpx.Options{Logger: slog.New(slog.NewJSONHandler(&log, nil)), Registerer: prometheus.NewRegistry()})
	inCommunity := authz.Check{Permission: "portal.posts.create_community", Scope: authz.CommunityScope(community), Visibility: authz.VisibilityCommunity}
	handler := kit.Observe(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := c.CheckAll(r.Context(), []authz.Check{check, {Permission: "voting.poll.edit", Scope: check.Scope}}); err != nil {
			t.Error(err)
		}
		if err := authz.Require(r.Context(), c, inCommunity); r.URL.Path == "/refused" {
			httpx.WriteError(w, r, err)
		}
	}))
	denied := func(path string) any {
		log.Reset()
		handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, path, nil))
		var line map[string]any
		require.NoError(t, json.Unmarshal(log.Bytes(), &line))
		return line["denied"]
	}
	require.Equal(t, []any{
		"voting.poll.edit in TENANT 00000000-0000-4000-8000-000000000001: NO_ROLE",
		"portal.posts.create_community in COMMUNITY 00000000-0000-4000-8000-0000000000c1 for visibility community: VISIBILITY_DENY",
	}, denied("/refused"))
	require.Nil(t, denied("/answered"), "a denial is normal where the answer only depends on it")
}
