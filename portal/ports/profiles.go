package ports

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/portal/domain"
)

// Profiles keeps profiles.
type Profiles interface {
	// Find returns the profile of a user, or domain.ErrProfileNotFound.
	Find(ctx context.Context, user uuid.UUID) (domain.Profile, error)
	// FindEach returns the profiles of users in the order of the users; who has none is left out.
	FindEach(ctx context.Context, users []uuid.UUID) ([]domain.Profile, error)
	// Lock is Find, and keeps everybody else from changing the profile until Tx.Do ends.
	Lock(ctx context.Context, user uuid.UUID) (domain.Profile, error)
	// Save stores a profile, new or changed. A username that somebody else has is domain.ErrUsernameTaken.
	Save(ctx context.Context, profile domain.Profile) error
	// Page returns profiles that match words, by last name, first name and user, beginning after a place in that order.
	// Words are found in any name whatever their case; a whole user id finds that user.
	Page(ctx context.Context, words string, after ProfileKey, limit int) ([]domain.Profile, error)
}

// ProfileKey is a place in the order of profiles.
type ProfileKey struct {
	LastName  string
	FirstName string
	UserID    uuid.UUID
}

// ProfileKeyOf is the place of a profile.
func ProfileKeyOf(p domain.Profile) ProfileKey {
	d := p.Data()
	return ProfileKey{LastName: d.LastName, FirstName: d.FirstName, UserID: d.UserID}
}

// Accounts keeps what the platform tells of people. It does not belong to a tenant.
type Accounts interface {
	// Find returns what is known of a person; of a stranger, nothing but his id.
	Find(ctx context.Context, user uuid.UUID) (domain.Account, error)
	// Save stores what is known of a person. Until Tx.Do ends, Save and Claim of others wait.
	Save(ctx context.Context, account domain.Account) error
	// Claim is Find, and keeps everybody else from saving the account until Tx.Do ends, whether it is known or not. So
	// who gives a person a profile and who tells of his names cannot miss each other.
	Claim(ctx context.Context, user uuid.UUID) (domain.Account, error)
	// Profiles returns the profiles of a person in every tenant, locked, for a job that works across tenants.
	Profiles(ctx context.Context, user uuid.UUID) ([]domain.Profile, error)
	// Forget removes what is known of a person who has no profile in any tenant. It works outside of Tx.Do, because an
	// account is not the tenant's.
	Forget(ctx context.Context, user uuid.UUID) error
	// Taken reports whether somebody else in the profile's tenant has its username.
	Taken(ctx context.Context, profile domain.Profile) (bool, error)
}
