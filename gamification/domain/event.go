package domain

import "github.com/google/uuid"

// Event is something that happened and that other services may need to know.
type Event interface{ event() }

// AchievementPublished says that members see an achievement from now on. By is the zero UUID for a background job.
type AchievementPublished struct {
	Achievement Achievement
	By          uuid.UUID
}

func (AchievementPublished) event() {}

// GrantCreated says that a member has an achievement.
type GrantCreated struct {
	Grant       Grant
	Achievement Achievement
}

// GrantRevoked says that a member has lost an achievement.
type GrantRevoked struct {
	Grant       Grant
	Achievement Achievement
}

// RewardGiven says that a member has the role of a reward while the grant lasts. By is who granted the achievement while it had the reward;
// the zero UUID for a rule, and for a reward that was attached later.
type RewardGiven struct {
	Reward      Reward
	Grant       Grant
	Achievement Achievement
	Version     int
	By          uuid.UUID
}

// RewardTaken says that a member does not have the role of a grant any more.
type RewardTaken struct {
	Grant   Grant
	Version int
}

func (RewardGiven) event()  {}
func (RewardTaken) event()  {}
func (GrantCreated) event() {}
func (GrantRevoked) event() {}

// LevelReached says that a member has more points than ever before and has reached a level by them. Ranked is false for a member who shows
// no points to others.
type LevelReached struct {
	Tenant, User uuid.UUID
	Number       int
	Level        Level
	Points       int64
	Ranked       bool
}

// SeasonClosed says that the last ranks of a season are stored. First are the first of the tenant.
type SeasonClosed struct {
	Season Season
	First  []Place
}

func (LevelReached) event() {}
func (SeasonClosed) event() {}
