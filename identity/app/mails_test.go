package app_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/mail"
	"go.updspace.com/tools/devkit/testkit"
)

// queue is a mail queue in memory.
type queue struct {
	mails map[uuid.UUID]*queued
}

type queued struct {
	ports.QueuedMail
	due time.Time
}

func (q *queue) Add(_ context.Context, m ports.QueuedMail, _ bool) error {
	q.mails[m.ID] = &queued{QueuedMail: m}
	return nil
}

func (q *queue) Claim(_ context.Context, _ int, lease time.Duration, now time.Time) ([]ports.QueuedMail, error) {
	var out []ports.QueuedMail
	for _, m := range q.mails {
		if !m.due.After(now) {
			m.Attempts++
			m.due = now.Add(lease)
			out = append(out, m.QueuedMail)
		}
	}
	return out, nil
}

func (q *queue) Done(_ context.Context, id uuid.UUID) error { delete(q.mails, id); return nil }

func (q *queue) Retry(_ context.Context, id uuid.UUID, _ string, at time.Time) error {
	q.mails[id].due = at
	return nil
}

// suppressed are addresses that take no mails.
type suppressed map[string]bool

func (s suppressed) Since(_ context.Context, address string, now time.Time) (*time.Time, error) {
	if s[address] {
		return &now, nil
	}
	return nil, nil //nolint:nilnil // it takes mails
}

func (suppressed) Add(context.Context, string, time.Time, time.Time) (bool, error) { return true, nil }
func (suppressed) Remove(context.Context, string) (bool, error)                    { return true, nil }
func (suppressed) Remember(context.Context, domain.Hash, time.Time) (bool, error)  { return true, nil }

// server is a mail server that refuses whom it is told to.
type server struct {
	refuse map[string]bool
	sent   []string
	tries  int
}

func (s *server) Send(_ context.Context, m mail.Message) error {
	s.tries++
	if s.refuse[m.To] {
		return errors.New("not now")
	}
	s.sent = append(s.sent, m.To)
	return nil
}

func TestMailsAreSentAndTriedAgain(t *testing.T) {
	ctx := context.Background()
	clock := testkit.NewClock()
	q, s := &queue{mails: map[uuid.UUID]*queued{}}, &server{refuse: map[string]bool{"bad@x.test": true}}
	m := &app.Mails{Deps: &app.Deps{Mails: q, Mailer: s, Suppressed: suppressed{"gone@x.test": true}, Clock: clock, Log: slog.New(slog.DiscardHandler)}}
	for _, to := range []string{"bad@x.test", "good@x.test"} {
		require.NoError(t, q.Add(ctx, ports.QueuedMail{ID: uuid.New(), Message: mail.Message{To: to}, ExpiresAt: clock.Now().Add(15 * time.Minute)}, false))
	}
	require.NoError(t, m.Send(ctx))
	require.Equal(t, []string{"good@x.test"}, s.sent, "one that fails holds up no other")
	require.Len(t, q.mails, 1)
	require.NoError(t, m.Send(ctx))
	require.Equal(t, 2, s.tries, "not before its time")

	clock.Advance(15 * time.Second)
	s.refuse = nil
	require.NoError(t, m.Send(ctx))
	require.Equal(t, []string{"good@x.test", "bad@x.test"}, s.sent)
	require.Empty(t, q.mails)
}

func TestAMailIsGivenUpWhenItIsOfNoMoreUse(t *testing.T) {
	ctx := context.Background()
	clock := testkit.NewClock()
	q, s := &queue{mails: map[uuid.UUID]*queued{}}, &server{refuse: map[string]bool{"bad@x.test": true}}
	m := &app.Mails{Deps: &app.Deps{Mails: q, Mailer: s, Suppressed: suppressed{"gone@x.test": true}, Clock: clock, Log: slog.New(slog.DiscardHandler)}}
	require.NoError(t, q.Add(ctx, ports.QueuedMail{ID: uuid.New(), Message: mail.Message{To: "bad@x.test"}, ExpiresAt: clock.Now().Add(domain.MagicLinkLifetime)}, false))
	for range 30 {
		require.NoError(t, m.Send(ctx))
		clock.Advance(time.Minute)
	}
	require.Empty(t, q.mails)
	require.Less(t, s.tries, domain.MailMaxAttempts)
	require.Greater(t, s.tries, 3)
}

// tx runs functions without a transaction.
type tx struct{}

func (tx) Do(ctx context.Context, fn func(ctx context.Context) error) error { return fn(ctx) }
func (tx) Across(ctx context.Context) context.Context                       { return ctx }

func (tx) Platform(ctx context.Context, fn func(ctx context.Context) error) error { return fn(ctx) }

// told notes what became of mails.
type told struct {
	ports.Events
	outcomes map[ports.RequestedMail]domain.MailOutcome
}

func (e told) MailDone(_ context.Context, m ports.RequestedMail, outcome domain.MailOutcome) error {
	e.outcomes[m] = outcome
	return nil
}

func TestTheOutcomeOfARequestedMailIsTold(t *testing.T) {
	ctx := context.Background()
	clock := testkit.NewClock()
	q, s := &queue{mails: map[uuid.UUID]*queued{}}, &server{refuse: map[string]bool{"bad@x.test": true}}
	events := told{outcomes: map[ports.RequestedMail]domain.MailOutcome{}}
	m := &app.Mails{Deps: &app.Deps{Mails: q, Mailer: s, Suppressed: suppressed{"gone@x.test": true}, Clock: clock, Log: slog.New(slog.DiscardHandler), Tx: tx{}, Events: events}}
	ask := func(to string) ports.RequestedMail {
		r := ports.RequestedMail{Tenant: uuid.New(), Message: uuid.New(), Kind: "events.reminder"}
		require.NoError(t, q.Add(ctx, ports.QueuedMail{ID: uuid.New(), Message: mail.Message{To: to}, Requested: &r, ExpiresAt: clock.Now().Add(time.Hour)}, false))
		return r
	}
	good, bad, gone := ask("good@x.test"), ask("bad@x.test"), ask("gone@x.test")
	require.NoError(t, m.Send(ctx))
	require.Equal(t, map[ports.RequestedMail]domain.MailOutcome{good: domain.MailSent, gone: domain.MailBounced}, events.outcomes)
	require.NotContains(t, s.sent, "gone@x.test")
	for range 60 {
		clock.Advance(time.Minute)
		require.NoError(t, m.Send(ctx))
	}
	require.Equal(t, map[ports.RequestedMail]domain.MailOutcome{good: domain.MailSent, gone: domain.MailBounced, bad: domain.MailNotAccepted}, events.outcomes)
}

func TestAMailThatExpiredUnsentIsTold(t *testing.T) {
	ctx := context.Background()
	clock := testkit.NewClock()
	q, s := &queue{mails: map[uuid.UUID]*queued{}}, &server{}
	events := told{outcomes: map[ports.RequestedMail]domain.MailOutcome{}}
	m := &app.Mails{Deps: &app.Deps{Mails: q, Mailer: s, Suppressed: suppressed{"gone@x.test": true}, Clock: clock, Log: slog.New(slog.DiscardHandler), Tx: tx{}, Events: events}}
	asked := ports.RequestedMail{Tenant: uuid.New(), Message: uuid.New(), Kind: "events.reminder"}
	require.NoError(t, q.Add(ctx, ports.QueuedMail{ID: uuid.New(), Message: mail.Message{To: "a@x.test"}, Requested: &asked, ExpiresAt: clock.Now().Add(time.Hour)}, false))
	clock.Advance(time.Hour) // nothing ran meanwhile
	require.NoError(t, m.Send(ctx))
	require.Empty(t, s.sent)
	require.Empty(t, q.mails)
	require.Equal(t, map[ports.RequestedMail]domain.MailOutcome{asked: domain.MailNotAccepted}, events.outcomes)
}

func TestAMailThatCannotBeReadHoldsUpNoOther(t *testing.T) {
	ctx := context.Background()
	clock := testkit.NewClock()
	q, s := &queue{mails: map[uuid.UUID]*queued{}}, &server{}
	m := &app.Mails{Deps: &app.Deps{Mails: q, Mailer: s, Suppressed: suppressed{"gone@x.test": true}, Clock: clock, Log: slog.New(slog.DiscardHandler)}}
	broken, good := uuid.New(), uuid.New()
	require.NoError(t, q.Add(ctx, ports.QueuedMail{ID: broken, Unreadable: errors.New("no key"), ExpiresAt: clock.Now().Add(24 * time.Hour)}, false))
	require.NoError(t, q.Add(ctx, ports.QueuedMail{ID: good, Message: mail.Message{To: "good@x.test"}, ExpiresAt: clock.Now().Add(time.Hour)}, false))
	require.NoError(t, m.Send(ctx))
	require.Equal(t, []string{"good@x.test"}, s.sent)
	require.Contains(t, q.mails, broken, "its key may come back")
	q.mails[broken].Unreadable = nil
	clock.Advance(domain.MailRetry(1))
	require.NoError(t, m.Send(ctx))
	require.Empty(t, q.mails)
}
