package app_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/page"
	"go.updspace.com/voting/app"
	"go.updspace.com/voting/domain"
	"go.updspace.com/voting/ports/portstest"
)

func TestCreatingNeedsThePermissionInTheScopeOfThePoll(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	chess := authz.CommunityScope(uuid.New())
	h.group(chess, chess.ID, groups.Active)
	in := app.CreatePoll{Poll: domain.PollDraft{Title: "t"}, ScopeType: chess.Type, ScopeID: chess.ID.String()}
	_, err := h.polls.Create(h.as(h.member), h.member, in)
	require.ErrorIs(t, err, domain.ErrForbidden)
	h.access.Grant(h.member, chess, domain.PermissionPollCreate)
	h.access.TakeChecks()
	poll, err := h.polls.Create(h.as(h.member), h.member, in)
	require.NoError(t, err)
	require.Equal(t, chess, poll.Poll.Data().Scope)
	asked, _ := h.access.TakeChecks()
	require.Equal(t, []authz.Check{{Permission: domain.PermissionPollCreate, Scope: chess}}, asked)
	_, err = h.polls.Create(h.as(h.member), h.member, app.CreatePoll{Poll: domain.PollDraft{Title: "t"}})
	require.ErrorIs(t, err, domain.ErrForbidden, "in the tenant he may not")
	_, err = h.polls.Create(h.as(h.member), h.member, app.CreatePoll{ScopeType: authz.ScopeTeam})
	require.ErrorIs(t, err, authz.ErrScopeRequired)
}

func TestCreatingIsAllOrNothing(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	for name, c := range map[string]struct {
		change func(*app.CreatePoll)
		err    error
	}{
		"an option without a title": {func(in *app.CreatePoll) {
			in.Questions = []domain.QuestionDraft{{Title: "fine"}, {Title: "q", Options: []domain.OptionDraft{{Title: "fine"}, {}}}}
		}, domain.ErrOptionTitleRequired},
		"published empty":   {func(in *app.CreatePoll) { in.Status = domain.StatusActive }, domain.ErrNoQuestions},
		"closed":            {func(in *app.CreatePoll) { in.Status = domain.StatusClosed }, domain.ErrInvalidStatus},
		"an unknown status": {func(in *app.CreatePoll) { in.Status = "open" }, errs.New(errs.Invalid, "", "")},
		"two in one place": {func(in *app.CreatePoll) {
			in.Questions = []domain.QuestionDraft{{Title: "q", SortOrder: ptr(1)}, {Title: "q", SortOrder: ptr(1)}}
		}, domain.ErrSortOrderTaken},
	} {
		t.Run(name, func(t *testing.T) {
			in := app.CreatePoll{Poll: domain.PollDraft{Title: "t"}}
			c.change(&in)
			_, err := h.polls.Create(h.as(h.maker), h.maker, in)
			require.ErrorIs(t, err, c.err)
		})
	}
	page, err := h.polls.List(h.as(h.maker), h.maker, app.ListPolls{Limit: 10})
	require.NoError(t, err)
	require.Zero(t, page.Total)
	require.Empty(t, h.memory.Published())
}

func TestARepeatedCreateMakesOnePoll(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	ctx := h.as(h.maker)
	in := app.CreatePoll{Poll: domain.PollDraft{Title: "t"}}
	first, err := h.polls.Create(ctx, h.maker, in)
	require.NoError(t, err)
	again, err := h.polls.Create(ctx, h.maker, in)
	require.NoError(t, err)
	require.Equal(t, first, again)
	require.Len(t, h.memory.Published(), 1)
}

func TestChangesOfAPollArePublished(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	info := h.make(nil)
	id, ctx := info.Poll.ID(), h.as(h.maker)
	_, err := h.questions.Add(ctx, h.maker, app.AddQuestion{PollID: id, Question: domain.QuestionDraft{Title: "q", Options: []domain.OptionDraft{{Title: "o"}}}})
	require.NoError(t, err)
	update := func(in app.UpdatePoll) domain.Poll {
		view, err := h.polls.Update(h.as(h.maker), h.maker, id, in)
		require.NoError(t, err)
		return view.Poll
	}
	both := update(app.UpdatePoll{Edit: domain.PollEdit{Title: ptr("new")}, Status: ptr(domain.StatusActive)})
	update(app.UpdatePoll{Status: ptr(domain.StatusActive)})
	closed := update(app.UpdatePoll{Status: ptr(domain.StatusClosed)})
	draft := h.make(nil)
	require.NoError(t, h.polls.Delete(ctx, h.maker, draft.Poll.ID()))

	about := func(p domain.Poll) domain.PollEvent { return domain.PollEvent{Poll: p, By: h.maker.User} }
	events := h.memory.Published()
	require.Len(t, events, 6)
	require.Equal(t, domain.PollCreated{PollEvent: about(info.Poll)}, events[0])
	require.IsType(t, domain.PollUpdated{}, events[1])
	require.Equal(t, domain.PollPublished{PollEvent: about(both)}, events[2])
	require.Equal(t, domain.PollClosed{PollEvent: about(closed)}, events[3])
	require.Equal(t, domain.PollCreated{PollEvent: about(draft.Poll)}, events[4])
	require.Equal(t, domain.PollDeleted{PollEvent: about(draft.Poll)}, events[5])
}

func TestCallersWhoManageAPoll(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	published, draft := h.make(nil, 1), h.make(nil)
	rename := app.UpdatePoll{Edit: domain.PollEdit{Title: ptr("new")}}
	for name, c := range map[string]struct {
		caller            authz.Actor
		onActive, onDraft error
	}{
		"the maker":  {h.maker, nil, nil},
		"an admin":   {h.admin, nil, nil},
		"a member":   {h.member, domain.ErrForbidden, domain.ErrPollNotFound},
		"a stranger": {portstest.NewActor(), domain.ErrPollNotFound, domain.ErrPollNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := h.polls.Update(h.as(c.caller), c.caller, published.Poll.ID(), rename)
			require.ErrorIs(t, err, c.onActive)
			_, err = h.polls.Update(h.as(c.caller), c.caller, draft.Poll.ID(), rename)
			require.ErrorIs(t, err, c.onDraft)
			_, err = h.polls.Get(h.as(c.caller), c.caller, draft.Poll.ID())
			require.ErrorIs(t, err, c.onDraft)
			_, err = h.questions.Add(h.as(c.caller), c.caller, app.AddQuestion{PollID: draft.Poll.ID(), Question: domain.QuestionDraft{Title: "q"}})
			require.ErrorIs(t, err, c.onDraft)
		})
	}
	h.access.Revoke(h.maker, domain.PermissionPollRead)
	_, err := h.polls.Get(h.as(h.maker), h.maker, draft.Poll.ID())
	require.ErrorIs(t, err, domain.ErrPollNotFound, "a maker who may no longer read")
}

func TestAPrivatePoll(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	info := h.make(func(in *app.CreatePoll) { in.Poll.Visibility = authz.VisibilityPrivate }, 1)
	for name, c := range map[string]struct {
		caller authz.Actor
		sees   bool
		votes  error
	}{
		"its maker": {h.maker, true, nil},
		"an admin":  {h.admin, true, domain.ErrForbidden}, // managing it does not give a vote in it
		"a member":  {h.member, false, domain.ErrPollNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := h.polls.Info(h.as(c.caller), c.caller, info.Poll.ID())
			require.Equal(t, c.sees, err == nil)
			require.Equal(t, c.sees && c.votes == nil, err == nil && got.Standing.CanVote())
			_, err = h.ballots.Cast(h.as(c.caller), c.caller, pick(info, 0))
			require.ErrorIs(t, err, c.votes)
			_, err = h.ballots.Mine(h.as(c.caller), c.caller, info.Poll.ID())
			require.Equal(t, c.sees, err == nil)
		})
	}
}

func TestRulesAreFixedByTheFirstVote(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	info := h.make(nil, 2)
	set := func(anonymous bool) error {
		_, err := h.polls.Update(h.as(h.maker), h.maker, info.Poll.ID(), app.UpdatePoll{Edit: domain.PollEdit{Anonymous: &anonymous}})
		return err
	}
	require.NoError(t, set(true))
	h.cast(h.member, info, 0)
	require.ErrorIs(t, set(false), domain.ErrPollLocked)
	require.NoError(t, set(true), "it is what it is")
}

func TestOnlyDraftsAreDeleted(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	active, draft := h.make(nil, 1), h.make(nil)
	require.ErrorIs(t, h.polls.Delete(h.as(h.maker), h.maker, active.Poll.ID()), domain.ErrPollLocked)
	require.NoError(t, h.polls.Delete(h.as(h.maker), h.maker, draft.Poll.ID()))
	_, err := h.polls.Get(h.as(h.maker), h.maker, draft.Poll.ID())
	require.ErrorIs(t, err, domain.ErrPollNotFound)
	require.ErrorIs(t, h.polls.Delete(h.as(h.maker), h.maker, uuid.New()), domain.ErrPollNotFound)
}

func TestHasVotedAndCanVote(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	meta := func(info app.PollInfo) [2]bool {
		got, err := h.polls.Info(h.as(h.member), h.member, info.Poll.ID())
		require.NoError(t, err)
		return [2]bool{got.Standing.Progress.Votes > 0, got.Standing.CanVote()}
	}
	final := h.make(nil, 2, 2)
	require.Equal(t, [2]bool{false, true}, meta(final))
	h.cast(h.member, final, 0)
	require.Equal(t, [2]bool{true, true}, meta(final), "one question is left")
	h.cast(h.member, final, 2)
	require.Equal(t, [2]bool{true, false}, meta(final))

	soft := h.make(func(in *app.CreatePoll) {
		in.Poll.Rules.AllowRevoting = true
		in.Poll.Schedule = domain.Schedule{Starts: h.clock.Now().Add(hour(1)), Ends: h.clock.Now().Add(hour(2))}
	}, 1)
	require.Equal(t, [2]bool{false, false}, meta(soft), "not yet")
	h.clock.Advance(hour(1))
	h.cast(h.member, soft, 0)
	require.Equal(t, [2]bool{true, true}, meta(soft), "it can be taken back")
	h.access.Revoke(h.member, domain.PermissionVoteCast)
	require.Equal(t, [2]bool{true, false}, meta(soft), "the right is gone")
	h.access.Member(h.member, memberKeys...)
	h.clock.Advance(hour(2))
	require.Equal(t, [2]bool{true, false}, meta(soft), "over")
}

func TestATemplateGivesQuestionsAndDefaults(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	create := func(change func(*app.CreatePoll)) (domain.PollData, []domain.Question) {
		info := h.make(func(in *app.CreatePoll) {
			in.Poll.Template = "multi"
			in.Questions = []domain.QuestionDraft{{Title: "mine"}}
			change(in)
		})
		return info.Poll.Data(), info.Questionnaire.Questions()
	}
	poll, questions := create(func(*app.CreatePoll) {})
	require.Equal(t, "multi", poll.Template)
	require.Equal(t, domain.Rules{AllowRevoting: true, Results: domain.ResultsAfterClosed}, poll.Rules)
	require.Len(t, questions, 2)
	require.Equal(t, 3, questions[0].Data().MaxVotes)
	require.Equal(t, "mine", questions[1].Data().Title)
	poll, _ = create(func(in *app.CreatePoll) {
		in.AllowRevoting, in.Poll.Rules.Results = ptr(false), domain.ResultsAlways
	})
	require.Equal(t, domain.Rules{Results: domain.ResultsAlways}, poll.Rules)
	poll, questions = create(func(in *app.CreatePoll) { in.Poll.Template, in.AllowRevoting = "", ptr(true) })
	require.Equal(t, domain.Rules{AllowRevoting: true, Results: domain.ResultsAfterClosed}, poll.Rules)
	require.Len(t, questions, 1)
	_, err := h.polls.Create(h.as(h.maker), h.maker, app.CreatePoll{Poll: domain.PollDraft{Title: "t", Template: "best-of"}})
	require.ErrorIs(t, err, domain.ErrUnknownTemplate)
}

// After the first vote a correction needs a reason; readers see it, and the audit log has it.
func TestAnAmendmentIsShownAndLogged(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	info := h.make(nil, 1)
	h.cast(h.member, info, 0)
	id := info.Poll.ID()
	edit := domain.PollEdit{Title: ptr("poll, corrected")}
	_, err := h.polls.Update(h.as(h.maker), h.maker, id, app.UpdatePoll{Edit: edit})
	require.ErrorIs(t, err, domain.ErrAmendmentNeeded)
	edit.AmendmentReason = "a typo"
	h.clock.Advance(hour(1))
	_, err = h.polls.Update(h.as(h.maker), h.maker, id, app.UpdatePoll{Edit: edit})
	require.NoError(t, err)
	got, err := h.polls.Get(h.as(h.member), h.member, id)
	require.NoError(t, err)
	require.Equal(t, []domain.Amendment{{At: h.clock.Now(), Reason: "a typo", Title: ptr("poll")}}, got.Poll.Data().Amendments)
	entries, err := h.audit.List(h.as(h.admin), h.admin, audit.Filter{TargetID: id.String()}, page.Request{})
	require.NoError(t, err)
	require.Equal(t, "poll.amended", entries.Items[0].Action)
	require.Equal(t, "a typo", entries.Items[0].Reason)
	require.Equal(t, map[string]any{"status": "active", "version": 3}, entries.Items[0].Metadata)

	_, err = h.polls.Update(h.as(h.maker), h.maker, id, app.UpdatePoll{Edit: domain.PollEdit{Settings: map[string]any{"a": "b"}}})
	require.NoError(t, err)
	entries, err = h.audit.List(h.as(h.admin), h.admin, audit.Filter{TargetID: id.String()}, page.Request{})
	require.NoError(t, err)
	require.Equal(t, "poll.updated", entries.Items[0].Action)
	require.Empty(t, entries.Items[0].Reason)
}

func TestInvalidInputsOfPollsAreRefused(t *testing.T) {
	t.Parallel()
	for _, err := range []error{
		app.CreatePoll{ScopeType: "PLANET"}.Validate(), app.CreatePoll{Status: "open"}.Validate(),
		app.CreatePoll{Questions: make([]domain.QuestionDraft, 101)}.Validate(), app.UpdatePoll{Status: ptr(domain.Status("open"))}.Validate(),
		app.AddQuestion{Question: domain.QuestionDraft{Options: make([]domain.OptionDraft, 201)}}.Validate(), app.AddOption{}.Validate(),
	} {
		require.Equal(t, errs.Invalid, errs.KindOf(err))
	}
	require.NoError(t, app.CreatePoll{Questions: make([]domain.QuestionDraft, 100)}.Validate())
	require.NoError(t, app.AddQuestion{Question: domain.QuestionDraft{Options: make([]domain.OptionDraft, 200)}}.Validate())
}
