package app

import (
	"context"

	"go.updspace.com/identity/domain"
)

// BeginPasskey returns the options with which a browser asks for a passkey of any user.
func (s *SignIn) BeginPasskey(ctx context.Context, from domain.Origin) (map[string]any, error) {
	if err := Limited(s.Limiter.Take(ctx, limitCeremonies, from.IP, 1), domain.ErrRateLimited); err != nil {
		return nil, err
	}
	options, key, state, err := s.Verifier.BeginSignIn()
	if err != nil {
		return nil, err
	}
	c := domain.NewCeremony(key, domain.CeremonySignIn, state, s.Clock.Now())
	return options, s.Tx.Platform(ctx, func(ctx context.Context) error { return s.Ceremonies.Insert(ctx, c) })
}

// WithPasskey begins a session for the user of a passkey. It is as strong as a password with a second factor: the authenticator
// has verified its user.
func (s *SignIn) WithPasskey(ctx context.Context, answer []byte, previous domain.Secret, known string, from domain.Origin) (SignedIn, error) {
	ceremony, err := s.end(ctx, answer, domain.CeremonySignIn)
	if err != nil {
		return SignedIn{}, err
	}
	owner, passkey, err := s.Verifier.FinishSignIn(ceremony.State, answer, func(handle []byte) (domain.PasskeyOwner, error) {
		return s.ownerOf(ctx, handle)
	})
	if isCloned(err) {
		return SignedIn{}, s.cloned(ctx, passkey, err, from.IP)
	}
	if err != nil {
		return SignedIn{}, err
	}
	if err := owner.User.SignInError(); err != nil {
		return SignedIn{}, joined(err, s.refused(ctx, owner.User, domain.MethodPasskey, from, err))
	}
	now := s.Clock.Now()
	passkey.LastUsedAt = &now
	shown := &proof{take: func(ctx context.Context) error { return s.Passkeys.Used(ctx, passkey) }}
	in, err := s.begin(ctx, owner.User, signedBy{method: domain.MethodPasskey, shown: shown}, from, previous, known)
	return in, s.cloned(ctx, passkey, err, from.IP)
}

func (s *SignIn) ownerOf(ctx context.Context, handle []byte) (owner domain.PasskeyOwner, err error) {
	id, err := s.Passkeys.ByHandle(ctx, handle)
	if err != nil {
		return owner, err
	}
	if owner.User, err = s.Users.ByID(ctx, id); err != nil {
		return owner, err
	}
	owner.Handle = handle
	owner.Passkeys, err = s.Passkeys.Of(ctx, id)
	return owner, err
}
