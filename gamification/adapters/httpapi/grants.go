package httpapi

import (
	"cmp"
	"context"

	"github.com/google/uuid"

	"go.updspace.com/api/gamificationapi"
	"go.updspace.com/gamification/app"
	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/rule"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/wire"
)

func (s *server) ListGrants(ctx context.Context, r gamificationapi.ListGrantsRequestObject) (gamificationapi.ListGrantsResponseObject, error) {
	list, err := s.grants.List(ctx, reqctx.From(ctx).Actor(), app.ListGrants{
		Achievement: r.AchievementID, Visibility: domain.GrantVisibility(wire.Value(r.Params.Visibility)),
		Ended: wire.Value(r.Params.State) == gamificationapi.ListGrantsParamsStateAll,
		Page:  page.Request{Limit: wire.ValueOr(r.Params.Limit, defaultLimit), Cursor: wire.Value(r.Params.Cursor)},
	})
	if err != nil {
		return nil, err
	}
	return gamificationapi.ListGrants200JSONResponse{Items: wire.Each(list.Items, ToAPIGrant), NextCursor: wire.OrNull(list.Next)}, nil
}

func (s *server) CreateGrant(ctx context.Context, r gamificationapi.CreateGrantRequestObject) (gamificationapi.CreateGrantResponseObject, error) {
	grant, created, err := s.grants.Create(ctx, reqctx.From(ctx).Actor(), r.AchievementID, domain.GrantDraft{
		Recipient: r.Body.RecipientID, Reason: wire.Get(r.Body.Reason), Visibility: domain.GrantVisibility(wire.Value(r.Body.Visibility)),
	})
	switch {
	case err != nil:
		return nil, err
	case created:
		return gamificationapi.CreateGrant201JSONResponse(ToAPIGrant(grant)), nil
	}
	return gamificationapi.CreateGrant200JSONResponse(ToAPIGrant(grant)), nil
}

func (s *server) CreateGrants(ctx context.Context, r gamificationapi.CreateGrantsRequestObject) (gamificationapi.CreateGrantsResponseObject, error) {
	in := app.GrantMany{
		Achievement: r.AchievementID, Recipients: r.Body.RecipientIds, Table: wire.Value(r.Body.Csv), Reason: wire.Get(r.Body.Reason),
		Visibility: domain.GrantVisibility(wire.Value(r.Body.Visibility)), DryRun: wire.Value(r.Body.DryRun),
	}
	if of := r.Body.Event; of != nil {
		in.Event, in.Occurrence = of.EventID, wire.Value(of.OccurrenceID)
	}
	lines, err := s.grants.CreateMany(ctx, reqctx.From(ctx).Actor(), in)
	if err != nil {
		return nil, err
	}
	report := gamificationapi.GrantReport{DryRun: in.DryRun, Items: wire.Each(lines, ToAPIGrantReportItem)}
	for _, line := range lines {
		switch line.Outcome {
		case app.OutcomeGranted:
			report.Granted++
		case app.OutcomeHeld:
			report.Held++
		case app.OutcomeRefused:
			report.Refused++
		}
	}
	return gamificationapi.CreateGrants200JSONResponse(report), nil
}

func (s *server) RevokeGrant(ctx context.Context, r gamificationapi.RevokeGrantRequestObject) (gamificationapi.RevokeGrantResponseObject, error) {
	reason := ""
	if r.Body != nil {
		reason = wire.Get(r.Body.Reason)
	}
	grant, err := s.grants.Revoke(ctx, reqctx.From(ctx).Actor(), r.GrantID, reason)
	if err != nil {
		return nil, err
	}
	return gamificationapi.RevokeGrant200JSONResponse(ToAPIGrant(grant)), nil
}

func (s *server) ListMyGrants(ctx context.Context, r gamificationapi.ListMyGrantsRequestObject) (gamificationapi.ListMyGrantsResponseObject, error) {
	p := page.Request{Limit: wire.ValueOr(r.Params.Limit, defaultLimit), Cursor: wire.Value(r.Params.Cursor)}
	list, err := s.held(ctx, reqctx.From(ctx).UserID, wire.Value(r.Params.Pinned), p)
	if err != nil {
		return nil, err
	}
	return gamificationapi.ListMyGrants200JSONResponse(list), nil
}

func (s *server) ListUserGrants(ctx context.Context, r gamificationapi.ListUserGrantsRequestObject) (gamificationapi.ListUserGrantsResponseObject, error) {
	p := page.Request{Limit: wire.ValueOr(r.Params.Limit, defaultLimit), Cursor: wire.Value(r.Params.Cursor)}
	list, err := s.held(ctx, r.UserID, wire.Value(r.Params.Pinned), p)
	if err != nil {
		return nil, err
	}
	return gamificationapi.ListUserGrants200JSONResponse(list), nil
}

// held lists what a member has, or what the member has pinned.
func (s *server) held(ctx context.Context, user uuid.UUID, pinned bool, p page.Request) (gamificationapi.HeldPage, error) {
	by := reqctx.From(ctx).Actor()
	if pinned {
		items, err := s.grants.ListPinned(ctx, by, user)
		return ToAPIHeldPage(page.Page[app.HeldAchievement]{Items: items}), err
	}
	list, err := s.grants.ListOf(ctx, by, user, p)
	return ToAPIHeldPage(list), err
}

func (s *server) PinGrants(ctx context.Context, r gamificationapi.PinGrantsRequestObject) (gamificationapi.PinGrantsResponseObject, error) {
	if err := s.grants.Pin(ctx, reqctx.From(ctx).Actor(), r.Body.GrantIds); err != nil {
		return nil, err
	}
	return gamificationapi.PinGrants200JSONResponse(*r.Body), nil
}

func (s *server) ListGrantEvidence(ctx context.Context, r gamificationapi.ListGrantEvidenceRequestObject) (gamificationapi.ListGrantEvidenceResponseObject, error) {
	evidence, err := s.grants.Evidence(ctx, reqctx.From(ctx).Actor(), r.GrantID)
	if err != nil {
		return nil, err
	}
	return gamificationapi.ListGrantEvidence200JSONResponse{
		Total: evidence.Total, Items: wire.Each(evidence.Facts, func(f rule.Fact) gamificationapi.EvidenceItem {
			return gamificationapi.EvidenceItem{EventID: f.Event, Fact: string(f.Kind), Object: cmp.Or(f.Object, f.Key), HappenedAt: f.When}
		}),
	}, nil
}

// ToAPIGrant converts a grant.
func ToAPIGrant(g domain.Grant) gamificationapi.Grant {
	d := g.Data()
	return gamificationapi.Grant{
		ID: d.ID, AchievementID: d.AchievementID, RecipientID: d.RecipientID, IssuerID: wire.OrNull(d.IssuerID), Reason: wire.OrNull(d.Reason),
		Visibility: gamificationapi.GrantVisibility(d.Visibility), CreatedAt: d.CreatedAt, ExpiresAt: wire.TimeOrNull(d.ExpiresAt), EndedAt: wire.TimeOrNull(d.EndedAt),
		RevokedAt: wire.TimeOrNull(d.RevokedAt), RevokedBy: wire.OrNull(d.RevokedBy), RevokeReason: wire.OrNull(d.RevokeReason),
	}
}

// ToAPIHeldPage converts a page of what a member has.
func ToAPIHeldPage(p page.Page[app.HeldAchievement]) gamificationapi.HeldPage {
	return gamificationapi.HeldPage{NextCursor: wire.OrNull(p.Next), Items: wire.Each(p.Items, func(h app.HeldAchievement) gamificationapi.Held {
		return gamificationapi.Held{Grant: ToAPIGrant(h.Grant), Achievement: ToAPIAchievement(h.Achievement)}
	})}
}

// ToAPIGrantReportItem converts what became of a line.
func ToAPIGrantReportItem(l app.LineReport) gamificationapi.GrantReportItem {
	return gamificationapi.GrantReportItem{
		Line: l.Line, Recipient: l.Text, Outcome: gamificationapi.GrantReportItemOutcome(l.Outcome), GrantID: wire.OrNull(l.Grant),
		Code: wire.OrNull(l.Code), Message: wire.OrNull(l.Message),
	}
}
