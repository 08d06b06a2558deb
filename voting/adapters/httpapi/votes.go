package httpapi

import (
	"context"

	"go.updspace.com/api/votingapi"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/voting/app"
)

type votes struct{ app *app.Ballots }

func (s votes) CastVote(ctx context.Context, r votingapi.CastVoteRequestObject) (votingapi.CastVoteResponseObject, error) {
	ballot, err := s.app.Cast(ctx, actor(ctx), app.CastBallot{
		PollID: r.Body.PollID, QuestionID: r.Body.NominationID, OptionID: r.Body.OptionID, RequestID: reqctx.From(ctx).RequestID,
	})
	if err != nil {
		return nil, err
	}
	d := ballot.Data()
	return votingapi.CastVote201JSONResponse{PollID: d.PollID, NominationID: d.QuestionID, OptionID: d.OptionID}, nil
}

func (s votes) RevokeVote(ctx context.Context, r votingapi.RevokeVoteRequestObject) (votingapi.RevokeVoteResponseObject, error) {
	if err := s.app.Revoke(ctx, actor(ctx), r.VoteID); err != nil {
		return nil, err
	}
	return votingapi.RevokeVote200JSONResponse{DoneJSONResponse: done}, nil
}

func (s votes) ListMyVotes(ctx context.Context, r votingapi.ListMyVotesRequestObject) (votingapi.ListMyVotesResponseObject, error) {
	ballots, err := s.app.Mine(ctx, actor(ctx), r.PollID)
	if err != nil {
		return nil, err
	}
	return votingapi.ListMyVotes200JSONResponse(each(ballots, ToAPIVote)), nil
}
