package app

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
)

// FormTokenLifetime is how long a form may stay open.
const FormTokenLifetime = 15 * time.Minute

// Purposes of form tokens.
const (
	PurposeLogin    = "login"
	PurposeRegister = "register"
	aboutForm       = "form/"
)

// SignIn signs people in with their password.
type SignIn struct {
	*Deps
	SignOut *SignOut
}

// Credentials are what a sign-in form sends.
type Credentials struct {
	Email     string
	Password  string
	FormToken string
	Code      string // of an authenticator app, or a recovery code; empty: not given
	Passkey   []byte // the answer of a passkey as second factor; nil: not given
	// Previous is the token of the session that the browser has: its user's session continues, another user's ends.
	Previous domain.Secret
	// Known is the mark of a browser that has signed the account in before; see [SignedIn].
	Known string
}

// SignedIn is a session just begun. Its token is shown this once.
type SignedIn struct {
	Session domain.Session
	User    domain.User
	Token   domain.Secret
	Known   string // marks the browser as known to the account
	// RecoveryCodes replace the one that was used, and all others. They are shown this once.
	RecoveryCodes []string
}

// FormToken makes the token a form of the given purpose must carry.
func (s *SignIn) FormToken(purpose string) (string, error) {
	if purpose != PurposeLogin && purpose != PurposeRegister {
		f := errs.Fields{}
		f.Add("purpose", why.NotAllowed("must be login or register"))
		return "", f.Err()
	}
	return s.Stamps.Issue(aboutForm+purpose, s.Clock.Now().Add(FormTokenLifetime)), nil
}

// WithPassword begins a session. What is wrong with the account is told only to
// who knows its password, and an unknown address costs the same work.
func (s *SignIn) WithPassword(ctx context.Context, in Credentials, from domain.Origin) (SignedIn, error) {
	if until, ok := s.Stamps.Open(in.FormToken, aboutForm+PurposeLogin); !ok || !s.Clock.Now().Before(until) {
		return SignedIn{}, domain.ErrInvalidFormToken
	}
	email, invalid := domain.NormalizeEmail(in.Email)
	if invalid != nil {
		email = "" // no account has it; the rest runs as for an unknown one
	}
	guess := s.guess(email, in.Known, from)
	limits := func(ctx context.Context) error { return s.blocked(ctx, guess) }
	if err := limits(ctx); err != nil {
		return SignedIn{}, err
	}
	user, err := s.Users.ByEmail(ctx, email)
	if err != nil && !errors.Is(err, domain.ErrUserUnknown) {
		return SignedIn{}, err
	}
	// Many may have passed the limits and waited for their turn: the limits are
	// asked again when it comes, so that a burst gets no further than a queue.
	ok, rehash, err := s.Passwords.Verify(ctx, in.Password, user.PasswordHash, limits)
	if err != nil {
		return SignedIn{}, err
	}
	if !ok {
		return SignedIn{}, s.failed(ctx, user, guess, from)
	}
	s.Limiter.Reset(ctx, guess[0].rule, guess[0].key)
	return s.withRightPassword(ctx, user, in, rehash, guess, from)
}

// withRightPassword says what is wrong with the account, asks for the second step and begins the session.
func (s *SignIn) withRightPassword(ctx context.Context, user domain.User, in Credentials, rehash bool, guess []use, from domain.Origin) (SignedIn, error) {
	if err := user.SignInError(); err != nil {
		return SignedIn{}, joined(err, s.refused(ctx, user, domain.MethodPassword, from, err))
	}
	shown, err := s.secondStep(ctx, user, domain.MethodPassword, in, guess, from)
	if err != nil {
		return SignedIn{}, err
	}
	if rehash {
		if err := s.rehash(ctx, user, in.Password); err != nil {
			return SignedIn{}, err
		}
	}
	signed, err := s.begin(ctx, user, signedBy{method: domain.MethodPassword, shown: shown}, from, in.Previous, in.Known)
	if err != nil && shown != nil { // another request was faster with the same code
		err = s.notShown(ctx, user, domain.MethodPassword, err, from)
	}
	return signed, err
}

// joined is the error that a caller is told, with what went wrong while it was recorded.
func joined(err, recording error) error {
	if recording == nil {
		return err
	}
	return errors.Join(err, recording)
}

// signedBy is how a user has signed in. shown is nil when the first step was enough.
type signedBy struct {
	method   domain.SessionMethod
	shown    *proof
	provider string // of an account at another service
}

func (h signedBy) metadata(s domain.Session) map[string]any {
	m := map[string]any{"method": string(h.method), "strong": s.Strong}
	if h.provider != "" {
		m["provider"] = h.provider
	}
	return m
}

// use is a key of a rule.
type use struct{ rule, key string }

// guess is what a wrong password counts against. The first is forgiven by a right one.
func (s *SignIn) guess(email, known string, from domain.Origin) []use {
	if s.knownBrowsers(known).KnowsAddress(email) {
		return []use{{limitKnownBrowser, known}}
	}
	return []use{{limitAccount, email}, {limitAddress, from.IP}}
}

func (s *SignIn) blocked(ctx context.Context, guess []use) error {
	for _, u := range guess {
		if err := Limited(s.Limiter.Peek(ctx, u.rule, u.key), domain.ErrLoginRateLimited); err != nil {
			return err
		}
	}
	return nil
}

func (s *SignIn) failed(ctx context.Context, user domain.User, guess []use, from domain.Origin) error {
	for _, u := range guess {
		s.Limiter.Take(ctx, u.rule, u.key, 1)
	}
	if err := s.refused(ctx, user, domain.MethodPassword, from, domain.ErrInvalidCredentials); err != nil {
		return err
	}
	return domain.ErrInvalidCredentials
}

func (s *SignIn) refused(ctx context.Context, user domain.User, method domain.SessionMethod, from domain.Origin, why error) error {
	if err := s.failedSignIn(ctx, user, method, from, why); err != nil {
		return err
	}
	e := audit.Entry{Action: domain.ActionSignInFailed, TargetType: "user", IP: from.IP, Metadata: map[string]any{}}
	if user.ID != uuid.Nil {
		e.TargetID = user.ID.String()
	}
	var known *errs.Error
	if errors.As(why, &known) {
		e.Metadata["reason"] = known.Code
	}
	return s.Recorder.add(ctx, e)
}

func (s *SignIn) rehash(ctx context.Context, u domain.User, password string) error {
	hash, err := s.Passwords.Hash(ctx, password)
	if err != nil {
		return err
	}
	return s.Users.SetPasswordHash(ctx, u.ID, u.PasswordHash, hash)
}

func (s *SignIn) begin(ctx context.Context, u domain.User, how signedBy, from domain.Origin, previous domain.Secret, known string) (SignedIn, error) {
	session, token := domain.NewSession(newID(), u.ID, how.method, from, s.Clock.Now())
	old, user, err := s.Sessions.ByToken(ctx, previous.Hash())
	had := err == nil && old.Alive(user, s.Clock.Now())
	if err != nil && !errors.Is(err, domain.ErrInvalidSession) {
		return SignedIn{}, err
	}
	if had && old.UserID != u.ID {
		if err := s.SignOut.End(ctx, old, Ending{Actor: old.UserID, Reason: "another user signed in", IP: from.IP}); err != nil {
			return SignedIn{}, err
		}
	}
	store, publish := s.Sessions.Insert, s.Events.SessionCreated
	if had && old.UserID == u.ID {
		session, token = old.Renew(how.method, from, s.Clock.Now())
		store, publish = s.Sessions.Renew, func(context.Context, domain.Session) error { return nil }
	}
	session.Strong = how.shown != nil
	err = s.Tx.Platform(ctx, func(ctx context.Context) (err error) {
		if how.shown != nil {
			if err := how.shown.take(ctx); err != nil {
				return err
			}
		}
		if err := store(ctx, session); err != nil {
			return err
		}
		if known, err = s.signedIn(ctx, u, session, from, known); err != nil {
			return err
		}
		if err := s.Recorder.add(ctx, audit.Entry{
			Actor: by(u.ID), Action: domain.ActionSignedIn, TargetType: "session", TargetID: session.ID.String(), IP: from.IP,
			Metadata: how.metadata(session),
		}); err != nil {
			return err
		}
		return publish(ctx, session)
	})
	if err != nil {
		return SignedIn{}, err
	}
	in := SignedIn{Session: session, User: u, Token: token, Known: known}
	if how.shown != nil {
		in.RecoveryCodes = how.shown.codes
	}
	return in, nil
}
