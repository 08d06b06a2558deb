package platform

import (
	"net"
	"path/filepath"
	"strconv"
	"strings"

	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/tools/devkit/standins"
	"go.updspace.com/tools/services"
)

// definitions is the table of services; tests replace it.
var definitions = services.All()

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
	var names []string
	for _, s := range definitions {
		names = append(names, s.Name)
	}
	return names
}

// FixedPorts lists the services and the stand-ins with the ports that Options.FixedPorts puts them on.
func FixedPorts() []Part {
	var parts []Part
	for _, s := range definitions {
		parts = append(parts, Part{Name: s.Name, Port: s.Port})
	}
	return append(parts, Part{Name: "stand-ins", Port: standinsPort})
}
