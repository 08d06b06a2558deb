package ports

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/portal/groups/domain"
)

// JoinRequests stores join requests.
type JoinRequests interface {
	// Find returns a join request of a group, or domain.ErrJoinRequestNotFound.
	Find(ctx context.Context, group, id uuid.UUID) (domain.JoinRequest, error)
	// Add stores a new request, or returns domain.ErrRequestPending if the user has a pending one.
	Add(ctx context.Context, request domain.JoinRequest) error
	Update(ctx context.Context, request domain.JoinRequest) error
	// List returns requests that match, oldest first, after an id.
	List(ctx context.Context, search JoinRequestSearch, after uuid.UUID, limit int) ([]domain.JoinRequest, error)
}

// JoinRequestSearch selects join requests. Zero fields match everything.
type JoinRequestSearch struct {
	Group  uuid.UUID
	User   uuid.UUID
	Status domain.JoinRequestStatus
}

// Invites stores invitations.
type Invites interface {
	// Find returns an invitation, or domain.ErrInviteNotFound.
	Find(ctx context.Context, id uuid.UUID) (domain.Invite, error)
	// Add stores a new invitation, or returns domain.ErrInvitePending if the user has a pending one.
	Add(ctx context.Context, invite domain.Invite) error
	Update(ctx context.Context, invite domain.Invite) error
	// List returns invitations that match, oldest first, after an id.
	List(ctx context.Context, search InviteSearch, after uuid.UUID, limit int) ([]domain.Invite, error)
}

// InviteSearch selects invitations. Zero fields match everything.
type InviteSearch struct {
	Group     uuid.UUID
	User      uuid.UUID
	Pending   bool      // stored as pending, expired or not
	PendingAt time.Time // can be accepted at this time
}

// InviteLinks stores invite links.
type InviteLinks interface {
	// Find returns a link into a group, or domain.ErrInviteLinkNotFound.
	Find(ctx context.Context, group, id uuid.UUID) (domain.InviteLink, error)
	// ByToken returns the link of a token, or domain.ErrInviteLinkNotFound.
	ByToken(ctx context.Context, hash domain.TokenHash) (domain.InviteLink, error)
	Add(ctx context.Context, link domain.InviteLink) error
	Update(ctx context.Context, link domain.InviteLink) error
	// List returns the links into a group, oldest first, after an id.
	List(ctx context.Context, group, after uuid.UUID, limit int) ([]domain.InviteLink, error)
}

// Bans stores bans.
type Bans interface {
	// Put stores a ban in the place of an earlier one.
	Put(ctx context.Context, ban domain.Ban) error
	// Delete deletes a ban, or returns domain.ErrBanNotFound.
	Delete(ctx context.Context, group, user uuid.UUID) error
	// List returns the bans of a group in the order of the users, after a user.
	List(ctx context.Context, group, after uuid.UUID, limit int) ([]domain.Ban, error)
}

// Pending closes the join requests and invitations of a user that wait for an answer.
type Pending interface {
	// Close cancels the join requests and revokes the invitations: in a group, in a community and its teams, or with uuid.Nil
	// in the whole tenant.
	Close(ctx context.Context, group, user uuid.UUID, at time.Time) error
	// Settle approves the join request and accepts the invitation of a user who became a member of a group by another way.
	// An expired invitation stays as it is.
	Settle(ctx context.Context, group, user, by uuid.UUID, at time.Time) error
}
