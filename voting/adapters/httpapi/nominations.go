package httpapi

import (
	"context"

	"go.updspace.com/api/votingapi"
	"go.updspace.com/voting/app"
)

func (s *server) CreateNomination(ctx context.Context, r votingapi.CreateNominationRequestObject) (votingapi.CreateNominationResponseObject, error) {
	question, err := s.questions.Add(ctx, actor(ctx), app.AddQuestion{PollID: r.PollID, Question: FromAPINominationCreate(*r.Body)})
	if err != nil {
		return nil, err
	}
	return votingapi.CreateNomination201JSONResponse(ToAPINomination(question)), nil
}

func (s *server) UpdateNomination(ctx context.Context, r votingapi.UpdateNominationRequestObject) (votingapi.UpdateNominationResponseObject, error) {
	question, err := s.questions.Edit(ctx, actor(ctx), r.PollID, r.NominationID, FromAPINominationUpdate(*r.Body))
	if err != nil {
		return nil, err
	}
	return votingapi.UpdateNomination200JSONResponse(ToAPINomination(question)), nil
}

func (s *server) DeleteNomination(ctx context.Context, r votingapi.DeleteNominationRequestObject) (votingapi.DeleteNominationResponseObject, error) {
	if err := s.questions.Remove(ctx, actor(ctx), r.PollID, r.NominationID); err != nil {
		return nil, err
	}
	return votingapi.DeleteNomination200JSONResponse{DoneJSONResponse: done}, nil
}

func (s *server) CreateOption(ctx context.Context, r votingapi.CreateOptionRequestObject) (votingapi.CreateOptionResponseObject, error) {
	option, err := s.questions.AddOption(ctx, actor(ctx), app.AddOption{PollID: r.PollID, QuestionID: r.NominationID, Option: FromAPIOptionCreate(*r.Body)})
	if err != nil {
		return nil, err
	}
	return votingapi.CreateOption201JSONResponse(ToAPIOption(option)), nil
}

func (s *server) UpdateOption(ctx context.Context, r votingapi.UpdateOptionRequestObject) (votingapi.UpdateOptionResponseObject, error) {
	option, err := s.questions.EditOption(ctx, actor(ctx), r.PollID, r.OptionID, FromAPIOptionUpdate(*r.Body))
	if err != nil {
		return nil, err
	}
	return votingapi.UpdateOption200JSONResponse(ToAPIOption(option)), nil
}

func (s *server) DeleteOption(ctx context.Context, r votingapi.DeleteOptionRequestObject) (votingapi.DeleteOptionResponseObject, error) {
	if err := s.questions.RemoveOption(ctx, actor(ctx), r.PollID, r.OptionID); err != nil {
		return nil, err
	}
	return votingapi.DeleteOption200JSONResponse{DoneJSONResponse: done}, nil
}
