package installation

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"path/filepath"

	"go.updspace.com/libs/config"
)

// Config is what serve itself is told. The services have settings of their own.
type Config struct {
	// Addr is where browsers, or the TLS proxy in front, reach the platform.
	Addr string `env:"SERVE_ADDR" envDefault:"127.0.0.1:8000"`
	// Certificate and PrivateKey are the paths of PEM files; with them serve ends TLS itself. Both are read again when they change.
	Certificate string `env:"SERVE_TLS_CERTIFICATE"`
	PrivateKey  string `env:"SERVE_TLS_PRIVATE_KEY"` // path of the key of SERVE_TLS_CERTIFICATE
	// RedirectAddr is where plain HTTP is answered with a redirect to https, such as :80.
	RedirectAddr string `env:"SERVE_REDIRECT_ADDR"`
	// DataDir is where the embedded broker keeps its streams.
	DataDir string `env:"SERVE_DATA_DIR" envDefault:"/var/lib/updspace"`

	// NATSURL is the broker. Without it, serve runs one of its own, at NATSPort of this machine, which takes NATSToken.
	NATSURL   string `env:"NATS_URL"`
	NATSToken string `env:"SERVE_NATS_TOKEN"`                  // what its clients must know
	NATSPort  int    `env:"SERVE_NATS_PORT" envDefault:"4222"` // port of the embedded broker

	// IDOrigin is the origin of the ID service. Requests for its host go there, all others to the gateway.
	IDOrigin string `env:"IDENTITY_PUBLIC_URL"`
	// PublicOrigin is that of the tenants' pages, with {tenant} for the slug.
	PublicOrigin string `env:"PUBLIC_ORIGIN"`
}

// Config reads what serve itself is told.
func (s Settings) Config() (Config, error) { return config.Parse[Config](s.shared) }

// Validate reports every setting that is wrong.
func (c Config) Validate() error {
	var problems []error
	require := func(ok bool, format string, args ...any) {
		if !ok {
			problems = append(problems, fmt.Errorf(format, args...))
		}
	}
	_, _, err := net.SplitHostPort(c.Addr)
	require(err == nil, "SERVE_ADDR must be host:port, not %q", c.Addr)
	if c.RedirectAddr != "" {
		_, _, err = net.SplitHostPort(c.RedirectAddr)
		require(err == nil, "SERVE_REDIRECT_ADDR must be host:port, not %q", c.RedirectAddr)
		require(c.Certificate != "", "SERVE_REDIRECT_ADDR is for a platform that ends TLS itself: set SERVE_TLS_CERTIFICATE")
	}
	require((c.Certificate == "") == (c.PrivateKey == ""), "SERVE_TLS_CERTIFICATE and SERVE_TLS_PRIVATE_KEY must be set together")
	require(filepath.IsAbs(c.DataDir), "SERVE_DATA_DIR must be an absolute path")
	require(c.NATSURL != "" || c.NATSToken != "", "SERVE_NATS_TOKEN must be set when NATS_URL is not")
	require(c.idHost() != "", "IDENTITY_PUBLIC_URL must be set")
	return errors.Join(problems...)
}

// BrokerDir is where the embedded broker keeps its streams.
func (c Config) BrokerDir() string { return filepath.Join(c.DataDir, "nats") }

// idHost is the host of the ID service, without a port.
func (c Config) idHost() string {
	u, err := url.Parse(c.IDOrigin)
	if err != nil {
		return ""
	}
	return u.Hostname()
}
