package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/wire"
)

type noticeRow struct {
	bun.BaseModel `bun:"table:logout_notices,alias:n"`
	noticeData
	DueAt time.Time `bun:"due_at"`
}

// noticeData is domain.LogoutNotice with the names of its columns.
type noticeData struct {
	ID        uuid.UUID `bun:"id,pk,type:uuid"`
	ClientID  string    `bun:"client_id"`
	SessionID uuid.UUID `bun:"session_id,type:uuid"`
	UserID    uuid.UUID `bun:"user_id,type:uuid"`
	Attempts  int       `bun:"attempts"`
	ExpiresAt time.Time `bun:"expires_at"`
}

const noticeQueue = "logout_notices"

// LogoutNotices implements ports.LogoutNotices.
type LogoutNotices struct{ DB *pg.DB }

// Add implements ports.LogoutNotices.
func (s LogoutNotices) Add(ctx context.Context, notices []domain.LogoutNotice, due time.Time) error {
	if len(notices) == 0 {
		return nil
	}
	rows := wire.Each(notices, func(n domain.LogoutNotice) noticeRow { return noticeRow{noticeData: noticeData(n), DueAt: due} })
	return insert(ctx, s.DB, &rows)
}

// Claim implements ports.LogoutNotices.
func (s LogoutNotices) Claim(ctx context.Context, limit int, lease time.Duration, now time.Time) ([]domain.LogoutNotice, error) {
	rows, err := claim[noticeRow](ctx, s.DB, noticeQueue, "expires_at > ?2", limit, lease, now)
	return wire.Each(rows, func(r noticeRow) domain.LogoutNotice { return domain.LogoutNotice(r.noticeData) }), err
}

// Done implements ports.LogoutNotices.
func (s LogoutNotices) Done(ctx context.Context, id uuid.UUID) error {
	return done(ctx, s.DB, noticeQueue, id)
}

// Retry implements ports.LogoutNotices.
func (s LogoutNotices) Retry(ctx context.Context, id uuid.UUID, at time.Time) error {
	_, err := s.DB.Conn(ctx).NewUpdate().Table(noticeQueue).Set("due_at = ?", at).Where("id = ?", id).Exec(ctx)
	return pg.Error(err)
}
