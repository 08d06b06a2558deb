package portstest

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/authz"
	"go.updspace.com/voting/domain"
	"go.updspace.com/voting/ports"
)

func viewedPolls(t *testing.T, s Store) {
	maker := NewActor()
	ctx := As(t.Context(), maker)
	tenant := authz.TenantScope(maker.Tenant)
	community := authz.CommunityScope(uuid.New())
	now := Noon.Add(time.Hour)
	polls := map[string]domain.Poll{}
	questionnaires := map[string]domain.Questionnaire{}
	for i, p := range []struct {
		title        string
		scope        authz.Scope
		starts, ends time.Duration // from now
		status       domain.Status
	}{
		{"draft", tenant, 0, 0, domain.StatusDraft},
		{"later draft", tenant, 0, 0, domain.StatusDraft},
		{"soon", tenant, time.Minute, 0, domain.StatusActive},
		{"later", tenant, time.Hour, 0, domain.StatusActive},
		{"no end", tenant, 0, 0, domain.StatusActive},
		{"ends late", tenant, 0, 2 * time.Hour, domain.StatusActive},
		{"ends soon", tenant, 0, time.Hour, domain.StatusActive},
		{"observed", tenant, 0, time.Minute, domain.StatusActive},
		{"voted", tenant, 0, 3 * time.Hour, domain.StatusActive},
		{"required missing", tenant, 0, 4 * time.Hour, domain.StatusActive},
		{"read only", community, 0, 30 * time.Minute, domain.StatusActive},
		{"ended", tenant, 0, -time.Minute, domain.StatusActive},
		{"closed", tenant, 0, 0, domain.StatusClosed},
	} {
		at := Noon.Add(time.Duration(i) * time.Minute)
		draft := domain.PollDraft{Title: p.title, Scope: p.scope}
		if p.starts != 0 {
			draft.Schedule.Starts = now.Add(p.starts)
		}
		if p.ends != 0 {
			draft.Schedule.Ends = now.Add(p.ends)
		}
		poll := NewPoll(t, maker, draft, at)
		questionnaire, err := domain.Questionnaire{}.AddAll(poll.ID(), []domain.QuestionDraft{
			{Title: "required", IsRequired: true, MaxVotes: 2, Options: []domain.OptionDraft{{Title: "a"}, {Title: "b"}}},
			{Title: "optional", Options: []domain.OptionDraft{{Title: "a"}}},
		})
		require.NoError(t, err)
		data := poll.Data()
		data.Status = p.status
		poll = domain.RestorePoll(data)
		s.save(t, ctx, poll, questionnaire)
		polls[p.title], questionnaires[p.title] = poll, questionnaire
	}
	me := SameTenantActor(maker)
	mine := As(t.Context(), me)
	vote := func(title string, option int) {
		t.Helper()
		o := questionnaires[title].Options()[option].Data()
		selection, err := s.Ballots.Selection(mine, o.PollID, o.QuestionID, o.ID, true)
		require.NoError(t, err)
		ballot, err := selection.NewBallot(me, uuid.NewString(), Noon)
		require.NoError(t, err)
		cast, err := s.Ballots.Cast(mine, ballot, selection.Poll)
		require.NoError(t, err)
		require.True(t, cast)
	}
	vote("voted", 0)
	vote("required missing", 2)
	require.NoError(t, s.Tx.Do(ctx, func(ctx context.Context) error {
		return s.Participants.Put(ctx, domain.Participant{PollID: polls["observed"].ID(), UserID: me.User, Role: domain.RoleObserver, InvitedBy: maker.User, AddedAt: Noon})
	}))
	scopes := []authz.Scope{tenant, community}
	viewer := authz.Viewer{
		Actor: me,
		Holds: map[authz.Permission][]authz.Scope{
			domain.PermissionPollRead: scopes, domain.PermissionPollsAdmin: scopes, domain.PermissionVoteCast: scopes[:1], domain.PermissionResultsRead: scopes,
		},
		Audiences: []authz.Audience{{Scope: tenant, Visibility: authz.VisibilityPublic}, {Scope: community, Visibility: authz.VisibilityPublic}},
	}
	todo := []string{"ends soon", "ends late", "required missing", "no end"}
	rest := []string{"soon", "later", "later draft", "draft", "closed", "ended"}
	for name, c := range map[string]struct {
		query ports.ViewedPolls
		want  []string
	}{
		"to do first":     {ports.ViewedPolls{Sort: ports.SortToDo}, append(append(todo[:4:4], "observed", "read only", "voted"), rest...)},
		"by deadline":     {ports.ViewedPolls{Sort: ports.SortDeadline}, append([]string{"observed", "read only", "ends soon", "ends late", "voted", "required missing", "no end"}, rest...)},
		"newest":          {ports.ViewedPolls{Sort: ports.SortNewest}, []string{"closed", "ended", "read only", "required missing", "voted", "observed", "ends soon", "ends late", "no end", "later", "soon", "later draft", "draft"}},
		"scheduled ones":  {ports.ViewedPolls{Sort: ports.SortToDo, Phase: domain.PhaseScheduled}, []string{"soon", "later"}},
		"closed ones":     {ports.ViewedPolls{Sort: ports.SortToDo, Phase: domain.PhaseClosed}, []string{"closed", "ended"}},
		"open by a query": {ports.ViewedPolls{Sort: ports.SortToDo, Phase: domain.PhaseOpen, Filter: ports.PollFilter{Query: "END"}}, []string{"ends soon", "ends late", "no end"}},
	} {
		t.Run(name, func(t *testing.T) {
			c.query.Now = now
			var got []string
			for c.query.Limit = 3; ; { // page by page
				part, err := s.Polls.ListViewed(mine, c.query, viewer)
				require.NoError(t, err)
				for _, v := range part {
					got = append(got, v.Poll.Data().Title)
					require.Equal(t, v.Poll.Data().Title == "observed", v.Role == domain.RoleObserver)
				}
				if len(part) < c.query.Limit {
					break
				}
				c.query.After = &part[len(part)-1].Position
			}
			require.Equal(t, c.want, got)
		})
	}
	counts, err := s.Polls.CountViewed(mine, ports.PollFilter{}, now, viewer)
	require.NoError(t, err)
	require.Equal(t, ports.PhaseCounts{ToDo: 4, Phases: map[domain.Phase]int{
		domain.PhaseOpen: 7, domain.PhaseScheduled: 2, domain.PhaseDraft: 2, domain.PhaseClosed: 2,
	}}, counts)
	nothing, err := s.Polls.ListViewed(mine, ports.ViewedPolls{Sort: ports.SortToDo, Now: now, Limit: 5}, authz.Viewer{Actor: me})
	require.NoError(t, err)
	require.Empty(t, nothing)

	progress, err := s.Ballots.Progress(mine, me.User, polls["voted"].ID(), polls["required missing"].ID(), polls["draft"].ID())
	require.NoError(t, err)
	require.Equal(t, map[uuid.UUID]domain.Progress{
		polls["voted"].ID():            {Votes: 1, VotesLeft: true},
		polls["required missing"].ID(): {Votes: 1, VotesLeft: true, Missing: true},
		polls["draft"].ID():            {VotesLeft: true, Missing: true},
	}, progress)
}

func voters(t *testing.T, s Store) {
	by := NewActor()
	ctx := As(t.Context(), by)
	poll, questionnaire := s.active(t, ctx, by, 3, 1)
	other := SameTenantActor(by)
	for _, v := range []struct {
		voter  authz.Actor
		option int
	}{{by, 0}, {by, 1}, {by, 3}, {other, 0}} {
		o := questionnaire.Options()[v.option].Data()
		selection, err := s.Ballots.Selection(ctx, poll.ID(), o.QuestionID, o.ID, true)
		require.NoError(t, err)
		mine, err := s.Ballots.ListByUser(ctx, poll.ID(), v.voter.User)
		require.NoError(t, err)
		ballot, err := selection.NewBallot(v.voter, uuid.NewString(), Noon, mine...)
		require.NoError(t, err)
		cast, err := s.Ballots.Cast(As(t.Context(), v.voter), ballot, poll)
		require.NoError(t, err)
		require.True(t, cast)
	}
	counted, err := s.Ballots.Voters(ctx, poll.ID())
	require.NoError(t, err)
	require.Equal(t, domain.Voters{Poll: 2, Questions: map[uuid.UUID]int64{questionnaire.Questions()[0].ID(): 2, questionnaire.Questions()[1].ID(): 1}}, counted)
	nobody, err := s.Ballots.Voters(ctx, uuid.New())
	require.NoError(t, err)
	require.Zero(t, nobody.Poll)
	require.Empty(t, nobody.Questions)
}
