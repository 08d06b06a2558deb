package pg

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/pg"
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

// MailQueue implements ports.MailQueue.
type MailQueue struct {
	DB     *pg.DB
	Seal   Sealer
	Now    func() time.Time
	Queued func() // called after the commit of a mail that is to be sent
}

func aboutMail(id uuid.UUID) []byte { return []byte("mail_queue/" + id.String()) }

// Add implements ports.MailQueue.
func (s MailQueue) Add(ctx context.Context, m domain.QueuedMail, discard bool) error {
	plain, err := json.Marshal(m.Mail)
	if err != nil {
		return fmt.Errorf("encoding a mail: %w", err)
	}
	sealed, key := s.Seal.Seal(plain, aboutMail(m.ID))
	now := s.Now()
	row := mailRow{ID: m.ID, Sealed: sealed, SealKey: key, DueAt: now, ExpiresAt: m.ExpiresAt, Discarded: discard, CreatedAt: now}
	if _, err := s.DB.Conn(ctx).NewInsert().Model(&row).Exec(ctx); err != nil {
		return pg.Error(err)
	}
	if s.Queued != nil && !discard {
		s.DB.AfterCommit(ctx, s.Queued)
	}
	return nil
}

// Claim implements ports.MailQueue. Instances skip what another is sending.
func (s MailQueue) Claim(ctx context.Context, limit int, lease time.Duration, now time.Time) ([]domain.QueuedMail, error) {
	var rows []mailRow
	err := s.DB.Conn(ctx).NewRaw(`
		UPDATE mail_queue SET due_at = ?, attempts = attempts + 1
		WHERE id IN (
			SELECT id FROM mail_queue WHERE due_at <= ? AND expires_at > ? AND NOT discarded
			ORDER BY due_at LIMIT ? FOR UPDATE SKIP LOCKED)
		RETURNING *`, now.Add(lease), now, now, limit).Scan(ctx, &rows)
	if err != nil {
		return nil, pg.Error(err)
	}
	mails := make([]domain.QueuedMail, 0, len(rows))
	for _, r := range rows {
		m := domain.QueuedMail{ID: r.ID, Attempts: r.Attempts, ExpiresAt: r.ExpiresAt}
		plain, err := s.Seal.Open(r.Sealed, r.SealKey, aboutMail(r.ID))
		if err != nil {
			return nil, fmt.Errorf("opening mail %s: %w", r.ID, err)
		}
		if err := json.Unmarshal(plain, &m.Mail); err != nil {
			return nil, fmt.Errorf("reading mail %s: %w", r.ID, err)
		}
		mails = append(mails, m)
	}
	return mails, nil
}

// Done implements ports.MailQueue.
func (s MailQueue) Done(ctx context.Context, id uuid.UUID) error {
	_, err := s.DB.Conn(ctx).NewDelete().Model((*mailRow)(nil)).Where("id = ?", id).Exec(ctx)
	return pg.Error(err)
}

// Retry implements ports.MailQueue.
func (s MailQueue) Retry(ctx context.Context, id uuid.UUID, reason string, at time.Time) error {
	_, err := s.DB.Conn(ctx).NewUpdate().Model((*mailRow)(nil)).
		Set("due_at = ?", at).Set("last_error = left(?, 500)", reason).Where("id = ?", id).Exec(ctx)
	return pg.Error(err)
}

// Sweep implements ports.MailQueue.
func (s MailQueue) Sweep(ctx context.Context, now time.Time) error {
	_, err := s.DB.Conn(ctx).NewDelete().Model((*mailRow)(nil)).
		WhereOr("expires_at <= ?", now).WhereOr("discarded").Exec(ctx)
	return pg.Error(err)
}
