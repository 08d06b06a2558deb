package ports

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/portal/domain"
)

// Requests keeps requests to be let in. Whoever changes one holds the lock of its community.
type Requests interface {
	// Find returns a request for a group, or domain.ErrRequestNotFound.
	Find(ctx context.Context, scope domain.Scope, id uuid.UUID) (domain.Request, error)
	// Add stores a new request; domain.ErrRequestPending when the user has another open one.
	Add(ctx context.Context, request domain.Request) error
	Update(ctx context.Context, request domain.Request) error
	// Open returns the open request of a user for a group, or domain.ErrRequestNotFound.
	Open(ctx context.Context, scope domain.Scope, user uuid.UUID) (domain.Request, error)
	// List returns requests that match, oldest first, beginning after one.
	List(ctx context.Context, search RequestSearch, after uuid.UUID, limit int) ([]domain.Request, error)
}

// RequestSearch says which requests are looked for. Zero values match everything.
type RequestSearch struct {
	Scope  domain.Scope
	User   uuid.UUID
	Status domain.RequestStatus
}

// Invites keeps invitations of users. Whoever changes one holds the lock of its community.
type Invites interface {
	// Find returns an invitation, or domain.ErrInviteNotFound.
	Find(ctx context.Context, id uuid.UUID) (domain.Invite, error)
	// Add stores a new invitation; domain.ErrInvitePending when the user has another open one for the group.
	Add(ctx context.Context, invite domain.Invite) error
	Update(ctx context.Context, invite domain.Invite) error
	// Open returns the stored pending invitation of a user for a group, expired or not, or domain.ErrInviteNotFound.
	Open(ctx context.Context, scope domain.Scope, user uuid.UUID) (domain.Invite, error)
	// List returns invitations that match, oldest first, beginning after one.
	List(ctx context.Context, search InviteSearch, after uuid.UUID, limit int) ([]domain.Invite, error)
}

// InviteSearch says which invitations are looked for. Zero values match everything.
type InviteSearch struct {
	Scope     domain.Scope
	User      uuid.UUID
	PendingAt time.Time // can be accepted at that moment
}

// Links keeps invitations by link. Whoever changes one holds the lock of its community.
type Links interface {
	// Find returns a link into a group, or domain.ErrLinkNotFound.
	Find(ctx context.Context, scope domain.Scope, id uuid.UUID) (domain.Link, error)
	// ByToken returns the link that a token opens, or domain.ErrLinkNotFound.
	ByToken(ctx context.Context, hash domain.TokenHash) (domain.Link, error)
	Add(ctx context.Context, link domain.Link) error
	Update(ctx context.Context, link domain.Link) error
	// List returns the links into a group, oldest first, beginning after one.
	List(ctx context.Context, scope domain.Scope, after uuid.UUID, limit int) ([]domain.Link, error)
}
