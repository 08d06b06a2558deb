package httpapi

import (
	"context"
	"time"

	"github.com/oapi-codegen/runtime/types"

	"go.updspace.com/api/gamificationapi"
	"go.updspace.com/gamification/app"
	"go.updspace.com/gamification/rule"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/wire"
)

func (s *server) GetRule(ctx context.Context, r gamificationapi.GetRuleRequestObject) (gamificationapi.GetRuleResponseObject, error) {
	view, err := s.rules.Get(ctx, reqctx.From(ctx).Actor(), r.AchievementID)
	if err != nil {
		return nil, err
	}
	return gamificationapi.GetRule200JSONResponse{
		Headers: gamificationapi.GetRule200ResponseHeaders{ETag: wire.ETag(view.Version)}, Body: ToAPIAchievementRule(view),
	}, nil
}

func (s *server) PutRule(ctx context.Context, r gamificationapi.PutRuleRequestObject) (gamificationapi.PutRuleResponseObject, error) {
	in := app.ChangeAchievement{ID: r.AchievementID, Version: wire.IfMatch(r.Params.IfMatch)}
	view, err := s.rules.Put(ctx, reqctx.From(ctx).Actor(), in, FromAPIRule(*r.Body))
	if err != nil {
		return nil, err
	}
	return gamificationapi.PutRule200JSONResponse{
		Headers: gamificationapi.PutRule200ResponseHeaders{ETag: wire.ETag(view.Version)}, Body: ToAPIAchievementRule(view),
	}, nil
}

func (s *server) DeleteRule(ctx context.Context, r gamificationapi.DeleteRuleRequestObject) (gamificationapi.DeleteRuleResponseObject, error) {
	in := app.ChangeAchievement{ID: r.AchievementID, Version: wire.IfMatch(r.Params.IfMatch)}
	if err := s.rules.Delete(ctx, reqctx.From(ctx).Actor(), in); err != nil {
		return nil, err
	}
	return gamificationapi.DeleteRule204Response{}, nil
}

func (s *server) ExplainRule(ctx context.Context, r gamificationapi.ExplainRuleRequestObject) (gamificationapi.ExplainRuleResponseObject, error) {
	texts, err := s.rules.Explain(ctx, reqctx.From(ctx).Actor(), r.AchievementID, FromAPIRule(*r.Body))
	if err != nil {
		return nil, err
	}
	return gamificationapi.ExplainRule200JSONResponse{ExplanationI18N: gamificationapi.Explanation(texts)}, nil
}

func (s *server) DryRunRule(ctx context.Context, r gamificationapi.DryRunRuleRequestObject) (gamificationapi.DryRunRuleResponseObject, error) {
	run, err := s.rules.DryRun(ctx, reqctx.From(ctx).Actor(), r.AchievementID, FromAPIRule(*r.Body),
		page.Request{Limit: wire.ValueOr(r.Params.Limit, defaultLimit), Cursor: wire.Value(r.Params.Cursor)})
	if err != nil {
		return nil, err
	}
	return gamificationapi.DryRunRule200JSONResponse{
		ExplanationI18N: gamificationapi.Explanation(run.Explanation), NextCursor: wire.OrNull(run.Found.Next),
		Items: wire.Each(run.Found.Items, func(i app.DryRunItem) gamificationapi.DryRunItem {
			return gamificationapi.DryRunItem{UserID: i.Person, Have: i.Have, Need: i.Need, Met: i.Met, Times: i.Times, Evidence: i.Evidence}
		}),
	}, nil
}

func (s *server) ListMyProgress(ctx context.Context, _ gamificationapi.ListMyProgressRequestObject) (gamificationapi.ListMyProgressResponseObject, error) {
	list, err := s.rules.Progress(ctx, reqctx.From(ctx).Actor())
	if err != nil {
		return nil, err
	}
	return gamificationapi.ListMyProgress200JSONResponse{Items: wire.Each(list, func(p app.ProgressView) gamificationapi.Progress {
		return gamificationapi.Progress{
			AchievementID: p.Achievement, Have: p.Have, Need: p.Need, Met: p.Met, Times: p.Times, ExplanationI18N: gamificationapi.Explanation(p.Explanation),
			Parts: wire.Each(p.Parts, func(part rule.Part) gamificationapi.ProgressPart {
				return gamificationapi.ProgressPart{Have: part.Have, Need: part.Need}
			}),
		}
	})}, nil
}

// FromAPIRule converts a rule.
func FromAPIRule(r gamificationapi.Rule) rule.Rule {
	return rule.Rule{
		TimeZone: wire.Value(r.TimeZone), TakesBack: wire.Value(r.TakesBack),
		Conditions: wire.Each(r.Conditions, func(c gamificationapi.RuleCondition) rule.Condition {
			condition := rule.Condition{
				Fact: rule.Kind(c.Fact), Measure: rule.Measure(c.Measure), Unit: rule.Unit(wire.Value(c.Unit)), Need: c.Need,
				WindowDays: wire.Value(c.WindowDays), From: fromDate(c.From), Until: fromDate(c.Until),
			}
			for _, w := range c.Where {
				condition.Where = append(condition.Where, rule.Filter{Field: w.Field, AnyOf: w.AnyOf})
			}
			return condition
		}),
	}
}

func fromDate(d *types.Date) string {
	if d == nil {
		return ""
	}
	return d.Format(time.DateOnly)
}

// ToAPIAchievementRule converts a rule and what is known of it.
func ToAPIAchievementRule(v app.RuleView) gamificationapi.AchievementRule {
	return gamificationapi.AchievementRule{
		Rule: ToAPIRule(v.Rule.Rule), ExplanationI18N: gamificationapi.Explanation(v.Explanation), Running: v.Running,
		CountedAt: wire.TimeOrNull(v.CountedAt), UpdatedAt: v.UpdatedAt, Version: v.Version,
	}
}

// ToAPIRule converts a rule.
func ToAPIRule(r rule.Rule) gamificationapi.Rule {
	return gamificationapi.Rule{
		TimeZone: &r.TimeZone, TakesBack: &r.TakesBack, Conditions: wire.Each(r.Conditions, func(c rule.Condition) gamificationapi.RuleCondition {
			condition := gamificationapi.RuleCondition{
				Fact: gamificationapi.RuleConditionFact(c.Fact), Measure: gamificationapi.RuleConditionMeasure(c.Measure), Need: c.Need,
				Unit: orAbsent(gamificationapi.RuleConditionUnit(c.Unit)), WindowDays: orAbsent(c.WindowDays), From: toDate(c.From), Until: toDate(c.Until),
			}
			for _, w := range c.Where {
				condition.Where = append(condition.Where, gamificationapi.RuleFilter{Field: w.Field, AnyOf: w.AnyOf})
			}
			return condition
		}),
	}
}

// orAbsent is nil for the zero value.
func orAbsent[T comparable](v T) *T {
	if v == *new(T) {
		return nil
	}
	return &v
}

func toDate(day string) *types.Date {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return nil
	}
	return &types.Date{Time: at}
}
