package app

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/events/domain"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/idempotency"
)

// CalendarAddresses are the use cases of the addresses that a member gives to calendar programs.
type CalendarAddresses struct{ Deps }

// NewAddress is an address with its secret, which is shown once.
type NewAddress struct {
	domain.CalendarAddress
	Token domain.CalendarToken
}

// CreateAddress is the input of CalendarAddresses.Create.
type CreateAddress struct {
	Name      string
	Content   domain.CalendarContent
	ScopeType authz.ScopeType // empty unless the content is a group
	ScopeID   string
}

// Create makes an address. A repeated request gets the address of the first one with a new secret, because that of the first is not
// known any more.
func (s *CalendarAddresses) Create(ctx context.Context, by authz.Actor, in CreateAddress) (NewAddress, error) {
	scope := authz.TenantScope(by.Tenant)
	if in.ScopeType != "" {
		var err error
		if scope, err = domain.ScopeTypes.Parse(by.Tenant, in.ScopeType, in.ScopeID); err != nil {
			return NewAddress{}, err
		}
	}
	token := domain.NewCalendarToken()
	draft, err := domain.NewCalendarAddress(by, in.Name, in.Content, scope, token, s.Clock.Now())
	if err != nil {
		return NewAddress{}, err
	}
	if in.Content == domain.ContentGroup {
		if err := authz.Require(ctx, s.Access, authz.Check{Permission: domain.PermissionEventRead, Scope: scope}); err != nil {
			return NewAddress{}, err
		}
	}
	address, err := idempotency.Once(ctx, s.Once, "createCalendarAddress", in, func(ctx context.Context) (domain.CalendarAddress, error) {
		return draft, s.add(ctx, by, draft)
	}, func(a domain.CalendarAddress) uuid.UUID { return a.ID }, func(ctx context.Context, id uuid.UUID) (domain.CalendarAddress, error) {
		return s.Calendars.Find(ctx, by.User, id)
	})
	if err == nil && address.ID != draft.ID {
		return s.renew(ctx, address)
	}
	return NewAddress{address, token}, err
}

// add stores an address under the lock of the member, so that the number of addresses holds.
func (s *CalendarAddresses) add(ctx context.Context, by authz.Actor, address domain.CalendarAddress) error {
	if err := s.TenantMembers.Lock(ctx, by.User); err != nil {
		return err
	}
	list, err := s.Calendars.List(ctx, by.User)
	if err != nil {
		return err
	}
	if len(list) >= domain.MaxCalendarAddresses {
		return domain.ErrTooManyCalendarAddresses
	}
	return s.Calendars.Add(ctx, address)
}

// List lists the caller's addresses.
func (s *CalendarAddresses) List(ctx context.Context, by authz.Actor) ([]domain.CalendarAddress, error) {
	return s.Calendars.List(ctx, by.User)
}

// Renew gives an address of the caller a new secret.
func (s *CalendarAddresses) Renew(ctx context.Context, by authz.Actor, id uuid.UUID) (NewAddress, error) {
	address, err := s.Calendars.Find(ctx, by.User, id)
	if err != nil {
		return NewAddress{}, err
	}
	return s.renew(ctx, address)
}

func (s *CalendarAddresses) renew(ctx context.Context, address domain.CalendarAddress) (NewAddress, error) {
	token := domain.NewCalendarToken()
	renewed := NewAddress{address.Renew(token, s.Clock.Now()), token}
	return renewed, s.Tx.Do(ctx, func(ctx context.Context) error { return s.Calendars.Renew(ctx, renewed.CalendarAddress) })
}

// Remove ends an address of the caller.
func (s *CalendarAddresses) Remove(ctx context.Context, by authz.Actor, id uuid.UUID) error {
	return s.Tx.Do(ctx, func(ctx context.Context) error { return s.Calendars.Remove(ctx, by.User, id) })
}
