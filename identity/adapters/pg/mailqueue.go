package pg

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/mail"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/seal"
)

type mailRow struct {
	bun.BaseModel `bun:"table:mail_queue,alias:q"`

	ID        uuid.UUID `bun:"id,pk,type:uuid"`
	Sealed    []byte    `bun:"sealed"`
	SealKey   string    `bun:"seal_key"`
	Attempts  int       `bun:"attempts"`
	DueAt     time.Time `bun:"due_at"`
	ExpiresAt time.Time `bun:"expires_at"`
	Discarded bool      `bun:"discarded"`
	LastError string    `bun:"last_error"`
	CreatedAt time.Time `bun:"created_at"`
}

// sealedMail is what is sealed of a mail.
type sealedMail struct {
	mail.Message
	Requested *ports.RequestedMail `json:",omitempty"`
}

// MailQueue implements ports.MailQueue.
type MailQueue struct {
	DB     *pg.DB
	Seal   *seal.Sealer
	Clock  ports.Clock
	Queued func() // called after the commit of a mail that is to be sent
}

const mailQueue = "mail_queue"

func aboutMail(id uuid.UUID) []byte { return []byte("mail_queue/" + id.String()) }

// Add implements ports.MailQueue. A mail that is discarded has expired when it is stored: it is deleted and never claimed.
func (s MailQueue) Add(ctx context.Context, m ports.QueuedMail, discard bool) error {
	plain, err := json.Marshal(sealedMail{m.Message, m.Requested})
	if err != nil {
		return fmt.Errorf("encoding a mail: %w", err)
	}
	sealed, key := s.Seal.Seal(plain, aboutMail(m.ID))
	now := s.Clock.Now()
	row := mailRow{ID: m.ID, Sealed: sealed, SealKey: key, DueAt: now, ExpiresAt: m.ExpiresAt, Discarded: discard, CreatedAt: now}
	if discard {
		row.ExpiresAt = now
	}
	if err := insert(ctx, s.DB, &row); err != nil {
		return err
	}
	if !discard {
		s.DB.AfterCommit(ctx, s.Queued)
	}
	return nil
}

// Claim implements ports.MailQueue. Instances skip what another is sending.
func (s MailQueue) Claim(ctx context.Context, limit int, lease time.Duration, now time.Time) ([]ports.QueuedMail, error) {
	rows, err := claim[mailRow](ctx, s.DB, mailQueue, "NOT discarded", limit, lease, now)
	if err != nil {
		return nil, err
	}
	mails := make([]ports.QueuedMail, 0, len(rows))
	for _, r := range rows {
		m := ports.QueuedMail{ID: r.ID, Attempts: r.Attempts, ExpiresAt: r.ExpiresAt}
		content, err := s.open(r)
		m.Message, m.Requested, m.Unreadable = content.Message, content.Requested, err
		mails = append(mails, m)
	}
	return mails, nil
}

func (s MailQueue) open(r mailRow) (content sealedMail, err error) {
	plain, err := s.Seal.Open(r.Sealed, r.SealKey, aboutMail(r.ID))
	if err != nil {
		return sealedMail{}, fmt.Errorf("opening a mail: %w", err)
	}
	if err := json.Unmarshal(plain, &content); err != nil {
		return sealedMail{}, fmt.Errorf("reading a mail: %w", err)
	}
	return content, nil
}

// Unsent is how many mails have not been sent, and how long the oldest of them has waited.
func (s MailQueue) Unsent(ctx context.Context) (mails int, oldest time.Duration, err error) {
	var since time.Time
	err = s.DB.Conn(ctx).NewSelect().Table(mailQueue).ColumnExpr("count(*), coalesce(min(created_at), ?)", s.Clock.Now()).
		Where("NOT discarded").Scan(ctx, &mails, &since)
	if err != nil {
		return 0, 0, pg.Error(err)
	}
	return mails, s.Clock.Now().Sub(since), nil
}

// Done implements ports.MailQueue.
func (s MailQueue) Done(ctx context.Context, id uuid.UUID) error {
	return done(ctx, s.DB, mailQueue, id)
}

// Retry implements ports.MailQueue.
func (s MailQueue) Retry(ctx context.Context, id uuid.UUID, reason string, at time.Time) error {
	_, err := s.DB.Conn(ctx).NewUpdate().Table(mailQueue).
		Set("due_at = ?", at).Set("last_error = left(?, 500)", reason).Where("id = ?", id).Exec(ctx)
	return pg.Error(err)
}
