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

func (GrantCreated) event() {}
func (GrantRevoked) event() {}
