package pg

import (
	"context"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/pg"
)

type closingRow struct {
	bun.BaseModel `bun:"table:tenant_closings,alias:c"`
	pg.Tenanted

	Reason string     `bun:"reason"`
	Told   uuid.UUID  `bun:"told,type:uuid"`
	Tenant *tenantRow `bun:"rel:belongs-to,join:tenant_id=id"`
}

func toClosingRow(c domain.TenantClosing) *closingRow {
	row := &closingRow{Reason: c.Reason, Told: c.Told}
	row.TenantID = c.TenantID
	return row
}

// TenantClosings implements ports.TenantClosings.
type TenantClosings struct{ DB *pg.DB }

// Insert implements ports.TenantClosings.
func (s TenantClosings) Insert(ctx context.Context, c domain.TenantClosing) error {
	return insert(ctx, s.DB, toClosingRow(c))
}

// Next implements ports.TenantClosings.
func (s TenantClosings) Next(ctx context.Context) (*domain.TenantClosing, domain.Tenant, error) {
	rows, err := pg.Many(ctx, s.DB, func(r *closingRow) closingRow { return *r }, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Relation("Tenant").OrderExpr("c.tenant_id").Limit(1).For("UPDATE OF c SKIP LOCKED")
	})
	if err != nil || len(rows) == 0 {
		return nil, domain.Tenant{}, err
	}
	r := rows[0]
	return &domain.TenantClosing{TenantID: r.TenantID, Reason: r.Reason, Told: r.Told}, r.Tenant.tenant(), nil
}

// Members implements ports.TenantClosings. Only addresses that are proven get the mail.
func (s TenantClosings) Members(ctx context.Context, c domain.TenantClosing, limit int) ([]domain.User, error) {
	return pg.Many(ctx, s.DB, (*userRow).user, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Join("JOIN memberships AS m ON m.user_id = u.id").Where("m.tenant_id = ?", c.TenantID).Where("m.status = ?", domain.MembershipActive).
			Where("u.status = ?", domain.StatusActive).Where("u.email_verified").Where("u.id > ?", c.Told).OrderExpr("u.id").Limit(int64(limit))
	})
}

// Told implements ports.TenantClosings.
func (s TenantClosings) Told(ctx context.Context, c domain.TenantClosing) error {
	_, err := s.DB.Conn(ctx).NewUpdate().Model(toClosingRow(c)).Column("told").Where("tenant_id = ?", c.TenantID).Exec(ctx)
	return pg.Error(err)
}

// Delete implements ports.TenantClosings.
func (s TenantClosings) Delete(ctx context.Context, tenant uuid.UUID) error {
	_, err := s.DB.Conn(ctx).NewDelete().Model((*closingRow)(nil)).Where("tenant_id = ?", tenant).Exec(ctx)
	return pg.Error(err)
}
