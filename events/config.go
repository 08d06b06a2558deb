package events

import (
	"errors"
	"strings"

	"go.updspace.com/libs/fx/servicefx"
)

// Config is the configuration of the service.
type Config struct {
	servicefx.ServiceConfig
	// PublicOrigin is the origin of the portal, with {tenant} in the place of the tenant's slug. Links in mails begin with it.
	PublicOrigin string `env:"PUBLIC_ORIGIN" envDefault:"https://{tenant}.updspace.com"`
}

// Validate reports every setting that is wrong.
func (c Config) Validate() error {
	err := c.ServiceConfig.Validate()
	if !strings.Contains(c.PublicOrigin, "{tenant}") {
		err = errors.Join(err, errors.New("PUBLIC_ORIGIN must contain {tenant}"))
	}
	return err
}
