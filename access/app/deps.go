// Package app holds the use cases of Access.
package app

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/idempotency"
	"go.updspace.com/libs/reqctx"
)

// Deps are what the use cases are built on.
type Deps struct {
	Catalogue   domain.Catalogue
	Facts       ports.Facts // of decisions; may be cached
	Stored      ports.Facts // of changes of rights: what is committed, past every cache
	OfUsers     ports.FactsOfUsers
	Roles       ports.Roles
	Bindings    ports.Bindings
	Overrides   ports.Overrides
	Admins      ports.Administrators
	Memberships ports.Memberships
	Rewards     ports.Rewards
	Expired     ports.Expired
	Audit       ports.AuditLog
	Powers      ports.AuditWriter // the audit log of decisions; may be buffered
	Events      ports.Events
	Tx          ports.Tx
	Requests    idempotency.Requests
	Clock       ports.Clock
}

// membershipActive is the status of an active membership of the tenant.
const membershipActive = "active"

// subjectOf takes the subject from the signed context of the request. No input of a use case names the caller, so a caller
// cannot act as another user.
func subjectOf(ctx context.Context) (domain.Subject, error) {
	rc := reqctx.From(ctx)
	if rc.TenantID == uuid.Nil || rc.UserID == uuid.Nil {
		return domain.Subject{}, errs.Unauthenticatedf("Sign in to continue.")
	}
	return domain.Subject{
		Tenant: rc.TenantID, User: rc.UserID, Suspended: rc.Flags.Blocked(), SystemAdmin: rc.Flags.SystemAdmin,
		Member: rc.Flags.MembershipStatus == membershipActive,
	}, nil
}

// require refuses a caller who holds none of the permissions in the tenant. The refusal names the permissions; the first is
// the one that the specification declares. Its cause, for the log, has the reason of each denial.
func (d Deps) require(ctx context.Context, declared string, alternatives ...string) error {
	checks := []CheckInput{{Permission: declared, ScopeType: domain.Tenant}}
	others := make([]authz.Permission, len(alternatives))
	for i, key := range alternatives {
		checks = append(checks, CheckInput{Permission: key, ScopeType: domain.Tenant})
		others[i] = authz.Permission(key)
	}
	answers, err := Decisions{d}.CheckAll(ctx, checks)
	if err != nil {
		return err
	}
	denied := make([]string, len(answers))
	for i, a := range answers {
		if a.Allowed {
			return nil
		}
		denied[i] = fmt.Sprintf("%s in %s: %s", checks[i].Permission, checks[i].ScopeType, a.Reason)
	}
	return authz.Denied(authz.Permission(declared), others...).Wrap(errors.New(strings.Join(denied, ", ")))
}
