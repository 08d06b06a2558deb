package activity_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"go.updspace.com/activity"
	store "go.updspace.com/activity/adapters/pg"
	"go.updspace.com/activity/ports"
	"go.updspace.com/api/activityapi"
	"go.updspace.com/api/portalevents"
	"go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/pg"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/tools/devkit/testkit/service"
)

// cluster are instances of the service on one database and one broker.
type cluster struct {
	t        testing.TB
	database pg.Config
	nats     string
	js       jetstream.JetStream
}

func newCluster(t testing.TB) *cluster {
	t.Helper()
	c := &cluster{t: t, database: testkit.Postgres(t, store.Migrations()), nats: testkit.NATS(t)}
	nc, err := nats.Connect(c.nats)
	require.NoError(t, err)
	t.Cleanup(nc.Close)
	c.js, err = jetstream.New(nc)
	require.NoError(t, err)
	require.NoError(t, outbox.EnsureStreams(t.Context(), c.js))
	return c
}

// launch starts an instance. change adjusts what it shares with others.
func (c *cluster) launch(change func(*servicefx.ServiceConfig)) *service.Service[client] {
	c.t.Helper()
	return service.Start(c.t, service.Options[client]{
		Name: "activity", Spec: activityapi.GetSpec, Database: func(testing.TB) pg.Config { return c.database },
		Client: func(url string, h *http.Client) (client, error) {
			return activityapi.NewClientWithResponses(url, activityapi.WithHTTPClient(h))
		},
		Change: func(cfg *servicefx.ServiceConfig) {
			cfg.NATSURL = c.nats
			if change != nil {
				change(cfg)
			}
		},
		Module: func(cfg servicefx.ServiceConfig, clock *testkit.Clock) fx.Option {
			return fx.Options(activity.Module(configure(cfg)), fx.Replace(fx.Annotate(clock, fx.As(new(ports.Clock)))))
		},
	})
}

// tell puts an event into the stream as portal's relay does. Events with the same id are one event that is told again.
func (c *cluster) tell(id uuid.UUID, at time.Time, tenant uuid.UUID, kind string, data interface{ Subject() string }) {
	c.t.Helper()
	text, err := json.Marshal(map[string]any{
		"specversion": "1.0", "id": id, "source": "portal", "type": kind, "subject": data.Subject(), "datacontenttype": "application/json",
		"time": at, "data": data, outbox.ExtTenant: tenant,
	})
	require.NoError(c.t, err)
	_, err = c.js.Publish(context.Background(), "updspace."+kind, text)
	require.NoError(c.t, err)
}

// settled waits until the consumer of the feed has dealt with all events.
func (c *cluster) settled() {
	c.t.Helper()
	require.Eventually(c.t, func() bool {
		for _, name := range []string{"activity-feed", "activity-groups"} {
			durable, err := c.js.Consumer(context.Background(), outbox.StreamEvents, name)
			if err != nil {
				return false
			}
			info, err := durable.Info(context.Background())
			if err != nil || info.NumPending > 0 || info.NumAckPending > 0 {
				return false
			}
		}
		return true
	}, 2*time.Minute, 10*time.Millisecond)
}

func postEvent(post, tenant uuid.UUID, title string) portalevents.Post {
	return portalevents.Post{
		PostID: post, Title: title, ScopeType: "TENANT", ScopeID: tenant, Visibility: "public", CreatedBy: post, ActorID: post, SourceRef: "post:" + post.String(),
	}
}

// Each post is in the feed once and as it was last, whatever is told twice and whichever instance is stopped on the way.
func TestEachEventArrivesOnce(t *testing.T) {
	c := newCluster(t)
	first, second := c.launch(nil), c.launch(nil)
	reader := authz.Actor{Tenant: uuid.New(), User: uuid.New()}
	const posts = 200
	var want []string
	for n := range posts {
		post, at := uuid.New(), first.Clock.Now().Add(time.Duration(n)*time.Second)
		tell := func(minute int, kind, title string) {
			id := uuid.New()
			for range 1 + n%2 {
				c.tell(id, at.Add(time.Duration(minute)*time.Minute), reader.Tenant, kind, postEvent(post, reader.Tenant, title))
			}
		}
		title := fmt.Sprint(n)
		switch n % 4 {
		case 0:
			tell(0, portalevents.TypePostCreated, title)
		case 1:
			tell(0, portalevents.TypePostCreated, "before")
			tell(1, portalevents.TypePostUpdated, title)
		case 2: // out of order
			tell(1, portalevents.TypePostUpdated, title)
			tell(0, portalevents.TypePostCreated, "before")
		case 3: // deleted before it was told of
			tell(1, portalevents.TypePostDeleted, title)
			tell(0, portalevents.TypePostCreated, title)
		}
		if n%4 != 3 {
			want = append(want, title)
		}
		switch n {
		case posts / 4:
			first.Stop()
		case posts / 2:
			first = c.launch(nil)
		case posts * 3 / 4:
			second.Stop()
		}
	}
	c.settled()
	first.Access.Member(reader, allPermissions...)
	var titles []string
	params := activityapi.ListFeedParams{Limit: new(100)}
	for {
		r, err := first.As(reader).ListFeedWithResponse(t.Context(), &params)
		for _, item := range service.OK(t, r, err).JSON200.Items {
			titles = append(titles, item.Title)
		}
		next, err := r.JSON200.NextCursor.Get()
		if err != nil {
			break
		}
		params.Cursor = &next
	}
	slices.Reverse(titles)
	require.Equal(t, want, titles)
}

// What belongs to a deleted community is hidden, also when it arrives later.
func TestDeletedCommunitiesAreHidden(t *testing.T) {
	c := newCluster(t)
	s := c.launch(nil)
	reader, chess := authz.Actor{Tenant: uuid.New(), User: uuid.New()}, uuid.New()
	s.Access.Member(reader, allPermissions...)
	inChess := func() portalevents.Post {
		d := postEvent(uuid.New(), reader.Tenant, "in chess")
		d.ScopeType, d.ScopeID = "COMMUNITY", chess
		return d
	}
	group := portalevents.Community{
		CommunityID: chess, Name: "Chess", JoinPolicy: "open", ScopeType: "COMMUNITY", ScopeID: chess, Visibility: "public", CreatedBy: uuid.New(), ActorID: uuid.New(),
		SourceRef: "community:" + chess.String(),
	}
	c.tell(uuid.New(), s.Clock.Now(), reader.Tenant, portalevents.TypeCommunityCreated, group)
	c.tell(uuid.New(), s.Clock.Now(), reader.Tenant, portalevents.TypePostCreated, inChess())
	c.settled()
	all := activityapi.ListFeedParams{Types: new("post.created,community.created")}
	require.Len(t, feedOf(t, s, reader, all), 2)
	c.tell(uuid.New(), s.Clock.Now().Add(time.Minute), reader.Tenant, portalevents.TypeCommunityDeleted, group)
	c.tell(uuid.New(), s.Clock.Now(), reader.Tenant, portalevents.TypePostCreated, inChess())
	c.settled()
	require.Empty(t, feedOf(t, s, reader, all))
}

// An arrival at one instance ends the waiting at another.
func TestInstancesTellEachOtherOfArrivals(t *testing.T) {
	c := newCluster(t)
	s := c.launch(nil)
	reader := authz.Actor{Tenant: uuid.New(), User: uuid.New()}
	s.Access.Member(reader, allPermissions...)
	markRead(t, s, reader)
	got := make(chan int)
	go func() {
		known := 0
		for { // the first signals may be of events before it waited
			r, err := s.As(reader).AwaitUnreadCountWithResponse(context.Background(), &activityapi.AwaitUnreadCountParams{Last: &known})
			if err != nil || r.JSON200 == nil || r.JSON200.Count == 3 {
				got <- r.JSON200.Count
				return
			}
			known = r.JSON200.Count
		}
	}()
	c.launch(nil)
	for n := range 3 {
		c.tell(uuid.New(), s.Clock.Now().Add(time.Minute), reader.Tenant, portalevents.TypePostCreated, postEvent(uuid.New(), reader.Tenant, fmt.Sprint(n)))
	}
	require.Equal(t, 3, <-got)
}

// A member who has lost a right never sees what is published after: not in the feed, not in the count, at no instance.
func TestNothingIsSeenAfterARightIsLost(t *testing.T) {
	c := newCluster(t)
	var access accessclient.Config
	one := c.launch(func(cfg *servicefx.ServiceConfig) { access = cfg.Access })
	two := c.launch(func(cfg *servicefx.ServiceConfig) { cfg.Access = access })
	reader, chess := authz.Actor{Tenant: uuid.New(), User: uuid.New()}, uuid.New()
	one.Access.Member(reader, allPermissions...)
	markRead(t, one, reader)
	rounds := 150
	if testing.Short() {
		rounds = 20
	}
	for round := range rounds {
		one.Clock.Advance(time.Minute)
		one.Access.Grant(reader, authz.CommunityScope(chess), allPermissions...)
		markRead(t, one, reader)
		secret := postEvent(uuid.New(), reader.Tenant, "secret")
		secret.ScopeType, secret.ScopeID, secret.Visibility = "COMMUNITY", chess, "community"
		one.Access.Unbind(reader, authz.CommunityScope(chess))
		c.tell(uuid.New(), one.Clock.Now().Add(time.Second), reader.Tenant, portalevents.TypePostCreated, secret)
		if round%10 == 0 {
			c.settled()
		}
		for _, s := range []*service.Service[client]{one, two} {
			r, err := s.As(reader).ListFeedWithResponse(t.Context(), &activityapi.ListFeedParams{})
			service.OK(t, r, err)
			require.NotContains(t, string(r.Body), "secret", "round %d", round)
			require.Zero(t, unread(t, s, reader), "round %d", round)
		}
	}
	c.settled()
	require.Empty(t, feedOf(t, two, reader, activityapi.ListFeedParams{}))
	one.Access.Grant(reader, authz.CommunityScope(chess), allPermissions...)
	require.Len(t, feedOf(t, two, reader, activityapi.ListFeedParams{Limit: new(100)}), rounds, "they have arrived")
}
