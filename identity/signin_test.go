package identity_test

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity"
	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
	"go.updspace.com/tools/devkit/devstack"
)

var ctx = context.Background()

func TestLoginBeginsASessionThatLogoutEnds(t *testing.T) {
	t.Parallel()
	s := start(t)
	r, err := s.tryLogin("  Member@AEF.test ", identity.DemoPassword)
	in := fine(t, r, err)
	token := in.JSON200.Meta.SessionToken
	require.Len(t, token, 43, "256 bits")
	require.Equal(t, token, in.HTTPResponse.Header.Get("X-Session-Token"))
	require.Equal(t, "no-store", in.HTTPResponse.Header.Get("Cache-Control"))
	require.True(t, in.JSON200.AccessToken.IsNull())
	require.True(t, in.JSON200.RecoveryCodes.IsNull())
	require.Equal(t, "member@aef.test", in.JSON200.User.Email)
	require.Equal(t, member, in.JSON200.User.ID)
	cookies := in.HTTPResponse.Cookies()
	require.Len(t, cookies, 2)
	require.Equal(t, "known_browser", cookies[1].Name)
	require.True(t, cookies[1].HttpOnly)
	require.Equal(t, http.SameSiteStrictMode, cookies[1].SameSite)
	require.Equal(t, "sessionid", cookies[0].Name)
	require.Equal(t, token, cookies[0].Value)
	require.True(t, cookies[0].HttpOnly)
	require.Equal(t, http.SameSiteLaxMode, cookies[0].SameSite)
	require.False(t, cookies[0].Secure, "development is plain http")

	for _, with := range [][]string{{"X-Session-Token", token}, {"Authorization", "Bearer " + token}, {"Cookie", "sessionid=" + token}} {
		me, err := s.script(with...).GetAuthMeWithResponse(ctx)
		user, err := fine(t, me, err).JSON200.User.Get()
		require.NoError(t, err, with[0])
		require.Equal(t, "member", user.Username)
	}

	// two sessions, one in the cookie and one in the header: both end
	other := s.login("member@aef.test")
	out, err := s.script("X-Session-Token", token, "Cookie", "sessionid="+other).LogoutWithResponse(ctx)
	fine(t, out, err)
	require.Equal(t, -1, out.HTTPResponse.Cookies()[0].MaxAge)
	for _, ended := range []string{token, other} {
		me, err := s.script("X-Session-Token", ended).GetAuthMeWithResponse(ctx)
		refused(t, 401, "INVALID_OR_EXPIRED_TOKEN", me, err)
	}
	again, err := s.script("X-Session-Token", token).LogoutWithResponse(ctx)
	refused(t, 401, "UNAUTHORIZED", again, err)
}

func TestAGuestIsNobody(t *testing.T) {
	t.Parallel()
	s := start(t)
	me, err := s.script().GetAuthMeWithResponse(ctx)
	require.True(t, fine(t, me, err).JSON200.User.IsNull())
	me, err = s.script("X-Session-Token", "made up").GetAuthMeWithResponse(ctx)
	refused(t, 401, "INVALID_OR_EXPIRED_TOKEN", me, err)
	out, err := s.script().LogoutWithResponse(ctx)
	refused(t, 401, "UNAUTHORIZED", out, err)
}

func TestASessionExpires(t *testing.T) {
	t.Parallel()
	s := start(t)
	token := s.login("member@aef.test")
	s.clock.Advance(domain.SessionLifetime - time.Second)
	me, err := s.script("X-Session-Token", token).GetAuthMeWithResponse(ctx)
	fine(t, me, err)
	s.clock.Advance(time.Second)
	me, err = s.script("X-Session-Token", token).GetAuthMeWithResponse(ctx)
	refused(t, 401, "INVALID_OR_EXPIRED_TOKEN", me, err)
}

func TestWhatIsWrongIsToldOnlyToWhoKnowsThePassword(t *testing.T) {
	t.Parallel()
	s := start(t)
	created, err := s.Accounts.Create(ctx, app.NewAccount{Email: "banned@aef.test", DisplayName: "B", Password: identity.DemoPassword})
	require.NoError(t, err)
	s.setStatus(created.Email, domain.StatusBanned)

	for email, code := range map[string]string{"suspended@aef.test": "ACCOUNT_SUSPENDED", "banned@aef.test": "ACCOUNT_BANNED"} {
		r, err := s.tryLogin(email, identity.DemoPassword)
		refused(t, 403, code, r, err)
		r, err = s.tryLogin(email, "not "+identity.DemoPassword)
		refused(t, 401, "INVALID_CREDENTIALS", r, err)
	}
	for _, email := range []string{"nobody@aef.test", "not an address", "member@aef.test\x00"} {
		r, err := s.tryLogin(email, identity.DemoPassword)
		refused(t, 401, "INVALID_CREDENTIALS", r, err)
	}

	// a password sign-in changes no status
	principal, err := s.gateway(ofUser(created.ID)).GetPrincipalWithResponse(ctx)
	require.Equal(t, identityapi.AccountStatusBanned, fine(t, principal, err).JSON200.MasterFlags.Status)
	require.True(t, principal.JSON200.MasterFlags.Banned)
}

func TestFormTokens(t *testing.T) {
	t.Parallel()
	s := start(t)
	login := func(token string) (*identityapi.LoginResponse, error) {
		return s.script("X-Form-Token", token).LoginWithResponse(ctx, nil, identityapi.LoginRequest{Email: "member@aef.test", Password: identity.DemoPassword})
	}
	r, err := login("")
	refused(t, 400, "INVALID_FORM_TOKEN", r, err)
	r, err = login("test.AAAA")
	refused(t, 400, "INVALID_FORM_TOKEN", r, err)

	register, err := s.script().GetFormTokenWithResponse(ctx, &identityapi.GetFormTokenParams{Purpose: identityapi.GetFormTokenParamsPurposeRegister})
	r, err = login(fine(t, register, err).JSON200.FormToken)
	refused(t, 400, "INVALID_FORM_TOKEN", r, err)

	token := s.formToken()
	s.clock.Advance(app.FormTokenLifetime - 2*time.Second)
	r, err = login(token)
	fine(t, r, err)
	s.clock.Advance(3 * time.Second)
	r, err = login(token)
	refused(t, 400, "INVALID_FORM_TOKEN", r, err)
}

func TestGuessingIsLimitedPerAccount(t *testing.T) {
	t.Parallel()
	t.Run("on this instance", func(t *testing.T) {
		s := start(t)
		wrong, wait := s.useUpGuesses("member@aef.test")
		require.Equal(t, 5, wrong)
		require.InDelta(t, 60, wait, 5, "guessing slows down, and locks no account")
		s.clock.Advance(time.Minute)
		s.login("member@aef.test")
	})
	t.Run("in redis", func(t *testing.T) {
		server, err := devstack.StartRedis(t.Context(), devstack.Options{Log: slog.New(slog.DiscardHandler)})
		require.NoError(t, err)
		t.Cleanup(server.Stop)
		s := start(t, func(c *identity.Config) { c.RedisURL = "redis://" + server.Addr })
		require.Eventually(t, s.Redis.InUse, 30*time.Second, time.Millisecond)
		_, wait := s.useUpGuesses("member@aef.test")
		require.LessOrEqual(t, wait, 60)
	})
}

// useUpGuesses guesses an account's password until it is told to wait, and returns how many guesses were checked and for how
// many seconds it must wait. They are five; where Redis answers too late, a guess may count twice.
func (s *service) useUpGuesses(email string) (wrong, wait int) {
	s.t.Helper()
	for ; ; wrong++ {
		r, err := s.tryLogin(email, "a guess")
		require.NoError(s.t, err)
		if r.StatusCode() == http.StatusTooManyRequests {
			break
		}
		refused(s.t, 401, "INVALID_CREDENTIALS", r, err)
		require.Less(s.t, wrong, 5)
	}
	require.GreaterOrEqual(s.t, wrong, 3)
	r, err := s.tryLogin(email, identity.DemoPassword)
	refused(s.t, 429, "LOGIN_RATE_LIMITED", r, err)
	wait, err = strconv.Atoi(r.HTTPResponse.Header.Get("Retry-After"))
	require.NoError(s.t, err)
	require.EqualValues(s.t, wait, r.JSON429.Error.Details["retry_after_seconds"])
	s.login("admin@aef.test") // others are not affected
	return wrong, wait
}

func TestSuccessForgetsFailures(t *testing.T) {
	t.Parallel()
	s := start(t)
	for range 3 {
		for range 4 {
			r, err := s.tryLogin("member@aef.test", "a guess")
			refused(t, 401, "INVALID_CREDENTIALS", r, err)
		}
		s.login("member@aef.test")
	}
}

// A burst that has passed the limit before anybody failed gets no further than
// the queue: the limit is asked again when a password's turn comes.
func TestABurstOfGuessesIsCutShort(t *testing.T) {
	t.Parallel()
	s := start(t, func(c *identity.Config) {
		c.PasswordSlots, c.PasswordMemory = 1, productionMemory
	})
	const guesses = 30
	token := s.formToken()
	codes := make(chan int, guesses)
	var wg sync.WaitGroup
	for range guesses {
		wg.Go(func() {
			r, err := s.script("X-Form-Token", token).LoginWithResponse(ctx, nil, identityapi.LoginRequest{Email: "member@aef.test", Password: "a guess"})
			if err == nil {
				codes <- r.StatusCode()
			}
		})
	}
	wg.Wait()
	close(codes)
	count := map[int]int{}
	for c := range codes {
		count[c]++
	}
	require.LessOrEqual(t, count[401], 6, "%v", count)
	require.GreaterOrEqual(t, count[401], 5, "%v", count)
	require.Equal(t, guesses, count[401]+count[429], "%v", count)
}

func TestTooManyPasswordsAtOnceAreTurnedAway(t *testing.T) {
	t.Parallel()
	s := start(t, func(c *identity.Config) { c.PasswordSlots, c.PasswordQueue, c.PasswordMemory = 1, 1, productionMemory })
	const people = 12
	token := s.formToken()
	codes := make(chan int, people)
	var wg sync.WaitGroup
	for range people {
		wg.Go(func() {
			r, err := s.script("X-Form-Token", token).LoginWithResponse(ctx, nil, identityapi.LoginRequest{Email: "member@aef.test", Password: identity.DemoPassword})
			if err == nil {
				codes <- r.StatusCode()
			}
		})
	}
	wg.Wait()
	close(codes)
	count := map[int]int{}
	for c := range codes {
		count[c]++
	}
	require.Equal(t, people, count[200]+count[503], "%v", count)
	require.Positive(t, count[200], "%v", count)
	require.Positive(t, count[503], "%v", count)
}

func TestAnotherSiteCannotUseTheCookie(t *testing.T) {
	t.Parallel()
	s := start(t)
	token := s.login("member@aef.test")
	for _, from := range [][]string{
		{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "http://evil.test"}, {"Origin", "null"},
	} {
		out, err := s.script(append(from, "Cookie", "sessionid="+token)...).LogoutWithResponse(ctx)
		refused(t, 403, "CSRF_FAILED", out, err)
	}
	// a script that names the token proves that it can read it
	out, err := s.script("X-Session-Token", token, "Origin", "http://elsewhere.test").LogoutWithResponse(ctx)
	fine(t, out, err)

	token = s.login("member@aef.test")
	out, err = s.script("Cookie", "sessionid="+token, "Origin", s.url).LogoutWithResponse(ctx)
	fine(t, out, err)
}

func TestSuspensionBitesAtOnce(t *testing.T) {
	t.Parallel()
	s := start(t)
	token := s.login("second@aef.test")
	c := s.client("offline_access")
	held, err := c.redeem(s.code(c, "second@aef.test"))
	require.NoError(t, err)
	s.clock.Advance(time.Second)
	require.NoError(t, identity.Suspend(ctx, s.cfg, "second@aef.test"))

	me, err := s.script("X-Session-Token", token).GetAuthMeWithResponse(ctx)
	refused(t, 401, "INVALID_OR_EXPIRED_TOKEN", me, err)
	second := member
	second[15] = 3
	principal, err := s.gateway(ofUser(second)).GetPrincipalWithResponse(ctx)
	require.True(t, fine(t, principal, err).JSON200.MasterFlags.Suspended)
	require.True(t, principal.JSON200.SessionsValidFrom.After(s.clock.Now().Add(-time.Minute)))
	info, err := s.script("Authorization", "Bearer "+held.AccessToken).GetUserinfoWithResponse(ctx)
	refused(t, 401, "TOKEN_REVOKED", info, err)
	_, err = c.oauth.TokenSource(c.ctx, c.expired(held)).Token()
	require.ErrorContains(t, err, "invalid_grant")

	require.NoError(t, identity.Reinstate(ctx, s.cfg, "second@aef.test"))
	me, err = s.script("X-Session-Token", token).GetAuthMeWithResponse(ctx)
	refused(t, 401, "INVALID_OR_EXPIRED_TOKEN", me, err) // what has ended stays so
	s.clock.Advance(time.Second)
	s.login("second@aef.test")
}
