package accessclient_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/errs"
)

func client(t *testing.T, h http.HandlerFunc) (*accessclient.Client, *httptest.Server) {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	c, err := accessclient.New(accessclient.Config{URL: server.URL, Budget: 5 * time.Second}, func(next http.RoundTripper) http.RoundTripper { return next })
	require.NoError(t, err)
	return c, server
}

func answer(w http.ResponseWriter, body string) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write([]byte(body))
}

var question = accessclient.Question{Permission: "voting.poll.read", Scope: accessclient.Scope{Type: accessclient.Tenant, ID: "t"}}

func TestCheckPassesTheAnswerOn(t *testing.T) {
	c, _ := client(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/internal/v1/check" {
			t.Errorf("asked %s", r.URL.Path)
		}
		answer(w, `{"allowed":false,"reason_code":"NO_ROLE"}`)
	})
	d, err := c.Check(t.Context(), question)
	require.NoError(t, err)
	require.Equal(t, accessclient.Decision{Reason: "NO_ROLE"}, d)
	require.Equal(t, errs.Forbidden, errs.KindOf(c.Require(t.Context(), question)))
}

func TestBatchKeepsTheOrder(t *testing.T) {
	c, _ := client(t, func(w http.ResponseWriter, _ *http.Request) {
		answer(w, `{"decisions":[{"allowed":true,"reason_code":"RBAC_ALLOW"},{"allowed":false,"reason_code":"RBAC_DENY"}]}`)
	})
	ds, err := c.CheckBatch(t.Context(), []accessclient.Question{question, question})
	require.NoError(t, err)
	require.Equal(t, []accessclient.Decision{{Allowed: true, Reason: "RBAC_ALLOW"}, {Reason: "RBAC_DENY"}}, ds)

	_, err = c.CheckBatch(t.Context(), []accessclient.Question{question})
	require.Error(t, err, "an answer of another length is no answer")

	ds, err = c.CheckBatch(t.Context(), nil)
	require.NoError(t, err)
	require.Empty(t, ds)
}

func TestOneRetry(t *testing.T) {
	var calls atomic.Int32
	c, _ := client(t, func(w http.ResponseWriter, _ *http.Request) {
		if calls.Add(1) == 1 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		answer(w, `{"allowed":true,"reason_code":"RBAC_ALLOW"}`)
	})
	d, err := c.Check(t.Context(), question)
	require.NoError(t, err)
	require.True(t, d.Allowed)
	require.EqualValues(t, 2, calls.Load())
}

// No answer is neither yes nor no.
func TestItFailsClosed(t *testing.T) {
	for name, h := range map[string]http.HandlerFunc{
		"5xx":         func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) },
		"nonsense":    func(w http.ResponseWriter, _ *http.Request) { answer(w, "{") },
		"broken line": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	} {
		c, _ := client(t, h)
		d, err := c.Check(t.Context(), question)
		require.Equal(t, errs.Unavailable, errs.KindOf(err), name)
		require.False(t, d.Allowed)
	}
	c, server := client(t, func(http.ResponseWriter, *http.Request) {})
	server.Close()
	_, err := c.Check(t.Context(), question)
	require.Equal(t, errs.Unavailable, errs.KindOf(err))

	c, _ = client(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnprocessableEntity) })
	_, err = c.Check(t.Context(), question)
	require.Equal(t, errs.Internal, errs.KindOf(err), "a question access does not understand is our defect")
}

func TestTheBudgetBounds(t *testing.T) {
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-release:
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(release) })
	c, err := accessclient.New(accessclient.Config{URL: server.URL, Budget: 20 * time.Millisecond}, func(next http.RoundTripper) http.RoundTripper { return next })
	require.NoError(t, err)
	_, err = c.Check(t.Context(), question)
	require.Equal(t, errs.Unavailable, errs.KindOf(err))
}

// Once access has failed often enough it is left alone for a while.
func TestTheBreakerOpens(t *testing.T) {
	var calls atomic.Int32
	c, _ := client(t, func(w http.ResponseWriter, _ *http.Request) {
		calls.Add(1)
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	for range 100 {
		_, err := c.Check(t.Context(), question)
		require.Equal(t, errs.Unavailable, errs.KindOf(err))
	}
	require.Less(t, calls.Load(), int32(60))
}

func TestEffective(t *testing.T) {
	c, _ := client(t, func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.URL.RawQuery, "scope_type=TENANT") {
			t.Errorf("asked %s", r.URL.RawQuery)
		}
		answer(w, `{"permissions":["voting.poll.read"],"roles":[{"id":1,"service":"voting","name":"member"}]}`)
	})
	e, err := c.Effective(t.Context(), question.Scope)
	require.NoError(t, err)
	require.Equal(t, accessclient.Effective{Permissions: []string{"voting.poll.read"}, Roles: []string{"voting:member"}}, e)
}
