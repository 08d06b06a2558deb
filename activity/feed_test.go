package activity_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	store "go.updspace.com/activity/adapters/pg"
	"go.updspace.com/activity/domain"
	"go.updspace.com/api/activityapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/groups/portalgroups"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit/service"
)

func feedOperations(*service.Service[client]) map[string]service.Operation[client] {
	return map[string]service.Operation[client]{
		"listFeed": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ListFeedWithResponse(t.Context(), &activityapi.ListFeedParams{})
		}},
		"listFeedItems": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ListFeedItemsWithResponse(t.Context(), &activityapi.ListFeedItemsParams{})
		}},
		"getUnreadCount": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.GetUnreadCountWithResponse(t.Context())
		}},
		"awaitUnreadCount": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.AwaitUnreadCountWithResponse(t.Context(), &activityapi.AwaitUnreadCountParams{})
		}},
		"markFeedRead": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.MarkFeedReadWithResponse(t.Context())
		}},
		"listSubscriptions": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ListSubscriptionsWithResponse(t.Context())
		}},
		"putSubscription": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.PutSubscriptionWithResponse(t.Context(), activityapi.SubscriptionUpdate{Scopes: []activityapi.SubscriptionScope{}})
		}},
	}
}

// put puts an item into the feed of a tenant. What edit leaves alone makes a post for all members.
func put(t testing.TB, s *service.Service[client], edit func(*domain.ItemData)) domain.Item {
	t.Helper()
	item := newItem(t, s, edit)
	apply(t, s, domain.Put(item))
	return item
}

func newItem(t testing.TB, s *service.Service[client], edit func(*domain.ItemData)) domain.Item {
	t.Helper()
	d := domain.ItemData{
		TenantID: s.Tenant, SourceRef: "post:" + uuid.NewString(), Type: domain.PostCreated, Actor: uuid.New(), OccurredAt: s.Clock.Now(),
		Title: "A post", Visibility: authz.VisibilityPublic, Scope: authz.TenantScope(s.Tenant),
	}
	if edit != nil {
		edit(&d)
	}
	item, err := domain.NewItem(d)
	require.NoError(t, err)
	return item
}

// fillFeed puts a row into each table of the feed.
func fillFeed(t testing.TB, s *service.Service[client]) {
	t.Helper()
	put(t, s, nil)
	learn(t, s, authz.TeamScope(uuid.New()), uuid.New())
	reader := s.Actor(allPermissions...)
	subscribe(t, s, reader)
	markRead(t, s, reader)
}

// learn lets the service know of a group, as portal's events do.
func learn(t testing.TB, s *service.Service[client], group authz.Scope, community uuid.UUID) {
	t.Helper()
	ctx := reqctx.With(t.Context(), reqctx.Context{TenantID: s.Tenant})
	require.NoError(t, s.DB.Do(ctx, func(ctx context.Context) error {
		return portalgroups.NewStore(s.DB).Put(ctx, groups.Group{Scope: group, Community: community, State: groups.Active})
	}))
}

func apply(t testing.TB, s *service.Service[client], changes ...domain.Change) {
	t.Helper()
	ctx := reqctx.With(t.Context(), reqctx.Context{TenantID: changes[0].Item().Data().TenantID})
	require.NoError(t, s.DB.Do(ctx, func(ctx context.Context) error { return store.NewItems(s.DB).Apply(ctx, changes...) }))
}

// feedOf are the sources in the feed of an actor, over all pages.
func feedOf(t testing.TB, s *service.Service[client], by authz.Actor, params activityapi.ListFeedParams) []string {
	t.Helper()
	sources := []string{}
	for {
		r, err := s.As(by).ListFeedWithResponse(t.Context(), &params)
		got := service.OK(t, r, err).JSON200
		for _, item := range got.Items {
			sources = append(sources, item.SourceRef)
		}
		next, err := got.NextCursor.Get()
		require.Equal(t, err == nil, got.HasMore)
		if err != nil {
			return sources
		}
		params.Cursor = &next
	}
}

func TestTheFeedIsInOrderAndInPages(t *testing.T) {
	s := start(t)
	reader := s.Actor(allPermissions...)
	want := []string{}
	for i := range 5 {
		item := put(t, s, func(d *domain.ItemData) { d.OccurredAt = s.Clock.Now().Add(time.Duration(i/2) * time.Minute) })
		want = append([]string{item.Data().SourceRef}, want...)
	}
	require.Equal(t, want, feedOf(t, s, reader, activityapi.ListFeedParams{}))
	require.Equal(t, want, feedOf(t, s, reader, activityapi.ListFeedParams{Limit: new(2)}))
	from, to := s.Clock.Now().Add(time.Minute), s.Clock.Now().Add(time.Minute)
	require.Equal(t, want[1:3], feedOf(t, s, reader, activityapi.ListFeedParams{From: &from, To: &to}))
}

func TestAnItemHasTheFieldsThatClientsKnow(t *testing.T) {
	s := start(t)
	target := uuid.New()
	item := put(t, s, func(d *domain.ItemData) {
		d.Target, d.Payload, d.Link = target, map[string]any{"post_id": "1"}, "/posts/1"
	}).Data()
	r, err := s.As(s.Actor(allPermissions...)).ListFeedWithResponse(t.Context(), &activityapi.ListFeedParams{})
	require.Len(t, service.OK(t, r, err).JSON200.Items, 1)
	got := r.JSON200.Items[0]
	require.Positive(t, got.ID)
	require.Equal(t, []any{s.Tenant, item.Actor, target, "post.created", "A post", map[string]any{"post_id": "1"}, "public", "TENANT", s.Tenant, item.SourceRef, "/posts/1"},
		[]any{got.TenantID, got.ActorUserID.MustGet(), got.TargetUserID.MustGet(), got.Type, got.Title, got.PayloadJSON, string(got.Visibility), string(got.ScopeType), got.ScopeID, got.SourceRef, got.Link.MustGet()})
	require.True(t, item.OccurredAt.Equal(got.OccurredAt))
}

func TestTypesAreFiltered(t *testing.T) {
	s := start(t)
	reader := s.Actor(allPermissions...)
	post := put(t, s, nil).Data().SourceRef
	vote := put(t, s, func(d *domain.ItemData) { d.Type, d.SourceRef = domain.VoteCast, "vote:1" }).Data().SourceRef
	joined := put(t, s, func(d *domain.ItemData) { d.Type, d.SourceRef = domain.MemberJoined, "member:1" }).Data().SourceRef
	require.ElementsMatch(t, []string{post, vote}, feedOf(t, s, reader, activityapi.ListFeedParams{}), "clients of the first release do not know the others")
	require.Equal(t, []string{vote}, feedOf(t, s, reader, activityapi.ListFeedParams{Types: new("vote.cast")}))
	require.ElementsMatch(t, []string{joined, post}, feedOf(t, s, reader, activityapi.ListFeedParams{Types: new(" member.joined, post.created,,post.created")}))
	r, err := s.As(reader).ListFeedWithResponse(t.Context(), &activityapi.ListFeedParams{Types: new("vote.cast,zebra")})
	service.Refused(t, http.StatusBadRequest, "INVALID_EVENT_TYPES", r, err)
	require.Contains(t, string(r.Body), `"unknown":["zebra"]`)
}

// The votes in one poll are one item that says how many voted, for clients that ask for it.
func TestAlikeItemsAreGrouped(t *testing.T) {
	s := start(t)
	reader := s.Actor(allPermissions...)
	vote := func(minute int) string {
		return put(t, s, func(d *domain.ItemData) {
			d.Type, d.SourceRef, d.Parent, d.OccurredAt = domain.VoteCast, "vote:"+uuid.NewString(), "poll:1", s.Clock.Now().Add(time.Duration(minute)*time.Minute)
		}).Data().SourceRef
	}
	vote(1)
	post := put(t, s, func(d *domain.ItemData) { d.OccurredAt = s.Clock.Now().Add(2 * time.Minute) }).Data().SourceRef
	latest := vote(3)
	grouped := activityapi.ListFeedParams{Grouped: new(true), Limit: new(1)}
	require.Equal(t, []string{latest, post}, feedOf(t, s, reader, grouped))
	require.Len(t, feedOf(t, s, reader, activityapi.ListFeedParams{}), 3)
	r, err := s.As(reader).ListFeedWithResponse(t.Context(), &grouped)
	first := service.OK(t, r, err).JSON200
	require.Equal(t, &activityapi.FeedGroup{Count: 2, Actors: []activityapi.ActorProfile{}}, first.Items[0].Group)
	vote(4)
	next := first.NextCursor.MustGet()
	r, err = s.As(reader).ListFeedWithResponse(t.Context(), &activityapi.ListFeedParams{Grouped: new(true), Cursor: &next})
	require.Len(t, service.OK(t, r, err).JSON200.Items, 1)
	require.Equal(t, post, r.JSON200.Items[0].SourceRef)
	require.Nil(t, r.JSON200.Items[0].Group)
	r, err = s.As(reader).ListFeedWithResponse(t.Context(), &activityapi.ListFeedParams{Cursor: &next})
	service.Invalid(t, r, err, "cursor")
}

func TestAnotherTenantsItemsAreNotShown(t *testing.T) {
	s := start(t)
	put(t, s, nil)
	require.Empty(t, feedOf(t, s, s.Outsider(allPermissions...), activityapi.ListFeedParams{}))
}

func TestWrongFiltersNameTheField(t *testing.T) {
	s := start(t)
	c := s.As(s.Actor(allPermissions...))
	r, err := c.ListFeedWithResponse(t.Context(), &activityapi.ListFeedParams{Cursor: new("foreign")})
	service.Invalid(t, r, err, "cursor")
	r, err = c.ListFeedWithResponse(t.Context(), &activityapi.ListFeedParams{ScopeType: new("planet"), ScopeID: new("earth")})
	service.Invalid(t, r, err, "scope_type")
	r, err = c.ListFeedWithResponse(t.Context(), &activityapi.ListFeedParams{ScopeType: new("community"), ScopeID: new("earth")})
	service.Invalid(t, r, err, "scope_id")
}
