package app_test

import (
	"net/url"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/errs"
	"go.updspace.com/tools/devkit/testkit/faults"
)

func TestLinksAreForAddressesAndLeadSomewhere(t *testing.T) {
	t.Parallel()
	for field, in := range map[string]app.LinkRequest{
		"email": {Email: "alice", RedirectTo: "/", Browser: "browser"}, "redirect_to": {Email: "alice@example.test", Browser: "browser"},
		"browser": {Email: "alice@example.test", RedirectTo: "/"},
	} {
		var invalid *errs.Error
		require.ErrorAs(t, in.Validate(), &invalid)
		require.Len(t, invalid.Fields, 1)
		require.Contains(t, invalid.Fields, field)
	}
	require.NoError(t, app.LinkRequest{Email: "alice@example.test", RedirectTo: "/", Browser: "browser"}.Validate())
}

// Why a link does not work is said to its owner before it is used, and to no program that tries codes.
func TestLinksThatDoNotWork(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change            func(s scene)
		preview, exchange error
	}{
		"a link that works": {func(scene) {}, nil, nil},
		"used":              {func(s scene) { s.link.UsedAt = &s.link.CreatedAt }, domain.ErrLinkUsed, domain.ErrExchange},
		"too old":           {func(s scene) { s.link.ExpiresAt = s.link.CreatedAt }, domain.ErrLinkExpired, domain.ErrExchange},
		"of no user":        {func(s scene) { s.link.UserID = nil }, domain.ErrLinkUnknown, domain.ErrExchange},
		"of a banned user":  {func(s scene) { s.user.Status = domain.StatusBanned }, domain.ErrAccountBanned, domain.ErrAccountBanned},
	} {
		s := newScene(t, &faults.Faults{})
		c.change(s)
		user, err := s.MagicLinks.Preview(s.ctx, "token", "browser")
		require.ErrorIs(t, err, c.preview, name)
		require.Equal(t, c.preview == nil || user.Status == domain.StatusBanned, user.ID == s.user.ID, name)
		signedIn, err := s.MagicLinks.Exchange(s.ctx, "token", "browser", domain.Origin{})
		require.ErrorIs(t, err, c.exchange, name)
		if err == nil {
			require.Equal(t, s.user.ID, signedIn.Session.UserID, name)
		}
	}
}

func TestTheBrowserComesBackFromASignOutWithItsState(t *testing.T) {
	t.Parallel()
	s := newScene(t, &faults.Faults{})
	for state, want := range map[string]url.Values{"": {}, "s": {"state": {"s"}}} {
		request, err := s.SignOut.CheckLogout(s.ctx, app.LogoutParams{IDTokenHint: "hint", RedirectURI: "https://aef.portal.test/", State: state})
		require.NoError(t, err)
		require.True(t, request.Confirmed(s.who))
		target, err := url.Parse(request.Target)
		require.NoError(t, err)
		require.Equal(t, want, target.Query())
	}
	_, err := s.SignOut.CheckLogout(s.ctx, app.LogoutParams{IDTokenHint: "hint", ClientID: "other", RedirectURI: "https://aef.portal.test/"})
	require.ErrorIs(t, err, domain.ErrOAuthRequest)
	_, err = s.SignOut.CheckLogout(s.ctx, app.LogoutParams{ClientID: "portal", RedirectURI: "https://evil.test/"})
	require.ErrorIs(t, err, domain.ErrRedirectTarget)
}

func TestTokensEndWithTheirTimeAndTheirUser(t *testing.T) {
	t.Parallel()
	active := func(change func(s scene)) bool {
		s := newScene(t, &faults.Faults{})
		change(s)
		claims, err := s.Tokens.Introspect(s.ctx, confidential(s.client), "refresh")
		require.NoError(t, err)
		return claims != nil
	}
	require.True(t, active(func(scene) {}))
	require.False(t, active(func(s scene) { s.refresh.ExpiresAt = s.refresh.CreatedAt }))
	require.False(t, active(func(s scene) { s.refresh.UsedAt = &s.refresh.CreatedAt }))
	require.False(t, active(func(s scene) { s.grant.RevokedAt = &s.refresh.CreatedAt }))
	require.False(t, active(func(s scene) { s.grant.ClientID = "other" }))
	require.False(t, active(func(s scene) { s.user.Status = domain.StatusSuspended }))
	s := newScene(t, &faults.Faults{})
	_, err := s.Tokens.Introspect(s.ctx, s.client, "refresh")
	require.ErrorIs(t, err, domain.ErrInvalidClient, "a public client")
}

func TestSessionsAreFoundByTheirTokens(t *testing.T) {
	t.Parallel()
	s := newScene(t, &faults.Faults{})
	_, err := s.Sessions.Find(s.ctx, "")
	require.ErrorIs(t, err, domain.ErrNotSignedIn)
	found, err := s.Sessions.Find(s.ctx, "token")
	require.NoError(t, err)
	require.Equal(t, s.session.ID, found.Session.ID)
	s.session.ExpiresAt = s.session.CreatedAt
	_, err = s.Sessions.Find(s.ctx, "token")
	require.ErrorIs(t, err, domain.ErrInvalidSession)
	_, present, err := s.Sessions.FindOrGuest(s.ctx, "token")
	require.NoError(t, err)
	require.False(t, present)
	require.ErrorIs(t, s.Sessions.End(s.ctx, domain.Origin{}, "token", ""), domain.ErrNotSignedIn)
	require.NoError(t, s.Sessions.EndQuietly(s.ctx, domain.Origin{}, "token"))
}

func TestAPromptIsOfTheSessionThatIsAsked(t *testing.T) {
	t.Parallel()
	s := newScene(t, &faults.Faults{})
	prompt, err := s.Authorizations.Prepare(s.ctx, s.who, params())
	require.NoError(t, err)
	require.True(t, prompt.ConsentRequired)
	require.Equal(t, s.user.ID, prompt.Request.UserID)
	require.Equal(t, s.session.ID, prompt.Request.SessionID)
	require.Equal(t, s.session.AuthTime, prompt.Request.AuthTime)
	_, err = s.Authorizations.Prepare(s.ctx, s.who, params(func(p *app.AuthorizationParams) { p.Prompt = "login" }))
	require.ErrorIs(t, err, domain.ErrLoginRequired)
	var required *errs.Error
	require.ErrorAs(t, err, &required)
	require.NotEmpty(t, required.Details[app.DemandParam])
}

func TestPicturesThatATenantHasNot(t *testing.T) {
	t.Parallel()
	s := newScene(t, &faults.Faults{})
	_, _, err := s.TenantCards.Image(s.ctx, "aef", domain.ImageLogo)
	require.ErrorIs(t, err, domain.ErrImageUnknown)
	cover := uuid.New()
	s.tenant.CoverID = &cover
	_, _, err = s.TenantCards.Image(s.ctx, "aef", domain.ImageCover)
	require.NoError(t, err)
}

func TestAccountsAndDemoDataAreStoredAsTheyAreGiven(t *testing.T) {
	t.Parallel()
	s := newScene(t, &faults.Faults{})
	made, err := s.Accounts.Create(s.ctx, app.NewAccount{Email: "bob@example.test", Username: "bob.1", SystemAdmin: true})
	require.NoError(t, err)
	require.Empty(t, made.PasswordHash)
	require.True(t, made.SystemAdmin)
	require.Equal(t, "bob.1", made.Username)
	require.Equal(t, made, s.stored.user)
	made, err = s.Accounts.Create(s.ctx, app.NewAccount{Email: "bob@example.test", Password: "secret"})
	require.NoError(t, err)
	require.Equal(t, "hash", made.PasswordHash)

	s.told = nil
	card := domain.TenantEdit{Name: new("Gaming"), Hue: new(361)}
	require.Error(t, s.Demo.Seed(s.ctx, []app.DemoTenant{{ID: uuid.New(), Slug: "gaming", Card: card}}, nil), "a card that cannot be")
	require.Empty(t, s.told)
	card.Hue = new(7)
	require.NoError(t, s.Demo.Seed(s.ctx, []app.DemoTenant{{ID: uuid.New(), Slug: "gaming", Card: card}}, nil))
	require.Equal(t, []string{domain.ActionTenantCreated, "event: tenant created"}, s.told)
}
