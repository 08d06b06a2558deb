package portstest

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"go.updspace.com/events/domain"
	"go.updspace.com/events/ports"
	"go.updspace.com/libs/authz"
)

// Calendars tests a store of calendar addresses with that of the tenant's members, over the other repositories.
func Calendars(t *testing.T, open func(*testing.T) (Store, ports.CalendarAddresses, ports.TenantMembers)) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, Store, ports.CalendarAddresses, ports.TenantMembers){
		"an address is stored whole":      addressRoundTrip,
		"an address opens for its member": addressesOpen,
		"addresses open at the same time": addressesOpenTogether,
		"what is changed is counted":      changesAreCounted,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, c, m := open(t)
			test(t, s, c, m)
		})
	}
}

// addressed stores an address of a member for a community. Only members have one, so who is not known becomes one.
func (s Store) addressed(t *testing.T, c ports.CalendarAddresses, m ports.TenantMembers, by authz.Actor) (domain.CalendarAddress, domain.CalendarToken) {
	t.Helper()
	token := domain.NewCalendarToken()
	address, err := domain.NewCalendarAddress(by, "Chess", domain.ContentGroup, authz.CommunityScope(uuid.New()), token, Noon)
	require.NoError(t, err)
	s.do(t, As(t.Context(), by), func(ctx context.Context) error {
		if err := m.Lock(ctx, by.User); err != nil {
			return err
		}
		return c.Add(ctx, address)
	})
	return address, token
}

func addressRoundTrip(t *testing.T, s Store, c ports.CalendarAddresses, m ports.TenantMembers) {
	by := NewActor()
	ctx := As(t.Context(), by)
	first, _ := s.addressed(t, c, m, by)
	second, _ := s.addressed(t, c, m, by)
	s.addressed(t, c, m, authz.Actor{Tenant: by.Tenant, User: uuid.New()})
	got, err := c.Find(ctx, by.User, first.ID)
	require.NoError(t, err)
	require.Equal(t, first, got)
	list, err := c.List(ctx, by.User)
	require.NoError(t, err)
	require.Equal(t, []domain.CalendarAddress{second, first}, list, "the newest first")

	day := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	renewed := first.Renew(domain.NewCalendarToken(), Noon.Add(time.Hour))
	s.do(t, ctx, func(ctx context.Context) error {
		if err := c.Use(ctx, first.ID, day); err != nil {
			return err
		}
		return c.Renew(ctx, renewed)
	})
	got, err = c.Find(ctx, by.User, first.ID)
	require.NoError(t, err)
	require.True(t, got.LastUsedOn.Equal(day))
	require.Equal(t, []any{renewed.TokenHash, renewed.RenewedAt}, []any{got.TokenHash, got.RenewedAt})

	other := renewed
	other.UserID = uuid.New()
	for name, fn := range map[string]func(context.Context) error{
		"another member's is not renewed": func(ctx context.Context) error { return c.Renew(ctx, other) },
		"another member's is not removed": func(ctx context.Context) error { return c.Remove(ctx, other.UserID, first.ID) },
		"another member's is not found":   func(ctx context.Context) error { return errorOf(c.Find(ctx, other.UserID, first.ID)) },
	} {
		require.ErrorIs(t, s.Tx.Do(ctx, fn), domain.ErrAddressNotFound, name)
	}
	s.do(t, ctx, func(ctx context.Context) error { return c.Remove(ctx, by.User, first.ID) })
	_, err = c.Find(ctx, by.User, first.ID)
	require.ErrorIs(t, err, domain.ErrAddressNotFound)
}

// An address opens in its tenant, for an active member whose account is in good standing.
func addressesOpen(t *testing.T, s Store, c ports.CalendarAddresses, m ports.TenantMembers) {
	by := NewActor()
	ctx := As(t.Context(), by)
	address, token := s.addressed(t, c, m, by)
	opens := func(ctx context.Context, token domain.CalendarToken) bool {
		t.Helper()
		got, err := c.Open(ctx, token)
		if err != nil {
			require.ErrorIs(t, err, domain.ErrCalendarNotFound)
			return false
		}
		require.Equal(t, address, got.Address)
		return true
	}
	member := func(active bool) {
		t.Helper()
		s.do(t, ctx, func(ctx context.Context) error { return m.Put(ctx, by.User, active) })
	}
	require.True(t, opens(ctx, token))
	member(false)
	s.do(t, ctx, func(ctx context.Context) error { return m.Lock(ctx, by.User) })
	require.False(t, opens(ctx, token), "a lock makes no former member one")
	member(true)
	require.True(t, opens(ctx, token))
	require.False(t, opens(ctx, domain.NewCalendarToken()))
	require.False(t, opens(As(t.Context(), NewActor()), token), "another tenant")
	for _, suspended := range []bool{true, false} {
		s.do(t, ctx, func(ctx context.Context) error { return s.Accounts.SetSuspended(ctx, by.User, suspended) })
		require.Equal(t, !suspended, opens(ctx, token))
	}
	s.do(t, ctx, func(ctx context.Context) error { return c.Renew(ctx, address.Renew(domain.NewCalendarToken(), Noon)) })
	require.False(t, opens(ctx, token), "the former secret")
}

// Each of many who open at the same time gets the own address, in the own tenant.
func addressesOpenTogether(t *testing.T, s Store, c ports.CalendarAddresses, m ports.TenantMembers) {
	type opening struct {
		ctx     context.Context
		token   domain.CalendarToken
		address *domain.CalendarAddress // nil for none
	}
	var all []opening
	for range 2 {
		tenant := NewActor()
		for range 8 {
			by := authz.Actor{Tenant: tenant.Tenant, User: uuid.New()}
			address, token := s.addressed(t, c, m, by)
			all = append(all, opening{As(t.Context(), by), token, &address}, opening{As(t.Context(), by), token, &address},
				opening{As(t.Context(), by), domain.NewCalendarToken(), nil}, opening{As(t.Context(), NewActor()), token, nil})
		}
	}
	var group sync.WaitGroup
	for _, o := range all {
		group.Go(func() {
			got, err := c.Open(o.ctx, o.token)
			if o.address == nil {
				assert.ErrorIs(t, err, domain.ErrCalendarNotFound)
				return
			}
			assert.NoError(t, err)
			assert.Equal(t, *o.address, got.Address)
		})
	}
	group.Wait()
}

func changesAreCounted(t *testing.T, s Store, c ports.CalendarAddresses, m ports.TenantMembers) {
	by := NewActor()
	ctx := As(t.Context(), by)
	_, token := s.addressed(t, c, m, by)
	open := func() ports.OpenedCalendar {
		t.Helper()
		got, err := c.Open(ctx, token)
		require.NoError(t, err)
		return got
	}
	none := open()
	require.True(t, none.ChangedAt.IsZero() && none.AnsweredAt.IsZero())
	event, dates := s.scheduled(t, by, 1, domain.AnswerRules{})
	made := open()
	require.Greater(t, made.Version, none.Version)
	require.False(t, made.ChangedAt.IsZero())
	s.do(t, ctx, func(ctx context.Context) error { return s.Events.Update(ctx, event.Touch(Noon)) })
	changed := open()
	require.Greater(t, changed.Version, made.Version)
	stranger := NewActor()
	s.scheduled(t, stranger, 1, domain.AnswerRules{})
	require.Equal(t, changed, open(), "of another tenant")
	s.answered(t, ctx, event.Touch(Noon), dates[0], domain.Answer{UserID: by.User, Status: domain.AnswerInterested, At: Noon.Add(time.Minute)})
	answered := open()
	require.True(t, answered.AnsweredAt.Equal(Noon.Add(time.Minute)))
}
