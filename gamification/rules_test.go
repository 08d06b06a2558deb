package gamification_test

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/gamificationapi"
	"go.updspace.com/gamification/ports"
	"go.updspace.com/gamification/rule"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/tools/devkit/testkit/service"
)

// attended is that a member attended an event, or not after all.
func attended(of authz.Actor, event uuid.UUID, at time.Time, undone bool) rule.Fact {
	return rule.Fact{
		Event: uuid.New(), At: at, When: at, Kind: rule.EventAttended, Person: of.User, Key: event.String(), Object: event.String(), Undone: undone,
		Fields: map[string]string{"scope_type": "TENANT", "scope": of.Tenant.String(), "event": event.String(), "method": "scan"},
	}
}

// tell records facts, each in a transaction as that of its event.
func (s *fixture) tell(facts ...rule.Fact) {
	s.T.Helper()
	for _, f := range facts {
		require.NoError(s.T, s.record(f))
	}
}

func (s *fixture) record(facts ...rule.Fact) error {
	told := make([]ports.Told, len(facts))
	for i, f := range facts {
		told[i] = ports.Told{Source: "events", Fact: f}
	}
	ctx := reqctx.With(context.Background(), reqctx.Context{TenantID: s.Tenant})
	return s.counting.Tx.Do(ctx, func(ctx context.Context) error {
		return s.counting.Record(ctx, told)
	})
}

func attendances(need int, change ...func(*gamificationapi.Rule)) gamificationapi.Rule {
	r := gamificationapi.Rule{Conditions: []gamificationapi.RuleCondition{{
		Fact: gamificationapi.RuleConditionFactEventAttended, Measure: gamificationapi.RuleConditionMeasureCount, Need: need,
	}}}
	for _, c := range change {
		c(&r)
	}
	return r
}

func takesBack(r *gamificationapi.Rule) { r.TakesBack = new(true) }

func (s *fixture) putRule(by authz.Actor, achievement uuid.UUID, version *string, r gamificationapi.Rule) *gamificationapi.PutRuleResponse {
	s.T.Helper()
	answer, err := s.As(by).PutRuleWithResponse(s.T.Context(), achievement, &gamificationapi.PutRuleParams{IfMatch: version}, r)
	require.NoError(s.T, err)
	return answer
}

// ruled is a published achievement with a rule.
func (s *fixture) ruled(r gamificationapi.Rule, change ...func(*gamificationapi.AchievementCreate)) gamificationapi.Achievement {
	s.T.Helper()
	a := s.achievement(append(change, published)...)
	service.OK(s.T, s.putRule(s.admin, a.ID, nil, r), nil)
	return a
}

// backFill waits until nothing is left to count.
func (s *fixture) backFill() {
	s.T.Helper()
	require.NoError(s.T, s.counting.BackFill(context.Background()))
}

func (s *fixture) progress(of authz.Actor) []gamificationapi.Progress {
	s.T.Helper()
	r, err := s.As(of).ListMyProgressWithResponse(s.T.Context())
	return service.OK(s.T, r, err).JSON200.Items
}

func TestARuleIsStoredExplainedAndChangedByVersion(t *testing.T) {
	t.Parallel()
	s := start(t)
	a := s.achievement()
	body := attendances(5, takesBack, func(r *gamificationapi.Rule) {
		r.TimeZone, r.Conditions[0].WindowDays = new("Europe/Moscow"), new(30)
		r.Conditions[0].Where = []gamificationapi.RuleFilter{{Field: "method", AnyOf: []string{"organiser", "scan"}}}
	})
	put := service.OK(t, s.putRule(s.admin, a.ID, nil, body), nil)
	require.Equal(t, `"1"`, put.HTTPResponse.Header.Get("ETag"))
	require.Equal(t, body, put.JSON200.Rule)
	require.False(t, put.JSON200.Running, "the achievement is a draft")
	require.Contains(t, put.JSON200.ExplanationI18N["en"], "5")
	require.NotEqual(t, put.JSON200.ExplanationI18N["en"], put.JSON200.ExplanationI18N["ru"])
	testkit.Filled(t, *put.JSON200, "Rule.Conditions.From", "Rule.Conditions.Unit", "Rule.Conditions.Until", "Running", "CountedAt")
	got, err := s.As(s.admin).GetRuleWithResponse(t.Context(), a.ID)
	require.Equal(t, *put.JSON200, *service.OK(t, got, err).JSON200)

	service.Refused(t, http.StatusConflict, "RULE_CHANGED", s.putRule(s.admin, a.ID, new(`"7"`), body), nil)
	require.Equal(t, 2, service.OK(t, s.putRule(s.admin, a.ID, new(`"1"`), attendances(2)), nil).JSON200.Version)
	service.Refused(t, http.StatusForbidden, "FORBIDDEN", s.putRule(s.maker, s.achievement(published).ID, nil, body), nil)
	stale, err := s.As(s.admin).DeleteRuleWithResponse(t.Context(), a.ID, &gamificationapi.DeleteRuleParams{IfMatch: new(`"1"`)})
	service.Refused(t, http.StatusConflict, "RULE_CHANGED", stale, err)
	gone, err := s.As(s.admin).DeleteRuleWithResponse(t.Context(), a.ID, nil)
	service.OK(t, gone, err)
	gone, err = s.As(s.admin).DeleteRuleWithResponse(t.Context(), a.ID, nil)
	service.Refused(t, http.StatusNotFound, "RULE_NOT_FOUND", gone, err)

	log, err := s.As(s.admin).ListAuditWithResponse(t.Context(), &gamificationapi.ListAuditParams{TargetID: new(a.ID.String())})
	var actions []string
	for _, e := range service.OK(t, log, err).JSON200.Items {
		actions = append(actions, e.Action)
	}
	require.Equal(t, []string{"achievement.rule_removed", "achievement.rule_set", "achievement.rule_set", "achievement.created"}, actions)
}

// What is explained is what would be stored, and is refused for the same reasons.
func TestADraftOfARuleIsExplained(t *testing.T) {
	t.Parallel()
	s := start(t)
	a := s.achievement()
	r, err := s.As(s.admin).ExplainRuleWithResponse(t.Context(), a.ID, attendances(4))
	texts := service.OK(t, r, err).JSON200.ExplanationI18N
	none, err := s.As(s.admin).GetRuleWithResponse(t.Context(), a.ID)
	service.Refused(t, http.StatusNotFound, "RULE_NOT_FOUND", none, err)
	require.Equal(t, service.OK(t, s.putRule(s.admin, a.ID, nil, attendances(4)), nil).JSON200.ExplanationI18N, texts)
	r, err = s.As(s.admin).ExplainRuleWithResponse(t.Context(), a.ID, attendances(1, func(r *gamificationapi.Rule) { r.TimeZone = new("Mars/Olympus") }))
	service.Invalid(t, r, err, "time_zone")
}

func TestARuleThatIsWrongNamesItsFields(t *testing.T) {
	t.Parallel()
	s := start(t)
	chess := authz.CommunityScope(uuid.New())
	s.group(chess, groups.Active)
	wrong := attendances(1, func(r *gamificationapi.Rule) {
		r.TimeZone, r.Conditions[0].Measure = new("Nowhere"), gamificationapi.RuleConditionMeasureYears
	})
	service.Invalid(t, s.putRule(s.admin, s.achievement().ID, nil, wrong), nil, "time_zone", "conditions.0.measure")
	linked := attendances(1, func(r *gamificationapi.Rule) { r.Conditions[0].Fact = gamificationapi.RuleConditionFactAccountLinked })
	service.Invalid(t, s.putRule(s.admin, s.achievement(in(chess)).ID, nil, linked), nil, "conditions.0.fact")
}

// A rule grants once, with its evidence, whatever comes twice; it takes back what is taken back, and grants again.
func TestARuleGrantsAndTakesBack(t *testing.T) {
	t.Parallel()
	s := start(t)
	a := s.ruled(attendances(2, takesBack))
	s.backFill()
	now := s.Clock.Now()
	first, second := attended(s.member, uuid.New(), now, false), attended(s.member, uuid.New(), now, false)
	s.tell(first, first)
	require.Empty(t, s.held(s.member, s.member))
	p := s.progress(s.member)
	require.Equal(t, []int{1, 2}, []int{p[0].Have, p[0].Need})
	s.tell(second, second, first)
	require.Equal(t, []string{"Opening expert"}, s.held(s.member, s.member))
	require.True(t, s.progress(s.member)[0].Met)
	r, err := s.As(s.admin).ListGrantsWithResponse(t.Context(), a.ID, &gamificationapi.ListGrantsParams{})
	grant := service.OK(t, r, err).JSON200.Items[0]
	require.True(t, grant.IssuerID.IsNull())
	made, err := s.counting.Rules.Grants(service.Request(s.admin), a.ID, s.member.User)
	require.NoError(t, err)
	require.Equal(t, grant.ID, made[0].Grant)
	require.ElementsMatch(t, []uuid.UUID{first.Event, second.Event}, made[0].Evidence)

	undone := second
	undone.Event, undone.At, undone.Undone = uuid.New(), now.Add(time.Minute), true
	s.tell(undone)
	require.Empty(t, s.held(s.member, s.member))
	s.tell(attended(s.member, uuid.New(), now, false))
	require.Len(t, s.held(s.member, s.member), 1)
	require.Equal(t, []string{"achievement.published", "grant.created", "grant.revoked", "grant.created"}, s.eventTypes())

	// What a manager revokes is not granted again.
	r, err = s.As(s.admin).ListGrantsWithResponse(t.Context(), a.ID, &gamificationapi.ListGrantsParams{})
	service.OK(t, s.revoke(s.admin, service.OK(t, r, err).JSON200.Items[0].ID, "by hand"), nil)
	s.tell(attended(s.member, uuid.New(), now, false))
	require.Empty(t, s.held(s.member, s.member))
}

// A rule counts what was recorded before it was made, also while its achievement was hidden, and goes on where it was stopped.
func TestARuleCountsThePast(t *testing.T) {
	t.Parallel()
	s := start(t)
	now := s.Clock.Now()
	people := s.people(3)
	for _, p := range people {
		s.tell(attended(p, uuid.New(), now, false))
	}
	for range 2 {
		s.tell(attended(people[0], uuid.New(), now, false))
	}
	a := s.achievement()
	service.OK(t, s.putRule(s.admin, a.ID, nil, attendances(3)), nil)
	s.backFill()
	require.Empty(t, s.recipients(s.admin, a.ID, gamificationapi.ListGrantsParams{}), "a draft is not granted")
	service.OK(t, s.update(s.admin, a.ID, gamificationapi.AchievementUpdate{Status: some(gamificationapi.AchievementUpdateStatusPublished), Images: picture}), nil)
	s.backFill()
	s.backFill()
	require.Equal(t, []uuid.UUID{people[0].User}, s.recipients(s.admin, a.ID, gamificationapi.ListGrantsParams{}))
	got, err := s.As(s.admin).GetRuleWithResponse(t.Context(), a.ID)
	require.False(t, service.OK(t, got, err).JSON200.CountedAt.IsNull())

	service.OK(t, s.move(s.admin, a.ID, gamificationapi.AchievementUpdateStatusHidden), nil)
	for range 2 {
		s.tell(attended(people[1], uuid.New(), now, false))
	}
	s.tell(attended(people[2], uuid.New(), now, false))
	service.OK(t, s.move(s.admin, a.ID, gamificationapi.AchievementUpdateStatusPublished), nil)
	s.tell(attended(people[2], uuid.New(), now, false)) // what was told while it was hidden counts before the back-fill comes
	require.Contains(t, s.recipients(s.admin, a.ID, gamificationapi.ListGrantsParams{}), people[2].User)
	s.backFill()
	require.Len(t, s.recipients(s.admin, a.ID, gamificationapi.ListGrantsParams{}), 3)
}

// Facts of one member that come to two instances at once are all counted, and granted once.
func TestConcurrentFactsAreCountedOnce(t *testing.T) {
	t.Parallel()
	s := start(t)
	const n = 20
	a := s.ruled(attendances(n), named("all"))
	s.ruled(attendances(1), named("each"), func(b *gamificationapi.AchievementCreate) { b.Kind = new(gamificationapi.AchievementKindRepeatable) })
	var wait sync.WaitGroup
	failures := make(chan error, 2*n+1)
	for range n {
		f := attended(s.member, uuid.New(), s.Clock.Now(), false)
		for range 2 {
			wait.Go(func() { failures <- s.record(f) })
		}
	}
	wait.Go(func() { failures <- s.counting.BackFill(context.Background()) })
	wait.Wait()
	close(failures)
	for err := range failures {
		require.NoError(t, err)
	}
	require.Equal(t, []uuid.UUID{s.member.User}, s.recipients(s.admin, a.ID, gamificationapi.ListGrantsParams{}))
	require.Len(t, s.held(s.member, s.member), 20, "a page")
}

// active means published with a rule.
func TestActiveAchievementsHaveARule(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.achievement(published, named("by hand"))
	s.ruled(attendances(1), named("by rule"))
	draft := s.achievement(named("draft"))
	service.OK(t, s.putRule(s.admin, draft.ID, nil, attendances(1)), nil)
	require.Equal(t, []string{"by rule"}, s.list(s.admin, gamificationapi.ListAchievementsParams{Status: []string{"active"}}))
	require.Equal(t, []string{"draft", "by rule"}, s.list(s.admin, gamificationapi.ListAchievementsParams{Status: []string{"active,draft"}}))
	r, err := s.As(s.admin).ListAchievementsWithResponse(t.Context(), &gamificationapi.ListAchievementsParams{})
	for _, a := range service.OK(t, r, err).JSON200.Items {
		require.Equal(t, a.NameI18N["en"] != "by hand", a.HasRule, a.NameI18N["en"])
	}
}

// A grant that is refused now follows when it can be made.
func TestAGrantThatIsRefusedFollows(t *testing.T) {
	t.Parallel()
	s := start(t)
	a := s.ruled(attendances(1))
	late := s.Actor(memberKeys...)
	s.tell(attended(late, uuid.New(), s.Clock.Now(), false))
	require.Empty(t, s.recipients(s.admin, a.ID, gamificationapi.ListGrantsParams{}))
	s.members(true, late)
	require.NoError(t, s.counting.FollowTime(context.Background()))
	require.Empty(t, s.recipients(s.admin, a.ID, gamificationapi.ListGrantsParams{}), "not before a minute has gone")
	s.Clock.Advance(time.Minute)
	require.NoError(t, s.counting.FollowTime(context.Background()))
	require.Equal(t, []uuid.UUID{late.User}, s.recipients(s.admin, a.ID, gamificationapi.ListGrantsParams{}))
}

// An anniversary needs no event on its day.
func TestTimeMeetsARule(t *testing.T) {
	t.Parallel()
	s := start(t)
	a := s.ruled(attendances(1, func(r *gamificationapi.Rule) {
		r.Conditions[0].Fact, r.Conditions[0].Measure = gamificationapi.RuleConditionFactMemberAnniversary, gamificationapi.RuleConditionMeasureYears
	}))
	joined := rule.Fact{Event: uuid.New(), At: s.Clock.Now(), When: s.Clock.Now(), Kind: rule.MemberJoined, Person: s.member.User, Key: "tenant"}
	s.tell(joined)
	s.Clock.Advance(364 * 24 * time.Hour)
	require.NoError(t, s.counting.FollowTime(context.Background()))
	require.Empty(t, s.recipients(s.admin, a.ID, gamificationapi.ListGrantsParams{}))
	s.Clock.Advance(3 * 24 * time.Hour)
	require.NoError(t, s.counting.FollowTime(context.Background()))
	require.Equal(t, []uuid.UUID{s.member.User}, s.recipients(s.admin, a.ID, gamificationapi.ListGrantsParams{}))
}

// The rule of a community looks at what happened in the community only.
func TestARuleOfACommunityCountsThere(t *testing.T) {
	t.Parallel()
	s := start(t)
	chess := authz.CommunityScope(uuid.New())
	s.group(chess, groups.Active)
	a := s.ruled(attendances(1), in(chess))
	there := attended(s.maker, uuid.New(), s.Clock.Now(), false)
	there.Fields["scope_type"], there.Fields["scope"] = "COMMUNITY", chess.ID.String()
	s.tell(attended(s.member, uuid.New(), s.Clock.Now(), false), there)
	require.Equal(t, []uuid.UUID{s.maker.User}, s.recipients(s.admin, a.ID, gamificationapi.ListGrantsParams{}))
	require.Empty(t, s.progress(s.member), "the member does not see it")
}

// A dry run grants nothing. Its pages hold everybody once.
func TestADryRunSaysWhoWouldGetIt(t *testing.T) {
	t.Parallel()
	s := start(t)
	a := s.achievement()
	people := s.people(5)
	for i, p := range people {
		for range i {
			s.tell(attended(p, uuid.New(), s.Clock.Now(), false))
		}
	}
	found := map[uuid.UUID]gamificationapi.DryRunItem{}
	var cursor *string
	for pages := 1; ; pages++ {
		r, err := s.As(s.admin).DryRunRuleWithResponse(t.Context(), a.ID, &gamificationapi.DryRunRuleParams{Limit: new(2), Cursor: cursor}, attendances(3))
		run := service.OK(t, r, err).JSON200
		require.NotEmpty(t, run.ExplanationI18N["ru"])
		for _, item := range run.Items {
			require.NotContains(t, found, item.UserID)
			found[item.UserID] = item
		}
		if run.NextCursor.IsNull() {
			require.Equal(t, 2, pages)
			break
		}
		cursor = new(run.NextCursor.MustGet())
	}
	require.Len(t, found, 4)
	require.Equal(t, 2, found[people[2].User].Have)
	require.False(t, found[people[2].User].Met)
	require.True(t, found[people[3].User].Met)
	require.Len(t, found[people[4].User].Evidence, 3)
	require.False(t, slices.Contains(s.eventTypes(), "grant.created"))

	holds := attendances(1, func(r *gamificationapi.Rule) { r.Conditions[0].Fact = gamificationapi.RuleConditionFactAchievementHeld })
	own := s.achievementOf(s.maker)
	r, err := s.As(s.maker).DryRunRuleWithResponse(t.Context(), own.ID, nil, holds)
	service.Refused(t, http.StatusForbidden, "FORBIDDEN", r, err)
	r, err = s.As(s.maker).DryRunRuleWithResponse(t.Context(), own.ID, nil, attendances(1))
	service.OK(t, r, err)
}

// The recipient of a grant by a rule, and those who see private grants, read what it was made for.
func TestAGrantByARuleHasEvidence(t *testing.T) {
	t.Parallel()
	s := start(t)
	a := s.ruled(attendances(2))
	first, second := uuid.New(), uuid.New()
	now := s.Clock.Now()
	later, earlier := attended(s.member, first, now, false), attended(s.member, second, now.Add(-time.Hour), false)
	s.tell(later, earlier)
	require.NoError(t, s.counting.FollowTime(t.Context()))
	grants, err := s.As(s.member).ListGrantsWithResponse(t.Context(), a.ID, &gamificationapi.ListGrantsParams{})
	grant := service.OK(t, grants, err).JSON200.Items[0].ID
	evidence := func(by authz.Actor, id uuid.UUID) *gamificationapi.ListGrantEvidenceResponse {
		r, err := s.As(by).ListGrantEvidenceWithResponse(t.Context(), id)
		require.NoError(t, err)
		return r
	}
	want := gamificationapi.Evidence{Total: 2, Items: []gamificationapi.EvidenceItem{
		{EventID: earlier.Event, Fact: "event_attended", Object: second.String(), HappenedAt: earlier.When},
		{EventID: later.Event, Fact: "event_attended", Object: first.String(), HappenedAt: later.When},
	}}
	for _, by := range []authz.Actor{s.member, s.admin} {
		require.Equal(t, want, *service.OK(t, evidence(by, grant), nil).JSON200)
	}
	service.Refused(t, http.StatusForbidden, "FORBIDDEN", evidence(s.maker, grant), nil)
	service.Refused(t, http.StatusNotFound, "GRANT_NOT_FOUND", evidence(s.Outsider(adminKeys...), grant), nil)
	byHand := s.achievement(published)
	quiet := s.grant(byHand.ID, s.member, private)
	service.Refused(t, http.StatusNotFound, "GRANT_NOT_FOUND", evidence(s.maker, quiet.ID), nil)
	require.Equal(t, gamificationapi.Evidence{Items: []gamificationapi.EvidenceItem{}}, *service.OK(t, evidence(s.member, quiet.ID), nil).JSON200)
}
