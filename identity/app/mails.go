package app

import (
	"context"
	"log/slog"
	"time"

	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
)

const (
	mailBatch     = 10
	mailLease     = 2 * time.Minute // after that another instance may try
	mailPollEvery = 5 * time.Second // for what other instances queued, and retries
	sweepEvery    = 10 * time.Minute
)

// Mails sends queued mails, so that a slow mail server holds up nobody, and
// drops what has outlived its use.
type Mails struct {
	Queue  ports.MailQueue
	Mailer ports.Mailer
	House  ports.Housekeeper
	Clock  ports.Clock
	Log    *slog.Logger
	Wake   *Wake
}

// Wake tells Mails that this instance has queued one.
type Wake struct{ c chan struct{} }

// NewWake returns a Wake that nobody has signalled.
func NewWake() *Wake { return &Wake{c: make(chan struct{}, 1)} }

// Signal wakes Mails, now or next time it waits. It never blocks.
func (w *Wake) Signal() {
	select {
	case w.c <- struct{}{}:
	default:
	}
}

// Run sends until ctx ends.
func (m *Mails) Run(ctx context.Context) error {
	poll, sweep := time.NewTicker(mailPollEvery), time.NewTicker(sweepEvery)
	defer poll.Stop()
	defer sweep.Stop()
	for {
		if err := m.Send(ctx); err != nil && ctx.Err() == nil {
			m.Log.ErrorContext(ctx, "sending mails", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-m.Wake.c:
		case <-poll.C:
		case <-sweep.C:
			if err := m.Sweep(ctx); err != nil && ctx.Err() == nil {
				m.Log.ErrorContext(ctx, "housekeeping", "error", err)
			}
		}
	}
}

// Send sends what is due. One mail that fails is tried again later and holds
// up no other.
func (m *Mails) Send(ctx context.Context) error {
	for {
		mails, err := m.Queue.Claim(ctx, mailBatch, mailLease, m.Clock.Now())
		if err != nil || len(mails) == 0 {
			return err
		}
		for _, mail := range mails {
			if err := m.send(ctx, mail); err != nil {
				return err
			}
		}
	}
}

func (m *Mails) send(ctx context.Context, mail domain.QueuedMail) error {
	failure := m.Mailer.Send(ctx, mail.Mail)
	if failure == nil {
		return m.Queue.Done(ctx, mail.ID)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	retry := m.Clock.Now().Add(domain.MailRetry(mail.Attempts))
	if mail.Attempts >= domain.MailMaxAttempts || !retry.Before(mail.ExpiresAt) {
		m.Log.ErrorContext(ctx, "mail given up", "mail", mail.ID, "attempts", mail.Attempts, "error", failure)
		return m.Queue.Done(ctx, mail.ID)
	}
	m.Log.WarnContext(ctx, "mail not sent yet", "mail", mail.ID, "attempts", mail.Attempts, "error", failure)
	return m.Queue.Retry(ctx, mail.ID, failure.Error(), retry)
}

// Sweep drops what has outlived its use.
func (m *Mails) Sweep(ctx context.Context) error {
	now := m.Clock.Now()
	if err := m.Queue.Sweep(ctx, now); err != nil {
		return err
	}
	_, err := m.House.Sweep(ctx, now)
	return err
}
