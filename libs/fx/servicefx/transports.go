package servicefx

import (
	"net/http"

	"go.uber.org/fx"

	"go.updspace.com/libs/signing"
	"go.updspace.com/libs/telemetry"
)

const idlePerService = 64

// Transports carry the calls of a service to others, over one pool of connections and with their traces.
type Transports struct {
	Unsigned http.RoundTripper
	caller   string
	keyring  *signing.Keyring
}

// NewTransports returns an option that provides the *Transports of the named service.
func NewTransports(caller string) fx.Option {
	return fx.Provide(func(lc fx.Lifecycle, k *signing.Keyring, t *telemetry.Tracing) *Transports {
		pool := http.DefaultTransport.(*http.Transport).Clone()
		pool.MaxIdleConnsPerHost = idlePerService
		lc.Append(fx.StopHook(pool.CloseIdleConnections))
		return &Transports{Unsigned: t.Transport(pool), caller: caller, keyring: k}
	})
}

// To returns a transport that signs calls to a service in the request context of each.
func (t *Transports) To(service string) (http.RoundTripper, error) {
	signer, err := t.keyring.Signer(t.caller, service)
	if err != nil {
		return nil, err
	}
	return signer.Transport(t.Unsigned), nil
}
