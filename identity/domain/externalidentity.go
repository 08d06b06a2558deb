package domain

import (
	"regexp"
	"time"

	"github.com/google/uuid"
)

// ProviderKind is the protocol of a provider.
type ProviderKind string

// The kinds of providers.
const (
	ProviderSteam   ProviderKind = "steam"   // OpenID Authentication 2.0
	ProviderDiscord ProviderKind = "discord" // OAuth 2.0
	ProviderGitHub  ProviderKind = "github"  // OAuth 2.0
	ProviderOIDC    ProviderKind = "oidc"    // OpenID Connect Core 1.0
)

// Provider is a service whose accounts users can link and sign in with. Its ID stands for one issuer for ever: identities are stored under it.
type Provider struct {
	ID   string
	Name string // as people know it
	Kind ProviderKind
}

var providerID = regexp.MustCompile(`^[a-z][a-z0-9-]{0,31}$`)

// ValidProviderID reports whether a provider may have an ID.
func ValidProviderID(id string) bool { return providerID.MatchString(id) }

// ExternalAccount is an account at a provider, as the provider has named it to us.
type ExternalAccount struct {
	Subject string // its id there: SteamID64, Discord's id, GitHub's number, sub
	Label   string // what it is called there; may be empty
}

const (
	maxSubject = 255 // OpenID Connect Core 1.0, section 2
	maxLabel   = 128
)

// NewExternalAccount refuses what cannot be the id of an account; ErrProviderAnswer. A label is cut and cleaned.
func NewExternalAccount(subject, label string) (ExternalAccount, error) {
	if subject == "" || len(subject) > maxSubject || hasControl(subject) {
		return ExternalAccount{}, ErrProviderAnswer
	}
	return ExternalAccount{Subject: subject, Label: truncate(printable(label), maxLabel)}, nil
}

// ExternalIdentity is an account at a provider that a user has proven to hold. An account belongs to one user at most, and a user has one of
// each provider at most.
type ExternalIdentity struct {
	UserID   uuid.UUID
	Provider string
	ExternalAccount
	LinkedAt time.Time
}

// ProviderFlowLifetime is how long a browser may be under way to a provider and back.
const ProviderFlowLifetime = 10 * time.Minute

// ProviderFlow is one way of a browser to a provider and back: to link an account, bound to the session that it began in, or to sign in, bound to
// the browser, which keeps a secret of its own.
type ProviderFlow struct {
	StateHash Hash
	SessionID uuid.UUID // uuid.Nil: it signs in
	Browser   Hash      // zero: it links
	Provider  string
	Next      string // where the browser goes afterwards, a path of this host
	Proof     FlowProof
	ExpiresAt time.Time
}

// FlowProof is what ties a provider's answer to the flow besides the state, which passes through the browser: none of it does.
type FlowProof struct {
	Verifier Secret // of PKCE (RFC 7636)
	Nonce    Secret // of an ID token
}

func newFlow(provider, next string, now time.Time) (ProviderFlow, Secret) {
	state := NewSecret()
	return ProviderFlow{
		StateHash: state.Hash(), Provider: provider, Next: next,
		Proof: FlowProof{Verifier: NewSecret(), Nonce: NewSecret()}, ExpiresAt: now.Add(ProviderFlowLifetime),
	}, state
}

// NewLinkFlow begins a flow that links and returns its state, which is not stored. What is no path of this host is no next.
func NewLinkFlow(session uuid.UUID, provider, next string, now time.Time) (ProviderFlow, Secret) {
	flow, state := newFlow(provider, SafeNext(next, ConnectionsPath), now)
	flow.SessionID = session
	return flow, state
}

// NewSignInFlow is NewLinkFlow for a flow that signs in.
func NewSignInFlow(browser Secret, provider, next string, now time.Time) (ProviderFlow, Secret) {
	flow, state := newFlow(provider, SafeNext(next, AccountPath), now)
	flow.Browser = browser.Hash()
	return flow, state
}

// SignsIn reports whether the flow signs in; else it links.
func (f ProviderFlow) SignsIn() bool { return f.SessionID == uuid.Nil }

// FlowHolder is a browser that comes back from a provider.
type FlowHolder struct {
	SessionID uuid.UUID // uuid.Nil: a guest
	Browser   Secret    // empty: it has begun no sign-in
}

// ProviderCallbackPath is where browsers come back from a provider, whose ID follows.
const ProviderCallbackPath = "/api/v1/auth/oauth/callback/"

// AccountPath is the page that follows a sign-in that no other page has asked for.
const AccountPath = "/account"

// ConnectionsPath is the page of linked accounts.
const ConnectionsPath = "/account/connections"

// SubjectShared reports whether other services learn the subject of a provider's accounts: they call these providers themselves.
func SubjectShared(provider string) bool {
	return provider == string(ProviderSteam) || provider == string(ProviderDiscord)
}
