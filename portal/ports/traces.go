package ports

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/portal/domain"
)

// Traces is what there is of one person in the tenant, to be handed out to him page by page, and to be taken away. Lists
// are in the order of the ids, beginning after one.
type Traces interface {
	// Groups returns groups of a kind that a person made.
	Groups(ctx context.Context, maker uuid.UUID, kind domain.ScopeType, after uuid.UUID, limit int) ([]domain.Group, error)
	// Memberships returns active memberships of a kind, in the order of their groups.
	Memberships(ctx context.Context, user uuid.UUID, kind domain.ScopeType, after uuid.UUID, limit int) ([]domain.Membership, error)
	// Posts returns posts of an author that are not deleted.
	Posts(ctx context.Context, author, after uuid.UUID, limit int) ([]domain.Post, error)

	// Communities returns communities in which there is something left of a person.
	Communities(ctx context.Context, user uuid.UUID, limit int) ([]uuid.UUID, error)
	// Leave removes a person's requests and invitations in a community and its teams, and makes nobody the maker of what he
	// made and decided there. It says how many groups that were. The lock of the community is held, and he is no member.
	Leave(ctx context.Context, community, user uuid.UUID) (Anonymized, error)
	// LockPosts is Posts from the beginning, and keeps everybody else from changing them until Tx.Do ends.
	LockPosts(ctx context.Context, author uuid.UUID, limit int) ([]domain.Post, error)
	// Redact stores a locked post with another author.
	Redact(ctx context.Context, post domain.Post) error
	// PurgePosts forgets posts of an author that are deleted already, before their time.
	PurgePosts(ctx context.Context, author uuid.UUID) error
	// DiscardFiles gives up every file that a person uploaded.
	DiscardFiles(ctx context.Context, owner uuid.UUID, at time.Time) error
	// RemoveProfile removes a profile.
	RemoveProfile(ctx context.Context, user uuid.UUID) error
}

// Anonymized is how many groups nobody is the maker of any more.
type Anonymized struct {
	Communities, Teams int
}
