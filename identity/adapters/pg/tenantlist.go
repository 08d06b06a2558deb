package pg

import (
	"context"

	"github.com/uptrace/bun"

	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/pg"
)

type listedTenantRow struct {
	bun.BaseModel `bun:"table:tenants,alias:t"`
	tenantData
	Members int `bun:"members,scanonly"`
}

func (r *listedTenantRow) listed() ports.ListedTenant {
	row := tenantRow{tenantData: r.tenantData}
	return ports.ListedTenant{Tenant: row.tenant(), Members: r.Members}
}

// listed selects tenants with the number of their members.
func listed(q *bun.SelectQuery) *bun.SelectQuery {
	return q.ColumnExpr("t.*").ColumnExpr("(SELECT count(*) FROM memberships AS m WHERE m.tenant_id = t.id AND m.status = 'active') AS members")
}

// Listed implements ports.Tenants.
func (s Tenants) Listed(ctx context.Context, slug string) (ports.ListedTenant, error) {
	return pg.One(pg.AcrossTenants(ctx, platform), s.DB, domain.ErrTenantUnknown, (*listedTenantRow).listed, func(q *bun.SelectQuery) *bun.SelectQuery {
		return listed(q).Where("t.slug = ?", slug)
	})
}

// List implements ports.Tenants. The members of all tenants are counted.
func (s Tenants) List(ctx context.Context, f ports.TenantFilter, p page.Request) (page.Page[ports.ListedTenant], error) {
	var name, slug string
	after, err := page.Decode("tenants", p.Cursor, &name, &slug)
	if err != nil {
		return page.Page[ports.ListedTenant]{}, err
	}
	return page.Fetch(p.Limit, func(limit int) ([]ports.ListedTenant, error) {
		return pg.Many(pg.AcrossTenants(ctx, platform), s.DB, (*listedTenantRow).listed, func(q *bun.SelectQuery) *bun.SelectQuery {
			q = listed(q).Order("t.name", "t.slug").Limit(int64(limit))
			if after {
				q = q.Where("(t.name, t.slug) > (?, ?)", name, slug)
			}
			if f.Text != "" {
				q = q.Where("(strpos(lower(t.name), lower(?0)) > 0 OR strpos(t.slug, lower(?0)) > 0)", f.Text)
			}
			if f.Closed != nil {
				q = q.Where("(t.closed_at IS NOT NULL) = ?", *f.Closed)
			}
			return q
		})
	}, func(last ports.ListedTenant) string { return page.Encode("tenants", last.Name, last.Slug) })
}
