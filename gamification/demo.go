package gamification

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/gamification/app"
	"go.updspace.com/gamification/domain"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/idempotency"
	"go.updspace.com/libs/reqctx"
)

// The demo tenant and its administrator, the same in the demo data of all services.
var (
	demoTenant = uuid.MustParse("00000000-0000-0000-0000-000000000001")
	demoAdmin  = uuid.MustParse("00000000-0000-4000-8000-000000000001") // admin@aef.test
)

// demoCategories are the categories of the demo tenant, in their order.
func demoCategories() []domain.CategoryDraft {
	return []domain.CategoryDraft{
		{Slug: "community", Names: domain.Texts{"ru": "Сообщество", "en": "Community"}, Order: 10},
		{Slug: "events", Names: domain.Texts{"ru": "События", "en": "Events"}, Order: 20},
		{Slug: "skill", Names: domain.Texts{"ru": "Мастерство", "en": "Skill"}, Order: 30},
	}
}

// SeedDemo makes categories in the demo tenant, unless it has some, through the use cases. The database must be migrated.
func SeedDemo(ctx context.Context, cfg Config) error {
	db, err := servicefx.OpenDemo(ctx, cfg)
	if err != nil {
		return err
	}
	defer db.Close()
	deps := newDeps(authz.AllowAll{}, db, audit.New(db), idempotency.NewStore(db), servicefx.SystemClock{})
	admin := authz.Actor{Tenant: demoTenant, User: demoAdmin}
	ctx = reqctx.With(ctx, reqctx.Context{TenantID: demoTenant, TenantSlug: "aef", UserID: demoAdmin})
	categories := app.Categories{Deps: deps}
	if found, err := categories.List(ctx, admin); err != nil || len(found) > 0 {
		return err
	}
	for _, draft := range demoCategories() {
		if _, err := categories.Create(ctx, admin, draft); err != nil {
			return err
		}
	}
	return nil
}
