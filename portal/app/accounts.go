package app

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
)

// Accounts keeps profiles in step with what the platform tells of people. Its use cases run on events, inside the
// transaction of the event.
type Accounts struct {
	accounts ports.Accounts
	profiles ports.Profiles
	events   ports.Events
	clock    ports.Clock
}

// NewAccounts needs everything but its own rules from outside.
func NewAccounts(accounts ports.Accounts, profiles ports.Profiles, events ports.Events, clock ports.Clock) *Accounts {
	return &Accounts{accounts: accounts, profiles: profiles, events: events, clock: clock}
}

// Named takes note of the names of an account, and passes them on to the person's profiles, in whatever tenant, where he
// has not chosen his own. It works across tenants.
func (s *Accounts) Named(ctx context.Context, account domain.Account) error {
	if err := s.accounts.Save(ctx, account); err != nil {
		return err
	}
	profiles, err := s.accounts.Profiles(ctx, account.UserID)
	if err != nil {
		return err
	}
	for _, before := range profiles {
		after, changed := before.Follow(account)
		if !changed {
			continue
		}
		if err := s.save(ctx, before, after); err != nil {
			return err
		}
	}
	return nil
}

// Joined takes note of a person who has become a member of a tenant, and gives him a profile there if he has none. It
// works in that tenant.
func (s *Accounts) Joined(ctx context.Context, tenant, user uuid.UUID) error {
	account, err := s.accounts.Claim(ctx, user)
	if err != nil {
		return err
	}
	err = s.asMember(ctx, user, true)
	if !errors.Is(err, domain.ErrProfileNotFound) {
		return err
	}
	return s.save(ctx, domain.Profile{}, domain.NewProfile(tenant, account))
}

// Left takes note of a person who is no member of a tenant any more. It works in that tenant.
func (s *Accounts) Left(ctx context.Context, user uuid.UUID) error {
	err := s.asMember(ctx, user, false)
	if errors.Is(err, domain.ErrProfileNotFound) { // he is known as none already
		return nil
	}
	return err
}

func (s *Accounts) asMember(ctx context.Context, user uuid.UUID, member bool) error {
	profile, err := s.profiles.Lock(ctx, user)
	if err != nil {
		return err
	}
	profile, changed := profile.AsMember(member)
	if !changed {
		return nil
	}
	return s.profiles.Save(ctx, profile)
}

// save stores a profile that follows its account. Two people may well be called alike elsewhere; here the second goes
// without a username until he chooses one.
func (s *Accounts) save(ctx context.Context, before, after domain.Profile) error {
	taken, err := s.accounts.Taken(ctx, after)
	if err != nil {
		return err
	}
	if taken {
		after = after.WithoutUsername()
	}
	after = after.Begun(s.clock.Now())
	if err := s.profiles.Save(ctx, after); err != nil {
		return err
	}
	return s.events.Publish(ctx, domain.ProfileUpdated{Profile: after, Changed: differing(before, after)})
}

// differing names the fields that two profiles differ in.
func differing(a, b domain.Profile) (fields []string) {
	before, after := a.Data(), b.Data()
	for _, f := range []struct{ name, was, is string }{
		{"username", before.Username, after.Username}, {"display_name", before.DisplayName, after.DisplayName},
		{"first_name", before.FirstName, after.FirstName}, {"last_name", before.LastName, after.LastName},
	} {
		if f.was != f.is {
			fields = append(fields, f.name)
		}
	}
	return fields
}
