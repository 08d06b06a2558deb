package domain

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/google/uuid"
)

// Visibility says who a resource is shown to.
type Visibility string

// The visibilities. The empty value means public.
const (
	Public           Visibility = "public"
	VisibleCommunity Visibility = "community"
	VisibleTeam      Visibility = "team"
	Private          Visibility = "private"
)

// Question asks whether the subject may do something in a scope, to a resource
// of a visibility.
type Question struct {
	Permission string
	Scope      Scope
	Visibility Visibility
	Owner      uuid.UUID // of the resource, if known
}

// Reason is the stable name of why a decision came out as it did.
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

// Decision is the answer to a question.
type Decision struct {
	Allowed bool
	Reason  Reason
}

func allow(r Reason) Decision { return Decision{Allowed: true, Reason: r} }
func deny(r Reason) Decision  { return Decision{Reason: r} }

// Rule names a step of the decision, for explanations.
type Rule string

// The rules, in the order in which they are asked.
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

// Decide answers a question from the facts about its subject.
func (c Catalogue) Decide(s Subject, q Question, f *Facts) Decision {
	return c.decide(s, q, f, nil)
}

// Explain answers as Decide does and lists every step to the answer.
func (c Catalogue) Explain(s Subject, q Question, f *Facts) (Decision, []Step) {
	var t trace
	d := c.decide(s, q, f, &t)
	return d, t.steps
}

// NeedsFacts reports whether the answer depends on what is stored. If not,
// Decide may be given empty facts, and a suspended user costs nothing.
func (c Catalogue) NeedsFacts(s Subject, q Question) bool {
	_, decided := c.byContext(s, q, nil)
	return !decided
}

func (c Catalogue) decide(s Subject, q Question, f *Facts, t *trace) Decision {
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

// byContext asks the rules that need only the question and its subject.
func (c Catalogue) byContext(s Subject, q Question, t *trace) (Decision, bool) {
	if _, ok := c.Find(q.Permission); !ok {
		t.add(RuleCatalogue, Denies, "no such permission")
		return deny(UnknownPermission), true
	}
	t.add(RuleCatalogue, Continues, "the permission exists")
	if s.Suspended {
		t.add(RuleFlags, Denies, "the user is suspended or banned")
		return deny(MasterSuspended), true
	}
	if q.Scope.Type == Tenant && q.Scope != TenantScope(s.Tenant) {
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
			t.override(Denies, o)
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

func byRoles(s Subject, p Permission, q Question, f *Facts, t *trace) Decision {
	held, granted := false, false
	for i := range f.Bindings {
		b := &f.Bindings[i]
		if b.Role.Service != p.Service || !b.Scope.Reaches(q.Scope, f.Teams) {
			continue
		}
		held = true
		grants := b.Role.Grants(p)
		granted = granted || grants
		t.role(&b.Role, b.Scope, grants)
	}
	if s.Member {
		if r := f.memberRole(p.Service); r != nil {
			held = true
			grants := r.Grants(p)
			granted = granted || grants
			t.memberRole(r, grants)
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

// byVisibility has the last word about what the roles allow.
func byVisibility(s Subject, p Permission, q Question, f *Facts, t *trace) Decision {
	switch q.Visibility {
	case "", Public:
		t.add(RuleVisibility, Allows, "the resource is public")
		return allow(RBACAllow)
	case VisibleCommunity, VisibleTeam:
		if s.Member && q.Scope.Type == Tenant {
			t.add(RuleVisibility, Allows, "the user is a member of the tenant")
			return allow(RBACAllow)
		}
		for i := range f.Bindings {
			if f.Bindings[i].Scope.Reaches(q.Scope, f.Teams) {
				t.add(RuleVisibility, Allows, "the user belongs to the scope")
				return allow(RBACAllow)
			}
		}
		t.add(RuleVisibility, Denies, "the resource is for members of the scope only")
		return deny(VisibilityDeny)
	case Private:
		if s.owns(q.Owner) {
			t.add(RuleVisibility, Allows, "the user owns the resource")
			return allow(RBACAllow)
		}
		for i := range f.Bindings {
			b := &f.Bindings[i]
			if b.Role.administers(p.Service) && b.Scope.Reaches(q.Scope, f.Teams) {
				t.add(RuleVisibility, Allows, "the user administers the service in this scope")
				return allow(RBACAllow)
			}
		}
		t.add(RuleVisibility, Denies, "the resource is private")
		return deny(VisibilityDeny)
	default: // a visibility this version does not know is not guessed at
		t.add(RuleVisibility, Denies, "unknown visibility")
		return deny(VisibilityDeny)
	}
}

// trace collects steps. A nil trace collects nothing and costs nothing, so the
// rules are written once for both uses.
type trace struct{ steps []Step }

// maxSteps bounds an explanation; the last, deciding step is always kept.
const maxSteps = 64

func (t *trace) add(rule Rule, outcome Outcome, detail string) {
	if t == nil {
		return
	}
	if outcome == Continues && len(t.steps) >= maxSteps-1 {
		return
	}
	t.steps = append(t.steps, Step{Rule: rule, Outcome: outcome, Detail: detail})
}

func (t *trace) override(outcome Outcome, o *Override) {
	if t == nil {
		return
	}
	what := o.Permission
	if what == "" {
		what = "every permission"
	}
	t.add(RuleOverrides, outcome, "an override: "+string(o.Effect)+" "+what)
}

func (t *trace) role(r *Role, s Scope, grants bool) {
	if t == nil {
		return
	}
	t.add(RuleRoles, Continues, fmt.Sprintf("role %s bound in %s %s", r, s, holds(grants)))
}

func (t *trace) memberRole(r *Role, grants bool) {
	if t == nil {
		return
	}
	t.add(RuleRoles, Continues, fmt.Sprintf("role %s held as a member of the tenant %s", r, holds(grants)))
}

func holds(grants bool) string {
	if grants {
		return "grants the permission"
	}
	return "does not grant the permission"
}

func (r *Role) String() string {
	var b strings.Builder
	b.WriteString(string(r.Service))
	b.WriteByte(':')
	b.WriteString(r.Name)
	b.WriteString(" (")
	b.WriteString(strconv.FormatInt(r.ID, 10))
	b.WriteByte(')')
	return b.String()
}
