package identity_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity/domain"
)

const attackersPassword = "the attacker chose this one"

// Taking over an account by signing up with its address: the account of an approved applicant, of an invited person, of the old system, and
// those that are in use. The attacker cannot sign in, whatever the owner does with the mail, and the owner gets in with nothing of the attacker's.
func TestSigningUpTakesNoAccountOver(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		email   string
		prepare func(s *service, email string)
		enter   func(s *service, email string) // how the owner gets in afterwards
	}{
		"approved": {"approved@player.test", func(s *service, email string) {
			s.apply(email)
			s.approve(s.pending(email).ID)
		}, accepts},
		"invited": {"invited@player.test", func(s *service, email string) {
			r, err := s.invite(email)
			fine(s.t, r, err)
		}, accepts},
		"imported": {"outsider@gaming.test", func(s *service, email string) {
			s.sql("UPDATE users SET status = 'migrated_unclaimed', email_verified = false, password_hash = '' WHERE email = '" + email + "'")
		}, func(s *service, email string) {
			r, err := s.reset(s.resetToken(email), passphrase)
			fine(s.t, r, err)
			login, err := s.tryLogin(email, passphrase)
			require.Equal(s.t, "Olga Outsider", fine(s.t, login, err).JSON200.User.DisplayName)
		}},
		"in use": {"member@aef.test", func(*service, string) {}, func(s *service, email string) { s.login(email) }},
		"suspended": {"suspended@aef.test", func(*service, string) {}, func(s *service, email string) {
			r, err := s.tryLogin(email, "updspace-demo")
			refused(s.t, 403, "ACCOUNT_SUSPENDED", r, err)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			c.prepare(s, c.email)
			in := s.signUp(c.email)
			in.Password = attackersPassword
			in.Username.Set("Attacker")
			r, err := s.sendSignUp(in)
			fine(t, r, err)
			refusedEntry := func() {
				login, err := s.tryLogin(c.email, attackersPassword)
				refused(t, 401, "INVALID_CREDENTIALS", login, err)
			}
			refusedEntry()
			// The owner opens the link and does not know the password that was chosen.
			for _, mail := range s.to(c.email) {
				if _, token, ok := strings.Cut(mail, confirmMark); ok {
					token, _, _ = strings.Cut(token, "\n")
					done, err := s.confirmSignUp(token, "a guess of the true owner")
					refused(t, 400, "INVALID_PASSWORD", done, err)
				}
			}
			refusedEntry()
			c.enter(s, c.email)
			refusedEntry()
		})
	}
}

// accepts enters an account that waits for its owner by the link that was mailed before.
func accepts(s *service, email string) {
	s.t.Helper()
	s.read = nil
	done, err := s.accept(identityapi.InvitationAccept{Token: s.mail(email, inviteMark), DisplayName: new("Owner"), Password: new(passphrase)})
	fine(s.t, done, err)
	login, err := s.tryLogin(email, passphrase)
	require.Equal(s.t, "Owner", fine(s.t, login, err).JSON200.User.DisplayName)
}

// An account that another person prepares for an address: what the owner of the address signs up with is the owner's.
func TestASignUpOfAnotherPersonPreparesNothing(t *testing.T) {
	t.Parallel()
	s := start(t)
	in := s.signUp("new@player.test")
	in.Password = attackersPassword
	r, err := s.sendSignUp(in)
	fine(t, r, err)
	first := s.mail("new@player.test", confirmMark)
	r, err = s.sendSignUp(s.signUp("new@player.test"))
	fine(t, r, err)
	second := s.mail("new@player.test", confirmMark)
	for _, wrong := range [][2]string{{first, passphrase}, {second, attackersPassword}} {
		done, err := s.confirmSignUp(wrong[0], wrong[1])
		refused(t, 400, "INVALID_PASSWORD", done, err)
	}
	done, err := s.confirmSignUp(second, passphrase)
	require.True(t, fine(t, done, err).JSON200.SignedIn)
	// The other link changes nothing any more, even with its password.
	done, err = s.confirmSignUp(first, attackersPassword)
	require.False(t, fine(t, done, err).JSON200.SignedIn)
	login, err := s.tryLogin("new@player.test", attackersPassword)
	refused(t, 401, "INVALID_CREDENTIALS", login, err)
}

// An address that was not confirmed signs in to nothing: not by the password, not by a link, not by a reset.
func TestAnUnconfirmedAddressSignsInNowhere(t *testing.T) {
	t.Parallel()
	s := start(t)
	r, err := s.sendSignUp(s.signUp("new@player.test"))
	fine(t, r, err)
	require.Empty(t, r.HTTPResponse.Cookies())
	login, err := s.tryLogin("new@player.test", passphrase)
	refused(t, 401, "INVALID_CREDENTIALS", login, err)
	require.True(t, s.link("new@player.test").JSON200.DevMagicLink.IsNull())
	s.askReset("new@player.test")
	require.Zero(t, s.mails("new@player.test", "new password"))
	s.clock.Advance(domain.RegistrationLifetime)
	done, err := s.confirmSignUp(s.mail("new@player.test", confirmMark), passphrase)
	refused(t, 410, "TOKEN_EXPIRED", done, err)
}

// User enumeration: the answer and the number of hashes are the same for every address, and each gets one mail.
func TestASignUpDoesNotTellWhoHasAnAccount(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.setStatus("second@aef.test", domain.StatusBanned)
	counting := &countedPasswords{Passwords: s.App.SignUp.Passwords}
	s.App.SignUp.Passwords = counting
	answers := map[string]bool{}
	for _, email := range []string{"member@aef.test", "second@aef.test", "suspended@aef.test", "outsider@gaming.test", "no.one@aef.test"} {
		before, mails := counting.hashed, len(s.to(email))
		r, err := s.sendSignUp(s.signUp(email))
		answers[fmt.Sprint(fine(t, r, err).StatusCode(), string(r.Body))] = true
		require.Equal(t, 1, counting.hashed-before, "%s takes one hash", email)
		s.gets(mails+1, email)
	}
	require.Len(t, answers, 1)
}

// Floods of sign-ups: mails to one address, sign-ups from one, and guesses of the password of one link end.
func TestSignUpsAreLimited(t *testing.T) {
	t.Parallel()
	s := start(t)
	for range 3 {
		r, err := s.sendSignUp(s.signUp("new@player.test"))
		fine(t, r, err)
	}
	r, err := s.sendSignUp(s.signUp(" NEW@player.test"))
	refused(t, 429, "REGISTER_RATE_LIMITED", r, err)
	require.NotEmpty(t, r.HTTPResponse.Header.Get("Retry-After"))
	token := s.mail("new@player.test", confirmMark)
	for range 10 {
		done, err := s.confirmSignUp(token, "a guess of a password")
		refused(t, 400, "INVALID_PASSWORD", done, err)
	}
	done, err := s.confirmSignUp(token, passphrase)
	refused(t, 429, "REGISTER_RATE_LIMITED", done, err)
	last := 0
	for n := range 30 {
		r, err := s.sendSignUp(s.signUp(fmt.Sprintf("new%d@player.test", n)))
		require.NoError(t, err)
		last = r.StatusCode()
	}
	require.Equal(t, http.StatusTooManyRequests, last)
}

// Another site can neither sign a person up nor confirm a sign-up in their browser, which would sign them in.
func TestAnotherSiteCannotSignAPersonUp(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.browser()
	foreign := []string{"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.test"}
	b.send(http.MethodPost, "/api/v1/auth/signup", s.signUp("new@player.test"), foreign...).refuses(t, 403, "CSRF_FAILED")
	r, err := s.sendSignUp(s.signUp("new@player.test"))
	fine(t, r, err)
	confirm := identityapi.SignUpConfirm{Tenant: "gaming", Token: s.mail("new@player.test", confirmMark), Password: passphrase}
	b.send(http.MethodPost, "/api/v1/auth/signup/confirm", confirm, foreign...).refuses(t, 403, "CSRF_FAILED")
	elsewhere := confirm
	elsewhere.Tenant = "aef"
	b.send(http.MethodPost, "/api/v1/auth/signup/confirm", elsewhere).refuses(t, 403, "REGISTRATION_CLOSED")
	require.Nil(t, b.get("/login").boot(t).Account)
	require.Equal(t, 200, b.send(http.MethodPost, "/api/v1/auth/signup/confirm", confirm).StatusCode)
	require.Equal(t, "/account", b.get("/login").at())
}

// Of many confirmations at once one succeeds.
func TestASignUpIsConfirmedOnce(t *testing.T) {
	t.Parallel()
	s := start(t)
	r, err := s.sendSignUp(s.signUp("new@player.test"))
	fine(t, r, err)
	token := s.mail("new@player.test", confirmMark)
	var all sync.WaitGroup
	var succeeded atomic.Int32
	for range 8 { // the limit of guesses is ten
		all.Go(func() {
			done, err := s.confirmSignUp(token, passphrase)
			if err == nil && done.StatusCode() == http.StatusOK {
				succeeded.Add(1)
			}
		})
	}
	all.Wait()
	require.EqualValues(t, 1, succeeded.Load())
}
