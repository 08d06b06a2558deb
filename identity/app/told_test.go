package app_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/errs"
	"go.updspace.com/tools/devkit/testkit/faults"
)

// What a use case changes is in the audit log, other services learn of it by an event, and clients by a logout token.
func TestWhatUseCasesTell(t *testing.T) {
	t.Parallel()
	const email = "alice@example.test"
	signIn := func(s scene) error {
		return result(s.SignIn.WithPassword(s.ctx, app.Credentials{Email: email, Password: "secret", FormToken: s.form, Previous: "token"}, domain.Origin{}))
	}
	for name, c := range map[string]struct {
		use  func(s scene) error
		want []string
	}{
		"create an account": {func(s scene) error {
			return result(s.Accounts.Create(s.ctx, app.NewAccount{Email: email, DisplayName: "Alice"}))
		}, []string{domain.ActionUserCreated, "event: user created"}},
		"ban an account": {administration["ban an account"], []string{
			domain.ActionSignedOut, "mail: queued", domain.ActionUserStatus, "event: status changed", "post: https://portal.test/logout", "notice: done",
		}},
		"leave a status":      {func(s scene) error { return s.Restrictions.Set(s.operator(), s.user.ID, domain.StatusActive, "", nil) }, nil},
		"make a system admin": {administration["make a system admin"], []string{"mail: queued", "event: user updated", domain.ActionSystemAdmin}},
		"leave it as it is":   {func(s scene) error { return s.AccountAdmin.SetSystemAdmin(s.operator(), s.user.ID, false, "") }, nil},
		"rename an account":   {func(s scene) error { return s.Accounts.Rename(s.ctx, email, "A", "L") }, []string{"event: user updated", domain.ActionUserRenamed}},
		"edit one's account": {func(s scene) error {
			return result(s.Own.Edit(s.ctx, s.user.ID, domain.ProfileEdit{FirstName: new("A")}))
		}, []string{domain.ActionUserRenamed, "event: user updated"}},
		"edit nothing": {func(s scene) error { return result(s.Own.Edit(s.ctx, s.user.ID, domain.ProfileEdit{})) }, nil},
		"set one's preferences": {func(s scene) error {
			return result(s.Own.Prefer(s.ctx, s.user.ID, domain.PreferencesEdit{Language: new("ru")}))
		}, []string{domain.ActionUserPreferences}},
		"create a tenant": {func(s scene) error { return result(s.Tenants.Create(s.ctx, uuid.Nil, "gaming", "Gaming")) }, []string{
			domain.ActionTenantCreated, "event: tenant created",
		}},
		"close a tenant": {func(s scene) error { return result(s.Tenants.Close(s.operator(), "aef", "")) }, []string{domain.ActionTenantClosed, "event: tenant updated"}},
		"edit a card": {func(s scene) error {
			return result(s.TenantCards.Edit(s.ctx, s.tenant.Version, domain.TenantEdit{Hue: new(7)}))
		}, []string{domain.ActionTenantChanged, "event: tenant updated"}},
		"leave a card":                     {func(s scene) error { return result(s.TenantCards.Edit(s.ctx, s.tenant.Version, domain.TenantEdit{})) }, nil},
		"remove a cover that is not there": {func(s scene) error { return result(s.TenantCards.RemoveImage(s.ctx, domain.ImageCover)) }, nil},
		"make a member": {func(s scene) error {
			return s.Tenants.SetMembership(s.ctx, "aef", email, domain.RoleAdmin, domain.MembershipActive)
		}, []string{domain.ActionMembershipSet, "event: membership set"}},
		"sign in again": {signIn, []string{"store: password", domain.ActionSignedIn, "event: new device", "mail: queued"}},
		"sign in after the session ended": {func(s scene) error {
			s.session.RevokedAt = &s.session.CreatedAt
			return signIn(s)
		}, []string{"store: password", domain.ActionSignedIn, "event: session created", "event: new device", "mail: queued"}},
		"sign in after another user": {func(s scene) error {
			s.session.UserID = uuid.New()
			return signIn(s)
		}, []string{
			domain.ActionSignedOut, "post: https://portal.test/logout", "notice: done", "store: password", domain.ActionSignedIn, "event: session created", "event: new device", "mail: queued",
		}},
		"ask for a link": {func(s scene) error {
			link, err := s.MagicLinks.Request(s.ctx, app.LinkRequest{Email: email, RedirectTo: "https://aef.portal.test/x", Browser: "browser"}, domain.Origin{})
			require.True(t, strings.HasPrefix(link, "https://aef.portal.test/x?code="), link)
			return err
		}, []string{"mail: queued", domain.ActionLinkRequested}},
		"ask for a link to an unknown address": {func(s scene) error {
			s.known = false
			link, err := s.MagicLinks.Request(s.ctx, app.LinkRequest{Email: email, RedirectTo: "https://aef.portal.test/x", Browser: "browser"}, domain.Origin{})
			require.Empty(t, link)
			return err
		}, []string{"mail: discarded", domain.ActionLinkRequested}},
		"use a link": {func(s scene) error { return result(s.MagicLinks.Exchange(s.ctx, "token", "browser", domain.Origin{})) }, []string{domain.ActionLinkUsed, "event: session created"}},
		"end a session": {func(s scene) error { return s.SignOut.EndByID(s.ctx, s.session.ID, app.Ending{}) }, []string{
			domain.ActionSignedOut, "post: https://portal.test/logout", "notice: done",
		}},
		"end a session for the client": {func(s scene) error { return s.SignOut.EndByID(s.ctx, s.session.ID, app.Ending{Except: "portal"}) }, []string{domain.ActionSignedOut}},
		"end a session while the client is away": {func(s scene) error {
			s.unanswered = errors.New("away")
			return s.SignOut.EndByID(s.ctx, s.session.ID, app.Ending{})
		}, []string{domain.ActionSignedOut, "post: https://portal.test/logout", "notice: later"}},
		"revoke a token":         {func(s scene) error { return s.Tokens.Revoke(s.ctx, s.client, "refresh") }, []string{domain.ActionGrantRevoked}},
		"revoke another's token": {func(s scene) error { return s.Tokens.Revoke(s.ctx, domain.Client{ID: "other"}, "refresh") }, nil},
		"approve an authorization": {func(s scene) error {
			return result(s.Authorizations.Approve(s.ctx, s.who, string(domain.NewSecret()), nil, false))
		}, []string{domain.ActionAuthorized}},
		"deny an authorization":       {func(s scene) error { return result(s.Authorizations.Deny(s.ctx, s.who, string(domain.NewSecret()))) }, []string{domain.ActionDenied}},
		"register a client":           {func(s scene) error { return s.Clients.Register(s.ctx, s.client) }, []string{domain.ActionClientRegistered}},
		"make the three signing keys": {func(s scene) error { return s.keys.Ensure(s.ctx) }, []string{domain.ActionKeyCreated, domain.ActionKeyCreated, domain.ActionKeyCreated}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t, &faults.Faults{})
			s.session.Method = domain.MethodPassword
			require.NoError(t, c.use(s))
			require.ElementsMatch(t, c.want, s.told)
		})
	}
}

func TestAChangeOfATenantIsCounted(t *testing.T) {
	t.Parallel()
	s := newScene(t, &faults.Faults{})
	require.NoError(t, s.Tenants.Rename(s.operator(), "aef", "Other"))
	require.Equal(t, "Other", s.updated.Name)
	require.Equal(t, s.tenant.Version+1, s.updated.Version)
	changed, err := s.TenantCards.Edit(s.ctx, s.tenant.Version, domain.TenantEdit{Hue: new(7), Languages: &[]string{"en"}})
	require.NoError(t, err)
	require.Equal(t, s.tenant.Version+1, changed.Version)
	require.Equal(t, changed, s.updated)
	require.Equal(t, []string{"hue", "languages"}, s.entries[len(s.entries)-1].Metadata["changed"])
	as, err := s.TenantCards.Edit(s.ctx, s.tenant.Version-1, domain.TenantEdit{Hue: new(8)})
	require.ErrorIs(t, err, domain.ErrTenantChanged)
	require.Equal(t, s.tenant, as, "as it is")
}

func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	s := newScene(t, &faults.Faults{})
	for field, set := range map[string]error{
		"role":   s.Tenants.SetMembership(s.ctx, "aef", "alice@example.test", "king", domain.MembershipActive),
		"status": s.Tenants.SetMembership(s.ctx, "aef", "alice@example.test", domain.RoleMember, "asleep"),
		"email":  s.Tenants.SetMembership(s.ctx, "aef", "alice", domain.RoleMember, domain.MembershipActive),
	} {
		var invalid *errs.Error
		require.ErrorAs(t, set, &invalid)
		require.Contains(t, invalid.Fields, field)
	}
	tokens, err := s.Tokens.Refresh(s.ctx, s.client, "refresh", "openid")
	require.NoError(t, err)
	require.Equal(t, []string{"openid"}, tokens.Scopes)
	tokens, err = s.Tokens.Refresh(s.ctx, s.client, "refresh", "")
	require.NoError(t, err)
	require.Equal(t, s.grant.Scopes, tokens.Scopes)
	_, err = s.Tokens.Refresh(s.ctx, s.client, "refresh", "openid email")
	require.ErrorIs(t, err, domain.ErrInvalidScope, "more than was granted")

	n, err := s.keys.Reseal(s.operator())
	require.NoError(t, err)
	require.Equal(t, 2, n)
	_, found, err := s.keys.Find(s.ctx, "none")
	require.NoError(t, err)
	require.False(t, found)

	s.SignIn.Limiter = exhausted{}
	_, err = s.SignIn.WithPassword(s.ctx, app.Credentials{Email: "alice@example.test", Password: "secret", FormToken: s.form}, domain.Origin{})
	require.ErrorIs(t, err, domain.ErrLoginRateLimited)
	s.known = false
	_, err = s.Own.Account(s.ctx, s.user.ID)
	require.Equal(t, errs.Unauthenticated, errs.KindOf(err))
	_, _, err = s.Accounts.Me(s.ctx)
	require.Equal(t, errs.Unauthenticated, errs.KindOf(err))
}
