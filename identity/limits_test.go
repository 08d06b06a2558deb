package identity_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity"
	"go.updspace.com/tools/devkit/devstack"
	"go.updspace.com/tools/devkit/testkit"
)

// A stranger who guesses an account's password slows down strangers, not the browser that the account's owner uses.
func TestAKnownBrowserIsNotLockedOut(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.browser()
	b.signIn(b.get("/login"), "member@aef.test", identity.DemoPassword)
	b.signOut()
	for n := range 60 { // until account and address are used up
		r, err := s.tryLogin(fmt.Sprintf("nobody%d@aef.test", n%12), "a guess")
		require.NoError(t, err)
		require.Contains(t, []int{401, 429}, r.StatusCode())
	}
	for range 6 {
		r, err := s.tryLogin("member@aef.test", "a guess")
		require.NoError(t, err)
		require.Contains(t, []int{401, 429}, r.StatusCode())
	}
	r, err := s.tryLogin("member@aef.test", identity.DemoPassword)
	refused(t, 429, "LOGIN_RATE_LIMITED", r, err)

	require.Equal(t, "Mika Member", b.signIn(b.get("/login"), "member@aef.test", identity.DemoPassword).boot(t).Account.DisplayName)
	// its own wrong passwords have a limit too, and it is known to this account only
	for range 10 {
		require.Equal(t, 401, b.tryLogin(b.get("/login?again=1"), "member@aef.test", "a guess").StatusCode)
	}
	require.Equal(t, 429, b.tryLogin(b.get("/login?again=1"), "member@aef.test", "a guess").StatusCode)
	require.Equal(t, 429, b.tryLogin(b.get("/login?again=1"), "nobody1@aef.test", "a guess").StatusCode)
}

// A house full of people may sign in through one address at once.
func TestAHouseSignsInAtOnce(t *testing.T) {
	t.Parallel()
	s := start(t)
	for range 60 {
		s.login("member@aef.test")
	}
}

func TestWaitingAuthorizationRequestsAreLimited(t *testing.T) {
	t.Parallel()
	s := start(t)
	_, query, _ := strings.Cut(s.client().authorizePath(), "?")
	script := s.script("X-Session-Token", s.login("member@aef.test"))
	var ids []string
	for range 30 {
		s.clock.Advance(time.Millisecond)
		r, err := script.PrepareAuthorizationWithResponse(ctx, nil, func(_ context.Context, r *http.Request) error {
			r.URL.RawQuery = query
			return nil
		})
		ids = append(ids, fine(t, r, err).JSON200.RequestID)
	}
	for i, id := range ids {
		r, err := script.ApproveAuthorizationWithResponse(ctx, identityapi.ApproveRequest{RequestID: id})
		if i < 10 {
			refused(t, 404, "REQUEST_NOT_FOUND", r, err)
			continue
		}
		fine(t, r, err)
	}
}

func TestFailuresOfClientsAreLimited(t *testing.T) {
	t.Parallel()
	s := start(t)
	c := s.client()
	code := s.code(c, "member@aef.test")
	for range 100 {
		r, err := s.exchangeJSON(c, withCode("made up"))
		refused(t, 400, "INVALID_CODE", r, err)
	}
	r, err := s.exchangeJSON(c, withCode("made up"))
	refused(t, 429, "RATE_LIMITED", r, err)
	status, header, body := s.form("/oauth/introspect", map[string][]string{"token": {"x"}, "client_id": {"portal"}, "client_secret": {"wrong"}})
	require.Equal(t, 429, status, "%v", body)
	require.NotEmpty(t, header.Get("Retry-After"))
	s.clock.Advance(time.Second)
	again, err := s.exchangeJSON(c, withCode(code))
	fine(t, again, err)
}

func TestRequestsOfAnAddressAreLimited(t *testing.T) {
	t.Parallel()
	s := start(t, func(c *identity.Config) { c.RequestsPerAddress = 600 })
	b := s.browser()
	for range 600 {
		if b.get("/login").StatusCode == http.StatusTooManyRequests {
			t.Fatal("too early")
		}
	}
	p := b.get("/login")
	require.Equal(t, 429, p.StatusCode)
	r, err := s.gateway(ofUser(member)).GetPrincipalWithResponse(ctx)
	fine(t, r, err) // other services are not counted
}

// While Redis hangs, no request waits for it: what was used up stays so, and each instance goes on counting.
func TestSignInsGoOnWhileRedisHangs(t *testing.T) {
	t.Parallel()
	server, err := devstack.StartRedis(t.Context(), devstack.Options{Log: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	t.Cleanup(server.Stop)
	relay := testkit.NewRelay(t, server.Addr)
	s := start(t, func(c *identity.Config) { c.RedisURL = "redis://" + relay.Addr })
	login := func(email, password string) *identityapi.LoginResponse {
		t.Helper()
		r, err := s.tryLogin(email, password)
		require.NoError(t, err)
		return r
	}
	require.Eventually(t, s.Redis.InUse, 30*time.Second, time.Millisecond)
	s.useUpGuesses("member@aef.test")

	require.Eventually(t, s.Redis.InUse, 30*time.Second, time.Millisecond)

	relay.Freeze()
	refused(t, 429, "LOGIN_RATE_LIMITED", login("member@aef.test", identity.DemoPassword), nil)
	fine(t, login("second@aef.test", identity.DemoPassword), nil)
	require.False(t, s.Redis.InUse())
	s.useUpGuesses("second@aef.test")
	require.Equal(t, http.StatusOK, s.browser().get("/login").StatusCode)

	relay.Thaw()
	refused(t, 429, "LOGIN_RATE_LIMITED", login("second@aef.test", identity.DemoPassword), nil)
	fine(t, login("admin@aef.test", identity.DemoPassword), nil)
}
