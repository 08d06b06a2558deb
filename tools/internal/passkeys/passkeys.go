// Package passkeys makes passkeys for tests that are clients of the ID service.
package passkeys

import (
	"encoding/json"
	"fmt"
	"net/url"

	"github.com/descope/virtualwebauthn"
)

// Passkey is a passkey in an authenticator.
type Passkey struct {
	Key virtualwebauthn.Credential

	rp     virtualwebauthn.RelyingParty
	device virtualwebauthn.Authenticator
}

// New makes an authenticator with a passkey for an origin.
func New(origin string) (*Passkey, error) {
	u, err := url.Parse(origin)
	if err != nil {
		return nil, fmt.Errorf("origin of a passkey: %w", err)
	}
	rp := virtualwebauthn.RelyingParty{ID: u.Hostname(), Name: "UpdSpace ID", Origin: origin}
	return &Passkey{Key: draw(), rp: rp, device: virtualwebauthn.NewAuthenticator()}, nil
}

// draw draws a key. The library drops leading zeros of its coordinates, which RFC 9053 (section 7.1.1) does not allow, so such a key is drawn again.
func draw() virtualwebauthn.Credential {
	const whole = 77 // bytes of a public key in COSE
	for {
		if key := virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2); len(key.Key.AttestationData()) == whole {
			return key
		}
	}
}

// Register answers the options of a registration.
func (p *Passkey) Register(creation json.RawMessage) (json.RawMessage, error) {
	options, err := virtualwebauthn.ParseAttestationOptions(string(creation))
	if err != nil {
		return nil, fmt.Errorf("options of a registration: %w", err)
	}
	p.device.Options.UserHandle = []byte(options.UserID)
	return json.RawMessage(virtualwebauthn.CreateAttestationResponse(p.rp, p.device, p.Key, *options)), nil
}

// SignIn answers the options of a sign-in. The counter grows.
func (p *Passkey) SignIn(request json.RawMessage) (json.RawMessage, error) {
	options, err := virtualwebauthn.ParseAssertionOptions(string(request))
	if err != nil {
		return nil, fmt.Errorf("options of a sign-in: %w", err)
	}
	p.Key.Counter++
	return json.RawMessage(virtualwebauthn.CreateAssertionResponse(p.rp, p.device, p.Key, *options)), nil
}
