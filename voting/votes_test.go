package voting_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/votingapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/tools/devkit/testkit/service"
)

func choose(info votingapi.PollInfo, option int) votingapi.VoteCast {
	o := info.Options[option]
	return votingapi.VoteCast{PollID: info.Poll.ID, NominationID: o.NominationID, OptionID: o.ID}
}

// vote casts a vote and returns it.
func (s *fixture) vote(by authz.Actor, info votingapi.PollInfo, option int) votingapi.Vote {
	s.T.Helper()
	client := s.As(by)
	r, err := client.CastVoteWithResponse(s.T.Context(), choose(info, option))
	require.Equal(s.T, choose(info, option), *service.OK(s.T, r, err).JSON201)
	mine, err := client.ListMyVotesWithResponse(s.T.Context(), info.Poll.ID)
	for _, v := range *service.OK(s.T, mine, err).JSON200 {
		if v.OptionID == info.Options[option].ID {
			return v
		}
	}
	s.T.Fatal("the vote is not among mine")
	return votingapi.Vote{}
}

func TestVoting(t *testing.T) {
	t.Parallel()
	s := start(t)
	info := s.poll(func(b *votingapi.PollCreate) {
		two := nomination(3)
		two.MaxVotes = ptr[int32](2)
		b.Nominations, b.Status, b.AllowRevoting = some([]votingapi.NominationCreate{nomination(2), two}), ptr(votingapi.PollStatusActive), ptr(true)
	})
	member := s.As(s.member)
	none, err := member.ListMyVotesWithResponse(t.Context(), info.Poll.ID)
	require.Equal(t, "[]", string(service.OK(t, none, err).Body[:2]))

	vote := s.vote(s.member, info, 0)
	require.Equal(t, votingapi.Vote{
		ID: vote.ID, PollID: info.Poll.ID, NominationID: info.Options[0].NominationID, OptionID: info.Options[0].ID, UserID: s.member.User, CreatedAt: s.Clock.Now(),
	}, vote)
	r, err := member.CastVoteWithResponse(t.Context(), choose(info, 0))
	service.Refused(t, 409, "ALREADY_VOTED", r, err)
	r, err = member.CastVoteWithResponse(t.Context(), choose(info, 1))
	service.Refused(t, 409, "TOO_MANY_VOTES", r, err)
	s.vote(s.member, info, 2)
	s.vote(s.member, info, 4)
	r, err = member.CastVoteWithResponse(t.Context(), choose(info, 3))
	service.Refused(t, 409, "TOO_MANY_VOTES", r, err)

	wrong := choose(info, 0)
	wrong.NominationID = uuid.New()
	r, err = member.CastVoteWithResponse(t.Context(), wrong)
	service.Refused(t, 404, "NOMINATION_NOT_FOUND", r, err)
	wrong = choose(info, 0)
	wrong.OptionID = info.Options[2].ID
	r, err = member.CastVoteWithResponse(t.Context(), wrong)
	service.Refused(t, 404, "OPTION_NOT_FOUND", r, err)

	meta, err := member.GetPollInfoWithResponse(t.Context(), info.Poll.ID)
	mine := service.OK(t, meta, err).JSON200.Meta
	require.True(t, mine.HasVoted)
	require.True(t, mine.CanVote, "revoting is on")
	require.False(t, mine.VotesLeft)

	back, err := s.As(s.maker).RevokeVoteWithResponse(t.Context(), vote.ID)
	service.Refused(t, 404, "NOT_FOUND", back, err)
	back, err = member.RevokeVoteWithResponse(t.Context(), vote.ID)
	require.True(t, service.OK(t, back, err).JSON200.Ok)
	back, err = member.RevokeVoteWithResponse(t.Context(), vote.ID)
	service.Refused(t, 404, "NOT_FOUND", back, err)
	s.vote(s.member, info, 1)

	hidden, err := member.GetResultsWithResponse(t.Context(), info.Poll.ID)
	service.Refused(t, 403, "RESULTS_HIDDEN", hidden, err)
	early, err := s.As(s.maker).GetResultsWithResponse(t.Context(), info.Poll.ID)
	service.OK(t, early, err)
	kept := s.vote(s.maker, info, 1)
	s.setStatus(info.Poll.ID, votingapi.PollStatusClosed)
	r, err = member.CastVoteWithResponse(t.Context(), choose(info, 3))
	service.Refused(t, 409, "POLL_CLOSED", r, err)
	back, err = s.As(s.maker).RevokeVoteWithResponse(t.Context(), kept.ID)
	service.Refused(t, 409, "POLL_CLOSED", back, err)

	results, err := member.GetResultsWithResponse(t.Context(), info.Poll.ID)
	require.Equal(t, []int64{0, 2, 1, 0, 1}, votesOf(*service.OK(t, results, err).JSON200))
	require.Equal(t, info.Nominations[0].ID, results.JSON200.Nominations[0].NominationID)
	require.Equal(t, "option 0", results.JSON200.Nominations[0].Options[0].Text)
}

func votesOf(r votingapi.PollResults) (votes []int64) {
	for _, n := range r.Nominations {
		for _, o := range n.Options {
			votes = append(votes, o.Votes)
		}
	}
	return votes
}

func TestVotingHasItsTime(t *testing.T) {
	t.Parallel()
	s := start(t)
	info := s.poll(func(b *votingapi.PollCreate) {
		b.AllowRevoting, b.StartsAt, b.EndsAt = ptr(true), some(s.Clock.Now().Add(time.Hour)), some(s.Clock.Now().Add(2*time.Hour))
	}, 1)
	member := s.As(s.member)
	r, err := member.CastVoteWithResponse(t.Context(), choose(info, 0))
	service.Refused(t, 409, "POLL_NOT_STARTED", r, err)
	s.Clock.Advance(time.Hour)
	vote := s.vote(s.member, info, 0)
	s.Clock.Advance(2 * time.Hour)
	r, err = s.As(s.maker).CastVoteWithResponse(t.Context(), choose(info, 0))
	service.Refused(t, 409, "POLL_ENDED", r, err)
	back, err := member.RevokeVoteWithResponse(t.Context(), vote.ID)
	service.Refused(t, 409, "POLL_ENDED", back, err)
}

func TestVotesThatStay(t *testing.T) {
	t.Parallel()
	s := start(t)
	info := s.poll(nil, 1)
	vote := s.vote(s.member, info, 0)
	r, err := s.As(s.member).RevokeVoteWithResponse(t.Context(), vote.ID)
	service.Refused(t, 403, "REVOTE_NOT_ALLOWED", r, err)
}

func TestARepeatedVoteIsAnsweredAgain(t *testing.T) {
	t.Parallel()
	s := start(t)
	info := s.poll(nil, 2)
	member, ctx := s.As(s.member), service.Request(s.member)
	for range 3 {
		r, err := member.CastVoteWithResponse(ctx, choose(info, 0))
		require.Equal(t, choose(info, 0), *service.OK(t, r, err).JSON201)
	}
	r, err := member.CastVoteWithResponse(t.Context(), choose(info, 0))
	service.Refused(t, 409, "ALREADY_VOTED", r, err)
	mine, err := member.ListMyVotesWithResponse(t.Context(), info.Poll.ID)
	require.Len(t, *service.OK(t, mine, err).JSON200, 1)
}
