package app_test

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
)

func (p storedClosings) Insert(context.Context, domain.TenantClosing) error { return p.stored.Next() }

func (p storedClosings) Next(context.Context) (*domain.TenantClosing, domain.Tenant, error) {
	if p.toldOfClosing {
		return nil, domain.Tenant{}, p.stored.Next()
	}
	return &domain.TenantClosing{TenantID: p.tenant.ID}, p.tenant, p.stored.Next()
}

func (p storedClosings) Members(context.Context, domain.TenantClosing, int) ([]domain.User, error) {
	return []domain.User{p.user}, p.stored.Next()
}

func (p storedClosings) Told(context.Context, domain.TenantClosing) error { return p.stored.Next() }

func (p storedClosings) Delete(context.Context, uuid.UUID) error {
	p.toldOfClosing = true
	return p.stored.Next()
}
