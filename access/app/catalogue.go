package app

import (
	"context"

	"go.updspace.com/access/domain"
)

// Catalogue shows what there is to be allowed.
type Catalogue struct {
	catalogue domain.Catalogue
	decisions *Decisions
}

// NewCatalogue makes the use cases of the catalogue.
func NewCatalogue(c domain.Catalogue, d *Decisions) *Catalogue {
	return &Catalogue{catalogue: c, decisions: d}
}

// List returns the permissions of one service, or of all if it is empty, by
// service and key. Whoever may read roles may also read what they consist of.
func (c *Catalogue) List(ctx context.Context, service domain.Service) ([]domain.Permission, error) {
	if err := c.decisions.requireAny(ctx, domain.ReadPermissions, domain.ReadRoles); err != nil {
		return nil, err
	}
	if service == "" {
		return c.catalogue.All(), nil
	}
	return c.catalogue.OfService(service), nil
}

// requireAny refuses a user who holds none of the permissions in the tenant.
func (d *Decisions) requireAny(ctx context.Context, keys ...string) error {
	questions := make([]CheckInput, len(keys))
	for i, key := range keys {
		questions[i] = CheckInput{Permission: key, ScopeType: domain.Tenant}
	}
	answers, err := d.CheckAll(ctx, questions)
	if err != nil {
		return err
	}
	for _, a := range answers {
		if a.Allowed {
			return nil
		}
	}
	return domain.ErrForbidden
}
