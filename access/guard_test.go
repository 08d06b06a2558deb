package access_test

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	accesspg "go.updspace.com/access/adapters/pg"
	"go.updspace.com/access/adapters/pg/factcache"
	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports/portstest"
	"go.updspace.com/api/accessapi"
	"go.updspace.com/api/commonapi"
	"go.updspace.com/libs/reqctx"
)

// manualBinding is the id of the user's manual binding to a role of portal.
func (s *fixture) manualBinding(p person) int {
	s.T.Helper()
	return s.count(p.tenant, `SELECT b.id FROM role_bindings b JOIN roles r ON r.id = b.role_id
		WHERE b.user_id = ? AND b.source = 'manual' AND 'portal.roles.write' = ANY (r.keys)`, p.user)
}

func TestGrantingWhatIsNotHeldIsRefused(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := s.steward(aef, "voting.poll.read")
	boss := s.administrator(aef)
	strong := s.createRole(boss, "voting", "strong", "voting.poll.read", "voting.votings.admin")
	weak := s.createRole(p, "voting", "weak", "voting.poll.read")
	victim := member(aef)
	denied := made[accessapi.Override](s, s.call(boss, http.MethodPost, "/policy-overrides", overrideBody(victim.user, `"action":"deny","permission_key":"voting.votings.admin"`)), 201)
	admin := s.count(aef, "SELECT id FROM roles WHERE tenant_id IS NULL AND service = 'voting' AND name = 'admin'")
	binding := func(role int64, scope string) string {
		return fmt.Sprintf(`{"tenant_id":%q,"user_id":%q,"scope_type":%q,"scope_id":%q,"role_id":%d}`, aef, p.user, scope, portstest.C1, role)
	}
	for name, c := range map[string]struct{ method, path, body, missing string }{
		"a new role":              {http.MethodPost, "/admin/roles", `{"service":"voting","name":"x","permission_keys":["voting.poll.read","voting.votings.admin"]}`, "voting.votings.admin"},
		"a role made stronger":    {http.MethodPatch, fmt.Sprintf("/admin/roles/%d", weak.ID), `{"service":"voting","name":"weak","permission_keys":["voting.votings.admin"]}`, "voting.votings.admin"},
		"a role for all members":  {http.MethodPatch, fmt.Sprintf("/admin/roles/%d", strong.ID), `{"service":"voting","name":"member","permission_keys":["voting.poll.read","voting.votings.admin"]}`, "voting.votings.admin"},
		"a role called admin":     {http.MethodPost, "/admin/roles", `{"service":"voting","name":"admin","permission_keys":[]}`, "voting:admin"},
		"a binding":               {http.MethodPost, "/admin/role-bindings", binding(strong.ID, "COMMUNITY"), "voting.votings.admin"},
		"a binding, GLOBAL":       {http.MethodPost, "/admin/role-bindings", binding(strong.ID, "GLOBAL"), "voting.votings.admin"},
		"a binding of a template": {http.MethodPost, "/admin/role-bindings", binding(int64(admin), "TEAM"), "voting:admin"},
		"an exception":            {http.MethodPost, "/policy-overrides", overrideBody(p.user, `"action":"allow","permission_key":"voting.votings.admin"`), "voting.votings.admin"},
		"an exception of all":     {http.MethodPost, "/policy-overrides", overrideBody(p.user, `"action":"allow"`), "voting.votings.admin"},
		"a denial that is lifted": {http.MethodDelete, "/policy-overrides/" + denied.ID.String(), "", "voting.votings.admin"},
		"a denial that is turned": {http.MethodPatch, "/policy-overrides/" + denied.ID.String(), `{"action":"allow"}`, "voting.votings.admin"},
	} {
		t.Run(name, func(t *testing.T) {
			r := s.refused(s.call(p, c.method, c.path, c.body), 403, "PERMISSION_NOT_HELD")
			require.Contains(t, r.details(), c.missing)
		})
	}
	require.Equal(t, 11, s.count(aef, "SELECT count(*) FROM audit_entries WHERE action = 'write_refused' AND metadata ->> 'code' = 'PERMISSION_NOT_HELD' AND actor_id = ?", p.user), "each in the audit log")
	require.False(t, s.decide(p, inTenant("voting.votings.admin", p)).Allowed)

	// an administrator who holds everything may, in the same words
	require.Equal(t, 201, s.call(boss, http.MethodPost, "/admin/role-bindings", binding(strong.ID, "GLOBAL")).status)
	require.True(t, s.decide(p, inTenant("voting.votings.admin", p)).Allowed)
}

// A permission held in a community may be granted there only.
func TestGrantsGoNoFurtherThanWhatIsHeld(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := s.steward(aef)
	boss := s.administrator(aef)
	role := s.createRole(boss, "voting", "crew", "voting.votings.admin")
	s.exec(aef, "INSERT INTO teams (tenant_id, team_id, community_id) VALUES (?, ?, ?)", aef, portstest.T1.String(), portstest.C1.String())
	in := grantOf(role.ID, p.user)
	in.ScopeType, in.ScopeID = commonapi.ScopeTypeCOMMUNITY, portstest.C1.String()
	require.Equal(t, 201, s.bindRole(boss, in).status)
	for _, c := range []struct {
		typ    commonapi.ScopeType
		id     string
		status int
	}{{"COMMUNITY", portstest.C1.String(), 201}, {"TEAM", portstest.T1.String(), 201}, {"TEAM", portstest.T2.String(), 403}, {"COMMUNITY", portstest.C2.String(), 403}, {"TENANT", "", 403}, {"GLOBAL", "", 403}} {
		in := grantOf(role.ID, uuid.New())
		in.ScopeType, in.ScopeID = c.typ, c.id
		require.Equal(t, c.status, s.bindRole(p, in).status, "%s %s", c.typ, c.id)
	}
}

// Deleting or renaming a tenant's own member role gives members the template's permissions back.
func TestTheMembersRoleIsGuarded(t *testing.T) {
	t.Parallel()
	s := start(t)
	boss := s.administrator(aef)
	own := s.createRole(boss, "voting", "member") // members may nothing
	m := member(aef)
	require.False(t, s.decide(m, inTenant("voting.vote.cast", m)).Allowed)
	p := s.steward(aef)
	p.flags = reqctx.Flags{}
	path := fmt.Sprintf("/admin/roles/%d", own.ID)
	s.refused(s.call(p, http.MethodDelete, path, ""), 403, "PERMISSION_NOT_HELD")
	s.refused(s.call(p, http.MethodPatch, path, `{"service":"voting","name":"other","permission_keys":[]}`), 403, "PERMISSION_NOT_HELD")
	require.Equal(t, 204, s.call(boss, http.MethodDelete, path, "").status)
	require.True(t, s.decide(m, inTenant("voting.vote.cast", m)).Allowed)
}

func TestTheLastAdministratorStays(t *testing.T) {
	t.Parallel()
	s := start(t)
	for name, operation := range map[string]func(s *fixture, p person) reply{
		"deleting the binding": func(s *fixture, p person) reply {
			return s.call(p, http.MethodDelete, fmt.Sprintf("/admin/role-bindings/%d", s.manualBinding(p)), "")
		},
		"by a system administrator": func(s *fixture, p person) reply {
			root := person{tenant: p.tenant, user: uuid.New(), flags: reqctx.Flags{SystemAdmin: true}}
			return s.call(root, http.MethodDelete, fmt.Sprintf("/role-bindings/%d", s.manualBinding(p)), "")
		},
		"letting it expire": func(s *fixture, p person) reply {
			return s.call(p, http.MethodPatch, fmt.Sprintf("/admin/role-bindings/%d", s.manualBinding(p)), `{"expires_at":"2030-01-01T00:00:00Z"}`)
		},
		"denying a right": func(s *fixture, p person) reply {
			return s.call(p, http.MethodPost, "/policy-overrides", overrideIn(p.tenant, p.user, `"action":"deny","permission_key":"portal.role_bindings.write"`))
		},
		"denying everything for an hour": func(s *fixture, p person) reply {
			return s.call(p, http.MethodPost, "/policy-overrides", overrideIn(p.tenant, p.user, `"action":"deny","expires_at":"2026-03-04T06:06:07Z"`))
		},
		"turning a permission into a denial": func(s *fixture, p person) reply {
			o := made[accessapi.Override](s, s.call(p, http.MethodPost, "/policy-overrides", overrideIn(p.tenant, p.user, `"action":"allow","permission_key":"portal.roles.write"`)), 201)
			return s.call(p, http.MethodPatch, "/policy-overrides/"+o.ID.String(), `{"action":"deny"}`)
		},
		"weakening the role": func(s *fixture, p person) reply {
			return s.call(p, http.MethodPatch, fmt.Sprintf("/admin/roles/%d", s.count(p.tenant, "SELECT id FROM roles WHERE tenant_id IS NOT NULL AND service = 'portal'")),
				`{"service":"portal","name":"x","permission_keys":["portal.roles.write"]}`)
		},
		"moving the role": func(s *fixture, p person) reply {
			return s.call(p, http.MethodPatch, fmt.Sprintf("/admin/roles/%d", s.count(p.tenant, "SELECT id FROM roles WHERE tenant_id IS NOT NULL AND service = 'portal'")),
				`{"service":"voting","name":"x","permission_keys":[]}`)
		},
		"deleting the role": func(s *fixture, p person) reply {
			return s.call(p, http.MethodDelete, fmt.Sprintf("/admin/roles/%d", s.count(p.tenant, "SELECT id FROM roles WHERE tenant_id IS NOT NULL AND service = 'portal'")), "")
		},
	} {
		t.Run(name, func(t *testing.T) {
			tenant := uuid.New()
			p := s.steward(tenant)
			s.refused(operation(s, p), 409, "LAST_ADMIN")
			require.True(t, s.decide(p, inTenant(domain.WriteRoles, p)).Allowed, "nothing has changed")
			require.Equal(t, 1, s.count(tenant, "SELECT count(*) FROM audit_entries WHERE action = 'write_refused' AND metadata ->> 'code' = 'LAST_ADMIN'"))
			require.Zero(t, s.count(tenant, "SELECT count(*) FROM audit_entries WHERE action LIKE '%deleted' OR action LIKE 'role_updated' OR action = 'binding_updated'"))
			if name != "weakening the role" && name != "moving the role" && name != "deleting the role" {
				s.administrator(tenant) // with another one it is allowed
				require.Less(t, operation(s, p).status, 300)
			}
		})
	}
}

// A tenant that has no administrator yet is helped by system administrators.
func TestATenantWithoutAdministratorsCanBeChanged(t *testing.T) {
	t.Parallel()
	s := start(t)
	root := person{tenant: aef, user: uuid.New(), flags: reqctx.Flags{SystemAdmin: true}}
	role := s.createRole(root, "voting", "crew", "voting.poll.read")
	require.Equal(t, 201, s.bindRole(root, grantOf(role.ID, uuid.New())).status)
	require.Equal(t, 204, s.call(root, http.MethodDelete, fmt.Sprintf("/admin/roles/%d", role.ID), "").status)
}

// Administrators who remove one another at the same moment: the one who comes first, one of them is left.
func TestAdministratorsRemoveOneAnother(t *testing.T) {
	t.Parallel()
	s := start(t)
	for range 8 {
		tenant := uuid.New()
		people := []person{s.steward(tenant), s.steward(tenant), s.steward(tenant)}
		bindings := make([]int, len(people))
		for i, p := range people {
			bindings[i] = s.manualBinding(p)
		}
		var ready, done sync.WaitGroup
		gate := make(chan struct{})
		replies := make([]reply, len(people))
		for i, p := range people {
			ready.Add(1)
			done.Go(func() {
				path := fmt.Sprintf("/admin/role-bindings/%d", bindings[(i+1)%len(people)])
				ready.Done()
				<-gate
				if i == 0 { // in another way
					replies[i] = s.call(p, http.MethodPost, "/policy-overrides",
						fmt.Sprintf(`{"tenant_id":%q,"user_id":%q,"action":"deny"}`, tenant, people[1].user))
					return
				}
				replies[i] = s.call(p, http.MethodDelete, path, "")
			})
		}
		ready.Wait()
		close(gate)
		done.Wait()
		succeeded, left := 0, 0
		for i, p := range people {
			if replies[i].status < 300 {
				succeeded++
			} else {
				require.Contains(t, []string{"FORBIDDEN", "LAST_ADMIN"}, replies[i].code(), "%s", replies[i].body)
			}
			if s.decide(p, inTenant(domain.WriteRoles, p)).Allowed && s.decide(p, inTenant(domain.WriteBindings, p)).Allowed {
				left++
			}
		}
		require.Positive(t, succeeded)
		require.Equal(t, len(people)-succeeded, left)
		require.Positive(t, left, "an administrator is left")
	}
}

// A change waits for the one that is under way and is judged by what that one
// leaves: who has lost the right meanwhile is refused.
func TestAChangeIsJudgedByTheOneBefore(t *testing.T) {
	t.Parallel()
	s := start(t)
	boss, p := s.administrator(aef), s.steward(aef)
	s.createRole(boss, "voting", "crew")
	var late reply
	var wg sync.WaitGroup
	require.NoError(t, factcache.NewTx(s.DB).Do(boss.in(), func(ctx context.Context) error {
		require.NoError(t, accesspg.NewAdministrators(s.DB).Lock(ctx))
		wg.Go(func() {
			late = s.call(p, http.MethodPost, "/admin/roles", `{"service":"voting","name":"late","permission_keys":[]}`)
		})
		require.Eventually(t, func() bool { // p holds the right still, has been let in, and waits
			return s.count(aef, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())") == 1
		}, 10*time.Second, 5*time.Millisecond)
		return accesspg.NewBindings(s.DB).Delete(ctx, int64(s.manualBinding(p)))
	}))
	wg.Wait()
	s.refused(late, 403, "FORBIDDEN")
	require.Zero(t, s.count(aef, "SELECT count(*) FROM roles WHERE name = 'late'"))
}

// Of the same binding made many times at once, there is one.
func TestOneBindingHoweverManyMakeIt(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := s.administrator(aef)
	role, user := s.createRole(p, "voting", "crew"), uuid.New()
	var wg sync.WaitGroup
	statuses := make([]int, 8)
	for i := range statuses {
		wg.Go(func() { statuses[i] = s.bindRole(p, grantOf(role.ID, user)).status })
	}
	wg.Wait()
	created := 0
	for _, status := range statuses {
		if status == 201 {
			created++
		} else {
			require.Equal(t, 409, status)
		}
	}
	require.Equal(t, 1, created)
}
