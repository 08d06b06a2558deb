package httpapi

import (
	"context"

	"go.updspace.com/api/votingapi"
	"go.updspace.com/voting/app"
)

type nominations struct{ app *app.Questions }

func (s nominations) CreateNomination(ctx context.Context, r votingapi.CreateNominationRequestObject) (votingapi.CreateNominationResponseObject, error) {
	question, err := s.app.Add(ctx, actor(ctx), app.AddQuestion{PollID: r.PollID, Question: FromAPINominationCreate(*r.Body)})
	if err != nil {
		return nil, err
	}
	return votingapi.CreateNomination201JSONResponse(ToAPINomination(question)), nil
}

func (s nominations) UpdateNomination(ctx context.Context, r votingapi.UpdateNominationRequestObject) (votingapi.UpdateNominationResponseObject, error) {
	question, err := s.app.Edit(ctx, actor(ctx), r.PollID, r.NominationID, FromAPINominationUpdate(*r.Body))
	if err != nil {
		return nil, err
	}
	return votingapi.UpdateNomination200JSONResponse(ToAPINomination(question)), nil
}

func (s nominations) DeleteNomination(ctx context.Context, r votingapi.DeleteNominationRequestObject) (votingapi.DeleteNominationResponseObject, error) {
	if err := s.app.Remove(ctx, actor(ctx), r.PollID, r.NominationID); err != nil {
		return nil, err
	}
	return votingapi.DeleteNomination200JSONResponse{DoneJSONResponse: done}, nil
}

func (s nominations) CreateOption(ctx context.Context, r votingapi.CreateOptionRequestObject) (votingapi.CreateOptionResponseObject, error) {
	option, err := s.app.AddOption(ctx, actor(ctx), app.AddOption{PollID: r.PollID, QuestionID: r.NominationID, Option: FromAPIOptionCreate(*r.Body)})
	if err != nil {
		return nil, err
	}
	return votingapi.CreateOption201JSONResponse(ToAPIOption(option)), nil
}

func (s nominations) UpdateOption(ctx context.Context, r votingapi.UpdateOptionRequestObject) (votingapi.UpdateOptionResponseObject, error) {
	option, err := s.app.EditOption(ctx, actor(ctx), r.PollID, r.OptionID, FromAPIOptionUpdate(*r.Body))
	if err != nil {
		return nil, err
	}
	return votingapi.UpdateOption200JSONResponse(ToAPIOption(option)), nil
}

func (s nominations) DeleteOption(ctx context.Context, r votingapi.DeleteOptionRequestObject) (votingapi.DeleteOptionResponseObject, error) {
	if err := s.app.RemoveOption(ctx, actor(ctx), r.PollID, r.OptionID); err != nil {
		return nil, err
	}
	return votingapi.DeleteOption200JSONResponse{DoneJSONResponse: done}, nil
}
