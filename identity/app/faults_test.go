package app_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/seal"
	"go.updspace.com/libs/signature"
	"go.updspace.com/libs/upload"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/tools/devkit/testkit/faults"
)

// scene is the use cases over what is stored: a member of a tenant who is signed in, and a client with a grant.
type scene struct {
	*app.App
	*stored
	keys        *app.Keys
	who         app.Current
	ctx         context.Context // of the user in the tenant
	form        string          // token of a form to sign in
	unsubscribe string          // token of a link that unsubscribes
	mailID      string          // the Message-ID of a mail that a service asked for
}

var reportSecret = signature.NewSecret()

func newScene(t testing.TB, f *faults.Faults) scene {
	clock := testkit.NewClock()
	now := clock.Now()
	sealer, err := seal.Parse(seal.NewKey("a"))
	require.NoError(t, err)
	user, err := domain.NewUser(uuid.New(), "alice@example.test", "Alice", true, now)
	user.PasswordHash = "hash"
	require.NoError(t, err)
	tenant, err := domain.NewTenant(uuid.New(), "aef", "AEF", now)
	require.NoError(t, err)
	session, _ := domain.NewSession(uuid.New(), user.ID, domain.MethodMagicLink, domain.Origin{}, now)
	authorization := domain.Authorization{ClientID: "portal", UserID: user.ID, SessionID: session.ID, Scopes: []string{"openid", domain.ScopeOffline}}
	link, _ := domain.NewMagicLink(uuid.New(), tenant.ID, &user.ID, "browser", now)
	grant := domain.Grant{Authorization: authorization, ID: uuid.New()}
	refresh, _ := domain.NewRefreshToken(grant.ID, now)
	s := &stored{
		Faults: f, user: user, known: true, session: session, visitor: user, tenant: tenant, link: link, grant: grant, refresh: refresh, fits: true, sealed: 2,
		membership: domain.Membership{UserID: user.ID, TenantID: tenant.ID, Status: domain.MembershipActive, BaseRole: domain.RoleMember},
		client: domain.Client{
			ID: "portal", Name: "Portal", Redirects: []domain.RedirectRule{"https://{tenant}.portal.test/cb"}, PostLogout: []domain.RedirectRule{"https://{tenant}.portal.test/"},
			LogoutURI: "https://portal.test/logout", GrantTypes: []string{domain.GrantCode, domain.GrantRefresh}, Algorithm: domain.ES256,
		},
		request: domain.AuthorizationRequest{Authorization: authorization, RedirectURI: "https://aef.portal.test/cb", ExpiresAt: now.Add(1)},
		code:    domain.Code{Authorization: authorization, ID: grant.ID, UsedAt: &now, RedirectURI: "https://aef.portal.test/cb"},
		images:  []domain.TenantImage{{ID: uuid.New()}}, mails: []ports.QueuedMail{{ID: uuid.New(), Requested: &ports.RequestedMail{}}},
	}
	recorder := app.Recorder{Log: storedLog{s}, Clock: clock}
	a := app.New(app.Deps{
		Tx: storedTx{s}, Users: storedUsers{s}, Accounts: storedAccounts{s}, Tenants: storedTenants{s}, Images: storedImages{s}, Closings: storedClosings{s}, Memberships: storedMemberships{s},
		Providers: steamOnly{s}, Flows: storedFlows{s}, Identities: storedIdentities{s}, AvatarRows: storedAvatars{s},
		Factors: storedFactors{s}, Passkeys: storedPasskeys{s}, Ceremonies: storedCeremonies{s}, Verifier: verifier{s}, Codes: drawer{s},
		Sessions: storedSessions{s}, Notices: storedNotices{s}, Sender: sender{s}, Links: storedLinks{s}, Clients: storedClients{s},
		Consents: storedConsents{s}, Requests: storedRequests{s}, Grants: storedGrants{s}, Signer: signer{s}, DemoData: storedDemo{s},
		UserConsents: storedUserConsents{s}, History: storedHistory{s}, AccountTokens: storedTokens{s}, Breached: leaked{}, Passwords: passwords{s}, Access: permitting{stored: s}, Blobs: storedBlobs{s}, Receiver: upload.Receiver{Types: plain{}, Pictures: plain{}},
		Pictures: plain{}, Limiter: unlimited{}, Stamps: seal.Stamps{Sealer: sealer}, Mails: storedMails{s}, Mailer: plainMailer{},
		Unsubscribed: storedUnsubscriptions{s}, Suppressed: storedSuppressions{s}, MailSecrets: []signature.Secret{reportSecret}, LinkTokens: seal.Tokens{Sealer: sealer},
		Events: publisher{s}, Recorder: recorder, Clock: clock, Log: slog.New(slog.DiscardHandler), Issuer: "https://id.test", RefreshGrace: time.Second, GatewayID: "portal",
		Onboarding: app.Onboarding{Registrations: storedRegistrations{s}, Claims: storedClaims{s}, Origin: func(slug string) string { return "https://" + slug + ".portal.test" }},
	})
	form, err := a.SignIn.FormToken(app.PurposeLogin)
	require.NoError(t, err)
	return scene{
		App: a, stored: s, keys: &app.Keys{Tx: storedTx{s}, Keys: storedKeys{s}, Recorder: recorder, Clock: clock},
		who: app.Current{User: user, Session: session}, form: form,
		mailID:      seal.Tokens{Sealer: sealer}.Issue("mail-id", domain.EncodeMailID(tenant.ID, uuid.New(), "events.reminder")) + "@example.test",
		unsubscribe: seal.Tokens{Sealer: sealer}.Issue("unsubscribe", domain.MailSubscription{Tenant: tenant.ID, User: user.ID, Kind: "events.reminder"}.Encode()),
		ctx:         reqctx.With(t.Context(), reqctx.Context{TenantID: tenant.ID, TenantSlug: tenant.Slug, UserID: user.ID}),
	}
}

// result leaves out what a use case returns besides its error.
func result[T any](_ T, err error) error { return err }

// A use case that cannot read or write what it needs fails, whatever that is.
func TestUseCasesFailWithWhatTheyCall(t *testing.T) {
	t.Parallel()
	const email = "alice@example.test"
	hinted := params(func(p *app.AuthorizationParams) { p.IDTokenHint = "hint" })
	verifier := strings.Repeat("v", 43)
	for name, use := range map[string]func(s scene) error{
		"read one's account in a tenant": func(s scene) error { _, _, err := s.Accounts.Me(s.ctx); return err },
		"create an account": func(s scene) error {
			return result(s.Accounts.Create(s.ctx, app.NewAccount{Email: email, DisplayName: "Alice", Password: "secret"}))
		},
		"take a report of a mail": func(s scene) error {
			body := []byte(`{"type":"email.bounced","data":{"to":["alice@example.test"],"message_id":"` + s.mailID + `","bounce":{"type":"permanent"}}}`)
			at := s.MailBounces.Clock.Now()
			return s.MailBounces.Receive(s.ctx, signature.Message{
				ID: "1", Timestamp: signature.Timestamp(at), Signature: signature.Sign([]signature.Secret{reportSecret}, "1", at, body), Body: body,
			})
		},
		"read whether an address takes mails": func(s scene) error { return result(s.MailBounces.Since(s.ctx, s.who.User)) },
		"send mails again":                    func(s scene) error { return s.MailBounces.Allow(s.ctx, s.who.User) },
		"have an operator send mails again":   func(s scene) error { return s.MailBounces.AllowAddress(s.ctx, email) },
		"rename an account":                   func(s scene) error { return s.Accounts.Rename(s.ctx, email, "Alice", "Liddell") },
		"prepare an authorization":            func(s scene) error { return result(s.Authorizations.Prepare(s.ctx, s.who, hinted)) },
		"begin an authorization": func(s scene) error {
			checked, _, err := s.Authorizations.Check(s.ctx, hinted)
			if err != nil {
				return err
			}
			_, _, err = s.Authorizations.Begin(s.ctx, s.who, checked, hinted)
			return err
		},
		"begin an authorization of an own client": func(s scene) error {
			s.client.FirstParty = true
			checked, _, err := s.Authorizations.Check(s.ctx, hinted)
			if err != nil {
				return err
			}
			_, _, err = s.Authorizations.Begin(s.ctx, s.who, checked, hinted)
			return err
		},
		"approve an authorization": func(s scene) error {
			return result(s.Authorizations.Approve(s.ctx, s.who, string(domain.NewSecret()), []string{"openid"}, true))
		},
		"deny an authorization": func(s scene) error { return result(s.Authorizations.Deny(s.ctx, s.who, string(domain.NewSecret()))) },
		"authenticate a client": func(s scene) error { return result(s.Clients.Authenticate(s.ctx, "portal", "")) },
		"register a client":     func(s scene) error { return s.Clients.Register(s.ctx, s.client) },
		"list clients":          func(s scene) error { return result(s.Clients.List(s.operator(), "", page.Request{})) },
		"read a client":         func(s scene) error { return result(s.Clients.Get(s.operator(), "wiki")) },
		"add a client": func(s scene) error {
			_, _, err := s.Clients.Add(s.operator(), "wiki", domain.ClientEdit{Name: new("Wiki"), Redirects: &[]string{"https://wiki.test/cb"}})
			return err
		},
		"change a client": func(s scene) error {
			_, _, err := s.Clients.Edit(s.operator(), "wiki", domain.ClientEdit{Name: new("Wiki")})
			return err
		},
		"add a secret": func(s scene) error {
			s.client = confidential(s.client)
			_, _, err := s.Clients.AddSecret(s.operator(), "wiki")
			return err
		},
		"retire a secret": func(s scene) error {
			s.client = confidential(confidential(s.client))
			return result(s.Clients.RetireSecret(s.operator(), "wiki"))
		},
		"disable a client":   func(s scene) error { return result(s.Clients.Disable(s.operator(), "wiki")) },
		"enable a client":    func(s scene) error { return result(s.Clients.Enable(s.operator(), "wiki")) },
		"delete a client":    func(s scene) error { return s.Clients.Delete(s.operator(), "wiki") },
		"check a target":     func(s scene) error { return s.Clients.CheckTarget(s.ctx, "portal", "https://aef.portal.test/x", "aef") },
		"look for demo data": func(s scene) error { return s.Demo.Refuse(s.ctx) },
		"make demo data": func(s scene) error {
			s.known = false
			user := app.DemoUser{NewAccount: app.NewAccount{Email: email, DisplayName: "Alice"}, Status: domain.StatusSuspended, Roles: map[string]string{"aef": domain.RoleMember}}
			return s.Demo.Seed(s.ctx, []app.DemoTenant{{ID: s.tenant.ID, Slug: "aef", Card: domain.TenantEdit{Name: &s.tenant.Name}}}, []app.DemoUser{user})
		},
		"make signing keys": func(s scene) error { return s.keys.Ensure(s.ctx) },
		"seal signing keys": func(s scene) error { return result(s.keys.Reseal(s.operator())) },
		"list keys":         func(s scene) error { return result(s.keys.List(s.operator())) },
		"rotate a signing key": func(s scene) error {
			s.signing = []domain.SigningKey{domain.NewSigningKey("k1", domain.ES256, nil, true, s.session.CreatedAt)}
			return s.keys.Rotate(s.operator(), domain.ES256)
		},
		"withdraw a signing key": func(s scene) error {
			s.signing = []domain.SigningKey{domain.NewSigningKey("k1", domain.ES256, nil, true, s.session.CreatedAt)}
			return s.keys.Retire(s.operator(), "k1")
		},
		"find a signing key": func(s scene) error { _, _, err := s.keys.Find(s.ctx, "x"); return err },
		"check a sign-out": func(s scene) error {
			return result(s.SignOut.CheckLogout(s.ctx, app.LogoutParams{IDTokenHint: "hint", RedirectURI: "https://aef.portal.test/"}))
		},
		"end a session":          func(s scene) error { return s.SignOut.EndByID(s.ctx, s.session.ID, app.Ending{}) },
		"sign clients out again": func(s scene) error { return s.SignOut.Retry(s.ctx) },
		"ask for a link": func(s scene) error {
			return result(s.MagicLinks.Request(s.ctx, app.LinkRequest{Email: email, RedirectTo: "https://aef.portal.test/x", Browser: "browser"}, domain.Origin{}))
		},
		"preview a link": func(s scene) error { return result(s.MagicLinks.Preview(s.ctx, "token", "browser")) },
		"use a link":     func(s scene) error { return result(s.MagicLinks.Exchange(s.ctx, "token", "browser", domain.Origin{})) },
		"send mails":     func(s scene) error { return s.Mails.Send(s.ctx) },
		"queue a mail of another service": func(s scene) error {
			return s.MailRequests.Queue(s.ctx, reminder(s.user.ID, s.session.CreatedAt.Add(time.Hour)))
		},
		"refuse a mail that is too late": func(s scene) error { return s.MailRequests.Queue(s.ctx, reminder(s.user.ID, s.session.CreatedAt)) },
		"read a link that unsubscribes":  func(s scene) error { return result(s.MailSubscriptions.Find(s.ctx, s.unsubscribe)) },
		"unsubscribe":                    func(s scene) error { return result(s.MailSubscriptions.End(s.ctx, s.unsubscribe)) },
		"subscribe again":                func(s scene) error { return result(s.MailSubscriptions.Renew(s.ctx, s.unsubscribe)) },
		"read one's account":             func(s scene) error { return result(s.Own.Account(s.ctx, s.user.ID)) },
		"edit one's account": func(s scene) error {
			return result(s.Own.Edit(s.ctx, s.user.ID, domain.ProfileEdit{DisplayName: new("Al")}))
		},
		"set one's preferences": func(s scene) error {
			return result(s.Own.Prefer(s.ctx, s.user.ID, domain.PreferencesEdit{Language: new("ru")}))
		},
		"list one's sessions":        func(s scene) error { return result(s.Own.ListSessions(s.ctx, s.who)) },
		"end a session of one's own": func(s scene) error { return s.Own.EndSession(s.ctx, s.who, s.session.ID, "") },
		"end one's other sessions": func(s scene) error {
			s.session.ID = uuid.New()
			return result(s.Own.EndOthers(s.ctx, s.who, ""))
		},
		"sign out": func(s scene) error { return s.Sessions.EndQuietly(s.ctx, domain.Origin{}, "token") },
		"sign in again": func(s scene) error {
			return result(s.SignIn.WithPassword(s.ctx, app.Credentials{Email: email, Password: "secret", FormToken: s.form, Previous: "token"}, domain.Origin{}))
		},
		"sign in after another user": func(s scene) error {
			s.visitor.ID = uuid.New()
			s.session.UserID = s.visitor.ID
			return result(s.SignIn.WithPassword(s.ctx, app.Credentials{Email: email, Password: "secret", FormToken: s.form, Previous: "token"}, domain.Origin{}))
		},
		"edit the card of a tenant": func(s scene) error {
			return result(s.TenantCards.Edit(s.ctx, s.tenant.Version, domain.TenantEdit{Description: new("We play.")}))
		},
		"set a logo": func(s scene) error {
			before := uuid.New()
			s.tenant.LogoID = &before
			return result(s.TenantCards.SetImage(s.ctx, domain.ImageLogo, strings.NewReader("picture")))
		},
		"remove a cover": func(s scene) error {
			before := uuid.New()
			s.tenant.CoverID = &before
			return result(s.TenantCards.RemoveImage(s.ctx, domain.ImageCover))
		},
		"show a logo": func(s scene) error {
			logo := uuid.New()
			s.tenant.LogoID = &logo
			_, _, err := s.TenantCards.Image(s.ctx, "aef", domain.ImageLogo)
			return err
		},
		"set one's picture": func(s scene) error {
			return result(s.Avatars.Set(s.ctx, s.who, strings.NewReader("picture"), ""))
		},
		"remove one's picture": func(s scene) error {
			before := uuid.New()
			s.user.AvatarID = &before
			return result(s.Avatars.Remove(s.ctx, s.who, ""))
		},
		"show a picture": func(s scene) error {
			_, _, err := s.Avatars.Open(s.ctx, uuid.New())
			return err
		},
		"remove unused pictures of accounts": func(s scene) error { return result(s.Avatars.Sweep(s.ctx)) },
		"remove unused pictures":             func(s scene) error { return result(s.TenantCards.Sweep(s.ctx)) },
		"create a tenant":                    func(s scene) error { return result(s.Tenants.Create(s.ctx, uuid.Nil, "gaming", "Gaming")) },
		"list tenants":                       func(s scene) error { return result(s.Tenants.List(s.operator(), ports.TenantFilter{}, page.Request{})) },
		"read a tenant":                      func(s scene) error { return result(s.Tenants.Open(s.ctx, "aef")) },
		"close a tenant":                     func(s scene) error { return result(s.Tenants.Close(s.operator(), "aef", "")) },
		"see a tenant":                       func(s scene) error { return result(s.Tenants.Get(s.operator(), "aef")) },
		"found a tenant": func(s scene) error {
			return s.Tenants.Found(s.operator(), "gaming", "Gaming", email, domain.TenantEdit{})
		},
		"tell members of a closing": func(s scene) error { return s.Tenants.TellClosings(s.ctx) },
		"reopen a tenant": func(s scene) error {
			s.tenant.ClosedAt = &s.user.CreatedAt
			return result(s.Tenants.Reopen(s.operator(), "aef", ""))
		},
		"change a tenant": func(s scene) error {
			return result(s.Tenants.Edit(s.operator(), "aef", s.tenant.Version, domain.TenantEdit{Name: new("Other")}))
		},
		"rename a tenant":          func(s scene) error { return s.Tenants.Rename(s.operator(), "aef", "Other") },
		"begin to link an account": func(s scene) error { return result(s.Linking.Begin(s.ctx, s.who, "steam", "/account")) },
		"link an account":          func(s scene) error { return s.linkSteam() },
		"link an account again": func(s scene) error {
			s.identities = []domain.ExternalIdentity{{Provider: "steam", ExternalAccount: domain.ExternalAccount{Subject: "76561197960287930"}}}
			return s.linkSteam()
		},
		"begin to sign in with a linked account": func(s scene) error {
			_, _, err := s.ExternalSignIn.Begin(s.ctx, "", "steam", "/account", domain.Origin{})
			return err
		},
		"sign in with a linked account": func(s scene) error { return s.signInWithSteam() },
		"show a linked account before a code": func(s scene) error {
			s.factors = domain.Factors{TOTP: true}
			return s.signInWithSteam()
		},
		"show a code after a linked account": func(s scene) error {
			s.factors = domain.Factors{TOTP: true}
			s.identities = []domain.ExternalIdentity{{UserID: s.user.ID, Provider: "steam"}}
			return result(s.ExternalSignIn.SecondStep(s.ctx, "pending", app.Credentials{Code: s.appCode()}, domain.Origin{}))
		},
		"list one's linked accounts": func(s scene) error { return result(s.Linking.List(s.ctx, s.user.ID)) },
		"unlink an account":          func(s scene) error { return s.Linking.Unlink(s.ctx, s.who, "steam", "") },
		"make a member who has linked an account": func(s scene) error {
			s.identities = []domain.ExternalIdentity{{Provider: "steam"}}
			return s.Tenants.SetMembership(s.ctx, "aef", email, domain.RoleMember, domain.MembershipActive)
		},
		"disable a membership": func(s scene) error {
			return s.Tenants.SetMembership(s.ctx, "aef", email, domain.RoleMember, domain.MembershipDisabled)
		},
		"say how one signs in": func(s scene) error { return result(s.Factors.Status(s.ctx, s.who)) },
		"list how one signs in": func(s scene) error {
			s.factors.TOTP = true
			_, _, err := s.Factors.Ways(s.ctx, s.user.ID)
			return err
		},
		"begin to set up an app": func(s scene) error { return result(s.Factors.BeginTOTP(s.ctx, s.who)) },
		"set up an app":          func(s scene) error { return result(s.Factors.ConfirmTOTP(s.ctx, s.who, s.appCode(), "")) },
		"remove an app":          func(s scene) error { return s.Factors.DisableTOTP(s.ctx, s.who, "") },
		"replace recovery codes": func(s scene) error {
			s.factors.Passkeys = 1
			return result(s.Factors.RegenerateCodes(s.ctx, s.who, ""))
		},
		"list passkeys":                   func(s scene) error { return result(s.Passkeys.List(s.ctx, s.user.ID)) },
		"begin a passkey":                 func(s scene) error { return result(s.Passkeys.Begin(s.ctx, s.who, true)) },
		"complete a passkey":              func(s scene) error { return result(s.Passkeys.Complete(s.ctx, s.who, "Phone", nil, "")) },
		"rename a passkey":                func(s scene) error { return s.Passkeys.Rename(s.ctx, s.who, uuid.New(), "Phone", "") },
		"remove a passkey":                func(s scene) error { return s.Passkeys.Remove(s.ctx, s.who, []uuid.UUID{s.withPasskey()}, "") },
		"begin to sign in with a passkey": func(s scene) error { return result(s.SignIn.BeginPasskey(s.ctx, domain.Origin{})) },
		"sign in with a passkey": func(s scene) error {
			return result(s.SignIn.WithPasskey(s.ctx, []byte("answer"), "token", "", domain.Origin{}))
		},
		"sign in with a code": func(s scene) error {
			s.factors = domain.Factors{TOTP: true}
			return result(s.SignIn.WithPassword(s.ctx, app.Credentials{Email: email, Password: "secret", FormToken: s.form, Code: s.appCode()}, domain.Origin{}))
		},
		"sign in with a recovery code": func(s scene) error {
			s.factors = domain.Factors{Passkeys: 1, RecoveryCodes: 1}
			return result(s.SignIn.WithPassword(s.ctx, app.Credentials{Email: email, Password: "secret", FormToken: s.form, Code: "aaaa-bbbb-cccc"}, domain.Origin{}))
		},
		"sign in with a passkey as second step": func(s scene) error {
			s.factors = domain.Factors{Passkeys: 1, RecoveryCodes: 1}
			return result(s.SignIn.WithPassword(s.ctx, app.Credentials{Email: email, Password: "secret", FormToken: s.form, Passkey: []byte("answer")}, domain.Origin{}))
		},
		"ask what confirms": func(s scene) error {
			s.withPasskey()
			_, _, err := s.StepUp.Begin(s.ctx, s.who)
			return err
		},
		"confirm with a password": func(s scene) error {
			return s.StepUp.Confirm(s.ctx, s.who, app.Evidence{Password: "secret"}, domain.Origin{})
		},
		"confirm with a passkey": func(s scene) error {
			return s.StepUp.Confirm(s.ctx, s.who, app.Evidence{Passkey: []byte("answer")}, domain.Origin{})
		},
		"redeem a code": func(s scene) error {
			return result(s.Tokens.Redeem(s.ctx, s.client, app.CodeExchange{Code: "code", RedirectURI: "https://aef.portal.test/cb", Verifier: verifier}))
		},
		"refresh tokens": func(s scene) error { return result(s.Tokens.Refresh(s.ctx, s.client, "refresh", "")) },
		"refresh tokens again": func(s scene) error {
			s.refresh.UsedAt = new(s.Tokens.Clock.Now())
			return result(s.Tokens.Refresh(s.ctx, s.client, "refresh", ""))
		},
		"list applications":          func(s scene) error { return result(s.Own.Apps(s.ctx, s.user.ID)) },
		"revoke an application":      func(s scene) error { return s.Own.RevokeApp(s.ctx, s.user.ID, "wiki") },
		"read the user of a token":   func(s scene) error { return result(s.Tokens.Userinfo(s.ctx, "access")) },
		"introspect an access token": func(s scene) error { return result(s.Tokens.Introspect(s.ctx, confidential(s.client), "access")) },
		"introspect a refresh token": func(s scene) error { return result(s.Tokens.Introspect(s.ctx, confidential(s.client), "refresh")) },
		"revoke a token":             func(s scene) error { return s.Tokens.Revoke(s.ctx, s.client, "refresh") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			faults.Each(t, func(f *faults.Faults) func() error {
				s := newScene(t, f)
				return func() error { return use(s) }
			})
		})
	}
	for name, use := range administration {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			faults.Each(t, func(f *faults.Faults) func() error {
				s := newScene(t, f)
				return func() error { return use(s) }
			})
		})
	}
	for name, c := range accountUses {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			faults.Each(t, func(f *faults.Faults) func() error {
				s := newScene(t, f)
				return func() error { return c.use(s) }
			})
		})
	}
}

// operator is the context of a command.
func (s scene) operator() context.Context { return audit.AsOperator(s.ctx, "") }

// appCode is the code that the app of the user shows.
func (s scene) appCode() string { return domain.TOTPCode(seed, domain.TOTPStep(s.session.CreatedAt)) }

// withPasskey gives the user a passkey.
func (s scene) withPasskey() uuid.UUID {
	p := domain.Passkey{ID: uuid.New(), UserID: s.user.ID}
	s.passkeys = []domain.Passkey{p}
	return p.ID
}

// reminder is a mail that another service asks for.
func reminder(user uuid.UUID, expires time.Time) domain.MailRequest {
	return domain.MailRequest{
		ID: uuid.New(), User: user, Kind: "events.reminder", ExpiresAt: expires,
		Contents: []domain.MailContent{{Language: "en", Subject: "Raid", Text: "Soon."}},
	}
}

// confidential returns a client with a secret.
func confidential(c domain.Client) domain.Client {
	c.Secrets = append([]domain.Hash{domain.NewSecret().Hash()}, c.Secrets...)
	return c
}

// A code that was used before ends the grant that it gave, also when its second use would have been refused anyway.
func TestACodeThatIsReplayedEndsItsGrant(t *testing.T) {
	t.Parallel()
	faults.Each(t, func(f *faults.Faults) func() error {
		s := newScene(t, f)
		s.fits = false
		return func() error {
			_, err := s.Tokens.Redeem(s.ctx, s.client, app.CodeExchange{Code: "code", RedirectURI: "https://aef.portal.test/cb", Verifier: strings.Repeat("v", 43)})
			if errors.Is(err, domain.ErrInvalidCode) {
				return nil
			}
			return err
		}
	})
}
