package app

import (
	"context"
	"errors"

	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
)

// Sessions knows who is signed in on the ID host.
type Sessions struct {
	Sessions ports.Sessions
	Recorder Recorder
	Clock    ports.Clock
}

// Current is a session and whose it is.
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
	return Current{Session: session, User: user}, nil
}

// End ends the sessions of the given tokens, however they were sent. It fails
// only when none of them is a live session.
func (s *Sessions) End(ctx context.Context, from domain.Origin, tokens ...domain.Secret) error {
	ended := 0
	for _, token := range tokens {
		current, err := s.Find(ctx, token)
		if errors.Is(err, domain.ErrInvalidSession) || errors.Is(err, domain.ErrNotSignedIn) {
			continue
		}
		if err != nil {
			return err
		}
		if err := s.Sessions.Revoke(ctx, current.Session.ID, "logout", s.Clock.Now()); err != nil {
			return err
		}
		ended++
		if err := s.Recorder.add(ctx, entry{
			actor: current.User.ID, action: domain.ActionSignedOut, targetType: "session", targetID: current.Session.ID.String(), ip: from.IP,
		}); err != nil {
			return err
		}
	}
	if ended == 0 {
		return domain.ErrNotSignedIn
	}
	return nil
}
