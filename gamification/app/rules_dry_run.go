package app

import (
	"context"
	"errors"
	"slices"

	"github.com/google/uuid"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/ports"
	"go.updspace.com/gamification/rule"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/page"
)

// DryRun is what a rule would do.
type DryRun struct {
	Explanation domain.Texts
	Found       page.Page[DryRunItem]
}

// DryRunItem is a person who has something of what a rule needs.
type DryRunItem struct {
	Person   uuid.UUID
	Evidence []uuid.UUID
	rule.Progress
}

const (
	dryRunFacts    = 200_000 // that one page counts
	dryRunEvidence = 100
)

// errEnough ends the counting of a page.
var errEnough = errors.New("enough")

// DryRun counts the recorded facts by a rule and grants nothing.
func (s *Rules) DryRun(ctx context.Context, by authz.Actor, achievement uuid.UUID, r rule.Rule, p page.Request) (run DryRun, err error) {
	program, view, held, err := s.draft(ctx, by, achievement, r)
	if err != nil {
		return run, err
	}
	if slices.Contains(program.Kinds(), rule.AchievementHeld) && !held.ViewPrivate {
		return run, authz.Denied(domain.PermissionViewPrivate)
	}
	if run.Explanation, err = s.explain(ctx, program.Rule()); err != nil {
		return run, err
	}
	run.Found, err = s.dryRun(ctx, program, view.Achievement, p)
	return run, err
}

// Explain checks a rule for an achievement and says it in words.
func (s *Rules) Explain(ctx context.Context, by authz.Actor, achievement uuid.UUID, r rule.Rule) (domain.Texts, error) {
	program, _, _, err := s.draft(ctx, by, achievement, r)
	if err != nil {
		return nil, err
	}
	return s.explain(ctx, program.Rule())
}

// draft is a rule that is not stored, for an achievement that the caller may edit.
func (s *Rules) draft(
	ctx context.Context, by authz.Actor, achievement uuid.UUID, r rule.Rule,
) (program *rule.Program, view AchievementView, held domain.Held, err error) {
	view, held, err = s.load(ctx, by, achievement)
	switch {
	case err != nil:
		return nil, view, held, err
	case !view.CanEdit && held.Edit:
		return nil, view, held, authz.Denied(domain.PermissionPublish)
	case !view.CanEdit:
		return nil, view, held, authz.Denied(domain.PermissionEdit)
	}
	program, err = compile(r, view.Achievement)
	return program, view, held, err
}

func (s *Rules) dryRun(ctx context.Context, program *rule.Program, a domain.Achievement, p page.Request) (found page.Page[DryRunItem], err error) {
	list := "dry run " + a.ID().String()
	var last uuid.UUID
	if _, err := page.Decode(list, p.Cursor, &last); err != nil {
		return found, err
	}
	read, done := 0, 0
	facts := s.each(ctx, a, ports.FactQuery{Kinds: program.Kinds(), AfterPerson: last, AfterEvent: uuid.Max, Limit: factsAtOnce})
	counted := func(yield func(rule.Fact, error) bool) {
		for f, err := range facts {
			read++
			if !yield(f, err) {
				return
			}
		}
	}
	now := s.Clock.Now()
	err = program.EachPerson(counted, func(person uuid.UUID, state *rule.State) error {
		if len(found.Items) == p.Limit || read > dryRunFacts && done > 0 {
			return errEnough
		}
		last = person
		done++
		if progress := state.Progress(now); progress.Have > 0 {
			evidence := progress.Evidence(1)
			found.Items = append(found.Items, DryRunItem{person, evidence[:min(len(evidence), dryRunEvidence)], progress})
		}
		return nil
	})
	if errors.Is(err, errEnough) {
		found.Next = page.Encode(list, last)
		err = nil
	}
	return found, err
}
