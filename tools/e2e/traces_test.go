package e2e

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/redis/rueidis"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/outbox"
)

// kept is all that the platform keeps, as a superuser sees it.
type kept struct {
	databases map[string]*sql.DB // by service
	streams   jetstream.JetStream
}

func whatIsKept(t *testing.T) kept {
	t.Helper()
	k := kept{databases: map[string]*sql.DB{}}
	for _, service := range world.Services() {
		k.databases[service.Name] = database(t, service.Database())
	}
	nc, err := nats.Connect(world.NATS.URL())
	require.NoError(t, err)
	t.Cleanup(nc.Close)
	k.streams, err = jetstream.New(nc)
	require.NoError(t, err)
	return k
}

// traces are texts that are looked for wherever the platform keeps something. Each search returns one find for each place.
type traces []string

func (s traces) in(text string) bool {
	text = strings.ToLower(text)
	for _, one := range s {
		if strings.Contains(text, strings.ToLower(one)) {
			return true
		}
	}
	return false
}

// databases looks into every row of every table of every service. Places are service.table.
func (s traces) databases(t *testing.T, k kept) map[string]string {
	t.Helper()
	patterns := make([]string, len(s))
	for i, one := range s {
		patterns[i] = "%" + strings.ToLower(one) + "%"
	}
	found := map[string]string{}
	for service, db := range k.databases {
		var tables string
		require.NoError(t, db.QueryRowContext(t.Context(),
			"SELECT string_agg(relname, ' ') FROM pg_class WHERE relkind IN ('r', 'm') AND relnamespace = 'public'::regnamespace").Scan(&tables))
		for table := range strings.FieldsSeq(tables) {
			var row *string
			query := fmt.Sprintf(`SELECT max(r::text) FROM %q AS r WHERE lower(r::text) LIKE ANY ($1)`, table)
			require.NoError(t, db.QueryRowContext(t.Context(), query, patterns).Scan(&row))
			if row != nil {
				found[service+"."+table] = *row
			}
		}
	}
	return found
}

// streams looks into every message of the streams. Places are a stream and a subject.
func (s traces) streams(t *testing.T, k kept) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, name := range []string{outbox.StreamEvents, outbox.StreamDead} {
		stream, err := k.streams.Stream(t.Context(), name)
		require.NoError(t, err)
		state := stream.CachedInfo().State
		for seq := state.FirstSeq; seq <= state.LastSeq && state.Msgs > 0; seq++ {
			m, err := stream.GetMsg(t.Context(), seq)
			if err != nil {
				require.ErrorIs(t, err, jetstream.ErrMsgNotFound)
				continue
			}
			if s.in(string(m.Data) + fmt.Sprint(m.Header)) {
				found[name+" "+m.Subject] = string(m.Data)
			}
		}
	}
	return found
}

// underWay says which events have not arrived yet; empty if all have.
func (k kept) underWay(t *testing.T) string {
	t.Helper()
	for service, db := range k.databases {
		if n := count(t, db, "SELECT count(*) FROM outbox WHERE published_at IS NULL"); n > 0 {
			return fmt.Sprintf("%d events in the outbox of %s", n, service)
		}
	}
	stream, err := k.streams.Stream(t.Context(), outbox.StreamEvents)
	require.NoError(t, err)
	consumers, waiting := stream.ListConsumers(t.Context()), ""
	for c := range consumers.Info() { // to the end: the list would wait for its reader
		if c.Config.Durable != "" && (c.NumPending > 0 || c.NumAckPending > 0) {
			waiting = fmt.Sprintf("%d events for %s", c.NumPending+uint64(c.NumAckPending), c.Name)
		}
	}
	require.NoError(t, consumers.Err())
	return waiting
}

// redis looks into every key and its value. Places are keys.
func (s traces) redis(t *testing.T) map[string]string {
	t.Helper()
	client, err := rueidis.NewClient(rueidis.ClientOption{InitAddress: []string{world.Redis.Addr}, DisableCache: true, AlwaysRESP2: true})
	require.NoError(t, err)
	defer client.Close()
	ctx := context.WithoutCancel(t.Context())
	keys, err := client.Do(ctx, client.B().Keys().Pattern("*").Build()).AsStrSlice()
	require.NoError(t, err)
	found := map[string]string{}
	for _, key := range keys {
		value, err := client.Do(ctx, client.B().Dump().Key(key).Build()).ToString() // of any type
		if rueidis.IsRedisNil(err) {
			continue // its time has ended
		}
		require.NoError(t, err, key)
		if s.in(key + value) {
			found[key] = value
		}
	}
	return found
}

// logs looks into every line of the logs of the run. Places are files.
func (s traces) logs(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(world.Dir, "logs", "*"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	found := map[string]string{}
	for _, file := range files {
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		for line := range strings.Lines(string(content)) {
			if s.in(line) {
				found[filepath.Base(file)] = line
			}
		}
	}
	return found
}
