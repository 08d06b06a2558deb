package httpapi

import (
	"context"
	"time"

	"go.updspace.com/activity/games/app"
	"go.updspace.com/activity/games/domain"
	"go.updspace.com/api/activityapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/wire"
)

// accounts are the operations around the caller's own accounts of games.
type accounts struct{ accounts app.Accounts }

func newAccounts(deps app.Deps) accounts { return accounts{app.Accounts{Deps: deps}} }

func (s accounts) ListAccountLinks(ctx context.Context, _ activityapi.ListAccountLinksRequestObject) (activityapi.ListAccountLinksResponseObject, error) {
	links, err := s.accounts.List(ctx, reqctx.From(ctx).Actor())
	if err != nil {
		return nil, err
	}
	now := s.accounts.Now()
	return activityapi.ListAccountLinks200JSONResponse{Items: wire.Each(links, func(l domain.Link) activityapi.AccountLink { return toAPILink(l, now) })}, nil
}

func (s accounts) GetAccountLink(ctx context.Context, r activityapi.GetAccountLinkRequestObject) (activityapi.GetAccountLinkResponseObject, error) {
	found, err := s.accounts.Get(ctx, reqctx.From(ctx).Actor(), r.AccountLinkID)
	if err != nil {
		return nil, err
	}
	return activityapi.GetAccountLink200JSONResponse{AccountLink: toAPILink(found.Link, s.accounts.Now()), Games: wire.Each(found.Games, toAPIGame)}, nil
}

func (s accounts) UpdateAccountLink(ctx context.Context, r activityapi.UpdateAccountLinkRequestObject) (activityapi.UpdateAccountLinkResponseObject, error) {
	edit := domain.Edit{Enabled: r.Body.Enabled, Visibility: wire.As[authz.Visibility](r.Body.Visibility)}
	link, err := s.accounts.Update(ctx, reqctx.From(ctx).Actor(), r.AccountLinkID, edit)
	if err != nil {
		return nil, err
	}
	return activityapi.UpdateAccountLink200JSONResponse(toAPILink(link, s.accounts.Now())), nil
}

func (s accounts) DeleteAccountLink(ctx context.Context, r activityapi.DeleteAccountLinkRequestObject) (activityapi.DeleteAccountLinkResponseObject, error) {
	if err := s.accounts.Remove(ctx, reqctx.From(ctx).Actor(), r.AccountLinkID); err != nil {
		return nil, err
	}
	return activityapi.DeleteAccountLink204Response{}, nil
}

func (s accounts) RunSync(ctx context.Context, r activityapi.RunSyncRequestObject) (activityapi.RunSyncResponseObject, error) {
	queued, err := s.accounts.RequestSync(ctx, reqctx.From(ctx).Actor(), wire.Value(r.Params.AccountLinkID))
	if err != nil {
		return nil, err
	}
	return activityapi.RunSync202JSONResponse{Ok: true, Queued: queued}, nil
}

func (s accounts) GetSyncStatus(ctx context.Context, r activityapi.GetSyncStatusRequestObject) (activityapi.GetSyncStatusResponseObject, error) {
	link, err := s.accounts.Find(ctx, reqctx.From(ctx).Actor(), r.AccountLinkID)
	if err != nil {
		return nil, err
	}
	l := toAPILink(link, s.accounts.Now())
	return activityapi.GetSyncStatus200JSONResponse{
		AccountLinkID: l.ID, Status: l.Status, IsSyncing: l.IsSyncing, LastSyncAt: l.LastSyncAt, LastError: l.LastError, NextSyncAt: l.NextSyncAt,
	}, nil
}

func toAPILink(link domain.Link, now time.Time) activityapi.AccountLink {
	d := link.Data()
	return activityapi.AccountLink{
		ID: d.ID, SourceType: activityapi.AccountProvider(d.Provider), ExternalIdentityRef: link.ShownExternalID(), Enabled: d.Enabled,
		Visibility: activityapi.AccountVisibility(d.Visibility), Status: activityapi.AccountLinkStatus(link.Status()), IsSyncing: link.Syncing(now),
		LastSyncAt: wire.TimeOrNull(d.LastSyncAt), LastError: wire.OrNull(d.LastError), NextSyncAt: wire.TimeOrNull(d.NextSyncAt),
		LinkedAt: d.LinkedAt, CreatedAt: d.CreatedAt,
	}
}

func toAPIGame(g domain.Game) activityapi.AccountGame {
	return activityapi.AccountGame{
		AppID: g.AppID, Name: g.Name, PlayedMinutes: int(g.Played.Minutes()), PlayedLatelyMinutes: int(g.PlayedLately.Minutes()),
		LastPlayedAt: wire.TimeOrNull(g.LastPlayedAt), Achieved: g.Achieved, Achievements: g.Achievements,
	}
}
