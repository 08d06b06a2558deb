package app

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/access/domain"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/reqctx"
)

// activity is the service that notifies users.
const activity = "activity"

// Allowed returns those of some users of the tenant who may do something, in their order. No request has brought the flags of these users: they are
// neither suspended nor system administrators here.
func (d Decisions) Allowed(ctx context.Context, in CheckInput, users []uuid.UUID) ([]uuid.UUID, error) {
	if err := requireCaller(ctx, activity, "Only Activity asks about many users."); err != nil {
		return nil, err
	}
	tenant := reqctx.From(ctx).TenantID
	if len(users) == 0 || len(users) > MaxBatch {
		return nil, errs.Fields{"user_ids": why.Count(len(users), 1, MaxBatch)}.Err()
	}
	check, err := in.validate(tenant, "check.", "scope.")
	if err != nil {
		return nil, err
	}
	facts, err := d.OfUsers.LoadUsers(ctx, tenant, users, d.Clock.Now())
	if err != nil {
		return nil, err
	}
	allowed := make([]uuid.UUID, 0, len(users))
	for _, user := range users {
		f := facts[user]
		if d.Catalogue.Decide(domain.Subject{Tenant: tenant, User: user, Member: f.Member}, check, f.Facts).Allowed {
			allowed = append(allowed, user)
		}
	}
	return allowed, nil
}
