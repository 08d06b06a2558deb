package outbox_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/activity/adapters/outbox"
	"go.updspace.com/activity/domain"
	roles "go.updspace.com/activity/roles/domain"
	"go.updspace.com/api/activityevents"
	"go.updspace.com/libs/authz"
	kit "go.updspace.com/libs/outbox"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/tools/devkit/testkit/service"
	"go.updspace.com/tools/devkit/testkit/suites"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var (
	by  = authz.Actor{Tenant: uuid.New(), User: uuid.New()}
	now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
)

func newPost(t testing.TB, visibility authz.Visibility) domain.NewsPost {
	t.Helper()
	post, err := domain.NewNewsPost(by, domain.NewsDraftInput{Title: "Finals", Body: "Ask @ann", Visibility: visibility}, now)
	require.NoError(t, err)
	return post
}

func allEvents(t testing.TB, post domain.NewsPost) []domain.Event {
	t.Helper()
	parent, err := domain.NewNewsComment(by, post, nil, "first", now)
	require.NoError(t, err)
	parent = parent.Stored(1)
	reply, err := domain.NewNewsComment(by, post, &parent, "@bob, look", now)
	require.NoError(t, err)
	return []domain.Event{
		domain.NewsWasPublished{Post: post}, domain.NewsWasChanged{Post: post, By: by.User, Parts: []domain.NewsPart{domain.NewsBody, domain.NewsViews}},
		domain.NewsWasChanged{Post: post, Parts: []domain.NewsPart{domain.NewsTags}}, domain.NewsWasDeleted{Post: post, By: by.User},
		domain.NewsWasCommented{Post: post, Comment: reply.Stored(2), Parent: &parent}, domain.NewsWasReacted{Post: post, By: by.User, Emoji: "🔥"},
	}
}

// Every event in the document can be published, with every field.
func TestEventsMatchTheirDocument(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t)
	publisher := kit.NewPublisher(db, "activity").Validating()
	ctx := reqctx.With(t.Context(), reqctx.Context{TenantID: by.Tenant, UserID: by.User, RequestID: uuid.NewString()})
	updated := activityevents.FeedUpdated{TenantID: by.Tenant, Updates: []activityevents.FeedUpdate{{
		SourceRef: "news:1", ItemID: 1, Type: "news.posted", OccurredAt: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
	}}}
	held := roles.Holding{ID: uuid.New(), Version: 1}
	read, inbox := activityevents.FeedRead{UserID: by.User}, activityevents.InboxChanged{TenantID: by.Tenant, UserIds: []uuid.UUID{by.User}}
	require.NoError(t, db.Do(ctx, func(ctx context.Context) error {
		return errors.Join(
			outbox.New(publisher).Publish(ctx, allEvents(t, newPost(t, authz.VisibilityPublic))...),
			// These are of the adapter for open streams.
			publisher.Publish(ctx, kit.Event{Type: activityevents.TypeFeedUpdated, Subject: updated.Subject(), Data: updated}),
			publisher.Publish(ctx, kit.Event{Type: activityevents.TypeFeedRead, Subject: read.Subject(), Data: read}),
			publisher.Publish(ctx, kit.Event{Type: activityevents.TypeInboxChanged, Subject: inbox.Subject(), Data: inbox}),
			outbox.NewRoles(publisher).RoleGiven(ctx, roles.Mapping{Role: authz.RoleRef{ID: 7}, Scope: authz.TenantScope(by.Tenant), DefinedBy: by.User}, held, by.User),
			outbox.NewRoles(publisher).RoleTaken(ctx, held, by.User),
		)
	}))
	service.FullEvents(t, db, "activity")
}

// Of a private post, neither the title nor whom it mentions is told.
func TestPrivatePostsAreNotTold(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t)
	events := outbox.New(kit.NewPublisher(db, "activity").Validating())
	ctx := reqctx.With(t.Context(), reqctx.Context{TenantID: by.Tenant, UserID: by.User, RequestID: uuid.NewString()})
	require.NoError(t, db.Do(ctx, func(ctx context.Context) error {
		return events.Publish(ctx, allEvents(t, newPost(t, authz.VisibilityPrivate))...)
	}))
	var texts []string
	require.NoError(t, db.Read(ctx, func(ctx context.Context) error {
		return db.Conn(ctx).NewRaw("SELECT event FROM outbox").Scan(ctx, &texts)
	}))
	for _, word := range []string{"Finals", "ann", "bob"} {
		require.NotContains(t, strings.Join(texts, "\n"), word)
	}
}

func TestEventsBelongToTheTransactionOfTheirChange(t *testing.T) {
	t.Parallel()
	suites.Events(t, func(t *testing.T) suites.EventsPort[domain.Event] {
		db := testkit.DB(t)
		return suites.EventsPort[domain.Event]{
			Do: db.Do, Publish: outbox.New(kit.NewPublisher(db, "activity").Validating()).Publish,
			New: func(t testing.TB) (domain.Event, string) {
				post := newPost(t, authz.VisibilityPublic)
				return domain.NewsWasPublished{Post: post}, "news/" + post.ID().String()
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
