package app

import (
	"context"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/libs/errs"
)

// MaxReason bounds the reason of an override, in characters.
const MaxReason = 255

// Overrides administers exceptions for single users.
type Overrides struct {
	admin     *Administration
	overrides ports.TenantOverrides
}

// NewOverrides makes the use cases of overrides.
func NewOverrides(a *Administration, o ports.TenantOverrides) *Overrides {
	return &Overrides{admin: a, overrides: o}
}

// OverrideInput is a new override.
type OverrideInput struct {
	Tenant, User uuid.UUID
	domain.Override
}

// Validate reports what is wrong with the input.
func (in OverrideInput) Validate(c domain.Catalogue, tenant uuid.UUID, now time.Time) error {
	fields := errs.Fields{}
	fields.Check(in.User != uuid.Nil, "user_id", "is required")
	future(fields, in.Expires, now)
	if err := validOverride(c, fields, in.Override); err != nil {
		return err
	}
	if in.Tenant != tenant {
		return domain.ErrTenantMismatch
	}
	return nil
}

func validOverride(c domain.Catalogue, fields errs.Fields, o domain.Override) error {
	fields.Check(o.Effect == domain.Allow || o.Effect == domain.Deny, "action", "must be deny or allow")
	fields.Check(utf8.RuneCountInString(o.Reason) <= MaxReason, "reason", "must be at most 255 characters long")
	fields.Check(!strings.ContainsFunc(o.Reason, unicode.IsControl), "reason", "must not contain control characters")
	if err := fields.Err(); err != nil {
		return err
	}
	if o.Permission == "" {
		return nil
	}
	if unknown := c.Unknown(o.Permission); len(unknown) > 0 {
		return domain.ErrUnknownKeys.WithDetails(map[string]any{"missing": unknown})
	}
	return nil
}

// OverrideEdit says what to change of an override; nil stays as it is.
type OverrideEdit struct {
	Effect     *domain.Effect
	Permission *string    // empty: every permission
	Expires    *time.Time // zero: never
	Reason     *string
}

// List shows overrides of the tenant.
func (o *Overrides) List(ctx context.Context, search ports.OverrideSearch) (Page[domain.OverrideRecord], error) {
	if err := o.admin.decisions.requireAny(ctx, domain.ReadRoles); err != nil {
		return Page[domain.OverrideRecord]{}, err
	}
	search.At = o.admin.clock.Now()
	return pageOf(search.Limit, func(limit int) ([]domain.OverrideRecord, error) {
		search.Limit = limit
		return o.overrides.Page(ctx, search)
	})
}

// Create makes an override.
func (o *Overrides) Create(ctx context.Context, in OverrideInput) (record domain.OverrideRecord, err error) {
	what := act{operation: "createPolicyOverride", permission: domain.WriteOverrides, targetType: domain.TargetOverride}
	prepare := func(s domain.Subject, now time.Time) error { return in.Validate(o.admin.catalogue, s.Tenant, now) }
	err = o.admin.change(ctx, what, prepare, func(ctx context.Context, d desk) error {
		id, err := o.admin.once.Once(ctx, what.operation, in, func(ctx context.Context) (uuid.UUID, error) {
			return o.add(ctx, d, in)
		})
		if err != nil {
			return err
		}
		record, err = o.overrides.Find(ctx, id)
		return err
	})
	return record, err
}

func (o *Overrides) add(ctx context.Context, d desk, in OverrideInput) (uuid.UUID, error) {
	if err := d.MayOverride(nil, &in.Override, d.At); err != nil {
		return uuid.Nil, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return uuid.Nil, err
	}
	record := domain.OverrideRecord{ID: id, Tenant: d.Tenant, User: in.User, Override: in.Override, CreatedAt: d.At, By: d.By}
	if err := o.overrides.Add(ctx, record); err != nil {
		return uuid.Nil, err
	}
	return id, o.admin.record(ctx, d.OverrideCreated(record))
}

// Update changes an override.
func (o *Overrides) Update(ctx context.Context, id uuid.UUID, edit OverrideEdit) (record domain.OverrideRecord, err error) {
	what := act{operation: "updatePolicyOverride", permission: domain.WriteOverrides, targetType: domain.TargetOverride, targetID: id.String()}
	err = o.admin.change(ctx, what, nothing, func(ctx context.Context, d desk) error {
		before, err := o.overrides.Find(ctx, id)
		if err != nil {
			return err
		}
		record = before
		if record.Override, err = edit.apply(o.admin.catalogue, before.Override, d.At); err != nil {
			return err
		}
		if record.Same(before.Override) {
			return nil
		}
		if err := d.MayOverride(&before.Override, &record.Override, d.At); err != nil {
			return err
		}
		if err := o.overrides.Update(ctx, record); err != nil {
			return err
		}
		return o.admin.record(ctx, d.OverrideUpdated(before, record))
	})
	return record, err
}

// apply returns the override as it shall be, or what is wrong with the edit.
func (e OverrideEdit) apply(c domain.Catalogue, o domain.Override, now time.Time) (domain.Override, error) {
	fields := errs.Fields{}
	if e.Effect != nil {
		o.Effect = *e.Effect
	}
	if e.Permission != nil {
		o.Permission = *e.Permission
	}
	if e.Reason != nil {
		o.Reason = *e.Reason
	}
	if e.Expires != nil {
		o.Expires = *e.Expires
		future(fields, o.Expires, now)
	}
	return o, validOverride(c, fields, o)
}

// Delete removes an override.
func (o *Overrides) Delete(ctx context.Context, id uuid.UUID) error {
	what := act{operation: "deletePolicyOverride", permission: domain.WriteOverrides, targetType: domain.TargetOverride, targetID: id.String()}
	return o.admin.change(ctx, what, nothing, func(ctx context.Context, d desk) error {
		record, err := o.overrides.Find(ctx, id)
		if err != nil {
			return err
		}
		if err := d.MayOverride(&record.Override, nil, d.At); err != nil {
			return err
		}
		if err := o.overrides.Delete(ctx, id); err != nil {
			return err
		}
		return o.admin.record(ctx, d.OverrideDeleted(record))
	})
}
