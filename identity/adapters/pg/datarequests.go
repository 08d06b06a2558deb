package pg

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/seal"
)

type dataRequestRow struct {
	bun.BaseModel `bun:"table:data_requests,alias:r"`
	dataRequestData
}

// dataRequestData is domain.DataRequest with the names of its columns.
type dataRequestData struct {
	ID          uuid.UUID               `bun:"id,pk,type:uuid"`
	Kind        domain.DataRequestKind  `bun:"kind"`
	State       domain.DataRequestState `bun:"state"`
	UserID      *uuid.UUID              `bun:"user_id,type:uuid"`
	UserHash    string                  `bun:"user_hash"`
	Reason      string                  `bun:"reason"`
	PartsTotal  int                     `bun:"parts_total"`
	Attempts    int                     `bun:"attempts"`
	RequestedAt time.Time               `bun:"requested_at"`
	DueAt       time.Time               `bun:"due_at"`
	FinishedAt  *time.Time              `bun:"finished_at"`
	ExpiresAt   time.Time               `bun:"expires_at"`
}

func (r *dataRequestRow) request() domain.DataRequest { return domain.DataRequest(r.dataRequestData) }

type dataPartRow struct {
	bun.BaseModel `bun:"table:data_request_parts,alias:p"`

	RequestID uuid.UUID        `bun:"request_id,pk,type:uuid"`
	Tenant    string           `bun:"tenant,pk"`
	Service   string           `bun:"service,pk"`
	State     string           `bun:"state"`
	Counts    map[string]int64 `bun:"counts,type:jsonb"`
}

type dataPageRow struct {
	bun.BaseModel `bun:"table:data_export_pages,alias:g"`

	RequestID uuid.UUID `bun:"request_id,pk,type:uuid"`
	Tenant    string    `bun:"tenant,pk"`
	Service   string    `bun:"service,pk"`
	Page      int       `bun:"page,pk"`
	Sealed    []byte    `bun:"sealed"`
	SealKey   string    `bun:"seal_key"`
}

func (r dataPageRow) about() []byte {
	return fmt.Appendf(nil, "data_export_pages/%s/%s/%s/%d", r.RequestID, r.Tenant, r.Service, r.Page)
}

// DataRequests implements ports.DataRequests.
type DataRequests struct {
	DB   *pg.DB
	Seal *seal.Sealer
}

var _ ports.DataRequests = DataRequests{}

// Insert implements ports.DataRequests.
func (s DataRequests) Insert(ctx context.Context, r domain.DataRequest) error {
	err := insert(ctx, s.DB, &dataRequestRow{dataRequestData: dataRequestData(r)})
	if errs.KindOf(err) == errs.Conflict {
		err = domain.ErrExportRunning
	}
	return err
}

// Newest implements ports.DataRequests.
func (s DataRequests) Newest(ctx context.Context, user uuid.UUID, kind domain.DataRequestKind) (*domain.DataRequest, error) {
	found, err := s.list(ctx, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("r.user_id = ?", user).Where("r.kind = ?", kind).Where("r.state <> ?", domain.DataCanceled).OrderExpr("r.requested_at DESC").Limit(1)
	})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

func (s DataRequests) list(ctx context.Context, q query) ([]domain.DataRequest, error) {
	return pg.Many(ctx, s.DB, (*dataRequestRow).request, q)
}

// Lock implements ports.DataRequests.
func (s DataRequests) Lock(ctx context.Context, id uuid.UUID) (domain.DataRequest, error) {
	return pg.One(ctx, s.DB, domain.ErrDataRequestUnknown, (*dataRequestRow).request, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("r.id = ?", id).For("UPDATE")
	})
}

// Save implements ports.DataRequests.
func (s DataRequests) Save(ctx context.Context, r domain.DataRequest) error {
	_, err := s.DB.Conn(ctx).NewUpdate().Model(&dataRequestRow{dataRequestData: dataRequestData(r)}).WherePK().Exec(ctx)
	return pg.Error(err)
}

// Claim implements ports.DataRequests.
func (s DataRequests) Claim(ctx context.Context, lease time.Duration, now time.Time) (*domain.DataRequest, error) {
	rows, err := claim[dataRequestRow](ctx, s.DB, "data_requests", "state IN ('waiting', 'running', 'sweeping')", 1, lease, now)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	request := rows[0].request()
	return &request, nil
}

// Extend implements ports.DataRequests.
func (s DataRequests) Extend(ctx context.Context, id uuid.UUID, total int, due time.Time) error {
	_, err := s.DB.Conn(ctx).NewUpdate().Model((*dataRequestRow)(nil)).Set("due_at = ?", due).Set("parts_total = ?", total).Where("id = ?", id).Exec(ctx)
	return pg.Error(err)
}

// Parts implements ports.DataRequests.
func (s DataRequests) Parts(ctx context.Context, id uuid.UUID) ([]domain.DataPart, error) {
	return pg.Many(ctx, s.DB, func(r *dataPartRow) domain.DataPart {
		return domain.DataPart{Tenant: r.Tenant, Service: r.Service, State: r.State, Counts: r.Counts}
	}, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("p.request_id = ?", id).OrderExpr("p.tenant, p.service")
	})
}

// PutPart implements ports.DataRequests.
func (s DataRequests) PutPart(ctx context.Context, id uuid.UUID, p domain.DataPart) error {
	row := dataPartRow{RequestID: id, Tenant: p.Tenant, Service: p.Service, State: p.State, Counts: p.Counts}
	_, err := s.DB.Conn(ctx).NewInsert().Model(&row).On("CONFLICT (request_id, tenant, service) DO UPDATE").
		Set("state = EXCLUDED.state").Set("counts = EXCLUDED.counts").Exec(ctx)
	return pg.Error(err)
}

// PutPage implements ports.DataRequests.
func (s DataRequests) PutPage(ctx context.Context, id uuid.UUID, p ports.DataPage) error {
	row := dataPageRow{RequestID: id, Tenant: p.Tenant, Service: p.Service, Page: p.Page}
	row.Sealed, row.SealKey = s.Seal.Seal(p.JSON, row.about())
	_, err := s.DB.Conn(ctx).NewInsert().Model(&row).On("CONFLICT (request_id, tenant, service, page) DO UPDATE").
		Set("sealed = EXCLUDED.sealed").Set("seal_key = EXCLUDED.seal_key").Exec(ctx)
	return pg.Error(err)
}

// Pages implements ports.DataRequests. One page is in memory at a time.
func (s DataRequests) Pages(ctx context.Context, id uuid.UUID, fn func(ports.DataPage) error) error {
	var last dataPageRow
	last.Page = -1
	for {
		row, err := one[dataPageRow](ctx, s.DB, domain.ErrExportUnknown, func(q *bun.SelectQuery) *bun.SelectQuery {
			return q.Where("g.request_id = ?", id).Where("(g.tenant, g.service, g.page) > (?, ?, ?)", last.Tenant, last.Service, last.Page).
				OrderExpr("g.tenant, g.service, g.page").Limit(1)
		})
		if errors.Is(err, domain.ErrExportUnknown) {
			return nil
		}
		if err != nil {
			return err
		}
		plain, err := s.Seal.Open(row.Sealed, row.SealKey, row.about())
		if err != nil {
			return fmt.Errorf("opening a page of an export: %w", err)
		}
		if err := fn(ports.DataPage{Tenant: row.Tenant, Service: row.Service, Page: row.Page, JSON: plain}); err != nil {
			return err
		}
		last = row
	}
}

// Tenants implements ports.DataRequests.
func (s DataRequests) Tenants(ctx context.Context, id, user uuid.UUID) (refs []ports.TenantRef, err error) {
	err = Tx{s.DB}.Platform(ctx, func(ctx context.Context) error {
		return pg.Error(s.DB.Conn(ctx).NewRaw(`SELECT id, slug FROM tenants WHERE id IN (SELECT tenant_id FROM memberships WHERE user_id = ?0)
			OR slug IN (SELECT tenant FROM data_request_parts WHERE request_id = ?1) ORDER BY slug`, user, id).Scan(ctx, &refs))
	})
	return refs, err
}

// Recent implements ports.DataRequests.
func (s DataRequests) Recent(ctx context.Context, limit int) ([]domain.DataRequest, error) {
	return s.list(ctx, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.OrderExpr("r.requested_at DESC").Limit(int64(limit))
	})
}
