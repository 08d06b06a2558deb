package app

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/errs"
)

// FormTokenLifetime is how long a form may stay open.
const FormTokenLifetime = 15 * time.Minute

// Purposes of form tokens.
const (
	PurposeLogin    = "login"
	PurposeRegister = "register"
)

// How many wrong passwords are let through. The account's limit stops guessing
// one person's password, the address's stops trying one password on everybody.
var (
	limitAccount = ports.Limit{Name: "login-account", Events: 5, Window: 5 * time.Minute}
	limitAddress = ports.Limit{Name: "login-address", Events: 50, Window: 5 * time.Minute}
)

// SignIn signs people in with their password.
type SignIn struct {
	Tx        ports.Tx
	Users     ports.Users
	Sessions  ports.Sessions
	Passwords ports.Passwords
	Limiter   ports.Limiter
	Forms     ports.FormTokens
	Events    ports.Events
	Recorder  Recorder
	Clock     ports.Clock
}

// Credentials are what a sign-in form sends.
type Credentials struct {
	Email     string
	Password  string
	FormToken string
}

// SignedIn is a session just begun. Its token is shown this once.
type SignedIn struct {
	Session domain.Session
	User    domain.User
	Token   domain.Secret
}

// FormToken makes the token a form of the given purpose must carry.
func (s *SignIn) FormToken(purpose string) (string, error) {
	if purpose != PurposeLogin && purpose != PurposeRegister {
		f := errs.Fields{}
		f.Add("purpose", "must be login or register")
		return "", f.Err()
	}
	return s.Forms.Issue(purpose, s.Clock.Now().Add(FormTokenLifetime)), nil
}

// WithPassword begins a session. What is wrong with the account is told only to
// who knows its password, and an unknown address costs the same work.
func (s *SignIn) WithPassword(ctx context.Context, in Credentials, from domain.Origin) (SignedIn, error) {
	if !s.Forms.Check(in.FormToken, PurposeLogin, s.Clock.Now()) {
		return SignedIn{}, domain.ErrInvalidFormToken
	}
	email, invalid := domain.NormalizeEmail(in.Email)
	if invalid != nil {
		email = "" // no account has it; the rest runs as for an unknown one
	}
	limits := func(ctx context.Context) error { return s.blocked(ctx, email, from.IP) }
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
		return SignedIn{}, s.failed(ctx, user.ID, email, from)
	}
	s.Limiter.Reset(ctx, limitAccount, email)
	if err := user.SignInError(); err != nil {
		return SignedIn{}, errors.Join(err, s.refused(ctx, user.ID, from, err))
	}
	if rehash {
		if err := s.rehash(ctx, user, in.Password); err != nil {
			return SignedIn{}, err
		}
	}
	return s.begin(ctx, user, domain.MethodPassword, from)
}

func (s *SignIn) blocked(ctx context.Context, email, ip string) error {
	wait := max(s.Limiter.Blocked(ctx, limitAccount, email), s.Limiter.Blocked(ctx, limitAddress, ip))
	if wait <= 0 {
		return nil
	}
	return domain.ErrLoginRateLimited.WithRetryAfter(wait).WithDetails(map[string]any{"retry_after_seconds": seconds(wait)})
}

func (s *SignIn) failed(ctx context.Context, user uuid.UUID, email string, from domain.Origin) error {
	s.Limiter.Count(ctx, limitAccount, email)
	s.Limiter.Count(ctx, limitAddress, from.IP)
	if err := s.refused(ctx, user, from, domain.ErrInvalidCredentials); err != nil {
		return err
	}
	return domain.ErrInvalidCredentials
}

func (s *SignIn) refused(ctx context.Context, user uuid.UUID, from domain.Origin, why error) error {
	e := entry{action: domain.ActionSignInFailed, targetType: "user", ip: from.IP, meta: map[string]string{}}
	if user != uuid.Nil {
		e.targetID = user.String()
	}
	var known *errs.Error
	if errors.As(why, &known) {
		e.meta["reason"] = known.Code
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

func (s *SignIn) begin(ctx context.Context, u domain.User, method domain.SessionMethod, from domain.Origin) (SignedIn, error) {
	session, token := domain.NewSession(newID(), u.ID, method, from, s.Clock.Now())
	err := s.Tx.Platform(ctx, func(ctx context.Context) error {
		if err := s.Sessions.Insert(ctx, session); err != nil {
			return err
		}
		if err := s.Recorder.add(ctx, entry{
			actor: u.ID, action: domain.ActionSignedIn, targetType: "session", targetID: session.ID.String(), ip: from.IP,
			meta: map[string]string{"method": string(method)},
		}); err != nil {
			return err
		}
		return s.Events.SessionCreated(ctx, session)
	})
	if err != nil {
		return SignedIn{}, err
	}
	return SignedIn{Session: session, User: u, Token: token}, nil
}

func seconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }
