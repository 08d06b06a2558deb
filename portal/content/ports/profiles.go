package ports

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/portal/content/domain"
)

// Profiles stores profiles.
type Profiles interface {
	// Find returns the profile of a user, or domain.ErrProfileNotFound.
	Find(ctx context.Context, user uuid.UUID) (domain.Profile, error)
	// FindEach returns the profiles of users in the order of the users. Users without one are left out.
	FindEach(ctx context.Context, users []uuid.UUID) ([]domain.Profile, error)
	// Lock is Find, and locks the profile until Tx.Do ends.
	Lock(ctx context.Context, user uuid.UUID) (domain.Profile, error)
	// Save stores a profile, new or changed. A username that another user has, or one that looks
	// like it, is domain.ErrUsernameTaken.
	Save(ctx context.Context, profile domain.Profile) error
	// Page returns profiles that match words, by last name, first name and user, beginning after a place in that order.
	// Words are found in any name whatever their case; a whole user id finds that user.
	Page(ctx context.Context, words string, after ProfileKey, limit int) ([]domain.Profile, error)
}

// ProfileKey is a position in the order of profiles.
type ProfileKey struct {
	LastName  string
	FirstName string
	UserID    uuid.UUID
}

// ProfileKeyOf returns the position of a profile.
func ProfileKeyOf(p domain.Profile) ProfileKey {
	d := p.Data()
	return ProfileKey{LastName: d.LastName, FirstName: d.FirstName, UserID: d.UserID}
}

// Accounts stores the names of identity's accounts. They belong to no tenant.
type Accounts interface {
	// Find returns an account; one that is not known has no names.
	Find(ctx context.Context, user uuid.UUID) (domain.Account, error)
	// Save stores an account. Until Tx.Do ends, other Saves and Claims of it wait.
	Save(ctx context.Context, account domain.Account) error
	// Claim is Find, and locks the account until Tx.Do ends, whether it is known or not, so that making a profile and changing
	// the names of the account do not miss each other.
	Claim(ctx context.Context, user uuid.UUID) (domain.Account, error)
	// Profiles returns and locks the profiles of a user in every tenant.
	Profiles(ctx context.Context, user uuid.UUID) ([]domain.Profile, error)
	// Forget deletes an account whose user has no profile in any tenant. It works outside of Tx.Do.
	Forget(ctx context.Context, user uuid.UUID) error
	// Taken reports whether another user in the tenant of the profile has its username.
	Taken(ctx context.Context, profile domain.Profile) (bool, error)
}
