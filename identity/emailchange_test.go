package identity_test

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity"
	"go.updspace.com/identity/domain"
)

func (s *service) changeEmail(session, email string) {
	s.t.Helper()
	r, err := s.script("X-Session-Token", session).ChangeEmailWithResponse(ctx, identityapi.EmailChange{NewEmail: email})
	fine(s.t, r, err)
}

func (s *service) emailState(session string) identityapi.EmailState {
	s.t.Helper()
	r, err := s.script("X-Session-Token", session).GetEmailWithResponse(ctx)
	return *fine(s.t, r, err).JSON200
}

func (s *service) confirmEmail(token string) (*identityapi.ConfirmEmailResponse, error) {
	return s.script().ConfirmEmailWithResponse(ctx, identityapi.MailedToken{Token: token})
}

func (s *service) undoEmail(token string) (*identityapi.UndoEmailResponse, error) {
	return s.script().UndoEmailWithResponse(ctx, identityapi.MailedToken{Token: token})
}

// An open session is not enough to take an account away by another address.
func TestAnotherAddressNeedsAFreshProof(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.user("member@aef.test")
	change := func(to string) page { return b.call("email/change", map[string]string{"new_email": to}) }
	read[identityapi.Message](t, change("mika@new.test"))
	s.clock.Advance(domain.ReauthenticationWindow + time.Second)
	change("other@new.test").refuses(t, 403, "REAUTHENTICATION_REQUIRED")
	require.Zero(t, s.mails("other@new.test", ""))
	read[identityapi.Message](t, change("member@aef.test")) // takes the first back
	require.Equal(t, 200, b.call("reauth", map[string]string{"password": identity.DemoPassword}).StatusCode)
	read[identityapi.Message](t, change("other@new.test"))
}

// A link to confirm an address, and one to undo the change, count once.
func TestOfManyConfirmationsOneSucceeds(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.changeEmail(s.login("member@aef.test"), "mika@new.test")
	confirm := tokenIn(t, s.mailTo("mika@new.test", "Confirm your address"), "/verify")
	outcomes := race(100, func() (int, string) {
		r, err := s.confirmEmail(confirm)
		if err != nil {
			return 0, err.Error()
		}
		return r.StatusCode(), ""
	})
	require.Len(t, outcomes[200], 1, "%v", outcomes)
	require.Len(t, outcomes[409], 99, "%v", outcomes)
	undo := tokenIn(t, s.mailTo("member@aef.test", "was changed"), "/verify")
	outcomes = race(100, func() (int, string) {
		r, err := s.undoEmail(undo)
		if err != nil {
			return 0, err.Error()
		}
		return r.StatusCode(), ""
	})
	require.Len(t, outcomes[200], 1, "%v", outcomes)
	require.Len(t, outcomes[409], 99, "%v", outcomes)
}

func TestAnAddressIsChangedAndConfirmed(t *testing.T) {
	t.Parallel()
	s := start(t)
	session, other := s.login("member@aef.test"), s.login("member@aef.test")
	require.Equal(t, "member@aef.test", s.emailState(session).Email)
	require.True(t, s.emailState(session).Pending.IsNull())
	s.changeEmail(session, " Mika@New.test ")
	state := s.emailState(session)
	require.Equal(t, "member@aef.test", state.Email, "until it is confirmed")
	require.Equal(t, "mika@new.test", state.Pending.MustGet().Email)
	former := tokenIn(t, s.mailTo("mika@new.test", "Confirm your address"), "/verify")
	resent, err := s.script("X-Session-Token", session).ResendEmailWithResponse(ctx)
	fine(t, resent, err)
	require.Eventually(t, func() bool { return s.mails("mika@new.test", "Confirm") == 2 }, time.Minute, time.Millisecond)
	r, err := s.confirmEmail(former)
	refused(t, 404, "TOKEN_NOT_FOUND", r, err)
	token := tokenIn(t, s.mailTo("mika@new.test", "Confirm your address"), "/verify")
	u, err := s.undoEmail(token)
	refused(t, 404, "TOKEN_NOT_FOUND", u, err)

	r, err = s.confirmEmail(token)
	require.Equal(t, "mika@new.test", fine(t, r, err).JSON200.Email)
	require.Equal(t, "mika@new.test", s.emailState(session).Email)
	require.True(t, s.emailState(session).Pending.IsNull())
	require.False(t, s.alive(other), "other sessions end")
	r, err = s.confirmEmail(token)
	refused(t, 409, "TOKEN_USED", r, err)
	in, err := s.tryLogin("member@aef.test", identity.DemoPassword)
	refused(t, 401, "INVALID_CREDENTIALS", in, err)
	in, err = s.tryLogin("mika@new.test", identity.DemoPassword)
	fine(t, in, err)
	told := s.mailTo("member@aef.test", "was changed")
	require.Contains(t, told.Text, "m***@new.test")
	require.NotContains(t, told.Text, "mika@new.test")
}

// The former address takes the account back: its thief has neither the password nor a session any more, nor a later link.
func TestTheFormerAddressUndoesAChange(t *testing.T) {
	t.Parallel()
	s := start(t)
	thief := s.login("member@aef.test")
	var undo []string
	for i, step := range [][2]string{{"member@aef.test", "thief@evil.test"}, {"thief@evil.test", "thief2@evil.test"}} {
		s.changeEmail(thief, step[1])
		r, err := s.confirmEmail(tokenIn(t, s.mailTo(step[1], "Confirm"), "/verify"))
		fine(t, r, err)
		undo = append(undo, tokenIn(t, s.mailTo(step[0], "was changed"), "/verify"))
		require.Len(t, undo, i+1)
		s.clock.Advance(time.Minute)
	}
	r, err := s.undoEmail(undo[0])
	require.Equal(t, "member@aef.test", fine(t, r, err).JSON200.Email)
	require.False(t, s.alive(thief))
	later, err := s.undoEmail(undo[1])
	refused(t, 404, "TOKEN_NOT_FOUND", later, err)
	in, err := s.tryLogin("member@aef.test", identity.DemoPassword)
	refused(t, 401, "INVALID_CREDENTIALS", in, err)
	set, err := s.reset(tokenIn(t, s.mailTo("member@aef.test", "new password"), "/reset"), passphrase)
	fine(t, set, err)
	in, err = s.tryLogin("member@aef.test", passphrase)
	fine(t, in, err)
}

// A thief who undoes a later change does not take the owner's own link away.
func TestALaterUndoDoesNotEndAnEarlierOne(t *testing.T) {
	t.Parallel()
	s := start(t)
	thief := s.login("member@aef.test")
	var undo []string
	for _, step := range [][2]string{{"member@aef.test", "thief@evil.test"}, {"thief@evil.test", "thief2@evil.test"}} {
		s.changeEmail(thief, step[1])
		r, err := s.confirmEmail(tokenIn(t, s.mailTo(step[1], "Confirm"), "/verify"))
		fine(t, r, err)
		undo = append(undo, tokenIn(t, s.mailTo(step[0], "was changed"), "/verify"))
		s.clock.Advance(time.Minute)
	}
	r, err := s.undoEmail(undo[1])
	fine(t, r, err)
	r, err = s.undoEmail(undo[0])
	require.Equal(t, "member@aef.test", fine(t, r, err).JSON200.Email)
	s.clock.Advance(domain.TokenEmailUndo.Lifetime())
	r, err = s.undoEmail(undo[0])
	refused(t, 409, "TOKEN_USED", r, err)
}

// Neither the answer nor what is shown afterwards tells whether another account has an address; its owner learns of it.
func TestATakenAddressIsNotTold(t *testing.T) {
	t.Parallel()
	s := start(t)
	session := s.login("member@aef.test")
	script := s.script("X-Session-Token", session)
	free, err := script.ChangeEmailWithResponse(ctx, identityapi.EmailChange{NewEmail: "free@aef.test"})
	fine(t, free, err)
	shown := s.emailState(session).Pending.MustGet()
	taken, err := script.ChangeEmailWithResponse(ctx, identityapi.EmailChange{NewEmail: "second@aef.test"})
	require.Equal(t, string(free.Body), string(fine(t, taken, err).Body))
	again := s.emailState(session).Pending.MustGet()
	require.Equal(t, "second@aef.test", again.Email)
	require.Equal(t, shown.ExpiresAt, again.ExpiresAt)
	require.NotContains(t, s.mailTo("second@aef.test", "Your address").Text, "/verify")

	s.changeEmail(session, "member@aef.test")
	require.True(t, s.emailState(session).Pending.IsNull(), "the current address takes a request back")
	bad, err := script.ChangeEmailWithResponse(ctx, identityapi.EmailChange{NewEmail: "no address"})
	refused(t, 422, "VALIDATION_ERROR", bad, err)
	require.Contains(t, string(bad.Body), "new_email")
	for range 3 {
		bad, err = script.ChangeEmailWithResponse(ctx, identityapi.EmailChange{NewEmail: "free@aef.test"})
		require.NoError(t, err)
	}
	refused(t, 429, "RATE_LIMITED", bad, nil)
}

// Two accounts that ask for one address at once do not both get it.
func TestAnAddressBelongsToOneAccount(t *testing.T) {
	t.Parallel()
	s := start(t)
	var tokens []string
	for _, email := range []string{"member@aef.test", "second@aef.test"} {
		before := s.mails("shared@aef.test", "Confirm")
		s.changeEmail(s.login(email), "shared@aef.test")
		require.Eventually(t, func() bool { return s.mails("shared@aef.test", "Confirm") > before }, time.Minute, time.Millisecond)
		tokens = append(tokens, tokenIn(t, s.mailTo("shared@aef.test", "Confirm"), "/verify"))
	}
	statuses := make([]int, 2)
	var wg sync.WaitGroup
	for i, token := range tokens {
		wg.Go(func() {
			if r, err := s.confirmEmail(token); err == nil {
				statuses[i] = r.StatusCode()
			}
		})
	}
	wg.Wait()
	require.ElementsMatch(t, []int{200, 409}, statuses)
}
