package outbox_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/gamification/adapters/outbox"
	"go.updspace.com/gamification/domain"
	"go.updspace.com/libs/authz"
	kit "go.updspace.com/libs/outbox"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/tools/devkit/testkit/service"
	"go.updspace.com/tools/devkit/testkit/suites"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func newAchievement(t testing.TB, by authz.Actor) domain.Achievement {
	t.Helper()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	category, err := domain.NewCategory(by, domain.CategoryDraft{Slug: "skill", Names: domain.Texts{"en": "Skill"}}, now)
	require.NoError(t, err)
	achievement, err := domain.NewAchievement(by, domain.AchievementDraft{
		Names: domain.Texts{"ru": "Знаток", "en": "Expert"}, Scope: authz.CommunityScope(uuid.New()),
	}, category, now)
	require.NoError(t, err)
	return achievement
}

func newGrant(t testing.TB, a domain.Achievement, by authz.Actor, visibility domain.GrantVisibility) domain.Grant {
	t.Helper()
	d := a.Data()
	d.Status, d.Rules.ExpiresAfterDays = domain.StatusPublished, 30
	draft := domain.GrantDraft{Recipient: uuid.New(), Reason: "won the cup", Visibility: visibility}
	grant, err := domain.NewGrant(domain.RestoreAchievement(d), by, draft, domain.Standing{Member: true}, d.CreatedAt)
	require.NoError(t, err)
	revoked, changed, err := grant.Revoke(by.User, "it was another cup", d.CreatedAt.Add(time.Hour))
	require.NoError(t, err)
	require.True(t, changed)
	return revoked
}

func secret(a domain.Achievement) domain.Achievement {
	d := a.Data()
	d.Rules.Secret = true
	return domain.RestoreAchievement(d)
}

// Private grants carry neither the reason nor the names, secret achievements no names.
func TestEventsTellOnlyWhatEveryoneMayKnow(t *testing.T) {
	t.Parallel()
	by := authz.Actor{Tenant: uuid.New(), User: uuid.New()}
	ctx := reqctx.With(t.Context(), reqctx.Context{TenantID: by.Tenant, UserID: by.User, RequestID: uuid.NewString()})
	achievement := newAchievement(t, by)
	public, private := newGrant(t, achievement, by, domain.GrantPublic), newGrant(t, achievement, by, domain.GrantPrivate)
	for _, c := range []struct {
		grant         domain.Grant
		of            domain.Achievement
		names, reason bool
	}{{public, achievement, true, true}, {private, achievement, false, false}, {public, secret(achievement), false, true}} {
		db := testkit.DB(t)
		events := outbox.New(kit.NewPublisher(db, "gamification").Validating())
		require.NoError(t, db.Do(ctx, func(ctx context.Context) error {
			return events.Publish(ctx, domain.GrantCreated{Grant: c.grant, Achievement: c.of}, domain.GrantRevoked{Grant: c.grant, Achievement: c.of})
		}))
		var texts []string
		require.NoError(t, db.Read(ctx, func(ctx context.Context) error {
			return db.Conn(ctx).NewRaw("SELECT event FROM outbox ORDER BY seq").Scan(ctx, &texts)
		}))
		require.Len(t, texts, 2)
		for _, text := range texts {
			require.Equal(t, c.names, strings.Contains(text, "Expert"), text)
			require.Equal(t, c.reason, strings.Contains(text, "won the cup"), text)
		}
		require.Equal(t, c.reason, strings.Contains(texts[1], "another cup"))
	}
}

// Every event in the document can be published, with every field. The publisher refuses events that the document does not
// describe.
func TestEventsMatchTheirDocument(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t)
	events := outbox.New(kit.NewPublisher(db, "gamification").Validating())
	by := authz.Actor{Tenant: uuid.New(), User: uuid.New()}
	ctx := reqctx.With(t.Context(), reqctx.Context{TenantID: by.Tenant, UserID: by.User, RequestID: uuid.NewString()})
	achievement := newAchievement(t, by)
	for _, event := range []domain.Event{
		domain.AchievementPublished{Achievement: achievement, By: by.User}, domain.AchievementPublished{Achievement: achievement},
	} {
		require.NoError(t, db.Do(ctx, func(ctx context.Context) error { return events.Publish(ctx, event) }))
	}
	public, private := newGrant(t, achievement, by, domain.GrantPublic), newGrant(t, achievement, by, domain.GrantPrivate)
	for _, event := range []domain.Event{
		domain.GrantCreated{Grant: public, Achievement: achievement}, domain.GrantRevoked{Grant: public, Achievement: achievement},
		domain.GrantCreated{Grant: private, Achievement: achievement}, domain.GrantRevoked{Grant: private, Achievement: achievement},
		domain.GrantCreated{Grant: public, Achievement: secret(achievement)}, domain.GrantRevoked{Grant: public, Achievement: secret(achievement)},
	} {
		require.NoError(t, db.Do(ctx, func(ctx context.Context) error { return events.Publish(ctx, event) }))
	}
	reward := domain.NewReward(achievement, authz.RoleRef{ID: 7, Service: "voting", Name: "helpers"}, by, public.Data().CreatedAt)
	for _, event := range []domain.Event{
		domain.RewardGiven{Reward: reward, Grant: public, Achievement: achievement, Version: 1, By: by.User},
		domain.RewardGiven{Reward: reward, Grant: public, Achievement: achievement, Version: 1}, domain.RewardTaken{Grant: public, Version: 2},
	} {
		require.NoError(t, db.Do(ctx, func(ctx context.Context) error { return events.Publish(ctx, event) }))
	}
	season, err := domain.NewSeason(by, domain.SeasonDraft{Names: domain.Texts{"en": "Spring"}, StartsAt: time.Now(), EndsAt: time.Now().Add(time.Hour)}, time.Now())
	require.NoError(t, err)
	for _, event := range []domain.Event{
		domain.LevelReached{Tenant: by.Tenant, User: by.User, Number: 2, Level: domain.Level{Points: 50, Titles: domain.Texts{"en": "Regular"}}, Points: 60, Ranked: true},
		domain.LevelReached{Tenant: by.Tenant, User: by.User, Number: 1, Level: domain.Level{Titles: domain.Texts{"en": "Guest"}}},
		domain.SeasonClosed{Season: season.Close(time.Now()), First: []domain.Place{{Rank: 1, Person: by.User, Points: 60}}}, domain.SeasonClosed{Season: season.Close(time.Now())},
	} {
		require.NoError(t, db.Do(ctx, func(ctx context.Context) error { return events.Publish(ctx, event) }))
	}
	service.FullEvents(t, db, "gamification")
}

func TestEventsBelongToTheTransactionOfTheirChange(t *testing.T) {
	t.Parallel()
	suites.Events(t, func(t *testing.T) suites.EventsPort[domain.Event] {
		db := testkit.DB(t)
		return suites.EventsPort[domain.Event]{
			Do: db.Do, Publish: outbox.New(kit.NewPublisher(db, "gamification").Validating()).Publish,
			New: func(t testing.TB) (domain.Event, string) {
				achievement := newAchievement(t, authz.Actor{Tenant: uuid.New(), User: uuid.New()})
				return domain.AchievementPublished{Achievement: achievement}, "achievement/" + achievement.ID().String()
			},
			Published: func(t testing.TB) (subjects []string) {
				for _, event := range service.Events(t, db) {
					subjects = append(subjects, event.Subject)
				}
				return subjects
			},
		}
	})
}
