package app_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/page"
	"go.updspace.com/voting/app"
	"go.updspace.com/voting/domain"
)

func TestInputsThatAreRefused(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ш", 101)
	status := domain.Status("lost")
	for name, c := range map[string]struct {
		err   error
		field string
	}{
		"a new poll in no kind of scope":     {app.CreatePoll{ScopeType: "GLOBE"}.Validate(), "scope_type"},
		"a new poll with too many questions": {app.CreatePoll{Questions: make([]domain.QuestionDraft, domain.MaxQuestions+1)}.Validate(), "nominations"},
		"a new poll with an unknown status":  {app.CreatePoll{Status: status}.Validate(), "status"},
		"a new poll in an unknown language":  {app.CreatePoll{Language: "de"}.Validate(), "language"},
		"an unknown status":                  {app.UpdatePoll{Status: &status}.Validate(), "status"},
		"a list in no kind of scope":         {app.ListPolls{ScopeType: "GLOBE"}.Validate(), "scope_type"},
		"a list in a scope of no kind":       {app.ListPolls{ScopeID: "x"}.Validate(), "scope_type"},
		"a list of an unknown status":        {app.ListPolls{Status: status}.Validate(), "status"},
		"a list of too long a text":          {app.ListPolls{Query: long}.Validate(), "q"},
		"one's own list in no kind of scope": {app.ListMyPolls{ScopeType: "GLOBE"}.Validate(), "scope_type"},
		"one's own list in a scope of none":  {app.ListMyPolls{ScopeID: "x"}.Validate(), "scope_type"},
		"one's own list of an unknown phase": {app.ListMyPolls{Phase: "lost"}.Validate(), "phase"},
		"one's own list in an unknown order": {app.ListMyPolls{Sort: "random"}.Validate(), "sort"},
		"one's own list of too long a text":  {app.ListMyPolls{Query: long}.Validate(), "q"},
		"a question with too many options":   {app.AddQuestion{Question: domain.QuestionDraft{Options: make([]domain.OptionDraft, domain.MaxOptions+1)}}.Validate(), "options"},
		"an option of no question":           {app.AddOption{}.Validate(), "nomination_id"},
		"a vote in no poll":                  {app.CastBallot{QuestionID: uuid.New(), OptionID: uuid.New()}.Validate(), "poll_id"},
		"a vote in no question":              {app.CastBallot{PollID: uuid.New(), OptionID: uuid.New()}.Validate(), "nomination_id"},
		"a vote for no option":               {app.CastBallot{PollID: uuid.New(), QuestionID: uuid.New()}.Validate(), "option_id"},
		"a whole ballot of too many answers": {app.ReplaceBallot{Answers: make([]domain.Answer, domain.MaxQuestions+1)}.Validate(), "answers"},
	} {
		var invalid *errs.Error
		require.ErrorAs(t, c.err, &invalid, name)
		require.Len(t, invalid.Fields, 1, name)
		require.Contains(t, invalid.Fields, c.field, name)
	}
	require.NoError(t, app.CreatePoll{ScopeType: authz.ScopeTeam, Status: domain.StatusActive, Language: domain.English}.Validate())
	require.ErrorIs(t, app.CreatePoll{Status: domain.StatusClosed}.Validate(), domain.ErrInvalidStatus)
	require.NoError(t, app.ListPolls{ScopeType: authz.ScopeTeam, ScopeID: "x", Status: domain.StatusClosed, Query: long[2:]}.Validate())
	require.NoError(t, app.ListMyPolls{ScopeType: authz.ScopeTeam, ScopeID: "x", Phase: domain.PhaseOpen, Query: long[2:]}.Validate())
}

func TestOnesOwnPollsAreReadPageByPage(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	made := map[uuid.UUID]bool{}
	for range 5 {
		made[h.make(nil, 1).Poll.ID()] = true
	}
	var in app.ListMyPolls
	in.Page.Limit = 2
	for pages := 1; ; pages++ {
		found, err := h.polls.ListMine(h.as(h.maker), h.maker, in)
		require.NoError(t, err)
		for _, poll := range found.Items {
			require.True(t, made[poll.Poll.ID()], "each once")
			delete(made, poll.Poll.ID())
		}
		if in.Page = (page.Request{Limit: 2, Cursor: found.Next}); found.Next == "" {
			require.Equal(t, 3, pages)
			break
		}
	}
	require.Empty(t, made)
}

func TestACopyHasTheQuestionsAndNothingElse(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	copied, err := s.polls.Copy(s.as(s.maker), s.maker, app.CopyPoll{PollID: s.poll.Poll.ID(), Title: new("Again")})
	require.NoError(t, err)
	info, err := s.polls.Info(s.as(s.maker), s.maker, copied.Poll.ID())
	require.NoError(t, err)
	require.Equal(t, "Again", info.Poll.Data().Title)
	require.True(t, info.Poll.IsDraft())
	require.Len(t, info.Questionnaire.Questions(), 1)
	require.Len(t, info.Questionnaire.Options(), 2)
	require.Zero(t, info.Votes)
	present, err := s.participants.List(s.as(s.maker), s.maker, copied.Poll.ID())
	require.NoError(t, err)
	require.Len(t, present, 1, "its owner")
}

func TestOnlyOfPrivatePollsItIsKnownWhoMayVote(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	results, err := s.results.Get(s.as(s.maker), s.maker, s.poll.Poll.ID())
	require.NoError(t, err)
	require.EqualValues(t, 2, *results.Turnout.Eligible, "the maker and the member; the administrator is only invited")
	public := s.make(nil, 1)
	results, err = s.results.Export(s.as(s.maker), s.maker, public.Poll.ID())
	require.NoError(t, err)
	require.Nil(t, results.Turnout.Eligible)
}

func TestParticipantsWhoAreThereStayAsTheyAre(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	in := app.AddParticipants{Users: []uuid.UUID{s.member.User, s.admin.User, s.admin.User}, Role: domain.RoleObserver}
	all, added, err := s.participants.Add(s.as(s.maker), s.maker, s.draft.Poll.ID(), in)
	require.NoError(t, err)
	require.Equal(t, 1, added)
	require.Len(t, all, 3)
	require.Equal(t, []domain.Role{domain.RoleParticipant, domain.RoleObserver, domain.RoleObserver}, []domain.Role{all[0].Role, all[1].Role, all[2].Role})
	require.Equal(t, s.member.User, all[0].UserID)
}

// A schedule is followed by one event at each of its times.
func TestEventsOfASchedule(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	starts, ends := h.clock.Now().Add(hour(1)), h.clock.Now().Add(hour(2))
	h.make(func(in *app.CreatePoll) { in.Poll.Schedule = domain.Schedule{Starts: starts, Ends: ends} }, 1)
	follow := func(want ...string) {
		t.Helper()
		before := len(h.memory.Published())
		require.NoError(t, h.lifecycle.FollowSchedules(context.Background()))
		var got []string
		for _, event := range h.memory.Published()[before:] {
			switch event.(type) {
			case domain.PollOpened:
				got = append(got, "opened")
			case domain.PollClosed:
				got = append(got, "closed")
			default:
				got = append(got, "other")
			}
		}
		require.Equal(t, want, got)
	}
	follow()
	h.clock.Advance(hour(1))
	follow("opened")
	follow()
	h.clock.Advance(hour(2))
	follow("closed")
	follow()
}

func TestAnOptionWithoutATitleIsNotAdded(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	question := s.draft.Questionnaire.Questions()[0].ID()
	_, err := s.questions.AddOption(s.as(s.maker), s.maker, app.AddOption{PollID: s.draft.Poll.ID(), QuestionID: question})
	require.ErrorIs(t, err, domain.ErrOptionTitleRequired)
	_, err = s.questions.Add(s.as(s.maker), s.maker, app.AddQuestion{PollID: s.draft.Poll.ID()})
	require.ErrorIs(t, err, domain.ErrQuestionTitleRequired)
	info, err := s.polls.Info(s.as(s.maker), s.maker, s.draft.Poll.ID())
	require.NoError(t, err)
	require.Len(t, info.Questionnaire.Options(), 1)
	require.Len(t, info.Questionnaire.Questions(), 1)
}
