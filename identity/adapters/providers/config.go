package providers

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"time"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/egress"
)

// Config is which providers there are. Its fields are those of the settings of the service.
type Config struct {
	Steam bool
	// SteamURL is Steam's OpenID provider.
	SteamURL string

	DiscordID     string
	DiscordSecret string
	DiscordURL    string

	GitHubID     string
	GitHubSecret string
	GitHubURL    string
	GitHubAPIURL string

	// Issuers are OpenID Connect issuers, as JSON: see Issuer.
	Issuers string

	// Exceptions are address:port that may be called although they are not on the public Internet: an issuer in the own network, the
	// stand-ins of development.
	Exceptions []netip.AddrPort
}

// Issuer is an OpenID Connect issuer, set up at it as a confidential client with the callback domain.ProviderCallbackPath + id.
type Issuer struct {
	ID           string   `json:"id"` // stands for this issuer for ever
	Name         string   `json:"name"`
	Issuer       string   `json:"issuer"`
	ClientID     string   `json:"client_id"`
	ClientSecret string   `json:"client_secret"`
	Scopes       []string `json:"scopes"` // beside openid; profile when absent
}

func (c Config) issuers() (issuers []Issuer, err error) {
	if c.Issuers == "" {
		return nil, nil
	}
	if err := json.Unmarshal([]byte(c.Issuers), &issuers); err != nil {
		return nil, errors.New("OIDC_PROVIDERS is not a JSON list of issuers") // the error of Unmarshal may quote a secret
	}
	return issuers, nil
}

// maxProviders is how many a list shows.
const maxProviders = 20

// Validate reports every setting that is wrong.
func (c Config) Validate() error {
	var problems []error
	require := func(ok bool, format string, args ...any) {
		if !ok {
			problems = append(problems, fmt.Errorf(format, args...))
		}
	}
	require(c.DiscordID == "" || c.DiscordSecret != "", "DISCORD_CLIENT_SECRET must be set with DISCORD_CLIENT_ID")
	require(c.GitHubID == "" || c.GitHubSecret != "", "GITHUB_CLIENT_SECRET must be set with GITHUB_CLIENT_ID")
	issuers, err := c.issuers()
	require(err == nil, "%w", err)
	require(len(issuers) <= maxProviders-3, "OIDC_PROVIDERS may have at most %d issuers", maxProviders-3)
	seen := []string{string(domain.ProviderSteam), string(domain.ProviderDiscord), string(domain.ProviderGitHub)}
	for i, issuer := range issuers {
		u, err := url.Parse(issuer.Issuer)
		require(domain.ValidProviderID(issuer.ID) && !slices.Contains(seen, issuer.ID), "OIDC_PROVIDERS: the id of issuer %d must be of its own, of lower-case letters, digits and dashes", i+1)
		require(issuer.Name != "" && len(issuer.Name) <= 64, "OIDC_PROVIDERS: %s needs a name of at most 64 bytes", issuer.ID)
		require(err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http"), "OIDC_PROVIDERS: the issuer of %s must be an https address", issuer.ID)
		require(issuer.ClientID != "" && issuer.ClientSecret != "", "OIDC_PROVIDERS: %s needs client_id and client_secret", issuer.ID)
		seen = append(seen, issuer.ID)
	}
	return errors.Join(problems...)
}

// ports are those that may be called: https, and what issuers are configured with.
func (c Config) ports() []uint16 {
	ports := []uint16{443}
	issuers, _ := c.issuers() // Validate has reported it
	for _, issuer := range issuers {
		if u, err := url.Parse(issuer.Issuer); err == nil && u.Port() != "" {
			if port, err := strconv.ParseUint(u.Port(), 10, 16); err == nil {
				ports = append(ports, uint16(port))
			}
		}
	}
	return ports
}

func (c Config) providers(site string, client *egress.Client, now func() time.Time) (list []provider) {
	if c.Steam {
		list = append(list, steam{base: c.SteamURL, realm: site, client: client, now: now})
	}
	if c.DiscordID != "" {
		list = append(list, discord(c, client))
	}
	if c.GitHubID != "" {
		list = append(list, gitHub(c, client))
	}
	issuers, _ := c.issuers() // Validate has reported it
	for _, issuer := range issuers {
		list = append(list, newIssuer(issuer, client, now))
	}
	return list
}
