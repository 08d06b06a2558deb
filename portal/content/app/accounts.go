package app

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"go.updspace.com/portal/content/domain"
)

// Accounts keeps profiles in step with the accounts and memberships of identity. Its use cases handle events, inside the
// transaction of the event.
type Accounts struct{ Deps }

// Named stores the names of an account and changes the profiles of the user, in every tenant, where the user has not chosen
// other names. It works across tenants.
func (s Accounts) Named(ctx context.Context, account domain.Account) error {
	if err := s.Accounts.Save(ctx, account); err != nil {
		return err
	}
	profiles, err := s.Accounts.Profiles(ctx, account.UserID)
	if err != nil {
		return err
	}
	for _, before := range profiles {
		if after := before.Follow(account); after != before {
			if err := s.save(ctx, before, after); err != nil {
				return err
			}
		}
	}
	return nil
}

// Joined marks a user as a member of the tenant and makes the profile if there is none.
func (s Accounts) Joined(ctx context.Context, tenant, user uuid.UUID) error {
	account, err := s.Accounts.Claim(ctx, user)
	if err != nil {
		return err
	}
	err = s.asMember(ctx, user, true)
	if !errors.Is(err, domain.ErrProfileNotFound) {
		return err
	}
	return s.save(ctx, domain.Profile{}, domain.NewProfile(tenant, account))
}

// Left marks a user as no longer a member of the tenant.
func (s Accounts) Left(ctx context.Context, user uuid.UUID) error {
	err := s.asMember(ctx, user, false)
	if errors.Is(err, domain.ErrProfileNotFound) { // without a profile, the user is no member
		return nil
	}
	return err
}

func (s Accounts) asMember(ctx context.Context, user uuid.UUID, member bool) error {
	profile, err := s.Profiles.Lock(ctx, user)
	if err != nil {
		return err
	}
	if profile == profile.AsMember(member) {
		return nil
	}
	return s.Profiles.Save(ctx, profile.AsMember(member))
}

// save stores a profile that follows its account. If another user of the tenant has the username, the profile is stored
// without one.
func (s Accounts) save(ctx context.Context, before, after domain.Profile) error {
	taken, err := s.Accounts.Taken(ctx, after)
	if err != nil {
		return err
	}
	if taken {
		after = after.WithoutUsername()
	}
	after = after.Begun(s.Clock.Now())
	if err := s.Profiles.Save(ctx, after); err != nil {
		return err
	}
	return s.Events.Publish(ctx, domain.ProfileUpdated{Profile: after, Changed: after.Changes(before)})
}
