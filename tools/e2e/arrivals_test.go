package e2e

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/activityevents"
	"go.updspace.com/libs/outbox"
)

// Members post as fast as they can, while the broker is stopped, the connections of the relays and of the consumers are cut, and an instance of activity
// ends and another begins. In the end each post is in the feed once, was announced to open streams once, and each mention is one notification.
func TestEachPostArrivesOnceWhateverFails(t *testing.T) {
	const authors, each = 12, 20 // of each, half are posts of portal and half news that mention the reader
	second, err := world.Service("activity").StartAnother(t.Context(), nil)
	require.NoError(t, err)
	stopAtEnd(t, second)
	people := crowd(t, authors+1)
	known(t, people)
	reader, people := people[0], people[1:]
	transport := http.DefaultTransport.(*http.Transport).Clone()
	t.Cleanup(transport.CloseIdleConnections)
	client, gateway := &http.Client{Transport: transport}, world.Service("bff").URL()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	live := listen(t, client, reader, gateway)
	began := time.Now().UTC().Truncate(time.Second)

	var (
		mu      sync.Mutex
		sources []string // what was accepted
		writing sync.WaitGroup
		pace    = make(chan struct{}) // one for each post that may be written
	)
	for _, author := range people {
		writing.Go(func() {
			for n := range each {
				<-pace
				source, err := write(ctx, client, gateway, author, reader, n%2 == 0)
				if err != nil {
					t.Error(err)
					continue
				}
				mu.Lock()
				sources = append(sources, source)
				mu.Unlock()
			}
		})
	}
	cut := func(name string) func() {
		return func() {
			count(t, database(t, name), `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = $1 AND usename = $1 || '_app'`, name)
		}
	}
	back := sync.OnceFunc(func() { require.NoError(t, world.NATS.Start()) })
	t.Cleanup(back)
	faults := []func(){
		world.NATS.Stop, cut("db_portal"), back, cut("db_activity"),
		func() { require.NoError(t, second.Stop(ctx)) },
		func() {
			second, err = world.Service("activity").StartAnother(ctx, nil)
			require.NoError(t, err)
			stopAtEnd(t, second)
		},
		cut("db_activity"), cut("db_portal"),
	}
	const all = authors * each
	for n := range all {
		pace <- struct{}{}
		if at := n * (len(faults) + 1) / all; at > 0 && at != (n-1)*(len(faults)+1)/all {
			faults[at-1]()
		}
	}
	writing.Wait()
	require.Len(t, sources, all)

	require.Eventually(t, func() bool { return len(feedSince(t, ctx, client, gateway, reader, began, sources)) >= all }, time.Minute, 200*time.Millisecond)
	require.ElementsMatch(t, sources, feedSince(t, ctx, client, gateway, reader, began, sources))
	announced := map[string]int{}
	for _, update := range announcements(t, sources) {
		if len(update.Before) == 0 {
			announced[update.SourceRef]++
		}
	}
	require.Len(t, announced, all)
	for source, times := range announced {
		require.Equal(t, 1, times, "%s was announced as new", source)
	}
	activity := database(t, "db_activity")
	told := func() int {
		return count(t, activity, `SELECT count(*) FROM notifications WHERE user_id = $1 AND kind = 'mention'`, reader.user)
	}
	require.Eventually(t, func() bool { return told() >= all/2 }, time.Minute, 200*time.Millisecond)
	require.Equal(t, all/2, told())
	missed := 0
	for _, source := range sources {
		if !live.hasTold(source) {
			missed++
		}
	}
	require.True(t, missed == 0 || live.hasMissed() > 0, "the stream has told of all but %d, and not said so", missed)
}

// write writes a post, or news that mention the reader, and returns its source.
func write(ctx context.Context, client *http.Client, gateway string, author, reader attendee, post bool) (string, error) {
	if post {
		_, answer, err := author.send(ctx, client, http.MethodPost, gateway+"/api/v1/portal/posts", map[string]any{"title": "Under load", "body": "x", "visibility": "public"}, http.StatusCreated)
		var made struct{ ID string }
		if err == nil {
			err = json.Unmarshal(answer, &made)
		}
		return "post:" + made.ID, err
	}
	_, answer, err := author.send(ctx, client, http.MethodPost, gateway+"/api/v1/activity/news", map[string]any{"body": "For @" + reader.username, "visibility": "public"}, http.StatusOK, http.StatusCreated)
	var item struct {
		SourceRef string `json:"source_ref"`
	}
	if err == nil {
		err = json.Unmarshal(answer, &item)
	}
	return item.SourceRef, err
}

// feedSince are those of some sources that are in the feed of a reader, over all pages.
func feedSince(t *testing.T, ctx context.Context, client *http.Client, gateway string, reader attendee, since time.Time, sources []string) (found []string) {
	t.Helper()
	asked := make(map[string]bool, len(sources))
	for _, source := range sources {
		asked[source] = true
	}
	query := url.Values{"limit": {"100"}, "from": {since.Format(time.RFC3339)}}
	for {
		_, answer, err := reader.send(ctx, client, http.MethodGet, gateway+"/api/v1/activity/v2/feed?"+query.Encode(), nil, http.StatusOK)
		require.NoError(t, err)
		var page struct {
			Items []struct {
				SourceRef string `json:"source_ref"`
			}
			NextCursor string `json:"next_cursor"`
		}
		require.NoError(t, json.Unmarshal(answer, &page))
		for _, item := range page.Items {
			if asked[item.SourceRef] {
				found = append(found, item.SourceRef)
			}
		}
		if page.NextCursor == "" {
			return found
		}
		query.Set("cursor", page.NextCursor)
	}
}

// announcements are the updates of the feed about some sources, which all instances were told of.
func announcements(t *testing.T, sources []string) (found []activityevents.FeedUpdate) {
	t.Helper()
	nc, err := nats.Connect(world.NATS.URL())
	require.NoError(t, err)
	defer nc.Close()
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	consumer, err := js.OrderedConsumer(t.Context(), outbox.StreamEvents, jetstream.OrderedConsumerConfig{FilterSubjects: []string{"updspace." + activityevents.TypeFeedUpdated}})
	require.NoError(t, err)
	asked := strings.Join(sources, " ")
	for {
		message, err := consumer.Next(jetstream.FetchMaxWait(2 * time.Second))
		if err != nil {
			return found
		}
		var e struct{ Data activityevents.FeedUpdated }
		require.NoError(t, json.Unmarshal(message.Data(), &e))
		for _, update := range e.Data.Updates {
			if strings.Contains(asked, update.SourceRef) {
				found = append(found, update)
			}
		}
	}
}
