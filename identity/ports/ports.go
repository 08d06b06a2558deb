// Package ports holds what the use cases need from outside, in the words of the
// domain. Repositories answer with the domain's own errors where a caller acts
// on them, else with what errs says about the database.
package ports

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
)

// Clock tells the time in UTC and whole microseconds.
type Clock interface{ Now() time.Time }

// Tx runs a function in one write transaction, for the tenant of the request.
type Tx interface {
	Do(ctx context.Context, fn func(ctx context.Context) error) error
	// Platform is Do for what concerns no single tenant.
	Platform(ctx context.Context, fn func(ctx context.Context) error) error
}

// Users keeps accounts.
type Users interface {
	ByID(ctx context.Context, id uuid.UUID) (domain.User, error)        // else ErrUserUnknown
	ByEmail(ctx context.Context, email string) (domain.User, error)     // else ErrUserUnknown
	Insert(ctx context.Context, u domain.User) error                    // else ErrEmailTaken
	SetStatus(ctx context.Context, id uuid.UUID, s domain.Status) error // else ErrUserUnknown
	SetSessionsValidFrom(ctx context.Context, id uuid.UUID, t time.Time) error
	SetPasswordHash(ctx context.Context, id uuid.UUID, old, hash string) error // only while it is old
}

// Tenants keeps communities.
type Tenants interface {
	BySlug(ctx context.Context, slug string) (domain.Tenant, error) // else ErrTenantUnknown
	Insert(ctx context.Context, t domain.Tenant) error              // else ErrTenantTaken
}

// Memberships keeps who belongs to which tenant.
type Memberships interface {
	// Of finds a user's membership of the tenant of the request, nil if there is none.
	Of(ctx context.Context, user uuid.UUID) (*domain.Membership, error)
	// All lists a user's memberships of every tenant, by slug.
	All(ctx context.Context, user uuid.UUID) ([]domain.Membership, error)
	// Put inserts or replaces a membership of the tenant of the request.
	Put(ctx context.Context, m domain.Membership) error
}

// Sessions keeps who is signed in on the ID host.
type Sessions interface {
	Insert(ctx context.Context, s domain.Session) error
	// ByToken finds a session and its user, alive or not; else ErrInvalidSession.
	ByToken(ctx context.Context, token domain.Hash) (domain.Session, domain.User, error)
	Revoke(ctx context.Context, id uuid.UUID, reason string, at time.Time) error
	RevokeAll(ctx context.Context, user uuid.UUID, reason string, at time.Time) error
}

// MagicLinks keeps sign-in links.
type MagicLinks interface {
	Insert(ctx context.Context, l domain.MagicLink) error
	// ByToken finds a link of any tenant; else ErrLinkUnknown.
	ByToken(ctx context.Context, token domain.Hash) (domain.MagicLink, error)
	// Use marks the link used and gives it a code, if nobody has used it yet; else ErrLinkUsed.
	Use(ctx context.Context, id uuid.UUID, code domain.Hash, now time.Time) error
	// Exchange uses up a live code of the tenant of the request; else ErrExchange.
	Exchange(ctx context.Context, code domain.Hash, now time.Time) (user uuid.UUID, err error)
}

// Clients keeps the applications that sign people in here.
type Clients interface {
	ByID(ctx context.Context, id string) (domain.Client, error) // else ErrClientUnknown
	// Put inserts or replaces; changed is false when it was stored just so.
	Put(ctx context.Context, c domain.Client) (changed bool, err error)
}

// Authorizations keeps requests that wait for an answer, and codes.
type Authorizations interface {
	InsertRequest(ctx context.Context, r domain.AuthorizationRequest) error
	// TakeRequest removes and returns a user's request; else ErrRequestUnknown.
	TakeRequest(ctx context.Context, id string, user uuid.UUID) (domain.AuthorizationRequest, error)
	InsertCode(ctx context.Context, c domain.Code) error
}

// Redemption is what a client presents to redeem a code.
type Redemption struct {
	Code        domain.Hash
	ClientID    string
	RedirectURI string
	Challenge   domain.Challenge // of the verifier that was presented
	Refresh     bool             // the client may have refresh tokens
	Now         time.Time
}

// Grants keeps what clients hold.
type Grants interface {
	// Redeem uses up a code that fits the redemption in every part and makes
	// its grant, with the refresh token if the grant is offline, in one
	// statement. ok is false when no unused code fits.
	Redeem(ctx context.Context, r Redemption, refresh domain.RefreshToken) (g domain.Grant, u domain.User, ok bool, err error)
	// Code finds a code whatever its state; else ErrInvalidCode.
	Code(ctx context.Context, code domain.Hash) (domain.Code, error)
	// Refresh replaces an unused refresh token by its successor and returns the
	// grant. ok is false when the token is not there, used, expired, another
	// client's or its grant revoked.
	Refresh(ctx context.Context, token domain.Hash, client string, next domain.RefreshToken, now time.Time) (g domain.Grant, u domain.User, ok bool, err error)
	// ByID finds a live or revoked grant with its user; else ErrTokenRevoked.
	ByID(ctx context.Context, id uuid.UUID) (domain.Grant, domain.User, error)
	// ByRefreshToken finds a refresh token whatever its state; else ErrInvalidRefresh.
	ByRefreshToken(ctx context.Context, token domain.Hash) (domain.RefreshToken, domain.Grant, error)
	Revoke(ctx context.Context, id uuid.UUID, now time.Time) error
	RevokeAll(ctx context.Context, user uuid.UUID, now time.Time) error
}

// Consents remembers what users have granted.
type Consents interface {
	Of(ctx context.Context, user uuid.UUID, client string) ([]string, error) // nil if none
	Put(ctx context.Context, c domain.Consent, now time.Time) error          // adds to what there is
}

// Keys keeps signing keys, sealed.
type Keys interface {
	All(ctx context.Context) ([]domain.SigningKey, error)
	Insert(ctx context.Context, k domain.SigningKey) error
	Delete(ctx context.Context, id string) error
	// Lock makes the transaction in ctx the only one that rotates.
	Lock(ctx context.Context) error
}

// Journal keeps the audit log.
type Journal interface {
	Add(ctx context.Context, e domain.AuditEntry) error
}

// Events publishes domain events in the transaction in ctx.
type Events interface {
	UserCreated(ctx context.Context, u domain.User) error
	UserStatusChanged(ctx context.Context, u domain.User, before domain.Status) error
	SessionCreated(ctx context.Context, s domain.Session) error
	TenantCreated(ctx context.Context, t domain.Tenant) error
	MembershipSet(ctx context.Context, m domain.Membership) error
}

// MailQueue holds mails until they are sent.
type MailQueue interface {
	// Add queues a mail in the transaction in ctx. One that is discarded is
	// written just so and never sent.
	Add(ctx context.Context, m domain.QueuedMail, discard bool) error
	// Claim takes the next mails due and hides them from others for lease.
	Claim(ctx context.Context, limit int, lease time.Duration, now time.Time) ([]domain.QueuedMail, error)
	Done(ctx context.Context, id uuid.UUID) error
	Retry(ctx context.Context, id uuid.UUID, reason string, at time.Time) error
	// Sweep drops what is of no more use.
	Sweep(ctx context.Context, now time.Time) error
}

// Mailer sends one mail.
type Mailer interface {
	Send(ctx context.Context, m domain.Mail) error
}

// Housekeeper drops rows that are dead and of no more use.
type Housekeeper interface {
	Sweep(ctx context.Context, now time.Time) (dropped int64, err error)
}

// DemoData knows which accounts were made for demonstration.
type DemoData interface {
	Mark(ctx context.Context, user uuid.UUID) error
	Exists(ctx context.Context) (bool, error)
}

// Passwords hashes and checks passwords, a bounded number at once.
type Passwords interface {
	Hash(ctx context.Context, password string) (string, error)
	// Verify checks a password. An empty hash takes the same work and fails.
	// before runs when the work is about to begin, after any waiting; its
	// error is returned instead. ErrBusy when too many wait already.
	Verify(ctx context.Context, password, hash string, before func(context.Context) error) (ok, rehash bool, err error)
}

// FormTokens makes the tokens that forms carry, and keeps none of them.
type FormTokens interface {
	Issue(purpose string, until time.Time) string
	Check(token, purpose string, now time.Time) bool
}

// Limit is how many events a key may have in a window.
type Limit struct {
	Name   string
	Events int
	Window time.Duration
}

// Limiter counts events per key. It always answers: when the shared counter is
// away, this instance counts alone.
type Limiter interface {
	// Blocked reports for how long the key has to wait, 0 if not at all.
	Blocked(ctx context.Context, l Limit, key string) time.Duration
	// Count adds an event and reports as Blocked did before it.
	Count(ctx context.Context, l Limit, key string) time.Duration
	Reset(ctx context.Context, l Limit, key string)
}

// AccessClaims are what an access token says.
type AccessClaims struct {
	ID        uuid.UUID
	GrantID   uuid.UUID
	Subject   uuid.UUID
	ClientID  string
	Scopes    []string
	IssuedAt  time.Time
	ExpiresAt time.Time
}

// Refresh reports whether they are of a refresh token, which has no id.
func (c AccessClaims) Refresh() bool { return c.ID == uuid.Nil }

// IDClaims are what an ID token says.
type IDClaims struct {
	Grant     domain.Grant
	User      domain.User
	IssuedAt  time.Time
	ExpiresAt time.Time
}

// TokenSigner makes and reads JWTs.
type TokenSigner interface {
	// Issue signs an access token and the ID token that belongs to it.
	Issue(ctx context.Context, alg domain.Algorithm, a AccessClaims, id IDClaims) (access, idToken string, err error)
	// Verify reads an access token of ours; ErrInvalidToken or ErrUnknownKey.
	Verify(ctx context.Context, token string, now time.Time) (AccessClaims, error)
}
