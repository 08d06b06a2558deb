package activity

import (
	"errors"
	"net/netip"
	"time"

	"go.updspace.com/libs/fx/blobfx"
	"go.updspace.com/libs/seal"
)

// Config is the configuration of the service.
type Config struct {
	blobfx.ServiceConfig
	PortalURL string `env:"PORTAL_URL"` // without it, the feed shows no names
	// PublicOrigin is the origin of the portal, with {tenant} in the place of the tenant's slug. Links in mails begin with it.
	PublicOrigin string `env:"PUBLIC_ORIGIN" envDefault:"https://{tenant}.updspace.com"`
	// FeedRetention is how long the feed remembers.
	FeedRetention time.Duration `env:"ACTIVITY_FEED_RETENTION" envDefault:"17520h"`
	// DiscordURL is the origin of Discord's API. A stand-in has another one, in development.
	DiscordURL string `env:"ACTIVITY_DISCORD_URL" envDefault:"https://discord.com"`
	// DiscordCalls is how many calls a minute all instances together make by one bot of Discord.
	DiscordCalls int `env:"ACTIVITY_DISCORD_CALLS" envDefault:"120"`
	// SteamURL is the origin of the Steam Web API, SteamAPIKey the key of the installation for it. Without a key no account of Steam is read.
	SteamURL string `env:"ACTIVITY_STEAM_URL" envDefault:"https://api.steampowered.com"`
	// SteamAPIKey is the installation's key for the Steam Web API.
	SteamAPIKey string `env:"ACTIVITY_STEAM_API_KEY" json:"-"`
	// SteamCalls is how many calls a minute all instances together make to Steam, which allows 100,000 a day.
	SteamCalls int `env:"ACTIVITY_STEAM_CALLS" envDefault:"60"`
	// SealKeys encrypt the secrets of webhooks and sources in the database: id:base64 of 32 bytes, separated by commas, newest first.
	SealKeys string `env:"ACTIVITY_SEAL_KEYS"`
	// EgressExceptions are address:port that webhooks and sources may reach although they are not on the public Internet, such as the
	// stand-ins for other systems in development.
	EgressExceptions []netip.AddrPort `env:"ACTIVITY_EGRESS_EXCEPTIONS"`
}

// Validate reports every setting that is wrong.
func (c Config) Validate() error {
	problems := []error{c.ServiceConfig.Validate()}
	if _, err := seal.Parse(c.SealKeys); err != nil {
		problems = append(problems, errors.Join(errors.New("ACTIVITY_SEAL_KEYS"), err))
	}
	if c.FeedRetention < 0 {
		problems = append(problems, errors.New("ACTIVITY_FEED_RETENTION must not be negative"))
	}
	return errors.Join(problems...)
}
