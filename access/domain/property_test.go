package domain_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports/portstest"
)

// naive answers from the facts by the sentences of the specification, with none of the engine's shortcuts.
func naive(s domain.Subject, q domain.Check, f domain.Facts) bool {
	var service domain.Service
	exists := false
	for _, p := range domain.Platform.All() {
		if p.Key == q.Permission {
			exists, service = true, p.Service
		}
	}
	foreign := q.Scope.Type == domain.Tenant && q.Scope.ID != s.Tenant.String()
	if !exists || s.Suspended || foreign {
		return false
	}
	if s.SystemAdmin {
		return true
	}
	var denied, allowed bool
	for _, o := range f.Overrides {
		if o.Permission == "" || o.Permission == q.Permission {
			denied = denied || o.Effect == domain.Deny
			allowed = allowed || o.Effect == domain.Allow
		}
	}
	if denied || allowed {
		return !denied
	}

	// every scope above the one that is asked about, itself included
	above := []domain.Scope{{Type: domain.Global}, q.Scope}
	if q.Scope.Type != domain.Global {
		above = append(above, domain.Scope{Type: domain.Tenant, ID: s.Tenant.String()})
	}
	if c, ok := f.Teams[q.Scope.ID]; ok && q.Scope.Type == domain.Team {
		above = append(above, domain.Scope{Type: domain.Community, ID: c})
	}
	var reaching []domain.Binding
	for _, b := range f.Bindings {
		if slices.Contains(above, b.Scope) {
			reaching = append(reaching, b)
		}
	}

	var keys []string
	admin := false
	for _, b := range reaching {
		if b.Role.Service == service {
			keys = append(keys, b.Role.Keys...)
			admin = admin || b.Role.Name == "admin"
		}
	}
	if s.Member {
		var templates, own []domain.Role
		for _, r := range f.MemberRoles {
			switch {
			case r.Service != service:
			case r.Tenant == uuid.Nil:
				templates = append(templates, r)
			default:
				own = append(own, r)
			}
		}
		if len(own) == 0 {
			own = templates
		}
		for _, r := range own {
			keys = append(keys, r.Keys...)
		}
	}
	if !slices.Contains(keys, q.Permission) {
		return false
	}
	switch q.Visibility {
	case domain.VisibleCommunity, domain.VisibleTeam:
		return len(reaching) > 0 || s.Member && q.Scope.Type == domain.Tenant
	case domain.Private:
		return admin || q.Owner != uuid.Nil && q.Owner == s.User
	default:
		return true
	}
}

func TestTheEngineAgreesWithTheSpecification(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, f := portstest.Subject().Draw(t, "subject"), portstest.Facts().Draw(t, "facts")
		q := portstest.Check().Draw(t, "question")
		d := domain.Platform.Decide(s, q, &f)
		require.Equal(t, naive(s, q, f), d.Allowed, "%s", d.Reason)
		require.Equal(t, allowing(d.Reason), d.Allowed)
	})
}

func TestDenyBeatsAllow(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, f := portstest.Subject().Draw(t, "subject"), portstest.Facts().Draw(t, "facts")
		q := portstest.Check().Draw(t, "question")
		s.SystemAdmin = false
		deny := domain.Override{Effect: domain.Deny, Permission: rapid.SampledFrom([]string{"", q.Permission}).Draw(t, "denied")}
		f.Overrides = slices.Insert(slices.Clone(f.Overrides), rapid.IntRange(0, len(f.Overrides)).Draw(t, "at"), deny)
		require.False(t, domain.Platform.Decide(s, q, &f).Allowed)
	})
}

func TestABindingMoreNeverTakesAnythingAway(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, f := portstest.Subject().Draw(t, "subject"), portstest.Facts().Draw(t, "facts")
		q := portstest.Check().Draw(t, "question")
		before := domain.Platform.Decide(s, q, &f)
		more := f
		more.Bindings = append(slices.Clone(f.Bindings), portstest.Binding().Draw(t, "more"))
		if before.Allowed {
			require.True(t, domain.Platform.Decide(s, q, &more).Allowed)
		}
	})
}

func TestWhatHoldsAboveHoldsBelow(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, f := portstest.Subject().Draw(t, "subject"), portstest.Facts().Draw(t, "facts")
		q := portstest.Check().Draw(t, "question")
		q.Visibility = domain.Public
		q.Scope = domain.TenantScope(s.Tenant)
		inTenant := domain.Platform.Decide(s, q, &f)
		q.Scope = rapid.SampledFrom([]domain.Scope{community, team, {Type: domain.InService, ID: "voting"}}).Draw(t, "below")
		if inTenant.Allowed {
			require.True(t, domain.Platform.Decide(s, q, &f).Allowed)
		}
	})
}

func TestVisibilityOnlyEverNarrows(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, f := portstest.Subject().Draw(t, "subject"), portstest.Facts().Draw(t, "facts")
		q := portstest.Check().Draw(t, "question")
		open := q
		open.Visibility = domain.Public
		if domain.Platform.Decide(s, q, &f).Allowed {
			require.True(t, domain.Platform.Decide(s, open, &f).Allowed)
		}
	})
}

func TestExplainingDoesNotChangeTheAnswer(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, f := portstest.Subject().Draw(t, "subject"), portstest.Facts().Draw(t, "facts")
		q := portstest.Check().Draw(t, "question")
		d, steps := domain.Platform.Explain(s, q, &f)
		require.Equal(t, domain.Platform.Decide(s, q, &f), d)
		require.NotEmpty(t, steps)
		for i, step := range steps {
			last := i == len(steps)-1
			require.Equal(t, last, step.Outcome != domain.Continues, "the last step decides, and no other: %v", steps)
			require.NotEmpty(t, step.Detail)
		}
		require.Equal(t, d.Allowed, steps[len(steps)-1].Outcome == domain.Allows)
	})
}

func TestEffectivePermissionsAreThoseThatAreAllowed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, f := portstest.Subject().Draw(t, "subject"), portstest.Facts().Draw(t, "facts")
		scope := portstest.Check().Draw(t, "question").Scope
		e := domain.Platform.Effective(s, scope, &f)
		require.True(t, slices.IsSorted(e.Keys))
		for _, p := range domain.Platform.All() {
			require.Equal(t, naive(s, domain.Check{Permission: p.Key, Scope: scope}, f), slices.Contains(e.Keys, p.Key), p.Key)
		}
	})
}

func TestWhatIsNotNeededChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, f := portstest.Subject().Draw(t, "subject"), portstest.Facts().Draw(t, "facts")
		q := portstest.Check().Draw(t, "question")
		if !domain.Platform.NeedsFacts(s, q) {
			require.Equal(t, domain.Platform.Decide(s, q, &f), domain.Platform.Decide(s, q, &domain.Facts{}))
			return
		}
		relevant := portstest.Relevant(f)
		require.Equal(t, domain.Platform.Decide(s, q, &f), domain.Platform.Decide(s, q, &relevant))
	})
}

// A list that is filtered by scopes shows what a check of every row would show.
func TestAllowedScopesAreThoseInWhichACheckIsAllowed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, f := portstest.Subject().Draw(t, "subject"), portstest.Facts().Draw(t, "facts")
		q := portstest.Check().Draw(t, "question")
		relevant := portstest.Relevant(f)
		a := domain.Platform.AllowedScopes(s, domain.ScopeQuery{Permission: q.Permission, Visibility: q.Visibility}, &relevant)
		for _, scope := range portstest.Scopes(portstest.Tenant) {
			var covered bool
			switch scope.Type {
			case domain.Tenant:
				covered = a.Everywhere || a.Tenant
			case domain.Community:
				covered = a.Everywhere || slices.Contains(a.Communities, scope.ID)
			case domain.Team:
				community, known := f.Teams[scope.ID]
				covered = a.Everywhere || slices.Contains(a.Teams, scope.ID) || known && slices.Contains(a.Communities, community)
			default: // nothing is told about them
				continue
			}
			asked := domain.Check{Permission: q.Permission, Scope: scope, Visibility: q.Visibility}
			require.Equal(t, domain.Platform.Decide(s, asked, &f).Allowed, covered, "%s: %+v", scope, a)
		}
		require.True(t, slices.IsSorted(a.Communities))
		require.True(t, slices.IsSorted(a.Teams))
		for _, id := range a.Teams {
			require.NotContains(t, a.Communities, f.Teams[id], "a team of a community that is told is not told again")
		}
	})
}

func TestWhatExpiresIsGoneAtTheMoment(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := portstest.Facts().Draw(t, "facts")
		at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
		times := rapid.SampledFrom([]time.Time{{}, at.Add(-1), at, at.Add(1)})
		var bindings []domain.Binding
		for i := range f.Bindings {
			f.Bindings[i].Expires = times.Draw(t, "binding")
			if e := f.Bindings[i].Expires; e.IsZero() || e.After(at) {
				bindings = append(bindings, f.Bindings[i])
			}
		}
		var overrides []domain.Override
		for i := range f.Overrides {
			f.Overrides[i].Expires = times.Draw(t, "override")
			if e := f.Overrides[i].Expires; e.IsZero() || e.After(at) {
				overrides = append(overrides, f.Overrides[i])
			}
		}
		now := f.At(at)
		require.ElementsMatch(t, bindings, now.Bindings)
		require.ElementsMatch(t, overrides, now.Overrides)
		if next := now.NextExpiry(); !next.IsZero() {
			require.True(t, next.After(at))
		}
	})
}
