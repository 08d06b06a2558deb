package ports

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/voting/domain"
)

// Participants stores the roles of users in polls.
type Participants interface {
	// Role returns the role of a user in a poll, or domain.RoleNone.
	Role(ctx context.Context, poll, user uuid.UUID) (domain.Role, error)
	// List returns the participants of a poll, in the order in which they were added.
	List(ctx context.Context, poll uuid.UUID) ([]domain.Participant, error)
	// Put stores participants, each in the place of one with the same poll and user.
	Put(ctx context.Context, participants ...domain.Participant) error
	Remove(ctx context.Context, poll, user uuid.UUID) error
}

// Invites stores participants with invites that are not accepted.
type Invites interface {
	// List returns the invites to a poll, in the order in which they were made.
	List(ctx context.Context, poll uuid.UUID) ([]domain.Participant, error)
	// ListPending returns the pending invites of a user, newest first, with the polls, except hidden ones.
	ListPending(ctx context.Context, user uuid.UUID, limit int) ([]PendingInvite, error)
	// Put stores invites, each in the place of one with the same poll and user.
	Put(ctx context.Context, invites ...domain.Participant) error
	Remove(ctx context.Context, poll uuid.UUID, users ...uuid.UUID) error
}

// PendingInvite is an invite with its poll.
type PendingInvite struct {
	Invite domain.Participant
	Poll   domain.Poll
}
