package app

import (
	"context"
	"encoding/binary"
	"errors"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/access/domain"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/idempotency"
)

// Administration runs every change of a tenant's rights: one at a time per tenant, authorised again inside the transaction,
// recorded in the audit log, and never leaving the tenant without an administrator.
type Administration struct{ Deps }

// operation describes a change for authorisation and for the audit log.
type operation struct {
	id         string // operationId in the specification
	permission string // required in the whole tenant; empty: for system administrators only
	targetType string
	targetID   string // empty: created by the operation
	// validate checks the input, once the user is known to be allowed to do this at all. Nil: the input is only an id.
	validate func(s domain.Subject, now time.Time) error
}

// unitOfWork is a change inside its transaction, under the tenant's lock.
type unitOfWork struct {
	auditEntries
	domain.Authority
	subject domain.Subject
}

// change runs an operation for the user of the request; do makes the change.
func (a Administration) change(ctx context.Context, op operation, do func(ctx context.Context, w unitOfWork) error) error {
	s, err := subjectOf(ctx)
	if err != nil {
		return err
	}
	return a.recordRefusal(ctx, op, a.attempt(ctx, s, op, do))
}

// recordRefusal writes a refusal to the audit log. If that fails, the answer is 503.
func (d Deps) recordRefusal(ctx context.Context, op operation, err error) error {
	if !domain.IsRefusal(err) {
		return err
	}
	var refusal *errs.Error
	errors.As(err, &refusal)
	if auditErr := d.Audit.WriteNow(ctx, auditEntries{at: d.Clock.Now()}.refused(op, refusal.Code)); auditErr != nil {
		return errs.Unavailablef("The audit log cannot be written right now.").Wrap(auditErr)
	}
	return err
}

func (a Administration) attempt(ctx context.Context, s domain.Subject, op operation, do func(context.Context, unitOfWork) error) error {
	entries := auditEntries{at: a.Clock.Now()}
	if s.SystemAdmin {
		entries.via = viaSystemAdmin
	}
	if err := a.authorize(ctx, s, op); err != nil {
		return err
	}
	if op.validate != nil {
		if err := op.validate(s, entries.at); err != nil {
			return err
		}
	}
	return a.Do(ctx, func(ctx context.Context) error {
		// the change that held the lock before may have removed the permission
		facts, err := a.Stored.Load(ctx, s, entries.at)
		if err != nil {
			return err
		}
		authority := a.Catalogue.Authority(s, facts)
		if op.permission != "" && !authority.Holds(op.permission, domain.TenantScope(s.Tenant)) {
			return authz.Denied(authz.Permission(op.permission))
		}
		return do(ctx, unitOfWork{auditEntries: entries, Authority: authority, subject: s})
	})
}

// Do implements ports.Tx: it runs fn as the only change of the tenant's rights, and fails with domain.ErrLastAdmin if fn
// leaves the tenant without an administrator.
func (a Administration) Do(ctx context.Context, fn func(ctx context.Context) error) error {
	now := a.Clock.Now()
	return a.Tx.Do(ctx, func(ctx context.Context) error {
		if err := a.Admins.Lock(ctx); err != nil {
			return err
		}
		before, err := a.Admins.Any(ctx, now)
		if err != nil {
			return err
		}
		if err := fn(ctx); err != nil {
			return err
		}
		after, err := a.Admins.Any(ctx, now)
		if err == nil && before && !after {
			err = domain.ErrLastAdmin
		}
		return err
	})
}

// authorize rejects callers who may not do this at all.
func (a Administration) authorize(ctx context.Context, s domain.Subject, op operation) error {
	if op.permission != "" {
		return a.require(ctx, op.permission)
	}
	if !s.SystemAdmin || s.Suspended {
		return domain.ErrForbidden
	}
	return nil
}

// checkReferences rejects a user who is not a member of the tenant, and a scope that does not exist. The caller's own
// membership is in the signed context, so it counts before identity's event arrives.
func (a Administration) checkReferences(ctx context.Context, w unitOfWork, user uuid.UUID, scope domain.Scope) error {
	refs, err := a.Memberships.References(ctx, user, scope)
	if err != nil {
		return err
	}
	refs.Member = refs.Member || w.subject.Member && w.subject.User == user
	return refs.Check(scope)
}

// once runs a create whose results are found by numeric ids: see idempotency.Once.
func once[T any](
	ctx context.Context, d Deps, op operation, input any,
	create func(ctx context.Context) (T, error), id func(T) int64, load func(ctx context.Context, id int64) (T, error),
) (T, error) {
	return idempotency.Once(ctx, d.Requests, op.id, input, create,
		func(v T) (key uuid.UUID) {
			binary.BigEndian.PutUint64(key[8:], uint64(id(v))) //nolint:gosec // and back below
			return key
		},
		func(ctx context.Context, key uuid.UUID) (T, error) {
			return load(ctx, int64(binary.BigEndian.Uint64(key[8:]))) //nolint:gosec // made above
		})
}
