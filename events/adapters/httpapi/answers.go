package httpapi

import (
	"context"

	"go.updspace.com/api/eventsapi"
	"go.updspace.com/events/app"
	"go.updspace.com/events/domain"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/wire"
)

func (s *server) SetRsvp(ctx context.Context, r eventsapi.SetRsvpRequestObject) (eventsapi.SetRsvpResponseObject, error) {
	b := r.Body
	event, err := s.answers.Set(ctx, actor(ctx), app.SetAnswer{
		Event: r.EventID, Occurrence: b.OccurrenceID, Series: wire.Value(b.Series), User: wire.Value(b.UserID),
		Answer: domain.AnswerDraft{Status: domain.AnswerStatus(b.Status), PlusOnes: wire.Value(b.PlusOnes), Comment: wire.Get(b.Comment)},
	})
	if err != nil {
		return nil, err
	}
	return eventsapi.SetRsvp200JSONResponse(ToAPIEvent(event)), nil
}

func (s *server) ListAnswers(ctx context.Context, r eventsapi.ListAnswersRequestObject) (eventsapi.ListAnswersResponseObject, error) {
	in := app.ListAnswers{
		Event: r.EventID, Occurrence: r.Params.Occurrence,
		Request: page.Request{Limit: wire.Value(r.Params.Limit), Cursor: wire.Value(r.Params.Cursor)},
	}
	in.Status, in.Waiting = answered(string(wire.Value(r.Params.Status)))
	answers, err := s.answers.List(ctx, actor(ctx), in)
	if err != nil {
		return nil, err
	}
	return eventsapi.ListAnswers200JSONResponse{Items: wire.Each(answers.Items, ToAPIAnswer), NextCursor: wire.OrNull(answers.Next)}, nil
}

// ToAPIAnswer converts an answer.
func ToAPIAnswer(a domain.Answer) eventsapi.Answer {
	return eventsapi.Answer{
		UserID: a.UserID, Guest: a.Guest, Address: wire.OrNull(a.Address), Status: eventsapi.AnswerStatus(a.Status), Waiting: a.Waiting, PlusOnes: a.PlusOnes, Comment: wire.OrNull(a.Comment),
		AnsweredAt: a.At, AnsweredBy: a.By,
	}
}

// answered is a filter by an answer, of which waiting is one of those who go.
func answered(status string) (domain.AnswerStatus, *bool) {
	switch status {
	case "waiting":
		return domain.AnswerGoing, new(true)
	case "going":
		return domain.AnswerGoing, new(false)
	}
	return domain.AnswerStatus(status), nil
}
