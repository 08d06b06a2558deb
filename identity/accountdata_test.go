package identity_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity/domain"
)

func TestPhoneAndDateOfBirthAreSetAndCleared(t *testing.T) {
	t.Parallel()
	s := start(t)
	script := s.script("X-Session-Token", s.login("member@aef.test"))
	set := func(phone, birth string) *identityapi.UpdateProfileResponse {
		r, err := script.UpdateProfileWithResponse(ctx, identityapi.ProfileUpdate{PhoneNumber: &phone, BirthDate: &birth})
		require.NoError(t, err)
		return r
	}
	user := fine(t, set("+7 912 345-67-89", "2001-12-31"), nil).JSON200.User
	require.Equal(t, "+7 912 345-67-89", user.PhoneNumber.MustGet())
	require.Equal(t, "2001-12-31", user.BirthDate.MustGet())
	me, err := script.GetAuthMeWithResponse(ctx)
	require.Equal(t, "2001-12-31", fine(t, me, err).JSON200.User.MustGet().BirthDate.MustGet())
	for field, r := range map[string]*identityapi.UpdateProfileResponse{"phone_number": set("call me", ""), "birth_date": set("", "2201-01-01")} {
		refused(t, 422, "VALIDATION_ERROR", r, nil)
		require.Contains(t, string(r.Body), field)
	}
	me, err = script.GetAuthMeWithResponse(ctx)
	require.Equal(t, "2001-12-31", fine(t, me, err).JSON200.User.MustGet().BirthDate.MustGet(), "nothing has changed")
	user = fine(t, set("", ""), nil).JSON200.User
	require.True(t, user.PhoneNumber.IsNull())
	require.True(t, user.BirthDate.IsNull())
}

func TestPreferencesAndConsents(t *testing.T) {
	t.Parallel()
	s := start(t)
	script := s.script("X-Session-Token", s.login("member@aef.test"))
	prefer := func(u identityapi.HostPreferencesUpdate) identityapi.HostPreferences {
		s.clock.Advance(time.Second)
		r, err := script.UpdateHostPreferencesWithResponse(ctx, u)
		return *fine(t, r, err).JSON200
	}
	consents := func() []identityapi.UserConsent {
		r, err := script.ListConsentsWithResponse(ctx)
		return fine(t, r, err).JSON200.Consents
	}
	r, err := script.GetHostPreferencesWithResponse(ctx)
	require.False(t, fine(t, r, err).JSON200.MarketingOptIn)
	require.Equal(t, identityapi.ScopePolicyAllow, *r.JSON200.PrivacyScopeDefaults.ProfileBasic)
	require.Equal(t, identityapi.ScopePolicyAsk, *r.JSON200.PrivacyScopeDefaults.Email)
	require.Empty(t, consents())

	given := prefer(identityapi.HostPreferencesUpdate{MarketingOptIn: new(true)})
	require.True(t, given.MarketingOptIn)
	require.Equal(t, given.MarketingOptInAt.MustGet(), consents()[0].GrantedAt)
	require.Equal(t, "v1", consents()[0].Version)
	require.Equal(t, identityapi.UserConsentSourceAccount, consents()[0].Source)
	require.Equal(t, given, prefer(identityapi.HostPreferencesUpdate{MarketingOptIn: new(true)}), "given already")
	ended := prefer(identityapi.HostPreferencesUpdate{MarketingOptIn: new(false), PrivacyScopeDefaults: &identityapi.ScopePolicies{Email: new(identityapi.ScopePolicyDeny)}})
	require.False(t, ended.MarketingOptIn)
	require.False(t, ended.MarketingOptOutAt.IsNull())
	require.Equal(t, identityapi.ScopePolicyDeny, *ended.PrivacyScopeDefaults.Email)
	require.Equal(t, identityapi.ScopePolicyAllow, *ended.PrivacyScopeDefaults.ProfileBasic)

	prefer(identityapi.HostPreferencesUpdate{MarketingOptIn: new(true)})
	require.Len(t, consents(), 2)
	revoke := func(kind identityapi.RevokeConsentParamsKind) (*identityapi.RevokeConsentResponse, error) {
		return script.RevokeConsentWithResponse(ctx, &identityapi.RevokeConsentParams{Kind: kind})
	}
	over, err := revoke(identityapi.RevokeConsentParamsKindMarketing)
	fine(t, over, err)
	require.False(t, consents()[0].RevokedAt.IsNull())
	over, err = revoke(identityapi.RevokeConsentParamsKindMarketing)
	refused(t, 404, "CONSENT_NOT_FOUND", over, err)
	over, err = revoke(identityapi.RevokeConsentParamsKindDataProcessing)
	refused(t, 400, "CONSENT_REQUIRED", over, err)
	guest, err := s.script().ListConsentsWithResponse(ctx)
	refused(t, 401, "UNAUTHORIZED", guest, err)
}

// A scope that the user denies is left out, as if the application had not asked for it.
func TestADeniedScopeIsLeftOut(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.register(t, domain.Client{ID: "other", Name: "Other", Algorithm: domain.ES256, Redirects: []domain.RedirectRule{callback}, GrantTypes: []string{domain.GrantCode}})
	script := s.script("X-Session-Token", s.login("member@aef.test"))
	r, err := script.UpdateHostPreferencesWithResponse(ctx, identityapi.HostPreferencesUpdate{
		PrivacyScopeDefaults: &identityapi.ScopePolicies{Email: new(identityapi.ScopePolicyDeny)},
	})
	fine(t, r, err)
	kind, client, scope, method := "code", "other", "openid email profile", "S256"
	challenge, redirect := "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", callback
	p, err := script.PrepareAuthorizationWithResponse(ctx, &identityapi.PrepareAuthorizationParams{
		ClientID: &client, RedirectURI: &redirect, ResponseType: &kind, Scope: &scope, CodeChallenge: &challenge, CodeChallengeMethod: &method,
	})
	names := []string{}
	for _, s := range fine(t, p, err).JSON200.Scopes {
		names = append(names, s.Name)
	}
	require.Equal(t, []string{"openid", "profile"}, names)
}

func TestTimeZonesHaveTheirOffsets(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.clock.Set(time.Date(2099, time.January, 15, 12, 0, 0, 0, time.UTC))
	r, err := s.script().ListTimezonesWithResponse(ctx)
	zones := fine(t, r, err).JSON200.Timezones
	require.Greater(t, len(zones), 400)
	offsets := map[string]string{}
	for _, z := range zones {
		offsets[z.Name] = z.Offset
		require.Equal(t, z.Name+" (UTC"+z.Offset+")", z.DisplayName)
	}
	for name, want := range map[string]string{
		"UTC": "+00:00", "Europe/Moscow": "+03:00", "Asia/Kolkata": "+05:30", "Asia/Kathmandu": "+05:45", "America/St_Johns": "-03:30", "Pacific/Marquesas": "-09:30",
		"America/New_York": "-05:00", "Pacific/Kiritimati": "+14:00",
	} {
		require.Equal(t, want, offsets[name], name)
	}
	at := func(name string) int {
		return slices.IndexFunc(zones, func(z identityapi.Timezone) bool { return z.Name == name })
	}
	require.Less(t, at("Pacific/Marquesas"), at("America/St_Johns"))
	require.Less(t, at("America/St_Johns"), at("UTC"))
	require.Equal(t, http.StatusOK, r.StatusCode())
}
