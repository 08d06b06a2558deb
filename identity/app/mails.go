package app

import (
	"context"
	"errors"
	"time"

	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
)

const (
	mailBatch = 10
	mailLease = 2 * time.Minute // after that another instance may try
)

// Mails sends queued mails beside the requests.
type Mails struct{ *Deps }

// Send sends what is due. One mail that fails is tried again later and holds up no other.
func (m *Mails) Send(ctx context.Context) error {
	for {
		mails, err := m.Mails.Claim(ctx, mailBatch, mailLease, m.Clock.Now())
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

func (m *Mails) send(ctx context.Context, mail ports.QueuedMail) error {
	if mail.Unreadable == nil {
		bounced, err := m.Suppressed.Since(ctx, mail.To, m.Clock.Now())
		if err != nil {
			return err
		}
		if bounced != nil {
			m.Log.InfoContext(ctx, "mail not sent: its address does not take mails", "mail", mail.ID)
			return m.done(ctx, mail, domain.MailBounced)
		}
	}
	failure := m.try(ctx, mail)
	if failure == nil {
		return m.done(ctx, mail, domain.MailSent)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	retry := m.Clock.Now().Add(domain.MailRetry(mail.Attempts))
	if mail.Attempts >= domain.MailMaxAttempts || !retry.Before(mail.ExpiresAt) {
		m.Log.ErrorContext(ctx, "mail given up", "mail", mail.ID, "attempts", mail.Attempts, "error", failure)
		return m.done(ctx, mail, domain.MailNotAccepted)
	}
	m.Log.WarnContext(ctx, "mail not sent yet", "mail", mail.ID, "attempts", mail.Attempts, "error", failure)
	return m.Mails.Retry(ctx, mail.ID, failure.Error(), retry)
}

var errMailExpired = errors.New("the mail expired before it was sent")

func (m *Mails) try(ctx context.Context, mail ports.QueuedMail) error {
	if mail.Unreadable != nil {
		return mail.Unreadable
	}
	if !m.Clock.Now().Before(mail.ExpiresAt) {
		return errMailExpired
	}
	return m.Mailer.Send(ctx, mail.Message)
}

// done removes a mail from the queue and tells the service that asked for it.
func (m *Mails) done(ctx context.Context, mail ports.QueuedMail, outcome domain.MailOutcome) error {
	if mail.Requested == nil {
		return m.Mails.Done(ctx, mail.ID)
	}
	return m.Tx.Platform(ctx, func(ctx context.Context) error {
		if err := m.Mails.Done(ctx, mail.ID); err != nil {
			return err
		}
		return m.Events.MailDone(ctx, *mail.Requested, outcome)
	})
}
