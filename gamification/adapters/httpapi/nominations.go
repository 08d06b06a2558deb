package httpapi

import (
	"context"

	"go.updspace.com/api/gamificationapi"
	"go.updspace.com/gamification/domain"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/wire"
)

func (s *server) CreateNomination(ctx context.Context, r gamificationapi.CreateNominationRequestObject) (gamificationapi.CreateNominationResponseObject, error) {
	draft := domain.NominationDraft{Nominee: r.Body.NomineeID, Text: r.Body.Text}
	nomination, err := s.nominations.Create(ctx, reqctx.From(ctx).Actor(), r.AchievementID, draft)
	if err != nil {
		return nil, err
	}
	return gamificationapi.CreateNomination201JSONResponse(ToAPINomination(nomination)), nil
}

func (s *server) ListNominations(ctx context.Context, r gamificationapi.ListNominationsRequestObject) (gamificationapi.ListNominationsResponseObject, error) {
	p := page.Request{Limit: wire.ValueOr(r.Params.Limit, defaultLimit), Cursor: wire.Value(r.Params.Cursor)}
	list, err := s.nominations.List(ctx, reqctx.From(ctx).Actor(), domain.NominationStatus(wire.Value(r.Params.Status)), p)
	if err != nil {
		return nil, err
	}
	return gamificationapi.ListNominations200JSONResponse(ToAPINominationPage(list)), nil
}

func (s *server) ListMyNominations(ctx context.Context, r gamificationapi.ListMyNominationsRequestObject) (gamificationapi.ListMyNominationsResponseObject, error) {
	p := page.Request{Limit: wire.ValueOr(r.Params.Limit, defaultLimit), Cursor: wire.Value(r.Params.Cursor)}
	list, err := s.nominations.ListMine(ctx, reqctx.From(ctx).Actor(), p)
	if err != nil {
		return nil, err
	}
	return gamificationapi.ListMyNominations200JSONResponse(ToAPINominationPage(list)), nil
}

func (s *server) ApproveNomination(ctx context.Context, r gamificationapi.ApproveNominationRequestObject) (gamificationapi.ApproveNominationResponseObject, error) {
	visibility := domain.GrantVisibility(wire.Value(r.Body.Visibility))
	nomination, err := s.nominations.Approve(ctx, reqctx.From(ctx).Actor(), r.NominationID, wire.Get(r.Body.Reason), visibility)
	if err != nil {
		return nil, err
	}
	return gamificationapi.ApproveNomination200JSONResponse(ToAPINomination(nomination)), nil
}

func (s *server) DeclineNomination(ctx context.Context, r gamificationapi.DeclineNominationRequestObject) (gamificationapi.DeclineNominationResponseObject, error) {
	nomination, err := s.nominations.Decline(ctx, reqctx.From(ctx).Actor(), r.NominationID, wire.Get(r.Body.Reason))
	if err != nil {
		return nil, err
	}
	return gamificationapi.DeclineNomination200JSONResponse(ToAPINomination(nomination)), nil
}

func (s *server) WithdrawNomination(ctx context.Context, r gamificationapi.WithdrawNominationRequestObject) (gamificationapi.WithdrawNominationResponseObject, error) {
	if err := s.nominations.Withdraw(ctx, reqctx.From(ctx).Actor(), r.NominationID); err != nil {
		return nil, err
	}
	return gamificationapi.WithdrawNomination204Response{}, nil
}

// ToAPINomination converts a nomination.
func ToAPINomination(n domain.Nomination) gamificationapi.Nomination {
	d := n.Data()
	return gamificationapi.Nomination{
		ID: d.ID, AchievementID: d.AchievementID, NomineeID: d.NomineeID, NominatorID: wire.OrNull(d.NominatorID), Text: d.Text,
		Status: gamificationapi.NominationStatus(d.Status), CreatedAt: d.CreatedAt, DecidedAt: wire.TimeOrNull(d.DecidedAt), DecidedBy: wire.OrNull(d.DecidedBy),
		DecisionReason: wire.OrNull(d.DecisionReason), GrantID: wire.OrNull(d.GrantID),
	}
}

// ToAPINominationPage converts a page of nominations.
func ToAPINominationPage(p page.Page[domain.Nomination]) gamificationapi.NominationPage {
	return gamificationapi.NominationPage{Items: wire.Each(p.Items, ToAPINomination), NextCursor: wire.OrNull(p.Next)}
}
