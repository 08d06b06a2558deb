package httpx_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/httpx"
)

func from(t *testing.T, peer string, forwarded ...string) *http.Request {
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
	r.RemoteAddr = peer
	r.Header["X-Forwarded-For"] = forwarded
	return r
}

func TestClientAddress(t *testing.T) {
	t.Parallel()
	addresses, err := httpx.NewClientAddresses([]string{" 10.1.2.3/8", "fd00::/8 ", "none"}, nil)
	require.NoError(t, err)
	for _, c := range []struct {
		name, peer string
		forwarded  []string
		want       string
	}{
		{"a client", "203.0.113.9:1234", nil, "203.0.113.9"},
		{"a client that claims to be another", "203.0.113.9:1234", []string{"1.2.3.4"}, "203.0.113.9"},
		{"behind a proxy", "10.0.0.1:1234", []string{"203.0.113.9"}, "203.0.113.9"},
		{"behind two proxies", "10.0.0.1:1234", []string{"203.0.113.9, 10.9.9.9"}, "203.0.113.9"},
		{"behind two proxies that write a line each", "[fd00::1]:1234", []string{"203.0.113.9", "10.9.9.9"}, "203.0.113.9"},
		{"what the client wrote does not count", "10.0.0.1:1234", []string{"1.2.3.4, 203.0.113.9"}, "203.0.113.9"},
		{"an address that cannot be read", "10.0.0.1:1234", []string{"1.2.3.4, unknown, 10.9.9.9"}, "10.9.9.9"},
		{"a proxy's own request", "10.0.0.1:1234", nil, "10.0.0.1"},
		{"an IPv6 client", "[2001:db8::1:2:3:4]:1234", nil, "2001:db8::/64"},
		{"an IPv6 client with a zone", "[fe80::1%eth0]:1234", nil, "fe80::/64"},
		{"an IPv4 client of an IPv6 socket", "[::ffff:203.0.113.9]:1234", nil, "203.0.113.9"},
		{"an IPv4 proxy of an IPv6 socket", "[::ffff:10.0.0.1]:1234", []string{"::ffff:203.0.113.9"}, "203.0.113.9"},
		{"a peer without a port", "pipe", []string{"1.2.3.4"}, "pipe"},
	} {
		require.Equal(t, c.want, addresses.Of(from(t, c.peer, c.forwarded...)), c.name)
	}
	_, err = httpx.NewClientAddresses([]string{"10.0.0.1"}, nil)
	require.ErrorContains(t, err, "TRUSTED_PROXIES")
}

func TestUnknownProxiesAreReportedOnceAMinute(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	addresses, err := httpx.NewClientAddresses([]string{httpx.NoProxies}, slog.New(slog.NewTextHandler(&log, nil)))
	require.NoError(t, err)
	addresses.Of(from(t, "10.0.0.1:1234"))
	addresses.Of(from(t, "203.0.113.9:1234", "1.2.3.4")) // a client of the internet that makes things up
	require.Empty(t, log.String())
	for range 3 {
		addresses.Of(from(t, "10.0.0.1:1234", "203.0.113.9"))
	}
	require.Equal(t, 1, strings.Count(log.String(), "TRUSTED_PROXIES"))
}
