// Package portstest has the suite that every store of notifications must pass.
package portstest

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"go.updspace.com/activity/notifications/domain"
	"go.updspace.com/activity/notifications/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/valid"
)

// Store is the repositories of one store.
type Store struct {
	Inbox       ports.Inbox
	Notices     ports.Notices
	People      ports.People
	Preferences ports.Preferences
	Tx          ports.Tx
}

// Suite tests a store.
func Suite(t *testing.T, open func(*testing.T) Store) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, Store){
		"a person is told once of a cause":             toldOnce,
		"a group is one notification":                  groups,
		"what the person may not see is not listed":    sights,
		"another tenant has nothing":                   otherTenant,
		"what is taken back goes":                      takenBack,
		"a notice is told by one instance":             advance,
		"a notice waits once, or is replaced":          notices,
		"audiences are the members who may sign in":    audiences,
		"choices and settings are kept":                preferences,
		"as many mutes as are allowed":                 mutes,
		"digests are sent by one instance":             digests,
		"causes are remembered longer than they stand": deleted,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t))
		})
	}
}

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func in(tenant uuid.UUID) context.Context {
	return reqctx.With(context.Background(), reqctx.Context{TenantID: tenant, TenantSlug: "aef"})
}

func (s Store) do(t require.TestingT, tenant uuid.UUID, fn func(ctx context.Context) error) {
	require.NoError(t, s.Tx.Do(in(tenant), fn))
}

func newNotice(tenant uuid.UUID, cause string) domain.Notice {
	sight := domain.Sight{Permission: "voting.poll.read", Scope: authz.TenantScope(tenant), Visibility: authz.VisibilityPublic}
	return domain.Notice{
		Tenant: tenant, Cause: cause, Kind: domain.KindReaction, Subject: "news:1", Actor: uuid.New(), To: domain.Named, Persons: []uuid.UUID{uuid.New()}, Sight: sight,
		Title: "Where?", Details: domain.Details{Change: "given"}, Link: "/news/1",
	}.Normalized(valid.NewID(), noon)
}

// tell tells a person of a notice, and returns how many notifications are new.
func (s Store) tell(t require.TestingT, n domain.Notice, person uuid.UUID, at time.Time) (fresh int) {
	s.do(t, n.Tenant, func(ctx context.Context) error {
		first, err := s.Inbox.Tell(ctx, n, []domain.Notification{n.NewNotification(valid.NewID(), person, domain.Channels{InApp: true, Email: true}, true, at)})
		fresh = len(first)
		return err
	})
	return fresh
}

func (s Store) inbox(t require.TestingT, tenant, person uuid.UUID, sights ...domain.Sight) []domain.Notification {
	found, err := s.Inbox.Page(in(tenant), person, ports.Query{Sights: sights}, domain.Key{}, 100)
	require.NoError(t, err)
	n, err := s.Inbox.CountUnread(in(tenant), person, sights, 100)
	require.NoError(t, err)
	unread := slices.DeleteFunc(slices.Clone(found), func(n domain.Notification) bool { return !n.ReadAt.IsZero() })
	require.Len(t, unread, n, "what is counted is what is listed")
	return found
}

func toldOnce(t *testing.T, s Store) {
	tenant, person := uuid.New(), uuid.New()
	n := newNotice(tenant, "badge:1")
	var fresh atomic.Int32
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			assert.NoError(t, s.Tx.Do(in(tenant), func(ctx context.Context) error {
				first, err := s.Inbox.Tell(ctx, n, []domain.Notification{n.NewNotification(valid.NewID(), person, domain.Channels{InApp: true}, false, noon)})
				fresh.Add(int32(len(first))) //nolint:gosec // none or one
				return err
			}))
		})
	}
	all.Wait()
	require.EqualValues(t, 1, fresh.Load())
	found := s.inbox(t, tenant, person, n.Sight)
	require.Len(t, found, 1)
	got := found[0]
	require.Equal(t, domain.Notification{
		ID: got.ID, Person: person, Kind: domain.KindReaction, Subject: "news:1", Actors: []uuid.UUID{n.Actor}, Count: 1, Sight: n.Sight, Scope: n.Scope, Title: "Where?",
		Details: domain.Details{Change: "given"}, Link: "/news/1", Created: noon, ToldAt: noon, Shown: true,
	}, got)
}

func groups(t *testing.T, s Store) {
	tenant, person := uuid.New(), uuid.New()
	grouped := func(cause string) domain.Notice {
		n := newNotice(tenant, cause)
		n.Group = "reaction:1"
		return n
	}
	first := grouped("r:1")
	require.Equal(t, 1, s.tell(t, first, person, noon))
	require.Zero(t, s.tell(t, grouped("r:2"), person, noon.Add(time.Minute)))
	last := grouped("r:3")
	require.Zero(t, s.tell(t, last, person, noon.Add(2*time.Minute)))
	found := s.inbox(t, tenant, person, first.Sight)
	require.Len(t, found, 1)
	require.Equal(t, []any{3, noon.Add(2 * time.Minute), noon}, []any{found[0].Count, found[0].ToldAt, found[0].Created})
	require.Equal(t, last.Actor, found[0].Actors[0], "the latest first")
	s.do(t, tenant, func(ctx context.Context) error { return s.Inbox.Unsay(ctx, "r:3") })
	require.Equal(t, 2, s.inbox(t, tenant, person, first.Sight)[0].Count)
	s.do(t, tenant, func(ctx context.Context) error {
		return s.Inbox.MarkRead(ctx, person, found[0].ID, noon.Add(time.Hour))
	})
	require.Equal(t, 1, s.tell(t, grouped("r:4"), person, noon.Add(2*time.Hour)), "what is read is not joined")
	require.Len(t, s.inbox(t, tenant, person, first.Sight), 2)
	require.Zero(t, s.tell(t, grouped("r:1"), person, noon.Add(3*time.Hour)), "the cause is known")
}

func sights(t *testing.T, s Store) {
	tenant, person := uuid.New(), uuid.New()
	open, closed, own := newNotice(tenant, "a"), newNotice(tenant, "b"), newNotice(tenant, "c")
	closed.Sight.Visibility, own.Sight = authz.VisibilityCommunity, domain.Sight{}
	for _, n := range []domain.Notice{open, closed, own} {
		s.tell(t, n, person, noon)
	}
	all, err := s.Inbox.Sights(in(tenant), person, true)
	require.NoError(t, err)
	require.ElementsMatch(t, []domain.Sight{open.Sight, closed.Sight}, all, "personal ones need no answer")
	require.Len(t, s.inbox(t, tenant, person, all...), 3)
	require.Len(t, s.inbox(t, tenant, person, open.Sight), 2)
	require.Len(t, s.inbox(t, tenant, person), 1)
	s.do(t, tenant, func(ctx context.Context) error {
		return s.Inbox.Move(ctx, domain.Moved{Subject: open.Subject, Sight: closed.Sight})
	})
	require.Len(t, s.inbox(t, tenant, person, open.Sight), 1, "the audience has changed")
	require.Len(t, s.inbox(t, tenant, person, closed.Sight), 3)
}

func otherTenant(t *testing.T, s Store) {
	tenant, other, person := uuid.New(), uuid.New(), uuid.New()
	n := newNotice(tenant, "a")
	s.tell(t, n, person, noon)
	id := s.inbox(t, tenant, person, n.Sight)[0].ID
	require.Empty(t, s.inbox(t, other, person, n.Sight))
	for _, try := range []func(ctx context.Context) error{
		func(ctx context.Context) error { return s.Inbox.MarkRead(ctx, person, id, noon) },
		func(ctx context.Context) error { return s.Inbox.Delete(ctx, person, id) },
	} {
		require.ErrorIs(t, s.Tx.Do(in(other), try), domain.ErrNotFound)
	}
	require.ErrorIs(t, s.Tx.Do(in(tenant), func(ctx context.Context) error { return s.Inbox.Delete(ctx, uuid.New(), id) }), domain.ErrNotFound, "another person's")
	s.do(t, other, func(ctx context.Context) error { return s.Inbox.Withdraw(ctx, n.Subject, uuid.Nil) })
	require.Len(t, s.inbox(t, tenant, person, n.Sight), 1)
	n.Tenant = other
	require.Equal(t, 1, s.tell(t, n, person, noon), "causes are of one tenant")
}

func takenBack(t *testing.T, s Store) {
	tenant, one, two := uuid.New(), uuid.New(), uuid.New()
	n := newNotice(tenant, "a")
	s.tell(t, n, one, noon)
	s.tell(t, n, two, noon)
	s.do(t, tenant, func(ctx context.Context) error { return s.Inbox.Withdraw(ctx, n.Subject, one) })
	require.Empty(t, s.inbox(t, tenant, one, n.Sight))
	require.Len(t, s.inbox(t, tenant, two, n.Sight), 1)
	s.do(t, tenant, func(ctx context.Context) error { return s.Inbox.Withdraw(ctx, n.Subject, uuid.Nil) })
	require.Empty(t, s.inbox(t, tenant, two, n.Sight))
	require.Zero(t, s.tell(t, n, two, noon), "what was withdrawn is not told again")
	alone := newNotice(tenant, "b")
	s.tell(t, alone, one, noon)
	s.do(t, tenant, func(ctx context.Context) error { return s.Inbox.Unsay(ctx, "b") })
	require.Empty(t, s.inbox(t, tenant, one, n.Sight))
	require.Equal(t, 1, s.tell(t, alone, one, noon), "what was taken back can come again")
	require.NoError(t, s.Inbox.Forget(in(tenant), noon.Add(time.Minute)))
	require.Empty(t, s.inbox(t, tenant, one, n.Sight))
}

func deleted(t *testing.T, s Store) {
	tenant, person := uuid.New(), uuid.New()
	n := newNotice(tenant, "a")
	s.tell(t, n, person, noon)
	id := s.inbox(t, tenant, person, n.Sight)[0].ID
	s.do(t, tenant, func(ctx context.Context) error { return s.Inbox.Delete(ctx, person, id) })
	require.Empty(t, s.inbox(t, tenant, person, n.Sight))
	require.Zero(t, s.tell(t, n, person, noon))
	for i, cause := range []string{"b", "c", "d"} {
		s.tell(t, newNotice(tenant, cause), person, noon.Add(time.Duration(i)*time.Minute))
	}
	s.do(t, tenant, func(ctx context.Context) error {
		return s.Inbox.MarkReadUpTo(ctx, person, noon.Add(time.Minute), noon.Add(time.Hour))
	})
	unread, err := s.Inbox.Page(in(tenant), person, ports.Query{Sights: []domain.Sight{n.Sight}, Unread: true}, domain.Key{}, 10)
	require.NoError(t, err)
	require.Len(t, unread, 1)
	require.Equal(t, noon.Add(2*time.Minute), unread[0].ToldAt)
	all := s.inbox(t, tenant, person, n.Sight)
	next, err := s.Inbox.Page(in(tenant), person, ports.Query{Sights: []domain.Sight{n.Sight}, Kinds: []domain.Kind{domain.KindReaction}}, all[0].Key(), 1)
	require.NoError(t, err)
	require.Equal(t, all[1:2], next)
	none, err := s.Inbox.Page(in(tenant), person, ports.Query{Sights: []domain.Sight{n.Sight}, Kinds: []domain.Kind{domain.KindBadge}}, domain.Key{}, 1)
	require.NoError(t, err)
	require.Empty(t, none)
}
