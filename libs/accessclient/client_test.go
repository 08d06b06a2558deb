package accessclient_test

import (
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/authz"
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

var check = authz.Check{Permission: "voting.poll.read", Scope: authz.TenantScope(uuid.MustParse("00000000-0000-4000-8000-000000000001"))}

func TestAFailedCheckIsRetriedOnce(t *testing.T) {
	var calls atomic.Int32
	c, _ := client(t, func(w http.ResponseWriter, _ *http.Request) {
		if calls.Add(1) == 1 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		answer(w, `{"allowed":true,"reason_code":"RBAC_ALLOW"}`)
	})
	allowed, err := c.Check(t.Context(), check)
	require.NoError(t, err)
	require.True(t, allowed)
	require.EqualValues(t, 2, calls.Load())
}

// No answer is neither a permission nor a denial.
func TestItFailsClosed(t *testing.T) {
	for name, h := range map[string]http.HandlerFunc{
		"5xx":         func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) },
		"nonsense":    func(w http.ResponseWriter, _ *http.Request) { answer(w, "{") },
		"broken line": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	} {
		c, _ := client(t, h)
		allowed, err := c.Check(t.Context(), check)
		require.Equal(t, errs.Unavailable, errs.KindOf(err), name)
		require.False(t, allowed)
	}
	c, server := client(t, func(http.ResponseWriter, *http.Request) {})
	server.Close()
	_, err := c.Check(t.Context(), check)
	require.Equal(t, errs.Unavailable, errs.KindOf(err))

	c, _ = client(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnprocessableEntity) })
	_, err = c.Check(t.Context(), check)
	require.Equal(t, errs.Internal, errs.KindOf(err), "a check that access cannot read is a defect")
}

func TestTheBudgetEndsACall(t *testing.T) {
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
	_, err = c.Check(t.Context(), check)
	require.Equal(t, errs.Unavailable, errs.KindOf(err))
}

// After enough failures access is not called for a while.
func TestTheCircuitOpens(t *testing.T) {
	var calls atomic.Int32
	c, _ := client(t, func(w http.ResponseWriter, _ *http.Request) {
		calls.Add(1)
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	for range 100 {
		_, err := c.Check(t.Context(), check)
		require.Equal(t, errs.Unavailable, errs.KindOf(err))
	}
	require.Less(t, calls.Load(), int32(60))
}
