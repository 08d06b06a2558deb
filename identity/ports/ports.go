// Package ports holds what the use cases need from outside, in the words of the domain. Repositories answer with the domain's
// own errors where a caller acts on them, else with what errs says about the database.
package ports

import (
	"context"
	"net/url"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/mail"
	"go.updspace.com/libs/ratelimit"
)

// Clock tells the time in UTC and whole microseconds.
type Clock interface{ Now() time.Time }

// Tx runs a function in one write transaction, for the tenant of the request.
type Tx interface {
	Do(ctx context.Context, fn func(ctx context.Context) error) error
	// Platform is Do for what concerns no single tenant.
	Platform(ctx context.Context, fn func(ctx context.Context) error) error
	// Across returns a context that reads what belongs to no single tenant.
	Across(ctx context.Context) context.Context
}

// Users keeps accounts.
type Users interface {
	ByID(ctx context.Context, id uuid.UUID) (domain.User, error)        // else ErrUserUnknown
	ByEmail(ctx context.Context, email string) (domain.User, error)     // else ErrUserUnknown
	Insert(ctx context.Context, u domain.User) error                    // else ErrEmailTaken
	SetStatus(ctx context.Context, id uuid.UUID, s domain.Status) error // else ErrUserUnknown
	SetSystemAdmin(ctx context.Context, id uuid.UUID, admin bool) error
	SetNames(ctx context.Context, id uuid.UUID, first, last string) error
	SetAvatar(ctx context.Context, id uuid.UUID, avatar *uuid.UUID) error
	// Lock is ByID that keeps others from changing the account until the transaction ends.
	Lock(ctx context.Context, id uuid.UUID) (domain.User, error)
	// SaveOwn stores what the owner of the account may change; ErrUsernameTaken when another account has the username.
	SaveOwn(ctx context.Context, u domain.User) error
	SetSessionsValidFrom(ctx context.Context, id uuid.UUID, t time.Time) error
	// SetEmail stores a verified address; ErrEmailTaken when another account has it.
	SetEmail(ctx context.Context, id uuid.UUID, email string) error
	SetEmailVerified(ctx context.Context, id uuid.UUID) error
	SetPasswordHash(ctx context.Context, id uuid.UUID, old, hash string) error // only while it is old
}

// TenantImages keeps the rows of the pictures of the tenant of the request; their content is in a blob.Store.
type TenantImages interface {
	// Add stores a picture whose content is still to come.
	Add(ctx context.Context, i domain.TenantImage) error
	// Use stores what is known of a picture once its content is there, and keeps it.
	Use(ctx context.Context, i domain.TenantImage) error
	// Find returns a picture in use; else ErrImageUnknown.
	Find(ctx context.Context, id uuid.UUID) (domain.TenantImage, error)
	// Discard leaves a picture to the cleanup.
	Discard(ctx context.Context, id uuid.UUID) error
	// Unused returns pictures of every tenant that are not in use and older than before, up to a number.
	Unused(ctx context.Context, before time.Time, limit int) ([]domain.TenantImage, error)
	// Forget deletes rows of any tenant.
	Forget(ctx context.Context, images []domain.TenantImage) error
}

// Avatars keeps the rows of the pictures of accounts; their content is in a blob.Store.
type Avatars interface {
	// Add stores a picture whose content is still to come.
	Add(ctx context.Context, a domain.Avatar) error
	// Use stores what is known of a picture once its content is there, and keeps it.
	Use(ctx context.Context, a domain.Avatar) error
	// Find returns a picture in use; else ErrImageUnknown.
	Find(ctx context.Context, id uuid.UUID) (domain.Avatar, error)
	// Discard leaves the picture of a user to the cleanup.
	Discard(ctx context.Context, user uuid.UUID) error
	// Unused returns pictures that are not in use, or whose account is gone, and older than before, up to a number.
	Unused(ctx context.Context, before time.Time, limit int) ([]domain.Avatar, error)
	// Forget deletes rows of them.
	Forget(ctx context.Context, avatars []domain.Avatar) error
}

// Pictures prepares pictures that are uploaded.
type Pictures interface {
	// Avatar draws a picture upright and small.
	Avatar(ctx context.Context, picture []byte) ([]byte, error)
}

// Memberships keeps who belongs to which tenant.
type Memberships interface {
	// Of finds a user's membership of the tenant of the request, nil if there is none.
	Of(ctx context.Context, user uuid.UUID) (*domain.Membership, error)
	// Active lists a user's active memberships in open tenants, by the tenants' names, up to a number.
	Active(ctx context.Context, user uuid.UUID, limit int) ([]domain.MembershipIn, error)
	// All is Active with those that are disabled.
	All(ctx context.Context, user uuid.UUID, limit int) ([]domain.MembershipIn, error)
	// Put inserts or replaces a membership of the tenant of the request.
	Put(ctx context.Context, m domain.Membership) error
}

// Sessions stores the sessions of the ID host.
type Sessions interface {
	Insert(ctx context.Context, s domain.Session) error
	// Renew stores the new token and times of a session that has not ended; else ErrInvalidSession.
	Renew(ctx context.Context, s domain.Session) error
	// ByToken finds a session and its user, alive or not; else ErrInvalidSession.
	ByToken(ctx context.Context, token domain.Hash) (domain.Session, domain.User, error)
	// ByID finds a session, alive or not; else ErrInvalidSession.
	ByID(ctx context.Context, id uuid.UUID) (domain.Session, error)
	// Confirm stores that the user of a session has proven again who they are.
	Confirm(ctx context.Context, s domain.Session) error
	// Used stores when a session was used.
	Used(ctx context.Context, id uuid.UUID, at time.Time) error
	// Live lists a user's sessions that have not ended, the newest first.
	Live(ctx context.Context, user uuid.UUID, now time.Time) ([]domain.Session, error)
	// End ends a session; ended is false if it had ended before.
	End(ctx context.Context, id uuid.UUID, reason string, at time.Time) (ended bool, err error)
}

// LogoutNotices stores logout tokens that clients have not acknowledged.
type LogoutNotices interface {
	Add(ctx context.Context, notices []domain.LogoutNotice, due time.Time) error
	// Claim takes the next notices due and hides them from other instances for lease.
	Claim(ctx context.Context, limit int, lease time.Duration, now time.Time) ([]domain.LogoutNotice, error)
	Done(ctx context.Context, id uuid.UUID) error
	Retry(ctx context.Context, id uuid.UUID, at time.Time) error
}

// LogoutSender posts a logout token to a client; nil means that the client has acknowledged it.
type LogoutSender interface {
	Send(ctx context.Context, uri, token string) error
}

// MagicLinks stores sign-in links of the tenant of the request.
type MagicLinks interface {
	Insert(ctx context.Context, l domain.MagicLink) error
	ByToken(ctx context.Context, token domain.Hash) (domain.MagicLink, error) // else ErrLinkUnknown
	// Use marks the link used if it is unused and has not expired; else ErrLinkUsed.
	Use(ctx context.Context, id uuid.UUID, now time.Time) error
}

// ExternalProviders are the services whose accounts can be linked.
type ExternalProviders interface {
	// List returns them in the order of the settings.
	List() []domain.Provider
	// Begin returns the address at which a browser proves to hold an account; ErrProviderUnavailable or ErrProviderAnswer.
	Begin(ctx context.Context, provider string, state domain.Secret, proof domain.FlowProof) (address string, err error)
	// Finish reads the parameters that the browser came back with and returns the account that the provider, asked itself, names. ErrIdentityNotProven
	// when it names none, ErrAccessDenied when the user has cancelled; else as Begin.
	Finish(ctx context.Context, provider string, answer url.Values, state domain.Secret, proof domain.FlowProof) (domain.ExternalAccount, error)
}

// ProviderFlows stores the ways of browsers to providers and back.
type ProviderFlows interface {
	// Insert stores a flow. Of one session, or one browser, only the newest few are kept.
	Insert(ctx context.Context, f domain.ProviderFlow) error
	// Take removes and returns a flow with a provider that has not expired, of the session or the browser of its holder; else ErrLinkFlow.
	Take(ctx context.Context, state domain.Hash, holder domain.FlowHolder, provider string, now time.Time) (domain.ProviderFlow, error)
}

// ExternalIdentities stores the accounts at other services that users have linked.
type ExternalIdentities interface {
	// Of lists a user's, the oldest first.
	Of(ctx context.Context, user uuid.UUID) ([]domain.ExternalIdentity, error)
	ByAccount(ctx context.Context, provider, subject string) (domain.ExternalIdentity, error) // else ErrIdentityNotLinked
	Insert(ctx context.Context, i domain.ExternalIdentity) error                              // ErrIdentityConflict when the account or the provider is taken
	SetLabel(ctx context.Context, i domain.ExternalIdentity) error
	Delete(ctx context.Context, user uuid.UUID, provider string) error // else ErrIdentityUnknown
}

// Authorizations keeps requests that wait for an answer, and codes.
type Authorizations interface {
	// InsertRequest stores a request. Of one session only the newest few wait.
	InsertRequest(ctx context.Context, r domain.AuthorizationRequest) error
	// TakeRequest removes and returns a session's request; else ErrRequestUnknown.
	TakeRequest(ctx context.Context, id string, session uuid.UUID) (domain.AuthorizationRequest, error)
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

// Rotation replaces a refresh token.
type Rotation struct {
	Token    domain.Hash
	ClientID string
	Next     domain.RefreshToken
	Answer   TokenSet
	Now      time.Time
}

// TokenSet is what a client gets. Refresh is empty unless it may come back while the user is away.
type TokenSet struct {
	Access, ID string
	Refresh    domain.Secret
	Scopes     []string
}

// Grants keeps what clients hold.
type Grants interface {
	// Redeem uses up a code that fits the redemption in every part and makes its grant, with the refresh token if the
	// grant is offline, in one statement. ok is false when no unused code fits.
	Redeem(ctx context.Context, r Redemption, refresh domain.RefreshToken) (g domain.Grant, u domain.User, ok bool, err error)
	// Code finds a code whatever its state; else ErrInvalidCode.
	Code(ctx context.Context, code domain.Hash) (domain.Code, error)
	// Refresh replaces an unused refresh token by its successor and keeps the answer beside it. ok is false when the token is
	// not there, used, expired, another client's, its grant revoked or its user may not sign in.
	Refresh(ctx context.Context, r Rotation) (ok bool, err error)
	// Answer is the answer that was kept for a used refresh token; nil if there is none any more.
	Answer(ctx context.Context, token domain.Hash) (*TokenSet, error)
	// ByID finds a live or revoked grant with its user; else ErrTokenRevoked.
	ByID(ctx context.Context, id uuid.UUID) (domain.Grant, domain.User, error)
	// ByRefreshToken finds a refresh token whatever its state; else ErrInvalidRefresh.
	ByRefreshToken(ctx context.Context, token domain.Hash) (domain.RefreshToken, domain.Grant, error)
	Revoke(ctx context.Context, id uuid.UUID, now time.Time) error
	// RevokeSession revokes the grants made from a session and returns the clients that ever had one.
	RevokeSession(ctx context.Context, session uuid.UUID, now time.Time) (clients []string, err error)
	RevokeAll(ctx context.Context, user uuid.UUID, now time.Time) error
}

// Consents remembers what users have granted.
type Consents interface {
	Of(ctx context.Context, user uuid.UUID, client string) ([]string, error) // nil if none
	Put(ctx context.Context, c domain.Consent, now time.Time) error          // adds to what there is
	// Apps lists the clients that a user has allowed something, by name, up to a number. First-party clients are not among them.
	Apps(ctx context.Context, user uuid.UUID, now time.Time, limit int) ([]domain.ConnectedApp, error)
	// Forget deletes the consent and ends every grant and code of a client that is not first-party; else ErrAppUnknown.
	Forget(ctx context.Context, user uuid.UUID, client string, now time.Time) error
}

// Keys keeps signing keys, sealed.
type Keys interface {
	All(ctx context.Context) ([]domain.SigningKey, error)
	// Listed is All without the private halves, which need not be readable.
	Listed(ctx context.Context) ([]domain.SigningKey, error)
	Insert(ctx context.Context, k domain.SigningKey) error
	Delete(ctx context.Context, id string) error
	// SetTimes stores when a key signs.
	SetTimes(ctx context.Context, k domain.SigningKey) error
	// SealKeys are the seal keys of the settings, newest first, and others with which secrets are sealed.
	SealKeys(ctx context.Context) ([]domain.SealKey, error)
	// Reseal seals some signing keys, seeds of authenticator apps and passkeys with the newest seal key, and returns how many: 0 when none has another.
	Reseal(ctx context.Context) (int, error)
	// Lock makes the transaction in ctx the only one that rotates.
	Lock(ctx context.Context) error
}

// AuditLog stores entries of the audit log, in the transaction in ctx if there is one.
type AuditLog interface {
	Write(ctx context.Context, entries ...audit.Entry) error
}

// Events publishes domain events in the transaction in ctx.
type Events interface {
	UserCreated(ctx context.Context, u domain.User) error
	UserUpdated(ctx context.Context, u domain.User) error
	UserStatusChanged(ctx context.Context, u domain.User, before domain.Status) error
	// UserDeleted tells that an account is gone, with everything.
	UserDeleted(ctx context.Context, user uuid.UUID) error
	SessionCreated(ctx context.Context, s domain.Session) error
	NewDevice(ctx context.Context, s domain.Session) error
	// PasswordChanged tells how: change or reset.
	PasswordChanged(ctx context.Context, user uuid.UUID, how string, at time.Time) error
	EmailChanged(ctx context.Context, user uuid.UUID, undone bool, at time.Time) error
	TenantCreated(ctx context.Context, t domain.Tenant) error
	TenantUpdated(ctx context.Context, t domain.Tenant) error
	MembershipSet(ctx context.Context, m domain.Membership) error
	// IdentityLinked and IdentityUnlinked tell one tenant.
	IdentityLinked(ctx context.Context, tenant uuid.UUID, i domain.ExternalIdentity) error
	IdentityUnlinked(ctx context.Context, tenant uuid.UUID, i domain.ExternalIdentity) error
	// FactorChanged tells of an authenticator app or of recovery codes.
	FactorChanged(ctx context.Context, user uuid.UUID, change FactorChange, at time.Time) error
	PasskeyAdded(ctx context.Context, p domain.Passkey) error
	PasskeyRemoved(ctx context.Context, p domain.Passkey, at time.Time) error
	// MailDone tells what became of a mail that a service asked for.
	MailDone(ctx context.Context, m RequestedMail, outcome domain.MailOutcome) error
}

// RequestedMail names a mail that a service asked for.
type RequestedMail struct {
	Tenant  uuid.UUID
	Message uuid.UUID
	Kind    string
	// Recipient is the digest of the recipient's address, which the service compares with the address that answers; empty when answers go
	// to the sender.
	Recipient string `json:",omitempty"`
}

// QueuedMail is a message that waits to be sent. ExpiresAt is when it is of no more use, because its link has expired.
type QueuedMail struct {
	ID uuid.UUID
	mail.Message
	Requested *RequestedMail // nil: identity's own
	Attempts  int
	ExpiresAt time.Time
	// Unreadable is why a claimed mail cannot be read, such as a key that is not configured. Message and Requested are zero then.
	Unreadable error
}

// MailSubscriptions stores what recipients have unsubscribed from, in the tenant of the request.
type MailSubscriptions interface {
	// Ended reports whether the recipient has unsubscribed.
	Ended(ctx context.Context, s domain.MailSubscription) (bool, error)
	// End unsubscribes; ended is false if that was done before.
	End(ctx context.Context, s domain.MailSubscription, at time.Time) (ended bool, err error)
	// Renew subscribes again; renewed is false if the recipient had not unsubscribed.
	Renew(ctx context.Context, s domain.MailSubscription) (renewed bool, err error)
}

// MailQueue holds mails until they are sent.
type MailQueue interface {
	// Add queues a mail in the transaction in ctx. One that is discarded is written just so and never sent.
	Add(ctx context.Context, m QueuedMail, discard bool) error
	// Claim takes the next mails due, those that have expired as well, and hides them from others for lease.
	Claim(ctx context.Context, limit int, lease time.Duration, now time.Time) ([]QueuedMail, error)
	Done(ctx context.Context, id uuid.UUID) error
	Retry(ctx context.Context, id uuid.UUID, reason string, at time.Time) error
}

// Passwords hashes and checks passwords, a bounded number at once.
type Passwords interface {
	Hash(ctx context.Context, password string) (string, error)
	// Verify checks a password. An empty hash takes the same work and fails. before runs when the work is about to
	// begin, after any waiting; its error is returned instead. ErrBusy when too many wait already.
	Verify(ctx context.Context, password, hash string, before func(context.Context) error) (ok, rehash bool, err error)
}

// Limiter applies the rules of the service; see [ratelimit.Limiter].
type Limiter interface {
	Take(ctx context.Context, rule, key string, cost int) ratelimit.Verdict
	Peek(ctx context.Context, rule, key string) ratelimit.Verdict
	Reset(ctx context.Context, rule, key string)
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
	IssuedAt  time.Time
	ExpiresAt time.Time
}

// LogoutClaims are what a logout token says.
type LogoutClaims struct {
	ID        uuid.UUID
	ClientID  string
	Subject   uuid.UUID
	SessionID uuid.UUID
	IssuedAt  time.Time
	ExpiresAt time.Time
}

// IDHint is what an ID token of ours says that a client sends as id_token_hint.
type IDHint struct {
	ClientID  string
	Subject   uuid.UUID
	SessionID uuid.UUID
}

// TokenSigner makes and reads JWTs.
type TokenSigner interface {
	// Issue signs an access token and the ID token that belongs to it.
	Issue(ctx context.Context, alg domain.Algorithm, a AccessClaims, id IDClaims) (access, idToken string, err error)
	// Verify reads an access token of ours; ErrInvalidToken or ErrUnknownKey.
	Verify(ctx context.Context, token string, now time.Time) (AccessClaims, error)
	// LogoutToken signs a logout token (OpenID Connect Back-Channel Logout 1.0).
	LogoutToken(ctx context.Context, alg domain.Algorithm, c LogoutClaims) (string, error)
	// ReadHint reads an ID token of ours, also one that has expired; ErrInvalidToken or ErrUnknownKey.
	ReadHint(ctx context.Context, token string) (IDHint, error)
}
