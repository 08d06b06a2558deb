package platform

import (
	"context"
	"io"
	"net"
	"path/filepath"
	"strconv"
	"strings"

	"go.uber.org/fx"

	"go.updspace.com/access"
	"go.updspace.com/activity"
	"go.updspace.com/bff"
	"go.updspace.com/events"
	"go.updspace.com/gamification"
	"go.updspace.com/identity"
	"go.updspace.com/libs/config"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/portal"
	"go.updspace.com/tools/devkit/standins"
	"go.updspace.com/voting"
)

// definitions is the one table of services, in the order of the start-up table. A new service joins with one row: its name, port and database,
// its module, migrations and demo data, and where in its configuration the part is that all services share.
var definitions = []definition{
	service("identity", 8001, "db_id", identity.Module, identity.Migrate, seedIdentity, func(c *identity.Config) *servicefx.Config { return &c.Config }),
	service("access", 8002, "db_access", access.Module, access.Migrate, access.SeedDemo, func(c *access.Config) *servicefx.Config { return &c.Config }),
	service("portal", 8003, "db_portal", portal.Module, portal.Migrate, portal.SeedDemo, func(c *portal.Config) *servicefx.Config { return &c.Config }),
	service("voting", 8004, "db_voting", voting.Module, voting.Migrate, voting.SeedDemo, func(c *voting.Config) *servicefx.Config { return &c.Config }),
	service("events", 8005, "db_events", events.Module, events.Migrate, events.SeedDemo, func(c *events.Config) *servicefx.Config { return &c.Config }),
	service("gamification", 8007, "db_gamification", gamification.Module, gamification.Migrate, gamification.SeedDemo, func(c *gamification.Config) *servicefx.Config { return &c.Config }),
	service("activity", 8006, "db_activity", activity.Module, activity.Migrate, activity.SeedDemo, func(c *activity.Config) *servicefx.Config { return &c.Config }),
	service("bff", 8080, "db_bff", bff.Module, bff.Migrate, nil, func(c *bff.Config) *servicefx.Config { return &c.Config }),
}

func seedIdentity(ctx context.Context, cfg identity.Config) error {
	return identity.SeedDemo(ctx, cfg, identity.DefaultDemo())
}

// definition is what the platform knows about a service before it runs.
type definition struct {
	name     string
	port     int
	database string
	module   func(env map[string]string, l net.Listener, log io.Writer) (fx.Option, error) // on a listener that is open already
	seed     func(ctx context.Context, env map[string]string) error                        // migrates first; nil when there is no demo data
}

// service describes a service by what its package exports.
func service[C any](
	name string, port int, database string, module func(C) fx.Option, migrate, seed func(context.Context, C) error,
	shared func(*C) *servicefx.Config,
) definition {
	d := definition{
		name: name, port: port, database: database,
		module: func(env map[string]string, l net.Listener, log io.Writer) (fx.Option, error) {
			cfg, err := config.Parse[C](env)
			if err != nil {
				return nil, err
			}
			common := shared(&cfg)
			common.Listener, common.Log = l, log
			return module(cfg), nil
		},
	}
	if seed != nil {
		d.seed = func(ctx context.Context, env map[string]string) error {
			cfg, err := config.Parse[C](env)
			if err != nil {
				return err
			}
			if err := migrate(ctx, cfg); err != nil {
				return err
			}
			return seed(ctx, cfg)
		}
	}
	return d
}

// env is the environment a service would get in production, from a container's settings. Everybody gets the address of everybody: which of
// them a service reads, and so which calls may exist, is its own business.
func (p *Platform) env(s *Service) map[string]string {
	env := map[string]string{
		"UPDSPACE_MODE":               servicefx.Development,
		"UPDSPACE_SIGNING_SECRET":     p.secrets.get("signing"),
		"LISTEN_ADDR":                 s.Addr(),
		"LOG_FORMAT":                  "json",
		"DATABASE_URL":                s.database.AppURL,
		"DATABASE_MIGRATE_URL":        s.database.OwnerURL,
		"REDIS_URL":                   "redis://" + p.Redis.Addr,
		"NATS_URL":                    p.NATS.URL(),
		"PUBLIC_ORIGIN":               p.Origin("{tenant}"),
		"TENANT_HOST_SUFFIX":          "localhost",
		"IDENTITY_PUBLIC_URL":         p.IDOrigin(),
		"OIDC_CLIENT_ID":              "portal",
		"OIDC_CLIENT_SECRET":          p.secrets.get("portal_client"),
		"OIDC_BACKCHANNEL_LOGOUT_URI": p.Service("bff").URL() + "/api/v1/auth/backchannel-logout",
		"ADMIN_SECOND_FACTOR":         "false",
		"IDENTITY_SEAL_KEYS":          "dev:" + p.secrets.get("identity_seal"),
		"EVENTS_SEAL_KEYS":            "dev:" + p.secrets.get("events_seal"),
		"GAMIFICATION_SEAL_KEYS":      "dev:" + p.secrets.get("gamification_seal"),
		"ACTIVITY_SEAL_KEYS":          "dev:" + p.secrets.get("activity_seal"),
		"INBOUND_MAIL_DOMAIN":         "reply.localhost",
		"STEAM_LOGIN":                 "true",
		"STEAM_OPENID_URL":            p.Standins.URL + "/steam/openid",
		"DISCORD_URL":                 p.Standins.URL + "/discord",
		"DISCORD_CLIENT_ID":           standins.ClientID,
		"DISCORD_CLIENT_SECRET":       standins.ClientSecret,
		"GITHUB_URL":                  p.Standins.URL + "/github",
		"GITHUB_API_URL":              p.Standins.URL + "/github/api",
		"GITHUB_CLIENT_ID":            standins.ClientID,
		"GITHUB_CLIENT_SECRET":        standins.ClientSecret,
		"OIDC_PROVIDERS":              p.Standins.Issuers(),
		"IDENTITY_EGRESS_EXCEPTIONS":  p.Standins.Addr().String(),
		"INBOUND_MAIL_SECRET":         p.secrets.get("inbound_mail"),
		"ACTIVITY_STEAM_URL":          p.Standins.URL + "/steam/api",
		"ACTIVITY_STEAM_API_KEY":      standins.SteamAPIKey,
		"ACTIVITY_DISCORD_URL":        p.Standins.URL,
		"ACTIVITY_EGRESS_EXCEPTIONS":  p.Standins.Addr().String(),
		"BLOB_DIR":                    filepath.Join(p.Dir, "blobs"),
	}
	if p.opts.LogLevel != "" {
		env["LOG_LEVEL"] = p.opts.LogLevel
	}
	if p.opts.Admin {
		env["ADMIN_ADDR"] = net.JoinHostPort(p.bind(), strconv.Itoa(s.Port+1000))
	}
	for _, other := range p.services {
		env[strings.ToUpper(other.Name)+"_URL"] = other.URL()
	}
	for _, scope := range []string{"", s.Name} {
		for name, value := range p.opts.Env[scope] {
			env[name] = value
		}
	}
	return env
}

// Env is the environment the named service runs with, for tests that run an operator's command beside it.
func (p *Platform) Env(name string) map[string]string { return p.env(p.Service(name)) }

// secretNames are the secrets of a working copy.
var secretNames = []string{"signing", "nats_token", "portal_client", "identity_seal", "events_seal", "gamification_seal", "activity_seal", "inbound_mail"}

// Names lists the services in the order of the table.
func Names() []string {
	names := make([]string, 0, len(definitions))
	for _, d := range definitions {
		names = append(names, d.name)
	}
	return names
}

// FixedPorts lists the services and the stand-ins with the ports that Options.FixedPorts puts them on.
func FixedPorts() []Part {
	parts := make([]Part, 0, len(definitions)+1)
	for _, d := range definitions {
		parts = append(parts, Part{Name: d.name, Port: d.port})
	}
	return append(parts, Part{Name: "stand-ins", Port: standinsPort})
}
