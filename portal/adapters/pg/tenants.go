package pg

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/libs/pg"
)

// Tenants is groupsports.Tenants.
type Tenants struct {
	db *pg.DB
}

// NewTenants reads from db.
func NewTenants(db *pg.DB) *Tenants { return &Tenants{db: db} }

// All lists the tenants that have groups. Access may still have memberships of a tenant without groups; the events of the
// deleted communities end those.
func (r *Tenants) All(ctx context.Context) (tenants []uuid.UUID, err error) {
	ctx = pg.AcrossTenants(ctx, "portal tenants")
	err = r.db.Read(ctx, func(ctx context.Context) error {
		return pg.Error(r.db.Conn(ctx).NewSelect().Model((*groupRow)(nil)).Distinct().Column("tenant_id").OrderExpr("tenant_id").Scan(ctx, &tenants))
	})
	return tenants, err
}
