package outbox_test

import (
	"context"
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
