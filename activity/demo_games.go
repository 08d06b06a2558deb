package activity

import (
	"context"
	"time"

	games "go.updspace.com/activity/games/app"
	gamedomain "go.updspace.com/activity/games/domain"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
)

// demoSteamID is an account that the stand-in of Steam knows, linked by the demo member.
const demoSteamID = "76561197960287930"

// seedGames links an account of Steam, which the member has switched on for the members of the tenant. What is in it is read when the
// service runs.
func seedGames(ctx context.Context, cfg Config, db *pg.DB) error {
	deps, err := demoGamesDeps(cfg, db)
	if err != nil {
		return err
	}
	member := authz.Actor{Tenant: demoTenant, User: demoMember}
	ctx = reqctx.With(ctx, reqctx.Context{TenantID: demoTenant, UserID: demoMember})
	known, err := deps.Links.List(ctx, demoMember)
	if err != nil || len(known) > 0 {
		return err
	}
	if err := db.Do(ctx, func(ctx context.Context) error {
		return games.Linking{Deps: deps}.Linked(ctx, demoMember, gamedomain.Steam, demoSteamID, deps.Clock.Now().Add(-time.Hour))
	}); err != nil {
		return err
	}
	links, err := deps.Links.List(ctx, demoMember)
	if err != nil {
		return err
	}
	_, err = games.Accounts{Deps: deps}.Update(ctx, member, links[0].ID(), gamedomain.Edit{Enabled: new(true), Visibility: new(authz.VisibilityCommunity)})
	return err
}
