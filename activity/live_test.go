package activity_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"go.updspace.com/activity"
	"go.updspace.com/activity/adapters/httpapi"
	store "go.updspace.com/activity/adapters/pg"
	"go.updspace.com/activity/domain"
	told "go.updspace.com/activity/notifications/app"
	"go.updspace.com/activity/ports"
	"go.updspace.com/api/activityapi"
	"go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/authz/authztest"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/tools/devkit/testkit/service"
)

func liveOperations(*service.Service[client]) map[string]service.Operation[client] {
	return map[string]service.Operation[client]{
		"streamFeed": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			r, err := c.StreamFeed(ctx, &activityapi.StreamFeedParams{})
			if err != nil {
				return nil, err
			}
			if r.StatusCode != http.StatusOK {
				return activityapi.ParseStreamFeedResponse(r)
			}
			return opened{r.StatusCode}, r.Body.Close()
		}},
	}
}

// opened is the answer of a stream that nothing was read of.
type opened struct{ status int }

func (o opened) StatusCode() int { return o.status }
func (o opened) GetBody() []byte { return nil }

// instance is a running service with the ports that fixtures use, so that changes are announced.
type instance struct {
	*service.Service[client]

	items   ports.Items
	tx      ports.Tx
	telling told.Telling
}

// quick are times for tests: nothing waits for the real ones.
var quick = httpapi.LiveTimes{Heartbeat: time.Hour, Life: time.Hour, Gather: time.Millisecond, Recount: time.Millisecond}

func startLive(t testing.TB, times httpapi.LiveTimes) *instance {
	i := &instance{}
	i.Service = startWith(t, fx.Options(fx.Replace(times), fx.Populate(&i.items, &i.tx, &i.telling)))
	return i
}

// startPair starts two instances over one database and one broker.
func startPair(t testing.TB) (a, b *instance) {
	broker, database := testkit.NATS(t), testkit.Postgres(t, store.Migrations())
	start := func() *instance {
		i := &instance{}
		i.Service = service.Start(t, service.Options[client]{
			Name: "activity", Spec: activityapi.GetSpec, Migrations: store.Migrations(), Database: func(testing.TB) pg.Config { return database },
			Client: func(url string, h *http.Client) (client, error) {
				return activityapi.NewClientWithResponses(url, activityapi.WithHTTPClient(h))
			},
			Change: func(cfg *servicefx.ServiceConfig) { cfg.NATSURL = broker },
			Module: func(cfg servicefx.ServiceConfig, clock *testkit.Clock) fx.Option {
				return fx.Options(activity.Module(configure(cfg)), fx.Replace(fx.Annotate(clock, fx.As(new(ports.Clock))), quick),
					fx.Populate(&i.items, &i.tx, &i.telling))
			},
		})
		return i
	}
	return start(), start()
}

func (i *instance) apply(changes ...domain.Change) {
	i.T.Helper()
	ctx := reqctx.With(context.Background(), reqctx.Context{TenantID: changes[0].Item().Data().TenantID})
	require.NoError(i.T, i.tx.Do(ctx, func(ctx context.Context) error { return i.items.Apply(ctx, changes...) }))
}

// post puts a new item, and returns it.
func (i *instance) post(edit func(*domain.ItemData)) domain.Item {
	i.T.Helper()
	item := newItem(i.T, i.Service, edit)
	i.apply(domain.Put(item))
	return item
}

// change puts an item as it is now.
func (i *instance) change(item domain.Item, edit func(*domain.ItemData)) domain.Item {
	i.T.Helper()
	d := item.Data()
	d.ChangedAt = d.ChangedAt.Add(time.Second)
	edit(&d)
	changed, err := domain.NewItem(d)
	require.NoError(i.T, err)
	i.apply(domain.Put(changed))
	return changed
}

func (i *instance) retract(item domain.Item) {
	i.T.Helper()
	d := item.Data()
	i.apply(domain.Retract(d.TenantID, d.SourceRef, d.ChangedAt.Add(time.Hour)))
}

// liveEvent is one event of a stream.
type liveEvent struct {
	id, name string
	data     map[string]any
}

func (e liveEvent) source() string { s, _ := e.data["source_ref"].(string); return s }

// reader reads a stream.
type reader struct {
	t      testing.TB
	events chan liveEvent // closed at the end of the stream
	last   string         // the id of the last event
	retry  string
	close  context.CancelFunc
}

// listen opens a stream, and reads what it begins with.
func (i *instance) listen(by authz.Actor, params activityapi.StreamFeedParams) (r *reader, first liveEvent) {
	i.T.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	i.T.Cleanup(cancel)
	answer, err := i.With("bff", service.Context(by)).StreamFeed(ctx, &params) //nolint:bodyclose // by the goroutine below
	require.NoError(i.T, err)
	require.Equal(i.T, http.StatusOK, answer.StatusCode)
	require.Equal(i.T, "text/event-stream", answer.Header.Get("Content-Type"))
	r = &reader{t: i.T, events: make(chan liveEvent, 1000), close: cancel}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer close(r.events)
		defer answer.Body.Close()
		var e liveEvent
		for lines := bufio.NewScanner(answer.Body); lines.Scan(); {
			name, value, _ := strings.Cut(lines.Text(), ": ")
			switch name {
			case "id":
				e.id = value
			case "event":
				e.name = value
			case "data":
				_ = json.Unmarshal([]byte(value), &e.data)
			case "retry":
				r.retry = value
			case "":
				r.events <- e
				e = liveEvent{}
			}
		}
	}()
	i.T.Cleanup(func() { cancel(); <-done })
	return r, r.next("ready")
}

// next is the next event of a name. It fails at one of another name, except counts and signs of life when they are not asked for.
func (r *reader) next(name string) liveEvent {
	r.t.Helper()
	patience := time.After(time.Minute)
	for {
		select {
		case e, open := <-r.events:
			require.True(r.t, open, "the stream has ended")
			if e.id != "" {
				r.last = e.id
			}
			if e.name == name {
				return e
			}
			require.Contains(r.t, []string{"unread", "heartbeat"}, e.name, e.data)
		case <-patience:
			r.t.Fatalf("no %s came", name)
		}
	}
}

// counts waits for a number of unread items.
func (r *reader) counts(n int) {
	r.t.Helper()
	for r.next("unread").data["count"] != float64(n) {
	}
}

func TestStreamsTellOfWhatTheirReadersSee(t *testing.T) {
	t.Parallel()
	s := startLive(t, quick)
	anna, boris := s.Actor(allPermissions...), s.Actor(allPermissions...)
	hers, first := s.listen(anna, activityapi.StreamFeedParams{})
	require.Equal(t, false, first.data["missed"])
	require.NotEmpty(t, hers.retry)
	his, _ := s.listen(boris, activityapi.StreamFeedParams{})

	item := s.post(func(d *domain.ItemData) { d.Actor = anna.User })
	ref := item.Data().SourceRef
	for r, own := range map[*reader]bool{hers: true, his: false} {
		e := r.next("item-upsert")
		require.Equal(t, []any{ref, "post.created", true, own}, []any{e.source(), e.data["type"], e.data["is_new"], e.data["own"]})
		require.NotEmpty(t, e.id)
		require.NotContains(t, e.data, "title")
	}
	s.apply(domain.Put(item)) // again: nothing has changed
	item = s.change(item, func(d *domain.ItemData) { d.Title = "Another" })
	e := his.next("item-upsert")
	require.Equal(t, []any{false, []any{"title"}}, []any{e.data["is_new"], e.data["changed"]})
	hers.next("item-upsert")

	item = s.change(item, func(d *domain.ItemData) { d.Visibility = authz.VisibilityPrivate })
	require.Equal(t, ref, his.next("item-delete").source())
	require.Equal(t, ref, hers.next("item-upsert").source())
	item = s.change(item, func(d *domain.ItemData) { d.Visibility, d.Title = authz.VisibilityPublic, "For all" })
	require.Equal(t, true, his.next("item-upsert").data["is_new"])
	require.Equal(t, false, hers.next("item-upsert").data["is_new"])
	s.retract(item)
	require.Equal(t, ref, his.next("item-delete").source())
	require.Equal(t, ref, hers.next("item-delete").source())
}

// After each change of the audience comes one that both see, so what did not come would have come before it.
func TestStreamsTellNothingThatTheirReadersDoNotSee(t *testing.T) {
	t.Parallel()
	s := startLive(t, quick)
	chess := uuid.New()
	member, other := s.Actor(allPermissions...), s.Actor(allPermissions...)
	s.Access.SetMembership(s.Tenant, accessclient.Membership{
		MembershipKey: accessclient.MembershipKey{Scope: authz.CommunityScope(chess), UserID: member.User}, CommunityID: chess, Role: accessclient.Member, Version: 1,
	})
	outsider := s.Outsider(allPermissions...)
	theirs, _ := s.listen(other, activityapi.StreamFeedParams{})
	elsewhere, _ := s.listen(outsider, activityapi.StreamFeedParams{})
	his, _ := s.listen(member, activityapi.StreamFeedParams{})
	closed := s.post(func(d *domain.ItemData) {
		d.Scope, d.Visibility = authz.CommunityScope(chess), authz.VisibilityCommunity
	})
	require.Equal(t, closed.Data().SourceRef, his.next("item-upsert").source())
	about := s.post(func(d *domain.ItemData) { d.Parent = closed.Data().SourceRef })
	require.Equal(t, about.Data().SourceRef, his.next("item-upsert").source(), "what is about another one is seen with that one")
	s.retract(closed)
	require.Equal(t, closed.Data().SourceRef, his.next("item-delete").source())
	s.change(about, func(d *domain.ItemData) { d.Title = "Of what is gone" })
	s.post(func(d *domain.ItemData) { d.Visibility = authz.VisibilityPrivate })
	s.post(func(d *domain.ItemData) { d.Type = domain.MemberJoined })
	open := s.post(nil)
	for _, r := range []*reader{theirs, his} {
		require.Equal(t, open.Data().SourceRef, r.next("item-upsert").source())
	}
	elsewhere.close()
	for e := range elsewhere.events {
		require.Equal(t, "unread", e.name, "nothing of another tenant")
	}
	asked, _ := s.listen(other, activityapi.StreamFeedParams{Types: new("member.joined")})
	joined := s.post(func(d *domain.ItemData) { d.Type = domain.MemberJoined })
	s.post(nil)
	require.Equal(t, joined.Data().SourceRef, asked.next("item-upsert").source())
	r, err := s.As(other).StreamFeedWithResponse(t.Context(), &activityapi.StreamFeedParams{Types: new("zebra")})
	service.Refused(t, http.StatusBadRequest, "INVALID_EVENT_TYPES", r, err)
}

// The "new enemy": a right is taken away, then something is published. The old stream does not tell of it.
func TestALostRightEndsWhatItGave(t *testing.T) {
	t.Parallel()
	a, b := startPair(t)
	stays, loses := a.Actor(allPermissions...), a.Actor(domain.PermissionFeedRead, "portal.posts.read")
	for _, permission := range allPermissions {
		b.Access.Grant(stays, authz.TenantScope(a.Tenant), permission)
	}
	b.Access.Grant(loses, authz.TenantScope(a.Tenant), domain.PermissionFeedRead)
	old, _ := b.listen(loses, activityapi.StreamFeedParams{})
	kept, _ := b.listen(stays, activityapi.StreamFeedParams{})
	for range 50 {
		b.Access.Grant(loses, authz.TenantScope(a.Tenant), "portal.posts.read")
		seen := a.post(nil).Data().SourceRef
		require.Equal(t, seen, old.next("item-upsert").source())
		require.Equal(t, seen, kept.next("item-upsert").source())
		b.Access.Revoke(loses, "portal.posts.read")
		hidden := a.post(nil).Data().SourceRef
		require.Equal(t, hidden, kept.next("item-upsert").source())
	}
	b.Access.Grant(loses, authz.TenantScope(a.Tenant), "portal.posts.read")
	last := a.post(nil).Data().SourceRef
	require.Equal(t, last, old.next("item-upsert").source())
}

func TestNewsHasTheEventsThatClientsKnow(t *testing.T) {
	t.Parallel()
	s := startLive(t, quick)
	r, _ := s.listen(s.Actor(allPermissions...), activityapi.StreamFeedParams{})
	id := uuid.NewString()
	item := s.post(func(d *domain.ItemData) {
		d.Type, d.SourceRef, d.Payload = domain.NewsPosted, "news:"+id, map[string]any{"body": "x"}
	})
	r.next("item-upsert")
	require.Equal(t, id, r.next("news-upsert").data["news_id"])
	s.change(item, func(d *domain.ItemData) { d.Payload = map[string]any{"body": "y"} })
	r.next("item-upsert")
	require.Equal(t, []any{"body"}, r.next("news-upsert").data["changed"])
	s.retract(item)
	r.next("item-delete")
	require.Equal(t, id, r.next("news-delete").data["news_id"])
}

func TestStreamsCountWhatIsUnread(t *testing.T) {
	t.Parallel()
	a, b := startPair(t)
	reader := a.Actor(allPermissions...)
	for _, permission := range allPermissions {
		b.Access.Grant(reader, authz.TenantScope(a.Tenant), permission)
	}
	markRead(t, a.Service, reader)
	a.Clock.Advance(time.Minute)
	r, _ := b.listen(reader, activityapi.StreamFeedParams{})
	r.counts(0)
	first := a.post(nil)
	r.next("item-upsert")
	r.counts(1)
	a.post(func(d *domain.ItemData) { d.Actor = reader.User })
	r.next("item-upsert")
	a.post(nil)
	r.next("item-upsert")
	r.counts(2)
	a.retract(first)
	r.next("item-delete")
	r.counts(1)
	a.Clock.Advance(time.Minute)
	markRead(t, a.Service, reader) // in another instance
	r.counts(0)
}

// A reader who comes back, to whichever instance, is told of what has happened in between, and of nothing twice.
func TestAReaderWhoComesBackIsToldWhatWasMissed(t *testing.T) {
	t.Parallel()
	a, b := startPair(t)
	reader := a.Actor(allPermissions...)
	for _, permission := range allPermissions {
		b.Access.Grant(reader, authz.TenantScope(a.Tenant), permission)
	}
	r, _ := a.listen(reader, activityapi.StreamFeedParams{})
	also, _ := b.listen(reader, activityapi.StreamFeedParams{})
	a.post(nil)
	r.next("item-upsert")
	also.next("item-upsert")
	last := r.last
	r.close()
	first, second := a.post(nil), a.post(nil)
	a.change(first, func(d *domain.ItemData) { d.Title = "Another" })
	for seen := map[string]bool{}; !seen[second.Data().SourceRef] || !seen["title"]; { // the other instance knows all
		e := also.next("item-upsert")
		seen[e.source()] = true
		for _, field := range e.data["changed"].([]any) {
			seen[field.(string)] = true
		}
	}
	back, ready := b.listen(reader, activityapi.StreamFeedParams{LastEventID: &last})
	require.Equal(t, false, ready.data["missed"])
	require.Equal(t, second.Data().SourceRef, back.next("item-upsert").source())
	e := back.next("item-upsert")
	require.Equal(t, []any{first.Data().SourceRef, true}, []any{e.source(), e.data["is_new"]}, "two updates of one item are one")
	third := a.post(nil)
	require.Equal(t, third.Data().SourceRef, back.next("item-upsert").source())
	for _, unknown := range []string{"1000-1", "nonsense", "-1-1"} {
		_, ready = b.listen(reader, activityapi.StreamFeedParams{LastEventID: &unknown})
		require.Equal(t, true, ready.data["missed"], unknown)
	}
}

func TestReadersAreToldWhenAccessIsAway(t *testing.T) {
	t.Parallel()
	s := startLive(t, quick)
	r, _ := s.listen(s.Actor(allPermissions...), activityapi.StreamFeedParams{})
	s.Access.Fail(authztest.Unavailable)
	s.post(nil)
	require.Equal(t, true, r.next("ready").data["missed"])
	s.Access.Fail(nil)
	item := s.post(nil)
	require.Equal(t, item.Data().SourceRef, r.next("item-upsert").source())
}

func TestAReaderHasABoundedNumberOfStreams(t *testing.T) {
	t.Parallel()
	s := startLive(t, quick)
	by := s.Actor(allPermissions...)
	var one *reader
	for range 20 {
		one, _ = s.listen(by, activityapi.StreamFeedParams{})
	}
	refused, err := s.As(by).StreamFeedWithResponse(t.Context(), &activityapi.StreamFeedParams{})
	service.Refused(t, http.StatusTooManyRequests, "TOO_MANY_STREAMS", refused, err)
	s.listen(s.Actor(allPermissions...), activityapi.StreamFeedParams{})
	one.close()
	require.Eventually(t, func() bool {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		r, err := s.As(by).StreamFeed(ctx, &activityapi.StreamFeedParams{})
		require.NoError(t, err)
		require.NoError(t, r.Body.Close())
		return r.StatusCode == http.StatusOK
	}, time.Minute, 10*time.Millisecond)
}

// Signs of life come without news, and the stream ends by itself without an event that former clients take for its last.
func TestStreamsLiveForAWhile(t *testing.T) {
	t.Parallel()
	s := startLive(t, httpapi.LiveTimes{Heartbeat: 5 * time.Millisecond, Life: 200 * time.Millisecond, Gather: time.Millisecond, Recount: time.Millisecond})
	r, _ := s.listen(s.Actor(allPermissions...), activityapi.StreamFeedParams{})
	require.NotEmpty(t, r.next("heartbeat").id)
	for e := range r.events {
		require.NotEqual(t, "close", e.name)
	}
}

func TestStoppingEndsStreams(t *testing.T) {
	t.Parallel()
	s := startLive(t, quick)
	r, _ := s.listen(s.Actor(allPermissions...), activityapi.StreamFeedParams{})
	s.Stop()
	for range r.events { // ends
	}
}
