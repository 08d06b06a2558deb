package app_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/bff/app"
	"go.updspace.com/bff/domain"
	"go.updspace.com/bff/ports"
)

var errStorage = errors.New("storage is away")

// storage is the storage of sessions and sign-outs. Each operation fails with its error.
type storage struct {
	ports.SignOuts
	create, end, signOut, confirm, list, accept error

	found       domain.Session // if it has a user
	ended       []domain.Hash
	confirmed   []uuid.UUID
	unconfirmed []uuid.UUID
	before      time.Time // of the last list
	accepted    []domain.LogoutToken
}

func (s *storage) Create(context.Context, domain.Session) error { return s.create }

func (s *storage) Find(context.Context, domain.Hash) (domain.Session, error) {
	if s.found.UserID == uuid.Nil {
		return domain.Session{}, errStorage
	}
	return s.found, nil
}

func (s *storage) Cached(domain.Hash) bool { return false }

func (s *storage) End(_ context.Context, id domain.Hash) error {
	s.ended = append(s.ended, id)
	return s.end
}

func (s *storage) SignOut(context.Context, domain.Hash, time.Time) (uuid.UUID, error) {
	return uuid.New(), s.signOut
}

func (s *storage) Confirm(_ context.Context, sid uuid.UUID) error {
	if s.confirm == nil {
		s.confirmed = append(s.confirmed, sid)
	}
	return s.confirm
}

func (s *storage) Unconfirmed(_ context.Context, before time.Time) ([]uuid.UUID, error) {
	s.before = before
	return s.unconfirmed, s.list
}

func (s *storage) Accept(_ context.Context, token domain.LogoutToken) error {
	s.accepted = append(s.accepted, token)
	return s.accept
}

// A session that cannot be stored or ended is an error, never a success.
func TestSessionsFailWithTheirStorage(t *testing.T) {
	t.Parallel()
	principals, id, clock := newPrincipals(t)
	id.principal.Flags = domain.Flags{EmailVerified: true, Status: "active"}
	id.principal.Membership = &domain.Membership{TenantID: aef.ID, TenantSlug: aef.Slug, Status: "active"}
	var s storage
	sessions := app.NewSessions(&s, &s, principals, id, nil, clock)
	open := func() error {
		session, token, err := sessions.Open(t.Context(), aef, domain.SignIn{UserID: user}, "old")
		require.Equal(t, err == nil, token != "")
		require.Equal(t, err == nil, session.UserID == user)
		return err
	}
	require.NoError(t, open())
	require.Equal(t, []domain.Hash{domain.Secret("old").Hash()}, s.ended)
	s = storage{create: errStorage}
	require.ErrorIs(t, open(), errStorage)
	require.Empty(t, s.ended, "the old session lives on")
	s = storage{end: errStorage}
	require.ErrorIs(t, open(), errStorage)

	s = storage{signOut: errStorage}
	require.ErrorIs(t, sessions.SignOut(t.Context(), "token"), errStorage)
	_, err := sessions.Find(t.Context(), domain.Secret("token").Hash())
	require.ErrorIs(t, err, errStorage)

	id.principal.SessionsValidFrom = clock.Now().Add(time.Hour)
	principals.Forget(user)
	ended := domain.Session{TenantID: aef.ID, UserID: user, CreatedAt: clock.Now()}
	s = storage{}
	_, err = sessions.Authorize(t.Context(), ended, aef)
	require.ErrorIs(t, err, domain.ErrUnauthenticated)
	require.Len(t, s.ended, 1)
	s = storage{end: errStorage}
	_, err = sessions.Authorize(t.Context(), ended, aef)
	require.ErrorIs(t, err, errStorage)
}
