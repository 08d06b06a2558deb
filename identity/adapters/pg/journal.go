package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/pg"
)

type auditRow struct {
	bun.BaseModel `bun:"table:audit_log,alias:a"`

	ID         uuid.UUID         `bun:"id,pk,type:uuid"`
	At         time.Time         `bun:"at"`
	Actor      *uuid.UUID        `bun:"actor,type:uuid"`
	Action     string            `bun:"action"`
	TargetType string            `bun:"target_type"`
	TargetID   string            `bun:"target_id"`
	IP         string            `bun:"ip"`
	RequestID  string            `bun:"request_id"`
	Meta       map[string]string `bun:"meta,type:jsonb"`
}

// Journal implements ports.Journal.
type Journal struct{ DB *pg.DB }

// Add implements ports.Journal.
func (s Journal) Add(ctx context.Context, e domain.AuditEntry) error {
	if e.Meta == nil {
		e.Meta = map[string]string{}
	}
	row := auditRow{
		ID: e.ID, At: e.At, Actor: e.Actor, Action: e.Action, TargetType: e.TargetType, TargetID: e.TargetID,
		IP: e.IP, RequestID: e.RequestID, Meta: e.Meta,
	}
	_, err := s.DB.Conn(ctx).NewInsert().Model(&row).Exec(ctx)
	return pg.Error(err)
}

// graces are how long dead rows are kept: a code that was redeemed must stay
// known for as long as somebody could replay it.
const (
	graceShort = 24 * time.Hour
	graceLong  = 30 * 24 * time.Hour
)

// Housekeeper implements ports.Housekeeper.
type Housekeeper struct{ DB *pg.DB }

// Sweep implements ports.Housekeeper.
func (s Housekeeper) Sweep(ctx context.Context, now time.Time) (int64, error) {
	var dropped int64
	for _, job := range []struct {
		table string
		grace time.Duration
	}{
		{"oidc_requests", graceShort},
		{"oidc_codes", graceShort},
		{"magic_links", graceShort},
		{"oidc_grants", graceShort},
		{"sessions", graceLong},
	} {
		err := s.DB.Do(pg.AcrossTenants(ctx, "identity: drop what is dead"), func(ctx context.Context) error {
			res, err := s.DB.Conn(ctx).NewRaw("DELETE FROM ? WHERE expires_at < ?", bun.Ident(job.table), now.Add(-job.grace)).Exec(ctx)
			if err != nil {
				return pg.Error(err)
			}
			n, err := res.RowsAffected()
			dropped += n
			return pg.Error(err)
		})
		if err != nil {
			return dropped, err
		}
	}
	return dropped, nil
}
