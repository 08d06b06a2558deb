package app_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/gamification/app"
	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/ports"
	"go.updspace.com/gamification/rule"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/page"
)

// storedRules are rules in memory, and what was counted.
type storedRules struct {
	ports.Rules
	rules  map[uuid.UUID]ports.Rule
	counts []ports.RuleState
	more   int // rules of other achievements
}

func (s *storedRules) Find(_ context.Context, achievement uuid.UUID) (ports.Rule, error) {
	if r, ok := s.rules[achievement]; ok {
		return r, nil
	}
	return ports.Rule{}, domain.ErrRuleNotFound
}

func (s *storedRules) Count(context.Context) (int, error) { return len(s.rules) + s.more, nil }

func (s *storedRules) Put(_ context.Context, r ports.Rule, _ []rule.Kind) error {
	s.rules[r.Achievement] = r
	return nil
}

func (s *storedRules) Delete(_ context.Context, achievement uuid.UUID) error {
	delete(s.rules, achievement)
	return nil
}

func (s *storedRules) Running(context.Context, ...rule.Kind) (list []ports.Rule, err error) {
	for _, r := range s.rules {
		list = append(list, r)
	}
	return list, nil
}

func (s *storedRules) StatesOf(context.Context, uuid.UUID) ([]ports.RuleState, error) {
	return s.counts, nil
}

func (s *storedRules) Evidence(context.Context, uuid.UUID, int) ([]rule.Fact, int, error) {
	return nil, 3, nil
}

func (h *fixture) ruling() (*app.Rules, *storedRules) {
	stored := &storedRules{rules: map[uuid.UUID]ports.Rule{}}
	h.deps.Rules = stored
	return &app.Rules{Deps: h.deps}, stored
}

func counting(fact rule.Kind, need int, where ...rule.Filter) rule.Rule {
	return rule.Rule{TimeZone: "UTC", Conditions: []rule.Condition{{Fact: fact, Measure: rule.Count, Need: need, Where: where}}}
}

func TestARuleIsSetByWhoEditsTheAchievement(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	rules, stored := h.ruling()
	draft, shown := h.made(h.maker), h.made(h.admin, published)
	put := func(by authz.Actor, id uuid.UUID, version *int, r rule.Rule) error {
		_, err := rules.Put(h.as(by), by, app.ChangeAchievement{ID: id, Version: version}, r)
		return err
	}
	one := counting(rule.PostWritten, 1)
	denied(t, domain.PermissionPublish, put(h.maker, shown.ID(), nil, one))
	denied(t, domain.PermissionEdit, put(h.member, shown.ID(), nil, one))
	require.ErrorIs(t, put(h.member, draft.ID(), nil, one), domain.ErrAchievementNotFound)
	require.Equal(t, errs.Invalid, errs.KindOf(put(h.admin, shown.ID(), nil, counting("slept", 1))))
	require.Empty(t, stored.rules)

	stored.more = domain.MaxRules
	require.ErrorIs(t, put(h.admin, shown.ID(), nil, one), domain.ErrTooManyRules)
	stored.more = domain.MaxRules - 1
	require.NoError(t, put(h.admin, shown.ID(), new(int), one), "version 0 is none")
	require.NoError(t, put(h.admin, shown.ID(), new(1), counting(rule.PostWritten, 2)), "in place of the one that there is")
	require.ErrorIs(t, put(h.admin, shown.ID(), new(1), one), domain.ErrRuleChanged)
	require.Equal(t, 2, stored.rules[shown.ID()].Version)
	require.Equal(t, "achievement.rule_set", h.journal()[0])
	stored.more = 0
	require.NoError(t, put(h.maker, draft.ID(), nil, one), "of the own draft")

	view, err := rules.Get(h.as(h.member), h.member, shown.ID())
	require.NoError(t, err)
	require.True(t, view.Running)
	require.NotEmpty(t, view.Explanation["ru"])
	view, err = rules.Get(h.as(h.maker), h.maker, draft.ID())
	require.NoError(t, err)
	require.False(t, view.Running)
	_, err = rules.Get(h.as(h.member), h.member, draft.ID())
	require.ErrorIs(t, err, domain.ErrAchievementNotFound)

	remove := func(by authz.Actor, id uuid.UUID, version *int) error {
		return rules.Delete(h.as(by), by, app.ChangeAchievement{ID: id, Version: version})
	}
	require.ErrorIs(t, remove(h.admin, shown.ID(), new(1)), domain.ErrRuleChanged)
	denied(t, domain.PermissionEdit, remove(h.member, shown.ID(), nil))
	require.NoError(t, remove(h.admin, shown.ID(), new(2)))
	require.Equal(t, "achievement.rule_removed", h.journal()[0])
	require.ErrorIs(t, remove(h.admin, shown.ID(), nil), domain.ErrRuleNotFound)
	_, err = rules.Get(h.as(h.admin), h.admin, shown.ID())
	require.ErrorIs(t, err, domain.ErrRuleNotFound)
}

// A rule decides who gets the role that an achievement rewards with.
func TestARuleOfARewardIsSetByWhoMayGiveTheRole(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	rules, _ := h.ruling()
	rewards, chief := h.rewarding()
	a := h.made(h.admin, published)
	_, err := rewards.Put(h.as(chief), chief, a.ID(), helpers)
	require.NoError(t, err)
	_, err = rules.Put(h.as(h.admin), h.admin, app.ChangeAchievement{ID: a.ID()}, counting(rule.PostWritten, 1))
	require.ErrorIs(t, err, domain.ErrRoleNotGrantable)
	_, err = rules.Put(h.as(chief), chief, app.ChangeAchievement{ID: a.ID()}, counting(rule.PostWritten, 1))
	require.NoError(t, err)
}

// The words of a rule name an achievement only if everybody in its audience sees it.
func TestARuleInWordsNamesWhatIsShown(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	rules, _ := h.ruling()
	a := h.made(h.admin, published)
	named := func(name string) func(*app.CreateAchievement) {
		return func(in *app.CreateAchievement) { in.Draft.Names = domain.Texts{"en": name} }
	}
	shown, secret := h.made(h.admin, published, named("Trailblazer")), h.made(h.admin, published, named("Nightcap"), func(in *app.CreateAchievement) { in.Draft.Rules.Secret = true })
	r := counting(rule.AchievementHeld, 1, rule.Filter{Field: "achievement", AnyOf: []string{shown.ID().String(), secret.ID().String()}})
	words, err := rules.Explain(h.as(h.admin), h.admin, a.ID(), r)
	require.NoError(t, err)
	require.Contains(t, words["en"], "Trailblazer")
	require.NotContains(t, words["en"], "Nightcap")
	_, err = rules.Explain(h.as(h.member), h.member, a.ID(), r)
	denied(t, domain.PermissionEdit, err)
	_, err = rules.Explain(h.as(h.maker), h.maker, a.ID(), r)
	denied(t, domain.PermissionPublish, err)
	blind := h.actor(domain.PermissionRead, domain.PermissionEdit, domain.PermissionPublish)
	_, err = rules.DryRun(h.as(blind), blind, a.ID(), r, page.Request{Limit: 10})
	denied(t, domain.PermissionViewPrivate, err)
}

// Progress is that of what the member sees, as far as it was counted for the rule as it is now, the nearest first.
func TestProgressIsOfWhatTheMemberSees(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	rules, stored := h.ruling()
	far, near, hidden := h.made(h.admin, published), h.made(h.admin, published), h.made(h.admin, published, func(in *app.CreateAchievement) { in.Draft.Rules.Secret = true })
	for id, need := range map[uuid.UUID]int{far.ID(): 4, near.ID(): 2, hidden.ID(): 1} {
		r := counting(rule.PostWritten, need)
		stored.rules[id] = ports.Rule{Achievement: id, Rule: r, Generation: 2, Version: 1}
		program, err := rule.Compile(r)
		require.NoError(t, err)
		state := program.NewState()
		at := h.clock.Now().Add(-time.Hour)
		require.True(t, state.Apply(rule.Fact{Event: uuid.New(), At: at, When: at, Kind: rule.PostWritten, Person: h.member.User, Key: "post"}))
		stored.counts = append(stored.counts, ports.RuleState{Achievement: id, Generation: 2, State: state.Marshal()})
	}
	list, err := rules.Progress(h.as(h.member), h.member)
	require.NoError(t, err)
	require.Len(t, list, 2)
	require.Equal(t, []any{near.ID(), 1, 2, far.ID(), 1, 4}, []any{list[0].Achievement, list[0].Have, list[0].Need, list[1].Achievement, list[1].Have, list[1].Need})
	for i := range stored.counts {
		stored.counts[i].Generation = 1 // of the rule before
	}
	list, err = rules.Progress(h.as(h.member), h.member)
	require.NoError(t, err)
	require.Equal(t, []int{0, 0}, []int{list[0].Have, list[1].Have})
	stranger := h.actor()
	_, err = rules.Progress(h.as(stranger), stranger)
	require.Equal(t, errs.Forbidden, errs.KindOf(err))
}

// Evidence is for the recipient and for those who see private grants; for others a private grant does not exist.
func TestWhoSeesEvidence(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	h.ruling()
	a := h.made(h.admin, published)
	public, private := h.granted(a.ID(), h.member.User), h.granted(a.ID(), h.maker.User, domain.GrantPrivate)
	evidence := func(by authz.Actor, id uuid.UUID) error {
		found, err := h.granting().Evidence(h.as(by), by, id)
		if err == nil {
			require.Equal(t, 3, found.Total)
		}
		return err
	}
	require.NoError(t, evidence(h.member, public.ID()))
	require.NoError(t, evidence(h.maker, private.ID()))
	require.NoError(t, evidence(h.admin, private.ID()))
	denied(t, domain.PermissionViewPrivate, evidence(h.maker, public.ID()))
	require.ErrorIs(t, evidence(h.member, private.ID()), domain.ErrGrantNotFound)
	require.ErrorIs(t, evidence(h.admin, uuid.New()), domain.ErrGrantNotFound)
	_, err := h.granting().Revoke(h.as(h.admin), h.admin, public.ID(), "")
	require.NoError(t, err)
	require.ErrorIs(t, evidence(h.maker, public.ID()), domain.ErrGrantNotFound, "one that has ended")
	require.NoError(t, evidence(h.member, public.ID()))
	stranger := h.actor()
	require.ErrorIs(t, evidence(stranger, private.ID()), domain.ErrGrantNotFound)
}
