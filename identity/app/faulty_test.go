package app_test

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/page"
	"go.updspace.com/tools/devkit/testkit/faults"
)

// stored is what the storage of a test holds. Its calls, and those of the other ports below, may fail.
type stored struct {
	*faults.Faults
	user          domain.User
	known         bool // the user is stored
	membership    domain.Membership
	session       domain.Session
	visitor       domain.User // of the session
	tenant        domain.Tenant
	client        domain.Client
	link          domain.MagicLink
	token         domain.AccountToken
	request       domain.AuthorizationRequest
	code          domain.Code
	grant         domain.Grant
	refresh       domain.RefreshToken
	images        []domain.TenantImage
	mails         []ports.QueuedMail
	identities    []domain.ExternalIdentity
	factors       domain.Factors
	passkeys      []domain.Passkey
	signing       []domain.SigningKey
	toldOfClosing bool  // the members of the closed tenant
	cloned        bool  // the passkey that is shown
	fits          bool  // the code that is redeemed
	sealed        int   // secrets under an old key
	unanswered    error // of a client that is told of a sign-out

	mu      sync.Mutex // of told: clients are told at the same time
	told    []string   // the actions in the audit log, the events, and what else was told
	entries []audit.Entry
	updated domain.Tenant
	queued  []ports.QueuedMail
}

type (
	storedTx              struct{ *stored }
	storedUsers           struct{ *stored }
	storedTenants         struct{ *stored }
	storedClosings        struct{ *stored }
	storedImages          struct{ *stored }
	storedAvatars         struct{ *stored }
	storedMemberships     struct{ *stored }
	storedSessions        struct{ *stored }
	storedNotices         struct{ *stored }
	storedLinks           struct{ *stored }
	storedClients         struct{ *stored }
	storedRequests        struct{ *stored }
	storedGrants          struct{ *stored }
	storedConsents        struct{ *stored }
	storedKeys            struct{ *stored }
	storedMails           struct{ *stored }
	storedUnsubscriptions struct{ *stored }
	storedSuppressions    struct{ *stored }
	storedDemo            struct{ *stored }
	storedBlobs           struct{ *stored }
	storedLog             struct{ *stored }
	publisher             struct{ *stored }
	signer                struct{ *stored }
	passwords             struct{ *stored }
	permitting            struct {
		authz.Checker
		*stored
	}
	unlimited struct{}
	plain     struct{}
)

func (p storedTx) Do(ctx context.Context, fn func(ctx context.Context) error) error {
	if err := fn(ctx); err != nil {
		return err
	}
	return p.Next()
}

func (storedTx) Across(ctx context.Context) context.Context { return ctx }

func (p storedTx) Platform(ctx context.Context, fn func(ctx context.Context) error) error {
	return p.Do(ctx, fn)
}

func (p storedUsers) ByID(ctx context.Context, _ uuid.UUID) (domain.User, error) {
	return p.ByEmail(ctx, "")
}

func (p storedUsers) ByEmail(context.Context, string) (domain.User, error) {
	err := p.Next()
	if err == nil && !p.known {
		return domain.User{}, domain.ErrUserUnknown
	}
	return p.user, err
}

func (p storedUsers) Insert(_ context.Context, u domain.User) error {
	p.user, p.known = u, true
	return p.Next()
}

func (p storedUsers) SetStatus(context.Context, uuid.UUID, domain.Status) error { return p.Next() }

func (p storedUsers) SetSystemAdmin(context.Context, uuid.UUID, bool) error { return p.Next() }

func (p storedUsers) SetNames(context.Context, uuid.UUID, string, string) error { return p.Next() }

func (p storedUsers) Lock(context.Context, uuid.UUID) (domain.User, error) { return p.user, p.Next() }

func (p storedUsers) SaveOwn(context.Context, domain.User) error { return p.Next() }

func (p storedUsers) SetSessionsValidFrom(context.Context, uuid.UUID, time.Time) error {
	return p.Next()
}

func (p storedUsers) SetPasswordHash(context.Context, uuid.UUID, string, string) error {
	return p.tell("store: password")
}

func (p storedTenants) Any(context.Context, string) (domain.Tenant, error) { return p.tenant, p.Next() }

func (p storedTenants) LockAny(ctx context.Context, slug string) (domain.Tenant, error) {
	return p.Any(ctx, slug)
}

func (p storedTenants) Listed(context.Context, string) (ports.ListedTenant, error) {
	return ports.ListedTenant{Tenant: p.tenant}, p.Next()
}

func (p storedTenants) List(context.Context, ports.TenantFilter, page.Request) (page.Page[ports.ListedTenant], error) {
	return page.Page[ports.ListedTenant]{}, p.Next()
}

func (p storedTenants) BySlug(context.Context, string) (domain.Tenant, error) {
	return p.tenant, p.Next()
}

func (p storedTenants) ByID(context.Context, uuid.UUID) (domain.Tenant, error) {
	return p.tenant, p.Next()
}

func (p storedTenants) Lock(context.Context, string) (domain.Tenant, error) {
	return p.tenant, p.Next()
}

func (p storedTenants) Insert(context.Context, domain.Tenant) error { return p.Next() }

func (p storedTenants) Update(_ context.Context, t domain.Tenant) error {
	p.updated = t
	return p.Next()
}

func (p storedImages) Add(context.Context, domain.TenantImage) error { return p.Next() }

func (p storedImages) Use(context.Context, domain.TenantImage) error { return p.Next() }

func (p storedImages) Find(context.Context, uuid.UUID) (domain.TenantImage, error) {
	return domain.TenantImage{}, p.Next()
}

func (p storedImages) Discard(context.Context, uuid.UUID) error { return p.Next() }

func (p storedImages) Unused(context.Context, time.Time, int) ([]domain.TenantImage, error) {
	return p.images, p.Next()
}

func (p storedImages) Forget(context.Context, []domain.TenantImage) error {
	p.images = nil
	return p.Next()
}

func (p storedMemberships) Of(context.Context, uuid.UUID) (*domain.Membership, error) {
	return &p.membership, p.Next()
}

func (p storedMemberships) Active(context.Context, uuid.UUID, int) ([]domain.MembershipIn, error) {
	return nil, p.Next()
}

func (p storedMemberships) All(context.Context, uuid.UUID, int) ([]domain.MembershipIn, error) {
	return nil, p.Next()
}

func (p storedMemberships) Put(context.Context, domain.Membership) error { return p.Next() }

func (p storedSessions) Insert(context.Context, domain.Session) error { return p.Next() }

func (p storedSessions) Renew(context.Context, domain.Session) error { return p.Next() }

func (p storedSessions) ByToken(context.Context, domain.Hash) (domain.Session, domain.User, error) {
	return p.session, p.visitor, p.Next()
}

func (p storedSessions) ByID(context.Context, uuid.UUID) (domain.Session, error) {
	return p.session, p.Next()
}

func (p storedSessions) Used(context.Context, uuid.UUID, time.Time) error { return p.Next() }

func (p storedSessions) Live(context.Context, uuid.UUID, time.Time) ([]domain.Session, error) {
	return []domain.Session{p.session}, p.Next()
}

func (p storedSessions) End(context.Context, uuid.UUID, string, time.Time) (bool, error) {
	return true, p.Next()
}

func (p storedNotices) Add(context.Context, []domain.LogoutNotice, time.Time) error { return p.Next() }

func (p storedNotices) Claim(context.Context, int, time.Duration, time.Time) ([]domain.LogoutNotice, error) {
	return nil, p.Next()
}

func (p storedNotices) Done(context.Context, uuid.UUID) error {
	p.note("notice: done")
	return nil
}

func (p storedNotices) Retry(context.Context, uuid.UUID, time.Time) error {
	p.note("notice: later")
	return nil
}

func (p storedLinks) Insert(context.Context, domain.MagicLink) error { return p.Next() }

func (p storedLinks) ByToken(context.Context, domain.Hash) (domain.MagicLink, error) {
	return p.link, p.Next()
}

func (p storedLinks) Use(context.Context, uuid.UUID, time.Time) error { return p.Next() }

func (p storedClients) ByID(context.Context, string) (domain.Client, error) {
	return p.client, p.Next()
}

func (p storedClients) Browsers(context.Context, int) ([]domain.Client, error) {
	return []domain.Client{p.client}, p.Next()
}

func (p storedClients) UseAssertion(context.Context, domain.Hash, time.Time) (bool, error) {
	return true, p.Next()
}

func (p storedClients) Add(context.Context, domain.Client) (bool, error) { return true, p.Next() }

func (p storedClients) Lock(context.Context, string) (domain.Client, error) {
	return p.client, p.Next()
}

func (p storedClients) List(context.Context, string, page.Request) (page.Page[domain.Client], error) {
	return page.Page[domain.Client]{}, p.Next()
}

func (p storedClients) Delete(context.Context, string) error { return p.Next() }

func (p storedClients) End(context.Context, string, time.Time) error { return p.Next() }

func (p storedClients) Put(context.Context, domain.Client) (bool, error) { return true, p.Next() }

func (p storedRequests) InsertRequest(context.Context, domain.AuthorizationRequest) error {
	return p.Next()
}

func (p storedRequests) TakeRequest(context.Context, string, uuid.UUID) (domain.AuthorizationRequest, error) {
	return p.request, p.Next()
}

func (p storedRequests) InsertCode(context.Context, domain.Code) error { return p.Next() }

func (p storedGrants) Redeem(context.Context, ports.Redemption, domain.RefreshToken) (domain.Grant, domain.User, bool, error) {
	return p.grant, p.user, p.fits, p.Next()
}

func (p storedGrants) Code(context.Context, domain.Hash) (domain.Code, error) {
	return p.code, p.Next()
}

func (p storedGrants) Refresh(context.Context, ports.Rotation) (bool, error) {
	return p.fits, p.Next()
}

// Answer is one with a successor that is stored.
func (p storedGrants) Answer(context.Context, domain.Hash) (*ports.TokenSet, error) {
	return &ports.TokenSet{Access: "access", Refresh: "next"}, p.Next()
}

func (p storedGrants) ByID(context.Context, uuid.UUID) (domain.Grant, domain.User, error) {
	return p.grant, p.user, p.Next()
}

// ByRefreshToken is the one that is stored, but for "next", which is its successor.
func (p storedGrants) ByRefreshToken(_ context.Context, token domain.Hash) (domain.RefreshToken, domain.Grant, error) {
	if token == domain.Secret("next").Hash() {
		return domain.RefreshToken{Hash: token}, p.grant, p.Next()
	}
	return p.refresh, p.grant, p.Next()
}

func (p storedGrants) Revoke(context.Context, uuid.UUID, time.Time) error { return p.Next() }

func (p storedGrants) RevokeSession(context.Context, uuid.UUID, time.Time) ([]string, error) {
	return []string{p.client.ID}, p.Next()
}

func (p storedGrants) RevokeAll(context.Context, uuid.UUID, time.Time) error { return p.Next() }

func (p storedConsents) Of(context.Context, uuid.UUID, string) ([]string, error) {
	return nil, p.Next()
}

func (p storedConsents) Apps(context.Context, uuid.UUID, time.Time, int) ([]domain.ConnectedApp, error) {
	return nil, p.Next()
}

func (p storedConsents) Forget(context.Context, uuid.UUID, string, time.Time) error { return p.Next() }

func (p storedConsents) Put(context.Context, domain.Consent, time.Time) error { return p.Next() }

func (p storedKeys) All(context.Context) ([]domain.SigningKey, error) { return p.signing, p.Next() }

func (p storedKeys) Listed(context.Context) ([]domain.SigningKey, error) { return nil, p.Next() }

func (p storedKeys) Insert(context.Context, domain.SigningKey) error { return p.Next() }

func (p storedKeys) Delete(context.Context, string) error { return p.Next() }

func (p storedKeys) SetTimes(context.Context, domain.SigningKey) error { return p.Next() }

func (p storedKeys) SealKeys(context.Context) ([]domain.SealKey, error) {
	return []domain.SealKey{{ID: "a", State: domain.SealKeyNewest}, {ID: "b", State: domain.SealKeyOld, Secrets: p.sealed}}, p.Next()
}

func (p storedKeys) Reseal(context.Context) (int, error) {
	n := p.sealed
	p.sealed = 0
	return n, p.Next()
}

func (p storedKeys) Lock(context.Context) error { return p.Next() }

func (p storedMails) Add(_ context.Context, m ports.QueuedMail, discard bool) error {
	p.queued = append(p.queued, m)
	if discard {
		return p.tell("mail: discarded")
	}
	return p.tell("mail: queued")
}

func (p storedMails) Claim(context.Context, int, time.Duration, time.Time) ([]ports.QueuedMail, error) {
	return p.mails, p.Next()
}

func (p storedMails) Done(context.Context, uuid.UUID) error {
	p.mails = nil
	return p.Next()
}

func (p storedMails) Retry(context.Context, uuid.UUID, string, time.Time) error { return p.Next() }

func (p storedDemo) Mark(context.Context, uuid.UUID) error { return p.Next() }

func (p storedDemo) Exists(context.Context) (bool, error) { return false, p.Next() }
