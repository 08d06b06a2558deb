package ports

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/portal/groups/domain"
)

// Cards reads what cards of groups show.
type Cards interface {
	// Cards returns the cards of groups; groups that do not exist are left out.
	Cards(ctx context.Context, viewer CardViewer, groups ...uuid.UUID) (map[uuid.UUID]domain.Card, error)
}

// CardViewer is a user who looks at cards.
type CardViewer struct {
	User      uuid.UUID
	At        time.Time // decides which invitations have expired
	Faces     bool      // of communities
	TeamFaces bool
}

// Queue reads what waits for a user.
type Queue interface {
	// Queue returns what waits, in groups that are in use, oldest first: at most limit of each kind.
	Queue(ctx context.Context, search QueueSearch, limit int) (Waiting, error)
}

// QueueSearch selects what waits for a user.
type QueueSearch struct {
	User        uuid.UUID
	At          time.Time           // decides which invitations have expired
	Decides     authz.AllowedScopes // where the user decides about join requests of communities
	DecidesTeam authz.AllowedScopes // and of teams
}

// MaxWaiting is where counting ends.
const MaxWaiting = 1000

// Waiting is what waits for a user.
type Waiting struct {
	Invites      Queued[domain.Invite]
	JoinRequests Queued[domain.JoinRequest]
}

// Queued is the beginning of a queue.
type Queued[T any] struct {
	Count int // at most MaxWaiting
	First []T
	Names map[uuid.UUID]string // of the groups
}
