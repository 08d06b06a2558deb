package app_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/bff/app"
	"go.updspace.com/bff/domain"
	"go.updspace.com/bff/ports"
	"go.updspace.com/libs/errs"
	"go.updspace.com/tools/devkit/testkit"
)

const origin = app.Origin("https://{tenant}.example.test")

var errAway = errors.New("the ID service is away")

// provider is the ID service as an OpenID provider. It returns its error from everything.
type provider struct {
	ports.Provider
	err error
}

func (p *provider) AuthorizeURL(_ context.Context, returnTo string, state domain.Secret, _ domain.Proofs, _ ports.Authorize) (string, error) {
	return "https://id.example.test/?return_to=" + returnTo + "&state=" + string(state), p.err
}

func (p *provider) Redeem(context.Context, string, string, string, domain.Proofs) (domain.SignIn, error) {
	return domain.SignIn{UserID: user}, p.err
}

func (p *provider) VerifyLogout(context.Context, string, time.Time) (domain.LogoutToken, error) {
	return domain.LogoutToken{SID: user}, p.err
}

// attempts stores one sign-in under way.
type attempts struct {
	saved domain.Attempt
	err   error
}

func (a *attempts) Save(_ context.Context, attempt domain.Attempt) error {
	a.saved = attempt
	return a.err
}

func (a *attempts) Take(context.Context, domain.Hash, domain.Hash) (domain.Attempt, error) {
	return a.saved, a.err
}

// linkIdentity redeems links and ends sessions.
type linkIdentity struct {
	*idService
	err      error
	endError error
	ended    []uuid.UUID
	returnTo string
}

func (i *linkIdentity) RedeemMagicCode(context.Context, domain.Tenant, string, string) (domain.SignIn, error) {
	return domain.SignIn{UserID: user}, i.err
}

func (i *linkIdentity) RequestMagicLink(_ context.Context, _ domain.Tenant, _, _, returnTo string) (ports.MagicLink, error) {
	i.returnTo = returnTo
	return ports.MagicLink{Sent: true}, i.err
}

func (i *linkIdentity) EndSession(_ context.Context, sid uuid.UUID) error {
	i.ended = append(i.ended, sid)
	return i.endError
}

type fixture struct {
	logins   *app.Logins
	sessions *app.Sessions
	provider *provider
	attempts *attempts
	identity *linkIdentity
	storage  *storage
	clock    *testkit.Clock
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	principals, id, clock := newPrincipals(t)
	id.principal.Membership = &domain.Membership{TenantID: aef.ID, TenantSlug: aef.Slug, Status: domain.MembershipActive}
	f := &fixture{provider: &provider{}, attempts: &attempts{}, identity: &linkIdentity{idService: id}, storage: &storage{}, clock: clock}
	f.sessions = app.NewSessions(f.storage, f.storage, principals, f.identity, f.provider, clock)
	f.logins = app.NewLogins(origin, f.provider, f.identity, f.attempts, f.sessions, clock)
	return f
}

func TestASignInBeginsOnlyWhenItCanEnd(t *testing.T) {
	t.Parallel()
	f, browser := newFixture(t), domain.NewSecret()
	start := func() (string, error) {
		return f.logins.Start(t.Context(), aef, browser, "/polls", ports.Authorize{})
	}
	target, err := start()
	require.NoError(t, err)
	require.Contains(t, target, "return_to=https://aef.example.test"+app.CallbackPath)
	require.Equal(t, "/polls", f.attempts.saved.Next)

	f.attempts.err = errStorage
	target, err = start()
	require.ErrorIs(t, err, errStorage)
	require.Empty(t, target, "the browser would come back to a sign-in that is not known")
	f.provider.err = errAway
	f.attempts.saved = domain.Attempt{}
	_, err = start()
	require.ErrorIs(t, err, errAway)
	require.Empty(t, f.attempts.saved)
}

func TestASignInEndsWhereItShouldHaveLed(t *testing.T) {
	t.Parallel()
	browser := domain.NewSecret()
	for name, c := range map[string]struct {
		change func(*fixture, *app.Callback)
		want   error
		next   string
	}{
		"a sign-in":                         {func(*fixture, *app.Callback) {}, nil, "/polls"},
		"the user refused":                  {func(_ *fixture, in *app.Callback) { in.Code, in.Error = "", "access_denied" }, domain.ErrOAuth, "/polls"},
		"no code":                           {func(_ *fixture, in *app.Callback) { in.Code = "" }, domain.ErrCallback, "/polls"},
		"no state":                          {func(_ *fixture, in *app.Callback) { in.State = "" }, domain.ErrCallback, ""},
		"refused, no state":                 {func(_ *fixture, in *app.Callback) { in.State, in.Error = "", "access_denied" }, domain.ErrOAuth, ""},
		"a state that no browser was given": {func(_ *fixture, in *app.Callback) { in.State = "short" }, domain.ErrInvalidState, ""},
		"a browser without its cookie":      {func(_ *fixture, in *app.Callback) { in.Browser = "" }, domain.ErrInvalidState, ""},
		"too late":                          {func(f *fixture, _ *app.Callback) { f.clock.Advance(domain.AttemptTTL) }, domain.ErrInvalidState, "/polls"},
		"used before":                       {func(f *fixture, _ *app.Callback) { f.attempts.saved.Used = true }, domain.ErrInvalidState, "/polls"},
		"no storage":                        {func(f *fixture, _ *app.Callback) { f.attempts.err = errStorage }, errStorage, ""},
		"the code is not redeemed":          {func(f *fixture, _ *app.Callback) { f.provider.err = domain.ErrTokenExchange }, domain.ErrTokenExchange, "/polls"},
		"the session is not stored":         {func(f *fixture, _ *app.Callback) { f.storage.create = errStorage }, errStorage, "/polls"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t)
			_, err := f.logins.Start(t.Context(), aef, browser, "/polls", ports.Authorize{})
			require.NoError(t, err)
			in := app.Callback{Code: "code", State: string(domain.NewSecret()), Browser: browser}
			c.change(f, &in)
			out, err := f.logins.Finish(t.Context(), aef, in)
			require.ErrorIs(t, err, c.want)
			require.Equal(t, c.next, out.Next)
			require.Equal(t, c.want == nil, out.Token != "")
		})
	}
}

func TestALinkLeadsBackToTheBrowserThatAskedForIt(t *testing.T) {
	t.Parallel()
	f, browser := newFixture(t), domain.NewSecret()
	for next, query := range map[string]string{"/polls?a=1": "?next=%2Fpolls%3Fa%3D1", "/": "", "https://evil.example": "", "": ""} {
		sent, err := f.logins.SendLink(t.Context(), aef, browser, "anna@example.test", next)
		require.NoError(t, err)
		require.True(t, sent.Sent)
		require.Equal(t, "https://aef.example.test"+app.MagicCallbackPath+query, f.identity.returnTo, next)
	}
	require.NotContains(t, domain.LinkBrowser(browser), string(browser))
}

// A link ends the session that the browser had. What the ID service does not confirm is repeated later; a session that
// cannot be ended here keeps the browser from having two.
func TestALinkEndsTheSessionBefore(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*fixture)
		old    domain.Secret
		want   error
		ended  int
	}{
		"no session before":          {func(*fixture) {}, "", nil, 0},
		"a session before":           {func(*fixture) {}, "old", nil, 1},
		"one that is over":           {func(f *fixture) { f.storage.signOut = domain.ErrUnauthenticated }, "old", nil, 0},
		"the ID service is away":     {func(f *fixture) { f.identity.endError = errAway }, "old", nil, 1},
		"no storage":                 {func(f *fixture) { f.storage.signOut = errStorage }, "old", errStorage, 0},
		"the code was used":          {func(f *fixture) { f.identity.err = domain.ErrInvalidCode }, "old", domain.ErrInvalidCode, 0},
		"the session is not stored":  {func(f *fixture) { f.storage.create = errStorage }, "", errStorage, 0},
		"the user is not a member":   {func(f *fixture) { f.identity.principal.Membership = nil }, "", domain.ErrTenantForbidden, 0},
		"the user is not known here": {func(f *fixture) { f.identity.unknown = true }, "", domain.ErrTenantForbidden, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t)
			c.change(f)
			out, err := f.logins.FinishLink(t.Context(), aef, domain.NewSecret(), "code", "//evil.example", c.old)
			require.ErrorIs(t, err, c.want)
			require.Equal(t, "/", out.Next)
			require.Equal(t, c.want == nil, out.Token != "")
			require.Len(t, f.identity.ended, c.ended)
			require.Empty(t, f.storage.ended, "the session that was just opened is not ended")
		})
	}
}

func TestASignOutThatIsNotConfirmedIsRepeated(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	require.NoError(t, f.sessions.SignOut(t.Context(), "token"))
	require.Equal(t, f.identity.ended, f.storage.confirmed)

	f.identity.endError = errAway
	err := f.sessions.SignOut(t.Context(), "token")
	require.ErrorIs(t, err, domain.ErrSignOutUnconfirmed)
	require.ErrorIs(t, err, errAway)
	require.Len(t, f.storage.confirmed, 1, "what the ID service has not heard is not confirmed")

	f.storage.unconfirmed = []uuid.UUID{uuid.New(), uuid.New()}
	require.ErrorIs(t, f.sessions.RepeatSignOuts(t.Context()), errAway)
	require.Subset(t, f.identity.ended, f.storage.unconfirmed, "one that fails does not keep the others back")
	require.Equal(t, f.clock.Now().Add(-10*time.Second), f.storage.before, "a sign-out that is under way is left alone")
	f.identity.endError = nil
	require.NoError(t, f.sessions.RepeatSignOuts(t.Context()))
	require.Equal(t, f.storage.unconfirmed, f.storage.confirmed[1:])

	f.storage.confirm = errStorage
	require.ErrorIs(t, f.sessions.SignOut(t.Context(), "token"), domain.ErrSignOutUnconfirmed)
	f.storage.list = errStorage
	require.ErrorIs(t, f.sessions.RepeatSignOuts(t.Context()), errStorage)
}

func TestALogoutTokenThatIsNotVerifiedEndsNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	require.NoError(t, f.sessions.AcceptLogout(t.Context(), "token"))
	require.Equal(t, []domain.LogoutToken{{SID: user}}, f.storage.accepted)
	f.provider.err = domain.ErrLogoutToken
	require.ErrorIs(t, f.sessions.AcceptLogout(t.Context(), "token"), domain.ErrLogoutToken)
	require.Len(t, f.storage.accepted, 1)
	f.provider.err, f.storage.accept = nil, errStorage
	require.ErrorIs(t, f.sessions.AcceptLogout(t.Context(), "token"), errStorage)
}

func TestASessionActsInItsTenantWhileItsUserMay(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	session := domain.Session{TenantID: aef.ID, UserID: user, CreatedAt: f.clock.Now(), ExpiresAt: f.clock.Now().Add(time.Hour)}
	_, err := f.sessions.Authorize(t.Context(), session, domain.Tenant{ID: uuid.New(), Slug: "other"})
	require.ErrorIs(t, err, domain.ErrTenantMismatch)
	principal, err := f.sessions.Authorize(t.Context(), session, aef)
	require.NoError(t, err)
	require.Equal(t, user, principal.UserID)
	f.clock.Advance(domain.PrincipalStale)
	f.identity.away.Store(true)
	_, err = f.sessions.Authorize(t.Context(), session, aef)
	require.Equal(t, errs.Unavailable, errs.KindOf(err), "a user whose standing is unknown does not pass")

	f.storage.found = session
	f.storage.found.ExpiresAt = f.clock.Now()
	found, err := f.sessions.Find(t.Context(), session.ID)
	require.ErrorIs(t, err, domain.ErrUnauthenticated, "expired a moment ago: %v", found)
	f.storage.found.ExpiresAt = f.clock.Now().Add(time.Microsecond)
	found, err = f.sessions.Find(t.Context(), session.ID)
	require.NoError(t, err)
	require.Equal(t, f.storage.found, found)
}
