package contract

import (
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	access "go.updspace.com/access/domain"
	"go.updspace.com/access/ports/portstest"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/authz/authztest"
	"go.updspace.com/libs/reqctx"
)

// The access service and the fake that all services are tested with decide alike: about random facts, every check has
// the same answer for the same reason, and every query the same scopes.
func TestTheFakeAccessDecidesAsAccessDoes(t *testing.T) {
	seen := map[access.Reason]bool{}
	rapid.Check(t, func(t *rapid.T) {
		facts, subject := portstest.Facts().Draw(t, "facts"), portstest.Subject().Draw(t, "subject")
		fake, rc := fakeOf(subject, facts), contextOf(t, subject)
		for range 8 {
			q := portstest.Check().Draw(t, "question")
			want := access.Platform.Decide(subject, q, &facts)
			got, err := fake.Decide(rc, toCheck(q))
			require.NoError(t, err)
			require.Equal(t, want.Allowed, got[0].Allowed, "%+v", q)
			require.Equal(t, string(want.Reason), string(got[0].Reason), "%+v", q)
			seen[want.Reason] = true

			scopes := access.Platform.AllowedScopes(subject, access.ScopeQuery{Permission: q.Permission, Visibility: q.Visibility}, &facts)
			allowed, err := fake.AllowedScopes(reqctx.With(t.Context(), rc), []authz.ScopeQuery{{Permission: authz.Permission(q.Permission), Visibility: authz.Visibility(q.Visibility)}})
			require.NoError(t, err)
			require.Equal(t, toAllowed(scopes), allowed[0], "%+v", q)
		}
	})
	for _, reason := range []access.Reason{
		access.UnknownPermission, access.MasterSuspended, access.TenantMismatch, access.MasterSystemAdmin, access.PolicyDeny,
		access.PolicyAllow, access.NoRole, access.RBACDeny, access.VisibilityDeny, access.RBACAllow,
	} {
		require.True(t, seen[reason], "no check was decided by %s", reason)
	}
}

// fakeOf gives the fake the facts about a subject.
func fakeOf(s access.Subject, facts access.Facts) *authztest.Access {
	fake := &authztest.Access{}
	fake.Catalogue(catalogue...)
	for team, community := range facts.Teams {
		fake.Team(toID(team), toID(community))
	}
	var out authztest.Facts
	for _, b := range facts.Bindings {
		out.Bindings = append(out.Bindings, authztest.Binding{Scope: toScope(b.Scope), Role: toRole(b.Role)})
	}
	for _, o := range facts.Overrides {
		out.Overrides = append(out.Overrides, authztest.Override{Allow: o.Effect == access.Allow, Permission: authz.Permission(o.Permission)})
	}
	for _, r := range facts.MemberRoles { // the tenant's own role counts instead of the template
		own := slices.ContainsFunc(facts.MemberRoles, func(o access.Role) bool { return o.Service == r.Service && !o.Template() })
		if r.Template() && own {
			continue
		}
		out.MemberRoles = append(out.MemberRoles, toRole(r))
	}
	fake.Set(authz.Actor{Tenant: s.Tenant, User: s.User}, out)
	return fake
}

var catalogue = func() []authz.Permission {
	var keys []authz.Permission
	for _, p := range access.Platform.All() {
		keys = append(keys, authz.Permission(p.Key))
	}
	return keys
}()

func contextOf(t *rapid.T, s access.Subject) reqctx.Context {
	rc := reqctx.Context{TenantID: s.Tenant, UserID: s.User}
	rc.Flags.SystemAdmin = s.SystemAdmin
	if s.Member {
		rc.Flags.MembershipStatus = "active"
	}
	if s.Suspended { // four flags say so
		switch rapid.IntRange(0, 3).Draw(t, "flag") {
		case 0:
			rc.Flags.Suspended = true
		case 1:
			rc.Flags.Banned = true
		case 2:
			rc.Flags.Status = "suspended"
		case 3:
			rc.Flags.Status = "banned"
		}
	}
	return rc
}

func toCheck(q access.Check) authz.Check {
	return authz.Check{Permission: authz.Permission(q.Permission), Scope: toScope(q.Scope), Visibility: authz.Visibility(q.Visibility), Owner: q.Owner}
}

func toScope(s access.Scope) authz.Scope {
	if s.Type == access.Global {
		return authz.Scope{Type: authz.ScopeGlobal}
	}
	return authz.Scope{Type: authz.ScopeType(s.Type), ID: toID(s.ID)}
}

// toID is the id itself if it is a UUID, else one made from the text: access accepts any text, the other services UUIDs.
func toID(text string) uuid.UUID {
	if id, err := uuid.Parse(text); err == nil {
		return id
	}
	return uuid.NewSHA1(uuid.NameSpaceOID, []byte(text))
}

func toRole(r access.Role) authztest.Role {
	out := authztest.Role{Service: string(r.Service), Name: r.Name}
	for _, key := range r.Keys {
		out.Permissions = append(out.Permissions, authz.Permission(key))
	}
	return out
}

func toAllowed(s access.AllowedScopes) authz.AllowedScopes {
	return authz.AllowedScopes{Everywhere: s.Everywhere, Tenant: s.Tenant, Communities: toIDs(s.Communities), Teams: toIDs(s.Teams)}
}

func toIDs(texts []string) []uuid.UUID {
	var ids []uuid.UUID
	for _, text := range texts {
		ids = append(ids, toID(text))
	}
	slices.SortFunc(ids, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	return ids
}
