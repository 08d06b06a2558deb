package domain_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/bff/domain"
)

var (
	now    = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	tenant = uuid.MustParse("00000000-0000-0000-0000-000000000001")
	user   = uuid.MustParse("00000000-0000-4000-8000-000000000002")
	signIn = domain.SignIn{UserID: user, SID: uuid.MustParse("00000000-0000-4000-8000-0000000000aa")}
)

func TestSecretsAreLongAndDistinct(t *testing.T) {
	seen := map[domain.Secret]bool{}
	for range 1000 {
		s := domain.NewSecret()
		require.False(t, seen[s])
		seen[s] = true
		parsed, ok := domain.ParseSecret(string(s))
		require.True(t, ok)
		require.Equal(t, s.Hash(), parsed.Hash())
	}
}

func TestOnlySecretsAreTakenForOne(t *testing.T) {
	good := string(domain.NewSecret())
	for _, s := range []string{"", good[1:], good + "A", strings.Replace(good, good[5:6], "!", 1), good[:42] + "=", uuid.NewString(), good[:42] + "\x00"} {
		_, ok := domain.ParseSecret(s)
		require.False(t, ok, "%q", s)
	}
}

func TestSessionLastsFourteenDays(t *testing.T) {
	s, token := domain.NewSession(tenant, signIn, now)
	require.Equal(t, domain.Session{
		ID: token.Hash(), TenantID: tenant, UserID: user, SID: signIn.SID, CreatedAt: now, ExpiresAt: now.Add(14 * 24 * time.Hour),
	}, s)
	require.True(t, s.Live(now))
	require.True(t, s.Live(now.Add(14*24*time.Hour-time.Microsecond)))
	require.False(t, s.Live(now.Add(14*24*time.Hour)))
}

func TestCSRFTokenBelongsToItsOwner(t *testing.T) {
	owner, other := domain.NewSecret(), domain.NewSecret()
	token := domain.NewCSRFToken(owner)
	require.True(t, domain.ValidCSRFToken(owner, token))
	require.False(t, domain.ValidCSRFToken(other, token))
	require.False(t, domain.ValidCSRFToken("", token))
	require.False(t, domain.ValidCSRFToken(owner, ""))
	require.NotEqual(t, token, domain.NewCSRFToken(owner), "tokens are salted")
	// a site next door that plants a cookie knows no owner's secret
	require.False(t, domain.ValidCSRFToken(owner, domain.NewCSRFToken("")))
	rapid.Check(t, func(rt *rapid.T) {
		i := rapid.IntRange(0, len(token)-1).Draw(rt, "at")
		c := rapid.SampledFrom([]byte("ABab01-_=.")).Draw(rt, "char")
		spoiled := token[:i] + string(c) + token[i+1:]
		if spoiled != token && domain.ValidCSRFToken(owner, spoiled) {
			rt.Fatalf("a changed token is valid: %q", spoiled)
		}
	})
}

func TestAttemptBelongsToOneBrowserTenantAndTime(t *testing.T) {
	browser := domain.NewSecret()
	a, state := domain.NewAttempt(tenant, browser, "//evil.example", now)
	require.Equal(t, state.Hash(), a.State)
	require.Equal(t, browser.Hash(), a.Browser)
	require.Equal(t, "/", a.Next)
	require.NoError(t, a.Check(tenant, now.Add(10*time.Minute-time.Microsecond)))
	require.ErrorIs(t, a.Check(uuid.New(), now), domain.ErrInvalidState)
	require.ErrorIs(t, a.Check(tenant, now.Add(10*time.Minute)), domain.ErrInvalidState)
	a.Used = true
	require.ErrorIs(t, a.Check(tenant, now), domain.ErrInvalidState)
}

func TestLogoutTokenIsFresh(t *testing.T) {
	token := domain.LogoutToken{IssuedAt: now}
	for age, want := range map[time.Duration]error{
		0: nil, 2 * time.Minute: nil, -2 * time.Minute: nil,
		2*time.Minute + time.Microsecond: domain.ErrLogoutToken, -2*time.Minute - time.Microsecond: domain.ErrLogoutToken,
	} {
		require.ErrorIs(t, token.Check(now.Add(age)), want, age)
	}
}

func TestProofsFollowFromBrowserAndState(t *testing.T) {
	browser, state := domain.NewSecret(), domain.NewSecret()
	p := domain.ProofsFor(browser, state)
	require.Equal(t, p, domain.ProofsFor(browser, state))
	require.NotEqual(t, p.Nonce, p.Verifier)
	require.Len(t, p.Verifier, 43, "RFC 7636 wants 43 to 128 characters")
	for _, other := range []domain.Proofs{domain.ProofsFor(browser, domain.NewSecret()), domain.ProofsFor(domain.NewSecret(), state)} {
		require.NotEqual(t, p.Nonce, other.Nonce)
		require.NotEqual(t, p.Verifier, other.Verifier)
	}
}

func TestStanding(t *testing.T) {
	active := &domain.Membership{TenantID: tenant, Status: domain.MembershipActive}
	for name, c := range map[string]struct {
		principal domain.Principal
		want      error
	}{
		"member":                   {domain.Principal{Membership: active}, nil},
		"stranger":                 {domain.Principal{}, domain.ErrTenantForbidden},
		"disabled member":          {domain.Principal{Membership: &domain.Membership{Status: "disabled"}}, domain.ErrTenantForbidden},
		"system admin, no member":  {domain.Principal{Flags: domain.Flags{SystemAdmin: true}}, domain.ErrTenantForbidden},
		"suspended":                {domain.Principal{Membership: active, Flags: domain.Flags{Suspended: true}}, domain.ErrAccountSuspended},
		"suspended system admin":   {domain.Principal{Membership: active, Flags: domain.Flags{Suspended: true, SystemAdmin: true}}, domain.ErrAccountSuspended},
		"banned":                   {domain.Principal{Membership: active, Flags: domain.Flags{Banned: true}}, domain.ErrAccountBanned},
		"banned comes first":       {domain.Principal{Flags: domain.Flags{Banned: true, Suspended: true}}, domain.ErrAccountBanned},
		"suspended before foreign": {domain.Principal{Flags: domain.Flags{Suspended: true}}, domain.ErrAccountSuspended},
	} {
		if c.want == nil {
			require.NoError(t, c.principal.Standing(), name)
			continue
		}
		require.ErrorIs(t, c.principal.Standing(), c.want, name)
	}
}

func TestSessionsBeforeSignOutEverywhereAreNotCovered(t *testing.T) {
	s, _ := domain.NewSession(tenant, signIn, now)
	require.True(t, domain.Principal{SessionsValidFrom: now}.Covers(s))
	require.True(t, domain.Principal{SessionsValidFrom: now.Add(-time.Hour)}.Covers(s))
	require.False(t, domain.Principal{SessionsValidFrom: now.Add(time.Microsecond)}.Covers(s))
}

func TestCapabilitiesCarryTheMenusNames(t *testing.T) {
	require.Equal(t, []string{}, domain.Capabilities(nil))
	require.Equal(t,
		[]string{"activity.feed.read", "events.event.read", "events:read", "feed:read", "voting.poll.read", "voting:read", "x.y.z"},
		domain.Capabilities([]string{"x.y.z", "voting.poll.read", "events.event.read", "activity.feed.read", "x.y.z"}))
}
