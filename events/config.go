package events

import (
	"errors"
	"strings"

	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/seal"
)

// Config is the configuration of the service.
type Config struct {
	servicefx.ServiceConfig
	// PublicOrigin is the origin of the portal, with {tenant} in the place of the tenant's slug. Links in mails begin with it.
	PublicOrigin string `env:"PUBLIC_ORIGIN" envDefault:"https://{tenant}.updspace.com"`
	// SealKeys encrypt the secrets of invitations in the database: id:base64 of 32 bytes, separated by commas, newest first.
	SealKeys string `env:"EVENTS_SEAL_KEYS"`
	// ReplyDomain is the domain whose mails a mail server passes on to the inbound-mail webhook, signed with ReplySecret. Without both,
	// invitations are answered by their links only.
	ReplyDomain string `env:"INBOUND_MAIL_DOMAIN"`
	ReplySecret string `env:"INBOUND_MAIL_SECRET"` // that signs the calls of the inbound-mail webhook
}

// minReplySecret is the least length of the secret of the webhook.
const minReplySecret = 32

// Validate reports every setting that is wrong.
func (c Config) Validate() error {
	problems := []error{c.ServiceConfig.Validate()}
	if !strings.Contains(c.PublicOrigin, "{tenant}") {
		problems = append(problems, errors.New("PUBLIC_ORIGIN must contain {tenant}"))
	}
	if _, err := seal.Parse(c.SealKeys); err != nil {
		problems = append(problems, errors.Join(errors.New("EVENTS_SEAL_KEYS"), err))
	}
	if (c.ReplyDomain == "") != (c.ReplySecret == "") {
		problems = append(problems, errors.New("INBOUND_MAIL_DOMAIN and INBOUND_MAIL_SECRET must be set together"))
	}
	if c.ReplySecret != "" && len(c.ReplySecret) < minReplySecret {
		problems = append(problems, errors.New("INBOUND_MAIL_SECRET must have at least 32 characters"))
	}
	return errors.Join(problems...)
}
