package load_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/tools/bench/load"
)

func serve(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.Listener.Addr().String()
}

func dial(t *testing.T, addr string, connections int) *load.Client {
	t.Helper()
	c, err := load.Dial(t.Context(), addr, connections)
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c
}

func get(t *testing.T, path string) load.Maker {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://bench"+path, nil)
	require.NoError(t, err)
	next, err := load.Repeat(r)
	require.NoError(t, err)
	return next
}

func TestRunStopsAtItsNumberAndCountsEachOnce(t *testing.T) {
	var served atomic.Int64
	addr := serve(t, func(http.ResponseWriter, *http.Request) { served.Add(1) })
	c := dial(t, addr, 4)
	r, err := c.Run(t.Context(), load.Options{Duration: time.Minute, Max: 100, Status: http.StatusOK}, get(t, "/"))
	require.NoError(t, err)
	require.Equal(t, 100, r.Requests)
	require.Len(t, r.Latencies, 100)
	require.EqualValues(t, 100, served.Load())
	require.Positive(t, r.PerSecond())
}

func TestABusyServerIsAWrongAnswerUnlessItMayBeOne(t *testing.T) {
	addr := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
	o := load.Options{Duration: time.Minute, Max: 10, Status: http.StatusOK}
	_, err := dial(t, addr, 1).Run(t.Context(), o, get(t, "/"))
	require.ErrorContains(t, err, "503")
	o.Busy = true
	r, err := dial(t, addr, 1).Run(t.Context(), o, get(t, "/"))
	require.NoError(t, err)
	require.Equal(t, 10, r.Requests)
}

func TestRunStopsAtItsTime(t *testing.T) {
	addr := serve(t, func(http.ResponseWriter, *http.Request) {})
	r, err := dial(t, addr, 1).Run(t.Context(), load.Options{Duration: 50 * time.Millisecond, Status: http.StatusOK}, get(t, "/"))
	require.NoError(t, err)
	require.Positive(t, r.Requests)
	require.GreaterOrEqual(t, r.Elapsed, 50*time.Millisecond)
}

func TestConnectionsAreKeptAndUsedTogether(t *testing.T) {
	var mu sync.Mutex
	var inFlight, most int
	peers := map[string]bool{}
	all := make(chan struct{})
	addr := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		mu.Lock()
		peers[r.RemoteAddr] = true
		if inFlight++; inFlight > most {
			most = inFlight
		}
		if most == 3 {
			select {
			case <-all:
			default:
				close(all)
			}
		}
		mu.Unlock()
		<-all // no request is answered before three are waiting
		mu.Lock()
		inFlight--
		mu.Unlock()
	})
	c := dial(t, addr, 3)
	for range 2 {
		_, err := c.Run(t.Context(), load.Options{Duration: time.Minute, Max: 30, Status: http.StatusOK}, get(t, "/"))
		require.NoError(t, err)
	}
	require.Equal(t, 3, most)
	require.Len(t, peers, 3)
}

func TestRequestsAreNumberedAcrossRuns(t *testing.T) {
	var mu sync.Mutex
	seen := map[string]int{}
	addr := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		seen[string(body)]++
		mu.Unlock()
	})
	c := dial(t, addr, 4)
	next := func(n int) ([]byte, error) {
		r, err := http.NewRequest(http.MethodPost, "http://bench/", strings.NewReader(fmt.Sprint(n)))
		if err != nil {
			return nil, err
		}
		return load.Encode(r)
	}
	for range 2 {
		_, err := c.Run(t.Context(), load.Options{Duration: time.Minute, Max: 50, Status: http.StatusOK}, next)
		require.NoError(t, err)
	}
	require.Len(t, seen, 100)
	for body, times := range seen {
		require.Equal(t, 1, times, body)
	}
}

func TestAWrongAnswerEndsTheRun(t *testing.T) {
	addr := serve(t, func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "too many", http.StatusTooManyRequests) })
	_, err := dial(t, addr, 2).Run(t.Context(), load.Options{Duration: time.Minute, Status: http.StatusOK}, get(t, "/"))
	require.ErrorContains(t, err, "429")
	require.ErrorContains(t, err, "too many")
}

func TestAClosedConnectionEndsTheRun(t *testing.T) {
	addr := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Connection", "close") })
	_, err := dial(t, addr, 1).Run(t.Context(), load.Options{Duration: time.Minute, Status: http.StatusOK}, get(t, "/"))
	require.ErrorContains(t, err, "closes the connection")
}

func TestACancelledRunIsAnError(t *testing.T) {
	addr := serve(t, func(http.ResponseWriter, *http.Request) {})
	stop := errors.New("interrupted")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(stop)
	_, err := dial(t, addr, 1).Run(ctx, load.Options{Duration: time.Minute, Status: http.StatusOK}, get(t, "/"))
	require.ErrorIs(t, err, stop)
}

func TestAWatcherKeepsItsDistance(t *testing.T) {
	addr := serve(t, func(http.ResponseWriter, *http.Request) {})
	r, err := dial(t, addr, 1).Run(t.Context(), load.Options{Duration: time.Minute, Max: 5, Every: 10 * time.Millisecond, Status: http.StatusOK}, get(t, "/"))
	require.NoError(t, err)
	require.Equal(t, 5, r.Requests)
	require.GreaterOrEqual(t, r.Elapsed, 50*time.Millisecond)
}
