package identity_test

import (
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/mail"
)

const passphrase = "four words and a fox"

// mailTo is the newest mail to an address whose subject contains a text.
func (s *service) mailTo(address, subject string) mail.Message {
	s.t.Helper()
	var found mail.Message
	require.Eventually(s.t, func() bool {
		for _, m := range s.Mailbox.All() { // the newest first
			if m.To == address && strings.Contains(m.Subject, subject) {
				found = m.Message
				return true
			}
		}
		return false
	}, time.Minute, time.Millisecond, "%s: %s", address, subject)
	return found
}

// mails is how many mails an address has got with a text in the subject.
func (s *service) mails(address, subject string) (n int) {
	for _, m := range s.Mailbox.All() {
		if m.To == address && strings.Contains(m.Subject, subject) {
			n++
		}
	}
	return n
}

var fragment = regexp.MustCompile(`(/[a-z]+)#(?:[a-z]+=)?([A-Za-z0-9_-]{43})`)

// tokenIn is the token of the link in a mail, which leads to a page.
func tokenIn(t testing.TB, m mail.Message, page string) string {
	t.Helper()
	found := fragment.FindStringSubmatch(m.Text)
	require.NotNil(t, found, m.Text)
	require.Equal(t, page, found[1])
	require.Contains(t, m.HTML, found[2], "the page of the mail has the link, too")
	return found[2]
}

func (s *service) askReset(email string) {
	s.t.Helper()
	r, err := s.script().RequestPasswordResetWithResponse(ctx, identityapi.PasswordResetRequest{Email: email})
	fine(s.t, r, err)
}

// resetToken asks for a reset and reads the mail.
func (s *service) resetToken(email string) string {
	s.t.Helper()
	before := s.mails(email, "new password")
	s.askReset(email)
	require.Eventually(s.t, func() bool { return s.mails(email, "new password") > before }, time.Minute, time.Millisecond)
	return tokenIn(s.t, s.mailTo(email, "new password"), "/reset")
}

func (s *service) reset(token, password string) (*identityapi.ResetPasswordResponse, error) {
	return s.script().ResetPasswordWithResponse(ctx, identityapi.PasswordReset{Token: token, NewPassword: password})
}

func (s *service) alive(session string) bool {
	s.t.Helper()
	r, err := s.script("X-Session-Token", session).GetAuthMeWithResponse(ctx)
	require.NoError(s.t, err)
	return r.StatusCode() == http.StatusOK
}

func TestAPasswordIsChanged(t *testing.T) {
	t.Parallel()
	s := start(t)
	session, other, stranger := s.login("member@aef.test"), s.login("member@aef.test"), s.login("second@aef.test")
	script := s.script("X-Session-Token", session)
	change := func(current, next string) (*identityapi.ChangePasswordResponse, error) {
		return script.ChangePasswordWithResponse(ctx, identityapi.PasswordChange{CurrentPassword: current, NewPassword: next})
	}
	r, err := s.script().ChangePasswordWithResponse(ctx, identityapi.PasswordChange{CurrentPassword: identity.DemoPassword, NewPassword: passphrase})
	refused(t, 401, "UNAUTHORIZED", r, err)
	r, err = change("not it", passphrase)
	refused(t, 400, "INVALID_PASSWORD", r, err)
	for _, bad := range []string{"short", "password12345678", "member@aef.test!", strings.Repeat("ab c", 251)} {
		r, err = change(identity.DemoPassword, bad)
		refused(t, 422, "VALIDATION_ERROR", r, err)
		require.Contains(t, string(r.Body), "new_password")
	}
	require.True(t, s.alive(other))

	r, err = change(identity.DemoPassword, passphrase)
	require.True(t, fine(t, r, err).JSON200.Ok)
	require.True(t, s.alive(session), "the session that changed it goes on")
	require.False(t, s.alive(other), "the others end")
	require.True(t, s.alive(stranger))
	in, err := s.tryLogin("member@aef.test", identity.DemoPassword)
	refused(t, 401, "INVALID_CREDENTIALS", in, err)
	in, err = s.tryLogin("member@aef.test", passphrase)
	fine(t, in, err)
	require.Contains(t, s.mailTo("member@aef.test", "password was changed").Text, s.url+"/reset")
	for range 10 {
		r, err = change("not it", passphrase)
		require.NoError(t, err)
	}
	refused(t, 429, "RATE_LIMITED", r, nil)
}

func TestAPasswordIsReset(t *testing.T) {
	t.Parallel()
	s := start(t)
	session := s.login("member@aef.test")
	former, token := s.resetToken("member@aef.test"), s.resetToken("member@aef.test")
	r, err := s.reset(token, "short")
	refused(t, 422, "VALIDATION_ERROR", r, err)
	r, err = s.reset(token, passphrase)
	fine(t, r, err)
	require.False(t, s.alive(session), "every session ends")
	r, err = s.reset(token, passphrase+"!")
	refused(t, 409, "TOKEN_USED", r, err)
	r, err = s.reset(former, passphrase+"!")
	refused(t, 404, "TOKEN_NOT_FOUND", r, err)
	r, err = s.reset("made up", passphrase+"!")
	refused(t, 404, "TOKEN_NOT_FOUND", r, err)
	in, err := s.tryLogin("member@aef.test", passphrase)
	fine(t, in, err)

	s.clock.Advance(time.Hour)
	late := s.resetToken("member@aef.test")
	s.clock.Advance(domain.TokenPasswordReset.Lifetime())
	r, err = s.reset(late, passphrase+"!")
	refused(t, 410, "TOKEN_EXPIRED", r, err)
}

// An account without a password gets one as others get a new one, and its address counts as verified.
func TestAnAccountWithoutAPasswordGetsOne(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.sql("UPDATE users SET password_hash = '', email_verified = false WHERE id = ?", member)
	in, err := s.tryLogin("member@aef.test", "no password")
	refused(t, 401, "INVALID_CREDENTIALS", in, err)
	r, err := s.reset(s.resetToken("member@aef.test"), passphrase)
	fine(t, r, err)
	in, err = s.tryLogin("member@aef.test", passphrase)
	fine(t, in, err)
}

// A reset ends the gateway's sessions, too: it is told by a logout token.
func TestAResetSignsOutOfTheGateway(t *testing.T) {
	t.Parallel()
	rp := newRelyingParty(t)
	s := start(t, withLogout(rp))
	in, others := s.signedIn("member@aef.test"), s.signedIn("second@aef.test")
	in.isAlive(s)
	r, err := s.reset(s.resetToken("member@aef.test"), passphrase)
	fine(t, r, err)
	in.isOver(s)
	others.isAlive(s)
	require.Len(t, rp.received(), 1)
}

// Neither the answer nor a mail tells whether an address has an account that can be reset.
func TestAResetDoesNotTellWhoHasAnAccount(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.setStatus("second@aef.test", domain.StatusBanned)
	answers := map[string]bool{}
	for _, email := range []string{"member@aef.test", "second@aef.test", "no.one@aef.test"} {
		r, err := s.script().RequestPasswordResetWithResponse(ctx, identityapi.PasswordResetRequest{Email: email})
		answers[string(fine(t, r, err).Body)] = true
	}
	require.Len(t, answers, 1)
	s.mailTo("member@aef.test", "new password")
	require.Zero(t, s.mails("second@aef.test", "password")+s.mails("no.one@aef.test", ""))
	r, err := s.script().RequestPasswordResetWithResponse(ctx, identityapi.PasswordResetRequest{Email: "no address"})
	refused(t, 422, "VALIDATION_ERROR", r, err)
	for range 3 {
		r, err = s.script().RequestPasswordResetWithResponse(ctx, identityapi.PasswordResetRequest{Email: "no.one@aef.test"})
		require.NoError(t, err)
	}
	refused(t, 429, "RATE_LIMITED", r, nil)
}

// Of many attempts with one link at once, one sets the password.
func TestOfManyResetsOneSucceeds(t *testing.T) {
	t.Parallel()
	s := start(t, func(c *identity.Config) { c.PasswordQueue = 200 })
	token := s.resetToken("member@aef.test")
	var wg sync.WaitGroup
	codes := make(chan int, 100)
	for range 100 {
		wg.Go(func() {
			r, err := s.reset(token, passphrase)
			if err == nil {
				codes <- r.StatusCode()
			}
		})
	}
	wg.Wait()
	close(codes)
	count := map[int]int{}
	for code := range codes {
		count[code]++
	}
	require.Equal(t, map[int]int{200: 1, 409: 99}, count)
}

// Another site cannot make a browser ask for a reset, or use a link.
func TestOtherSitesResetNothing(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.browser()
	for _, path := range []string{"/api/v1/auth/password/reset/request", "/api/v1/auth/password/reset", "/api/v1/auth/email/confirm", "/api/v1/auth/email/undo"} {
		body := map[string]string{"token": "x", "new_password": passphrase}
		switch {
		case strings.HasSuffix(path, "request"):
			body = map[string]string{"email": "member@aef.test"}
		case strings.Contains(path, "email"):
			body = map[string]string{"token": "x"}
		}
		b.send(http.MethodPost, path, body, "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.test").refuses(t, 403, "CSRF_FAILED")
	}
}
