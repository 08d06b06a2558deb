package ports

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
)

// TenantRef names a tenant to other services.
type TenantRef struct {
	ID   uuid.UUID
	Slug string
}

// DataPage is a page of an export: JSON, as a service has answered.
type DataPage struct {
	Tenant, Service string
	Page            int
	JSON            []byte
}

// DataRequests keeps exports and deletions.
type DataRequests interface {
	Insert(ctx context.Context, r domain.DataRequest) error // else ErrExportRunning
	// Newest is the newest request of a user of a kind that was not canceled; nil if there is none.
	Newest(ctx context.Context, user uuid.UUID, kind domain.DataRequestKind) (*domain.DataRequest, error)
	// Lock finds a request and keeps others from changing it until the transaction ends; else ErrDataRequestUnknown.
	Lock(ctx context.Context, id uuid.UUID) (domain.DataRequest, error)
	Save(ctx context.Context, r domain.DataRequest) error
	// Claim takes the next request due and hides it from others for lease; nil if none is due.
	Claim(ctx context.Context, lease time.Duration, now time.Time) (*domain.DataRequest, error)
	// Extend hides a request for another lease and stores its number of parts.
	Extend(ctx context.Context, id uuid.UUID, total int, due time.Time) error
	Parts(ctx context.Context, id uuid.UUID) ([]domain.DataPart, error)
	PutPart(ctx context.Context, id uuid.UUID, p domain.DataPart) error
	PutPage(ctx context.Context, id uuid.UUID, p DataPage) error
	// Pages calls fn with each page of an export, in the order of tenants, services and pages.
	Pages(ctx context.Context, id uuid.UUID, fn func(DataPage) error) error
	// Tenants lists those of which a user is or was a member, and those of the parts.
	Tenants(ctx context.Context, id, user uuid.UUID) ([]TenantRef, error)
	// Recent lists requests that are not over or ended last, the newest first.
	Recent(ctx context.Context, limit int) ([]domain.DataRequest, error)
}
