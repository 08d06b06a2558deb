// Package servicefx assembles what every service has in common: logs, metrics,
// traces, signing keys, the HTTP kit and server, the database, the outbox and
// the client of access. It is plumbing only, and with its siblings under
// libs/fx the one place in libs that knows fx.
package servicefx

import (
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"go.updspace.com/libs/signing"
	"go.updspace.com/libs/telemetry"
)

// Modes a service runs in. Development adds conveniences that production
// refuses to start with.
const (
	Production  = "production"
	Development = "development"
)

// mode is Config.Mode, for the parts of the graph that behave differently in development.
type mode string

// Config is the part of a service's configuration that all of them share.
type Config struct {
	// Mode is production or development, which has conveniences that production refuses.
	Mode string `env:"UPDSPACE_MODE" envDefault:"production"`
	// Addr is where the API listens.
	Addr string `env:"LISTEN_ADDR" envDefault:":8080"`
	// AdminAddr is where metrics and profiles are. Empty: nowhere.
	AdminAddr string `env:"ADMIN_ADDR"`
	// DrainDelay is how long a stopping service still accepts requests while
	// it reports itself not ready, so that balancers can turn away first.
	DrainDelay time.Duration `env:"DRAIN_DELAY" envDefault:"0s"`
	Telemetry  telemetry.Config
	Signing    signing.Config

	// Listener, when set, is used instead of Addr; Log instead of standard output.
	Listener net.Listener `env:"-"`
	Log      io.Writer    `env:"-"`
}

// Dev reports whether the service runs in development mode.
func (c Config) Dev() bool { return c.Mode == Development }

// Validate reports every setting that is wrong.
func (c Config) Validate() error {
	var problems []error
	if c.Mode != Production && c.Mode != Development {
		problems = append(problems, fmt.Errorf("UPDSPACE_MODE must be %s or %s, not %q", Production, Development, c.Mode))
	}
	if c.Addr == "" && c.Listener == nil {
		problems = append(problems, errors.New("LISTEN_ADDR must not be empty"))
	}
	return errors.Join(problems...)
}

// SystemClock tells the time as the platform stores it: UTC in microseconds,
// the resolution of a PostgreSQL timestamp.
type SystemClock struct{}

// Now returns the current time.
func (SystemClock) Now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }
