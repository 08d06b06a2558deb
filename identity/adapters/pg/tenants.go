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
	tenantData
}

// tenantData is domain.Tenant with the names of its columns.
type tenantData struct {
	ID              uuid.UUID        `bun:"id,pk,type:uuid"`
	Slug            string           `bun:"slug"`
	Name            string           `bun:"name"`
	Description     string           `bun:"description"`
	Hue             int              `bun:"hue"`
	Chroma          float64          `bun:"chroma"`
	Languages       []string         `bun:"languages,array"`
	DefaultLanguage string           `bun:"default_language"`
	Admission       domain.Admission `bun:"admission"`
	LogoID          *uuid.UUID       `bun:"logo_id,type:uuid"`
	CoverID         *uuid.UUID       `bun:"cover_id,type:uuid"`
	Version         int64            `bun:"version"`
	CreatedAt       time.Time        `bun:"created_at"`
	ClosedAt        *time.Time       `bun:"closed_at"`
}

func (r *tenantRow) tenant() domain.Tenant { return domain.Tenant(r.tenantData) }

// Tenants implements ports.Tenants.
type Tenants struct{ DB *pg.DB }

// BySlug implements ports.Tenants.
func (s Tenants) BySlug(ctx context.Context, slug string) (domain.Tenant, error) {
	return s.open(ctx, slug, func(q *bun.SelectQuery) *bun.SelectQuery { return q })
}

// ByID implements ports.Tenants.
func (s Tenants) ByID(ctx context.Context, id uuid.UUID) (domain.Tenant, error) {
	return pg.One(ctx, s.DB, domain.ErrTenantUnknown, (*tenantRow).tenant, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("t.id = ?", id).Where("t.closed_at IS NULL")
	})
}

// TakingSignUps implements ports.Tenants.
func (s Tenants) TakingSignUps(ctx context.Context, limit int) ([]domain.Tenant, error) {
	return pg.Many(ctx, s.DB, (*tenantRow).tenant, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("t.admission = ?", domain.AdmissionOpen).Where("t.closed_at IS NULL").OrderExpr("t.slug").Limit(int64(limit))
	})
}

// Lock implements ports.Tenants.
func (s Tenants) Lock(ctx context.Context, slug string) (domain.Tenant, error) {
	return s.open(ctx, slug, func(q *bun.SelectQuery) *bun.SelectQuery { return q.For("UPDATE") })
}

func (s Tenants) open(ctx context.Context, slug string, how query) (domain.Tenant, error) {
	return pg.One(ctx, s.DB, domain.ErrTenantUnknown, (*tenantRow).tenant, func(q *bun.SelectQuery) *bun.SelectQuery {
		return how(q.Where("t.slug = ?", slug).Where("t.closed_at IS NULL"))
	})
}

// Any implements ports.Tenants.
func (s Tenants) Any(ctx context.Context, slug string) (domain.Tenant, error) {
	return pg.One(ctx, s.DB, domain.ErrTenantUnknown, (*tenantRow).tenant, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("t.slug = ?", slug)
	})
}

// LockAny implements ports.Tenants.
func (s Tenants) LockAny(ctx context.Context, slug string) (domain.Tenant, error) {
	return pg.One(ctx, s.DB, domain.ErrTenantUnknown, (*tenantRow).tenant, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("t.slug = ?", slug).For("UPDATE")
	})
}

// Insert implements ports.Tenants.
func (s Tenants) Insert(ctx context.Context, t domain.Tenant) error {
	res, err := s.DB.Conn(ctx).NewInsert().Model(&tenantRow{tenantData: tenantData(t)}).On("CONFLICT DO NOTHING").Exec(ctx)
	return pg.ChangedOne(res, err, domain.ErrTenantTaken)
}

// Update implements ports.Tenants.
func (s Tenants) Update(ctx context.Context, t domain.Tenant) error {
	res, err := s.DB.Conn(ctx).NewUpdate().Model(&tenantRow{tenantData: tenantData(t)}).
		ExcludeColumn("id", "slug", "created_at").WherePK().Exec(ctx)
	return pg.ChangedOne(res, err, domain.ErrTenantUnknown)
}

type membershipRow struct {
	bun.BaseModel `bun:"table:memberships,alias:m"`
	pg.Tenanted

	UserID    uuid.UUID               `bun:"user_id,type:uuid"`
	Status    domain.MembershipStatus `bun:"status"`
	BaseRole  string                  `bun:"base_role"`
	CreatedAt time.Time               `bun:"created_at"`
	Tenant    *tenantRow              `bun:"rel:belongs-to,join:tenant_id=id"`
}

func (r *membershipRow) membership() domain.Membership {
	return domain.Membership{
		UserID: r.UserID, TenantID: r.TenantID, TenantSlug: r.Tenant.Slug,
		Status: r.Status, BaseRole: r.BaseRole, CreatedAt: r.CreatedAt,
	}
}

// Memberships implements ports.Memberships.
type Memberships struct{ DB *pg.DB }

// Of implements ports.Memberships.
func (s Memberships) Of(ctx context.Context, user uuid.UUID) (*domain.Membership, error) {
	found, err := pg.Many(ctx, s.DB, (*membershipRow).membership, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Relation("Tenant").Where("m.user_id = ?", user)
	})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// Active implements ports.Memberships. The memberships of a person are in every tenant.
func (s Memberships) Active(ctx context.Context, user uuid.UUID, limit int) ([]domain.MembershipIn, error) {
	return s.everywhere(ctx, user, limit, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("m.status = ?", domain.MembershipActive) })
}

// All implements ports.Memberships.
func (s Memberships) All(ctx context.Context, user uuid.UUID, limit int) ([]domain.MembershipIn, error) {
	return s.everywhere(ctx, user, limit, func(q *bun.SelectQuery) *bun.SelectQuery { return q })
}

func (s Memberships) everywhere(ctx context.Context, user uuid.UUID, limit int, which query) ([]domain.MembershipIn, error) {
	return pg.Many(pg.AcrossTenants(ctx, platform), s.DB, func(r *membershipRow) domain.MembershipIn {
		return domain.MembershipIn{Membership: r.membership(), Tenant: r.Tenant.tenant()}
	}, func(q *bun.SelectQuery) *bun.SelectQuery {
		return which(q.Relation("Tenant").Where("m.user_id = ?", user)).
			Where("tenant.closed_at IS NULL").OrderExpr("tenant.name, tenant.slug").Limit(int64(limit))
	})
}

// Put implements ports.Memberships.
func (s Memberships) Put(ctx context.Context, m domain.Membership) error {
	row := membershipRow{UserID: m.UserID, Status: m.Status, BaseRole: m.BaseRole, CreatedAt: m.CreatedAt}
	row.TenantID = m.TenantID
	return s.DB.Do(ctx, func(ctx context.Context) error {
		_, err := s.DB.Conn(ctx).NewInsert().Model(&row).
			On("CONFLICT (tenant_id, user_id) DO UPDATE").Set("status = EXCLUDED.status").Set("base_role = EXCLUDED.base_role").Exec(ctx)
		return pg.Error(err)
	})
}
