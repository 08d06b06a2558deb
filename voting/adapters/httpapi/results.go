package httpapi

import (
	"context"

	"go.updspace.com/api/votingapi"
	"go.updspace.com/voting/app"
)

type results struct{ app *app.Results }

func (s results) GetResults(ctx context.Context, r votingapi.GetResultsRequestObject) (votingapi.GetResultsResponseObject, error) {
	outcome, err := s.app.Of(ctx, actor(ctx), r.PollID)
	if err != nil {
		return nil, err
	}
	return votingapi.GetResults200JSONResponse(ToAPIResults(outcome)), nil
}
