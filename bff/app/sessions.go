package app

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/bff/domain"
	"go.updspace.com/bff/ports"
)

// Sessions finds, opens and ends sessions.
type Sessions struct {
	store      ports.Sessions
	signOuts   ports.SignOuts
	principals *Principals
	identity   ports.Identity
	provider   ports.Provider
	clock      ports.Clock
}

// NewSessions makes the use case.
func NewSessions(
	store ports.Sessions, signOuts ports.SignOuts, principals *Principals,
	identity ports.Identity, provider ports.Provider, clock ports.Clock,
) *Sessions {
	return &Sessions{
		store: store, signOuts: signOuts, principals: principals, identity: identity, provider: provider, clock: clock,
	}
}

// Find returns the session with the given hash of its token, whatever its tenant and its user's standing: enough to count its
// requests and to end it. Without one it fails with domain.ErrUnauthenticated.
func (s *Sessions) Find(ctx context.Context, id domain.Hash) (domain.Session, error) {
	session, err := s.store.Find(ctx, id)
	if err != nil {
		return domain.Session{}, err
	}
	if !session.Live(s.clock.Now()) {
		return domain.Session{}, domain.ErrUnauthenticated
	}
	return session, nil
}

// Cached reports whether Find needs no lookup.
func (s *Sessions) Cached(id domain.Hash) bool { return s.store.Cached(id) }

// Authorize lets a session act in a tenant: the session must belong to it, the user must not have ended all sessions
// since, and must be in good standing there.
func (s *Sessions) Authorize(ctx context.Context, session domain.Session, tenant domain.Tenant) (domain.Principal, error) {
	if session.TenantID != tenant.ID {
		return domain.Principal{}, domain.ErrTenantMismatch
	}
	principal, err := s.principals.Of(ctx, tenant, session.UserID)
	if err != nil {
		return domain.Principal{}, err
	}
	if !principal.Covers(session) {
		if err := s.store.End(ctx, session.ID); err != nil {
			return domain.Principal{}, err
		}
		return domain.Principal{}, domain.ErrUnauthenticated
	}
	return principal, principal.Standing()
}

// Open starts a session for a user who has just signed in. Only members in good standing get one. A session the browser
// had before is ended, so that a token that was planted or stolen is worth nothing afterwards.
func (s *Sessions) Open(ctx context.Context, tenant domain.Tenant, in domain.SignIn, old domain.Secret) (domain.Session, domain.Secret, error) {
	principal, err := s.principals.Ask(ctx, tenant, in.UserID)
	if errors.Is(err, domain.ErrUnauthenticated) { // identity vouched for a user it does not know in this tenant
		err = domain.ErrTenantForbidden
	}
	if err != nil {
		return domain.Session{}, "", err
	}
	if err := principal.Standing(); err != nil {
		return domain.Session{}, "", err
	}
	session, token := domain.NewSession(tenant.ID, in, s.clock.Now())
	if err := s.store.Create(ctx, session); err != nil {
		return domain.Session{}, "", err
	}
	if old != "" {
		if err := s.store.End(ctx, old.Hash()); err != nil {
			return domain.Session{}, "", err
		}
	}
	return session, token, nil
}

// SignOut ends the session of a token, every other session of the same sign-in, and that sign-in at the ID host. When
// the ID service cannot be reached, the sessions here are over all the same and domain.ErrSignOutUnconfirmed is returned:
// the sign-out can be repeated with the same token, and RepeatSignOuts repeats it.
func (s *Sessions) SignOut(ctx context.Context, token domain.Secret) error {
	sid, err := s.signOuts.SignOut(ctx, token.Hash(), s.clock.Now())
	if err != nil {
		return err
	}
	if err := s.confirm(ctx, sid); err != nil {
		return domain.ErrSignOutUnconfirmed.Wrap(err)
	}
	return nil
}

func (s *Sessions) confirm(ctx context.Context, sid uuid.UUID) error {
	if err := s.identity.EndSession(ctx, sid); err != nil {
		return err
	}
	return s.signOuts.Confirm(ctx, sid)
}

// signOutTime is longer than a sign-out takes: one that is younger may be under way.
const signOutTime = 10 * time.Second

// RepeatSignOuts tells the ID service of the sign-outs it may not have heard of.
func (s *Sessions) RepeatSignOuts(ctx context.Context) error {
	sids, err := s.signOuts.Unconfirmed(ctx, s.clock.Now().Add(-signOutTime))
	if err != nil {
		return err
	}
	var failed error
	for _, sid := range sids {
		failed = errors.Join(failed, s.confirm(ctx, sid))
	}
	return failed
}

// AcceptLogout ends the sessions of the sign-in that a logout token of the ID service names.
func (s *Sessions) AcceptLogout(ctx context.Context, token string) error {
	verified, err := s.provider.VerifyLogout(ctx, token, s.clock.Now())
	if err != nil {
		return err
	}
	return s.signOuts.Accept(ctx, verified)
}
