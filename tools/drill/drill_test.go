package drill

import (
	"context"
	"database/sql"
	"encoding/json"
	"net/http"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/outbox"
	"go.updspace.com/tools/devkit/devstack"
	"go.updspace.com/tools/journey"
)

const (
	members = 24
	writers = 4 // of each kind
	pace    = 100 * time.Millisecond

	startPatience = 3 * time.Minute
	// A loss is over within seconds on a machine that has nothing else to do.
	lossPatience    = 2 * time.Minute
	upgradePatience = 10 * time.Minute
	loadPatience    = 15 * time.Minute
)

// Under a load of all kinds of writes every part is killed and comes back. No write that was acknowledged is lost or there twice, what is refused
// meanwhile is refused with 503 or 504, and the feed and the notifications have everything afterwards.
func TestNothingIsLostWhenPartsDie(t *testing.T) {
	c := startCluster(t)
	r := c.underLoad(t, pace)
	for _, of := range c.losses() {
		patient, done := context.WithTimeout(t.Context(), lossPatience)
		f, err := c.suffer(patient, r.load, r.kinds, of)
		done()
		t.Log(f)
		require.NoError(t, err, of.name)
	}
	l := r.finish(t)
	require.NoError(t, journey.SignIn(t.Context(), journey.NewBrowser(c.Origin("aef"), transport(t), nil), journey.Second, journey.Password))
	r.ground.requireAll(t, c, l)
}

// All instances of all services are replaced, one after another, while people use the platform. Hardly a request is refused. DRILL_NEXT=folder has
// the programs that replace those of DRILL_PROGRAMS; then these replace them again.
func TestHardlyARequestIsRefusedDuringAnUpgrade(t *testing.T) {
	const oneIn = 1000
	c := startCluster(t)
	r := c.underLoad(t, pace/2)
	patient, done := context.WithTimeout(t.Context(), upgradePatience)
	defer done()
	require.NoError(t, r.load.flows(patient, r.kinds))
	next := os.Getenv("DRILL_NEXT")
	require.NoError(t, c.upgrade(patient, next))
	if next != c.programs {
		require.NoError(t, c.upgrade(patient, c.programs))
	}
	require.NoError(t, r.load.flows(patient, r.kinds))
	require.NoError(t, c.Problem())
	l := r.finish(t)
	all := l.failures
	for _, n := range l.counts() {
		all += n
	}
	t.Logf("%d of %d requests were refused", l.failures, all)
	require.LessOrEqual(t, l.failures*oneIn, all)
	r.ground.requireAll(t, c, l)
}

// underway is a load that is on.
type underway struct {
	ground *ground
	kinds  []kind
	load   *load
	finish func(*testing.T) *load
}

func (c *Cluster) underLoad(t *testing.T, pace time.Duration) underway {
	t.Helper()
	admin, people := enter(t, c)
	g, err := prepare(t.Context(), admin, people)
	require.NoError(t, err)
	u := underway{ground: g, kinds: g.kinds(), load: newLoad(pace)}
	running, cancel := context.WithTimeout(t.Context(), loadPatience)
	stop := make(chan struct{})
	end := sync.OnceFunc(func() { close(stop) })
	var going sync.WaitGroup
	going.Go(func() { u.load.run(running, stop, u.kinds, writers) })
	t.Cleanup(func() { end(); cancel(); going.Wait() })
	u.finish = func(t *testing.T) *load {
		t.Helper()
		end()
		going.Wait()
		l := u.load
		t.Logf("acknowledged: %v; refused by status: %v; connections that broke with a gateway: %d", l.counts(), l.refused, l.broken)
		require.Empty(t, l.problems)
		return l
	}
	return u
}

func startCluster(t *testing.T) *Cluster {
	t.Helper()
	t.Setenv(devstack.EnvPostgresURL, "")
	t.Setenv(devstack.EnvRedisAddr, "")
	ctx, cancel := context.WithTimeout(t.Context(), startPatience)
	defer cancel()
	dir := os.Getenv("DRILL_DIR") // to look at the logs
	if dir == "" {
		dir = t.TempDir()
	}
	c, err := Start(ctx, dir, os.Getenv("DRILL_PROGRAMS"))
	require.NoError(t, err)
	t.Cleanup(c.Stop)
	return c
}

func transport(t *testing.T) *http.Transport {
	t.Helper()
	tr := journey.Transport()
	tr.MaxIdleConnsPerHost = 32
	t.Cleanup(tr.CloseIdleConnections)
	return tr
}

// enter signs the administrator in, and makes a crowd.
func enter(t *testing.T, c *Cluster) (admin *journey.Browser, people []person) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), startPatience)
	defer cancel()
	through := transport(t)
	admin = journey.NewBrowser(c.Origin("aef"), through, nil)
	require.NoError(t, journey.SignIn(ctx, admin, journey.Admin, journey.Password))
	people, err := c.crowd(ctx, through, members)
	require.NoError(t, err)
	return admin, people
}

// stored says for each kind how its writes are found in the database of its service.
func (g *ground) stored() map[string]struct {
	database, query string
	about           any
} {
	return map[string]struct {
		database, query string
		about           any
	}{
		votes:    {"db_voting", "SELECT user_id || ' ' || option_id FROM ballots WHERE poll_id = $1", g.poll},
		answers:  {"db_events", "SELECT a.user_id || ' ' || o.event_id FROM answers AS a JOIN occurrences AS o ON o.id = a.occurrence_id WHERE o.event_id = ANY ($1::uuid[])", g.events},
		grants:   {"db_gamification", "SELECT reason FROM grants WHERE achievement_id = $1", g.achievement},
		posts:    {"db_portal", "SELECT title FROM posts WHERE title LIKE $1 AND deleted_at IS NULL", "Drill %"},
		bindings: {"db_access", "SELECT user_id || ' ' || role_id FROM role_bindings WHERE role_id = ANY ($1)", g.roles},
	}
}

// requireAll compares what was acknowledged with what is stored, told by events, in the feed and in the notifications.
func (g *ground) requireAll(t *testing.T, c *Cluster, l *load) {
	t.Helper()
	for kind, at := range g.stored() {
		var acknowledged []string
		for _, a := range l.acks[kind] {
			acknowledged = append(acknowledged, a.key)
		}
		slices.Sort(acknowledged)
		if kind == answers { // the same answer again changes nothing
			acknowledged = slices.Compact(acknowledged)
		}
		stored := rows(t, c, at.database, at.query, at.about)
		slices.Sort(stored)
		assert.Equal(t, acknowledged, stored, kind)
	}
	ctx, cancel := context.WithTimeout(t.Context(), lossPatience)
	defer cancel()
	refs := func(kind, prefix string) (all []string) {
		for _, a := range l.acks[kind] {
			all = append(all, prefix+a.id)
		}
		return all
	}
	const feed = "SELECT count(*) FROM items WHERE NOT retracted AND source_ref = ANY ($1)"
	assert.NoError(t, c.await(ctx, "db_activity", len(l.acks[posts]), feed, refs(posts, "post:")), "posts in the feed")
	assert.NoError(t, c.await(ctx, "db_activity", len(l.acks[grants]), feed, refs(grants, "grant:")), "grants in the feed")
	assert.NoError(t, c.await(ctx, "db_activity", len(l.acks[grants]),
		"SELECT count(*) FROM notification_causes WHERE notification_id IS NOT NULL AND cause = ANY ($1)", refs(grants, "badge:")), "grants in notifications")
	told := map[string]int{"voting.vote.cast": len(l.acks[votes]), "portal.post.created": len(l.acks[posts]), "gamification.grant.created": len(l.acks[grants])}
	g.requireEvents(t, c, told)
}

func rows(t *testing.T, c *Cluster, database, query string, args ...any) (found []string) {
	t.Helper()
	db, err := sql.Open("pgx", c.DatabaseURL(database))
	require.NoError(t, err)
	defer db.Close()
	r, err := db.QueryContext(t.Context(), query, args...)
	require.NoError(t, err)
	defer r.Close()
	for r.Next() {
		var s string
		require.NoError(t, r.Scan(&s))
		found = append(found, s)
	}
	require.NoError(t, r.Err())
	return found
}

// requireEvents reads the whole stream: each write has told of itself once. The demo data has told of things of its own before.
func (g *ground) requireEvents(t *testing.T, c *Cluster, expected map[string]int) {
	t.Helper()
	nc, err := nats.Connect(c.natsURL)
	require.NoError(t, err)
	defer nc.Close()
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	stream, err := js.Stream(t.Context(), outbox.StreamEvents)
	require.NoError(t, err)
	consumer, err := stream.OrderedConsumer(t.Context(), jetstream.OrderedConsumerConfig{})
	require.NoError(t, err)
	told, ids := map[string]int{}, map[string]int{}
	ctx, cancel := context.WithTimeout(t.Context(), lossPatience)
	defer cancel()
	for left := stream.CachedInfo().State.Msgs; left > 0; left-- {
		var message jetstream.Msg
		require.NoError(t, until(ctx, func() (err error) {
			message, err = consumer.Next(jetstream.FetchMaxWait(time.Second)) // a new consumer may not be known to all servers yet
			return err
		}))
		var e struct {
			ID, Type, Subject string
			Data              struct {
				PollID        string `json:"poll_id"`
				Title         string
				AchievementID string `json:"achievement_id"`
			}
		}
		require.NoError(t, json.Unmarshal(message.Data(), &e))
		ids[e.ID]++
		require.Equal(t, 1, ids[e.ID], "%s of %s is in the stream twice", e.Type, e.Subject)
		ours := e.Data.PollID == g.poll || e.Data.AchievementID == g.achievement || len(e.Data.Title) > 6 && e.Data.Title[:6] == "Drill "
		if _, counted := expected[e.Type]; counted && ours {
			told[e.Type]++
		}
	}
	assert.Equal(t, expected, told)
}
