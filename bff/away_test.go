package bff_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/tools/devkit/devstack"
	"go.updspace.com/tools/devkit/testkit"
)

// A Redis that hangs, dies and comes back is not noticed by users who are signed in, sign in or sign out.
func TestRedisAwayIsNotNoticed(t *testing.T) {
	t.Parallel()
	server, err := devstack.StartRedis(t.Context(), devstack.Options{Log: quiet})
	require.NoError(t, err)
	t.Cleanup(server.Stop)
	wire := testkit.NewRelay(t, server.Addr)
	p := start(t, func(p *platform) { p.cfg.RedisURL, p.cfg.RateReads = "redis://"+wire.Addr, 100000 })
	p.voting.handle("GET /api/v1/voting/polls", ok)
	b := p.browser().signIn(aefHost, member)
	journey := func() {
		t.Helper()
		for range 40 { // more than a portion of the rate limit, so that Redis would be asked
			require.Equal(t, http.StatusOK, b.get(aefHost+"/api/v1/voting/polls").status)
		}
		other := p.browser().signIn(aefHost, second)
		token := other.cookie(aefHost, "updspace_session")
		require.Equal(t, http.StatusOK, other.get(aefHost+"/api/v1/voting/polls").status)
		require.Equal(t, http.StatusNoContent, other.post(aefHost+"/api/v1/session/logout", "").status)
		p.browser().do(http.MethodGet, aefHost+"/api/v1/voting/polls", "", http.Header{"Cookie": {"updspace_session=" + token}}).
			refuses(http.StatusUnauthorized, "UNAUTHORIZED")
	}
	journey()
	wire.Freeze()
	journey()
	wire.Thaw()
	journey()
	require.NoError(t, server.Kill())
	journey()
	require.NoError(t, server.Start(t.Context()))
	journey()
}
