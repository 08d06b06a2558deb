package domain_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/identity/domain"
)

var now = time.Date(2026, time.March, 4, 5, 6, 7, 0, time.UTC)

func TestNormalizeEmail(t *testing.T) {
	for in, want := range map[string]string{
		"Member@AEF.test": "member@aef.test", "  a@b.c\n": "a@b.c", "a+tag@b.c": "a+tag@b.c",
		strings.Repeat("a", 250) + "@b.c": strings.Repeat("a", 250) + "@b.c",
	} {
		got, err := domain.NormalizeEmail(in)
		require.NoError(t, err, in)
		require.Equal(t, want, got)
	}
	for _, in := range []string{
		"", "a", "@b.c", "a@", "A Name <a@b.c>", "<a@b.c>", "a@b.c, d@e.f", "a b@c.d", "a@b.c\x00", "a@b\xff.c", `"a b"@c.d`, strings.Repeat("a", 251) + "@b.c",
	} {
		_, err := domain.NormalizeEmail(in)
		require.Error(t, err, "%q", in)
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		once, err := domain.NormalizeEmail(s)
		if err != nil {
			return
		}
		twice, err := domain.NormalizeEmail(once)
		if err != nil || twice != once {
			t.Fatalf("%q becomes %q becomes %q, %v", s, once, twice, err)
		}
	})
}

func TestWhoMaySignIn(t *testing.T) {
	u, err := domain.NewUser(uuid.New(), "a@b.c", "A", true, now)
	require.NoError(t, err)
	require.NoError(t, u.SignInError())
	for status, want := range map[domain.Status]error{
		domain.StatusSuspended: domain.ErrAccountSuspended, domain.StatusBanned: domain.ErrAccountBanned, domain.StatusMigrated: domain.ErrAccountNotActive,
	} {
		v := u
		v.Status = status
		require.ErrorIs(t, v.SignInError(), want)
		v.EmailVerified = false
		require.ErrorIs(t, v.SignInError(), want, "the graver reason goes first")
	}
	u.EmailVerified = false
	require.ErrorIs(t, u.SignInError(), domain.ErrEmailNotVerified)
}

func TestASessionIsAlive(t *testing.T) {
	u, err := domain.NewUser(uuid.New(), "a@b.c", "A", true, now)
	require.NoError(t, err)
	s, token := domain.NewSession(uuid.New(), u.ID, domain.MethodPassword, domain.Origin{UserAgent: "x\x00\xffy\n" + strings.Repeat("я", 500)}, now)
	require.Equal(t, token.Hash(), s.TokenHash)
	require.True(t, strings.HasPrefix(s.UserAgent, "xyя"))
	require.LessOrEqual(t, len(s.UserAgent), 512)
	require.True(t, s.Alive(u, now))
	require.True(t, s.Alive(u, s.ExpiresAt.Add(-1)))
	require.False(t, s.Alive(u, s.ExpiresAt))
	revoked := s
	revoked.RevokedAt = &now
	require.False(t, revoked.Alive(u, now))
	ended := u
	ended.SessionsValidFrom = now.Add(1)
	require.False(t, s.Alive(ended, now))
	suspended := u
	suspended.Status = domain.StatusSuspended
	require.False(t, s.Alive(suspended, now))
}

func TestRedirectRules(t *testing.T) {
	exact, perTenant := domain.RedirectRule("https://a.test/cb?x=1"), domain.RedirectRule("https://{tenant}.a.test:8/cb")
	require.True(t, exact.Valid())
	require.True(t, perTenant.Valid())
	require.True(t, domain.RedirectRule("https://a.test/"+strings.Repeat("a", 2048-15)).Valid())
	require.False(t, domain.RedirectRule("https://a.test/"+strings.Repeat("a", 2049-15)).Valid())
	for _, bad := range []domain.RedirectRule{
		"", "/cb", "https://", "ftp://a.test/", "https://a.test/#f", "https://u:p@a.test/", "https://a.{tenant}.test/", "https://{tenant}/cb",
		"https://{tenant}.a.test/{tenant}", "https://x{tenant}.a.test/", "https://a.test/\x00", `https://a.test\@b.test/`,
	} {
		require.False(t, bad.Valid(), "%q", bad)
	}
	_, ok := exact.Match("https://a.test/cb?x=1")
	require.True(t, ok)
	for _, other := range []string{"https://a.test/cb", "https://a.test/cb?x=1&y", "https://A.test/cb?x=1", "http://a.test/cb?x=1"} {
		_, ok := exact.Match(other)
		require.False(t, ok, other)
	}
	slug, ok := perTenant.Match("https://some-community.a.test:8/cb")
	require.True(t, ok)
	require.Equal(t, "some-community", slug)
	for _, other := range []string{
		"https://.a.test:8/cb", "https://x.y.a.test:8/cb", "https://evil.test/.a.test:8/cb", "https://x@evil.a.test:8/cb", "https://X.a.test:8/cb", "https://x.a.test:8/cb/", "https://x.a.test/cb",
	} {
		_, ok := perTenant.Match(other)
		require.False(t, ok, other)
	}
}

// What MatchOrigin lets through a browser really takes to that origin.
func TestMatchOriginAgreesWithTheURL(t *testing.T) {
	rule := domain.RedirectRule("http://{tenant}.localhost:8080/api/v1/auth/callback")
	rapid.Check(t, func(t *rapid.T) {
		target := rapid.OneOf(
			rapid.Map(rapid.String(), func(s string) string { return "http://aef.localhost:8080" + s }),
			rapid.Map(rapid.String(), func(s string) string { return "http://" + s + ".localhost:8080/" }),
			rapid.StringMatching(`http://[a-z@/\\:.?#-]{0,12}\.localhost:8080[a-z@/\\:.?#]{0,12}`),
		).Draw(t, "target")
		slug, ok := rule.MatchOrigin(target)
		if !ok {
			return
		}
		u, err := url.Parse(target)
		if err != nil || u.Scheme != "http" || u.Host != slug+".localhost:8080" || u.User != nil || strings.Contains(target, "\\") {
			t.Fatalf("%q passed for %q: %v %v", target, slug, u, err)
		}
	})
}

func TestSafeNext(t *testing.T) {
	for _, next := range []string{"/", "/a", "/a?b=c&d=/e", "/authorize?redirect_uri=http%3A%2F%2Fx", "/" + strings.Repeat("a", 8191)} {
		require.Equal(t, next, domain.SafeNext(next, "/fallback"))
	}
	for _, next := range []string{"", "a", "//evil", "///evil", `/\evil`, `\\evil`, "http://evil", "javascript:x", "/a\r\nSet-Cookie: x", "/\t/evil", "/\x00", "/" + strings.Repeat("a", 8192)} {
		require.Equal(t, "/fallback", domain.SafeNext(next, "/fallback"), "%q", next)
	}
	base, err := url.Parse("https://id.test/login")
	require.NoError(t, err)
	rapid.Check(t, func(t *rapid.T) {
		next := domain.SafeNext(rapid.StringMatching(`[/\\a:.@?#\t ]{0,10}`).Draw(t, "next"), "/")
		ref, err := url.Parse(next)
		if err != nil || base.ResolveReference(ref).Host != "id.test" {
			t.Fatalf("%q leaves: %v", next, err)
		}
	})
}

func TestPKCE(t *testing.T) {
	// the example of RFC 7636, appendix B
	const verifier, challenge = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
	c, err := domain.NewChallenge(challenge, "S256", true)
	require.NoError(t, err)
	require.True(t, c.Verify(verifier))
	for _, other := range []string{"", challenge, verifier + "x", verifier[1:], strings.Repeat("a", 43), strings.Repeat("a", 129), strings.Repeat("!", 43)} {
		require.False(t, c.Verify(other), other)
	}
	_, err = domain.NewChallenge("", "S256", true)
	require.ErrorIs(t, err, domain.ErrPKCERequired)
	for _, method := range []string{"", "plain", "s256"} {
		_, err = domain.NewChallenge(challenge, method, true)
		require.ErrorIs(t, err, domain.ErrPKCEMethod)
	}
	_, err = domain.NewChallenge(verifier+"=", "S256", true)
	require.ErrorIs(t, err, domain.ErrPKCERequired)

	none, err := domain.NewChallenge("", "", false)
	require.NoError(t, err, "the client may leave it out")
	require.True(t, none.Verify(""))
	require.False(t, none.Verify(verifier), "a code without a challenge is not redeemed with a verifier")
	_, err = domain.NewChallenge("", "", true)
	require.ErrorIs(t, err, domain.ErrPKCERequired)
	_, err = domain.NewChallenge("", "S256", false)
	require.ErrorIs(t, err, domain.ErrPKCERequired, "half of it is no choice")
	_, err = domain.NewChallenge(challenge, "plain", false)
	require.ErrorIs(t, err, domain.ErrPKCEMethod)
}

func TestWhyACodeCannotBeRedeemed(t *testing.T) {
	const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	challenge, err := domain.ChallengeOf(verifier)
	require.NoError(t, err)
	r := domain.AuthorizationRequest{Authorization: domain.Authorization{ClientID: "c"}, RedirectURI: "https://c.test/", Challenge: challenge}
	code, secret := r.Code(uuid.New(), []string{"openid"}, now)
	require.Equal(t, secret.Hash(), code.Hash)
	require.NoError(t, code.RedeemError("c", "https://c.test/", verifier, now))
	require.ErrorIs(t, code.RedeemError("d", "https://c.test/", verifier, now), domain.ErrInvalidCode)
	require.ErrorIs(t, code.RedeemError("c", "https://c.test", verifier, now), domain.ErrCodeRedirect)
	require.ErrorIs(t, code.RedeemError("c", "https://c.test/", "x", now), domain.ErrInvalidPKCE)
	require.ErrorIs(t, code.RedeemError("c", "https://c.test/", verifier, now.Add(domain.CodeLifetime)), domain.ErrCodeExpired)
	code.UsedAt = &now
	require.ErrorIs(t, code.RedeemError("c", "https://c.test/", verifier, now), domain.ErrInvalidCode)
}

func TestScopes(t *testing.T) {
	var open domain.Client
	narrow := domain.Client{Scopes: []string{"openid", "email"}}
	got, err := open.ParseScopes("  openid  profile openid ")
	require.NoError(t, err)
	require.Equal(t, []string{"openid", "profile"}, got)
	got, err = open.ParseScopes("")
	require.NoError(t, err)
	require.Equal(t, []string{"openid"}, got)
	for _, bad := range []string{"profile", "everything"} {
		_, err = open.ParseScopes(bad)
		require.ErrorIs(t, err, domain.ErrInvalidScope)
	}
	got, err = open.ParseScopes("everything openid profile")
	require.NoError(t, err)
	require.Equal(t, []string{"openid", "profile"}, got, "unknown scopes are ignored")
	got, err = narrow.ParseScopes("openid profile")
	require.NoError(t, err)
	require.Equal(t, []string{"openid"}, got, "and scopes that the client may not have")

	r := domain.AuthorizationRequest{Authorization: domain.Authorization{Scopes: []string{"openid", "profile", "email"}}}
	got, err = r.Narrow([]string{"email"})
	require.NoError(t, err)
	require.Equal(t, []string{"openid", "email"}, got, "openid cannot be left out")
	got, err = r.Narrow(nil)
	require.NoError(t, err)
	require.Equal(t, r.Scopes, got)
	_, err = r.Narrow([]string{"phone"})
	require.ErrorIs(t, err, domain.ErrInvalidScope)
}

func TestTheLevelOfASignIn(t *testing.T) {
	require.Equal(t, "aal1", domain.Session{Method: domain.MethodPassword}.ACR())
	require.Equal(t, "aal2", domain.Session{Method: domain.MethodPassword, Strong: true}.ACR())
}

func TestClaimsRevealWhatScopesAllow(t *testing.T) {
	phone, birth := "+1", now
	u := domain.User{Email: "a@b.c", Username: "a", FirstName: "Ann", LastName: "Bee", Phone: &phone, BirthDate: &birth, Language: "ru"}
	none := domain.ClaimsOf(u, []string{"openid"})
	require.Equal(t, domain.Claims{}, none)
	c := domain.ClaimsOf(u, []string{"openid", "profile_basic"})
	require.Equal(t, "Ann Bee", *c.Name)
	require.Nil(t, c.GivenName)
	require.Nil(t, c.Email)
	c = domain.ClaimsOf(u, []string{"openid", "profile", "email", "phone"})
	require.Equal(t, "Ann", *c.GivenName)
	require.Equal(t, "ru", *c.Locale)
	require.Nil(t, c.Birthdate)
	require.Equal(t, "a@b.c", *c.Email)
	require.Equal(t, "+1", *c.Phone)
	require.Equal(t, "2026-03-04", *domain.ClaimsOf(u, []string{"profile_extended"}).Birthdate)
}

// However irregularly rotation is considered, as long as it is often enough: at every moment some key signs, and every
// token's key is published for as long as the token lives. However the clock goes, in small steps, to where a key is
// due, or wrong once for fewer than RemovableChecks: a key signs, and the key of a live token is there.
func TestKeysAlwaysSignAndTokensAreAlwaysVerifiable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var keys []domain.SigningKey
		at, wrong, since := now, time.Duration(0), now
		type issued struct {
			key            string
			until, expires time.Time // by the right clock and by the one that the issuer had
		}
		var tokens []issued
		n, retired, wrongFor := 0, 0, 0
		for range rapid.IntRange(10, 400).Draw(t, "steps") {
			clock := at.Add(wrong)
			for _, alg := range domain.Algorithms {
				if needed, atOnce := domain.NeedsSuccessor(keys, alg, clock); needed {
					if n++; n > len(domain.Algorithms) && atOnce {
						t.Fatalf("nothing signs at %s", clock)
					}
					keys = append(keys, domain.NewSigningKey(fmt.Sprint(n), alg, nil, atOnce, clock))
				}
			}
			live := slices.DeleteFunc(slices.Clone(keys), func(k domain.SigningKey) bool { return k.Removable(keys, clock) })
			if retired++; len(live) == len(keys) {
				retired = 0
			} else if retired >= domain.RemovableChecks {
				keys = live
			}
			key, ok := domain.Current(keys, domain.ES256, clock)
			if !ok {
				t.Fatalf("nothing signs at %s", clock)
			}
			tokens = append(tokens, issued{key.ID, at.Add(domain.AccessTokenLifetime), clock.Add(domain.AccessTokenLifetime)})
			for _, token := range tokens {
				if !at.After(token.until) && !clock.After(token.expires) && !slices.ContainsFunc(keys, func(k domain.SigningKey) bool { return k.ID == token.key }) {
					t.Fatalf("the key of a live token is gone at %s", clock)
				}
			}
			// considered every minute; but an instance may be away for a few
			at = at.Add(time.Duration(rapid.Int64Range(1, int64(domain.KeyLead)).Draw(t, "pause")))
			switch rapid.IntRange(0, 20).Draw(t, "event") {
			case 0:
				if to := keys[len(keys)-1].SignsTo.Add(-2 * domain.KeyLead); to.After(at) && wrong == 0 {
					at = to
				}
			case 1:
				if since != now { // once is enough
					break
				}
				since, wrong = at, time.Duration(rapid.Int64Range(-int64(100*24*time.Hour), int64(100*24*time.Hour)).Draw(t, "wrong"))
			case 2, 3:
				wrong = 0
			}
			if wrongFor++; wrongFor >= domain.RemovableChecks || wrong == 0 {
				wrong, wrongFor = 0, 0
			}
		}
	})
}

func TestTheKeyThatSigns(t *testing.T) {
	key := func(id string, from, to time.Duration) domain.SigningKey {
		return domain.SigningKey{ID: id, Algorithm: domain.ES256, SignsFrom: now.Add(from), SignsTo: now.Add(to)}
	}
	const day = 24 * time.Hour
	for name, tc := range map[string]struct {
		keys []domain.SigningKey
		want string
	}{
		"the only one":           {[]domain.SigningKey{key("a", -day, day)}, "a"},
		"the newer of two":       {[]domain.SigningKey{key("b", -day, day), key("a", -2*day, day)}, "b"},
		"not yet":                {[]domain.SigningKey{key("a", -2*day, day), key("b", 1, 9*day)}, "a"},
		"from its first instant": {[]domain.SigningKey{key("a", -2*day, day), key("b", 0, 9*day)}, "b"},
		"not at its last":        {[]domain.SigningKey{key("a", -2*day, 1), key("b", -day, 0)}, "a"},
		"the last that signed":   {[]domain.SigningKey{key("a", -9*day, -8*day), key("b", -7*day, -6*day), key("c", day, 2*day)}, "b"},
		"the first that will":    {[]domain.SigningKey{key("b", 2*day, 3*day), key("a", day, 2*day)}, "a"},
		"another algorithm":      {[]domain.SigningKey{{ID: "r", Algorithm: domain.RS256, SignsFrom: now, SignsTo: now.Add(day)}, key("a", -2*day, -day)}, "a"},
	} {
		got, ok := domain.Current(tc.keys, domain.ES256, now)
		require.True(t, ok, name)
		require.Equal(t, tc.want, got.ID, name)
	}
	_, ok := domain.Current(nil, domain.ES256, now)
	require.False(t, ok)

	old, next := key("a", -30*day, -domain.KeyLinger), key("b", -domain.KeyLinger, day)
	require.True(t, old.Removable([]domain.SigningKey{old, next}, now))
	require.False(t, next.Removable([]domain.SigningKey{old, next}, now))
	require.False(t, old.Removable([]domain.SigningKey{old}, now), "never the last one")
	require.False(t, old.Removable([]domain.SigningKey{old, key("b", 1-domain.KeyLinger, day)}, now), "nor before its successor has proved itself")
	require.False(t, old.Removable([]domain.SigningKey{old, next}, now.Add(-1)))
	rsa := next
	rsa.Algorithm = domain.RS256
	require.False(t, old.Removable([]domain.SigningKey{old, rsa}, now))

	needed, atOnce := domain.NeedsSuccessor([]domain.SigningKey{rsa}, domain.ES256, now)
	require.True(t, needed)
	require.True(t, atOnce)
	needed, atOnce = domain.NeedsSuccessor([]domain.SigningKey{key("a", -day, 2*domain.KeyLead+1)}, domain.ES256, now)
	require.False(t, needed)
	require.False(t, atOnce)
	needed, atOnce = domain.NeedsSuccessor([]domain.SigningKey{key("a", -day, 2*domain.KeyLead)}, domain.ES256, now)
	require.True(t, needed)
	require.False(t, atOnce)
}

func TestMailRetriesGrowAndEnd(t *testing.T) {
	last := time.Duration(0)
	for attempt := 1; attempt <= 20; attempt++ {
		d := domain.MailRetry(attempt)
		require.GreaterOrEqual(t, d, last)
		require.LessOrEqual(t, d, 30*time.Minute)
		last = d
	}
	require.Equal(t, 15*time.Second, domain.MailRetry(1))
}

func TestSecrets(t *testing.T) {
	a, b := domain.NewSecret(), domain.NewSecret()
	require.NotEqual(t, a, b)
	require.True(t, a.Looks())
	for _, s := range []domain.Secret{"", "x", a + "A", a[1:], "\x00"} {
		require.False(t, s.Looks(), "%q", s)
	}
}

func TestMagicLinks(t *testing.T) {
	user := uuid.New()
	l, token := domain.NewMagicLink(uuid.New(), uuid.New(), &user, "browser", now)
	require.Equal(t, token.Hash(), l.TokenHash)
	require.NoError(t, l.UseError("browser", now))
	require.ErrorIs(t, l.UseError("another", now), domain.ErrLinkBrowser)
	require.ErrorIs(t, l.UseError("browser", now.Add(domain.MagicLinkLifetime)), domain.ErrLinkExpired)
	used := l
	used.UsedAt = &now
	require.ErrorIs(t, used.UseError("browser", now), domain.ErrLinkUsed)
	nobody := l
	nobody.UserID = nil
	require.ErrorIs(t, nobody.UseError("browser", now), domain.ErrLinkUnknown)
	target, err := domain.WithQuery("http://x.test/?next=%2Fa&code=old", url.Values{"code": {"new"}})
	require.NoError(t, err)
	require.Equal(t, "http://x.test/?code=new&next=%2Fa", target, "an old code does not stay beside the new one")
}
