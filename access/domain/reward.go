package domain

import (
	"slices"
	"time"

	"github.com/google/uuid"
)

// Reward is the role that a member has because of a grant of an achievement, as gamification last told, or because of a role at Discord, as
// activity last told.
type Reward struct {
	Source      Source    // FromAchievement or FromDiscord
	Grant       uuid.UUID // for Discord, what names the member and the pair of roles
	Version     int64     // of the events about the grant, the highest counts
	Achievement uuid.UUID // of FromAchievement
	User        uuid.UUID
	Role        int64 // zero: the reward was taken
	Scope       Scope
	Expires     time.Time   // zero: never
	Responsible []uuid.UUID // who must be allowed to bind the role; not stored
	Refused     string      // the code of the refusal; such a reward gives nothing
}

// RewardKey names the binding that rewards give together.
type RewardKey struct {
	Source Source
	User   uuid.UUID
	Role   int64
	Scope  Scope
}

// Key names the binding of the reward; ok is false for one that was taken.
func (r Reward) Key() (key RewardKey, ok bool) {
	return RewardKey{Source: r.Source, User: r.User, Role: r.Role, Scope: r.Scope}, r.Role != 0
}

// Rewardable returns why the role cannot be the reward of an achievement, if so. Roles that open private resources or with
// which their holders can obtain more rights are given by administrators only.
func (r Role) Rewardable() error {
	if r.Name == RoleAdmin || slices.ContainsFunc([]string{WriteRoles, WriteBindings, WriteOverrides}, func(key string) bool { return slices.Contains(r.Keys, key) }) {
		return ErrNotRewardable
	}
	return nil
}
