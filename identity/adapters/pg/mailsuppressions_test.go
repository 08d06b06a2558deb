package pg_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	store "go.updspace.com/identity/adapters/pg"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/seal"
)

func TestMailSuppressions(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	old, next := seal.NewKey("old"), seal.NewKey("next")
	with := func(keys string) store.MailSuppressions {
		sealer, err := seal.Parse(keys)
		require.NoError(t, err)
		return store.MailSuppressions{DB: w.db, Seal: sealer}
	}
	before, during, after := with(old), with(next+","+old), with(next)
	const gone = "gone@x.test"
	since := func(s store.MailSuppressions, address string, at time.Time) *time.Time {
		found, err := s.Since(ctx, address, at)
		require.NoError(t, err)
		return found
	}
	add := func(s store.MailSuppressions, at time.Time) bool {
		added, err := s.Add(ctx, gone, at, at.Add(time.Hour))
		require.NoError(t, err)
		return added
	}
	require.Nil(t, since(before, gone, now))
	require.True(t, add(before, now))
	require.False(t, add(before, now.Add(time.Minute)), "it was")
	require.Equal(t, now, since(before, gone, now).UTC())
	require.Equal(t, now, since(during, gone, now).UTC(), "under a key that is no more the newest")
	require.Nil(t, since(after, gone, now), "its key is forgotten")
	require.Nil(t, since(before, "other@x.test", now))
	require.Nil(t, since(before, gone, now.Add(time.Hour)), "it has ended")
	require.True(t, add(before, now.Add(time.Hour)), "and begins anew")
	require.True(t, add(after, now))
	removed, err := during.Remove(ctx, gone)
	require.NoError(t, err)
	require.True(t, removed)
	require.Nil(t, since(during, gone, now.Add(time.Hour)), "under both keys")
	removed, err = during.Remove(ctx, gone)
	require.NoError(t, err)
	require.False(t, removed)

	report := domain.Hash{1}
	for _, fresh := range []bool{true, false} {
		got, err := before.Remember(ctx, report, now.Add(time.Hour))
		require.NoError(t, err)
		require.Equal(t, fresh, got)
	}
	require.True(t, add(before, now))
	w.clock.Set(now.Add(time.Hour))
	require.NoError(t, store.Cleanup{DB: w.db, Clock: w.clock}.Prune(ctx))
	require.Zero(t, w.rows("mail_reports")+w.rows("mail_suppressions"))
}
