package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/pg"
)

type tenantRow struct {
	bun.BaseModel `bun:"table:tenants,alias:t"`

	ID        uuid.UUID `bun:"id,pk,type:uuid"`
	Slug      string    `bun:"slug"`
	Name      string    `bun:"name"`
	CreatedAt time.Time `bun:"created_at"`
}

// Tenants implements ports.Tenants.
type Tenants struct{ DB *pg.DB }

// BySlug implements ports.Tenants.
func (s Tenants) BySlug(ctx context.Context, slug string) (domain.Tenant, error) {
	var row tenantRow
	if err := s.DB.Conn(ctx).NewSelect().Model(&row).Where("t.slug = ?", slug).Scan(ctx); err != nil {
		return domain.Tenant{}, orElse(err, domain.ErrTenantUnknown)
	}
	return domain.Tenant{ID: row.ID, Slug: row.Slug, Name: row.Name, CreatedAt: row.CreatedAt}, nil
}

// Insert implements ports.Tenants.
func (s Tenants) Insert(ctx context.Context, t domain.Tenant) error {
	row := tenantRow{ID: t.ID, Slug: t.Slug, Name: t.Name, CreatedAt: t.CreatedAt}
	_, err := s.DB.Conn(ctx).NewInsert().Model(&row).Exec(ctx)
	if name := pg.ConstraintName(err); name == "tenants_slug_key" || name == "tenants_pkey" {
		return domain.ErrTenantTaken
	}
	return pg.Error(err)
}

type membershipRow struct {
	bun.BaseModel `bun:"table:memberships,alias:m"`
	pg.Tenanted

	UserID    uuid.UUID  `bun:"user_id,type:uuid"`
	Status    string     `bun:"status"`
	BaseRole  string     `bun:"base_role"`
	CreatedAt time.Time  `bun:"created_at"`
	Tenant    *tenantRow `bun:"rel:belongs-to,join:tenant_id=id"`
}

func (r membershipRow) membership() domain.Membership {
	return domain.Membership{
		UserID: r.UserID, TenantID: r.TenantID, TenantSlug: r.Tenant.Slug,
		Status: domain.MembershipStatus(r.Status), BaseRole: r.BaseRole, CreatedAt: r.CreatedAt,
	}
}

// Memberships implements ports.Memberships.
type Memberships struct{ DB *pg.DB }

// Of implements ports.Memberships.
func (s Memberships) Of(ctx context.Context, user uuid.UUID) (*domain.Membership, error) {
	var rows []membershipRow
	err := s.DB.Read(ctx, func(ctx context.Context) error {
		return s.DB.Conn(ctx).NewSelect().Model(&rows).Relation("Tenant").Where("m.user_id = ?", user).Scan(ctx)
	})
	if err != nil || len(rows) == 0 {
		return nil, pg.Error(err)
	}
	m := rows[0].membership()
	return &m, nil
}

// All implements ports.Memberships. A person's memberships are his own in
// every tenant, and what the provider says about him lists them all.
func (s Memberships) All(ctx context.Context, user uuid.UUID) ([]domain.Membership, error) {
	var rows []membershipRow
	err := s.DB.Read(pg.AcrossTenants(ctx, "identity: memberships of one person"), func(ctx context.Context) error {
		return s.DB.Conn(ctx).NewSelect().Model(&rows).Relation("Tenant").Where("m.user_id = ?", user).Order("tenant.slug").Limit(1000).Scan(ctx)
	})
	if err != nil {
		return nil, pg.Error(err)
	}
	all := make([]domain.Membership, len(rows))
	for i, r := range rows {
		all[i] = r.membership()
	}
	return all, nil
}

// Put implements ports.Memberships.
func (s Memberships) Put(ctx context.Context, m domain.Membership) error {
	row := membershipRow{UserID: m.UserID, Status: string(m.Status), BaseRole: m.BaseRole, CreatedAt: m.CreatedAt}
	row.TenantID = m.TenantID
	return s.DB.Do(ctx, func(ctx context.Context) error {
		_, err := s.DB.Conn(ctx).NewInsert().Model(&row).
			On("CONFLICT (tenant_id, user_id) DO UPDATE").Set("status = EXCLUDED.status").Set("base_role = EXCLUDED.base_role").Exec(ctx)
		return pg.Error(err)
	})
}
