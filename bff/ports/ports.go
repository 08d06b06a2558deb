// Package ports names what the gateway needs from outside, in its own terms.
package ports

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/bff/domain"
)

// Clock tells the time.
type Clock interface {
	Now() time.Time
}

// Sessions keeps sessions. A session that was never there, was revoked or has
// run out is domain.ErrUnauthenticated.
type Sessions interface {
	Create(ctx context.Context, s domain.Session) error
	Find(ctx context.Context, id domain.Hash) (domain.Session, error)
	// Revoke ends a session. Ending one that is over already is no error.
	Revoke(ctx context.Context, id domain.Hash) error
}

// Attempts keeps sign-ins under way.
type Attempts interface {
	Save(ctx context.Context, a domain.Attempt) error
	// Take returns an attempt and forgets it, so that of two takers one gets
	// it. A state that is not there is domain.ErrInvalidState.
	Take(ctx context.Context, state domain.Hash) (domain.Attempt, error)
}

// Identity is the ID service as other services see it. Calls about a user are
// made in the request context of the caller (libs/reqctx).
type Identity interface {
	// Tenant finds a tenant; an unknown slug is domain.ErrTenantNotFound.
	Tenant(ctx context.Context, slug string) (domain.Tenant, error)
	// Principal returns what is known of a user in a tenant; an unknown user
	// is domain.ErrUnauthenticated.
	Principal(ctx context.Context, tenant domain.Tenant, user uuid.UUID) (domain.Principal, error)
	// Profile returns the user's account in the wire form of GET /api/v1/me.
	Profile(ctx context.Context) (json.RawMessage, error)
	RequestMagicLink(ctx context.Context, tenant domain.Tenant, email, returnTo string) (MagicLink, error)
	// RedeemMagicCode returns whose code it is; a code that is unknown, used
	// or too old is domain.ErrInvalidCode.
	RedeemMagicCode(ctx context.Context, tenant domain.Tenant, code string) (uuid.UUID, error)
}

// MagicLink is the answer to a request for one.
type MagicLink struct {
	Sent bool
	Link string // development mode only
}

// Provider is the ID service as an OpenID provider.
type Provider interface {
	// AuthorizeURL is where the browser goes to sign in.
	AuthorizeURL(ctx context.Context, returnTo string, state domain.Secret, proofs domain.Proofs) (string, error)
	// Redeem exchanges the code for an ID token, verifies it, and returns its
	// subject: domain.ErrTokenExchange, domain.ErrInvalidIDToken.
	Redeem(ctx context.Context, returnTo, code string, proofs domain.Proofs) (uuid.UUID, error)
}

// Access tells what the caller may do in its tenant.
type Access interface {
	Effective(ctx context.Context) (Effective, error)
}

// Effective is what the caller holds in its tenant.
type Effective struct {
	Permissions []string
	Roles       []string // service:name
}

// Portal knows the caller's profile in its tenant.
type Portal interface {
	// Profile returns it in the wire form of GET /api/v1/portal/me.
	Profile(ctx context.Context) (json.RawMessage, error)
}

// Bucket is a kind of request that is counted on its own.
type Bucket string

// The buckets.
const (
	BucketAuth      Bucket = "auth"      // signing in, per address
	BucketAnonymous Bucket = "anonymous" // everything else without a session, per address
	BucketRead      Bucket = "read"      // per session
	BucketWrite     Bucket = "write"     // per session
)

// Verdict says whether a request may pass.
type Verdict struct {
	Allowed    bool
	RetryAfter time.Duration // when refused
	Limit      int
	Window     time.Duration
}

// Limiter counts requests.
type Limiter interface {
	Take(ctx context.Context, bucket Bucket, key string) Verdict
}

// Revocations tells which sessions were ended lately, by whichever instance.
type Revocations interface {
	RevokedWithin(ctx context.Context, window time.Duration) ([]domain.Hash, error)
}
