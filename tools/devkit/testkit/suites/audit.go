package suites

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/personaldata"
	"go.updspace.com/libs/reqctx"
)

// Audit tests an implementation of the audit log. open returns an empty one and its transactions.
func Audit(t *testing.T, open func(t *testing.T) (personaldata.Log, personaldata.Tx)) {
	tenant, anna, boris := uuid.New(), uuid.New(), uuid.New()
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	by := func(tenant, user uuid.UUID) context.Context {
		return reqctx.With(context.Background(), reqctx.Context{TenantID: tenant, UserID: user, RequestID: "req-1"})
	}
	ctx := by(tenant, anna)
	store := func(t *testing.T, log personaldata.Log, tx personaldata.Tx, ctx context.Context, entries ...audit.Entry) { //nolint:revive // t first
		t.Helper()
		require.NoError(t, tx.Do(ctx, func(ctx context.Context) error { return log.Write(ctx, entries...) }))
	}
	list := func(t *testing.T, log personaldata.Log, f audit.Filter) (actions []string) {
		t.Helper()
		p, err := log.List(ctx, f, page.Request{})
		require.NoError(t, err)
		for _, e := range p.Items {
			actions = append(actions, e.Action)
		}
		return actions
	}

	t.Run("entries are completed from the context", func(t *testing.T) {
		log, tx := open(t)
		store(t, log, tx, ctx, audit.Entry{Action: "role.created", TargetType: "role", TargetID: "7", At: noon, Metadata: map[string]any{"n": 1.0}})
		p, err := log.List(ctx, audit.Filter{}, page.Request{})
		require.NoError(t, err)
		require.Len(t, p.Items, 1)
		got := p.Items[0]
		require.NotEqual(t, uuid.Nil, got.ID)
		got.ID = uuid.Nil
		require.Equal(t, audit.Entry{
			At: noon, Tenant: tenant, Actor: audit.Actor{Type: audit.User, ID: anna}, Action: "role.created", TargetType: "role", TargetID: "7",
			RequestID: "req-1", Metadata: map[string]any{"n": 1.0},
		}, got)
	})

	t.Run("an entry needs a transaction", func(t *testing.T) {
		log, _ := open(t)
		require.NoError(t, log.Write(ctx))
		require.Equal(t, errs.Internal, errs.KindOf(log.Write(ctx, audit.Entry{Action: "a"})))
		require.Empty(t, list(t, log, audit.Filter{}))
	})

	t.Run("filters and pages", func(t *testing.T) {
		log, tx := open(t)
		store(t, log, tx, ctx,
			audit.Entry{Action: "a", TargetType: "role", TargetID: "1", At: noon},
			audit.Entry{Action: "b", TargetType: "role", TargetID: "2", At: noon.Add(time.Hour), About: boris})
		store(t, log, tx, by(tenant, boris), audit.Entry{Action: "c", TargetType: "user", TargetID: "1", At: noon.Add(2 * time.Hour)})
		store(t, log, tx, by(uuid.New(), anna), audit.Entry{Action: "elsewhere", At: noon})
		for _, c := range []struct {
			filter audit.Filter
			want   []string
		}{
			{audit.Filter{}, []string{"c", "b", "a"}},
			{audit.Filter{Actor: anna}, []string{"b", "a"}},
			{audit.Filter{Concerning: boris}, []string{"c", "b"}},
			{audit.Filter{Action: "b"}, []string{"b"}},
			{audit.Filter{TargetType: "role"}, []string{"b", "a"}},
			{audit.Filter{TargetID: "1"}, []string{"c", "a"}},
			{audit.Filter{From: noon.Add(time.Hour)}, []string{"c", "b"}},
			{audit.Filter{To: noon.Add(time.Hour)}, []string{"a"}},
		} {
			require.Equal(t, c.want, list(t, log, c.filter), "%+v", c.filter)
		}
		var got []string
		request := page.Request{Limit: 1}
		for {
			p, err := log.List(ctx, audit.Filter{}, request)
			require.NoError(t, err)
			require.Len(t, p.Items, 1)
			got = append(got, p.Items[0].Action)
			if request.Cursor = p.Next; p.Next == "" {
				break
			}
		}
		require.Equal(t, []string{"c", "b", "a"}, got)
		_, err := log.List(ctx, audit.Filter{}, page.Request{Cursor: "x"})
		require.Equal(t, errs.Invalid, errs.KindOf(err))
	})

	t.Run("redaction removes a user and keeps the entries", func(t *testing.T) {
		log, tx := open(t)
		store(t, log, tx, ctx,
			audit.Entry{Action: "a", IP: "203.0.113.7", Reason: "because", At: noon, TargetID: "x/" + anna.String()},
			audit.Entry{Action: "b", At: noon.Add(time.Hour), About: boris, Metadata: map[string]any{"user_id": boris.String()}})
		store(t, log, tx, by(tenant, boris), audit.Entry{Action: "c", At: noon.Add(2 * time.Hour), About: anna, Metadata: map[string]any{"ids": []any{anna.String()}}})
		redact := func(limit int) (n int) {
			require.NoError(t, tx.Do(ctx, func(ctx context.Context) (err error) { n, err = log.RedactUser(ctx, anna, limit); return err }))
			return n
		}
		require.Equal(t, 2, redact(2))
		require.Equal(t, 1, redact(2))
		require.Zero(t, redact(2))
		require.Empty(t, list(t, log, audit.Filter{Concerning: anna}))
		p, err := log.List(ctx, audit.Filter{}, page.Request{})
		require.NoError(t, err)
		require.Len(t, p.Items, 3)
		require.NotContains(t, fmt.Sprint(p.Items), anna.String())
		require.Equal(t, boris, p.Items[0].Actor.ID)
		require.Equal(t, boris, p.Items[1].About)
		require.Equal(t, map[string]any{"user_id": boris.String()}, p.Items[1].Metadata)
		require.Equal(t, "x/"+uuid.Nil.String(), p.Items[2].TargetID)
		require.Empty(t, p.Items[2].IP+p.Items[2].Reason)
	})
}
