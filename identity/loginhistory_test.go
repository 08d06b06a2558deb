package identity_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity"
	"go.updspace.com/identity/domain"
)

const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"

func (s *service) logins(session string) []identityapi.LoginEvent {
	s.t.Helper()
	r, err := s.script("X-Session-Token", session).ListLoginsWithResponse(ctx)
	return fine(s.t, r, err).JSON200.Events
}

func TestThePersonSeesTheirSignIns(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.browser()
	sign := func(password string) int {
		s.clock.Advance(time.Second)
		return b.tryLogin(b.get("/login?again=1"), "member@aef.test", password, "User-Agent", firefox).StatusCode
	}
	require.Equal(t, http.StatusUnauthorized, sign("not it"))
	require.Equal(t, http.StatusOK, sign(identity.DemoPassword))
	require.Equal(t, http.StatusOK, sign(identity.DemoPassword))
	s.clock.Advance(time.Second)
	r, err := s.exchange(ofTenant(aef, "aef"), s.magicCode("member@aef.test"))
	fine(t, r, err)
	s.clock.Advance(time.Second)
	session := s.login("member@aef.test")

	all := s.logins(session)
	require.Len(t, all, 5)
	require.True(t, all[0].IsNewDevice, "another browser")
	require.Equal(t, "magic_link", all[1].Method)
	require.True(t, all[1].DeviceID.IsNull())
	require.False(t, all[2].IsNewDevice)
	require.True(t, all[3].IsNewDevice)
	require.Equal(t, all[2].DeviceID.MustGet(), all[3].DeviceID.MustGet(), "the same browser")
	require.NotEqual(t, all[0].DeviceID.MustGet(), all[2].DeviceID.MustGet())
	require.NotEqual(t, uuid.Nil, all[2].DeviceID.MustGet())
	require.Equal(t, identityapi.LoginEventStatusFailure, all[4].Status)
	require.Equal(t, "INVALID_CREDENTIALS", all[4].Reason)
	require.Equal(t, []string{"Firefox", "Linux"}, []string{all[4].Browser, all[4].Os})
	require.NotEmpty(t, all[4].IPAddress)
	require.Empty(t, s.logins(s.login("admin@aef.test"))[1:], "of one's own account only")
	guest, err := s.script().ListLoginsWithResponse(ctx)
	refused(t, 401, "UNAUTHORIZED", guest, err)
}

// The owner gets a mail about a browser that had not signed the account in before, in the language of the account.
func TestANewDeviceIsMailed(t *testing.T) {
	t.Parallel()
	s := start(t)
	_, err := s.Own.Prefer(ctx, member, domain.PreferencesEdit{Language: new("ru")})
	require.NoError(t, err)
	b, shared := s.browser(), s.browser()
	sign := func(b *browser, email, password string) {
		s.clock.Advance(time.Second)
		require.Equal(t, http.StatusOK, b.tryLogin(b.get("/login?again=1"), email, password, "User-Agent", firefox).StatusCode)
	}
	sent := func() int { return s.mails("member@aef.test", "нового устройства") }
	sign(b, "member@aef.test", identity.DemoPassword)
	m := s.mailTo("member@aef.test", "нового устройства")
	require.Contains(t, m.Text, "Firefox, Linux")
	require.Contains(t, m.HTML, "Firefox, Linux")
	sign(b, "member@aef.test", identity.DemoPassword)
	sign(shared, "second@aef.test", identity.DemoPassword)
	sign(shared, "member@aef.test", identity.DemoPassword)
	require.Eventually(t, func() bool { return sent() == 2 }, time.Minute, time.Millisecond)
	sign(shared, "second@aef.test", identity.DemoPassword)
	sign(shared, "member@aef.test", identity.DemoPassword)
	s.mailTo("second@aef.test", "new device")
	require.Equal(t, 1, s.mails("second@aef.test", "new device"), "a browser knows several accounts")

	// After a reset, no browser is known any more.
	s.clock.Advance(time.Minute)
	s.askReset("member@aef.test")
	token := tokenIn(t, s.mailTo("member@aef.test", "Новый пароль"), "/reset")
	s.clock.Advance(time.Minute)
	r, err := s.reset(token, passphrase)
	fine(t, r, err)
	require.Equal(t, 2, sent())
	sign(b, "member@aef.test", passphrase)
	require.Eventually(t, func() bool { return sent() == 3 }, time.Minute, time.Millisecond)
}
