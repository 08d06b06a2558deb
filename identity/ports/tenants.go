package ports

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/page"
)

// Tenants keeps communities.
type Tenants interface {
	BySlug(ctx context.Context, slug string) (domain.Tenant, error) // an open one, else ErrTenantUnknown
	ByID(ctx context.Context, id uuid.UUID) (domain.Tenant, error)  // likewise
	// TakingSignUps returns up to limit tenants that people join by signing up.
	TakingSignUps(ctx context.Context, limit int) ([]domain.Tenant, error)
	// Any is BySlug also for a closed tenant.
	Any(ctx context.Context, slug string) (domain.Tenant, error)
	// LockAny is Any that keeps others from changing the tenant until the transaction ends.
	LockAny(ctx context.Context, slug string) (domain.Tenant, error)
	// Listed is Any with what a list has beside it.
	Listed(ctx context.Context, slug string) (ListedTenant, error)
	// List returns tenants by name.
	List(ctx context.Context, f TenantFilter, p page.Request) (page.Page[ListedTenant], error)
	// Lock is BySlug that keeps others from changing the tenant until the transaction ends.
	Lock(ctx context.Context, slug string) (domain.Tenant, error)
	Insert(ctx context.Context, t domain.Tenant) error // else ErrTenantTaken
	// Update stores everything but id, slug and creation.
	Update(ctx context.Context, t domain.Tenant) error
}

// TenantClosings keeps the closed tenants whose members are being told.
type TenantClosings interface {
	Insert(ctx context.Context, c domain.TenantClosing) error
	// Next returns one with its tenant, and keeps others from it until the transaction ends; nil if there is none, or others have all.
	Next(ctx context.Context) (*domain.TenantClosing, domain.Tenant, error)
	// Members returns up to limit active members who are to be told and have not been, in the order of their ids.
	Members(ctx context.Context, c domain.TenantClosing, limit int) ([]domain.User, error)
	// Told stores who was told last.
	Told(ctx context.Context, c domain.TenantClosing) error
	// Delete ends the telling of a tenant.
	Delete(ctx context.Context, tenant uuid.UUID) error
}

// TenantFilter selects tenants. Zero fields select all.
type TenantFilter struct {
	Text   string // a part of the name or of the slug
	Closed *bool
}

// ListedTenant is a tenant in a list.
type ListedTenant struct {
	domain.Tenant
	Members int // active ones
}
