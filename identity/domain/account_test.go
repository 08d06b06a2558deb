package domain_test

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/errs"
)

// fieldsOf are the fields that an error names.
func fieldsOf(t *testing.T, err error) []string {
	t.Helper()
	var invalid *errs.Error
	require.ErrorAs(t, err, &invalid)
	require.Equal(t, errs.Invalid, invalid.Kind)
	return slices.Collect(maps.Keys(invalid.Fields))
}

func TestNewUsers(t *testing.T) {
	t.Parallel()
	id := uuid.New()
	u, err := domain.NewUser(id, " Anna@B.c", "  Anna ", false, now)
	require.NoError(t, err)
	require.Equal(t, domain.User{
		ID: id, Email: "anna@b.c", Username: "anna", DisplayName: "Anna", Theme: domain.ThemeAuto, Status: domain.StatusActive,
		SessionsValidFrom: now, CreatedAt: now,
	}, u)
	long, err := domain.NewUser(id, strings.Repeat("a", 65)+"@b.c", "", true, now)
	require.NoError(t, err)
	require.Len(t, long.Username, 64)
	require.True(t, long.EmailVerified)
	_, err = domain.NewUser(id, "x", strings.Repeat("a", 129), true, now)
	require.ElementsMatch(t, []string{"email", "display_name"}, fieldsOf(t, err))

	require.NoError(t, u.Rename(" Ann ", strings.Repeat("b", 150)))
	require.Equal(t, "Ann "+strings.Repeat("b", 150), u.FullName())
	require.ElementsMatch(t, []string{"first_name", "last_name"}, fieldsOf(t, u.Rename(strings.Repeat("a", 151), strings.Repeat("b", 151))))
}

func TestFullNames(t *testing.T) {
	t.Parallel()
	for want, u := range map[string]domain.User{
		"Ann Bee": {FirstName: "Ann", LastName: "Bee", DisplayName: "d", Username: "u"},
		"Bee":     {LastName: "Bee", DisplayName: "d", Username: "u"},
		"d":       {DisplayName: "d", Username: "u"},
		"u":       {Username: "u"},
	} {
		require.Equal(t, want, u.FullName())
	}
}

func TestFlagsAreTheAccounts(t *testing.T) {
	t.Parallel()
	for status, want := range map[domain.Status]domain.MasterFlags{
		domain.StatusActive:    {Status: domain.StatusActive},
		domain.StatusSuspended: {Status: domain.StatusSuspended, Suspended: true},
		domain.StatusBanned:    {Status: domain.StatusBanned, Banned: true},
		domain.StatusMigrated:  {Status: domain.StatusMigrated},
	} {
		require.True(t, status.Valid())
		require.Equal(t, want, domain.User{Status: status}.Flags())
		want.SystemAdmin, want.EmailVerified = true, true
		require.Equal(t, want, domain.User{Status: status, SystemAdmin: true, EmailVerified: true}.Flags())
	}
	require.False(t, domain.Status("gone").Valid())
	require.True(t, domain.User{Status: domain.StatusActive, EmailVerified: true}.CanSignIn())
	require.False(t, domain.User{Status: domain.StatusActive}.CanSignIn())
}

func TestARenewedSessionHasItsIDAndAge(t *testing.T) {
	t.Parallel()
	s, token := domain.NewSession(uuid.New(), uuid.New(), domain.MethodMagicLink, domain.Origin{IP: "203.0.113.1", UserAgent: "a"}, now)
	require.Equal(t, domain.Session{
		ID: s.ID, UserID: s.UserID, TokenHash: token.Hash(), Method: domain.MethodMagicLink, IP: "203.0.113.1", UserAgent: "a",
		CreatedAt: now, AuthTime: now, ExpiresAt: now.Add(14 * 24 * time.Hour),
	}, s)
	later := now.Add(time.Hour)
	renewed, next := s.Renew(domain.MethodPassword, domain.Origin{IP: "203.0.113.2", UserAgent: "b"}, later)
	require.NotEqual(t, token, next)
	require.Equal(t, domain.Session{
		ID: s.ID, UserID: s.UserID, TokenHash: next.Hash(), Method: domain.MethodPassword, IP: "203.0.113.2", UserAgent: "b",
		CreatedAt: now, AuthTime: later, ExpiresAt: later.Add(14 * 24 * time.Hour),
	}, renewed)
}

func TestTenants(t *testing.T) {
	t.Parallel()
	tenant, err := domain.NewTenant(uuid.New(), "aef", " AEF ", now)
	require.NoError(t, err)
	require.Equal(t, domain.Tenant{
		ID: tenant.ID, Slug: "aef", Name: "AEF", Hue: tenant.Hue, Chroma: 0.12, Languages: []string{"en", "ru"}, DefaultLanguage: "en",
		Admission: domain.AdmissionInvitation, Version: 1, CreatedAt: now,
	}, tenant)
	other, err := domain.NewTenant(uuid.New(), "gaming", "Gaming", now)
	require.NoError(t, err)
	require.NotEqual(t, tenant.Hue, other.Hue, "tenants differ before anyone has chosen")
	_, err = domain.NewTenant(uuid.New(), "api", "", now)
	require.ElementsMatch(t, []string{"slug", "name"}, fieldsOf(t, err))
	require.NoError(t, tenant.Rename(strings.Repeat("a", 128)))
	require.Equal(t, []string{"name"}, fieldsOf(t, tenant.Rename(strings.Repeat("a", 129))))
	require.True(t, domain.Membership{Status: domain.MembershipActive}.Active())
	require.False(t, domain.Membership{Status: domain.MembershipDisabled}.Active())
}

func TestClientsAreValidated(t *testing.T) {
	t.Parallel()
	good := domain.Client{
		ID: "a-Z.0_~", Name: "C", Redirects: []domain.RedirectRule{"https://c.test/"}, PostLogout: []domain.RedirectRule{"https://{tenant}.c.test/"},
		LogoutURI: "http://10.0.0.1:8080/logout", Scopes: []string{"openid"}, GrantTypes: []string{domain.GrantCode, domain.GrantRefresh}, Algorithm: domain.RS256,
	}
	require.NoError(t, good.Validate())
	for field, spoil := range map[string]func(*domain.Client){
		"client_id":                 func(c *domain.Client) { c.ID = "a b" },
		"name":                      func(c *domain.Client) { c.Name = strings.Repeat("a", 129) },
		"redirect_uris":             func(c *domain.Client) { c.Redirects = append(c.Redirects, "/relative") },
		"post_logout_redirect_uris": func(c *domain.Client) { c.PostLogout = []domain.RedirectRule{"https://c.test/#f"} },
		"backchannel_logout_uri":    func(c *domain.Client) { c.LogoutURI = "logout" },
		"algorithm":                 func(c *domain.Client) { c.Algorithm = "none" },
		"grant_types":               func(c *domain.Client) { c.GrantTypes = append(c.GrantTypes, "password") },
		"scopes":                    func(c *domain.Client) { c.Scopes = append(c.Scopes, "everything") },
	} {
		bad := good
		spoil(&bad)
		require.Equal(t, []string{field}, fieldsOf(t, bad.Validate()))
	}
	require.ElementsMatch(t, []string{"client_id", "name", "redirect_uris", "algorithm", "grant_types"}, fieldsOf(t, domain.Client{}.Validate()))
	bounds := good
	bounds.ID, bounds.Name, bounds.LogoutURI = strings.Repeat("a", 64), strings.Repeat("a", 128), ""
	require.NoError(t, bounds.Validate())
	require.False(t, domain.ValidClientID(strings.Repeat("a", 65)))
}

func TestSecretsOfClientsAreReplacedInSteps(t *testing.T) {
	t.Parallel()
	var c domain.Client
	require.True(t, c.Public())
	require.True(t, c.Authenticate(""))
	require.False(t, c.Authenticate("x"), "a public client must send none")
	_, err := c.AddSecret()
	require.ErrorIs(t, err, domain.ErrNoSecrets)
	first := domain.NewSecret()
	c.Secrets = []domain.Hash{first.Hash()}
	require.False(t, c.Public())
	require.True(t, c.Authenticate(string(first)))
	require.False(t, c.Authenticate(""))
	require.ErrorIs(t, c.RetireSecret(), domain.ErrNoOldSecret)
	second, err := c.AddSecret()
	require.NoError(t, err)
	require.Equal(t, url.QueryEscape(string(second)), string(second), "it can stand in a URL and in a form as it is")
	require.True(t, c.Authenticate(string(first)))
	require.True(t, c.Authenticate(string(second)))
	_, err = c.AddSecret()
	require.ErrorIs(t, err, domain.ErrTwoSecrets)
	require.NoError(t, c.RetireSecret())
	require.False(t, c.Authenticate(string(first)), "the older one ends")
	require.True(t, c.Authenticate(string(second)))
}

func TestRegisteredAddressesOfAClient(t *testing.T) {
	t.Parallel()
	c := domain.Client{
		Redirects:  []domain.RedirectRule{"https://c.test/cb", "https://{tenant}.c.test/cb"},
		PostLogout: []domain.RedirectRule{"https://c.test/"}, GrantTypes: []string{domain.GrantCode},
	}
	slug, ok := c.MatchRedirect("https://c.test/cb")
	require.True(t, ok)
	require.Empty(t, slug)
	slug, ok = c.MatchRedirect("https://aef.c.test/cb")
	require.True(t, ok)
	require.Equal(t, "aef", slug)
	_, ok = c.MatchRedirect("https://c.test/")
	require.False(t, ok, "that is for after sign-out")
	_, ok = c.MatchPostLogout("https://c.test/")
	require.True(t, ok)
	_, ok = c.MatchPostLogout("https://c.test/cb")
	require.False(t, ok)
	slug, ok = c.MatchOrigin("https://aef.c.test/other?x")
	require.True(t, ok)
	require.Equal(t, "aef", slug)
	_, ok = c.MatchOrigin("https://evil.test/cb")
	require.False(t, ok)
	require.True(t, c.Allows(domain.GrantCode))
	require.False(t, c.Allows(domain.GrantRefresh))
}

func TestAnswersOfAnAuthorization(t *testing.T) {
	t.Parallel()
	r := domain.AuthorizationRequest{RedirectURI: "https://c.test/cb?x=1", State: "s"}
	target, err := r.Answer("https://id.test", url.Values{"code": {"c"}})
	require.NoError(t, err)
	require.Equal(t, "https://c.test/cb?code=c&iss=https%3A%2F%2Fid.test&state=s&x=1", target)
	r.State = ""
	target, err = r.Answer("https://id.test", url.Values{"x": {"2"}})
	require.NoError(t, err)
	require.Equal(t, "https://c.test/cb?iss=https%3A%2F%2Fid.test&x=2", target)
	target, err = domain.WithQuery("https://c.test/?b&a", nil)
	require.NoError(t, err)
	require.Equal(t, "https://c.test/?b&a", target, "as it came")
	_, err = domain.WithQuery("https://c.test/%zz", url.Values{"a": {"b"}})
	require.ErrorIs(t, err, domain.ErrRedirectTarget)

	require.NoError(t, domain.CheckOpaque("", "any text", "текст"))
	for _, bad := range []string{"\x00", "a\n", "\xff"} {
		require.ErrorIs(t, domain.CheckOpaque("good", bad), domain.ErrOAuthRequest)
	}
}

func TestCodesAndTokensOfAnAuthorization(t *testing.T) {
	t.Parallel()
	r := domain.AuthorizationRequest{
		Authorization: domain.Authorization{ClientID: "c", UserID: uuid.New(), SessionID: uuid.New(), AuthTime: now, Scopes: []string{"openid", "email"}, Nonce: "n"},
		RedirectURI:   "https://c.test/", Challenge: "challenge",
	}
	id := uuid.New()
	code, secret := r.Code(id, []string{"openid"}, now)
	want := domain.Code{
		Authorization: r.Authorization, ID: id, Hash: secret.Hash(), RedirectURI: r.RedirectURI, Challenge: r.Challenge,
		CreatedAt: now, ExpiresAt: now.Add(domain.CodeLifetime),
	}
	want.Scopes = []string{"openid"}
	require.Equal(t, want, code)
	require.Equal(t, []string{"openid", "email"}, r.Scopes, "the request keeps what was asked")

	refresh, secret := domain.NewRefreshToken(id, now)
	require.Equal(t, domain.RefreshToken{Hash: secret.Hash(), GrantID: id, CreatedAt: now, ExpiresAt: now.Add(domain.RefreshTokenLifetime)}, refresh)
	for _, c := range []struct {
		scopes, grants []string
		want           bool
	}{
		{[]string{"openid", domain.ScopeOffline}, []string{domain.GrantCode, domain.GrantRefresh}, true},
		{[]string{"openid"}, []string{domain.GrantCode, domain.GrantRefresh}, false},
		{[]string{"openid", domain.ScopeOffline}, []string{domain.GrantCode}, false},
	} {
		g := domain.Grant{Authorization: domain.Authorization{Scopes: c.scopes}}
		require.Equal(t, c.want, g.Offline(domain.Client{GrantTypes: c.grants}))
	}
}

func TestRetriesOfLogoutNotices(t *testing.T) {
	t.Parallel()
	for attempts, want := range map[int]time.Duration{
		1: 5 * time.Second, 2: 10 * time.Second, 3: 20 * time.Second, 6: 160 * time.Second, 7: 5 * time.Minute, 100: 5 * time.Minute,
	} {
		require.Equal(t, want, domain.LogoutRetry(attempts), attempts)
	}
	s := domain.Session{ID: uuid.New(), UserID: uuid.New()}
	id := uuid.New()
	require.Equal(t, domain.LogoutNotice{ID: id, ClientID: "c", SessionID: s.ID, UserID: s.UserID, ExpiresAt: now.Add(time.Hour)},
		domain.NewLogoutNotice(id, "c", s, now))
}
