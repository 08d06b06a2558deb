package app

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"go.updspace.com/bff/domain"
	"go.updspace.com/bff/ports"
)

// Sessions says who is behind a cookie, and ends sessions.
type Sessions struct {
	store      ports.Sessions
	principals *Principals
	clock      ports.Clock
}

// NewSessions makes the use case.
func NewSessions(store ports.Sessions, principals *Principals, clock ports.Clock) *Sessions {
	return &Sessions{store: store, principals: principals, clock: clock}
}

// Find returns the session behind a token, in whatever tenant and standing:
// enough to count its requests and to end it. domain.ErrUnauthenticated when
// there is none.
func (s *Sessions) Find(ctx context.Context, token domain.Secret) (domain.Session, error) {
	session, err := s.store.Find(ctx, token.Hash())
	if err != nil {
		return domain.Session{}, err
	}
	if !session.Live(s.clock.Now()) {
		return domain.Session{}, domain.ErrUnauthenticated
	}
	return session, nil
}

// Admit lets a session act in a tenant: the session must belong to it, must
// not have been ended by the user elsewhere, and its user must be in good
// standing there.
func (s *Sessions) Admit(ctx context.Context, session domain.Session, tenant domain.Tenant) (domain.Principal, error) {
	if session.TenantID != tenant.ID {
		return domain.Principal{}, domain.ErrTenantMismatch
	}
	principal, err := s.principals.Of(ctx, tenant, session.UserID)
	if err != nil {
		return domain.Principal{}, err
	}
	if !principal.Covers(session) {
		if err := s.store.Revoke(ctx, session.ID); err != nil {
			return domain.Principal{}, err
		}
		return domain.Principal{}, domain.ErrUnauthenticated
	}
	return principal, principal.Standing()
}

// Open starts a session for a user who has just proved who they are. Only
// members in good standing get one. A session the browser had before is ended,
// so that a token an attacker planted or stole is worth nothing afterwards.
func (s *Sessions) Open(ctx context.Context, tenant domain.Tenant, user uuid.UUID, old domain.Secret) (domain.Session, domain.Secret, error) {
	principal, err := s.principals.Ask(ctx, tenant, user)
	if errors.Is(err, domain.ErrUnauthenticated) { // identity vouched for a user it does not know in this tenant
		err = domain.ErrTenantForbidden
	}
	if err != nil {
		return domain.Session{}, "", err
	}
	if err := principal.Standing(); err != nil {
		return domain.Session{}, "", err
	}
	session, token := domain.NewSession(tenant.ID, user, s.clock.Now())
	if err := s.store.Create(ctx, session); err != nil {
		return domain.Session{}, "", err
	}
	if old != "" {
		if err := s.store.Revoke(ctx, old.Hash()); err != nil {
			return domain.Session{}, "", err
		}
	}
	return session, token, nil
}

// Close ends a session, everywhere.
func (s *Sessions) Close(ctx context.Context, session domain.Session) error {
	return s.store.Revoke(ctx, session.ID)
}
