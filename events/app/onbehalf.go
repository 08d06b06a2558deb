package app

import (
	"cmp"
	"context"

	"github.com/google/uuid"

	"go.updspace.com/libs/reqctx"
)

// onBehalf returns the context in which access is asked for a member of the context's tenant who makes no request: the member's flags are what
// identity's events have told of who left the tenant, is suspended and is a system administrator.
func (d Deps) onBehalf(ctx context.Context, user uuid.UUID) (context.Context, error) {
	account, err := d.Accounts.Standing(ctx, user)
	if err != nil {
		return ctx, err
	}
	rc := reqctx.From(ctx)
	rc.RequestID, rc.UserID = cmp.Or(rc.RequestID, uuid.NewString()), user
	rc.Flags = reqctx.Flags{SystemAdmin: account.SystemAdmin, Suspended: account.Suspended}
	if !account.Left {
		rc.Flags.MembershipStatus = "active"
	}
	return reqctx.With(ctx, rc), nil
}
