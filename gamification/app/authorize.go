package app

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
)

// AchievementView is an achievement and what the caller may do with it.
type AchievementView struct {
	domain.Achievement
	domain.AchievementAccess
}

// heldIn asks access once what the caller holds in a scope, and about the audience of achievements there.
func (d Deps) heldIn(ctx context.Context, scope authz.Scope) (domain.Held, error) {
	audience := authz.Audience{Scope: scope, Visibility: domain.VisibilityOf(scope)}
	checks := []authz.Check{{Permission: domain.PermissionRead, Scope: scope}, audience.Check(domain.PermissionRead)}
	answers, held, err := authz.CheckAlso(ctx, d.Access, checks, scope, domain.Checked...)
	if err != nil {
		return domain.Held{}, err
	}
	return domain.HeldOf(answers[0], answers[1], func(p authz.Permission) bool { return held[p] }), nil
}

// load returns an achievement and what the caller may do with it. One that the caller cannot see does not exist for the caller.
// Access is asked before any lock is taken, because it may be slow.
func (d Deps) load(ctx context.Context, caller authz.Actor, id uuid.UUID) (AchievementView, domain.Held, error) {
	achievement, err := d.Achievements.Find(ctx, id)
	if err != nil {
		return AchievementView{}, domain.Held{}, err
	}
	held, err := d.heldIn(ctx, achievement.Data().Scope)
	if err != nil {
		return AchievementView{}, held, err
	}
	view := viewOf(achievement, caller, held)
	if !view.CanRead && held.Read {
		if held.Holder, err = d.Grants.Holds(ctx, id, caller.User); err != nil {
			return AchievementView{}, held, err
		}
		view = viewOf(achievement, caller, held)
	}
	if !view.CanRead {
		return AchievementView{}, held, domain.ErrAchievementNotFound
	}
	return view, held, nil
}

// loadOf is load for something that belongs to an achievement: if the caller cannot see the achievement, it is missing, too.
func (d Deps) loadOf(ctx context.Context, caller authz.Actor, achievement uuid.UUID, missing *errs.Error) (AchievementView, domain.Held, error) {
	view, held, err := d.load(ctx, caller, achievement)
	if errors.Is(err, domain.ErrAchievementNotFound) {
		err = missing.Wrap(err)
	}
	return view, held, err
}

func viewOf(a domain.Achievement, caller authz.Actor, held domain.Held) AchievementView {
	return AchievementView{a, domain.NewAchievementAccess(a, caller, held)}
}
