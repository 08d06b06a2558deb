package gamification

import (
	"errors"
	"strings"

	"go.updspace.com/libs/fx/blobfx"
	"go.updspace.com/libs/seal"
)

// Config is the configuration of the service.
type Config struct {
	blobfx.ServiceConfig
	// PublicOrigin is the origin of the portal, with {tenant} in the place of the tenant's slug. A tenant signs badges under this name.
	PublicOrigin string `env:"PUBLIC_ORIGIN" envDefault:"https://{tenant}.updspace.com"`
	// SealKeys encrypt the keys of badges and the secrets of their links in the database: id:base64 of 32 bytes, separated by commas, newest
	// first.
	SealKeys string `env:"GAMIFICATION_SEAL_KEYS"`
}

// Validate reports every setting that is wrong.
func (c Config) Validate() error {
	problems := []error{c.ServiceConfig.Validate()}
	if !strings.Contains(c.PublicOrigin, "{tenant}") {
		problems = append(problems, errors.New("PUBLIC_ORIGIN must contain {tenant}"))
	}
	if _, err := seal.Parse(c.SealKeys); err != nil {
		problems = append(problems, errors.Join(errors.New("GAMIFICATION_SEAL_KEYS"), err))
	}
	return errors.Join(problems...)
}
