package identity

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/audit"
)

// First is what a new installation begins with.
type First struct {
	Email, Name      string // of the administrator
	Slug, TenantName string // of the community
}

// Begin makes a first community and the account that owns it and administers the platform. The account has no password: its owner signs in
// by a mailed link. What is there already stays, but the account becomes an owner again.
func Begin(ctx context.Context, cfg Config, f First) error {
	return operate(audit.AsOperator(ctx, ""), cfg, func(ctx context.Context, o operator) error {
		_, err := o.Accounts.Create(ctx, app.NewAccount{Email: f.Email, DisplayName: f.Name, SystemAdmin: true})
		if err != nil && !errors.Is(err, domain.ErrEmailTaken) {
			return err
		}
		if _, err := o.Tenants.Create(ctx, uuid.Nil, f.Slug, f.TenantName); err != nil && !errors.Is(err, domain.ErrTenantTaken) {
			return err
		}
		return o.Tenants.SetMembership(ctx, f.Slug, f.Email, domain.RoleOwner, domain.MembershipActive)
	})
}
