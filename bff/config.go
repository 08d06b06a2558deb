package bff

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"go.updspace.com/bff/domain"
	"go.updspace.com/bff/ports"
	"go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/ratelimit"
)

// Config is everything that can be set from outside.
type Config struct {
	servicefx.Config
	Database pg.Config
	RedisURL string `env:"REDIS_URL"` // empty: no Redis, sessions come from the database
	NATSURL  string `env:"NATS_URL"`  // empty: suspensions are noticed by asking again, within 30 s

	// Hosts: <tenant>.<suffix>, and PublicOrigin is what browsers see of it.
	TenantHostSuffix string   `env:"TENANT_HOST_SUFFIX" envDefault:"updspace.com"`
	TenantAPIPrefix  string   `env:"TENANT_API_PREFIX" envDefault:"api"` // first label of hosts such as api.<tenant>.<suffix>
	PublicOrigin     string   `env:"PUBLIC_ORIGIN" envDefault:"https://{tenant}.updspace.com"`
	AllowedOrigins   []string `env:"ALLOWED_ORIGINS"` // of further pages that may send unsafe requests
	TrustedProxies   []string `env:"TRUSTED_PROXIES"` // CIDRs whose X-Forwarded-For is believed, or none

	// The ID service: where this process reaches it, and what browsers call it.
	IdentityURL       string `env:"IDENTITY_URL"`
	IdentityPublicURL string `env:"IDENTITY_PUBLIC_URL"`
	OIDCClientID      string `env:"OIDC_CLIENT_ID" envDefault:"portal"` // the gateway as a client of the ID service
	OIDCClientSecret  string `env:"OIDC_CLIENT_SECRET"`

	Access accessclient.Config
	// The other services; one that is not set answers 501.
	PortalURL       string        `env:"PORTAL_URL"`                     // where portal is
	VotingURL       string        `env:"VOTING_URL"`                     // where voting is
	EventsURL       string        `env:"EVENTS_URL"`                     // where events is
	ActivityURL     string        `env:"ACTIVITY_URL"`                   // where activity is
	GamificationURL string        `env:"GAMIFICATION_URL"`               // where gamification is
	ProxyTimeout    time.Duration `env:"PROXY_TIMEOUT" envDefault:"15s"` // until an answer begins

	// Requests per minute; 0 is no limit.
	RateAuth         int `env:"RATE_LIMIT_AUTH" envDefault:"600"`        // signing in, per address; one takes two requests
	RateAnonymous    int `env:"RATE_LIMIT_ANONYMOUS" envDefault:"600"`   // without a session, per address
	RateUnknown      int `env:"RATE_LIMIT_UNKNOWN" envDefault:"300"`     // sessions and hosts that do not exist, per address
	RateCalendars    int `env:"RATE_LIMIT_CALENDARS" envDefault:"30"`    // reading a calendar, per address of it
	RateBadges       int `env:"RATE_LIMIT_BADGES" envDefault:"240"`      // reading badges and what verifies them, per address
	RateApplications int `env:"RATE_LIMIT_APPLICATIONS" envDefault:"20"` // applications to join within ten minutes, per address
	RateReads        int `env:"RATE_LIMIT_READS" envDefault:"1800"`      // per user
	RateWrites       int `env:"RATE_LIMIT_WRITES" envDefault:"600"`      // per user
}

// portion is how many requests are taken from Redis at once, for the rules that apply to every request.
const portion = 32

// limits is the table of the rate limits.
func (c Config) limits() []ratelimit.Rule {
	return []ratelimit.Rule{
		{Name: ports.RuleSignIn, Key: ratelimit.Address, Burst: c.RateAuth, Per: time.Minute},
		{Name: ports.RuleAnonymous, Key: ratelimit.Address, Burst: c.RateAnonymous, Per: time.Minute, Portion: portion},
		{Name: ports.RuleUnknown, Key: ratelimit.Address, Burst: c.RateUnknown, Per: time.Minute, Portion: portion},
		{Name: ports.RuleCalendars, Key: "calendar", Burst: c.RateCalendars, Per: time.Minute},
		{Name: ports.RuleBadges, Key: ratelimit.Address, Burst: c.RateBadges, Per: time.Minute},
		{Name: ports.RuleApplications, Key: ratelimit.Address, Burst: c.RateApplications, Per: 10 * time.Minute},
		{Name: ports.RuleReads, Key: ratelimit.User, Burst: c.RateReads, Per: time.Minute, Portion: portion},
		{Name: ports.RuleWrites, Key: ratelimit.User, Burst: c.RateWrites, Per: time.Minute, Portion: portion},
	}
}

// devOrigins are where the frontends' own dev server serves their pages.
var devOrigins = []string{"http://localhost:5173", "http://127.0.0.1:5173"}

// allowedOrigins adds what development needs.
func (c Config) allowedOrigins() []string {
	if !c.Dev() {
		return c.AllowedOrigins
	}
	return append(append([]string{}, c.AllowedOrigins...), devOrigins...)
}

// hosts says which tenant a host belongs to.
func (c Config) hosts() domain.HostRule {
	return domain.HostRule{Suffix: c.TenantHostSuffix, APIPrefix: c.TenantAPIPrefix}
}

// upstreams are the addresses of the services, by name.
func (c Config) upstreams() map[string]string {
	return map[string]string{
		"identity": c.IdentityURL, "access": c.Access.URL, "portal": c.PortalURL, "voting": c.VotingURL,
		"events": c.EventsURL, "activity": c.ActivityURL, "gamification": c.GamificationURL,
	}
}

// Validate reports every setting that is wrong.
func (c Config) Validate() error {
	problems := []error{c.Config.Validate()}
	for name, value := range map[string]string{
		"DATABASE_URL": c.Database.URL, "IDENTITY_URL": c.IdentityURL, "IDENTITY_PUBLIC_URL": c.IdentityPublicURL,
		"ACCESS_URL": c.Access.URL, "OIDC_CLIENT_ID": c.OIDCClientID, "OIDC_CLIENT_SECRET": c.OIDCClientSecret,
		"TENANT_HOST_SUFFIX": c.TenantHostSuffix,
	} {
		if value == "" {
			problems = append(problems, fmt.Errorf("%s must be set", name))
		}
	}
	if !c.Dev() && len(c.TrustedProxies) == 0 {
		problems = append(problems, errors.New("TRUSTED_PROXIES must be set outside of development mode: the CIDRs of the proxies in front, or none. Behind a proxy that it does not list all clients share the limits of one address"))
	}
	if !strings.Contains(c.PublicOrigin, "{tenant}") {
		problems = append(problems, errors.New("PUBLIC_ORIGIN must contain {tenant}"))
	}
	example, err := url.Parse(strings.ReplaceAll(c.PublicOrigin, "{tenant}", "tenant"))
	if err != nil || example.Host == "" || example.Path != "" {
		problems = append(problems, fmt.Errorf("PUBLIC_ORIGIN must be an origin like https://{tenant}.updspace.com, not %q", c.PublicOrigin))
	} else if !c.Dev() && example.Scheme != "https" {
		problems = append(problems, errors.New("PUBLIC_ORIGIN must be https outside of development mode: cookies are not sent otherwise"))
	} else if slug, _ := c.hosts().Slug(example.Host); slug != "tenant" {
		problems = append(problems, errors.New("PUBLIC_ORIGIN must be that of {tenant}. and TENANT_HOST_SUFFIX: browsers come back to it"))
	}
	return errors.Join(problems...)
}
