// Package app holds the use cases of Access.
package app

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/access/domain"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/reqctx"
)

// membershipActive is the status of a membership that makes its holder a member.
const membershipActive = "active"

// subjectOf is the only source of subjects: the signed context of the request.
// No input of a use case names a user, so nobody can ask as somebody else.
func subjectOf(ctx context.Context) (domain.Subject, error) {
	rc := reqctx.From(ctx)
	if rc.TenantID == uuid.Nil || rc.UserID == uuid.Nil {
		return domain.Subject{}, errs.Unauthenticatedf("Sign in to continue.")
	}
	flags := rc.Flags
	return domain.Subject{
		Tenant: rc.TenantID,
		User:   rc.UserID,
		// the status says the same in words, and one of them may be newer
		Suspended:   flags.Suspended || flags.Banned || flags.Status == "suspended" || flags.Status == "banned",
		SystemAdmin: flags.SystemAdmin,
		Member:      flags.MembershipStatus == membershipActive,
	}, nil
}
