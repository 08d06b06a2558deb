package identity

import "net/netip"

// ExternalConfig is which services there are whose accounts users can link.
type ExternalConfig struct {
	Steam bool `env:"STEAM_LOGIN"` // whether users can link accounts of this service
	// SteamURL is Steam's OpenID provider.
	SteamURL string `env:"STEAM_OPENID_URL" envDefault:"https://steamcommunity.com/openid"`

	DiscordID     string `env:"DISCORD_CLIENT_ID"`                            // of the installation at Discord; empty: its accounts cannot be linked
	DiscordSecret string `env:"DISCORD_CLIENT_SECRET"`                        // of DISCORD_CLIENT_ID
	DiscordURL    string `env:"DISCORD_URL" envDefault:"https://discord.com"` // origin of Discord

	GitHubID     string `env:"GITHUB_CLIENT_ID"`                                   // of the installation at GitHub; empty: its accounts cannot be linked
	GitHubSecret string `env:"GITHUB_CLIENT_SECRET"`                               // of GITHUB_CLIENT_ID
	GitHubURL    string `env:"GITHUB_URL" envDefault:"https://github.com"`         // origin of GitHub's pages
	GitHubAPIURL string `env:"GITHUB_API_URL" envDefault:"https://api.github.com"` // origin of its API

	// Issuers are OpenID Connect issuers, as a JSON list: id, which stands for the issuer for ever, name, issuer, client_id, client_secret and,
	// beside openid, scopes.
	Issuers string `env:"OIDC_PROVIDERS"`

	// Exceptions are address:port that may be called although they are not on the public Internet: an issuer in the own network, an
	// application that is told of sign-outs there, the stand-ins of development.
	Exceptions []netip.AddrPort `env:"IDENTITY_EGRESS_EXCEPTIONS"`
}
