package app

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/idempotency"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/valid"
)

// MaxReason bounds the reason of an override, in characters.
const MaxReason = 255

// Overrides administers policy overrides: exceptions from roles for single users.
type Overrides struct{ Administration }

// OverrideInput is a new override.
type OverrideInput struct {
	Tenant, User uuid.UUID
	domain.Override
}

// Validate returns the override, or what is wrong with the input.
func (in OverrideInput) Validate(c domain.Catalogue, tenant uuid.UUID, now time.Time) (domain.Override, error) {
	fields := errs.Fields{}
	fields.Check(in.User != uuid.Nil, "user_id", why.Required)
	checkExpiry(fields, in.Expires, now)
	o, err := validOverride(c, fields, in.Override)
	if err == nil && in.Tenant != tenant {
		err = domain.ErrTenantMismatch
	}
	return o, err
}

func validOverride(c domain.Catalogue, fields errs.Fields, o domain.Override) (domain.Override, error) {
	fields.Check(o.Effect == domain.Allow || o.Effect == domain.Deny, "action", why.NotAllowed("must be deny or allow"))
	o.Reason = valid.Line(fields, "reason", o.Reason, 0, MaxReason)
	err := fields.Err()
	if unknown := c.Unknown(o.Permission); err == nil && o.Permission != "" && len(unknown) > 0 {
		err = domain.ErrUnknownKeys.WithDetails(map[string]any{"missing": unknown})
	}
	return o, err
}

// OverrideEdit changes the fields of an override that are not nil.
type OverrideEdit struct {
	Effect     *domain.Effect
	Permission *string    // empty: every permission
	Expires    *time.Time // zero: never
	Reason     *string
}

// List lists overrides of the tenant, newest first.
func (o Overrides) List(ctx context.Context, search ports.OverrideSearch, p page.Request) (page.Page[domain.OverrideRecord], error) {
	if err := o.require(ctx, domain.ReadRoles); err != nil {
		return page.Page[domain.OverrideRecord]{}, err
	}
	if _, err := page.Decode("overrides", p.Cursor, &search.Before); err != nil {
		return page.Page[domain.OverrideRecord]{}, err
	}
	search.At = o.Clock.Now()
	return page.Fetch(p.Limit, func(limit int) ([]domain.OverrideRecord, error) {
		search.Limit = limit
		return o.Deps.Overrides.Page(ctx, search)
	}, func(last domain.OverrideRecord) string { return page.Encode("overrides", last.ID) })
}

// Create makes an override.
func (o Overrides) Create(ctx context.Context, in OverrideInput) (record domain.OverrideRecord, err error) {
	op := operation{id: "createPolicyOverride", permission: domain.WriteOverrides, targetType: TargetOverride}
	var override domain.Override
	op.validate = func(s domain.Subject, now time.Time) (err error) {
		override, err = in.Validate(o.Catalogue, s.Tenant, now)
		return err
	}
	err = o.change(ctx, op, func(ctx context.Context, w unitOfWork) error {
		create := func(ctx context.Context) (domain.OverrideRecord, error) { return o.add(ctx, w, in.User, override) }
		record, err = idempotency.Once(ctx, o.Requests, op.id, in, create,
			func(r domain.OverrideRecord) uuid.UUID { return r.ID }, o.Deps.Overrides.Find)
		return err
	})
	return record, err
}

func (o Overrides) add(ctx context.Context, w unitOfWork, user uuid.UUID, override domain.Override) (domain.OverrideRecord, error) {
	record := domain.OverrideRecord{
		ID: valid.NewID(), Tenant: w.subject.Tenant, User: user, Override: override, CreatedAt: valid.Instant(w.at), By: w.subject.User,
	}
	if err := o.checkReferences(ctx, w, user, domain.TenantScope(record.Tenant)); err != nil {
		return record, err
	}
	if err := w.MayOverride(nil, &override, w.at); err != nil {
		return record, err
	}
	if err := o.Deps.Overrides.Add(ctx, record); err != nil {
		return record, err
	}
	return record, o.Audit.Write(ctx, w.override(ActionOverrideCreated, record))
}

// Update changes an override.
func (o Overrides) Update(ctx context.Context, id uuid.UUID, edit OverrideEdit) (record domain.OverrideRecord, err error) {
	op := operation{id: "updatePolicyOverride", permission: domain.WriteOverrides, targetType: TargetOverride, targetID: id.String()}
	err = o.change(ctx, op, func(ctx context.Context, w unitOfWork) error {
		before, err := o.Deps.Overrides.Find(ctx, id)
		if err != nil {
			return err
		}
		record = before
		if record.Override, err = edit.apply(o.Catalogue, before.Override, w.at); err != nil {
			return err
		}
		if record.Same(before.Override) {
			return nil
		}
		if err := w.MayOverride(&before.Override, &record.Override, w.at); err != nil {
			return err
		}
		if err := o.Deps.Overrides.Update(ctx, record); err != nil {
			return err
		}
		return o.Audit.Write(ctx, updated(w.override(ActionOverrideUpdated, before), w.override(ActionOverrideUpdated, record)))
	})
	return record, err
}

// apply returns the changed override, or what is wrong with the edit.
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
		checkExpiry(fields, o.Expires, now)
	}
	return validOverride(c, fields, o)
}

// Delete removes an override.
func (o Overrides) Delete(ctx context.Context, id uuid.UUID) error {
	op := operation{id: "deletePolicyOverride", permission: domain.WriteOverrides, targetType: TargetOverride, targetID: id.String()}
	return o.change(ctx, op, func(ctx context.Context, w unitOfWork) error {
		record, err := o.Deps.Overrides.Find(ctx, id)
		if err != nil {
			return err
		}
		if err := w.MayOverride(&record.Override, nil, w.at); err != nil {
			return err
		}
		if err := o.Deps.Overrides.Delete(ctx, id); err != nil {
			return err
		}
		return o.Audit.Write(ctx, w.override(ActionOverrideDeleted, record))
	})
}
