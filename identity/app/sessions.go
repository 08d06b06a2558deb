package app

import (
	"context"
	"errors"

	"go.updspace.com/identity/domain"
)

// Sessions finds and ends sessions on the ID host by their tokens.
type Sessions struct {
	*Deps
	SignOut *SignOut
}

// Current is a session and its user.
type Current struct {
	Session domain.Session
	User    domain.User
}

// Find returns the live session of a token, else ErrInvalidSession.
func (s *Sessions) Find(ctx context.Context, token domain.Secret) (Current, error) {
	if token == "" {
		return Current{}, domain.ErrNotSignedIn
	}
	session, user, err := s.Sessions.ByToken(ctx, token.Hash())
	if err != nil {
		return Current{}, err
	}
	if !session.Alive(user, s.Clock.Now()) {
		return Current{}, domain.ErrInvalidSession
	}
	if now := s.Clock.Now(); session.UseIsNews(now) {
		if err := s.Sessions.Used(ctx, session.ID, now); err != nil {
			return Current{}, err
		}
	}
	return Current{Session: session, User: user}, nil
}

// FindOrGuest is Find that reports a missing or ended session as found == false.
func (s *Sessions) FindOrGuest(ctx context.Context, token domain.Secret) (who Current, found bool, err error) {
	who, err = s.Find(ctx, token)
	if errors.Is(err, domain.ErrNotSignedIn) || errors.Is(err, domain.ErrInvalidSession) {
		return Current{}, false, nil
	}
	return who, err == nil, err
}

// EndQuietly is End that is content when the token names no live session.
func (s *Sessions) EndQuietly(ctx context.Context, from domain.Origin, token domain.Secret) error {
	err := s.End(ctx, from, token)
	if errors.Is(err, domain.ErrNotSignedIn) {
		return nil
	}
	return err
}

// End ends the sessions of the given tokens. It fails only when none of them names a live session.
func (s *Sessions) End(ctx context.Context, from domain.Origin, tokens ...domain.Secret) error {
	ended := false
	for _, token := range tokens {
		current, found, err := s.FindOrGuest(ctx, token)
		if err != nil {
			return err
		}
		if !found {
			continue
		}
		if err := s.SignOut.End(ctx, current.Session, Ending{Actor: current.User.ID, Reason: "logout", IP: from.IP}); err != nil {
			return err
		}
		ended = true
	}
	if !ended {
		return domain.ErrNotSignedIn
	}
	return nil
}
