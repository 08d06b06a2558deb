package activity_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/activity/notifications/domain"
	"go.updspace.com/api/activityapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit/service"
)

// Who has a post open, on whichever instance, is told of its reactions and comments, and not of its views.
func TestAnOpenPostIsToldOfItsAnswers(t *testing.T) {
	t.Parallel()
	a, b := startPair(t)
	author, reader := a.Actor(authorKeys...), a.Actor(readerKeys...)
	for _, permission := range readerKeys {
		b.Access.Grant(reader, authz.TenantScope(a.Tenant), permission)
	}
	stream, _ := b.listen(reader, activityapi.StreamFeedParams{})
	item := newsOf(t, a.Service, author, nil)
	id := item.PayloadJSON.NewsID.String()
	stream.next("item-upsert")
	stream.next("news-upsert")

	other := a.As(a.Actor(readerKeys...))
	view, err := other.ViewNewsWithResponse(t.Context(), id, activityapi.ViewNewsJSONRequestBody{})
	service.OK(t, view, err)
	reacted, err := other.ReactToNewsWithResponse(t.Context(), id, activityapi.NewsReact{Emoji: "🔥"})
	service.OK(t, reacted, err)
	told := func(field string) {
		t.Helper()
		e := stream.next("item-upsert")
		require.Equal(t, []any{item.SourceRef, false, false, []any{field}}, []any{e.source(), e.data["is_new"], e.data["own"], e.data["changed"]})
		require.Equal(t, id, stream.next("news-upsert").data["news_id"])
	}
	told("reactions")
	comment, err := other.CreateNewsCommentWithResponse(t.Context(), id, activityapi.NewsCommentCreate{Body: "Count me in"})
	service.OK(t, comment, err)
	told("comments")
	liked, err := other.LikeNewsCommentWithResponse(t.Context(), id, comment.JSON200.ID, activityapi.LikeNewsCommentJSONRequestBody{})
	service.OK(t, liked, err)
	told("comments")
}

// The pages that a member has open, on whichever instance, are told when there are other notifications. Those of others are not.
func TestOpenPagesAreToldOfNotifications(t *testing.T) {
	t.Parallel()
	a, b := startPair(t)
	member, other := a.Actor(allPermissions...), a.Actor(allPermissions...)
	for _, who := range []authz.Actor{member, other} {
		for _, permission := range allPermissions {
			b.Access.Grant(who, authz.TenantScope(a.Tenant), permission)
		}
	}
	mine, _ := b.listen(member, activityapi.StreamFeedParams{})
	theirs, _ := b.listen(other, activityapi.StreamFeedParams{})
	ctx := reqctx.With(context.Background(), reqctx.Context{TenantID: a.Tenant})
	tell := func(person uuid.UUID) uuid.UUID {
		t.Helper()
		n := domain.Notification{
			ID: uuid.New(), Person: person, Kind: domain.KindBadge, Subject: "grant:" + uuid.NewString(), Title: "Full hold", Created: time.Now(), ToldAt: time.Now(), Shown: true,
		}
		told, err := a.telling.Inbox.Tell(ctx, domain.Notice{Cause: n.Subject, Kind: n.Kind, Subject: n.Subject}, []domain.Notification{n})
		require.NoError(t, err)
		require.Len(t, told, 1)
		return told[0].ID
	}
	first := tell(member.User)
	mine.next("notifications")
	read, err := a.As(member).MarkNotificationReadWithResponse(t.Context(), first)
	service.OK(t, read, err)
	mine.next("notifications")
	all, err := a.As(member).MarkNotificationsReadWithResponse(t.Context(), activityapi.NotificationsRead{})
	service.OK(t, all, err)
	mine.next("notifications")
	deleted, err := a.As(member).DeleteNotificationWithResponse(t.Context(), first)
	service.OK(t, deleted, err)
	mine.next("notifications")
	tell(other.User)
	theirs.next("notifications")
	item := a.post(nil)
	for _, r := range []*reader{mine, theirs} {
		require.Equal(t, item.Data().SourceRef, r.next("item-upsert").source(), "a member is told of own notifications alone")
	}
}
