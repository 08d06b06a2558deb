package identity

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/fx/blobfx"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/mail"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/seal"
	"go.updspace.com/libs/signature"
)

// Config is everything the service is told from outside.
type Config struct {
	servicefx.Config
	Database pg.Config
	SMTP     mail.SMTPConfig
	NATSURL  string `env:"NATS_URL"`  // without it, events wait in the outbox
	RedisURL string `env:"REDIS_URL"` // without it, each instance counts attempts alone

	// External are the services whose accounts users can link.
	External ExternalConfig

	Access accessclient.Config // who may change what a tenant shows of itself
	Blobs  blobfx.Config       // where the pictures of tenants are

	// AuditRetention is how long entries of the audit log are kept.
	AuditRetention time.Duration `env:"AUDIT_RETENTION" envDefault:"8760h"`

	// PublicURL is scheme and host of the service as browsers see it. It is the issuer of every token, so changing it ends
	// every sign-in.
	PublicURL string `env:"IDENTITY_PUBLIC_URL"`
	// SealKeys encrypt what must not be readable in the database: id:base64 of 32 bytes, separated by commas, newest first.
	SealKeys string `env:"IDENTITY_SEAL_KEYS"`
	// ReplyDomain is the domain whose mails come back to the platform: services may ask for answers to be sent there. Empty: nowhere.
	ReplyDomain string `env:"INBOUND_MAIL_DOMAIN"`
	// MailWebhookSecrets sign what the mail server or provider tells of mails that came back: whsec_ and base64, while one is replaced both,
	// separated by a comma. Empty: such reports are refused.
	MailWebhookSecrets string `env:"MAIL_WEBHOOK_SECRET"`
	// TrustedProxies are the networks of our own proxies in front.
	TrustedProxies []string `env:"TRUSTED_PROXIES"`
	// RequestsPerAddress is how many unsigned requests a minute an address may send; 0 is no limit.
	RequestsPerAddress int `env:"REQUESTS_PER_ADDRESS" envDefault:"3000"`
	// PasswordSlots is how many passwords are hashed at once, PasswordQueue how many more may wait. No slots means all cores
	// but one. PasswordMemory is what one hash takes, in KiB.
	PasswordSlots  int    `env:"PASSWORD_HASH_SLOTS"`
	PasswordQueue  int    `env:"PASSWORD_HASH_QUEUE" envDefault:"64"`         // passwords that may wait to be hashed
	PasswordMemory uint32 `env:"PASSWORD_HASH_MEMORY_KIB" envDefault:"19456"` // memory of one hash, in KiB

	// RefreshGrace is how long a client that did not get the answer to a refresh may ask again and gets the same one; 0 is never.
	RefreshGrace time.Duration `env:"OIDC_REFRESH_GRACE" envDefault:"10s"`

	// AdminSecondFactor: system administrators may administrate only after a sign-in with a second factor or a passkey.
	AdminSecondFactor bool `env:"ADMIN_SECOND_FACTOR" envDefault:"true"`

	Portal PortalClient
}

// PortalClient is the gateway as a client of the provider.
type PortalClient struct {
	ID     string `env:"OIDC_CLIENT_ID" envDefault:"portal"`
	Secret string `env:"OIDC_CLIENT_SECRET"`                     // while it is replaced: the new one and the old one, separated by a comma
	Name   string `env:"OIDC_CLIENT_NAME" envDefault:"UpdSpace"` // how pages call the platform
	// RedirectURIs may have {tenant} as the first label of the host. Without any, the callback of PublicOrigin is registered.
	RedirectURIs []string `env:"OIDC_REDIRECT_URIS"`
	PublicOrigin string   `env:"PUBLIC_ORIGIN"` // of the portal, such as https://{tenant}.updspace.com
	HostSuffix   string   `env:"TENANT_HOST_SUFFIX"`
	Algorithm    string   `env:"OIDC_CLIENT_ALGORITHM" envDefault:"ES256"` // that signs its ID tokens: ES256, RS256 or EdDSA
	// LogoutURI is where the gateway takes logout tokens, as this service reaches it. Without it, sign-out here does not
	// end the gateway's sessions.
	LogoutURI string `env:"OIDC_BACKCHANNEL_LOGOUT_URI"`
}

// minPasswordMemory is OWASP's for argon2id with two passes and one lane, in KiB.
const minPasswordMemory = 19 * 1024

// minSecret is the least length of a client secret outside development: it is stored under a fast hash, so it must not be
// guessable.
const minSecret = 32

// origin is that of a tenant's pages, empty if it is not known.
func (p PortalClient) origin(slug string) string {
	return strings.TrimSuffix(strings.Replace(p.PublicOrigin, domain.TenantPlaceholder, slug, 1), "/")
}

func (p PortalClient) client() domain.Client {
	c := domain.Client{
		ID: p.ID, Name: p.Name, FirstParty: true, Algorithm: domain.Algorithm(p.Algorithm), LogoutURI: p.LogoutURI,
		Scopes:     []string{domain.ScopeOpenID, "profile", "email", domain.ScopeOffline},
		GrantTypes: []string{domain.GrantCode, domain.GrantRefresh},
	}
	for secret := range strings.SplitSeq(p.Secret, ",") {
		c.Secrets = append(c.Secrets, domain.Secret(secret).Hash())
	}
	origin := domain.RedirectRule(strings.TrimSuffix(p.PublicOrigin, "/"))
	for _, uri := range p.RedirectURIs {
		c.Redirects = append(c.Redirects, domain.RedirectRule(uri))
	}
	if len(c.Redirects) == 0 && origin != "" {
		c.Redirects = []domain.RedirectRule{origin + "/api/v1/auth/callback"}
	}
	if origin != "" {
		c.PostLogout = []domain.RedirectRule{origin + "/"}
	}
	return c
}

// mailSecrets are those of reports about mails.
func (c Config) mailSecrets() (secrets []signature.Secret, err error) {
	for text := range strings.SplitSeq(c.MailWebhookSecrets, ",") {
		if text == "" {
			continue
		}
		secret, err := signature.ParseSecret(text)
		if err != nil {
			return nil, err
		}
		secrets = append(secrets, secret)
	}
	return secrets, nil
}

// Validate reports every setting that is wrong.
func (c Config) Validate() error {
	problems := []error{c.Config.Validate()}
	require := func(ok bool, format string, args ...any) {
		if !ok {
			problems = append(problems, fmt.Errorf(format, args...))
		}
	}
	require(c.Database.URL != "", "DATABASE_URL must be set")
	require(c.Access.URL != "", "ACCESS_URL must be set")
	problems = append(problems, c.Blobs.Validate(c.Dev()))
	_, err := seal.Parse(c.SealKeys)
	require(err == nil, "IDENTITY_SEAL_KEYS: %w", err)
	_, err = c.mailSecrets()
	require(err == nil, "MAIL_WEBHOOK_SECRET: %w", err)
	_, err = httpx.NewClientAddresses(c.TrustedProxies, nil)
	require(err == nil, "%w", err)
	require(c.RefreshGrace >= 0 && c.RefreshGrace <= domain.MaxRefreshGrace, "OIDC_REFRESH_GRACE must be between 0 and %s", domain.MaxRefreshGrace)
	err = c.Portal.client().Validate()
	require(err == nil, "the portal's client: %w", err)
	origin, err := url.Parse(strings.Replace(c.Portal.PublicOrigin, domain.TenantPlaceholder, "t", 1))
	require(c.Portal.HostSuffix == "" || c.Portal.PublicOrigin == "" || err == nil && origin.Hostname() == "t."+c.Portal.HostSuffix,
		"PUBLIC_ORIGIN must be that of {tenant}. and TENANT_HOST_SUFFIX")
	u, err := url.Parse(c.PublicURL)
	https := err == nil && u.Scheme == "https"
	require(err == nil && u.Host != "" && (https || u.Scheme == "http") && u.Path == "" && u.RawQuery == "",
		"IDENTITY_PUBLIC_URL must be scheme and host alone, such as https://id.updspace.com")
	if c.SMTP.Host != "" {
		problems = append(problems, c.SMTP.Validate())
	}
	if c.Dev() {
		return errors.Join(problems...)
	}
	require(c.PasswordMemory >= minPasswordMemory,
		"PASSWORD_HASH_MEMORY_KIB must be at least %d outside development", minPasswordMemory)
	require(https, "IDENTITY_PUBLIC_URL must be https outside development")
	require(len(c.TrustedProxies) > 0, "TRUSTED_PROXIES must be set outside development: a proxy ends TLS in front of the "+
		"service, and without its network all clients count as one address")
	require(c.Portal.LogoutURI != "", "OIDC_BACKCHANNEL_LOGOUT_URI must be set outside development: without it sign-out does "+
		"not reach the gateway")
	require(!slices.ContainsFunc(strings.Split(c.Portal.Secret, ","), func(s string) bool { return len(s) < minSecret }),
		"OIDC_CLIENT_SECRET must have at least %d characters outside development", minSecret)
	require(c.SMTP.Host != "", "SMTP_HOST must be set outside development: without it no mail is sent")
	return errors.Join(problems...)
}
