package app

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/reqctx"
)

// Rewards are the use cases around the roles that holders of achievements get. Access binds the roles; it is told of grants by events.
type Rewards struct{ Deps }

// NewRewards returns the use cases.
func NewRewards(d Deps) *Rewards { return &Rewards{d} }

// RewardView is a reward and whether it gives the role to those who get the achievement now.
type RewardView struct {
	domain.Reward
	State domain.RewardState
}

// Get returns the reward of an achievement that the caller sees, or nil.
func (s *Rewards) Get(ctx context.Context, by authz.Actor, achievement uuid.UUID) (*RewardView, error) {
	view, _, err := s.load(ctx, by, achievement)
	if err != nil {
		return nil, err
	}
	reward, err := s.Rewards.Find(ctx, achievement)
	switch {
	case errors.Is(err, domain.ErrRewardNotFound) || reward.Removed:
		return nil, nil //nolint:nilnil // none is no error
	case err != nil:
		return nil, err
	}
	shown := RewardView{Reward: reward, State: domain.RewardNotGrantable}
	if reward.DefinedBy == uuid.Nil {
		return &shown, nil
	}
	definer := reqctx.From(ctx)
	definer.UserID, definer.Flags = reward.DefinedBy, reqctx.Flags{}
	decision, err := s.Roles.CheckReward(reqctx.With(ctx, definer), reward.Role.ID, view.Data().Scope)
	if err != nil {
		return nil, err
	}
	if decision.Role.ID != 0 {
		shown.Role = decision.Role
	}
	shown.State = domain.StateOf(decision)
	return &shown, nil
}

// Put rewards the holders of an achievement with a role. The role is given anew also if it is the one that the reward has.
func (s *Rewards) Put(ctx context.Context, by authz.Actor, achievement uuid.UUID, role int64) (shown *RewardView, err error) {
	view, _, err := s.load(ctx, by, achievement)
	if err != nil {
		return nil, err
	}
	var decision authz.RewardDecision
	if view.CanEdit { // else it is refused below
		if decision, err = s.Roles.CheckReward(ctx, role, view.Data().Scope); err != nil {
			return nil, err
		}
		if err := domain.RequireRewardable(decision); err != nil {
			return nil, err
		}
	}
	achievements := Achievements{s.Deps}
	_, err = achievements.change(ctx, by, ChangeAchievement{ID: achievement}, nil, func(ctx context.Context, a domain.Achievement) error {
		if err := groups.RequireActive(ctx, s.Groups, a.Data().Scope); err != nil {
			return err
		}
		reward := domain.NewReward(a, decision.Role, by, s.Clock.Now())
		if err := s.Rewards.Put(ctx, reward); err != nil {
			return err
		}
		shown = &RewardView{Reward: reward, State: domain.RewardActive}
		entry := achievementEntry("achievement.reward_set", a)
		entry.Metadata["role_id"], entry.Metadata["role"] = reward.Role.ID, reward.Role.Service+":"+reward.Role.Name
		return s.Audit.Write(ctx, entry)
	})
	return shown, err
}

// Delete takes the reward from an achievement. Its holders lose the role.
func (s *Rewards) Delete(ctx context.Context, by authz.Actor, achievement uuid.UUID) error {
	achievements := Achievements{s.Deps}
	_, err := achievements.change(ctx, by, ChangeAchievement{ID: achievement}, nil, func(ctx context.Context, a domain.Achievement) error {
		reward, err := s.Rewards.Find(ctx, achievement)
		switch {
		case errors.Is(err, domain.ErrRewardNotFound) || reward.Removed:
			return nil
		case err != nil:
			return err
		}
		if err := s.Rewards.Put(ctx, reward.Remove()); err != nil {
			return err
		}
		return s.Audit.Write(ctx, achievementEntry("achievement.reward_removed", a))
	})
	return err
}

// requireGiving refuses callers who may not give the role that an achievement in a scope rewards with: a grant by hand and a rule decide who
// gets it.
func (d Deps) requireGiving(ctx context.Context, achievement uuid.UUID, scope authz.Scope) error {
	reward, err := d.Rewards.Find(ctx, achievement)
	switch {
	case errors.Is(err, domain.ErrRewardNotFound) || reward.Removed:
		return nil
	case err != nil:
		return err
	}
	decision, err := d.Roles.CheckReward(ctx, reward.Role.ID, scope)
	if err != nil {
		return err
	}
	return domain.RequireGiving(decision)
}

// giveReward tells access of the reward of new grants of an achievement, which is locked.
func (d Deps) giveReward(ctx context.Context, a domain.Achievement, grants ...domain.Grant) error {
	reward, err := d.Rewards.Find(ctx, a.ID())
	switch {
	case errors.Is(err, domain.ErrRewardNotFound) || reward.Removed:
		return nil
	case err != nil:
		return err
	}
	given, events := make([]domain.GivenReward, len(grants)), make([]domain.Event, len(grants))
	for i, grant := range grants {
		given[i], _ = domain.GivenReward{Grant: grant.ID()}.Give(reward)
		events[i] = domain.RewardGiven{Reward: reward, Grant: grant, Achievement: a, Version: given[i].Version, By: grant.Data().IssuerID}
	}
	if err := d.Rewards.PutGiven(ctx, given...); err != nil {
		return err
	}
	return d.Events.Publish(ctx, events...)
}

// takeReward tells access that a grant, which is locked, has ended before its time.
func (d Deps) takeReward(ctx context.Context, grant domain.Grant) error {
	given, err := d.Rewards.Given(ctx, grant.ID())
	if err != nil {
		return err
	}
	taken, changed := given.Take()
	if !changed {
		return nil
	}
	return d.tellGiven(ctx, taken, domain.RewardTaken{Grant: grant, Version: taken.Version})
}

func (d Deps) tellGiven(ctx context.Context, given domain.GivenReward, event domain.Event) error {
	if err := d.Rewards.PutGiven(ctx, given); err != nil {
		return err
	}
	return d.Events.Publish(ctx, event)
}

// How much Settle takes at once.
const (
	rewardsAtOnce  = 100
	holdingsAtOnce = 200
)

// Settle applies rewards that were attached or removed to those who hold the achievements. It goes on where it was stopped.
func (s *Rewards) Settle(ctx context.Context) error {
	rewards, err := s.Rewards.ToSettle(ctx, rewardsAtOnce)
	if err != nil {
		return err
	}
	var failed []error
	for _, r := range rewards {
		failed = append(failed, s.settle(asService(reqctx.With(ctx, reqctx.Context{TenantID: r.Tenant})), r.Achievement))
	}
	return errors.Join(failed...)
}

func (s *Rewards) settle(ctx context.Context, achievement uuid.UUID) error {
	for done := false; !done; {
		err := s.Tx.Do(ctx, func(ctx context.Context) (err error) {
			done, err = s.settleSome(ctx, achievement)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// settleSome applies a reward to the next holders. done is true if none are left.
func (s *Rewards) settleSome(ctx context.Context, achievement uuid.UUID) (done bool, err error) {
	a, err := s.Achievements.Lock(ctx, achievement)
	if errs.KindOf(err) == errs.NotFound {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	reward, err := s.Rewards.Find(ctx, achievement)
	if errors.Is(err, domain.ErrRewardNotFound) || reward.Settled {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	holdings, err := s.Rewards.Holdings(ctx, achievement, reward.SettledTo, holdingsAtOnce)
	if err != nil {
		return false, err
	}
	for _, h := range holdings {
		if err := s.apply(ctx, reward, a, h); err != nil {
			return false, err
		}
	}
	switch {
	case len(holdings) == holdingsAtOnce:
		reward.SettledTo = holdings[len(holdings)-1].Grant.ID()
		return false, s.Rewards.Put(ctx, reward)
	case reward.Removed:
		return true, s.Rewards.Delete(ctx, achievement)
	}
	reward.Settled, reward.SettledTo = true, uuid.Nil
	return true, s.Rewards.Put(ctx, reward)
}

// apply tells access of the reward of a grant that was made before.
func (s *Rewards) apply(ctx context.Context, reward domain.Reward, a domain.Achievement, h ports.Holding) error {
	if reward.Removed {
		taken, changed := h.Given.Take()
		if !changed {
			return nil
		}
		return s.tellGiven(ctx, taken, domain.RewardTaken{Grant: h.Grant, Version: taken.Version})
	}
	given, changed := h.Given.Give(reward)
	if !changed {
		return nil
	}
	// Who attached the reward answers for those who hold the achievement by then.
	return s.tellGiven(ctx, given, domain.RewardGiven{Reward: reward, Grant: h.Grant, Achievement: a, Version: given.Version})
}
