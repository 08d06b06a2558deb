// Package ports names what the gateway needs from outside, in its own terms.
package ports

import (
	"context"
	"encoding/json"
	"io"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/bff/domain"
	"go.updspace.com/libs/authz"
)

// Clock tells the time.
type Clock interface {
	Now() time.Time
}

// Sessions stores sessions. What one instance has ended, no instance finds any more.
type Sessions interface {
	// Create stores a session. It fails with domain.ErrSignedOut when the sign-in it belongs to (its SID) was ended.
	Create(ctx context.Context, s domain.Session) error
	// Find returns a session that was not ended; else domain.ErrUnauthenticated. It may have expired.
	Find(ctx context.Context, id domain.Hash) (domain.Session, error)
	// Cached reports whether Find would not have to ask the database.
	Cached(id domain.Hash) bool
	// End ends one session. Ending one that is over already is no error.
	End(ctx context.Context, id domain.Hash) error
}

// SignOuts ends all sessions that belong to one sign-in at the ID host, in every tenant.
type SignOuts interface {
	// SignOut does so for the sign-in of a session and returns its SID. Until the sign-out is confirmed it can be
	// repeated; without a session to end it is domain.ErrUnauthenticated.
	SignOut(ctx context.Context, id domain.Hash, now time.Time) (sid uuid.UUID, err error)
	// Confirm notes that the ID service has ended the sign-in, too.
	Confirm(ctx context.Context, sid uuid.UUID) error
	// Unconfirmed lists the sign-outs from before a time that the ID service may not know of.
	Unconfirmed(ctx context.Context, before time.Time) ([]uuid.UUID, error)
	// Accept ends the sign-in that a logout token of the ID service names. A token that was accepted before is
	// domain.ErrLogoutToken.
	Accept(ctx context.Context, token domain.LogoutToken) error
}

// Attempts stores sign-ins under way.
type Attempts interface {
	Save(ctx context.Context, a domain.Attempt) error
	// Take marks an attempt as used and returns it as it was before, so that of two takers one gets it unused. A
	// state that was not issued to this browser is domain.ErrInvalidState, and nothing is marked.
	Take(ctx context.Context, state, browser domain.Hash) (domain.Attempt, error)
}

// Identity is the ID service as other services see it. Calls about a user are
// made in the request context of the caller (libs/reqctx).
type Identity interface {
	// Tenant finds a tenant; an unknown slug is domain.ErrTenantNotFound, that of a closed tenant domain.ErrTenantClosed.
	Tenant(ctx context.Context, slug string) (domain.Tenant, error)
	// TenantPicture returns the logo or the cover of a tenant; one that does not exist is errs.NotFound.
	TenantPicture(ctx context.Context, slug, image string) (Picture, error)
	// Principal returns what is known of a user in a tenant; an unknown user is domain.ErrUnauthenticated.
	Principal(ctx context.Context, tenant domain.Tenant, user uuid.UUID) (domain.Principal, error)
	// Profile returns the user's account in the wire form of GET /api/v1/me.
	Profile(ctx context.Context) (json.RawMessage, error)
	// EndSession ends a session at the ID host and the grants made in it. Ending one that is over is no error.
	EndSession(ctx context.Context, sid uuid.UUID) error
	RequestMagicLink(ctx context.Context, tenant domain.Tenant, browser, email, returnTo string) (MagicLink, error)
	// PreviewMagicCode finds the user whom a code signs in, and changes nothing.
	PreviewMagicCode(ctx context.Context, tenant domain.Tenant, browser, code string) (domain.LinkPreview, error)
	// RedeemMagicCode uses a code up; one that is unknown, used or too old is domain.ErrInvalidCode.
	RedeemMagicCode(ctx context.Context, tenant domain.Tenant, browser, code string) (domain.SignIn, error)
	// PreviewInvitation tells what the link of an invitation to the tenant is for, and changes nothing.
	PreviewInvitation(ctx context.Context, tenant domain.Tenant, token string) (domain.Invitation, error)
	// AcceptInvitation uses the link of an invitation up.
	AcceptInvitation(ctx context.Context, tenant domain.Tenant, in domain.Acceptance) (domain.Accepted, error)
}

// Picture is a picture on its way. Its reader closes it.
type Picture struct {
	ContentType string
	Content     io.ReadCloser
}

// MagicLink is the answer to a request for one.
type MagicLink struct {
	Sent bool
	Link string // development mode only
}

// Provider is the ID service as an OpenID provider.
type Provider interface {
	// AuthorizeURL is where the browser goes to sign in.
	AuthorizeURL(ctx context.Context, returnTo string, state domain.Secret, proofs domain.Proofs, ask Authorize) (string, error)
	// Redeem exchanges the code for an ID token, verifies it and returns what
	// it says: domain.ErrTokenExchange, domain.ErrInvalidIDToken. issuer is who
	// answered, as the answer says: another one's code is not sent anywhere.
	Redeem(ctx context.Context, returnTo, code, issuer string, proofs domain.Proofs) (domain.SignIn, error)
	// VerifyLogout verifies a logout token (OpenID Connect Back-Channel Logout 1.0): domain.ErrLogoutToken.
	VerifyLogout(ctx context.Context, token string, now time.Time) (domain.LogoutToken, error)
}

// Authorize is what a sign-in asks of the ID service's pages.
type Authorize struct {
	Prompt string // login or select_account: ask for credentials even when a user is signed in there
	Locale string // ru or en; empty if unknown
}

// Access tells what the caller may do in a scope.
type Access interface {
	Effective(ctx context.Context, scope authz.Scope) (authz.Effective, error)
}

// Portal knows the caller's profile in its tenant.
type Portal interface {
	// Profile returns it in the wire form of GET /api/v1/portal/me.
	Profile(ctx context.Context) (json.RawMessage, error)
}

// Whom says for whom a request is forwarded.
type Whom int

// The answers.
const (
	ForUser      Whom = iota // of the session
	ForTenant                // of the host, and for no user
	ForEverybody             // the same, and caches and other pages may have the answer
	ForPrograms              // as ForTenant, for other systems: they send no cookie and no CSRF token, and the service knows them by itself
	ForAnyone                // unsigned
	ForGuest                 // as ForTenant, for forms of people without a session
)

// The rules of the rate limiter, by name.
const (
	RuleSignIn       = "sign-in"      // signing in, per address
	RuleAnonymous    = "anonymous"    // everything else without a session, per address
	RuleReads        = "reads"        // per user
	RuleWrites       = "writes"       // per user
	RuleCalendars    = "calendars"    // reading a calendar, per address of the calendar
	RuleApplications = "applications" // applications of guests, per address
	RuleBadges       = "badges"       // reading badges and what verifies them, per address
	RuleUnknown      = "unknown"      // sessions and hosts that turned out not to exist, per address
)
