package audit_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit"
)

func within(tenant uuid.UUID) context.Context {
	return reqctx.With(context.Background(), reqctx.Context{TenantID: tenant})
}

// stored counts the entries of a tenant.
func stored(t *testing.T, db *pg.DB, tenant uuid.UUID) (n int) {
	t.Helper()
	require.NoError(t, db.Read(within(tenant), func(ctx context.Context) error {
		return db.Conn(ctx).NewRaw("SELECT count(*) FROM audit_entries WHERE tenant_id = ?", tenant).Scan(ctx, &n)
	}))
	return n
}

func entry(tenant uuid.UUID, permission string) audit.Entry {
	return audit.Entry{
		Tenant: tenant, Actor: audit.Actor{Type: audit.User, ID: uuid.New()}, At: noon, Action: "system_admin_decision",
		TargetType: "permission", TargetID: permission, RequestID: "request-1", Metadata: map[string]any{"scope_type": "GLOBAL"},
	}
}

func TestBufferWritesWhatWaitsWhenItStops(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t)
	var log bytes.Buffer
	r := audit.NewBuffer(audit.New(db), slog.New(slog.NewJSONHandler(&log, nil)))
	r.Start()
	first := entry(tenant, "voting.poll.read")
	require.NoError(t, r.Write(context.Background(), first, entry(otherTenant, "voting.vote.cast")))
	require.NoError(t, r.Write(context.Background(), entry(tenant, "voting.votings.admin")))
	require.NoError(t, r.Stop(context.Background()))

	require.Equal(t, 2, stored(t, db, tenant))
	require.Equal(t, 1, stored(t, db, otherTenant))
	found := list(t, db, within(tenant), audit.Filter{TargetID: "voting.poll.read"})
	require.Len(t, found, 1)
	found[0].ID = uuid.Nil
	require.Equal(t, first, found[0])

	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	require.Len(t, lines, 3, "and each is a line of the log")
	var line map[string]any
	require.NoError(t, json.Unmarshal([]byte(lines[0]), &line))
	require.Equal(t, "voting.poll.read", line["target_id"])
	require.Equal(t, "WARN", line["level"])
}

func TestBufferWritesWhileRunning(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t)
	r := audit.NewBuffer(audit.New(db), slog.New(slog.DiscardHandler))
	r.Start()
	defer func() { require.NoError(t, r.Stop(context.Background())) }()
	require.NoError(t, r.Write(context.Background(), entry(tenant, "voting.poll.read")))
	require.Eventually(t, func() bool { return stored(t, db, tenant) == 1 }, 10*time.Second, 20*time.Millisecond)
}

func TestConcurrentWritesToTheBuffer(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t)
	r := audit.NewBuffer(audit.New(db), slog.New(slog.DiscardHandler))
	r.Start()
	const recorders, each = 8, 100
	failures := make([]error, recorders)
	var wg sync.WaitGroup
	for i := range recorders {
		wg.Go(func() {
			for range each {
				if err := r.Write(context.Background(), entry(tenant, "voting.poll.read")); err != nil {
					failures[i] = err
				}
			}
		})
	}
	wg.Wait()
	for _, err := range failures {
		require.NoError(t, err)
	}
	require.NoError(t, r.Stop(context.Background()))
	require.Equal(t, recorders*each, stored(t, db, tenant))
}

// While the database is away entries wait; when no more can wait, an entry is refused, and stopping says what was lost.
func TestBufferIsBounded(t *testing.T) {
	t.Parallel()
	db, err := pg.Open(context.Background(), pg.Config{URL: "postgres://none@127.0.0.1:1/none"})
	require.NoError(t, err)
	defer db.Close()
	r := audit.NewBuffer(audit.New(db), slog.New(slog.DiscardHandler))
	r.Start()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	kept := 0
	for err == nil && kept < 1_000_000 {
		short, done := context.WithTimeout(ctx, 100*time.Millisecond)
		if err = r.Write(short, entry(tenant, "voting.poll.read")); err == nil {
			kept++
		}
		done()
	}
	require.Equal(t, errs.Unavailable, errs.KindOf(err), "%v", err)
	require.GreaterOrEqual(t, kept, 4096)
	require.Less(t, kept, 10_000)

	stopped, done := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer done()
	require.Error(t, r.Stop(stopped))
}

func TestWriteNowJoinsTheTransaction(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t)
	log := audit.New(db)
	err := db.Do(within(tenant), func(ctx context.Context) error {
		require.NoError(t, log.WriteNow(ctx, entry(tenant, "voting.poll.read")))
		return errs.Forbiddenf("no")
	})
	require.Error(t, err)
	require.Zero(t, stored(t, db, tenant))
	require.NoError(t, log.WriteNow(within(tenant), entry(tenant, "voting.poll.read"), audit.Entry{Tenant: tenant, Action: "a", TargetType: "b", At: noon}))
	require.Equal(t, 2, stored(t, db, tenant))
	require.Error(t, log.WriteNow(within(tenant), entry(otherTenant, "voting.poll.read")), "an entry of another tenant")
}
