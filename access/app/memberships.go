package app

import (
	"context"
	"strconv"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/access/domain"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/reqctx"
)

// Bounds of Portal's calls.
const (
	MaxMembershipChanges = 100
	MaxMembershipPage    = 1000
)

// portal is the only caller that may write memberships: they grant roles.
const portal = "portal"

// Memberships follows Portal's communities, teams and memberships.
type Memberships struct{ Deps }

// Sync stores changes. When it returns, every decision uses them.
func (m Memberships) Sync(ctx context.Context, changes []domain.Membership) error {
	if err := requirePortal(ctx); err != nil {
		return err
	}
	fields := errs.Fields{}
	checkCount(fields, "changes", len(changes), 1, MaxMembershipChanges)
	for i, c := range changes {
		checkChange(fields, "changes."+strconv.Itoa(i)+".", c)
	}
	if err := fields.Err(); err != nil {
		return err
	}
	return m.put(ctx, changes...)
}

func (m Memberships) put(ctx context.Context, changes ...domain.Membership) error {
	return m.do(ctx, func(ctx context.Context, now time.Time) error { return m.Deps.Memberships.Put(ctx, changes, now) })
}

func (m Memberships) do(ctx context.Context, fn func(ctx context.Context, now time.Time) error) error {
	return m.Tx.Do(ctx, func(ctx context.Context) error { return fn(ctx, m.Clock.Now()) })
}

// MembershipPage is all that Portal has in a range of the tenant's memberships.
type MembershipPage struct {
	domain.MembershipRange
	Memberships []domain.Membership
}

func (p MembershipPage) validate() error {
	fields := errs.Fields{}
	if p.After != nil && p.Until != nil {
		fields.Check(p.After.Compare(*p.Until) < 0, "until", why.Mismatch("must come after the field after"))
	}
	checkCount(fields, "memberships", len(p.Memberships), 0, MaxMembershipPage)
	for i, c := range p.Memberships {
		prefix := "memberships." + strconv.Itoa(i) + "."
		checkMembership(fields, prefix, c)
		fields.Check(c.Role.Known(), prefix+"role", why.NotAllowed("must be owner, moderator or member"))
		fields.Check(p.Contains(c.MembershipKey), prefix+"user_id", why.Mismatch("is not in the range of the page"))
	}
	return fields.Err()
}

// Reconcile makes the stored memberships of a range equal to Portal's, and returns how many differed.
func (m Memberships) Reconcile(ctx context.Context, page MembershipPage) (drift domain.Drift, err error) {
	if err := requirePortal(ctx); err != nil {
		return drift, err
	}
	if err := page.validate(); err != nil {
		return drift, err
	}
	err = m.do(ctx, func(ctx context.Context, now time.Time) error {
		known, err := m.Deps.Memberships.Between(ctx, page.MembershipRange)
		if err != nil {
			return err
		}
		var repairs []domain.Membership
		repairs, drift = domain.Reconcile(page.Memberships, known, now)
		if err := m.Deps.Memberships.Repair(ctx, repairs, now); err != nil {
			return err
		}
		return m.Deps.Memberships.Derive(ctx, page.MembershipRange)
	})
	return drift, err
}

// OnMembershipChanged handles an event about one membership.
func (m Memberships) OnMembershipChanged(ctx context.Context, c domain.Membership) error {
	fields := errs.Fields{}
	checkChange(fields, "", c)
	if err := fields.Err(); err != nil {
		return err
	}
	return m.put(ctx, c)
}

// OnScopeChanged handles an event about a community or team; status is empty if the event does not change it.
func (m Memberships) OnScopeChanged(ctx context.Context, s domain.MemberScope, status domain.ScopeStatus) error {
	return m.do(ctx, func(ctx context.Context, now time.Time) error {
		return m.Deps.Memberships.PutScope(ctx, s, status, now)
	})
}

// OnScopeDeleted handles the deletion of a community with its teams, or of a team. Bindings that do not follow from
// memberships end with an entry in the audit log.
func (m Memberships) OnScopeDeleted(ctx context.Context, scope domain.Scope) error {
	return m.do(ctx, func(ctx context.Context, now time.Time) error {
		ended, err := m.Deps.Memberships.DeleteScope(ctx, scope, now)
		if err != nil {
			return err
		}
		return m.Audit.Write(ctx, auditEntries{via: viaScopeDeleted, at: now}.bindings(ActionBindingDeleted, ended...)...)
	})
}

func requirePortal(ctx context.Context) error {
	return requireCaller(ctx, portal, "Only Portal may write memberships.")
}

// requireCaller refuses requests of other services than the named one, and those that name no tenant.
func requireCaller(ctx context.Context, name, refusal string) error {
	rc := reqctx.From(ctx)
	if rc.Caller != name {
		return errs.Forbiddenf("%s", refusal)
	}
	if rc.TenantID == uuid.Nil {
		return errs.New(errs.BadRequest, "MISSING_TENANT_CONTEXT", "The request names no tenant.")
	}
	return nil
}

func checkCount(fields errs.Fields, name string, n, least, most int) {
	fields.Check(n >= least && n <= most, name, why.Count(n, least, most))
}

// checkChange also accepts ended memberships, which a page does not hold.
func checkChange(fields errs.Fields, prefix string, m domain.Membership) {
	checkMembership(fields, prefix, m)
	fields.Check(m.Role == domain.NotMember || m.Role.Known(), prefix+"role", why.NotAllowed("must be owner, moderator, member or null"))
}

func checkMembership(fields errs.Fields, prefix string, m domain.Membership) {
	switch m.Type {
	case domain.Community:
		fields.Check(m.Community == m.Scope, prefix+"community_id", why.Mismatch("must be the id of the community itself"))
	case domain.Team:
	default:
		fields.Add(prefix+"scope_type", why.NotAllowed("must be COMMUNITY or TEAM"))
	}
	fields.Check(m.Scope != uuid.Nil, prefix+"scope_id", why.Required)
	fields.Check(m.Community != uuid.Nil, prefix+"community_id", why.Required)
	fields.Check(m.User != uuid.Nil, prefix+"user_id", why.Required)
	fields.Check(m.Version > 0, prefix+"version", why.Below(1))
}
