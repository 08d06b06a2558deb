package domain

import (
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/valid"
)

// The refusals of rewards.
var (
	ErrRewardNotFound   = errs.New(errs.NotFound, "REWARD_NOT_FOUND", "The achievement has no reward.")
	ErrRoleNotGrantable = errs.New(errs.Forbidden, "ROLE_NOT_GRANTABLE", "The achievement gives a role that you may not give to others here.")
)

// Reward is the role that holders of an achievement have in its scope. Access binds it, and decides at that time whether those who are
// responsible may still give it.
type Reward struct {
	Achievement uuid.UUID
	Role        authz.RoleRef // as it was called when it was attached
	Revision    uuid.UUID     // names this attachment
	DefinedBy   uuid.UUID     // the zero UUID after the user was erased
	DefinedAt   time.Time
	Removed     bool      // holders lose the role
	SettledTo   uuid.UUID // the last grant to which the attachment or the removal was applied
	Settled     bool
}

// NewReward attaches a role to an achievement.
func NewReward(a Achievement, role authz.RoleRef, by authz.Actor, now time.Time) Reward {
	return Reward{Achievement: a.ID(), Role: role, Revision: valid.NewID(), DefinedBy: by.User, DefinedAt: valid.Instant(now)}
}

// Remove takes the reward from the achievement: holders lose the role.
func (r Reward) Remove() Reward {
	r.Removed, r.Settled, r.SettledTo = true, false, uuid.Nil
	return r
}

// GivenReward is what access was told about the reward of a grant.
type GivenReward struct {
	Grant    uuid.UUID
	Version  int       // counts what was told; zero for nothing
	Revision uuid.UUID // of the reward that was given; the zero UUID if none is
}

// Give is what is told when a reward is given. changed is false if it is given already.
func (g GivenReward) Give(r Reward) (given GivenReward, changed bool) {
	if g.Revision == r.Revision {
		return g, false
	}
	g.Version++
	g.Revision = r.Revision
	return g, true
}

// Take is what is told when a reward is taken. changed is false if none is given.
func (g GivenReward) Take() (taken GivenReward, changed bool) {
	if g.Revision == uuid.Nil {
		return g, false
	}
	g.Version++
	g.Revision = uuid.Nil
	return g, true
}

// RequireRewardable returns why a role cannot be attached to an achievement by the user whom the decision is about.
func RequireRewardable(d authz.RewardDecision) error {
	switch d.Reason {
	case authz.RewardRoleNotFound:
		return errs.Field("role_id", why.NotFound("must be the id of a role"))
	case authz.RewardRoleNotRewardable:
		return errs.Field("role_id", why.NotAllowed("must not be named admin, nor change rights"))
	case authz.RewardScopeArchived, authz.RewardScopeNotFound:
		return groups.ErrArchived
	}
	return RequireGiving(d)
}

// RequireGiving returns why a user may not grant an achievement, or set its rule, whose reward the decision is about. A reward that gives
// nothing to anyone, such as a deleted role, does not hinder.
func RequireGiving(d authz.RewardDecision) error {
	switch d.Reason {
	case authz.RewardAllowed, authz.RewardRoleNotFound, authz.RewardRoleNotRewardable, authz.RewardScopeArchived, authz.RewardScopeNotFound:
		return nil
	}
	return ErrRoleNotGrantable.WithDetails(map[string]any{"missing": append([]string{}, d.Missing...)})
}

// RewardState says whether members who get an achievement now get its role.
type RewardState string

// The states.
const (
	RewardActive       RewardState = "active"
	RewardRoleDeleted  RewardState = "role_deleted"
	RewardNotGrantable RewardState = "not_grantable" // who attached it may not give it any more, or it must not be a reward any more
)

// StateOf is the state of a reward by the decision about the user who attached it.
func StateOf(d authz.RewardDecision) RewardState {
	switch {
	case d.Allowed:
		return RewardActive
	case d.Reason == authz.RewardRoleNotFound:
		return RewardRoleDeleted
	}
	return RewardNotGrantable
}
