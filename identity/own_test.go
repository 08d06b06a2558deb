package identity_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/pg"
)

func acrossTenants() context.Context { return pg.AcrossTenants(ctx, "test") }

func TestPreferencesAreOneOnBothHosts(t *testing.T) {
	t.Parallel()
	s := start(t)
	here, there := s.script("X-Session-Token", s.login("member@aef.test")), s.gateway(ofUser(member))
	changed, err := there.UpdatePreferencesWithResponse(ctx, identityapi.PreferencesUpdate{
		Language: new(identityapi.PreferencesUpdateLanguageRu), Timezone: new("Asia/Yekaterinburg"),
	})
	want := identityapi.Preferences{Language: "ru", Timezone: "Asia/Yekaterinburg", Theme: "auto"}
	require.Equal(t, want, *fine(t, changed, err).JSON200)
	seen, err := here.GetHostPreferencesWithResponse(ctx)
	shown := func(p *identityapi.HostPreferences) identityapi.Preferences {
		return identityapi.Preferences{Language: identityapi.PreferencesLanguage(p.Language), Timezone: p.Timezone, Theme: p.Theme}
	}
	require.Equal(t, want, shown(fine(t, seen, err).JSON200))

	want.Theme, want.Language = "dark", ""
	changedHere, err := here.UpdateHostPreferencesWithResponse(ctx, identityapi.HostPreferencesUpdate{
		Language: new(identityapi.HostPreferencesUpdateLanguage("")), Theme: new(identityapi.ThemeDark),
	})
	require.Equal(t, want, shown(fine(t, changedHere, err).JSON200))
	seenThere, err := there.GetPreferencesWithResponse(ctx)
	require.Equal(t, want, *fine(t, seenThere, err).JSON200)

	for _, zone := range []string{"Mars/Olympus", "../../etc/passwd", "/etc/localtime", "Local", "posix/UTC", "a b"} {
		r, err := there.UpdatePreferencesWithResponse(ctx, identityapi.PreferencesUpdate{Timezone: &zone})
		refused(t, 422, "VALIDATION_ERROR", r, err)
		require.Contains(t, string(r.Body), "timezone", zone)
	}
	guest, err := s.script().GetHostPreferencesWithResponse(ctx)
	refused(t, 401, "UNAUTHORIZED", guest, err)
	guestly, err := s.script().UpdateHostPreferencesWithResponse(ctx, identityapi.HostPreferencesUpdate{Theme: new(identityapi.ThemeDark)})
	refused(t, 401, "UNAUTHORIZED", guestly, err)
	unknown, err := s.gateway(ofUser(uuid.New())).GetPreferencesWithResponse(ctx)
	refused(t, 401, "UNAUTHORIZED", unknown, err)
}

func TestPeopleNameThemselves(t *testing.T) {
	t.Parallel()
	s := start(t)
	here := s.script("X-Session-Token", s.login("member@aef.test"))
	r, err := here.UpdateProfileWithResponse(ctx, identityapi.ProfileUpdate{DisplayName: new("Mika"), Username: new("Mika.1"), FirstName: new("M"), LastName: new("")})
	user := fine(t, r, err).JSON200.User
	require.Equal(t, []string{"Mika", "mika.1", "M", ""}, []string{user.DisplayName, user.Username, user.FirstName, user.LastName})

	other := s.script("X-Session-Token", s.login("second@aef.test"))
	for _, taken := range []string{"mika.1", "MIKA.1", "mіka.1", "mika.l"} { // Cyrillic і is another script; l looks like 1
		r, err = other.UpdateProfileWithResponse(ctx, identityapi.ProfileUpdate{Username: &taken})
		require.NoError(t, err)
		require.Contains(t, []int{409, 422}, r.StatusCode(), taken)
	}
	r, err = other.UpdateProfileWithResponse(ctx, identityapi.ProfileUpdate{Username: new("mika.1")})
	refused(t, 409, "USERNAME_TAKEN", r, err)
	r, err = other.UpdateProfileWithResponse(ctx, identityapi.ProfileUpdate{Username: new("a b"), DisplayName: new("a\u202eb")})
	refused(t, 422, "VALIDATION_ERROR", r, err)
	require.Contains(t, string(r.Body), "username")
	require.Contains(t, string(r.Body), "display_name")
	r, err = s.script().UpdateProfileWithResponse(ctx, identityapi.ProfileUpdate{DisplayName: new("x")})
	refused(t, 401, "UNAUTHORIZED", r, err)
	r, err = s.script("Cookie", "sessionid="+s.login("second@aef.test"), "Sec-Fetch-Site", "cross-site", "Origin", "http://evil.test").
		UpdateProfileWithResponse(ctx, identityapi.ProfileUpdate{DisplayName: new("x")})
	refused(t, 403, "CSRF_FAILED", r, err)
}

func TestPeopleSeeAndEndTheirSessions(t *testing.T) {
	t.Parallel()
	s := start(t)
	firefox := "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"
	login, err := s.script("User-Agent", firefox, "X-Form-Token", s.formToken()).LoginWithResponse(ctx, nil, identityapi.LoginRequest{
		Email: "member@aef.test", Password: identity.DemoPassword,
	})
	first := fine(t, login, err).JSON200.Meta.SessionToken
	s.clock.Advance(time.Hour)
	second, foreign := s.login("member@aef.test"), s.login("second@aef.test")
	here := s.script("X-Session-Token", second)

	list := func() []identityapi.SessionInfo {
		t.Helper()
		r, err := here.ListSessionsWithResponse(ctx)
		return fine(t, r, err).JSON200.Sessions
	}
	all := list()
	require.Len(t, all, 2)
	require.True(t, all[0].Current)
	require.False(t, all[1].Current)
	require.Equal(t, "desktop Firefox Linux", string(all[1].Device)+" "+all[1].Browser+" "+all[1].Os)
	require.Equal(t, all[1].CreatedAt, all[1].LastUsedAt)
	me, err := s.script("X-Session-Token", first).GetAuthMeWithResponse(ctx)
	fine(t, me, err)
	require.True(t, list()[1].LastUsedAt.After(all[1].CreatedAt), "it was used")

	r, err := s.script("X-Session-Token", foreign).EndOwnSessionWithResponse(ctx, all[1].ID)
	refused(t, 404, "SESSION_NOT_FOUND", r, err)
	r, err = here.EndOwnSessionWithResponse(ctx, all[1].ID)
	fine(t, r, err)
	require.Len(t, list(), 1)
	r, err = here.EndOwnSessionWithResponse(ctx, all[1].ID)
	refused(t, 404, "SESSION_NOT_FOUND", r, err)
	gone, err := s.script("X-Session-Token", first).GetAuthMeWithResponse(ctx)
	refused(t, 401, "INVALID_OR_EXPIRED_TOKEN", gone, err)

	s.login("member@aef.test")
	s.login("member@aef.test")
	bulk, err := here.EndOtherSessionsWithResponse(ctx, identityapi.SessionsBulk{AllExceptCurrent: true})
	require.Equal(t, 2, fine(t, bulk, err).JSON200.Count)
	require.Len(t, list(), 1)
	still, err := s.script("X-Session-Token", foreign).GetAuthMeWithResponse(ctx)
	fine(t, still, err)
	guest, err := s.script().ListSessionsWithResponse(ctx)
	refused(t, 401, "UNAUTHORIZED", guest, err)
	s.setStatus("member@aef.test", domain.StatusSuspended)
	over, err := here.ListSessionsWithResponse(ctx)
	refused(t, 401, "INVALID_OR_EXPIRED_TOKEN", over, err)
}
