package pg_test

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

	accesspg "go.updspace.com/access/adapters/pg"
	"go.updspace.com/access/domain"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
)

func entry(tenant uuid.UUID, permission string) domain.Entry {
	s := domain.Subject{Tenant: tenant, User: uuid.New()}
	return domain.SystemAdminDecision(s, domain.Question{Permission: permission, Scope: domain.TenantScope(tenant)}, "request-1", noon)
}

func TestRecorderStoresWhatWasRecordedBeforeItStops(t *testing.T) {
	w := newWorld(t)
	var log bytes.Buffer
	r := accesspg.NewRecorder(accesspg.NewJournal(w.db), slog.New(slog.NewJSONHandler(&log, nil)))
	r.Start()
	first := entry(tenant, "voting.poll.read")
	require.NoError(t, r.Record(context.Background(), first, entry(other, "voting.vote.cast")))
	require.NoError(t, r.Record(context.Background(), entry(tenant, "voting.votings.admin")))
	require.NoError(t, r.Stop(context.Background()))

	require.Equal(t, 2, w.count(tenant, "SELECT count(*) FROM audit_events"))
	require.Equal(t, 1, w.count(other, "SELECT count(*) FROM audit_events"))
	require.NoError(t, w.db.Read(within(tenant), func(ctx context.Context) error {
		var by uuid.UUID
		var action, typ, target, metadata string
		var at time.Time
		err := w.db.Conn(ctx).QueryRowContext(ctx, `SELECT performed_by, action, target_type, target_id, metadata, created_at
			FROM audit_events WHERE target_id = 'voting.poll.read'`).Scan(&by, &action, &typ, &target, &metadata, &at)
		require.NoError(t, err)
		require.Equal(t, first.PerformedBy, by)
		require.Equal(t, []string{"system_admin_decision", "permission", "voting.poll.read"}, []string{action, typ, target})
		require.JSONEq(t, `{"scope_type": "TENANT", "scope_id": "`+tenant.String()+`", "request_id": "request-1"}`, metadata)
		require.Equal(t, noon, at)
		return nil
	}))

	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	require.Len(t, lines, 3, "and each is a line of the log")
	var line map[string]any
	require.NoError(t, json.Unmarshal([]byte(lines[0]), &line))
	require.Equal(t, "voting.poll.read", line["permission"])
}

func TestRecorderStoresWithoutBeingStopped(t *testing.T) {
	w := newWorld(t)
	r := accesspg.NewRecorder(accesspg.NewJournal(w.db), slog.New(slog.DiscardHandler))
	r.Start()
	defer func() { require.NoError(t, r.Stop(context.Background())) }()
	require.NoError(t, r.Record(context.Background(), entry(tenant, "voting.poll.read")))
	require.Eventually(t, func() bool { return w.count(tenant, "SELECT count(*) FROM audit_events") == 1 }, 10*time.Second, 20*time.Millisecond)
}

func TestManyRecordAtOnce(t *testing.T) {
	w := newWorld(t)
	r := accesspg.NewRecorder(accesspg.NewJournal(w.db), slog.New(slog.DiscardHandler))
	r.Start()
	const recorders, each = 8, 100
	failures := make([]error, recorders)
	var wg sync.WaitGroup
	for i := range recorders {
		wg.Go(func() {
			for range each {
				if err := r.Record(context.Background(), entry(tenant, "voting.poll.read")); err != nil {
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
	require.Equal(t, recorders*each, w.count(tenant, "SELECT count(*) FROM audit_events"))
}

// While the database is away entries wait; when no more can wait, a decision
// that cannot be recorded is refused, and stopping says what was lost.
func TestRecorderIsBoundedAndRefusesWhatItCannotKeep(t *testing.T) {
	db, err := pg.Open(context.Background(), pg.Config{URL: "postgres://nobody@127.0.0.1:1/none"})
	require.NoError(t, err)
	defer db.Close()
	r := accesspg.NewRecorder(accesspg.NewJournal(db), slog.New(slog.DiscardHandler))
	r.Start()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	kept := 0
	for err == nil && kept < 1_000_000 {
		short, done := context.WithTimeout(ctx, 100*time.Millisecond)
		if err = r.Record(short, entry(tenant, "voting.poll.read")); err == nil {
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

func TestJournalIsPartOfItsTransaction(t *testing.T) {
	w := newWorld(t)
	j := accesspg.NewJournal(w.db)
	err := w.db.Do(within(tenant), func(ctx context.Context) error {
		require.NoError(t, j.Record(ctx, entry(tenant, "voting.poll.read")))
		return errs.Forbiddenf("no")
	})
	require.Error(t, err)
	require.Zero(t, w.count(tenant, "SELECT count(*) FROM audit_events"))
	require.NoError(t, j.Record(within(tenant), entry(tenant, "voting.poll.read"), domain.Entry{Tenant: tenant, Action: "a", TargetType: "b", At: noon}))
	require.Equal(t, 2, w.count(tenant, "SELECT count(*) FROM audit_events"))
	require.Error(t, j.Record(within(tenant), entry(other, "voting.poll.read")), "an entry of another tenant")
}
