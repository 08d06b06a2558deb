package httpapi

import (
	"context"

	"go.updspace.com/api/votingapi"
	"go.updspace.com/voting/app"
)

type polls struct{ app *app.Polls }

func (s polls) ListPolls(ctx context.Context, r votingapi.ListPollsRequestObject) (votingapi.ListPollsResponseObject, error) {
	page, err := s.app.List(ctx, actor(ctx), FromAPIListPolls(r.Params))
	if err != nil {
		return nil, err
	}
	return votingapi.ListPolls200JSONResponse(ToAPIPollPage(page)), nil
}

func (s polls) CreatePoll(ctx context.Context, r votingapi.CreatePollRequestObject) (votingapi.CreatePollResponseObject, error) {
	poll, err := s.app.Create(ctx, actor(ctx), FromAPIPollCreate(*r.Body))
	if err != nil {
		return nil, err
	}
	return votingapi.CreatePoll201JSONResponse(ToAPIPoll(poll)), nil
}

func (s polls) GetPoll(ctx context.Context, r votingapi.GetPollRequestObject) (votingapi.GetPollResponseObject, error) {
	poll, err := s.app.Get(ctx, actor(ctx), r.PollID)
	if err != nil {
		return nil, err
	}
	return votingapi.GetPoll200JSONResponse(ToAPIPoll(poll)), nil
}

func (s polls) GetPollInfo(ctx context.Context, r votingapi.GetPollInfoRequestObject) (votingapi.GetPollInfoResponseObject, error) {
	info, err := s.app.Info(ctx, actor(ctx), r.PollID)
	if err != nil {
		return nil, err
	}
	return votingapi.GetPollInfo200JSONResponse(ToAPIPollInfo(info)), nil
}

func (s polls) UpdatePoll(ctx context.Context, r votingapi.UpdatePollRequestObject) (votingapi.UpdatePollResponseObject, error) {
	poll, err := s.app.Update(ctx, actor(ctx), r.PollID, FromAPIPollUpdate(*r.Body))
	if err != nil {
		return nil, err
	}
	return votingapi.UpdatePoll200JSONResponse(ToAPIPoll(poll)), nil
}

func (s polls) DeletePoll(ctx context.Context, r votingapi.DeletePollRequestObject) (votingapi.DeletePollResponseObject, error) {
	if err := s.app.Delete(ctx, actor(ctx), r.PollID); err != nil {
		return nil, err
	}
	return votingapi.DeletePoll200JSONResponse{DoneJSONResponse: done}, nil
}
