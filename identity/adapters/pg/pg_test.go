package pg_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	store "go.updspace.com/identity/adapters/pg"
	"go.updspace.com/identity/adapters/pg/migrations"
	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/seal"
	"go.updspace.com/tools/devkit/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var now = time.Date(2026, time.March, 4, 5, 6, 7, 0, time.UTC)

// world is a database with two tenants and two people in the first.
type world struct {
	t           testing.TB
	db          *pg.DB
	ctx         context.Context // of the first tenant
	aef, gaming domain.Tenant
	alice, bob  domain.User
	tenants     store.Tenants
	users       store.Users
	memberships store.Memberships
	sealer      *seal.Sealer
	tx          store.Tx
	clock       *testkit.Clock
}

func in(t domain.Tenant) context.Context {
	return reqctx.With(context.Background(), reqctx.Context{TenantID: t.ID, TenantSlug: t.Slug})
}

func newSealer(t testing.TB, key string) *seal.Sealer {
	t.Helper()
	s, err := seal.Parse(seal.NewKey(key))
	require.NoError(t, err)
	return s
}

func newWorld(t testing.TB) *world {
	t.Helper()
	db := testkit.DB(t, migrations.Set())
	w := &world{t: t, db: db, tenants: store.Tenants{DB: db}, users: store.Users{DB: db}, memberships: store.Memberships{DB: db}, tx: store.Tx{DB: db}, clock: testkit.NewClock()}
	w.clock.Set(now)
	w.sealer = newSealer(t, "a")
	w.aef, w.gaming = w.tenant("aef"), w.tenant("gaming")
	w.alice, w.bob = w.user("alice@aef.test"), w.user("bob@aef.test")
	w.ctx = in(w.aef)
	return w
}

func (w *world) tenant(slug string) domain.Tenant {
	tenant, err := domain.NewTenant(uuid.New(), slug, slug, now)
	require.NoError(w.t, err)
	require.NoError(w.t, w.tenants.Insert(context.Background(), tenant))
	return tenant
}

func (w *world) user(email string) domain.User {
	u, err := domain.NewUser(uuid.New(), email, "N", true, now)
	require.NoError(w.t, err)
	phone, birth := "+1 2", time.Date(2000, 1, 2, 0, 0, 0, 0, time.UTC)
	u.Phone, u.BirthDate, u.PasswordHash = &phone, &birth, "hash of "+email
	require.NoError(w.t, w.users.Insert(context.Background(), u))
	return u
}

// rows counts the rows of tables, of all tenants.
func (w *world) rows(tables ...string) (n int) {
	w.t.Helper()
	require.NoError(w.t, w.tx.Platform(context.Background(), func(ctx context.Context) error {
		for _, table := range tables {
			count, err := w.db.Conn(ctx).NewSelect().Table(table).Count(ctx)
			if err != nil {
				return err
			}
			n += int(count)
		}
		return nil
	}))
	return n
}

func TestUsers(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	got, err := w.users.ByID(ctx, w.alice.ID)
	require.NoError(t, err)
	require.Equal(t, w.alice, got, "everything comes back as it was")
	got, err = w.users.ByEmail(ctx, w.alice.Email)
	require.NoError(t, err)
	require.Equal(t, w.alice, got)

	_, err = w.users.ByEmail(ctx, "nobody@aef.test")
	require.ErrorIs(t, err, domain.ErrUserUnknown)
	_, err = w.users.ByID(ctx, uuid.New())
	require.ErrorIs(t, err, domain.ErrUserUnknown)
	twin := w.alice
	twin.ID = uuid.New()
	require.ErrorIs(t, w.users.Insert(ctx, twin), domain.ErrEmailTaken)
	loud := twin
	loud.Email = "ALICE@aef.test"
	require.Error(t, w.users.Insert(ctx, loud), "addresses are stored in lower case or not at all")

	require.NoError(t, w.users.SetStatus(ctx, w.alice.ID, domain.StatusBanned))
	require.ErrorIs(t, w.users.SetStatus(ctx, uuid.New(), domain.StatusBanned), domain.ErrUserUnknown)
	require.Error(t, w.users.SetStatus(ctx, w.alice.ID, "odd"))
	require.NoError(t, w.users.SetSessionsValidFrom(ctx, w.alice.ID, now.Add(time.Hour)))
	require.NoError(t, w.users.SetPasswordHash(ctx, w.alice.ID, "not that one", "new"), "changed meanwhile: nothing happens")
	got, err = w.users.ByID(ctx, w.alice.ID)
	require.NoError(t, err)
	require.Equal(t, domain.StatusBanned, got.Status)
	require.Equal(t, now.Add(time.Hour), got.SessionsValidFrom)
	require.Equal(t, "hash of alice@aef.test", got.PasswordHash)
	require.NoError(t, w.users.SetPasswordHash(ctx, w.alice.ID, "hash of alice@aef.test", "new"))
	got, err = w.users.ByID(ctx, w.alice.ID)
	require.NoError(t, err)
	require.Equal(t, "new", got.PasswordHash)

	demo := store.DemoData{DB: w.db}
	found, err := demo.Exists(ctx)
	require.NoError(t, err)
	require.False(t, found)
	require.NoError(t, demo.Mark(ctx, w.bob.ID))
	found, err = demo.Exists(ctx)
	require.NoError(t, err)
	require.True(t, found)
}

func TestTenantsAndMemberships(t *testing.T) {
	w := newWorld(t)
	got, err := w.tenants.BySlug(context.Background(), "aef")
	require.NoError(t, err)
	require.Equal(t, w.aef, got)
	_, err = w.tenants.BySlug(context.Background(), "none")
	require.ErrorIs(t, err, domain.ErrTenantUnknown)
	got, err = w.tenants.ByID(context.Background(), w.aef.ID)
	require.NoError(t, err)
	require.Equal(t, w.aef, got)
	_, err = w.tenants.ByID(context.Background(), uuid.New())
	require.ErrorIs(t, err, domain.ErrTenantUnknown)
	again := w.aef
	again.ID = uuid.New()
	require.ErrorIs(t, w.tenants.Insert(context.Background(), again), domain.ErrTenantTaken)

	m := domain.Membership{UserID: w.alice.ID, TenantID: w.aef.ID, TenantSlug: "aef", Status: domain.MembershipActive, BaseRole: "member", CreatedAt: now}
	require.NoError(t, w.memberships.Put(w.ctx, m))
	of, err := w.memberships.Of(w.ctx, w.alice.ID)
	require.NoError(t, err)
	require.Equal(t, &m, of)
	m.Status, m.BaseRole = domain.MembershipDisabled, "admin"
	require.NoError(t, w.memberships.Put(w.ctx, m), "a second time changes it")
	of, err = w.memberships.Of(w.ctx, w.alice.ID)
	require.NoError(t, err)
	require.Equal(t, &m, of)
	of, err = w.memberships.Of(in(w.gaming), w.alice.ID)
	require.NoError(t, err)
	require.Nil(t, of, "another tenant sees nothing of it")

	other := domain.Membership{UserID: w.alice.ID, TenantID: w.gaming.ID, TenantSlug: "gaming", Status: domain.MembershipActive, BaseRole: "member", CreatedAt: now}
	require.Error(t, w.memberships.Put(w.ctx, other), "nor can it be written from here")
	require.NoError(t, w.memberships.Put(in(w.gaming), other))
	of, err = w.memberships.Of(in(w.gaming), w.alice.ID)
	require.NoError(t, err)
	require.Equal(t, w.gaming.ID, of.TenantID)
	require.Error(t, w.memberships.Put(w.ctx, domain.Membership{UserID: uuid.New(), TenantID: w.aef.ID, Status: "active", BaseRole: "member", CreatedAt: now}), "of an unknown user")
}

// The second lock: even a query that forgets its tenant sees only one.
func TestRowLevelSecurityHolds(t *testing.T) {
	w := newWorld(t)
	for _, tenant := range []domain.Tenant{w.aef, w.gaming} {
		require.NoError(t, w.memberships.Put(in(tenant), domain.Membership{UserID: w.alice.ID, TenantID: tenant.ID, Status: "active", BaseRole: "member", CreatedAt: now}))
		link, _ := domain.NewMagicLink(uuid.New(), tenant.ID, &w.alice.ID, "browser", now)
		require.NoError(t, w.tx.Do(in(tenant), func(ctx context.Context) error { return store.MagicLinks{DB: w.db}.Insert(ctx, link) }))
	}
	for _, tenant := range []domain.Tenant{w.aef, w.gaming} {
		require.NoError(t, w.tx.Do(in(tenant), func(ctx context.Context) error {
			_, err := store.MailSubscriptions{DB: w.db}.End(ctx, domain.MailSubscription{Tenant: tenant.ID, User: w.alice.ID, Kind: "events.reminder"}, now)
			return err
		}))
	}
	for _, table := range []string{"memberships", "magic_links", "mail_unsubscriptions"} {
		var seen, changed int
		require.NoError(t, w.db.Do(w.ctx, func(ctx context.Context) error {
			if err := w.db.Conn(ctx).NewRaw("SELECT count(*) FROM "+table).Scan(ctx, &seen); err != nil {
				return err
			}
			res, err := w.db.Conn(ctx).NewRaw("UPDATE " + table + " SET created_at = now()").Exec(ctx)
			if err != nil {
				return err
			}
			n, err := res.RowsAffected()
			changed = int(n)
			return err
		}))
		require.Equal(t, 1, seen, table)
		require.Equal(t, 1, changed, table)
	}
	var unprotected []string
	require.NoError(t, w.db.Conn(w.ctx).NewRaw(`
		SELECT c.relname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE a.attname = 'tenant_id' AND c.relkind = 'r' AND n.nspname = 'public' AND NOT (c.relrowsecurity AND c.relforcerowsecurity)`).Scan(w.ctx, &unprotected))
	require.Empty(t, unprotected, "tables with a tenant_id and no policy")
}

func TestSessions(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	sessions := store.Sessions{DB: w.db}
	s, token := domain.NewSession(uuid.New(), w.alice.ID, domain.MethodPassword, domain.Origin{IP: "::1", UserAgent: "test"}, now)
	require.NoError(t, sessions.Insert(ctx, s))
	other, _ := domain.NewSession(uuid.New(), w.alice.ID, domain.MethodMagicLink, domain.Origin{}, now)
	require.NoError(t, sessions.Insert(ctx, other))

	got, user, err := sessions.ByToken(ctx, token.Hash())
	require.NoError(t, err)
	require.Equal(t, s, got)
	require.Equal(t, w.alice, user)
	_, _, err = sessions.ByToken(ctx, domain.NewSecret().Hash())
	require.ErrorIs(t, err, domain.ErrInvalidSession)

	renewed, next := s.Renew(domain.MethodPassword, domain.Origin{IP: "::2"}, now.Add(time.Minute))
	require.NoError(t, sessions.Renew(ctx, renewed))
	got, err = sessions.ByID(ctx, s.ID)
	require.NoError(t, err)
	require.Equal(t, renewed, got)
	_, _, err = sessions.ByToken(ctx, token.Hash())
	require.ErrorIs(t, err, domain.ErrInvalidSession, "the old token is worth nothing")
	token = next

	live, err := sessions.Live(ctx, w.alice.ID, now)
	require.NoError(t, err)
	require.ElementsMatch(t, []domain.Session{renewed, other}, live)
	ended, err := sessions.End(ctx, s.ID, "logout", now)
	require.NoError(t, err)
	require.True(t, ended)
	ended, err = sessions.End(ctx, s.ID, "again", now.Add(time.Hour))
	require.NoError(t, err)
	require.False(t, ended)
	got, _, err = sessions.ByToken(ctx, token.Hash())
	require.NoError(t, err)
	require.Equal(t, &now, got.RevokedAt, "the first time counts")
	require.ErrorIs(t, sessions.Renew(ctx, renewed), domain.ErrInvalidSession)
	live, err = sessions.Live(ctx, w.alice.ID, now)
	require.NoError(t, err)
	require.Equal(t, []domain.Session{other}, live)
	live, err = sessions.Live(ctx, w.alice.ID, other.ExpiresAt)
	require.NoError(t, err)
	require.Empty(t, live, "expired")
	_, err = sessions.ByID(ctx, uuid.New())
	require.ErrorIs(t, err, domain.ErrInvalidSession)

	var stored string
	require.NoError(t, w.db.Conn(ctx).NewRaw("SELECT string_agg(s::text, ' ') FROM sessions s").Scan(ctx, &stored))
	require.NotContains(t, stored, string(token), "the token itself is nowhere")
}

// clientKeys are keys of every algorithm.
func clientKeys(t *testing.T) []domain.ClientKey {
	t.Helper()
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	ed, _, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	rs, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	return []domain.ClientKey{
		{ID: "ec", Algorithm: domain.ES256, Public: ec.Public()}, {ID: "ed", Algorithm: domain.EdDSA, Public: ed}, {ID: "rs", Algorithm: domain.RS256, Public: rs.Public()},
	}
}

func TestClientsAndConsents(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	clients := store.Clients{DB: w.db}
	hash := domain.Secret("s").Hash()
	logo := "https://c.test/logo.png"
	c := domain.Client{
		ID: "c", Secrets: []domain.Hash{hash, domain.Secret("older").Hash()}, Name: "C", LogoURL: &logo, Redirects: []domain.RedirectRule{"https://c.test/"}, Scopes: []string{"openid"},
		PostLogout: []domain.RedirectRule{"https://c.test/bye"}, LogoutURI: "https://c.test/logout",
		GrantTypes: []string{domain.GrantCode}, FirstParty: true, Algorithm: domain.RS256, RegisteredAt: now,
		PKCEOptional: true, Keys: clientKeys(t), KeysURI: "https://c.test/jwks", Origins: []string{"https://app.c.test"}, DisabledAt: &now,
	}
	c.SetPairwise(true)
	changed, err := clients.Put(ctx, c)
	require.NoError(t, err)
	require.True(t, changed)
	later := c
	later.RegisteredAt = now.Add(time.Hour)
	changed, err = clients.Put(ctx, later)
	require.NoError(t, err)
	require.False(t, changed, "nothing is new about it")
	got, err := clients.ByID(ctx, "c")
	require.NoError(t, err)
	require.Equal(t, c, got)
	c.Name, c.Secrets = "D", nil
	changed, err = clients.Put(ctx, c)
	require.NoError(t, err)
	require.True(t, changed)
	got, err = clients.ByID(ctx, "c")
	require.NoError(t, err)
	require.Equal(t, c, got)
	_, err = clients.ByID(ctx, "none")
	require.ErrorIs(t, err, domain.ErrClientUnknown)
	added, err := clients.Add(ctx, c)
	require.NoError(t, err)
	require.False(t, added, "it is there")
	for _, id := range []string{"c2", "c3"} {
		another := c
		another.ID = id
		added, err = clients.Add(ctx, another)
		require.NoError(t, err)
		require.True(t, added)
	}
	require.NoError(t, store.Tx{DB: w.db}.Platform(ctx, func(ctx context.Context) error {
		got, err := clients.Lock(ctx, "c3")
		require.Equal(t, "c3", got.ID)
		return err
	}))
	first, err := clients.List(ctx, "D", page.Request{Limit: 2})
	require.NoError(t, err)
	require.Equal(t, []string{"c", "c2"}, idsOf(first.Items))
	second, err := clients.List(ctx, "d", page.Request{Limit: 2, Cursor: first.Next})
	require.NoError(t, err)
	require.Equal(t, []string{"c3"}, idsOf(second.Items))
	require.Empty(t, second.Next)
	found, err := clients.List(ctx, "C2", page.Request{})
	require.NoError(t, err)
	require.Equal(t, []string{"c2"}, idsOf(found.Items))
	found, err = clients.List(ctx, "%", page.Request{})
	require.NoError(t, err)
	require.Empty(t, found.Items, "a sign of patterns is a sign as any")
	require.NoError(t, clients.Delete(ctx, "c2"))
	require.ErrorIs(t, clients.Delete(ctx, "c2"), domain.ErrClientUnknown)

	consents := store.Consents{DB: w.db}
	scopes, err := consents.Of(ctx, w.alice.ID, "c")
	require.NoError(t, err)
	require.Nil(t, scopes)
	require.NoError(t, consents.Put(ctx, domain.Consent{UserID: w.alice.ID, ClientID: "c", Scopes: []string{"openid", "email"}}, now))
	require.NoError(t, consents.Put(ctx, domain.Consent{UserID: w.alice.ID, ClientID: "c", Scopes: []string{"openid", "profile"}}, now))
	scopes, err = consents.Of(ctx, w.alice.ID, "c")
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"openid", "email", "profile"}, scopes, "consent adds up")
}

func TestKeysAndMailsAreSealed(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	keys := store.Keys{DB: w.db, Seal: w.sealer}
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	k := domain.NewSigningKey("k1", domain.ES256, private, true, now)
	require.NoError(t, keys.Insert(ctx, k))
	all, err := keys.All(ctx)
	require.NoError(t, err)
	require.Len(t, all, 1)
	require.True(t, private.Equal(all[0].Private))
	require.Equal(t, k.SignsTo, all[0].SignsTo)

	der, err := x509.MarshalPKCS8PrivateKey(private)
	require.NoError(t, err)
	var stored []byte
	require.NoError(t, w.db.Conn(ctx).NewRaw("SELECT sealed FROM signing_keys").Scan(ctx, &stored))
	require.False(t, bytes.Contains(stored, der[len(der)-40:]))

	// a ciphertext belongs to its row, and needs its key
	_, err = w.db.Conn(ctx).NewRaw("UPDATE signing_keys SET id = 'k2'").Exec(ctx)
	require.NoError(t, err)
	_, err = keys.All(ctx)
	require.ErrorContains(t, err, "opening signing key k2")
	_, err = w.db.Conn(ctx).NewRaw("UPDATE signing_keys SET id = 'k1'").Exec(ctx)
	require.NoError(t, err)
	_, err = store.Keys{DB: w.db, Seal: newSealer(t, "b")}.All(ctx)
	require.ErrorContains(t, err, "not configured")
	require.NoError(t, keys.Delete(ctx, "k1"))
}

func TestLogoutNotices(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	_, err := store.Clients{DB: w.db}.Put(ctx, domain.Client{ID: "c", Name: "C", Redirects: []domain.RedirectRule{"https://c.test/"}, GrantTypes: []string{domain.GrantCode}, Algorithm: domain.ES256, RegisteredAt: now})
	require.NoError(t, err)
	s, _ := domain.NewSession(uuid.New(), w.alice.ID, domain.MethodPassword, domain.Origin{}, now)
	notices := store.LogoutNotices{DB: w.db}
	require.NoError(t, notices.Add(ctx, nil, now))
	n := domain.NewLogoutNotice(uuid.New(), "c", s, now)
	require.NoError(t, notices.Add(ctx, []domain.LogoutNotice{n}, now.Add(time.Second)))

	claim := func(at time.Time) []domain.LogoutNotice {
		t.Helper()
		got, err := notices.Claim(ctx, 10, time.Minute, at)
		require.NoError(t, err)
		return got
	}
	require.Empty(t, claim(now), "not due yet")
	n.Attempts = 1
	require.Equal(t, []domain.LogoutNotice{n}, claim(now.Add(time.Second)))
	require.Empty(t, claim(now.Add(time.Second)), "another instance is sending it")
	require.NoError(t, notices.Retry(ctx, n.ID, now.Add(2*time.Second)))
	n.Attempts = 2
	require.Equal(t, []domain.LogoutNotice{n}, claim(now.Add(2*time.Second)))
	require.Empty(t, claim(n.ExpiresAt), "too late")
	require.NoError(t, notices.Done(ctx, n.ID))
	require.Empty(t, claim(now.Add(3*time.Minute)))
}

func TestPruneDeletesExpiredRowsOnly(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	_, err := store.Clients{DB: w.db}.Put(ctx, domain.Client{ID: "c", Name: "C", Redirects: []domain.RedirectRule{"https://c.test/"}, GrantTypes: []string{domain.GrantCode}, Algorithm: domain.ES256, RegisteredAt: now})
	require.NoError(t, err)
	authorizations, grants, links := store.Authorizations{DB: w.db}, store.Grants{DB: w.db, Seal: w.sealer}, store.MagicLinks{DB: w.db}
	s, _ := domain.NewSession(uuid.New(), w.alice.ID, domain.MethodPassword, domain.Origin{}, now)
	require.NoError(t, store.Sessions{DB: w.db}.Insert(ctx, s))
	verifier := "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	challenge, err := domain.ChallengeOf(verifier)
	require.NoError(t, err)
	r := domain.AuthorizationRequest{
		Authorization: domain.Authorization{ClientID: "c", UserID: w.alice.ID, SessionID: s.ID, AuthTime: now, Scopes: []string{"openid"}},
		ID:            "r", RedirectURI: "https://c.test/", Challenge: challenge, ExpiresAt: now.Add(domain.AuthorizationRequestLifetime),
	}
	require.NoError(t, authorizations.InsertRequest(ctx, r))
	code, secret := r.Code(uuid.New(), r.Scopes, now)
	require.NoError(t, authorizations.InsertCode(ctx, code))
	refresh, _ := domain.NewRefreshToken(uuid.New(), now)
	_, _, ok, err := grants.Redeem(ctx, ports.Redemption{Code: secret.Hash(), ClientID: "c", RedirectURI: r.RedirectURI, Challenge: challenge, Now: now}, refresh)
	require.NoError(t, err)
	require.True(t, ok)
	link, token := domain.NewMagicLink(uuid.New(), w.aef.ID, &w.alice.ID, "browser", now)
	require.NoError(t, w.tx.Do(w.ctx, func(ctx context.Context) error { return links.Insert(ctx, link) }))

	cleanup := store.Cleanup{DB: w.db, Clock: w.clock}
	tables := []string{"oidc_requests", "oidc_codes", "oidc_grants", "magic_links"}
	w.clock.Set(now.Add(24 * time.Hour))
	require.NoError(t, cleanup.Prune(ctx))
	require.Equal(t, 4, w.rows(tables...), "a day after, replays are still recognised")
	w.clock.Set(now.Add(26 * time.Hour))
	require.NoError(t, cleanup.Prune(ctx))
	require.Zero(t, w.rows(tables...))
	require.Equal(t, 1, w.rows("sessions"))
	_, err = grants.Code(ctx, secret.Hash())
	require.ErrorIs(t, err, domain.ErrInvalidCode)
	_, err = links.ByToken(w.ctx, token.Hash())
	require.ErrorIs(t, err, domain.ErrLinkUnknown)
	w.clock.Set(now.Add(domain.SessionLifetime + 31*24*time.Hour))
	require.NoError(t, cleanup.Prune(ctx))
	require.Zero(t, w.rows("sessions"))
}

func TestMailSubscriptions(t *testing.T) {
	w := newWorld(t)
	subscriptions := store.MailSubscriptions{DB: w.db}
	alice := domain.MailSubscription{Tenant: w.aef.ID, User: w.alice.ID, Kind: "events.reminder"}
	guest := domain.MailRequest{Address: "guest@x.test", Kind: "events.reminder"}.Subscription(w.aef.ID)
	ended := func(ctx context.Context, s domain.MailSubscription) bool {
		t.Helper()
		ended, err := subscriptions.Ended(ctx, s)
		require.NoError(t, err)
		return ended
	}
	change := func(fn func(ctx context.Context) (bool, error)) (changed bool) {
		t.Helper()
		require.NoError(t, w.tx.Do(w.ctx, func(ctx context.Context) (err error) {
			changed, err = fn(ctx)
			return err
		}))
		return changed
	}
	for _, s := range []domain.MailSubscription{alice, guest} {
		end := func(ctx context.Context) (bool, error) { return subscriptions.End(ctx, s, now) }
		renew := func(ctx context.Context) (bool, error) { return subscriptions.Renew(ctx, s) }
		require.False(t, ended(w.ctx, s))
		require.False(t, change(renew))
		require.True(t, change(end))
		require.False(t, change(end), "a second time changes nothing")
		require.True(t, ended(w.ctx, s))
		other := s
		other.Kind = "events.invitation"
		require.False(t, ended(w.ctx, other), "another kind")
		require.False(t, ended(in(w.gaming), s), "another tenant")
		require.True(t, change(renew))
		require.False(t, ended(w.ctx, s))
		require.True(t, change(end))
	}
	require.False(t, ended(w.ctx, domain.MailSubscription{User: w.bob.ID, Kind: alice.Kind}), "another person")
	require.NoError(t, w.db.Do(pg.AcrossTenants(context.Background(), "test: erase an account"), func(ctx context.Context) error {
		_, err := w.db.Conn(ctx).NewRaw("DELETE FROM users WHERE id = ?", w.alice.ID).Exec(ctx)
		return err
	}))
	require.False(t, ended(w.ctx, alice), "it goes with the account")
	require.True(t, ended(w.ctx, guest))
}
