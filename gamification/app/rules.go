package app

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/ports"
	"go.updspace.com/gamification/rule"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/valid"
)

// Rules are the use cases around the rules of achievements.
type Rules struct{ Deps }

// RuleView is a rule with what is known of it.
type RuleView struct {
	ports.Rule

	Explanation domain.Texts
	Running     bool
}

// Get returns the rule of an achievement that the caller sees.
func (s *Rules) Get(ctx context.Context, by authz.Actor, achievement uuid.UUID) (RuleView, error) {
	view, _, err := s.load(ctx, by, achievement)
	if err != nil {
		return RuleView{}, err
	}
	stored, err := s.Rules.Find(ctx, achievement)
	if err != nil {
		return RuleView{}, err
	}
	return s.view(ctx, stored, view.Achievement)
}

func (d Deps) view(ctx context.Context, stored ports.Rule, a domain.Achievement) (RuleView, error) {
	explanation, err := d.explain(ctx, stored.Rule)
	return RuleView{Rule: stored, Explanation: explanation, Running: a.Grantable()}, err
}

// explain says a rule in words. Achievements that everybody in their audience sees are named.
func (d Deps) explain(ctx context.Context, r rule.Rule) (domain.Texts, error) {
	var ids []uuid.UUID
	for _, c := range r.Conditions {
		for _, w := range c.Where {
			for _, value := range w.AnyOf {
				if id, err := uuid.Parse(value); err == nil && w.Field == "achievement" {
					ids = append(ids, id)
				}
			}
		}
	}
	named, err := d.Achievements.FindAll(ctx, ids)
	if err != nil {
		return nil, err
	}
	texts := domain.Texts{}
	for _, language := range []rule.Language{rule.English, rule.Russian} {
		texts[string(language)] = r.Explain(language, func(field, value string) string {
			id, err := uuid.Parse(value)
			a, known := named[id]
			if err != nil || !known || field != "achievement" || !a.Shown() {
				return ""
			}
			return a.Data().Names[string(language)]
		})
	}
	return texts, nil
}

// compile checks a rule for an achievement.
func compile(r rule.Rule, a domain.Achievement) (*rule.Program, error) {
	program, err := rule.Compile(r)
	if err != nil || a.Data().Scope.Type == authz.ScopeTenant {
		return program, err
	}
	fields := errs.Fields{}
	for i, c := range r.Conditions {
		fields.Check(c.Fact != rule.AccountLinked, "conditions."+strconv.Itoa(i)+".fact", why.NotAllowed("must be a fact of the community or the team"))
	}
	return program, fields.Err()
}

// counts reports whether a rule of an achievement looks at a fact: that of a community or a team only at what happened there, and none
// at grants of the achievement itself.
func counts(a domain.Achievement, f rule.Fact) bool {
	if f.Kind == rule.AchievementHeld {
		return f.Object != a.ID().String()
	}
	scope := a.Data().Scope
	return scope.Type == authz.ScopeTenant || f.Fields["scope"] == scope.ID.String()
}

// Put gives an achievement a rule.
func (s *Rules) Put(ctx context.Context, by authz.Actor, in ChangeAchievement, r rule.Rule) (view RuleView, err error) {
	seen, _, err := s.load(ctx, by, in.ID)
	if err != nil {
		return view, err
	}
	if seen.CanEdit { // else it is refused below
		if err := s.requireGiving(ctx, in.ID, seen.Data().Scope); err != nil {
			return view, err
		}
	}
	_, err = s.change(ctx, by, in, func(ctx context.Context, a domain.Achievement, before ports.Rule) error {
		program, err := compile(r, a)
		if err != nil {
			return err
		}
		if before.Version == 0 {
			n, err := s.Rules.Count(ctx)
			if err != nil {
				return err
			}
			if n >= domain.MaxRules {
				return domain.ErrTooManyRules
			}
		}
		stored := ports.Rule{
			Achievement: a.ID(), Rule: program.Rule(), Revision: valid.NewID(), UpdatedAt: valid.Instant(s.Clock.Now()), Version: before.Version + 1,
		}
		if err := s.Rules.Put(ctx, stored, program.Kinds()); err != nil {
			return err
		}
		entry := achievementEntry("achievement.rule_set", a)
		entry.Metadata["rule"] = string(stored.Rule.Canonical())
		if err := s.Audit.Write(ctx, entry); err != nil {
			return err
		}
		view, err = s.view(ctx, stored, a)
		return err
	})
	return view, err
}

// Delete takes the rule from an achievement. What it granted stays.
func (s *Rules) Delete(ctx context.Context, by authz.Actor, in ChangeAchievement) error {
	_, err := s.change(ctx, by, in, func(ctx context.Context, a domain.Achievement, before ports.Rule) error {
		if before.Version == 0 {
			return domain.ErrRuleNotFound
		}
		if err := s.Rules.Delete(ctx, a.ID()); err != nil {
			return err
		}
		return s.Audit.Write(ctx, achievementEntry("achievement.rule_removed", a))
	})
	return err
}

// change locks an achievement that the caller may edit, and runs fn on it and its rule. in.Version is that of the rule; a rule of
// version 0 is none.
func (s *Rules) change(
	ctx context.Context, by authz.Actor, in ChangeAchievement, fn func(ctx context.Context, a domain.Achievement, before ports.Rule) error,
) (domain.Held, error) {
	achievements := Achievements{s.Deps}
	return achievements.change(ctx, by, ChangeAchievement{ID: in.ID}, nil, func(ctx context.Context, a domain.Achievement) error {
		before, err := s.Rules.Find(ctx, in.ID)
		if err != nil && !errors.Is(err, domain.ErrRuleNotFound) {
			return err
		}
		if in.Version != nil && *in.Version != before.Version {
			return domain.ErrRuleChanged
		}
		return fn(ctx, a, before)
	})
}

// ProgressView is how far a member is with an achievement.
type ProgressView struct {
	Achievement uuid.UUID
	Explanation domain.Texts
	rule.Progress
}

// Progress lists how far the caller is with the achievements that the caller sees and that have a running rule.
func (s *Rules) Progress(ctx context.Context, by authz.Actor) ([]ProgressView, error) {
	audiences, err := s.Achievements.Audiences(ctx, ports.AchievementFilter{Statuses: []domain.Status{domain.StatusPublished}})
	if err != nil {
		return nil, err
	}
	viewer, err := authz.RequireViewer(ctx, s.Access, by, authz.ViewerQuery{
		Read: domain.PermissionRead, Also: domain.Checked, Scope: authz.TenantScope(by.Tenant), Audiences: audiences,
	})
	if err != nil {
		return nil, err
	}
	running, err := s.Rules.Running(ctx)
	if err != nil {
		return nil, err
	}
	ids := make([]uuid.UUID, len(running))
	for i, r := range running {
		ids[i] = r.Achievement
	}
	achievements, err := s.Achievements.FindAll(ctx, ids)
	if err != nil {
		return nil, err
	}
	counted, err := s.Rules.StatesOf(ctx, by.User)
	if err != nil {
		return nil, err
	}
	var list []ProgressView
	for _, r := range running {
		a := achievements[r.Achievement]
		if !viewOf(a, by, domain.HeldBy(viewer, a)).CanRead {
			continue
		}
		progress, err := s.progress(r, counted)
		if err != nil {
			return nil, err
		}
		explanation, err := s.explain(ctx, r.Rule)
		if err != nil {
			return nil, err
		}
		list = append(list, ProgressView{Achievement: r.Achievement, Explanation: explanation, Progress: progress})
	}
	slices.SortStableFunc(list, func(a, b ProgressView) int { return b.Have*a.Need - a.Have*b.Need })
	return list, nil
}

// progress measures what has been counted. What counts for another generation of the rule is not there yet.
func (s *Rules) progress(r ports.Rule, counted []ports.RuleState) (rule.Progress, error) {
	program, err := rule.Compile(r.Rule)
	if err != nil {
		return rule.Progress{}, err
	}
	state := program.NewState()
	if i := slices.IndexFunc(counted, func(c ports.RuleState) bool { return c.Achievement == r.Achievement && c.Generation == r.Generation }); i >= 0 {
		if state, err = program.Load(counted[i].State); err != nil {
			return rule.Progress{}, err
		}
	}
	return state.Progress(s.Clock.Now()), nil
}
