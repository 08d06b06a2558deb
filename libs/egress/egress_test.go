package egress_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/egress"
)

// inner is a server that stands for what must not be reached; it counts who reaches it.
func inner(t *testing.T) (address netip.AddrPort, reached *atomic.Int64) {
	t.Helper()
	reached = new(atomic.Int64)
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	t.Cleanup(server.Close)
	return netip.MustParseAddrPort(server.Listener.Addr().String()), reached
}

func serve(t *testing.T, handler http.HandlerFunc) (address netip.AddrPort, origin string) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return netip.MustParseAddrPort(server.Listener.Addr().String()), server.URL
}

func client(t *testing.T, config egress.Config) *egress.Client {
	t.Helper()
	c := egress.New(config)
	t.Cleanup(c.Close)
	return c
}

func get(t *testing.T, c *egress.Client, target string) (egress.Response, error) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, target, nil)
	if err != nil {
		return egress.Response{}, err
	}
	return c.Do(request)
}

// attacks are spellings of addresses inside: PORT is the inner server's.
var attacks = []string{
	"http://127.0.0.1:PORT/", "http://127.1:PORT/", "http://0177.0.0.1:PORT/", "http://0x7f.0.0.1:PORT/", "http://2130706433:PORT/",
	"http://0x7f000001:PORT/", "http://0:PORT/", "http://0.0.0.0:PORT/", "http://127.255.255.254:PORT/", "http://localhost:PORT/",
	"http://LOCALHOST.:PORT/", "http://any.localhost:PORT/", "http://[::1]:PORT/", "http://[::]:PORT/", "http://[::ffff:127.0.0.1]:PORT/",
	"http://[::ffff:7f00:1]:PORT/", "http://[::127.0.0.1]:PORT/", "http://[64:ff9b::7f00:1]:PORT/", "http://[2002:7f00:1::]:PORT/",
	"http://[fe80::1%25lo]:PORT/", "http://[::1%25lo]:PORT/", "http://[fd00::1]:PORT/", "http://169.254.169.254/latest/meta-data/",
	"http://[fd00:ec2::254]/latest/meta-data/", "http://168.63.129.16/", "http://metadata.google.internal/", "http://10.0.0.1/",
	"http://172.16.0.1/", "http://192.168.0.1/", "http://100.64.0.1/", "http://user:pass@127.0.0.1:PORT/", "http://example.com@127.0.0.1:PORT/",
	"http://①②⑦.⓪.⓪.①:PORT/", "http://127。0。0。1:PORT/", "http:///:PORT/", "http:127.0.0.1:PORT", "file:///etc/passwd", "gopher://127.0.0.1:PORT/_x",
	"http://127.0.0.1%00.example.com:PORT/", "http://[::ffff:169.254.169.254]/",
}

func TestNoSpellingReachesTheInside(t *testing.T) {
	t.Parallel()
	address, reached := inner(t)
	port := address.Port()
	c := client(t, egress.Config{Ports: []uint16{80, 443, port}, Redirects: 3, Timeout: 5 * time.Second})
	for _, attack := range attacks {
		target := strings.ReplaceAll(attack, "PORT", netipPort(port))
		_, err := get(t, c, target)
		require.Error(t, err, target)
	}
	require.Zero(t, reached.Load())
}

func TestNoRedirectReachesTheInside(t *testing.T) {
	t.Parallel()
	address, reached := inner(t)
	port := netipPort(address.Port())
	entry, origin := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", r.URL.Query().Get("to"))
		w.WriteHeader(http.StatusFound)
	})
	c := client(t, egress.Config{Ports: []uint16{80, 443, address.Port()}, Exceptions: []netip.AddrPort{entry}, Redirects: 3, Timeout: 5 * time.Second})
	for _, attack := range attacks {
		_, err := get(t, c, origin+"/?to="+url.QueryEscape(strings.ReplaceAll(attack, "PORT", port)))
		require.Error(t, err, attack)
	}
	require.Zero(t, reached.Load())

	_, err := get(t, client(t, egress.Config{Exceptions: []netip.AddrPort{entry}, Redirects: 3}), origin+"/?to="+url.QueryEscape("http://"+address.String()))
	require.ErrorIs(t, err, egress.ErrAddress)
}

// A name is trusted for nothing: what it resolves to counts, at the time of dialling. Names in /etc/hosts and zones that answer
// with loopback are such names; the resolver here is one that flips its answer.
func TestAnAddressIsCheckedWhenItIsDialled(t *testing.T) {
	address, reached := inner(t)
	resolver := flippingDNS(t, netip.MustParseAddr("93.184.216.34"), netip.MustParseAddr("127.0.0.1"))
	before := net.DefaultResolver
	net.DefaultResolver = resolver
	t.Cleanup(func() { net.DefaultResolver = before })

	c := client(t, egress.Config{Ports: []uint16{address.Port()}, Timeout: 2 * time.Second})
	target := "http://rebind.example.com:" + netipPort(address.Port()) + "/"
	require.NoError(t, c.Check(target))
	var refused bool
	for range 4 {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
		require.NoError(t, err)
		_, err = c.Do(request)
		cancel()
		require.Error(t, err)
		refused = refused || errors.Is(err, egress.ErrAddress)
	}
	require.True(t, refused, "the inner address was answered, and refused")
	require.Zero(t, reached.Load())
}

func TestOnlyTheExactExceptionIsReached(t *testing.T) {
	t.Parallel()
	address, origin := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") })
	other, reached := inner(t)
	c := client(t, egress.Config{Exceptions: []netip.AddrPort{address}, TLSOnly: true})
	got, err := get(t, c, origin)
	require.NoError(t, err)
	require.Equal(t, "hello", string(got.Body))
	_, err = get(t, c, "http://"+other.String())
	require.ErrorIs(t, err, egress.ErrAddress)
	require.Zero(t, reached.Load())
}

func TestURLsAreChecked(t *testing.T) {
	t.Parallel()
	c := client(t, egress.Config{TLSOnly: true})
	for target, want := range map[string]error{
		"https://example.com/hook?x=1": nil,
		"https://example.com:443/":     nil,
		"https://пример.рф/":           nil,
		"https://[2606:4700::1111]/":   nil,
		"http://example.com/":          egress.ErrURL,
		"https://user@example.com/":    egress.ErrURL,
		"https://example.com:22/":      egress.ErrPort,
		"https://example.com:99999/":   egress.ErrPort,
		"https://127.0.0.1/":           egress.ErrAddress,
		"https://[::1]/":               egress.ErrAddress,
		"https://printer/":             egress.ErrAddress,
		"https://db.internal/":         egress.ErrAddress,
		"ftp://example.com/":           egress.ErrURL,
		"//example.com/":               egress.ErrURL,
		"":                             egress.ErrURL,
		"https://":                     egress.ErrURL,
		"https://exa mple.com/":        egress.ErrURL,
		"https://example.com/" + strings.Repeat("a", 2048): egress.ErrURL,
	} {
		err := c.Check(target)
		if want == nil {
			require.NoError(t, err, target)
			continue
		}
		require.ErrorIs(t, err, want, target)
	}
}

func TestPublicAddresses(t *testing.T) {
	t.Parallel()
	for text, public := range map[string]bool{
		"1.1.1.1": true, "93.184.216.34": true, "172.32.0.1": true, "100.128.0.1": true, "2606:4700:4700::1111": true, "::ffff:1.1.1.1": true,
		"0.0.0.0": false, "127.0.0.1": false, "10.1.2.3": false, "172.31.255.255": false, "192.168.1.1": false, "169.254.169.254": false,
		"100.127.255.255": false, "198.19.0.1": false, "224.0.0.1": false, "255.255.255.255": false, "168.63.129.16": false,
		"::": false, "::1": false, "::ffff:10.0.0.1": false, "fe80::1": false, "fc00::1": false, "ff02::1": false, "64:ff9b::1.1.1.1": false,
		"2001::1": false, "2001:db8::1": false, "2002:7f00:1::": false, "3fff::1": false, "fe80::1%eth0": false, "2606:4700::1%eth0": false,
	} {
		require.Equal(t, public, egress.Public(netip.MustParseAddr(text)), text)
	}
	require.False(t, egress.Public(netip.Addr{}))
}

func TestBodiesAreBounded(t *testing.T) {
	t.Parallel()
	address, origin := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/bomb" {
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			_, _ = z.Write(bytes.Repeat([]byte("0"), 1<<20))
			_ = z.Close()
			return
		}
		_, _ = io.WriteString(w, strings.Repeat("0", 101))
	})
	strict := client(t, egress.Config{Exceptions: []netip.AddrPort{address}, MaxBody: 100})
	for _, path := range []string{"/", "/bomb"} {
		_, err := get(t, strict, origin+path)
		require.ErrorIs(t, err, egress.ErrTooLarge, path)
	}
	got, err := get(t, client(t, egress.Config{Exceptions: []netip.AddrPort{address}, MaxBody: 100, Truncate: true}), origin)
	require.NoError(t, err)
	require.Len(t, got.Body, 100)
	got, err = get(t, client(t, egress.Config{Exceptions: []netip.AddrPort{address}, MaxBody: 101}), origin)
	require.NoError(t, err)
	require.Len(t, got.Body, 101)
}

func TestRedirectsAreBounded(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	address, origin := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		http.Redirect(w, r, "/again", http.StatusFound)
	})
	_, err := get(t, client(t, egress.Config{Exceptions: []netip.AddrPort{address}, Redirects: 3}), origin)
	require.ErrorIs(t, err, egress.ErrRedirects)
	require.EqualValues(t, 4, asked.Load())
	got, err := get(t, client(t, egress.Config{Exceptions: []netip.AddrPort{address}}), origin)
	require.NoError(t, err)
	require.Equal(t, http.StatusFound, got.Status, "without redirects the answer is the redirect")
}

func TestErrorsHaveAReasonAndNoURL(t *testing.T) {
	t.Parallel()
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = silent.Close() })
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, closed.Close())
	plain, _ := serve(t, func(http.ResponseWriter, *http.Request) {})
	at := func(l net.Listener) netip.AddrPort { return netip.MustParseAddrPort(l.Addr().String()) }

	c := client(t, egress.Config{Exceptions: []netip.AddrPort{at(silent), at(closed), plain}, Timeout: 200 * time.Millisecond})
	for target, reason := range map[string]string{
		"http://" + at(silent).String() + "/secret-token": "timeout",
		"http://" + at(closed).String() + "/secret-token": "connection",
		"https://" + plain.String() + "/secret-token":     "tls",
		"http://10.0.0.1/secret-token":                    "address_refused",
		"http://8.8.8.8:22/secret-token":                  "port_refused",
		"http://user:secret-token@example.com/":           "url_refused",
		"http://secret-token.invalid/secret-token\x7f":    "url_refused",
	} {
		request := &http.Request{Method: http.MethodGet, URL: parse(target), Header: http.Header{}}
		_, err := c.Do(request.WithContext(t.Context()))
		require.Error(t, err, target)
		require.Equal(t, reason, egress.Reason(err), "%s: %v", target, err)
		require.NotContains(t, err.Error(), "secret-token")
	}
	for _, answer := range []string{"secret-token\r\n\r\n", "HTTP/1.1 200 OK\r\nsecret-token\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: secret-token\r\n\r\n", ""} {
		odd, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			connection, _, err := http.NewResponseController(w).Hijack()
			if err == nil {
				_, _ = io.WriteString(connection, answer)
				_ = connection.Close()
			}
		})
		request := &http.Request{Method: http.MethodGet, URL: parse("http://" + odd.String()), Header: http.Header{}}
		_, err := client(t, egress.Config{Exceptions: []netip.AddrPort{odd}}).Do(request.WithContext(t.Context()))
		require.Equal(t, "protocol", egress.Reason(err))
		require.NotContains(t, err.Error(), "secret-token")
	}
	require.Empty(t, egress.Reason(nil))
	require.Equal(t, "answer_too_large", egress.Reason(egress.ErrTooLarge))
	require.Equal(t, "too_many_redirects", egress.Reason(egress.ErrRedirects))
	require.Equal(t, "unknown_host", egress.Reason(&net.DNSError{}))
	require.Equal(t, "protocol", egress.Reason(io.ErrUnexpectedEOF))
}

func parse(target string) *url.URL {
	u, err := url.Parse(target)
	if err != nil {
		return &url.URL{Scheme: "bad", Opaque: "bad"}
	}
	return u
}

func netipPort(port uint16) string {
	_, text, _ := net.SplitHostPort(netip.AddrPortFrom(netip.IPv4Unspecified(), port).String())
	return text
}

// Libraries that take a client of net/http are held to the same rules.
func TestTheClientOfNetHTTPIsGuarded(t *testing.T) {
	t.Parallel()
	address, origin := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/away":
			http.Redirect(w, r, "/", http.StatusFound)
		case "/large":
			_, _ = io.WriteString(w, strings.Repeat("x", 100))
		default:
			_, _ = io.WriteString(w, r.Method+" "+r.Header.Get("Accept"))
		}
	})
	other, reached := inner(t)
	c := client(t, egress.Config{Exceptions: []netip.AddrPort{address}, MaxBody: 99}).HTTP()
	ask := func(target string) (*http.Response, error) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, target, strings.NewReader("x=1"))
		require.NoError(t, err)
		r.Header.Set("Accept", "application/json")
		return c.Do(r)
	}
	answer, err := ask(origin)
	require.NoError(t, err)
	body, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	require.Equal(t, "POST application/json", string(body))
	require.EqualValues(t, len(body), answer.ContentLength)
	answer, err = ask(origin + "/away")
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	require.Equal(t, http.StatusFound, answer.StatusCode, "a redirect is not followed")
	for target, want := range map[string]error{origin + "/large": egress.ErrTooLarge, "http://" + other.String(): egress.ErrAddress} {
		answer, err := ask(target)
		if err == nil {
			require.NoError(t, answer.Body.Close())
		}
		require.ErrorIs(t, err, want)
	}
	require.Zero(t, reached.Load())
}
