package domain

import (
	"cmp"
	"fmt"

	"github.com/google/uuid"
)

// Visibility says to whom a resource is shown.
type Visibility string

// The visibilities. The empty value means public.
const (
	Public           Visibility = "public"
	VisibleCommunity Visibility = "community"
	VisibleTeam      Visibility = "team"
	Private          Visibility = "private"
)

// Check asks whether the subject is allowed to do something in a scope, to a resource of a visibility.
type Check struct {
	Permission string
	Scope      Scope
	Visibility Visibility
	Owner      uuid.UUID // of the resource, if known
}

// Reason is the reason code of a decision.
type Reason string

// The reasons.
const (
	UnknownPermission Reason = "UNKNOWN_PERMISSION"
	MasterSuspended   Reason = "MASTER_SUSPENDED"
	TenantMismatch    Reason = "TENANT_MISMATCH"
	MasterSystemAdmin Reason = "MASTER_SYSTEM_ADMIN"
	PolicyDeny        Reason = "POLICY_DENY"
	PolicyAllow       Reason = "POLICY_ALLOW"
	NoRole            Reason = "NO_ROLE"
	RBACDeny          Reason = "RBAC_DENY"
	VisibilityDeny    Reason = "VISIBILITY_DENY"
	RBACAllow         Reason = "RBAC_ALLOW"
)

// Decision is the answer to a check.
type Decision struct {
	Allowed bool
	Reason  Reason
}

func allow(r Reason) Decision { return Decision{Allowed: true, Reason: r} }
func deny(r Reason) Decision  { return Decision{Reason: r} }

// Rule names a step of the decision, for explanations.
type Rule string

// The rules, in their order.
const (
	RuleCatalogue  Rule = "catalogue"
	RuleFlags      Rule = "flags"
	RuleTenant     Rule = "tenant"
	RuleOverrides  Rule = "overrides"
	RuleRoles      Rule = "roles"
	RuleVisibility Rule = "visibility"
)

// Outcome is what a step did.
type Outcome string

// The outcomes. Exactly the last step of an explanation allows or denies.
const (
	Continues Outcome = "continue"
	Allows    Outcome = "allow"
	Denies    Outcome = "deny"
)

// Step is one line of an explanation.
type Step struct {
	Rule    Rule
	Outcome Outcome
	Detail  string
}

// Decide answers a check from the facts about its subject.
func (c Catalogue) Decide(s Subject, q Check, f *Facts) Decision {
	return c.decide(s, q, f, nil)
}

// Explain is Decide with a list of every step.
func (c Catalogue) Explain(s Subject, q Check, f *Facts) (Decision, []Step) {
	var t trace
	d := c.decide(s, q, f, &t)
	return d, t.steps
}

// NeedsFacts reports whether the decision depends on stored facts. If not, Decide may be given empty facts.
func (c Catalogue) NeedsFacts(s Subject, q Check) bool {
	_, decided := c.byContext(s, q, nil)
	return !decided
}

func (c Catalogue) decide(s Subject, q Check, f *Facts, t *trace) Decision {
	if d, decided := c.byContext(s, q, t); decided {
		return d
	}
	p, _ := c.Find(q.Permission)
	if d, decided := byOverrides(p, f, t); decided {
		return d
	}
	if d := byRoles(s, p, q, f, t); !d.Allowed {
		return d
	}
	return byVisibility(s, p, q, f, t)
}

// byContext applies the rules that need only the check and its subject.
func (c Catalogue) byContext(s Subject, q Check, t *trace) (Decision, bool) {
	if _, ok := c.Find(q.Permission); !ok {
		t.add(RuleCatalogue, Denies, "no such permission")
		return deny(UnknownPermission), true
	}
	t.add(RuleCatalogue, Continues, "the permission exists")
	if s.Suspended {
		t.add(RuleFlags, Denies, "the user is suspended or banned")
		return deny(MasterSuspended), true
	}
	if s.foreign(q.Scope) {
		t.add(RuleTenant, Denies, "the scope is another tenant than the caller's")
		return deny(TenantMismatch), true
	}
	if s.SystemAdmin {
		t.add(RuleFlags, Allows, "the user is a system administrator")
		return allow(MasterSystemAdmin), true
	}
	t.add(RuleFlags, Continues, "the user is neither suspended nor a system administrator")
	return Decision{}, false
}

func byOverrides(p Permission, f *Facts, t *trace) (Decision, bool) {
	allowed := false
	for i := range f.Overrides {
		o := &f.Overrides[i]
		if !o.matches(p) {
			continue
		}
		if o.Effect == Deny {
			t.add(RuleOverrides, Denies, "an override: deny "+cmp.Or(o.Permission, "every permission"))
			return deny(PolicyDeny), true
		}
		allowed = allowed || o.Effect == Allow
	}
	if allowed {
		t.add(RuleOverrides, Allows, "an override allows it")
		return allow(PolicyAllow), true
	}
	t.add(RuleOverrides, Continues, "no override concerns it")
	return Decision{}, false
}

func byRoles(s Subject, p Permission, q Check, f *Facts, t *trace) Decision {
	held, granted := false, false
	for role, bound := range f.rolesIn(s, p.Service, q.Scope) {
		grants := role.Grants(p)
		held, granted = true, granted || grants
		if t != nil {
			t.role(role, bound, grants)
		}
	}
	switch {
	case granted:
		return allow(RBACAllow)
	case held:
		t.add(RuleRoles, Denies, "none of these roles grants the permission")
		return deny(RBACDeny)
	default:
		t.add(RuleRoles, Denies, "no role of this service reaches the scope")
		return deny(NoRole)
	}
}

// byVisibility restricts what the roles allow.
func byVisibility(s Subject, p Permission, q Check, f *Facts, t *trace) Decision {
	shown, why := visible(s, p, q, f)
	if !shown {
		t.add(RuleVisibility, Denies, why)
		return deny(VisibilityDeny)
	}
	t.add(RuleVisibility, Allows, why)
	return allow(RBACAllow)
}

// visible reports whether a resource is shown to the subject, and why.
func visible(s Subject, p Permission, q Check, f *Facts) (shown bool, why string) {
	switch q.Visibility {
	case "", Public:
		return true, "the resource is public"
	case VisibleCommunity, VisibleTeam:
		switch {
		case s.Member && q.Scope.Type == Tenant:
			return true, "the user is a member of the tenant"
		case f.bound(q.Scope, func(*Role) bool { return true }):
			return true, "the user belongs to the scope"
		}
		return false, "the resource is for members of the scope only"
	case Private:
		switch {
		case q.Owner != uuid.Nil && q.Owner == s.User:
			return true, "the user owns the resource"
		case f.administers(p.Service, q.Scope):
			return true, "the user administers the service in this scope"
		}
		return false, "the resource is private"
	default: // unknown to this version
		return false, "unknown visibility"
	}
}

// trace collects steps. A nil trace collects nothing, so the rules are written once for both uses.
type trace struct{ steps []Step }

// maxSteps bounds an explanation; the last, deciding step is always kept.
const maxSteps = 64

func (t *trace) add(rule Rule, outcome Outcome, detail string) {
	if t == nil || outcome == Continues && len(t.steps) >= maxSteps-1 {
		return
	}
	t.steps = append(t.steps, Step{Rule: rule, Outcome: outcome, Detail: detail})
}

// role adds a role that is bound, or held as a member of the tenant if bound is nil.
func (t *trace) role(r *Role, bound *Binding, grants bool) {
	how, does := "held as a member of the tenant", "does not grant the permission"
	if bound != nil {
		how = "bound in " + bound.Scope.String()
		if bound.Achievement != uuid.Nil {
			how += " by achievement " + bound.Achievement.String()
		}
	}
	if grants {
		does = "grants the permission"
	}
	t.add(RuleRoles, Continues, fmt.Sprintf("role %s:%s (%d) %s %s", r.Service, r.Name, r.ID, how, does))
}
