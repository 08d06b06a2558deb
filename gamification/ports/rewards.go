package ports

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/libs/authz"
)

// Roles are the roles of the tenant, which access has.
type Roles interface {
	// CheckReward decides whether the user of ctx may reward others with a role in a scope.
	CheckReward(ctx context.Context, role int64, scope authz.Scope) (authz.RewardDecision, error)
}

// Holding is an active grant of an achievement with what access was told about its reward.
type Holding struct {
	Grant domain.Grant
	Given domain.GivenReward
}

// Rewards stores the rewards of achievements, and what access was told about them.
type Rewards interface {
	// Find returns the reward of an achievement, or domain.ErrRewardNotFound. One that is being removed is still found.
	Find(ctx context.Context, achievement uuid.UUID) (domain.Reward, error)
	// Put stores a reward in place of the one that there was.
	Put(ctx context.Context, reward domain.Reward) error
	Delete(ctx context.Context, achievement uuid.UUID) error
	// ToSettle lists the achievements of all tenants whose reward is not settled.
	ToSettle(ctx context.Context, limit int) ([]OfTenant, error)
	// Holdings lists the active grants of an achievement in the order of their ids, after one, and makes other changes of them wait until
	// Tx.Do ends.
	Holdings(ctx context.Context, achievement, after uuid.UUID, limit int) ([]Holding, error)
	// Given returns what access was told about the reward of a grant.
	Given(ctx context.Context, grant uuid.UUID) (domain.GivenReward, error)
	PutGiven(ctx context.Context, given ...domain.GivenReward) error
}
