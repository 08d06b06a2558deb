package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/pg"
)

type loginEventRow struct {
	bun.BaseModel `bun:"table:login_events,alias:e"`
	loginEventData
}

// loginEventData is domain.LoginEvent with the names of its columns.
type loginEventData struct {
	ID        uuid.UUID            `bun:"id,pk,type:uuid"`
	UserID    uuid.UUID            `bun:"user_id,type:uuid"`
	Succeeded bool                 `bun:"succeeded"`
	Method    domain.SessionMethod `bun:"method"`
	Reason    string               `bun:"reason"`
	IP        string               `bun:"ip"`
	UserAgent string               `bun:"user_agent"`
	DeviceID  *uuid.UUID           `bun:"device_id,type:uuid"`
	NewDevice bool                 `bun:"new_device"`
	CreatedAt time.Time            `bun:"created_at"`
	ExpiresAt time.Time            `bun:"expires_at"`
}

// LoginHistory implements ports.LoginHistory.
type LoginHistory struct{ DB *pg.DB }

// Add implements ports.LoginHistory.
func (s LoginHistory) Add(ctx context.Context, e domain.LoginEvent) error {
	_, err := s.DB.Conn(ctx).NewRaw(`
		INSERT INTO login_events (id, user_id, succeeded, method, reason, ip, user_agent, device_id, new_device, created_at, expires_at)
		SELECT ?, u.id, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM users AS u WHERE u.id = ?`,
		e.ID, e.Succeeded, e.Method, e.Reason, e.IP, e.UserAgent, e.DeviceID, e.NewDevice, e.CreatedAt, e.ExpiresAt, e.UserID).Exec(ctx)
	return pg.Error(err)
}

// Of implements ports.LoginHistory.
func (s LoginHistory) Of(ctx context.Context, user uuid.UUID, limit int) ([]domain.LoginEvent, error) {
	return pg.Many(ctx, s.DB, func(r *loginEventRow) domain.LoginEvent { return domain.LoginEvent(r.loginEventData) }, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("e.user_id = ?", user).OrderExpr("e.created_at DESC, e.id DESC").Limit(int64(limit))
	})
}
