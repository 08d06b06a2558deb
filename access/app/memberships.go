package app

import (
	"context"
	"strconv"

	"github.com/google/uuid"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/reqctx"
)

// Bounds of what Portal may send at once.
const (
	MaxMembershipChanges = 100
	MaxMembershipPage    = 1000
)

// portal is the only service whose word about memberships counts: it makes
// administrators.
const portal = "portal"

// Memberships follows what Portal says about who belongs where.
type Memberships struct {
	tx      ports.Tx
	members ports.Memberships
	journal ports.Journal
	clock   ports.Clock
}

// NewMemberships makes the use cases of memberships.
func NewMemberships(tx ports.Tx, m ports.Memberships, j ports.Journal, clock ports.Clock) *Memberships {
	return &Memberships{tx: tx, members: m, journal: j, clock: clock}
}

// Sync takes changes over. When it returns, every decision knows of them.
func (m *Memberships) Sync(ctx context.Context, changes []domain.Membership) error {
	if err := fromPortal(ctx); err != nil {
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
	return m.apply(ctx, changes...)
}

func (m *Memberships) apply(ctx context.Context, changes ...domain.Membership) error {
	return m.tx.Do(ctx, func(ctx context.Context) error { return m.members.Put(ctx, changes, m.clock.Now()) })
}

// MembershipPage is all that Portal has in a range of the tenant's memberships.
type MembershipPage struct {
	domain.MembershipRange
	Memberships []domain.Membership
}

func (p MembershipPage) validate() error {
	fields := errs.Fields{}
	if p.After != nil && p.Until != nil {
		fields.Check(p.After.Compare(*p.Until) < 0, "until", "must come after the field after")
	}
	checkCount(fields, "memberships", len(p.Memberships), 0, MaxMembershipPage)
	for i, c := range p.Memberships {
		prefix := "memberships." + strconv.Itoa(i) + "."
		checkMembership(fields, prefix, c)
		fields.Check(c.Role.Known(), prefix+"role", "must be owner, moderator or member")
		fields.Check(p.Contains(c.MembershipKey), prefix+"user_id", "is not in the range of the page")
	}
	return fields.Err()
}

// Reconcile makes a range of memberships what Portal says, and tells what was
// different.
func (m *Memberships) Reconcile(ctx context.Context, page MembershipPage) (domain.Drift, error) {
	if err := fromPortal(ctx); err != nil {
		return domain.Drift{}, err
	}
	if err := page.validate(); err != nil {
		return domain.Drift{}, err
	}
	var drift domain.Drift
	err := m.tx.Do(ctx, func(ctx context.Context) error {
		known, err := m.members.Between(ctx, page.MembershipRange)
		if err != nil {
			return err
		}
		var repairs []domain.Membership
		now := m.clock.Now()
		repairs, drift = domain.Reconcile(page.Memberships, known, now)
		if err := m.members.Repair(ctx, repairs, now); err != nil {
			return err
		}
		return m.members.Derive(ctx, page.MembershipRange)
	})
	return drift, err
}

// Changed takes over what an event of Portal says about one membership.
func (m *Memberships) Changed(ctx context.Context, c domain.Membership) error {
	fields := errs.Fields{}
	checkChange(fields, "", c)
	if err := fields.Err(); err != nil {
		return err
	}
	return m.apply(ctx, c)
}

// TeamKnown remembers the community of a team.
func (m *Memberships) TeamKnown(ctx context.Context, team, community uuid.UUID) error {
	return m.tx.Do(ctx, func(ctx context.Context) error { return m.members.LearnTeam(ctx, team, community) })
}

// viaDeletion marks the journal's rows about bindings whose scope is gone.
const viaDeletion = "scope_deleted"

// ScopeDeleted forgets a community with its teams, or a team. Bindings that
// somebody had made by hand do not end unrecorded.
func (m *Memberships) ScopeDeleted(ctx context.Context, scope domain.Scope) error {
	return m.tx.Do(ctx, func(ctx context.Context) error {
		now, rc := m.clock.Now(), reqctx.From(ctx)
		gone, err := m.members.Forget(ctx, scope, now)
		if err != nil || len(gone) == 0 {
			return err
		}
		entries := make([]domain.Entry, len(gone))
		for i, g := range gone {
			entries[i] = domain.BindingDeleted(rc.TenantID, rc.UserID, g.Grant, domain.FormatRoleID(g.ID), viaDeletion, now)
		}
		return m.journal.Record(ctx, entries...)
	})
}

func fromPortal(ctx context.Context) error {
	rc := reqctx.From(ctx)
	if rc.Caller != portal {
		return errs.Forbiddenf("Only Portal knows who belongs where.")
	}
	if rc.TenantID == uuid.Nil {
		return errs.New(errs.BadRequest, "MISSING_TENANT_CONTEXT", "The request names no tenant.")
	}
	return nil
}

func checkCount(fields errs.Fields, name string, n, least, most int) {
	fields.Check(n >= least && n <= most, name, "must hold "+strconv.Itoa(least)+" to "+strconv.Itoa(most)+" memberships")
}

// checkChange admits those who left, whom a page of members does not hold.
func checkChange(fields errs.Fields, prefix string, m domain.Membership) {
	checkMembership(fields, prefix, m)
	fields.Check(m.Role == domain.NotMember || m.Role.Known(), prefix+"role", "must be owner, moderator, member or null")
}

func checkMembership(fields errs.Fields, prefix string, m domain.Membership) {
	switch m.Type {
	case domain.Community:
		fields.Check(m.Community == m.Scope, prefix+"community_id", "must be the id of the community itself")
	case domain.Team:
	default:
		fields.Add(prefix+"scope_type", "must be COMMUNITY or TEAM")
	}
	fields.Check(m.Scope != uuid.Nil, prefix+"scope_id", "is required")
	fields.Check(m.Community != uuid.Nil, prefix+"community_id", "is required")
	fields.Check(m.User != uuid.Nil, prefix+"user_id", "is required")
	fields.Check(m.Version > 0, prefix+"version", "must be positive")
}
