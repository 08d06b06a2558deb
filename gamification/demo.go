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

// demoImage is a picture for all achievements of the demo data. It needs no server.
const demoImage = "https://aef.updspace.test/achievement.png"

// demoAchievements are published achievements, a secret one and a draft.
func demoAchievements() []app.CreateAchievement {
	of := func(category, ru, en, description string, change func(*domain.AchievementDraft)) app.CreateAchievement {
		draft := domain.AchievementDraft{
			Names: domain.Texts{"ru": ru, "en": en}, Description: description, Status: domain.StatusPublished, Images: domain.Images{Medium: demoImage}, ImageAlt: en,
		}
		change(&draft)
		return app.CreateAchievement{Draft: draft, Category: category}
	}
	return []app.CreateAchievement{
		of("community", "Душа компании", "Heart of the party", "За тех, кто собирает остальных.", func(d *domain.AchievementDraft) {
			d.Rules.Tier, d.Rules.Rarity, d.Rules.IssuerDailyLimit = domain.TierGold, domain.RarityRare, 20
		}),
		of("events", "Завсегдатай", "Regular", "Приходить на встречи раз за разом.", func(d *domain.AchievementDraft) {
			d.Rules.Tier, d.Rules.Kind = domain.TierSilver, domain.KindRepeatable
		}),
		of("skill", "Чемпион весны", "Spring champion", "Три лучших игрока турнира.", func(d *domain.AchievementDraft) {
			d.Rules.Rarity, d.Rules.Kind, d.Rules.MaxGrants = domain.RarityLegendary, domain.KindLimited, 3
		}),
		of("skill", "Тайный ход", "Secret move", "О нём узнают те, кому он удался.", func(d *domain.AchievementDraft) { d.Rules.Secret = true }),
		of("community", "Наставник", "Mentor", "Помогать новичкам освоиться.", func(d *domain.AchievementDraft) { d.Status = domain.StatusDraft }),
	}
}

// SeedDemo makes categories and achievements in the demo tenant, unless it has some, through the use cases. The database must be migrated.
func SeedDemo(ctx context.Context, cfg Config) error {
	db, err := servicefx.OpenDemo(ctx, cfg)
	if err != nil {
		return err
	}
	defer db.Close()
	deps := newDeps(authz.AllowAll{}, db, newEvents(db), audit.New(db), idempotency.NewStore(db), servicefx.SystemClock{})
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
	achievements := app.Achievements{Deps: deps}
	for _, in := range demoAchievements() {
		if _, err := achievements.Create(ctx, admin, in); err != nil {
			return err
		}
	}
	return nil
}
