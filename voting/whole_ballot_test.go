package voting_test

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/votingapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/tools/devkit/testkit/service"
)

// ballotOf answers with options, by their place in the info.
func ballotOf(info votingapi.PollInfo, options ...int) votingapi.BallotPut {
	body := votingapi.BallotPut{Answers: []votingapi.Answer{}}
	for _, q := range info.Nominations {
		answer := votingapi.Answer{NominationID: q.ID, OptionIds: []uuid.UUID{}}
		for _, i := range options {
			if info.Options[i].NominationID == q.ID {
				answer.OptionIds = append(answer.OptionIds, info.Options[i].ID)
			}
		}
		if len(answer.OptionIds) > 0 {
			body.Answers = append(body.Answers, answer)
		}
	}
	return body
}

func (s *fixture) myOptions(a authz.Actor, info votingapi.PollInfo) (options []int) {
	s.T.Helper()
	r, err := s.As(a).ListMyVotesWithResponse(s.T.Context(), info.Poll.ID)
	chosen := map[uuid.UUID]bool{}
	for _, v := range *service.OK(s.T, r, err).JSON200 {
		chosen[v.OptionID] = true
	}
	for i, o := range info.Options {
		if chosen[o.ID] {
			options = append(options, i)
		}
	}
	return options
}

func TestAWholeBallotAtOnce(t *testing.T) {
	t.Parallel()
	s := start(t)
	questions := func(revoting bool) func(*votingapi.PollCreate) {
		return func(b *votingapi.PollCreate) {
			required, many := nomination(2), nomination(3)
			required.IsRequired, many.MaxVotes = ptr(true), ptr[int32](2)
			b.Nominations, b.Status, b.AllowRevoting = some([]votingapi.NominationCreate{required, many}), ptr(votingapi.PollStatusActive), &revoting
		}
	}
	member := s.As(s.member)
	put := func(info votingapi.PollInfo, body votingapi.BallotPut) (*votingapi.ReplaceBallotResponse, error) {
		return member.ReplaceBallotWithResponse(t.Context(), info.Poll.ID, body)
	}
	info := s.poll(questions(true))
	r, err := put(info, ballotOf(info, 2, 3))
	service.Refused(t, http.StatusUnprocessableEntity, "ANSWER_REQUIRED", r, err)
	require.Contains(t, string(r.Body), info.Nominations[0].ID.String())
	r, err = put(info, ballotOf(info, 0, 2, 3, 4))
	service.Refused(t, http.StatusConflict, "TOO_MANY_VOTES", r, err)
	require.Empty(t, s.myOptions(s.member, info), "all or nothing")
	r, err = put(info, ballotOf(info, 0, 2, 3))
	require.Len(t, service.OK(t, r, err).JSON200.Votes, 3)
	first := r.JSON200.Votes
	r, err = put(info, ballotOf(info, 0, 2, 3))
	require.ElementsMatch(t, first, service.OK(t, r, err).JSON200.Votes, "the same answers change nothing")
	r, err = put(info, ballotOf(info, 1, 3, 4))
	service.OK(t, r, err)
	require.Equal(t, []int{1, 3, 4}, s.myOptions(s.member, info))
	for name, c := range map[string]struct {
		body   votingapi.BallotPut
		status int
		code   string
	}{
		"an unknown nomination":      {votingapi.BallotPut{Answers: []votingapi.Answer{{NominationID: uuid.New(), OptionIds: []uuid.UUID{}}}}, 404, "NOMINATION_NOT_FOUND"},
		"an option of another":       {votingapi.BallotPut{Answers: []votingapi.Answer{{NominationID: info.Nominations[0].ID, OptionIds: []uuid.UUID{info.Options[2].ID}}}}, 404, "OPTION_NOT_FOUND"},
		"an option twice":            {votingapi.BallotPut{Answers: []votingapi.Answer{{NominationID: info.Nominations[1].ID, OptionIds: []uuid.UUID{info.Options[2].ID, info.Options[2].ID}}}}, 422, "VALIDATION_ERROR"},
		"a nomination twice":         {votingapi.BallotPut{Answers: append(ballotOf(info, 0).Answers, ballotOf(info, 1).Answers...)}, 422, "VALIDATION_ERROR"},
		"no answer to what is asked": {votingapi.BallotPut{Answers: []votingapi.Answer{}}, 422, "ANSWER_REQUIRED"},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := put(info, c.body)
			service.Refused(t, c.status, c.code, r, err)
		})
	}

	final := s.poll(questions(false))
	r, err = put(final, ballotOf(final, 0, 2))
	service.OK(t, r, err)
	r, err = put(final, ballotOf(final, 0, 2, 3))
	service.OK(t, r, err)
	r, err = put(final, ballotOf(final, 1, 2, 3))
	service.Refused(t, http.StatusForbidden, "REVOTE_NOT_ALLOWED", r, err)
	s.setStatus(final.Poll.ID, votingapi.PollStatusClosed)
	r, err = put(final, ballotOf(final, 0, 2, 3))
	service.OK(t, r, err)
	r, err = s.As(s.maker).ReplaceBallotWithResponse(t.Context(), final.Poll.ID, ballotOf(final, 0))
	service.Refused(t, http.StatusConflict, "POLL_CLOSED", r, err)

	ended := s.poll(func(b *votingapi.PollCreate) { questions(true)(b); b.EndsAt = some(s.Clock.Now().Add(time.Hour)) })
	s.Clock.Advance(2 * time.Hour)
	r, err = put(ended, ballotOf(ended, 0))
	service.Refused(t, http.StatusConflict, "POLL_ENDED", r, err)
}

// Ballots of one voter that are replaced at the same time leave exactly one of them, whatever single votes come between.
func TestWholeBallotsDoNotMix(t *testing.T) {
	t.Parallel()
	s := start(t)
	info := s.poll(func(b *votingapi.PollCreate) {
		many := nomination(4)
		many.MaxVotes, b.AllowRevoting = ptr[int32](4), ptr(true)
		b.Nominations, b.Status = some([]votingapi.NominationCreate{many}), ptr(votingapi.PollStatusActive)
	})
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			body := ballotOf(info, 0, 1)
			if i%2 == 0 {
				body = ballotOf(info, 2, 3)
			}
			r, err := s.As(s.member).ReplaceBallotWithResponse(t.Context(), info.Poll.ID, body)
			if err != nil || r.StatusCode() != http.StatusOK {
				t.Errorf("%v %s", err, r.Body)
			}
		})
	}
	wg.Wait()
	require.Contains(t, [][]int{{0, 1}, {2, 3}}, s.myOptions(s.member, info))
}
