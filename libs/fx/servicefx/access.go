package servicefx

import (
	"net/http"

	"go.uber.org/fx"

	"go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/signing"
	"go.updspace.com/libs/telemetry"
)

// Access provides the *accessclient.Client of the named service.
func Access(caller string, cfg accessclient.Config) fx.Option {
	return fx.Provide(func(k *signing.Keyring, t *telemetry.Tracing) (*accessclient.Client, error) {
		signer, err := k.Signer(caller, "access")
		if err != nil {
			return nil, err
		}
		return accessclient.New(cfg, func(next http.RoundTripper) http.RoundTripper {
			return t.Transport(signer.Transport(next))
		})
	})
}
