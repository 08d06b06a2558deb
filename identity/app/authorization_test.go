package app_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/ratelimit"
	"go.updspace.com/libs/seal"
	"go.updspace.com/tools/devkit/testkit"
)

const challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"

// clients is the storage of clients in memory. It counts how often it is read.
type clients struct {
	ports.Clients // of which these tests call no more than is below
	stored        map[string]domain.Client
	reads         int
}

func (c *clients) ByID(_ context.Context, id string) (domain.Client, error) {
	c.reads++
	client, ok := c.stored[id]
	if !ok {
		return domain.Client{}, domain.ErrClientUnknown
	}
	return client, nil
}

func (c *clients) Put(_ context.Context, client domain.Client) (bool, error) {
	c.stored[client.ID] = client
	return true, nil
}

func (c *clients) Browsers(context.Context, int) (browsers []domain.Client, err error) {
	for _, client := range c.stored {
		if client.Public() {
			browsers = append(browsers, client)
		}
	}
	return browsers, nil
}

func (c *clients) UseAssertion(context.Context, domain.Hash, time.Time) (bool, error) {
	return true, nil
}

// tenants knows one community.
type tenants struct{ ports.Tenants }

func (tenants) BySlug(_ context.Context, slug string) (domain.Tenant, error) {
	if slug != "aef" {
		return domain.Tenant{}, domain.ErrTenantUnknown
	}
	return domain.Tenant{Slug: slug}, nil
}

func (t tenants) Any(ctx context.Context, slug string) (domain.Tenant, error) {
	return t.BySlug(ctx, slug)
}

// hints reads ID tokens that are written as the client's id, a space and the user's id.
type hints struct{ ports.TokenSigner }

func (hints) ReadHint(_ context.Context, token string) (ports.IDHint, error) {
	client, user, ok := strings.Cut(token, " ")
	if !ok {
		return ports.IDHint{}, domain.ErrInvalidToken
	}
	return ports.IDHint{ClientID: client, Subject: uuid.MustParse(user)}, nil
}

type auditLog struct{ entries []audit.Entry }

func (l *auditLog) Write(_ context.Context, entries ...audit.Entry) error {
	l.entries = append(l.entries, entries...)
	return nil
}

// world is the use cases over memory, with one client.
type world struct {
	*app.App
	clock   *testkit.Clock
	clients *clients
	log     *auditLog
}

func newWorld(t *testing.T) world {
	t.Helper()
	sealer, err := seal.Parse(seal.NewKey("a"))
	require.NoError(t, err)
	w := world{clock: testkit.NewClock(), log: &auditLog{}, clients: &clients{stored: map[string]domain.Client{"portal": {
		ID: "portal", Name: "Portal", Redirects: []domain.RedirectRule{"https://{tenant}.portal.test/cb", "https://portal.test/cb"},
		GrantTypes: []string{domain.GrantCode}, Algorithm: domain.ES256,
	}}}}
	w.App = app.New(app.Deps{
		Clients: w.clients, Tenants: tenants{}, Signer: hints{}, Stamps: seal.Stamps{Sealer: sealer}, Clock: w.clock,
		Recorder: app.Recorder{Log: w.log, Clock: w.clock}, Issuer: "https://id.test", GatewayID: "portal",
	})
	return w
}

func params(change ...func(*app.AuthorizationParams)) app.AuthorizationParams {
	p := app.AuthorizationParams{
		ClientID: "portal", RedirectURI: "https://aef.portal.test/cb", ResponseType: "code", Scope: "openid email", State: "s", Nonce: "n",
		CodeChallenge: challenge, CodeChallengeMethod: "S256",
	}
	for _, c := range change {
		c(&p)
	}
	return p
}

func TestAuthorizationParamsAreRead(t *testing.T) {
	t.Parallel()
	p := app.ParseAuthorizationParams(url.Values{
		"client_id": {"1"}, "redirect_uri": {"2"}, "response_type": {"3"}, "response_mode": {"4"}, "scope": {"5"}, "state": {"6"}, "nonce": {"7"},
		"code_challenge": {"8"}, "code_challenge_method": {"9"}, "prompt": {"login consent"}, "max_age": {"11"}, "id_token_hint": {"12"},
		"login_hint": {"13"}, "request": {"14"}, "request_uri": {"15"}, "demand": {"16"}, "resource": {"a", "b"},
	})
	require.Equal(t, app.AuthorizationParams{
		ClientID: "1", RedirectURI: "2", ResponseType: "3", ResponseMode: "4", Scope: "5", State: "6", Nonce: "7", CodeChallenge: "8",
		CodeChallengeMethod: "9", Prompt: "login consent", MaxAge: "11", IDTokenHint: "12", LoginHint: "13", Request: "14", RequestURI: "15", Demand: "16",
	}, p)
	require.True(t, p.Prompts("consent"))
	require.False(t, p.Prompts("log"))
	require.Equal(t, "state", app.ParseAuthorizationParams(url.Values{"state": {"a", "a"}}).Repeated)
}

func TestRequestsAreHeldAgainstTheClient(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	user := uuid.New()
	checked, deliverable, err := w.Authorizations.Check(t.Context(), params(func(p *app.AuthorizationParams) { p.IDTokenHint = "portal " + user.String() }))
	require.NoError(t, err)
	require.True(t, deliverable)
	require.Equal(t, user, checked.Hinted)
	require.Equal(t, domain.AuthorizationRequest{
		Authorization: domain.Authorization{ClientID: "portal", Scopes: []string{"openid", "email"}, Nonce: "n"},
		RedirectURI:   "https://aef.portal.test/cb", State: "s", Challenge: challenge,
	}, checked.Request)

	type p = app.AuthorizationParams
	for name, c := range map[string]struct {
		spoil       func(*p)
		deliverable bool
		want        error
	}{
		"unknown client":          {func(p *p) { p.ClientID = "other" }, false, domain.ErrClientUnknown},
		"no client id":            {func(p *p) { p.ClientID = "a b" }, false, domain.ErrClientUnknown},
		"unknown address":         {func(p *p) { p.RedirectURI = "https://evil.test/cb" }, false, domain.ErrRedirectTarget},
		"unknown tenant":          {func(p *p) { p.RedirectURI = "https://other.portal.test/cb" }, false, domain.ErrRedirectTarget},
		"two clients":             {func(p *p) { p.Repeated = "client_id" }, false, domain.ErrRedirectTarget},
		"two addresses":           {func(p *p) { p.Repeated = "redirect_uri" }, false, domain.ErrRedirectTarget},
		"control in state":        {func(p *p) { p.State = "\x00" }, false, domain.ErrOAuthRequest},
		"two scopes":              {func(p *p) { p.Repeated = "scope" }, true, domain.ErrOAuthRequest},
		"request object":          {func(p *p) { p.Request = "x" }, true, domain.ErrRequestObject},
		"request address":         {func(p *p) { p.RequestURI = "x" }, true, domain.ErrRequestURI},
		"implicit":                {func(p *p) { p.ResponseType = "token" }, true, domain.ErrResponseType},
		"fragment":                {func(p *p) { p.ResponseMode = "fragment" }, true, domain.ErrOAuthRequest},
		"none and login":          {func(p *p) { p.Prompt = "none login" }, true, domain.ErrOAuthRequest},
		"max_age in words":        {func(p *p) { p.MaxAge = "old" }, true, domain.ErrOAuthRequest},
		"negative max_age":        {func(p *p) { p.MaxAge = "-1" }, true, domain.ErrOAuthRequest},
		"no PKCE":                 {func(p *p) { p.CodeChallenge = "" }, true, domain.ErrPKCERequired},
		"plain PKCE":              {func(p *p) { p.CodeChallengeMethod = "plain" }, true, domain.ErrPKCEMethod},
		"no openid":               {func(p *p) { p.Scope = "email" }, true, domain.ErrInvalidScope},
		"no ID token":             {func(p *p) { p.IDTokenHint = "x" }, true, domain.ErrOAuthRequest},
		"another client's token":  {func(p *p) { p.IDTokenHint = "other " + user.String() }, true, domain.ErrOAuthRequest},
		"mode query is answered":  {func(p *p) { p.ResponseMode = "query" }, true, nil},
		"no max_age is answered":  {func(p *p) { p.MaxAge = "0" }, true, nil},
		"prompt none is answered": {func(p *p) { p.Prompt = "none" }, true, nil},
		"not per tenant":          {func(p *p) { p.RedirectURI = "https://portal.test/cb" }, true, nil},
	} {
		_, deliverable, err := w.Authorizations.Check(t.Context(), params(c.spoil))
		require.ErrorIs(t, err, c.want, name)
		require.Equal(t, c.deliverable, deliverable, name)
	}
	w.clients.stored["refresher"] = domain.Client{ID: "refresher", Redirects: []domain.RedirectRule{"https://aef.portal.test/cb"}, GrantTypes: []string{domain.GrantRefresh}}
	_, deliverable, err = w.Authorizations.Check(t.Context(), params(func(p *p) { p.ClientID = "refresher" }))
	require.ErrorIs(t, err, domain.ErrClientGrantType)
	require.True(t, deliverable)
}

func TestWhenTheUserMustSignInAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	alice := app.Current{User: domain.User{ID: uuid.New()}, Session: domain.Session{AuthTime: w.clock.Now()}}
	checked := app.Checked{}
	needs := func(p app.AuthorizationParams, found bool) bool {
		t.Helper()
		needed, err := w.Authorizations.NeedsSignIn(t.Context(), checked, p, alice, found)
		require.NoError(t, err)
		return needed
	}
	require.True(t, needs(params(), false))
	require.False(t, needs(params(), true))
	aged := params(func(p *app.AuthorizationParams) { p.MaxAge = "60" })
	w.clock.Advance(time.Minute)
	require.False(t, needs(aged, true))
	w.clock.Advance(time.Second)
	require.True(t, needs(aged, true))
	for _, change := range []func(*app.AuthorizationParams){
		func(p *app.AuthorizationParams) { p.Prompt = "login" },
		func(p *app.AuthorizationParams) { p.Prompt = "consent select_account" },
		func(p *app.AuthorizationParams) { p.MaxAge = "0" },
	} {
		p := params(change)
		require.True(t, needs(p, true))
		p.Demand = w.Authorizations.Stamp(p)
		require.True(t, needs(p, true), "the user has not signed in since")
		w.clock.Advance(time.Second)
		alice.Session.AuthTime = w.clock.Now()
		require.False(t, needs(p, true))
		other := p
		other.State = "another request"
		require.True(t, needs(other, true), "a stamp is of one request")
		w.clock.Advance(domain.AuthorizationRequestLifetime)
		require.True(t, needs(p, true), "a stamp does not last")
	}

	checked.Hinted = uuid.New()
	hinted := params()
	require.True(t, needs(hinted, true), "another user is expected")
	hinted.Demand = w.Authorizations.Stamp(hinted)
	alice.Session.AuthTime = w.clock.Now()
	_, err := w.Authorizations.NeedsSignIn(t.Context(), checked, hinted, alice, true)
	require.ErrorIs(t, err, domain.ErrLoginRequired, "and has not come")
	checked.Hinted = alice.User.ID
	require.False(t, needs(params(), true))

	silent := params(func(p *app.AuthorizationParams) { p.Prompt = "none" })
	_, err = w.Authorizations.NeedsSignIn(t.Context(), checked, silent, alice, false)
	require.ErrorIs(t, err, domain.ErrLoginRequired)
	require.False(t, needs(silent, true))
}

func TestErrorsHaveTheirOAuthNames(t *testing.T) {
	t.Parallel()
	for err, want := range map[error]string{
		domain.ErrInvalidClient: "invalid_client", domain.ErrInvalidCode: "invalid_grant", domain.ErrCodeExpired: "invalid_grant",
		domain.ErrCodeRedirect: "invalid_grant", domain.ErrInvalidPKCE: "invalid_grant", domain.ErrInvalidRefresh: "invalid_grant",
		domain.ErrAccountSuspended: "invalid_grant", domain.ErrAccountBanned: "invalid_grant", domain.ErrAccountNotActive: "invalid_grant",
		domain.ErrEmailNotVerified: "invalid_grant", domain.ErrGrantType: "unsupported_grant_type", domain.ErrClientGrantType: "unauthorized_client",
		domain.ErrResponseType: "unsupported_response_type", domain.ErrInvalidScope: "invalid_scope", domain.ErrRequestObject: "request_not_supported",
		domain.ErrRequestURI: "request_uri_not_supported", domain.ErrLoginRequired: "login_required", domain.ErrConsentRequired: "consent_required",
		domain.ErrAccessDenied: "access_denied", domain.ErrPKCERequired: "invalid_request", domain.ErrPKCEMethod: "invalid_request",
		domain.ErrOAuthRequest: "invalid_request", domain.ErrBusy: "temporarily_unavailable", errs.New(errs.Timeout, "", ""): "temporarily_unavailable",
		errs.New(errs.TooLarge, "", ""): "invalid_request", errs.New(errs.Invalid, "", ""): "invalid_request", errors.New("broken"): "server_error",
	} {
		require.Equal(t, want, app.OAuthError(err), "%v", err)
		require.Equal(t, want, app.OAuthError(fmt.Errorf("wrapped: %w", err)), "%v", err)
	}
}

func TestRefusalsSayWhatIsPublic(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := domain.AuthorizationRequest{RedirectURI: "https://portal.test/cb", State: "s"}
	for err, want := range map[error]url.Values{
		domain.ErrAccessDenied:     {"error": {"access_denied"}, "error_description": {"The user has refused."}},
		errors.New("secret cause"): {"error": {"server_error"}, "error_description": {"The request could not be answered."}},
		errs.Internalf("secret"):   {"error": {"server_error"}, "error_description": {"The request could not be answered."}},
	} {
		target, refuseErr := w.Authorizations.Refuse(r, err)
		require.NoError(t, refuseErr)
		u, parseErr := url.Parse(target)
		require.NoError(t, parseErr)
		want.Set("state", "s")
		want.Set("iss", "https://id.test")
		require.Equal(t, want, u.Query())
	}
}

func TestClientsAreReadNowAndThen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	find := func() { t.Helper(); _, err := w.Clients.Find(t.Context(), "portal"); require.NoError(t, err) }
	find()
	w.clock.Advance(15*time.Second - 1)
	find()
	require.Equal(t, 1, w.clients.reads)
	w.clock.Advance(time.Microsecond)
	find()
	require.Equal(t, 2, w.clients.reads)
	w.clock.Advance(-time.Hour)
	find()
	require.Equal(t, 3, w.clients.reads, "after the clock was set back nothing is fresh")
	client := w.clients.stored["portal"]
	client.Name = "New"
	require.NoError(t, w.Clients.Register(t.Context(), client))
	find()
	require.Equal(t, 4, w.clients.reads, "what was registered here is seen at once")
	require.Equal(t, w.clock.Now(), w.clients.stored["portal"].RegisteredAt)
	require.Equal(t, []audit.Entry{{
		At: w.clock.Now(), Action: domain.ActionClientRegistered, TargetType: "client", TargetID: "portal",
	}}, w.log.entries)

	_, err := w.Clients.Authenticate(t.Context(), "portal", "")
	require.NoError(t, err, "a public client")
	for _, c := range [][2]string{{"portal", "x"}, {"other", ""}, {"a b", ""}} {
		_, err = w.Clients.Authenticate(t.Context(), c[0], c[1])
		require.ErrorIs(t, err, domain.ErrInvalidClient)
	}
	require.Error(t, w.Clients.Register(t.Context(), domain.Client{ID: "portal"}))
}

func TestTargetsOfLinks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	check := func(target, tenant string) error { return w.Clients.CheckTarget(t.Context(), "portal", target, tenant) }
	require.NoError(t, check("https://aef.portal.test/any?x", "aef"))
	require.NoError(t, check("https://portal.test/any", "aef"))
	require.ErrorIs(t, check("https://aef.portal.test/any", "gaming"), domain.ErrRedirectTarget)
	require.ErrorIs(t, check("https://evil.test/", "aef"), domain.ErrRedirectTarget)
	require.ErrorIs(t, w.Clients.CheckTarget(t.Context(), "other", "https://portal.test/", "aef"), domain.ErrClientUnknown)
}

func TestLimitsSayHowLongToWait(t *testing.T) {
	t.Parallel()
	require.NoError(t, app.Limited(ratelimit.Verdict{Allowed: true, RetryAfter: time.Hour}, domain.ErrRateLimited))
	for wait, want := range map[time.Duration]int{time.Second: 1, time.Second + 1: 2, 1500 * time.Millisecond: 2, time.Minute: 60} {
		err := app.Limited(ratelimit.Verdict{RetryAfter: wait}, domain.ErrLoginRateLimited)
		var limited *errs.Error
		require.ErrorAs(t, err, &limited)
		require.ErrorIs(t, err, domain.ErrLoginRateLimited)
		require.Equal(t, wait, limited.RetryAfter)
		require.Equal(t, want, limited.Details["retry_after_seconds"])
	}
}
