package ports

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/openbadge"
)

// Badges stores badges.
type Badges interface {
	// OfGrant returns the badge of a grant, or domain.ErrBadgeNotFound.
	OfGrant(ctx context.Context, grant uuid.UUID) (domain.Badge, error)
	// OfGrants returns the badges of grants that have one, by grant.
	OfGrants(ctx context.Context, grants []uuid.UUID) (map[uuid.UUID]domain.Badge, error)
	// OfToken returns the badge that is shared by a link, or domain.ErrBadgeNotFound.
	OfToken(ctx context.Context, token domain.BadgeToken) (domain.Badge, error)
	// SharedOf lists the badges of a recipient that are shared, newest first, from those before an id, unless it is zero.
	SharedOf(ctx context.Context, recipient, before uuid.UUID, limit int) ([]domain.Badge, error)
	// AnyOf reports whether a badge of an achievement was signed.
	AnyOf(ctx context.Context, achievement uuid.UUID) (bool, error)
	// Add stores a new badge and gives it a free place in the status lists, at random.
	Add(ctx context.Context, badge domain.Badge) (domain.Badge, error)
	Update(ctx context.Context, badge domain.Badge) error
	// Ended lists the places in a status list of the badges whose grants have ended, or domain.ErrStatusListNotFound.
	Ended(ctx context.Context, list int) ([]int, error)
	// Forget empties the badges of all tenants whose grants were forgotten.
	Forget(ctx context.Context) error
}

// BadgeKeys stores the keys of the tenant.
type BadgeKeys interface {
	// List lists all keys, newest first.
	List(ctx context.Context) (domain.BadgeKeys, error)
	// Lock makes other changes of the keys wait until Tx.Do ends.
	Lock(ctx context.Context) error
	Add(ctx context.Context, key domain.BadgeKey, private openbadge.Key) error
	// Update stores a change. The private half of a key that signs no more is deleted.
	Update(ctx context.Context, key domain.BadgeKey) error
	// Private returns the private half of the key that signs.
	Private(ctx context.Context, id string) (openbadge.Key, error)
}

// StatusLists signs status lists with the key that signs.
type StatusLists interface {
	Sign(ctx context.Context, did, key string, list openbadge.SignedStatusList) (string, error)
}

// Issuer is a tenant as the issuer of badges.
type Issuer struct {
	DID    string
	Origin string // of its pages: https://aef.updspace.com
	Name   string
}

// Issuers knows the tenants as issuers.
type Issuers interface {
	// Find returns the tenant of the request.
	Find(ctx context.Context) (Issuer, error)
	// PutName stores the name of the tenant.
	PutName(ctx context.Context, name string) error
}

// BadgePictures draws pictures for achievements without an uploaded one.
type BadgePictures interface {
	// Draw returns a picture as PNG.
	Draw(ctx context.Context, achievement domain.Achievement) ([]byte, error)
}
