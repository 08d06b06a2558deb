package app_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/gamification/app"
	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/ports"
	"go.updspace.com/gamification/rule"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/pg"
	"go.updspace.com/tools/devkit/testkit/faults"
)

// faulty are ports whose calls fail one after another. The audit log and the groups are the kit's.
func faulty(f *faults.Faults, d app.Deps) app.Deps {
	d.Access, d.Roles = faults.Access(f, d.Access), faultyRoles{d.Roles, f}
	d.Categories, d.Achievements, d.Grants = faultyCategories{d.Categories, f}, faultyAchievements{d.Achievements, f}, faultyGrants{d.Grants, f}
	d.Members, d.Nominations, d.Rewards = faultyMembers{d.Members, f}, faultyNominations{d.Nominations, f}, faultyRewards{d.Rewards, f}
	d.Rules, d.Facts, d.Points = faultyRules{d.Rules, f}, faultyFacts{d.Facts, f}, faultyPoints{d.Points, f}
	d.Levels, d.Seasons = faultyLevels{d.Levels, f}, faultySeasons{d.Seasons, f}
	d.Events, d.Tx, d.Once = faults.NewEvents[domain.Event](f, d.Events), faults.NewTx(f, d.Tx), faults.Once(f, d.Once)
	return d
}

// scene is a fixture with a repeatable achievement that brings points, which the member has, and a reward; a chief who may give its role, and
// a nomination.
type scene struct {
	*fixture
	chief, manager authz.Actor
	a              app.AchievementView
	grant          domain.Grant
	nomination     domain.Nomination
	season         domain.Season
}

func newScene(t *testing.T) scene {
	t.Helper()
	s := scene{fixture: newFixture(t)}
	_, s.manager = s.pointing()
	s.ruling()
	_, err := s.seasons().PutLevels(s.as(s.manager), s.manager, nil, []domain.Level{{Points: 3, Titles: domain.Texts{"en": "Guest"}}})
	require.NoError(t, err)
	s.a = s.made(s.admin, published, rules(domain.Rules{Kind: domain.KindRepeatable, Points: 2}))
	s.grant = s.granted(s.a.ID(), s.member.User)
	var rewards *app.Rewards
	rewards, s.chief = s.rewarding()
	_, err = rewards.Put(s.as(s.chief), s.chief, s.a.ID(), helpers)
	require.NoError(t, err)
	s.settle(rewards)
	s.nomination = s.nominated(s.member, s.a.ID(), s.maker.User)
	s.season, err = s.fixture.season(s.manager, 0, time.Hour)
	require.NoError(t, err)
	s.category("events")
	return s
}

// result leaves out what a use case returns besides its error.
func result[T any](_ T, err error) error { return err }

// A use case that cannot read or write what it needs fails, whatever that is.
func TestUseCasesFailWithWhatTheyCall(t *testing.T) {
	t.Parallel()
	change := func(s scene) app.ChangeAchievement { return app.ChangeAchievement{ID: s.a.ID()} }
	for name, use := range map[string]func(s scene, d app.Deps) error{
		"create": func(s scene, d app.Deps) error {
			in := app.CreateAchievement{Category: "skill", Draft: domain.AchievementDraft{
				Names: domain.Texts{"en": "New"}, Status: domain.StatusPublished, Images: domain.Images{Small: "https://example.com/s.png"},
				Rules: domain.Rules{Prerequisites: []uuid.UUID{s.a.ID()}},
			}}
			return result((&app.Achievements{Deps: d}).Create(s.as(s.admin), s.admin, in))
		},
		"update": func(s scene, d app.Deps) error {
			return result((&app.Achievements{Deps: d}).Update(s.as(s.admin), s.admin, change(s), new("events"), domain.AchievementEdit{Prerequisites: &[]uuid.UUID{}}))
		},
		"delete": func(s scene, d app.Deps) error {
			return (&app.Achievements{Deps: d}).Delete(s.as(s.admin), s.admin, app.ChangeAchievement{ID: s.made(s.admin).ID()})
		},
		"list": func(s scene, d app.Deps) error {
			return result((&app.Achievements{Deps: d}).List(s.as(s.member), s.member, app.ListAchievements{}))
		},
		"grant": func(s scene, d app.Deps) error {
			_, _, err := (&app.Grants{Deps: d}).Create(s.as(s.chief), s.chief, s.a.ID(), domain.GrantDraft{Recipient: s.member.User})
			return err
		},
		"grant to many": func(s scene, d app.Deps) error {
			in := app.GrantMany{Achievement: s.a.ID(), Recipients: []uuid.UUID{s.member.User, s.maker.User}}
			return result((&app.Grants{Deps: d}).CreateMany(s.as(s.chief), s.chief, in))
		},
		"revoke": func(s scene, d app.Deps) error {
			return result((&app.Grants{Deps: d}).Revoke(s.as(s.admin), s.admin, s.grant.ID(), ""))
		},
		"list grants": func(s scene, d app.Deps) error {
			grants := &app.Grants{Deps: d}
			if err := result(grants.List(s.as(s.member), s.member, app.ListGrants{Achievement: s.a.ID()})); err != nil {
				return err
			}
			return result(grants.ListOf(s.as(s.member), s.member, s.member.User, page.Request{}))
		},
		"pin": func(s scene, d app.Deps) error {
			grants := &app.Grants{Deps: d}
			if err := grants.Pin(s.as(s.member), s.member, []uuid.UUID{s.grant.ID()}); err != nil {
				return err
			}
			return result(grants.ListPinned(s.as(s.maker), s.maker, s.member.User))
		},
		"evidence": func(s scene, d app.Deps) error {
			return result((&app.Grants{Deps: d}).Evidence(s.as(s.admin), s.admin, s.grant.ID()))
		},
		"nominate": func(s scene, d app.Deps) error {
			return result((&app.Nominations{Deps: d}).Create(s.as(s.maker), s.maker, s.a.ID(), domain.NominationDraft{Nominee: s.member.User, Text: "Helps"}))
		},
		"approve": func(s scene, d app.Deps) error {
			return result((&app.Nominations{Deps: d}).Approve(s.as(s.chief), s.chief, s.nomination.ID(), "", ""))
		},
		"decline": func(s scene, d app.Deps) error {
			return result((&app.Nominations{Deps: d}).Decline(s.as(s.admin), s.admin, s.nomination.ID(), ""))
		},
		"withdraw": func(s scene, d app.Deps) error {
			return (&app.Nominations{Deps: d}).Withdraw(s.as(s.member), s.member, s.nomination.ID())
		},
		"list nominations": func(s scene, d app.Deps) error {
			nominations := &app.Nominations{Deps: d}
			if err := result(nominations.List(s.as(s.admin), s.admin, "", page.Request{})); err != nil {
				return err
			}
			return result(nominations.ListMine(s.as(s.member), s.member, page.Request{}))
		},
		"create a category": func(s scene, d app.Deps) error {
			return result((&app.Categories{Deps: d}).Create(s.as(s.admin), s.admin, domain.CategoryDraft{Slug: "new", Names: domain.Texts{"en": "New"}}))
		},
		"update a category": func(s scene, d app.Deps) error {
			return result((&app.Categories{Deps: d}).Update(s.as(s.admin), s.admin, app.ChangeCategory{Slug: "skill"}, domain.CategoryEdit{}))
		},
		"delete a category": func(s scene, d app.Deps) error {
			return (&app.Categories{Deps: d}).Delete(s.as(s.admin), s.admin, app.ChangeCategory{Slug: "events"})
		},
		"order categories": func(s scene, d app.Deps) error {
			return result((&app.Categories{Deps: d}).Order(s.as(s.admin), s.admin, []string{"skill", "events"}))
		},
		"merge categories": func(s scene, d app.Deps) error {
			return result((&app.Categories{Deps: d}).Merge(s.as(s.admin), s.admin, "skill", "events"))
		},
		"set a reward": func(s scene, d app.Deps) error {
			return result(app.NewRewards(d).Put(s.as(s.chief), s.chief, s.a.ID(), helpers))
		},
		"show a reward": func(s scene, d app.Deps) error {
			return result(app.NewRewards(d).Get(s.as(s.admin), s.admin, s.a.ID()))
		},
		"remove a reward, and settle": func(s scene, d app.Deps) error {
			if err := app.NewRewards(d).Delete(s.as(s.admin), s.admin, s.a.ID()); err != nil {
				return err
			}
			return app.NewRewards(d).Settle(pg.AcrossTenants(s.t.Context(), "a test"))
		},
		"set a rule": func(s scene, d app.Deps) error {
			r := counting(rule.AchievementHeld, 1, rule.Filter{Field: "achievement", AnyOf: []string{s.a.ID().String()}})
			return result((&app.Rules{Deps: d}).Put(s.as(s.chief), s.chief, change(s), r))
		},
		"show and delete a rule": func(s scene, d app.Deps) error {
			rules := &app.Rules{Deps: s.deps}
			_, err := rules.Put(s.as(s.chief), s.chief, change(s), counting(rule.PostWritten, 1))
			require.NoError(s.t, err)
			if err := result((&app.Rules{Deps: d}).Get(s.as(s.member), s.member, s.a.ID())); err != nil {
				return err
			}
			if err := result((&app.Rules{Deps: d}).Progress(s.as(s.member), s.member)); err != nil {
				return err
			}
			return (&app.Rules{Deps: d}).Delete(s.as(s.admin), s.admin, change(s))
		},
		"set levels": func(s scene, d app.Deps) error {
			return result((&app.Seasons{Deps: d}).PutLevels(s.as(s.manager), s.manager, nil, nil))
		},
		"create a season": func(s scene, d app.Deps) error {
			draft := domain.SeasonDraft{Names: domain.Texts{"en": "Next"}, StartsAt: s.season.Data().EndsAt, EndsAt: s.season.Data().EndsAt.Add(time.Hour)}
			return result((&app.Seasons{Deps: d}).Create(s.as(s.manager), s.manager, draft))
		},
		"update a season": func(s scene, d app.Deps) error {
			edit := domain.SeasonEdit{EndsAt: new(s.season.Data().EndsAt.Add(time.Hour))}
			return result((&app.Seasons{Deps: d}).Update(s.as(s.manager), s.manager, app.ChangeSeason{ID: s.season.ID()}, edit))
		},
		"delete a season": func(s scene, d app.Deps) error {
			return (&app.Seasons{Deps: d}).Delete(s.as(s.manager), s.manager, app.ChangeSeason{ID: s.season.ID()})
		},
		"close seasons": func(s scene, d app.Deps) error {
			s.clock.Advance(time.Hour)
			return app.NewLifecycle(d).CloseSeasons(pg.AcrossTenants(s.t.Context(), "a test"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			faults.Each(t, func(f *faults.Faults) func() error {
				s := newScene(t)
				d := faulty(f, s.deps)
				return func() error { return use(s, d) }
			})
		})
	}
}

// A season that cannot be read is not one that does not exist.
func TestALeaderboardFailsWithTheStoreOfSeasons(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.deps.Seasons = brokenSeasons{s.deps.Seasons}
	_, err := (&app.Points{Deps: s.deps}).Board(s.as(s.member), s.member, app.BoardQuery{Season: s.season.ID()}, page.Request{Limit: 1})
	require.ErrorIs(t, err, faults.Err)
	require.Equal(t, errs.Internal, errs.KindOf(err))
}

type brokenSeasons struct{ ports.Seasons }

func (brokenSeasons) Find(context.Context, uuid.UUID) (domain.Season, error) {
	return domain.Season{}, faults.Err
}
