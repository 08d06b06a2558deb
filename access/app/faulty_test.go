package app_test

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/access/app"
	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/page"
	"go.updspace.com/tools/devkit/testkit/faults"
)

// faulty returns ports whose calls may fail.
func faulty(f *faults.Faults, d app.Deps) app.Deps {
	d.Facts, d.Stored, d.Roles, d.Bindings = faultyFacts{d.Facts, f}, faultyFacts{d.Stored, f}, faultyRoles{d.Roles, f}, faultyBindings{d.Bindings, f}
	d.Overrides, d.Admins, d.Memberships, d.Expired = faultyOverrides{d.Overrides, f}, faultyAdmins{d.Admins, f}, faultyMemberships{d.Memberships, f}, faultyExpired{f}
	d.Rewards = faultyRewards{d.Rewards, f}
	log := faultyAudit{d.Audit, f}
	d.Audit, d.Powers, d.Tx, d.Requests = log, log, faults.NewTx(f, d.Tx), faults.Once(f, d.Requests)
	return d
}

type faultyFacts struct {
	ports.Facts
	f *faults.Faults
}

func (p faultyFacts) Load(ctx context.Context, s domain.Subject, at time.Time) (*domain.Facts, error) {
	return faults.Call(p.f, func() (*domain.Facts, error) { return p.Facts.Load(ctx, s, at) })
}

type faultyRewards struct {
	ports.Rewards
	f *faults.Faults
}

func (p faultyRewards) Find(ctx context.Context, grant uuid.UUID) (r domain.Reward, found bool, err error) {
	err = faults.Do(p.f, func() error { r, found, err = p.Rewards.Find(ctx, grant); return err })
	return r, found, err
}

func (p faultyRewards) Put(ctx context.Context, r domain.Reward, at time.Time) error {
	return faults.Do(p.f, func() error { return p.Rewards.Put(ctx, r, at) })
}

func (p faultyRewards) Derive(ctx context.Context, key domain.RewardKey, at time.Time) (before, after domain.BindingRecord, err error) {
	err = faults.Do(p.f, func() error { before, after, err = p.Rewards.Derive(ctx, key, at); return err })
	return before, after, err
}

func (p faultyRewards) Forget(ctx context.Context, before time.Time) error {
	return faults.Do(p.f, func() error { return p.Rewards.Forget(ctx, before) })
}

type faultyRoles struct {
	ports.Roles
	f *faults.Faults
}

func (p faultyRoles) Template(ctx context.Context, service domain.Service, name string) (domain.Role, error) {
	return faults.Call(p.f, func() (domain.Role, error) { return p.Roles.Template(ctx, service, name) })
}

func (p faultyRoles) Find(ctx context.Context, id int64) (domain.Role, error) {
	return faults.Call(p.f, func() (domain.Role, error) { return p.Roles.Find(ctx, id) })
}

func (p faultyRoles) Page(ctx context.Context, search ports.RoleSearch) ([]domain.Role, error) {
	return faults.Call(p.f, func() ([]domain.Role, error) { return p.Roles.Page(ctx, search) })
}

func (p faultyRoles) Add(ctx context.Context, draft domain.RoleDraft, at time.Time) (int64, error) {
	return faults.Call(p.f, func() (int64, error) { return p.Roles.Add(ctx, draft, at) })
}

func (p faultyRoles) Update(ctx context.Context, id int64, draft domain.RoleDraft, at time.Time) error {
	return faults.Do(p.f, func() error { return p.Roles.Update(ctx, id, draft, at) })
}

func (p faultyRoles) Delete(ctx context.Context, id int64) ([]domain.BindingRecord, error) {
	return faults.Call(p.f, func() ([]domain.BindingRecord, error) { return p.Roles.Delete(ctx, id) })
}

func (p faultyRoles) Loss(ctx context.Context, q ports.LossQuery) (domain.RoleLoss, error) {
	return faults.Call(p.f, func() (domain.RoleLoss, error) { return p.Roles.Loss(ctx, q) })
}

type faultyBindings struct {
	ports.Bindings
	f *faults.Faults
}

func (p faultyBindings) Grant(ctx context.Context, g domain.Grant) (int64, bool, error) {
	if err := p.f.Next(); err != nil {
		return 0, false, err
	}
	return p.Bindings.Grant(ctx, g)
}

func (p faultyBindings) Find(ctx context.Context, id int64) (domain.BindingRecord, error) {
	return faults.Call(p.f, func() (domain.BindingRecord, error) { return p.Bindings.Find(ctx, id) })
}

func (p faultyBindings) Same(ctx context.Context, user uuid.UUID, role int64, scope domain.Scope) (domain.BindingRecord, error) {
	return faults.Call(p.f, func() (domain.BindingRecord, error) { return p.Bindings.Same(ctx, user, role, scope) })
}

func (p faultyBindings) Page(ctx context.Context, search ports.BindingSearch) ([]domain.BindingRecord, error) {
	return faults.Call(p.f, func() ([]domain.BindingRecord, error) { return p.Bindings.Page(ctx, search) })
}

func (p faultyBindings) Add(ctx context.Context, g domain.Grant, at time.Time) (int64, error) {
	return faults.Call(p.f, func() (int64, error) { return p.Bindings.Add(ctx, g, at) })
}

func (p faultyBindings) Expire(ctx context.Context, id int64, at time.Time) error {
	return faults.Do(p.f, func() error { return p.Bindings.Expire(ctx, id, at) })
}

func (p faultyBindings) Delete(ctx context.Context, id int64) error {
	return faults.Do(p.f, func() error { return p.Bindings.Delete(ctx, id) })
}

type faultyOverrides struct {
	ports.Overrides
	f *faults.Faults
}

func (p faultyOverrides) Find(ctx context.Context, id uuid.UUID) (domain.OverrideRecord, error) {
	return faults.Call(p.f, func() (domain.OverrideRecord, error) { return p.Overrides.Find(ctx, id) })
}

func (p faultyOverrides) Page(ctx context.Context, search ports.OverrideSearch) ([]domain.OverrideRecord, error) {
	return faults.Call(p.f, func() ([]domain.OverrideRecord, error) { return p.Overrides.Page(ctx, search) })
}

func (p faultyOverrides) Add(ctx context.Context, o domain.OverrideRecord) error {
	return faults.Do(p.f, func() error { return p.Overrides.Add(ctx, o) })
}

func (p faultyOverrides) Update(ctx context.Context, o domain.OverrideRecord) error {
	return faults.Do(p.f, func() error { return p.Overrides.Update(ctx, o) })
}

func (p faultyOverrides) Delete(ctx context.Context, id uuid.UUID) error {
	return faults.Do(p.f, func() error { return p.Overrides.Delete(ctx, id) })
}

type faultyAdmins struct {
	ports.Administrators
	f *faults.Faults
}

func (p faultyAdmins) Lock(ctx context.Context) error {
	return faults.Do(p.f, func() error { return p.Administrators.Lock(ctx) })
}

func (p faultyAdmins) Any(ctx context.Context, at time.Time) (bool, error) {
	return faults.Call(p.f, func() (bool, error) { return p.Administrators.Any(ctx, at) })
}

func (p faultyAdmins) Holders(ctx context.Context, permission string, at time.Time, limit int) ([]uuid.UUID, error) {
	return faults.Call(p.f, func() ([]uuid.UUID, error) { return p.Administrators.Holders(ctx, permission, at, limit) })
}

func (p faultyAdmins) SetTenantMember(ctx context.Context, user uuid.UUID, active bool, at time.Time) error {
	return faults.Do(p.f, func() error { return p.Administrators.SetTenantMember(ctx, user, active, at) })
}

type faultyMemberships struct {
	ports.Memberships
	f *faults.Faults
}

func (p faultyMemberships) Put(ctx context.Context, ms []domain.Membership, at time.Time) error {
	return faults.Do(p.f, func() error { return p.Memberships.Put(ctx, ms, at) })
}

func (p faultyMemberships) Repair(ctx context.Context, ms []domain.Membership, at time.Time) error {
	return faults.Do(p.f, func() error { return p.Memberships.Repair(ctx, ms, at) })
}

func (p faultyMemberships) Between(ctx context.Context, r domain.MembershipRange) ([]domain.KnownMembership, error) {
	return faults.Call(p.f, func() ([]domain.KnownMembership, error) { return p.Memberships.Between(ctx, r) })
}

func (p faultyMemberships) Derive(ctx context.Context, r domain.MembershipRange) error {
	return faults.Do(p.f, func() error { return p.Memberships.Derive(ctx, r) })
}

func (p faultyMemberships) References(ctx context.Context, user uuid.UUID, scope domain.Scope) (domain.References, error) {
	return faults.Call(p.f, func() (domain.References, error) { return p.Memberships.References(ctx, user, scope) })
}

func (p faultyMemberships) PutScope(ctx context.Context, s domain.MemberScope, status domain.ScopeStatus, at time.Time) error {
	return faults.Do(p.f, func() error { return p.Memberships.PutScope(ctx, s, status, at) })
}

func (p faultyMemberships) DeleteScope(ctx context.Context, scope domain.Scope, at time.Time) ([]domain.BindingRecord, error) {
	return faults.Call(p.f, func() ([]domain.BindingRecord, error) { return p.Memberships.DeleteScope(ctx, scope, at) })
}

// faultyExpired has nothing that has expired.
type faultyExpired struct{ f *faults.Faults }

func (p faultyExpired) DeleteBindings(context.Context, time.Time, int) ([]domain.BindingRecord, error) {
	return nil, p.f.Next()
}

func (p faultyExpired) DeleteOverrides(context.Context, time.Time, int) ([]domain.OverrideRecord, error) {
	return nil, p.f.Next()
}

type faultyAudit struct {
	ports.AuditLog
	f *faults.Faults
}

func (p faultyAudit) Write(ctx context.Context, entries ...audit.Entry) error {
	return faults.Do(p.f, func() error { return p.AuditLog.Write(ctx, entries...) })
}

func (p faultyAudit) List(ctx context.Context, filter audit.Filter, in page.Request) (page.Page[audit.Entry], error) {
	return faults.Call(p.f, func() (page.Page[audit.Entry], error) { return p.AuditLog.List(ctx, filter, in) })
}
