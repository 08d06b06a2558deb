package identity

import "net/netip"

// ExternalConfig is which services there are whose accounts users can link.
type ExternalConfig struct {
	Steam bool `env:"STEAM_LOGIN"`
	// SteamURL is Steam's OpenID provider.
	SteamURL string `env:"STEAM_OPENID_URL" envDefault:"https://steamcommunity.com/openid"`

	DiscordID     string `env:"DISCORD_CLIENT_ID"`
	DiscordSecret string `env:"DISCORD_CLIENT_SECRET"`
	DiscordURL    string `env:"DISCORD_URL" envDefault:"https://discord.com"`

	GitHubID     string `env:"GITHUB_CLIENT_ID"`
	GitHubSecret string `env:"GITHUB_CLIENT_SECRET"`
	GitHubURL    string `env:"GITHUB_URL" envDefault:"https://github.com"`
	GitHubAPIURL string `env:"GITHUB_API_URL" envDefault:"https://api.github.com"`

	// Issuers are OpenID Connect issuers, as a JSON list: id, which stands for the issuer for ever, name, issuer, client_id, client_secret and,
	// beside openid, scopes.
	Issuers string `env:"OIDC_PROVIDERS"`

	// Exceptions are address:port that may be called although they are not on the public Internet: an issuer in the own network, the
	// stand-ins of development.
	Exceptions []netip.AddrPort `env:"IDENTITY_EGRESS_EXCEPTIONS"`
}
