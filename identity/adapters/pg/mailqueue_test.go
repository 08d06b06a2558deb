package pg_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	store "go.updspace.com/identity/adapters/pg"
	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/mail"
)

func TestTheMailQueue(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	woken := 0
	queue := store.MailQueue{DB: w.db, Seal: w.sealer, Clock: w.clock, Queued: func() { woken++ }}
	message := func(to string) ports.QueuedMail {
		return ports.QueuedMail{
			ID: uuid.New(), ExpiresAt: now.Add(time.Hour), Requested: &ports.RequestedMail{Tenant: w.aef.ID, Message: uuid.New(), Kind: "events.reminder"},
			Message: mail.Message{
				To: to, Subject: "S", Text: "secret link", HTML: "<p>secret", Unsubscribe: "http://id.localhost/unsubscribe",
				Attachments: []mail.Attachment{{Name: "a.ics", ContentType: "text/calendar", Content: []byte{0, 1}, Alternative: true}},
			},
		}
	}
	one, two := message("one@x.test"), message("two@x.test")
	failed := errors.New("rolled back")
	require.ErrorIs(t, w.tx.Platform(ctx, func(ctx context.Context) error {
		require.NoError(t, queue.Add(ctx, message("never@x.test"), false))
		return failed
	}), failed)
	require.Zero(t, woken, "nothing was committed")
	requireUnsent := func(mails int, age time.Duration, at time.Time) {
		t.Helper()
		w.clock.Set(at)
		unsent, oldest, err := queue.Unsent(ctx)
		require.NoError(t, err)
		require.Equal(t, mails, unsent)
		require.Equal(t, age, oldest)
		w.clock.Set(now)
	}
	requireUnsent(0, 0, now)
	require.NoError(t, w.tx.Platform(ctx, func(ctx context.Context) error { return queue.Add(ctx, one, false) }))
	require.Equal(t, 1, woken)
	require.NoError(t, queue.Add(ctx, two, true))
	require.Equal(t, 1, woken, "a discarded mail wakes no sender")
	requireUnsent(1, 20*time.Minute, now.Add(20*time.Minute))
	var stored string
	require.NoError(t, w.db.Conn(ctx).NewRaw("SELECT string_agg(encode(sealed, 'escape'), '') FROM mail_queue").Scan(ctx, &stored))
	require.NotContains(t, stored, "secret link")

	got, err := queue.Claim(ctx, 10, time.Minute, now)
	require.NoError(t, err)
	require.Len(t, got, 1)
	require.Equal(t, one.Message, got[0].Message)
	require.Equal(t, one.Requested, got[0].Requested)
	require.Equal(t, 1, got[0].Attempts)
	got, err = queue.Claim(ctx, 10, time.Minute, now)
	require.NoError(t, err)
	require.Empty(t, got, "it is being sent")
	got, err = queue.Claim(ctx, 10, time.Minute, now.Add(time.Minute))
	require.NoError(t, err)
	require.Len(t, got, 1, "the instance that was sending it has stopped")
	require.Equal(t, 2, got[0].Attempts)
	require.NoError(t, queue.Retry(ctx, one.ID, "refused", now.Add(10*time.Minute)))
	got, err = queue.Claim(ctx, 10, time.Minute, now.Add(9*time.Minute))
	require.NoError(t, err)
	require.Empty(t, got)
	got, err = queue.Claim(ctx, 10, time.Minute, now.Add(time.Hour))
	require.NoError(t, err)
	require.Len(t, got, 1, "it has expired, and is to be given up")

	elsewhere := store.MailQueue{DB: w.db, Seal: newSealer(t, "b")}
	got, err = elsewhere.Claim(ctx, 10, time.Minute, now.Add(2*time.Hour))
	require.NoError(t, err)
	require.Len(t, got, 1)
	require.ErrorContains(t, got[0].Unreadable, "not configured")
	require.Nil(t, got[0].Requested)

	cleanup := store.Cleanup{DB: w.db, Clock: w.clock}
	require.NoError(t, cleanup.Prune(ctx))
	require.Equal(t, 1, w.rows("mail_queue"), "a discarded mail is deleted at once")
	w.clock.Advance(24 * time.Hour)
	require.NoError(t, cleanup.Prune(ctx))
	require.Equal(t, 1, w.rows("mail_queue"), "it is kept for those who tell that it was not sent")
	w.clock.Advance(time.Hour)
	require.NoError(t, cleanup.Prune(ctx))
	require.Zero(t, w.rows("mail_queue"))
}
