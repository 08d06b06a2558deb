// Package webauthn speaks WebAuthn with browsers. The library keeps no state: ceremonies are stored, expire and end once in the use cases.
package webauthn

import (
	"encoding/json"
	"fmt"
	"net"
	"net/url"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"go.updspace.com/identity/domain"
)

// Verifier implements ports.PasskeyVerifier.
type Verifier struct{ rp *webauthn.WebAuthn }

// standIn is the domain of an origin that is an IP address, on which browsers offer no passkeys: only tests run there.
const standIn = "localhost"

// New returns a verifier for the pages of an origin (scheme and host).
func New(origin string) (*Verifier, error) {
	u, err := url.Parse(origin)
	if err != nil {
		return nil, fmt.Errorf("passkeys: %w", err)
	}
	host := u.Hostname()
	if net.ParseIP(host) != nil {
		host = standIn
	}
	rp, err := webauthn.New(&webauthn.Config{RPID: host, RPDisplayName: "UpdSpace ID", RPOrigins: []string{origin}})
	if err != nil {
		return nil, fmt.Errorf("passkeys: %w", err)
	}
	return &Verifier{rp}, nil
}

// user implements webauthn.User.
type user struct {
	domain.PasskeyOwner
	credentials []webauthn.Credential
}

func (u user) WebAuthnID() []byte                         { return u.Handle }
func (u user) WebAuthnName() string                       { return u.User.Email }
func (u user) WebAuthnDisplayName() string                { return u.User.FullName() }
func (u user) WebAuthnCredentials() []webauthn.Credential { return u.credentials }

func toUser(owner domain.PasskeyOwner) (user, error) {
	u := user{PasskeyOwner: owner, credentials: make([]webauthn.Credential, len(owner.Passkeys))}
	for i, p := range owner.Passkeys {
		if err := json.Unmarshal(p.Record, &u.credentials[i]); err != nil {
			return u, fmt.Errorf("reading passkey %s: %w", p.ID, err)
		}
	}
	return u, nil
}

// BeginRegistration implements ports.PasskeyVerifier.
func (v *Verifier) BeginRegistration(owner domain.PasskeyOwner, alone bool) (map[string]any, domain.Hash, []byte, error) {
	u, err := toUser(owner)
	if err != nil {
		return nil, domain.Hash{}, nil, err
	}
	resident, verification := protocol.ResidentKeyRequirementPreferred, protocol.VerificationPreferred
	if alone {
		resident, verification = protocol.ResidentKeyRequirementRequired, protocol.VerificationRequired
	}
	creation, session, err := v.rp.BeginRegistration(u,
		webauthn.WithExclusions(webauthn.Credentials(u.credentials).CredentialDescriptors()),
		webauthn.WithAuthenticatorSelection(protocol.AuthenticatorSelection{
			ResidentKey: resident, RequireResidentKey: &alone, UserVerification: verification,
		}),
		webauthn.WithExtensions(webauthn.WithExtensionCredProps()),
	)
	if err != nil {
		return nil, domain.Hash{}, nil, fmt.Errorf("beginning a passkey: %w", err)
	}
	return begun(creation.Response, session)
}

// BeginSignIn implements ports.PasskeyVerifier.
func (v *Verifier) BeginSignIn() (map[string]any, domain.Hash, []byte, error) {
	assertion, session, err := v.rp.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, domain.Hash{}, nil, fmt.Errorf("beginning a sign-in: %w", err)
	}
	return begun(assertion.Response, session)
}

// BeginCheck implements ports.PasskeyVerifier.
func (v *Verifier) BeginCheck(owner domain.PasskeyOwner) (map[string]any, domain.Hash, []byte, error) {
	u, err := toUser(owner)
	if err != nil {
		return nil, domain.Hash{}, nil, err
	}
	assertion, session, err := v.rp.BeginLogin(u, webauthn.WithUserVerification(protocol.VerificationPreferred))
	if err != nil {
		return nil, domain.Hash{}, nil, fmt.Errorf("beginning a check: %w", err)
	}
	return begun(assertion.Response, session)
}

// begun converts what a browser and the end of the ceremony need.
func begun(response any, session *webauthn.SessionData) (options map[string]any, key domain.Hash, state []byte, err error) {
	text, err := json.Marshal(response)
	if err == nil {
		err = json.Unmarshal(text, &options)
	}
	if err == nil {
		state, err = json.Marshal(session)
	}
	if err != nil {
		return nil, key, nil, fmt.Errorf("encoding a ceremony: %w", err)
	}
	return options, domain.CeremonyKey(session.Challenge), state, nil
}

// Key implements ports.PasskeyVerifier.
func (v *Verifier) Key(answer []byte) (domain.Hash, error) {
	var read struct {
		Response struct {
			ClientDataJSON protocol.URLEncodedBase64 `json:"clientDataJSON"`
		} `json:"response"`
	}
	var client struct {
		Challenge string `json:"challenge"`
	}
	if json.Unmarshal(answer, &read) != nil || json.Unmarshal(read.Response.ClientDataJSON, &client) != nil || client.Challenge == "" {
		return domain.Hash{}, domain.ErrPasskeyNotVerified
	}
	return domain.CeremonyKey(client.Challenge), nil
}

// FinishRegistration implements ports.PasskeyVerifier.
func (v *Verifier) FinishRegistration(owner domain.PasskeyOwner, state, answer []byte) (domain.Passkey, error) {
	u, session, err := v.restore(owner, state)
	if err != nil {
		return domain.Passkey{}, err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return domain.Passkey{}, domain.ErrPasskeyNotVerified.Wrap(err)
	}
	credential, err := v.rp.CreateCredential(u, session, parsed)
	if err != nil {
		return domain.Passkey{}, domain.ErrPasskeyNotVerified.Wrap(err)
	}
	// A browser that does not say whether the passkey is discoverable made one if the authenticator verified its user.
	props := parsed.ClientExtensionResults.CredProps
	discoverable := props == nil || props.RK == nil || *props.RK
	passkey := domain.Passkey{UserID: owner.User.ID, CredentialID: credential.ID, Alone: discoverable && credential.Flags.UserVerified}
	return record(passkey, credential)
}

// FinishSignIn implements ports.PasskeyVerifier.
func (v *Verifier) FinishSignIn(
	state, answer []byte, find func(handle []byte) (domain.PasskeyOwner, error),
) (owner domain.PasskeyOwner, passkey domain.Passkey, err error) {
	var session webauthn.SessionData
	if err := json.Unmarshal(state, &session); err != nil {
		return owner, passkey, fmt.Errorf("reading a ceremony: %w", err)
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return owner, passkey, domain.ErrPasskeyNotVerified.Wrap(err)
	}
	var failed error // of the storage: no fault of the answer
	_, credential, err := v.rp.ValidatePasskeyLogin(func(_, handle []byte) (webauthn.User, error) {
		var u user
		if owner, failed = find(handle); failed == nil {
			u, failed = toUser(owner)
		}
		return u, failed
	}, session, parsed)
	if failed != nil {
		return owner, passkey, failed
	}
	if err != nil {
		return owner, passkey, domain.ErrPasskeyNotVerified.Wrap(err)
	}
	passkey, err = used(owner, credential)
	return owner, passkey, err
}

// FinishCheck implements ports.PasskeyVerifier.
func (v *Verifier) FinishCheck(owner domain.PasskeyOwner, state, answer []byte) (domain.Passkey, error) {
	u, session, err := v.restore(owner, state)
	if err != nil {
		return domain.Passkey{}, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return domain.Passkey{}, domain.ErrPasskeyNotVerified.Wrap(err)
	}
	credential, err := v.rp.ValidateLogin(u, session, parsed)
	if err != nil {
		return domain.Passkey{}, domain.ErrPasskeyNotVerified.Wrap(err)
	}
	return used(owner, credential)
}

func (v *Verifier) restore(owner domain.PasskeyOwner, state []byte) (u user, session webauthn.SessionData, err error) {
	if err = json.Unmarshal(state, &session); err != nil {
		return u, session, fmt.Errorf("reading a ceremony: %w", err)
	}
	u, err = toUser(owner)
	return u, session, err
}

// used is the passkey whose credential was verified.
func used(owner domain.PasskeyOwner, credential *webauthn.Credential) (domain.Passkey, error) {
	for _, p := range owner.Passkeys {
		if string(p.CredentialID) != string(credential.ID) {
			continue
		}
		if credential.Authenticator.CloneWarning {
			return p, domain.ErrPasskeyCloned
		}
		return record(p, credential)
	}
	return domain.Passkey{}, domain.ErrPasskeyNotVerified
}

func record(p domain.Passkey, credential *webauthn.Credential) (domain.Passkey, error) {
	text, err := json.Marshal(credential)
	if err != nil {
		return p, fmt.Errorf("encoding a passkey: %w", err)
	}
	p.Record, p.SignCount = text, credential.Authenticator.SignCount
	return p, nil
}
