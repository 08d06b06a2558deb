package pg_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	store "go.updspace.com/identity/adapters/pg"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/personaldata"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
)

// An erasure removes the names from what others wrote about others, and what was sent and asked for in every tenant.
func TestNamesAreRemovedFromWhatOthersWrote(t *testing.T) {
	w := newWorld(t)
	ctx := reqctx.With(pg.AcrossTenants(context.Background(), "test"), reqctx.Context{Caller: "identity"})
	platform := func(statement string, args ...any) {
		t.Helper()
		require.NoError(t, w.tx.Platform(ctx, func(ctx context.Context) error {
			_, err := w.db.Conn(ctx).NewRaw(statement, args...).Exec(ctx)
			return err
		}))
	}
	platform(`INSERT INTO applications (tenant_id, email, display_name, language, answers, status, reason, created_at, expires_at)
		VALUES (?, 'carol@example.com', 'Carol', 'en', ?, 'rejected', 'Ask Zemfira Kovrigina first', now(), now())`,
		w.aef.ID, `{"from": "Me:\nzemfira  kovrigina", "age": "20"}`)
	platform("UPDATE users SET status_reason = 'Insulted Zemfira' WHERE id = ?", w.bob.ID)
	platform(`INSERT INTO outbox (tenant_id, id, type, subject, event, published_at) VALUES (?, ?, 'a', 'user/x', ?, now())`,
		w.aef.ID, uuid.New(), `{"user_id": "`+w.alice.ID.String()+`"}`)
	log := audit.New(w.db)
	require.NoError(t, w.tx.Platform(ctx, func(ctx context.Context) error {
		return log.Write(ctx, audit.Entry{Action: "user.suspended", About: w.bob.ID, Reason: "Insulted Zemfira"})
	}))

	data := personaldata.New("identity", w.tx, log, w.clock.Now, store.PersonalData(w.db)...)
	receipt, err := data.Erase(ctx, w.alice.ID, "Zemfira Kovrigina", "Zemfira")
	require.NoError(t, err)
	require.EqualValues(t, 1, receipt.Counts["applications_of_others"])
	texts := func(query string) (found []string) {
		t.Helper()
		require.NoError(t, w.tx.Platform(ctx, func(ctx context.Context) error { return w.db.Conn(ctx).NewRaw(query).Scan(ctx, &found) }))
		return found
	}
	require.Equal(t, []string{"Ask … first"}, texts("SELECT reason FROM applications"))
	require.Equal(t, []string{"20", "Me:\n…"}, texts("SELECT value FROM applications, jsonb_each_text(answers) ORDER BY key"))
	require.Equal(t, []string{"Insulted …"}, texts("SELECT status_reason FROM users WHERE status_reason <> ''"))
	require.Equal(t, []string{"Insulted …"}, texts("SELECT reason FROM audit_entries WHERE reason <> ''"))
	require.Empty(t, texts("SELECT subject FROM outbox"))
}
