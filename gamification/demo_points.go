package gamification

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/gamification/app"
	"go.updspace.com/gamification/domain"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/fx/servicefx"
)

const day = 24 * time.Hour

// demoLevels are the levels of the demo tenant.
func demoLevels() []domain.Level {
	of := func(points int64, ru, en string) domain.Level {
		return domain.Level{Points: points, Titles: domain.Texts{"ru": ru, "en": en}}
	}
	return []domain.Level{of(10, "Искра", "Spark"), of(60, "Фонарь", "Lantern"), of(150, "Костёр", "Campfire"), of(400, "Маяк", "Lighthouse")}
}

// demoRegulars is how often the players of the demo data get an achievement, by their numbers.
var demoRegulars = map[string][]int{
	"before": {2, 1, 0, 1, 0, 0, 1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0},
	"past":   {2, 1, 2, 0, 1, 0, 0, 1, 1, 1, 0, 2, 0, 0, 0, 0, 0, 0},
	"now":    {1, 2, 1, 1, 0, 1, 0, 1, 3, 0, 1, 2, 1, 1, 0, 0, 0, 1},
}

// pointsDemo makes levels, a season that is over, one that runs, and points of the players. All members of the demo data are known before
// identity's events arrive.
func pointsDemo(ctx context.Context, admin authz.Actor, deps app.Deps, clock *servicefx.DemoClock, achievement uuid.UUID) error {
	players := make([]uuid.UUID, len(demoRegulars["now"]))
	for i := range players {
		players[i] = uuid.MustParse("00000000-0000-4000-8000-000000000010")
		players[i][15] += byte(i + 1)
	}
	err := deps.Tx.Do(ctx, func(ctx context.Context) error {
		for _, user := range append([]uuid.UUID{demoAdmin, demoMember, demoSecond}, players...) {
			if err := deps.Members.Put(ctx, user, true); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if _, err := (&app.Seasons{Deps: deps}).PutLevels(ctx, admin, nil, demoLevels()); err != nil {
		return err
	}
	today := servicefx.NewDemoClock().Now().Truncate(day)
	for _, part := range []struct {
		ago    time.Duration
		which  string
		season domain.SeasonDraft
	}{
		{150 * day, "before", domain.SeasonDraft{}},
		{60 * day, "past", domain.SeasonDraft{
			Names: domain.Texts{"ru": "Сезон туманов", "en": "Season of fog"}, StartsAt: today.Add(-120 * day), EndsAt: today.Add(-30 * day),
		}},
		{8 * day, "now", domain.SeasonDraft{
			Names: domain.Texts{"ru": "Сезон костров", "en": "Season of campfires"}, StartsAt: today.Add(-30 * day), EndsAt: today.Add(60 * day),
		}},
	} {
		clock.Ago(part.ago)
		if part.season.Names != nil {
			if _, err := (&app.Seasons{Deps: deps}).Create(ctx, admin, part.season); err != nil {
				return err
			}
		}
		if err := regularsDemo(ctx, admin, deps, achievement, players, demoRegulars[part.which]); err != nil {
			return err
		}
	}
	return nil
}

// regularsDemo grants an achievement to players, so many times to each.
func regularsDemo(ctx context.Context, admin authz.Actor, deps app.Deps, achievement uuid.UUID, players []uuid.UUID, times []int) error {
	grants := app.Grants{Deps: deps}
	for round := 1; ; round++ {
		var recipients []uuid.UUID
		for i, n := range times {
			if n >= round {
				recipients = append(recipients, players[i])
			}
		}
		if len(recipients) == 0 {
			return nil
		}
		if _, err := grants.CreateMany(ctx, admin, app.GrantMany{Achievement: achievement, Recipients: recipients}); err != nil {
			return err
		}
	}
}
