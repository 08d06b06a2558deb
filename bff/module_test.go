package bff_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"go.updspace.com/api/bffapi"
	"go.updspace.com/bff"
	"go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/config"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit"
)

var settings = map[string]string{
	"UPDSPACE_SIGNING_SECRET": testkit.Secret, "DATABASE_URL": "postgres://app@localhost/db_bff", "REDIS_URL": "redis://localhost:6379",
	"IDENTITY_URL": "http://identity:8001", "IDENTITY_PUBLIC_URL": "https://id.updspace.com", "OIDC_CLIENT_SECRET": "secret",
	"ACCESS_URL": "http://access:8002", "VOTING_URL": "http://voting:8004", "TRUSTED_PROXIES": "10.0.0.0/8",
}

func with(changes map[string]string) map[string]string {
	env := map[string]string{}
	for _, m := range []map[string]string{settings, changes} {
		for name, value := range m {
			env[name] = value
		}
	}
	return env
}

func TestModuleFitsTogether(t *testing.T) {
	cfg, err := config.Parse[bff.Config](settings)
	require.NoError(t, err)
	require.NoError(t, fx.ValidateApp(bff.Module(cfg)))
}

func TestSettingsAreChecked(t *testing.T) {
	t.Parallel()
	for name, bad := range map[string]string{
		"DATABASE_URL": "", "IDENTITY_URL": "", "IDENTITY_PUBLIC_URL": "", "ACCESS_URL": "", "OIDC_CLIENT_SECRET": "",
		"PUBLIC_ORIGIN": "https://aef.updspace.com", "UPDSPACE_MODE": "staging", "TRUSTED_PROXIES": "",
	} {
		_, err := config.Parse[bff.Config](with(map[string]string{name: bad}))
		require.ErrorContains(t, err, name)
	}
	_, err := config.Parse[bff.Config](with(map[string]string{"PUBLIC_ORIGIN": "http://{tenant}.updspace.com"}))
	require.ErrorContains(t, err, "https", "production signs no user in over plain http")
	for _, elsewhere := range []string{"https://{tenant}.updspace.org", "https://{tenant}.eu.updspace.com", "https://www-{tenant}.updspace.com"} {
		_, err := config.Parse[bff.Config](with(map[string]string{"PUBLIC_ORIGIN": elsewhere}))
		require.ErrorContains(t, err, "TENANT_HOST_SUFFIX", "browsers would come back to a host of no tenant")
	}
	for _, here := range []string{"https://{tenant}.updspace.com:8443", "https://api.{tenant}.updspace.com"} {
		_, err := config.Parse[bff.Config](with(map[string]string{"PUBLIC_ORIGIN": here}))
		require.NoError(t, err)
	}
}

// Every operation that the document calls a user's refuses callers without a session, and every public one answers them.
func TestOperationsAskForWhatTheyDeclare(t *testing.T) {
	t.Parallel()
	portal := newService(t, "portal")
	portal.handle("GET /internal/v1/public-card", func(w http.ResponseWriter, _ *http.Request, _ reqctx.Context) {
		answer(w, http.StatusOK, map[string]any{"member_count": 0, "communities": []any{}, "faces": []any{}, "posts": []any{}})
	})
	p := start(t, func(p *platform) { p.cfg.PortalURL = portal.server.URL })
	for id, op := range bffapi.Operations {
		b := p.browser()
		b.get(aefHost + "/api/v1/csrf")
		body := ""
		if id == "requestMagicLink" {
			body = `{"email":"member@aef.test"}`
		}
		r := b.do(op.Method, aefHost+strings.Replace(op.Path, "{image}", "logo", 1), body, nil) // the others are refused for what they lack, not for who asks
		if op.NeedsUser() {
			r.refuses(http.StatusUnauthorized, "UNAUTHORIZED")
			continue
		}
		require.NotContains(t, r.body, "UNAUTHORIZED", id)
		require.Less(t, r.status, http.StatusInternalServerError, id)
	}
}

func TestProductionCookies(t *testing.T) {
	t.Parallel()
	p := start(t, func(p *platform) {
		p.cfg.Mode, p.cfg.TrustedProxies = servicefx.Production, []string{"none"}
		p.cfg.TenantHostSuffix, p.cfg.PublicOrigin = "updspace.com", "https://{tenant}.updspace.com"
	})
	b := p.browser()
	const host = "http://aef.updspace.com" // TLS ends in front of the gateway
	r := b.get(host + "/api/v1/csrf")
	require.Equal(t, http.StatusOK, r.status)
	cookies := (&http.Response{Header: r.header}).Cookies()
	require.Len(t, cookies, 2)
	for _, c := range cookies {
		require.True(t, c.Secure, c.Name)
		require.Empty(t, c.Domain, c.Name)
		require.Equal(t, "/", c.Path, c.Name)
	}
	require.True(t, slices.ContainsFunc(cookies, func(c *http.Cookie) bool { return c.Name == "__Host-updspace_browser" && c.HttpOnly }))
	require.Contains(t, r.header.Get("Strict-Transport-Security"), "max-age=")
	page := b.do(http.MethodGet, host+"/", "", http.Header{"Accept": {"text/html"}}).header
	require.Contains(t, page.Get("Strict-Transport-Security"), "max-age=")
	require.Contains(t, page.Get("Content-Security-Policy"), "img-src 'self' data: blob: https://*.updspace.com;")

	header := http.Header{"Cookie": {cookies[0].Name + "=" + cookies[0].Value + "; " + cookies[1].Name + "=" + cookies[1].Value}}
	for _, c := range cookies {
		if c.Name == "updspace_csrf" {
			header.Set("X-Csrf-Token", c.Value)
		}
	}
	post := func(origin string) reply {
		header["Origin"] = []string{origin}
		return b.do(http.MethodPost, host+"/api/v1/logout", "", header)
	}
	post("https://aef.updspace.com").refuses(http.StatusUnauthorized, "UNAUTHORIZED") // past CSRF
	for _, origin := range []string{"http://aef.updspace.com", "https://aef.updspace.com:8443", "https://gaming.updspace.com", "http://localhost:5173"} {
		post(origin).refuses(http.StatusForbidden, "CSRF_FAILED")
	}
}

// A suspension is heard of through identity's events, long before the gateway
// would ask again.
func TestSuspensionIsHeardOf(t *testing.T) {
	t.Parallel()
	url := testkit.NATS(t)
	p := start(t, func(p *platform) { p.cfg.NATSURL = url })
	p.voting.handle("GET /api/v1/voting/polls", ok)
	b := p.browser().signIn(aefHost, member)
	require.Equal(t, http.StatusOK, b.get(aefHost+"/api/v1/voting/polls").status)
	p.id.change(member, func(a *account) { a.flags["suspended"] = true })

	conn, err := nats.Connect(url)
	require.NoError(t, err)
	defer conn.Close()
	publish := func(subject, data string) {
		require.NoError(t, conn.Publish(subject, []byte(data)))
		require.NoError(t, conn.FlushTimeout(5*time.Second))
	}
	publish("updspace.identity.user.suspended", `not an event`)
	publish("updspace.identity.user.suspended", `{"subject":"user/`+uuid.NewString()+`"}`)
	publish("updspace.identity.tenant.created", `{"subject":"user/`+member.String()+`"}`)
	require.Equal(t, http.StatusOK, b.get(aefHost+"/api/v1/voting/polls").status, "no event was about this user")
	eventually(t, func() bool { // the gateway may not be listening yet
		publish("updspace.identity.user.suspended", `{"specversion":"1.0","type":"identity.user.suspended","subject":"user/`+member.String()+`","data":{}}`)
		r := b.get(aefHost + "/api/v1/voting/polls")
		return r.status == http.StatusForbidden && strings.Contains(r.body, "ACCOUNT_SUSPENDED")
	}, "the event is heard")
}

func TestMigrate(t *testing.T) {
	t.Parallel()
	cfg := bff.Config{Database: testkit.Postgres(t, tables), Access: accessclient.Config{}}
	require.NoError(t, bff.Migrate(context.Background(), cfg), "a database that is up to date stays so")
}
