package activity

import (
	"go.updspace.com/libs/fx/servicefx"
)

// Config is the configuration of the service.
type Config struct {
	servicefx.ServiceConfig
	PortalURL string `env:"PORTAL_URL"` // without it, the feed shows no names
}
