package identity_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/api/identityevents"
	"go.updspace.com/identity"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/pg"
	"go.updspace.com/tools/devkit/standins"
)

var gordon, alyx = standins.SteamAccounts[0].ID, standins.SteamAccounts[1].ID

// linking is a service whose users link accounts of stand-ins.
type linking struct {
	*service
	others *standins.Server
}

func startLinking(t *testing.T, change ...func(*identity.ExternalConfig)) linking {
	t.Helper()
	others, err := standins.Start(t.Context(), "127.0.0.1")
	require.NoError(t, err)
	t.Cleanup(others.Stop)
	s := start(t, func(c *identity.Config) {
		c.External = identity.ExternalConfig{
			Steam: true, SteamURL: others.URL + "/steam/openid",
			DiscordID: standins.ClientID, DiscordSecret: standins.ClientSecret, DiscordURL: others.URL + "/discord",
			GitHubID: standins.ClientID, GitHubSecret: standins.ClientSecret, GitHubURL: others.URL + "/github", GitHubAPIURL: others.URL + "/github/api",
			Issuers: others.Issuers(), Exceptions: []netip.AddrPort{others.Addr()},
		}
		for _, f := range change {
			f(&c.External)
		}
	})
	return linking{s, others}
}

// begin is the address at the provider that a browser is sent to.
func (b *browser) begin(provider, next string) string {
	b.t.Helper()
	p := b.send(http.MethodGet, "/api/v1/auth/oauth/link/"+provider+"?"+url.Values{"next": {next}}.Encode(), nil)
	require.Equal(b.t, http.StatusOK, p.StatusCode, p.body)
	var out identityapi.LinkStart
	require.NoError(b.t, json.Unmarshal([]byte(p.body), &out))
	require.Equal(b.t, identityapi.LinkStartMethodGET, out.Method)
	return out.AuthorizeURL
}

// choose is the path that the browser comes back to after an account was chosen at the provider.
func (b *browser) choose(address, account string) string {
	b.t.Helper()
	back, err := standins.Choose(b.t.Context(), address, account)
	require.NoError(b.t, err)
	path, ok := strings.CutPrefix(back, b.base)
	require.True(b.t, ok, back)
	return path
}

// link goes to a provider and back.
func (b *browser) link(provider, account string) page {
	b.t.Helper()
	return b.get(b.choose(b.begin(provider, ""), account))
}

// says is what the page says that a browser has come back to.
func (p page) says() string {
	q := p.Request.URL.Query()
	return p.at() + " " + q.Get("linked") + q.Get("link_error")
}

func (b *browser) linked() []identityapi.ExternalIdentity {
	b.t.Helper()
	p := b.send(http.MethodGet, "/api/v1/auth/oauth/identities", nil)
	require.Equal(b.t, http.StatusOK, p.StatusCode, p.body)
	var out identityapi.ExternalIdentityList
	require.NoError(b.t, json.Unmarshal([]byte(p.body), &out))
	return out.Items
}

// changed is a path with parameters of its query replaced.
func changed(t *testing.T, path string, set ...string) string {
	t.Helper()
	u, err := url.Parse(path)
	require.NoError(t, err)
	q := u.Query()
	for i := 0; i+1 < len(set); i += 2 {
		q.Set(set[i], set[i+1])
	}
	u.RawQuery = q.Encode()
	return u.String()
}

const (
	done    = "/account/connections "
	notMine = done + "IDENTITY_NOT_PROVEN"
)

func TestAccountsOfEveryProviderAreLinkedAndUnlinked(t *testing.T) {
	t.Parallel()
	l := startLinking(t)
	p := l.browser().send(http.MethodGet, "/api/v1/auth/oauth/providers", nil)
	require.JSONEq(t, `{"providers":[{"id":"steam","name":"Steam","kind":"steam"},{"id":"discord","name":"Discord","kind":"discord"},
		{"id":"github","name":"GitHub","kind":"github"},{"id":"clan","name":"Clan SSO","kind":"oidc"}]}`, p.body)
	b := l.user("member@aef.test")
	require.Empty(t, b.linked())
	accounts := map[string]standins.Account{
		"steam": standins.SteamAccounts[0], "discord": standins.DiscordAccounts[0], "github": standins.GitHubAccounts[0], "clan": standins.IssuerAccounts[0],
	}
	order := []string{"steam", "discord", "github", "clan"}
	for _, provider := range order {
		require.Equal(t, done+provider, b.link(provider, accounts[provider].ID).says())
		l.clock.Advance(time.Second)
	}
	var names []string
	for _, item := range b.linked() {
		names = append(names, item.Provider+" "+item.Account)
	}
	require.Equal(t, []string{"steam " + gordon, "discord nelly", "github octocat", "clan ada"}, names)
	var me identityapi.AuthMe
	require.NoError(t, json.Unmarshal([]byte(b.send(http.MethodGet, "/api/v1/auth/me", nil).body), &me))
	require.Equal(t, order, me.User.MustGet().OauthProviders)
	require.Equal(t, order, b.get("/account").boot(t).Account.OauthProviders)
	r, err := l.tryLogin("member@aef.test", identity.DemoPassword)
	require.Equal(t, order, fine(t, r, err).JSON200.User.OauthProviders)

	b.send(http.MethodGet, "/api/v1/auth/oauth/link/steam", nil).refuses(t, 409, "PROVIDER_ALREADY_LINKED")
	for _, provider := range order {
		require.Equal(t, 200, b.send(http.MethodPost, "/api/v1/auth/oauth/unlink", map[string]string{"provider": provider}).StatusCode)
		b.send(http.MethodPost, "/api/v1/auth/oauth/unlink", map[string]string{"provider": provider}).refuses(t, 404, "IDENTITY_NOT_FOUND")
	}
	require.Empty(t, b.linked())
	for action, want := range map[string]int{domain.ActionIdentityLinked: 4, domain.ActionIdentityUnlinked: 4} {
		entries := l.auditLog(audit.Filter{Action: action, Concerning: member})
		require.Len(t, entries, want)
		require.Equal(t, audit.User, entries[0].Actor.Type)
		require.Equal(t, member, entries[0].Actor.ID)
		require.Len(t, entries[0].Metadata, 1, "which account it was stays out of the journal")
	}
	// Those who have let go of an account do not keep it from others.
	require.Equal(t, done+"steam", l.user("second@aef.test").link("steam", gordon).says())
}

func TestAnAccountBelongsToOneUser(t *testing.T) {
	t.Parallel()
	l := startLinking(t)
	mika, sasha := l.user("member@aef.test"), l.user("second@aef.test")
	require.Equal(t, done+"steam", mika.link("steam", gordon).says())
	refusal := sasha.link("steam", gordon)
	require.Equal(t, done+"IDENTITY_CONFLICT", refusal.says())
	require.NotContains(t, refusal.body, "Mika", "whose it is stays untold")
	require.NotContains(t, refusal.Request.URL.String(), member.String())
	require.Empty(t, sasha.linked())

	// Two ways at once: the second comes back to an account that is linked by then.
	first, second := sasha.begin("github", ""), sasha.begin("github", "")
	third := sasha.begin("github", "")
	require.Equal(t, done+"github", sasha.get(sasha.choose(first, "583231")).says())
	require.Equal(t, done+"PROVIDER_ALREADY_LINKED", sasha.get(sasha.choose(second, "583232")).says())
	require.Equal(t, done+"github", sasha.get(sasha.choose(third, "583231")).says(), "the same account again is no conflict")
	require.Len(t, sasha.linked(), 1)
}

// Many browsers race for one account: one of their users gets it.
func TestOneOfManyGetsAnAccount(t *testing.T) {
	t.Parallel()
	l := startLinking(t)
	users := []string{"admin@aef.test", "member@aef.test", "second@aef.test", "root@updspace.test", "outsider@gaming.test"}
	var browsers []*browser
	var paths []string
	for _, email := range users {
		b := l.user(email)
		browsers = append(browsers, b)
		paths = append(paths, b.choose(b.begin("discord", ""), "80351110224678912"))
	}
	said := make([]string, len(users))
	var all sync.WaitGroup
	for i, b := range browsers {
		all.Go(func() { said[i] = b.get(paths[i]).says() })
	}
	all.Wait()
	won := 0
	for _, s := range said {
		if s == done+"discord" {
			won++
			continue
		}
		require.Equal(t, done+"IDENTITY_CONFLICT", s)
	}
	require.Equal(t, 1, won)
}

// Each tenant of a user learns which accounts its member has, and that it is a member's no more.
func TestTenantsAreToldOfLinkedAccounts(t *testing.T) {
	t.Parallel()
	l := startLinking(t)
	b := l.user("admin@aef.test") // a member of both tenants
	b.link("steam", gordon)
	l.clock.Advance(time.Second)
	b.link("github", "583231")
	require.NoError(t, l.Tenants.SetMembership(ctx, "gaming", "admin@aef.test", domain.RoleMember, domain.MembershipDisabled))
	require.NoError(t, l.Tenants.SetMembership(ctx, "gaming", "admin@aef.test", domain.RoleMember, domain.MembershipActive))
	require.Equal(t, 200, b.send(http.MethodPost, "/api/v1/auth/oauth/unlink", map[string]string{"provider": "steam"}).StatusCode)

	var told []string
	for _, e := range l.identityEvents() {
		require.Equal(t, e.TenantID.String(), e.Data.TenantID.String())
		what := "aef "
		if e.TenantID == gaming {
			what = "gaming "
		}
		what += strings.TrimPrefix(e.Type, "identity.external_identity.") + " " + e.Data.Provider
		if e.Data.ExternalID != nil {
			what += " " + *e.Data.ExternalID
		}
		told = append(told, what)
	}
	require.Equal(t, []string{
		"aef linked steam " + gordon, "gaming linked steam " + gordon, "aef linked github", "gaming linked github",
		"gaming unlinked steam", "gaming unlinked github", "gaming linked steam " + gordon, "gaming linked github",
		"aef unlinked steam", "gaming unlinked steam",
	}, told)
}

type identityEvent struct {
	Type     string
	TenantID uuid.UUID
	Data     identityevents.ExternalIdentity
}

// identityEvents are the events about linked accounts, those of one moment by tenant.
func (l linking) identityEvents() (found []identityEvent) {
	l.t.Helper()
	var texts []string
	db := l.database()
	require.NoError(l.t, db.Read(pg.AcrossTenants(ctx, "test: look at every event"), func(ctx context.Context) error {
		return db.Conn(ctx).NewRaw("SELECT event FROM outbox WHERE type LIKE 'identity.external_identity.%' ORDER BY seq").Scan(ctx, &texts)
	}))
	for _, text := range texts {
		var e identityEvent
		require.NoError(l.t, json.Unmarshal([]byte(text), &e))
		found = append(found, e)
	}
	return found
}

// A provider that is away hinders its own users only, and ways to providers are limited: each may make this service call one.
func TestWaysToProvidersAreBounded(t *testing.T) {
	t.Parallel()
	l := startLinking(t, func(c *identity.ExternalConfig) {
		c.Issuers = `[{"id":"gone","name":"Gone","issuer":"http://127.0.0.1:1","client_id":"id","client_secret":"secret"}]`
		c.Exceptions = append(c.Exceptions, netip.MustParseAddrPort("127.0.0.1:1"))
	})
	b := l.user("member@aef.test")
	start := func(provider string) page { return b.send(http.MethodGet, "/api/v1/auth/oauth/link/"+provider, nil) }
	start("gone").refuses(t, 503, "PROVIDER_UNAVAILABLE")
	start("none").refuses(t, 404, "PROVIDER_NOT_SUPPORTED")
	for range 19 {
		b.begin("steam", "")
	}
	start("steam").refuses(t, 429, "RATE_LIMITED")
	l.user("second@aef.test").begin("steam", "")
	l.browser().send(http.MethodGet, "/api/v1/auth/oauth/link/steam", nil).refuses(t, 401, "UNAUTHORIZED")
	l.browser().send(http.MethodGet, "/api/v1/auth/oauth/identities", nil).refuses(t, 401, "UNAUTHORIZED")
	unlink := map[string]string{"provider": "steam"}
	b.send(http.MethodPost, "/api/v1/auth/oauth/unlink", unlink, "Sec-Fetch-Site", "cross-site").refuses(t, 403, "CSRF_FAILED")
}
