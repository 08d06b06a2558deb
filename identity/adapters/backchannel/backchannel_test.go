package backchannel_test

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/identity/adapters/backchannel"
	"go.updspace.com/libs/egress"
)

// listener counts the requests that reach it and answers with a status.
func listener(t *testing.T, status int, location string) (server *httptest.Server, reached *atomic.Int64) {
	t.Helper()
	reached = &atomic.Int64{}
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.PostFormValue("logout_token") == "token" {
			reached.Add(1)
		}
		w.Header().Set("Location", location)
		w.WriteHeader(status)
	}))
	t.Cleanup(server.Close)
	return server, reached
}

func sender(t *testing.T, gateway string, exceptions ...netip.AddrPort) *backchannel.Sender {
	t.Helper()
	s := backchannel.New(gateway, exceptions)
	t.Cleanup(s.Close)
	return s
}

func address(s *httptest.Server) netip.AddrPort {
	return netip.MustParseAddrPort(s.Listener.Addr().String())
}

func TestLogoutTokensDoNotReachTheOwnNetwork(t *testing.T) {
	t.Parallel()
	inner, reached := listener(t, http.StatusOK, "")
	s := sender(t, "http://bff:8080/logout")
	byName := strings.Replace(inner.URL, "127.0.0.1", "localhost", 1)
	for _, uri := range []string{
		inner.URL, inner.URL + "/logout", byName, strings.Replace(inner.URL, "127.0.0.1", "[::ffff:127.0.0.1]", 1),
		"http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "https://[::1]/", "http://bff:8080/logout@10.0.0.1", "file:///etc/passwd",
	} {
		require.Error(t, s.Send(t.Context(), uri, "token"), uri)
	}
	require.ErrorIs(t, s.Send(t.Context(), inner.URL, "token"), egress.ErrAddress)
	require.ErrorIs(t, s.Send(t.Context(), byName, "token"), egress.ErrAddress, "what the name resolves to counts")
	require.Zero(t, reached.Load())
}

func TestLogoutTokensFollowNoRedirect(t *testing.T) {
	t.Parallel()
	inner, reached := listener(t, http.StatusOK, "")
	for _, status := range []int{http.StatusFound, http.StatusTemporaryRedirect, http.StatusPermanentRedirect} {
		outer, asked := listener(t, status, inner.URL)
		require.ErrorContains(t, sender(t, "", address(outer)).Send(t.Context(), outer.URL, "token"), "answered")
		require.ErrorContains(t, sender(t, outer.URL).Send(t.Context(), outer.URL, "token"), "answered", "the gateway, too")
		require.EqualValues(t, 2, asked.Load())
	}
	require.Zero(t, reached.Load())
}

func TestTheGatewayIsInTheOwnNetwork(t *testing.T) {
	t.Parallel()
	gateway, reached := listener(t, http.StatusNoContent, "")
	s := sender(t, gateway.URL+"/logout")
	require.NoError(t, s.Send(t.Context(), gateway.URL+"/logout", "token"))
	require.EqualValues(t, 1, reached.Load())
	require.ErrorIs(t, s.Send(t.Context(), gateway.URL+"/other", "token"), egress.ErrAddress, "its address and no other there")
	require.EqualValues(t, 1, reached.Load())
}

func TestAnExceptionIsReached(t *testing.T) {
	t.Parallel()
	site, reached := listener(t, http.StatusOK, "")
	s := sender(t, "", address(site))
	require.NoError(t, s.Send(t.Context(), site.URL, "token"))
	require.EqualValues(t, 1, reached.Load())
	away, _ := listener(t, http.StatusInternalServerError, "")
	require.ErrorContains(t, sender(t, "", address(away)).Send(t.Context(), away.URL, "token"), "500")
}
