package httpapi

import (
	"context"

	"go.updspace.com/api/votingapi"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/wire"
	"go.updspace.com/voting/app"
	"go.updspace.com/voting/domain"
)

func (s *server) CastVote(ctx context.Context, r votingapi.CastVoteRequestObject) (votingapi.CastVoteResponseObject, error) {
	vote, ok := httpx.ScannedBody[votingapi.VoteCast](ctx)
	if !ok {
		vote = *r.Body
	}
	ballot, err := s.ballots.Cast(ctx, actor(ctx), app.CastBallot{
		PollID: vote.PollID, QuestionID: vote.NominationID, OptionID: vote.OptionID, RequestID: reqctx.From(ctx).RequestID,
	})
	if err != nil {
		return nil, err
	}
	d := ballot.Data()
	return votingapi.CastVote201JSONResponse{PollID: d.PollID, NominationID: d.QuestionID, OptionID: d.OptionID}, nil
}

func (s *server) RevokeVote(ctx context.Context, r votingapi.RevokeVoteRequestObject) (votingapi.RevokeVoteResponseObject, error) {
	if err := s.ballots.Revoke(ctx, actor(ctx), r.VoteID); err != nil {
		return nil, err
	}
	return votingapi.RevokeVote200JSONResponse{DoneJSONResponse: done}, nil
}

func (s *server) ReplaceBallot(ctx context.Context, r votingapi.ReplaceBallotRequestObject) (votingapi.ReplaceBallotResponseObject, error) {
	ballots, err := s.ballots.Replace(ctx, actor(ctx), app.ReplaceBallot{
		PollID: r.PollID, RequestID: reqctx.From(ctx).RequestID,
		Answers: wire.Each(r.Body.Answers, func(a votingapi.Answer) domain.Answer {
			return domain.Answer{QuestionID: a.NominationID, OptionIDs: a.OptionIds}
		}),
	})
	if err != nil {
		return nil, err
	}
	return votingapi.ReplaceBallot200JSONResponse{PollID: r.PollID, Votes: wire.Each(ballots, ToAPIVote)}, nil
}

func (s *server) ListMyVotes(ctx context.Context, r votingapi.ListMyVotesRequestObject) (votingapi.ListMyVotesResponseObject, error) {
	ballots, err := s.ballots.Mine(ctx, actor(ctx), r.PollID)
	if err != nil {
		return nil, err
	}
	return votingapi.ListMyVotes200JSONResponse(wire.Each(ballots, ToAPIVote)), nil
}
