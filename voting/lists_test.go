package voting_test

import (
	"encoding/csv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/commonapi"
	"go.updspace.com/api/votingapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/groups"
	"go.updspace.com/tools/devkit/testkit/service"
)

func (s *fixture) mine(a authz.Actor, params votingapi.ListMyPollsParams) votingapi.MyPollPage {
	s.T.Helper()
	r, err := s.As(a).ListMyPollsWithResponse(s.T.Context(), &params)
	return *service.OK(s.T, r, err).JSON200
}

func TestMyPollsSayWhatWaitsForMe(t *testing.T) {
	t.Parallel()
	s := start(t)
	titled := func(title string, change func(*votingapi.PollCreate)) func(*votingapi.PollCreate) {
		return func(b *votingapi.PollCreate) {
			b.Title = title
			if change != nil {
				change(b)
			}
		}
	}
	now := s.Clock.Now()
	voted := s.poll(titled("voted", nil), 2)
	s.vote(s.member, voted, 0)
	s.poll(titled("draft", nil))
	s.poll(titled("scheduled", func(b *votingapi.PollCreate) { b.StartsAt = some(now.Add(time.Hour)) }), 1)
	s.poll(titled("todo", func(b *votingapi.PollCreate) { b.EndsAt = some(now.Add(time.Hour)) }), 1, 1)
	s.setStatus(s.poll(titled("closed", nil), 1).Poll.ID, votingapi.PollStatusClosed)
	observed := s.poll(titled("observed", nil), 1)
	put, err := s.As(s.maker).PutParticipantWithResponse(t.Context(), observed.Poll.ID, votingapi.ParticipantPut{UserID: s.member.User, Role: "observer"})
	service.OK(t, put, err)

	page := s.mine(s.member, votingapi.ListMyPollsParams{})
	require.Equal(t, votingapi.PollTotals{Todo: 1, Open: 3, Scheduled: 1, Draft: 0, Closed: 1}, page.Totals)
	type row struct {
		title string
		why   votingapi.CannotVote
		phase votingapi.PollPhase
	}
	var rows []row
	for _, item := range page.Items {
		why, _ := item.My.CannotVote.Get()
		require.Equal(t, why == "", item.My.CanVote)
		require.Equal(t, item.Poll.Title == "todo", item.My.Todo)
		rows = append(rows, row{item.Poll.Title, why, item.Poll.Phase})
	}
	require.Equal(t, row{"todo", "", votingapi.PollPhaseOpen}, rows[0])
	require.ElementsMatch(t, []row{
		{"todo", "", votingapi.PollPhaseOpen}, {"voted", votingapi.CannotVoteAlreadyVoted, votingapi.PollPhaseOpen},
		{"observed", votingapi.CannotVoteObserver, votingapi.PollPhaseOpen}, {"scheduled", votingapi.CannotVoteNotStarted, votingapi.PollPhaseScheduled},
		{"closed", votingapi.CannotVoteClosed, votingapi.PollPhaseClosed},
	}, rows)

	// page by page, and what the info of a poll says is the same
	var titles []string
	for params := (votingapi.ListMyPollsParams{Limit: ptr(2)}); ; {
		part := s.mine(s.member, params)
		for _, item := range part.Items {
			titles = append(titles, item.Poll.Title)
			info, err := s.As(s.member).GetPollInfoWithResponse(t.Context(), item.Poll.ID)
			require.Equal(t, service.OK(t, info, err).JSON200.Meta, item.My)
		}
		next, err := part.NextCursor.Get()
		if err != nil {
			break
		}
		params.Cursor = &next
	}
	require.Len(t, titles, 5)
	for i, r := range rows {
		require.Equal(t, r.title, titles[i])
	}
	maker := s.mine(s.maker, votingapi.ListMyPollsParams{Phase: ptr(votingapi.PollPhaseDraft)})
	require.Len(t, maker.Items, 1)
	require.Equal(t, some(votingapi.MyRoleOwner), maker.Items[0].My.Role)
	require.True(t, maker.Items[0].My.CanManage && maker.Items[0].My.CanDelete && maker.Items[0].My.CanEditQuestions && maker.Items[0].My.CanReadResults)
	require.Equal(t, some(votingapi.CannotVoteDraft), maker.Items[0].My.CannotVote)
	require.EqualValues(t, 5, maker.Totals.Open+maker.Totals.Scheduled+maker.Totals.Closed, "totals count every phase")
	found := s.mine(s.member, votingapi.ListMyPollsParams{Q: ptr("TODO"), Sort: ptr(votingapi.ListMyPollsParamsSortNewest)})
	require.Len(t, found.Items, 1)
	require.EqualValues(t, 1, found.Totals.Open)

	// a cursor of another order is refused
	first := s.mine(s.member, votingapi.ListMyPollsParams{Limit: ptr(1)})
	cursor, err := first.NextCursor.Get()
	require.NoError(t, err)
	r, err := s.As(s.member).ListMyPollsWithResponse(t.Context(), &votingapi.ListMyPollsParams{Cursor: &cursor, Sort: ptr(votingapi.ListMyPollsParamsSortNewest)})
	service.Invalid(t, r, err, "cursor")

	s.Clock.Advance(2 * time.Hour)
	page = s.mine(s.member, votingapi.ListMyPollsParams{Sort: ptr(votingapi.ListMyPollsParamsSortDeadline)})
	require.Equal(t, votingapi.PollTotals{Todo: 1, Open: 3, Scheduled: 0, Draft: 0, Closed: 2}, page.Totals, "one began, one ended")
}

func TestResultsNameWinnersAndTurnout(t *testing.T) {
	t.Parallel()
	s := start(t)
	private := s.poll(func(b *votingapi.PollCreate) {
		b.Visibility, b.ResultsVisibility = ptr(commonapi.VisibilityPrivate), ptr(votingapi.ResultsVisibilityAlways)
		b.Nominations = some([]votingapi.NominationCreate{
			{Title: "=HYPERLINK(1)", Options: some([]votingapi.OptionCreate{{Title: "Да"}, {Title: " @sum"}})}, nomination(2),
		})
		b.Status = ptr(votingapi.PollStatusActive)
	})
	for user, role := range map[uuid.UUID]string{s.member.User: "participant", s.admin.User: "observer", uuid.New(): "participant", uuid.New(): "participant"} {
		put, err := s.As(s.maker).PutParticipantWithResponse(t.Context(), private.Poll.ID, votingapi.ParticipantPut{UserID: user, Role: role})
		service.OK(t, put, err)
	}
	s.vote(s.member, private, 0)
	s.vote(s.member, private, 2)
	s.vote(s.maker, private, 3)
	r, err := s.As(s.member).GetResultsWithResponse(t.Context(), private.Poll.ID)
	got := *service.OK(t, r, err).JSON200
	require.False(t, got.Final)
	require.EqualValues(t, 3, got.TotalVotes)
	require.Equal(t, votingapi.Turnout{Voters: 2, Eligible: some[int64](4), Percent: some(50.0)}, got.Turnout)
	first, second := got.Nominations[0], got.Nominations[1]
	require.Equal(t, []uuid.UUID{private.Options[0].ID}, first.Winners)
	require.False(t, first.Tie)
	require.EqualValues(t, 1, first.Voters)
	require.InDelta(t, 100, first.Options[0].Percent, 0)
	require.True(t, second.Tie)
	require.Equal(t, []uuid.UUID{private.Options[2].ID, private.Options[3].ID}, second.Winners)
	require.InDelta(t, 50, second.Options[1].Percent, 0)

	table, err := s.As(s.maker).ExportResultsWithResponse(t.Context(), private.Poll.ID)
	body := string(service.OK(t, table, err).Body)
	require.Contains(t, table.HTTPResponse.Header.Get("Content-Disposition"), ".csv")
	text, ok := strings.CutPrefix(body, "\ufeff")
	require.True(t, ok)
	lines, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	require.NoError(t, err)
	require.Equal(t, [][]string{
		{"nomination", "option", "votes", "percent", "winner"},
		{"'=HYPERLINK(1)", "Да", "1", "100.0", "yes"}, {"'=HYPERLINK(1)", "'@sum", "0", "0.0", "no"},
		{"nomination", "option 0", "1", "50.0", "yes"}, {"nomination", "option 1", "1", "50.0", "yes"},
	}, lines)
	refused, err := s.As(s.member).ExportResultsWithResponse(t.Context(), private.Poll.ID)
	service.Refused(t, 403, "FORBIDDEN", refused, err)

	public := s.poll(nil, 1)
	r, err = s.As(s.maker).GetResultsWithResponse(t.Context(), public.Poll.ID)
	got = *service.OK(t, r, err).JSON200
	require.Equal(t, votingapi.Turnout{Eligible: nullable.NewNullNullable[int64](), Percent: nullable.NewNullNullable[float64]()}, got.Turnout)
	require.Empty(t, got.Nominations[0].Winners)
}

func TestACopyIsADraftOfItsOwn(t *testing.T) {
	t.Parallel()
	s := start(t)
	chess := authz.CommunityScope(uuid.New())
	s.group(chess, groups.Active)
	original := s.poll(func(b *votingapi.PollCreate) {
		b.ScopeType, b.ScopeID, b.AllowRevoting, b.Settings = ptr(votingapi.ScopeTypeCOMMUNITY), some(chess.ID.String()), ptr(true), map[string]any{"theme": "dark"}
		b.EndsAt = some(s.Clock.Now().Add(time.Hour))
	}, 2, 3)
	s.vote(s.member, original, 0)
	s.setStatus(original.Poll.ID, votingapi.PollStatusClosed)
	request := service.Request(s.maker)
	made, err := s.As(s.maker).CopyPollWithResponse(request, original.Poll.ID, votingapi.PollCopy{Title: ptr("again")})
	copied := *service.OK(t, made, err).JSON201
	again, err := s.As(s.maker).CopyPollWithResponse(request, original.Poll.ID, votingapi.PollCopy{Title: ptr("again")})
	require.Equal(t, copied.ID, service.OK(t, again, err).JSON201.ID, "a repeated request makes no second copy")
	require.Equal(t, "again", copied.Title)
	require.Equal(t, votingapi.PollPhaseDraft, copied.Phase)
	require.Equal(t, original.Poll.ScopeID, copied.ScopeID)
	require.True(t, copied.AllowRevoting && copied.EndsAt.IsNull())
	require.Equal(t, "dark", copied.Settings.AdditionalProperties["theme"])
	r, err := s.As(s.maker).GetPollInfoWithResponse(t.Context(), copied.ID)
	info := *service.OK(t, r, err).JSON200
	require.Len(t, info.Nominations, 2)
	require.Len(t, info.Options, 5)
	require.False(t, info.Meta.HasVoted)
	require.NotEqual(t, original.Options[0].ID, info.Options[0].ID)
	other, err := s.As(s.member).CopyPollWithResponse(t.Context(), original.Poll.ID, votingapi.PollCopy{})
	service.Refused(t, 403, "FORBIDDEN", other, err)
	s.group(chess, groups.Archived)
	archived, err := s.As(s.maker).CopyPollWithResponse(t.Context(), original.Poll.ID, votingapi.PollCopy{})
	service.Refused(t, 409, "SCOPE_ARCHIVED", archived, err)
}
