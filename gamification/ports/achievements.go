package ports

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/libs/authz"
)

// AchievementFilter selects achievements. Zero fields match everything.
type AchievementFilter struct {
	Statuses   []domain.Status
	Categories []string // slugs
	IDs        []uuid.UUID
	Query      string
	CreatedBy  uuid.UUID
	Scope      authz.Scope
	Rarest     bool // the fewest holders first, instead of the newest
}

// AchievementKey is the place of an achievement in a list.
type AchievementKey struct {
	Holders   int // in a list of the rarest
	CreatedAt time.Time
	ID        uuid.UUID
}

// Achievements stores achievements.
type Achievements interface {
	// Find returns an achievement, or domain.ErrAchievementNotFound.
	Find(ctx context.Context, id uuid.UUID) (domain.Achievement, error)
	// Lock is Find, and makes other changes of the achievement wait until Tx.Do ends.
	Lock(ctx context.Context, id uuid.UUID) (domain.Achievement, error)
	// Audiences lists the audiences of the achievements that match, each once.
	Audiences(ctx context.Context, filter AchievementFilter) ([]authz.Audience, error)
	// Page lists achievements that match and that the viewer sees, newest first, after a place if there is one.
	Page(ctx context.Context, filter AchievementFilter, viewer authz.Viewer, after *AchievementKey, limit int) ([]domain.Achievement, error)
	// Missing returns those of the ids that no achievement of the tenant has.
	Missing(ctx context.Context, ids []uuid.UUID) ([]uuid.UUID, error)
	// FindAll returns the achievements of the ids that there are, by id.
	FindAll(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]domain.Achievement, error)
	// ListByGroup lists the achievements of a community with its teams, or of a team.
	ListByGroup(ctx context.Context, group authz.Scope) ([]uuid.UUID, error)
	// CountHolders counts the holders of the achievements of all tenants, for Find and the lists.
	CountHolders(ctx context.Context) error
	Add(ctx context.Context, achievement domain.Achievement) error
	Update(ctx context.Context, achievement domain.Achievement) error
	Delete(ctx context.Context, id uuid.UUID) error
}
