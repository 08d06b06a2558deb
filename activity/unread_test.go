package activity_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"
	"pgregory.net/rapid"

	"go.updspace.com/activity/domain"
	"go.updspace.com/activity/ports"
	"go.updspace.com/api/activityapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit/service"
)

func unread(t testing.TB, s *service.Service[client], by authz.Actor) int {
	t.Helper()
	r, err := s.As(by).GetUnreadCountWithResponse(t.Context())
	return service.OK(t, r, err).JSON200.Count
}

func markRead(t testing.TB, s *service.Service[client], by authz.Actor) {
	t.Helper()
	r, err := s.As(by).MarkFeedReadWithResponse(t.Context())
	require.Equal(t, http.StatusNoContent, service.OK(t, r, err).StatusCode())
}

func TestOnlyWhatOthersDidSinceIsUnread(t *testing.T) {
	s := start(t)
	reader := s.Actor(allPermissions...)
	put(t, s, nil)
	require.Zero(t, unread(t, s, reader), "who never looked has nothing unread")
	markRead(t, s, reader)
	s.Clock.Advance(time.Minute)
	put(t, s, nil)
	put(t, s, nil)
	put(t, s, func(d *domain.ItemData) { d.Actor = reader.User })
	put(t, s, func(d *domain.ItemData) { d.Type = domain.MemberJoined })
	put(t, s, func(d *domain.ItemData) { d.Actor = uuid.Nil })
	require.Equal(t, 3, unread(t, s, reader))
	feedOf(t, s, reader, activityapi.ListFeedParams{})
	require.Equal(t, 3, unread(t, s, reader), "reading by GET changes nothing")
	markRead(t, s, reader)
	require.Zero(t, unread(t, s, reader))
}

func TestWaitingEndsWithAnArrival(t *testing.T) {
	var items ports.Items
	var tx ports.Tx
	s := startWith(t, fx.Populate(&items, &tx))
	reader := s.Actor(allPermissions...)
	markRead(t, s, reader)
	s.Clock.Advance(time.Minute)
	wait := func(params activityapi.AwaitUnreadCountParams) activityapi.AwaitedCount {
		r, err := s.As(reader).AwaitUnreadCountWithResponse(context.Background(), &params)
		return *service.OK(t, r, err).JSON200
	}
	got := wait(activityapi.AwaitUnreadCountParams{})
	require.True(t, got.Changed, "no count is known")
	require.Zero(t, got.Count)

	s.Access.TakeChecks()
	answer := make(chan activityapi.AwaitedCount)
	go func() { answer <- wait(activityapi.AwaitUnreadCountParams{Last: new(0)}) }()
	require.Eventually(t, func() bool { _, calls := s.Access.TakeChecks(); return calls > 0 }, time.Minute, time.Millisecond, "it has counted and waits")
	ctx := reqctx.With(t.Context(), reqctx.Context{TenantID: s.Tenant})
	require.NoError(t, tx.Do(ctx, func(ctx context.Context) error { return items.Apply(ctx, domain.Put(newItem(t, s, nil))) }))
	got = <-answer
	require.Equal(t, []any{1, true}, []any{got.Count, got.Changed})
	got = wait(activityapi.AwaitUnreadCountParams{Last: new(0)})
	require.Equal(t, []any{1, true}, []any{got.Count, got.Changed}, "it was missed, and is answered at once")
	got = wait(activityapi.AwaitUnreadCountParams{Last: new(1), Timeout: new(1)})
	require.Equal(t, []any{1, false}, []any{got.Count, got.Changed})
	require.GreaterOrEqual(t, got.WaitedMs, int64(1000))
}

func TestWrongWaitsNameTheField(t *testing.T) {
	s := start(t)
	c := s.As(s.Actor(allPermissions...))
	r, err := c.AwaitUnreadCountWithResponse(t.Context(), &activityapi.AwaitUnreadCountParams{Timeout: new(0)})
	service.Invalid(t, r, err, "timeout")
	r, err = c.AwaitUnreadCountWithResponse(t.Context(), &activityapi.AwaitUnreadCountParams{Last: new(-1)})
	service.Invalid(t, r, err, "last")
}

func TestAStopEndsTheWaiting(t *testing.T) {
	s := start(t)
	reader := s.Actor(allPermissions...)
	markRead(t, s, reader)
	s.Access.TakeChecks()
	answer := make(chan int)
	c := s.As(reader)
	go func() {
		r, err := c.AwaitUnreadCountWithResponse(context.Background(), &activityapi.AwaitUnreadCountParams{Last: new(0)})
		if err != nil {
			close(answer)
			return
		}
		answer <- r.StatusCode()
	}()
	require.Eventually(t, func() bool { _, calls := s.Access.TakeChecks(); return calls > 0 }, time.Minute, time.Millisecond, "it has counted and waits")
	s.Stop()
	require.Equal(t, http.StatusOK, <-answer)
}

// What is counted is what the feed shows: of the same types, scopes and visibilities, later than the mark, and not the reader's own.
func TestUnreadIsWhatTheFeedShows(t *testing.T) {
	s := start(t)
	chess, garden := uuid.New(), uuid.New()
	rapid.Check(t, func(rt *rapid.T) {
		reader := s.Actor(allPermissions[rapid.IntRange(0, 3).Draw(rt, "from"):]...)
		s.Access.Member(reader, domain.PermissionFeedRead)
		if rapid.Bool().Draw(rt, "member of chess") {
			s.Access.Grant(reader, authz.CommunityScope(chess), allPermissions...)
		}
		if rapid.Bool().Draw(rt, "subscribed") {
			subscribe(t, s, reader, scopeOf("COMMUNITY", rapid.SampledFrom([]uuid.UUID{chess, garden}).Draw(rt, "to")))
		}
		posts := func() {
			for range rapid.IntRange(0, 4).Draw(rt, "items") {
				put(t, s, func(d *domain.ItemData) {
					d.Type = rapid.SampledFrom([]domain.ItemType{domain.VoteCast, domain.NewsPosted, domain.EventCreated, domain.MemberJoined}).Draw(rt, "type")
					d.Scope = rapid.SampledFrom([]authz.Scope{authz.TenantScope(s.Tenant), authz.CommunityScope(chess), authz.CommunityScope(garden)}).Draw(rt, "scope")
					d.Visibility = rapid.SampledFrom([]authz.Visibility{authz.VisibilityPublic, authz.VisibilityCommunity, authz.VisibilityPrivate}).Draw(rt, "visibility")
					d.Actor = rapid.SampledFrom([]uuid.UUID{reader.User, uuid.New(), uuid.Nil}).Draw(rt, "actor")
					d.Target = rapid.SampledFrom([]uuid.UUID{reader.User, uuid.Nil}).Draw(rt, "target")
				})
			}
		}
		posts()
		markRead(t, s, reader)
		read := s.Clock.Now()
		s.Clock.Advance(time.Minute)
		posts()
		r, err := s.As(reader).ListFeedWithResponse(t.Context(), &activityapi.ListFeedParams{Limit: new(100)})
		want := 0
		for _, item := range service.OK(t, r, err).JSON200.Items {
			if item.OccurredAt.After(read) && !(item.ActorUserID.IsSpecified() && !item.ActorUserID.IsNull() && item.ActorUserID.MustGet() == reader.User) {
				want++
			}
		}
		require.Equal(rt, want, unread(t, s, reader))
		s.Clock.Advance(time.Minute)
	})
}
