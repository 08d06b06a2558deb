package httpapi

import (
	"context"

	"go.updspace.com/api/votingapi"
	"go.updspace.com/libs/wire"
	"go.updspace.com/voting/app"
	"go.updspace.com/voting/domain"
)

func (s *server) ListPolls(ctx context.Context, r votingapi.ListPollsRequestObject) (votingapi.ListPollsResponseObject, error) {
	page, err := s.polls.List(ctx, actor(ctx), FromAPIListPolls(r.Params))
	if err != nil {
		return nil, err
	}
	return votingapi.ListPolls200JSONResponse(ToAPIPollPage(page)), nil
}

func (s *server) CreatePoll(ctx context.Context, r votingapi.CreatePollRequestObject) (votingapi.CreatePollResponseObject, error) {
	poll, err := s.polls.Create(ctx, actor(ctx), FromAPIPollCreate(*r.Body))
	if err != nil {
		return nil, err
	}
	return votingapi.CreatePoll201JSONResponse(ToAPIPoll(poll)), nil
}

func (s *server) ListMyPolls(ctx context.Context, r votingapi.ListMyPollsRequestObject) (votingapi.ListMyPollsResponseObject, error) {
	page, err := s.polls.ListMine(ctx, actor(ctx), FromAPIListMyPolls(r.Params))
	if err != nil {
		return nil, err
	}
	return votingapi.ListMyPolls200JSONResponse(ToAPIMyPollPage(page)), nil
}

func (s *server) CopyPoll(ctx context.Context, r votingapi.CopyPollRequestObject) (votingapi.CopyPollResponseObject, error) {
	poll, err := s.polls.Copy(ctx, actor(ctx), app.CopyPoll{PollID: r.PollID, Title: r.Body.Title})
	if err != nil {
		return nil, err
	}
	return votingapi.CopyPoll201JSONResponse(ToAPIPoll(poll)), nil
}

func (s *server) GetPoll(ctx context.Context, r votingapi.GetPollRequestObject) (votingapi.GetPollResponseObject, error) {
	poll, err := s.polls.Get(ctx, actor(ctx), r.PollID)
	if err != nil {
		return nil, err
	}
	return votingapi.GetPoll200JSONResponse(ToAPIPoll(poll)), nil
}

func (s *server) GetPollInfo(ctx context.Context, r votingapi.GetPollInfoRequestObject) (votingapi.GetPollInfoResponseObject, error) {
	info, err := s.polls.Info(ctx, actor(ctx), r.PollID)
	if err != nil {
		return nil, err
	}
	return votingapi.GetPollInfo200JSONResponse(ToAPIPollInfo(info)), nil
}

func (s *server) UpdatePoll(ctx context.Context, r votingapi.UpdatePollRequestObject) (votingapi.UpdatePollResponseObject, error) {
	poll, err := s.polls.Update(ctx, actor(ctx), r.PollID, FromAPIPollUpdate(*r.Body))
	if err != nil {
		return nil, err
	}
	return votingapi.UpdatePoll200JSONResponse(ToAPIPoll(poll)), nil
}

func (s *server) DeletePoll(ctx context.Context, r votingapi.DeletePollRequestObject) (votingapi.DeletePollResponseObject, error) {
	if err := s.polls.Delete(ctx, actor(ctx), r.PollID); err != nil {
		return nil, err
	}
	return votingapi.DeletePoll200JSONResponse{DoneJSONResponse: done}, nil
}

func (*server) ListTemplates(context.Context, votingapi.ListTemplatesRequestObject) (votingapi.ListTemplatesResponseObject, error) {
	return votingapi.ListTemplates200JSONResponse(wire.Each(domain.Templates(), ToAPITemplate)), nil
}
