package gamification

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/gamification/app"
	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/rule"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/idempotency"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/seal"
)

// The demo tenant and its accounts, the same in the demo data of all services.
var (
	demoTenant = uuid.MustParse("00000000-0000-0000-0000-000000000001")
	demoAdmin  = uuid.MustParse("00000000-0000-4000-8000-000000000001") // admin@aef.test
	demoMember = uuid.MustParse("00000000-0000-4000-8000-000000000002") // member@aef.test
	demoSecond = uuid.MustParse("00000000-0000-4000-8000-000000000003") // second@aef.test
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
	of := func(category, ru, en, forRu, forEn string, change func(*domain.AchievementDraft)) app.CreateAchievement {
		draft := domain.AchievementDraft{
			Names: domain.Texts{"ru": ru, "en": en}, Description: forEn, Descriptions: domain.Texts{"ru": forRu, "en": forEn}, Status: domain.StatusPublished,
			Images: domain.Images{Medium: demoImage}, ImageAlt: en,
		}
		change(&draft)
		return app.CreateAchievement{Draft: draft, Category: category}
	}
	return []app.CreateAchievement{
		of("community", "Душа компании", "Heart of the party", "За тех, кто собирает остальных.", "For those who bring the others together.", func(d *domain.AchievementDraft) {
			d.Rules.Tier, d.Rules.Rarity, d.Rules.IssuerDailyLimit, d.Rules.Points = domain.TierGold, domain.RarityRare, 20, 100
		}),
		of("events", "Завсегдатай", "Regular", "Приходить на встречи раз за разом.", "Come to meetings again and again.", func(d *domain.AchievementDraft) {
			d.Rules.Tier, d.Rules.Kind, d.Rules.Points = domain.TierSilver, domain.KindRepeatable, 30
		}),
		of("community", "Летописец", "Chronicler", "Писать о том, что здесь происходит.", "Write about what happens here.", func(d *domain.AchievementDraft) {
			d.Rules.Tier, d.Rules.Points = domain.TierBronze, 40
		}),
		of("skill", "Чемпион весны", "Spring champion", "Три лучших игрока турнира.", "The three best players of the tournament.", func(d *domain.AchievementDraft) {
			d.Rules.Rarity, d.Rules.Kind, d.Rules.MaxGrants, d.Rules.Points = domain.RarityLegendary, domain.KindLimited, 3, 250
		}),
		of("skill", "Тайный ход", "Secret move", "О нём узнают те, кому он удался.", "Known to those who made it.", func(d *domain.AchievementDraft) { d.Rules.Secret, d.Rules.Points = true, 40 }),
		of("community", "Наставник", "Mentor", "Помогать новичкам освоиться.", "Help newcomers to find their way.", func(d *domain.AchievementDraft) { d.Status, d.Rules.Points = domain.StatusDraft, 60 }),
	}
}

// SeedDemo makes categories, achievements, grants, a rule and a nomination in the demo tenant, unless it has some, through the use cases. The database must be migrated.
func SeedDemo(ctx context.Context, cfg Config) error {
	db, err := servicefx.OpenDemo(ctx, cfg.ServiceConfig.ServiceConfig)
	if err != nil {
		return err
	}
	defer db.Close()
	clock := servicefx.NewDemoClock()
	clock.Ago(150 * day)
	sealer, err := seal.Parse(cfg.SealKeys)
	if err != nil {
		return err
	}
	deps, err := newDeps(
		authz.AllowAll{}, nil, db, newEvents(db, clock), sealer, newIssuers(db, cfg), audit.New(db), idempotency.NewStore(db), clock, nil,
	)
	if err != nil {
		return err
	}
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
	byName := map[string]uuid.UUID{}
	for _, in := range demoAchievements() {
		if in.Draft.Names["en"] == "Spring champion" && cfg.Blobs.Dir != "" {
			if err := seedPicture(ctx, admin, deps, cfg.Blobs.Dir, &in); err != nil {
				return err
			}
		}
		made, err := achievements.Create(ctx, admin, in)
		if err != nil {
			return err
		}
		byName[in.Draft.Names["en"]] = made.ID()
	}
	if err := pointsDemo(ctx, admin, deps, clock, byName["Regular"]); err != nil {
		return err
	}
	if err := grantDemo(ctx, admin, deps, clock, byName); err != nil {
		return err
	}
	posts := rule.Rule{TimeZone: "Europe/Moscow", TakesBack: true, Conditions: []rule.Condition{{Fact: rule.PostWritten, Measure: rule.Count, Need: 25}}}
	rules := app.Rules{Deps: deps}
	if _, err := rules.Put(ctx, admin, app.ChangeAchievement{ID: byName["Chronicler"]}, posts); err != nil {
		return err
	}
	clock.Ago(7 * time.Hour)
	nominations := app.Nominations{Deps: deps}
	_, err = nominations.Create(ctx, authz.Actor{Tenant: demoTenant, User: demoMember}, byName["Heart of the party"], domain.NominationDraft{
		Nominee: demoSecond, Text: "Собирает рейды, до которых у других не доходят руки.",
	})
	return err
}

// grantDemo grants achievements to the demo members, one of whom shows a badge to everybody.
func grantDemo(ctx context.Context, admin authz.Actor, deps app.Deps, clock *servicefx.DemoClock, achievements map[string]uuid.UUID) error {
	grants := app.Grants{Deps: deps}
	for i, g := range []struct {
		name   string
		draft  domain.GrantDraft
		shared bool
	}{
		{"Heart of the party", domain.GrantDraft{Recipient: demoMember, Reason: "За вечера, на которые приходят все."}, true},
		{"Regular", domain.GrantDraft{Recipient: demoMember, Reason: "Пять встреч подряд."}, false},
		{"Regular", domain.GrantDraft{Recipient: demoSecond, Reason: "Три встречи подряд."}, false},
		{"Spring champion", domain.GrantDraft{Recipient: demoSecond}, false},
		{"Secret move", domain.GrantDraft{Recipient: demoMember, Visibility: domain.GrantPrivate}, false},
	} {
		clock.Ago(time.Duration(5-i)*day - 5*time.Hour)
		made, _, err := grants.Create(ctx, admin, achievements[g.name], g.draft)
		if err != nil {
			return err
		}
		if g.shared {
			badges := app.Badges{Deps: deps}
			if _, err := badges.Update(ctx, authz.Actor{Tenant: demoTenant, User: g.draft.Recipient}, made.ID(), domain.BadgeEdit{Shared: new(true)}); err != nil {
				return err
			}
		}
	}
	return nil
}
