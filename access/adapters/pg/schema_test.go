package pg_test

import (
	"context"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports/portstest"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
)

func TestTheDatabaseRefusesWhatMustNotBe(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	role := w.AddRole(domain.Role{Tenant: tenant, Service: domain.Voting, Name: "crew", Keys: []string{"voting.poll.read"}})
	foreign := w.AddRole(domain.Role{Tenant: other, Service: domain.Voting, Name: "crew"})
	template := w.AddRole(domain.Role{Service: domain.Voting, Name: domain.RoleAdmin, Keys: []string{"voting.poll.read"}})
	bind := `INSERT INTO role_bindings (tenant_id, user_id, scope_type, scope_id, role_id) VALUES (?, ?, ?, ?, ?)`
	user := portstest.User().Example()
	w.exec(tenant, bind, tenant, user, "TENANT", tenant.String(), role.ID)

	for name, c := range map[string]struct {
		kind  errs.Kind
		query string
		args  []any
	}{
		"two roles of one name":        {errs.Conflict, `INSERT INTO roles (tenant_id, service, name) VALUES (?, 'voting', 'crew')`, []any{tenant}},
		"a role without a name":        {errs.Invalid, `INSERT INTO roles (tenant_id, service, name) VALUES (?, 'voting', '')`, []any{tenant}},
		"a key of another service":     {errs.Invalid, `INSERT INTO role_permissions (role_id, permission_key) VALUES (?, 'portal.posts.read')`, []any{role.ID}},
		"a key that does not exist":    {errs.Invalid, `INSERT INTO role_permissions (role_id, permission_key) VALUES (?, 'voting.poll.explode')`, []any{role.ID}},
		"a key for a foreign role":     {errs.Invalid, `INSERT INTO role_permissions (role_id, permission_key) VALUES (?, 'voting.poll.read')`, []any{foreign.ID}},
		"the same grant twice":         {errs.Conflict, bind, []any{tenant, user, "TENANT", tenant.String(), role.ID}},
		"a binding of a foreign role":  {errs.Invalid, bind, []any{tenant, user, "GLOBAL", "", foreign.ID}},
		"a binding in another tenant":  {errs.Invalid, bind, []any{tenant, user, "TENANT", other.String(), role.ID}},
		"a global binding with an id":  {errs.Invalid, bind, []any{tenant, user, "GLOBAL", "x", role.ID}},
		"a community without an id":    {errs.Invalid, bind, []any{tenant, user, "COMMUNITY", "", role.ID}},
		"a scope of no type":           {errs.Invalid, bind, []any{tenant, user, "tenant", tenant.String(), role.ID}},
		"an override of no kind":       {errs.Invalid, `INSERT INTO policy_overrides (id, tenant_id, user_id, action) VALUES (?, ?, ?, 'maybe')`, []any{uuid.New(), tenant, user}},
		"an override of no permission": {errs.Invalid, `INSERT INTO policy_overrides (id, tenant_id, user_id, action, permission_key) VALUES (?, ?, ?, 'deny', 'x')`, []any{uuid.New(), tenant, user}},
	} {
		t.Run(name, func(t *testing.T) {
			err := w.try(tenant, c.query, c.args...)
			require.Equal(t, c.kind, errs.KindOf(err), "%v", err)
		})
	}

	t.Run("a tenant that makes a template", func(t *testing.T) {
		require.ErrorContains(t, w.try(tenant, `INSERT INTO roles (tenant_id, service, name) VALUES (NULL, 'voting', 'own')`), "row-level security")
	})
	t.Run("a tenant that widens a template", func(t *testing.T) {
		err := w.try(tenant, `INSERT INTO role_permissions (role_id, permission_key) VALUES (?, 'voting.vote.cast')`, template.ID)
		require.Equal(t, errs.Invalid, errs.KindOf(err), "%v", err)
	})
	t.Run("a tenant that changes or drops templates and foreign roles", func(t *testing.T) {
		w.exec(tenant, `UPDATE roles SET name = 'mine' WHERE id IN (?, ?)`, template.ID, foreign.ID)
		w.exec(tenant, `DELETE FROM role_permissions WHERE role_id IN (?, ?)`, template.ID, foreign.ID)
		w.exec(tenant, `DELETE FROM roles WHERE id IN (?, ?)`, template.ID, foreign.ID)
		require.Equal(t, 2, w.count(uuid.Nil, `SELECT count(*) FROM roles WHERE id IN (?, ?) AND name <> 'mine'`, template.ID, foreign.ID))
		require.Equal(t, 1, w.count(uuid.Nil, `SELECT count(*) FROM role_permissions WHERE role_id = ?`, template.ID))
	})
}

// A query that forgets its tenant finds the templates and its own, never what belongs to another tenant.
func TestAQueryWithoutTenantFindsNothingOfOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	user := portstest.User().Example()
	role := w.AddRole(domain.Role{Tenant: other, Service: domain.Voting, Name: "crew", Keys: []string{"voting.poll.read"}})
	w.AddRole(domain.Role{Service: domain.Voting, Name: domain.RoleMember, Keys: []string{"voting.poll.read"}})
	_, _, err := w.Grant(within(other), domain.Grant{User: user, Role: role.ID, Scope: domain.Scope{Type: domain.Global}})
	require.NoError(t, err)
	w.AddOverride(other, user, domain.Override{Effect: domain.Allow}, noon)
	w.AddTeam(other, "t1", "c1")
	w.exec(other, `INSERT INTO audit_entries (id, tenant_id, actor_type, actor_id, action, created_at) VALUES (?, ?, 'user', ?, 'a', now())`, uuid.New(), other, user)

	for table, templates := range map[string]int{
		"roles": 1, "role_permissions": 1, "role_bindings": 0, "policy_overrides": 0, "teams": 0, "audit_entries": 0,
	} {
		require.Equal(t, templates, w.count(tenant, "SELECT count(*) FROM "+table), table)
		require.Equal(t, templates+1, w.count(other, "SELECT count(*) FROM "+table), table)
	}
}

func TestARoleTakesItsLinksAndBindingsAlong(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	role := w.AddRole(domain.Role{Tenant: tenant, Service: domain.Voting, Name: "crew", Keys: []string{"voting.poll.read"}})
	_, _, err := w.Grant(within(tenant), domain.Grant{User: portstest.User().Example(), Role: role.ID, Scope: domain.Scope{Type: domain.Global}})
	require.NoError(t, err)
	w.exec(tenant, "DELETE FROM roles WHERE id = ?", role.ID)
	require.Zero(t, w.count(uuid.Nil, "SELECT count(*) FROM role_bindings"))
	require.Zero(t, w.count(uuid.Nil, "SELECT count(*) FROM role_permissions"))
}

// Every table of a tenant is protected: one that a later migration forgets fails here.
func TestEveryTableIsProtected(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ours := map[string]bool{"permissions": true, "leases": true, "inbox": true, "goose_kit": true, "goose_access": true} // the platform's own
	require.NoError(t, w.db.Read(within(tenant), func(ctx context.Context) error {
		rows, err := w.db.Conn(ctx).QueryContext(ctx, `
			SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity FROM pg_class c
			JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')`)
		if err != nil {
			return pg.Error(err)
		}
		defer rows.Close()
		for rows.Next() {
			var table string
			var protected bool
			require.NoError(t, rows.Scan(&table, &protected))
			require.Equal(t, !ours[table], protected, table)
		}
		return pg.Error(rows.Err())
	}))
}

// Decisions read roles.keys, everything else role_permissions.
func TestTheKeysOfARoleAreItsPermissions(t *testing.T) {
	t.Parallel()
	w := ownWorld(t)
	const differ = `SELECT count(*) FROM roles r WHERE keys IS DISTINCT FROM ARRAY(
		SELECT permission_key FROM role_permissions p WHERE p.role_id = r.id ORDER BY permission_key)`
	role := w.AddRole(domain.Role{Tenant: tenant, Service: domain.Voting, Name: "crew", Keys: []string{"voting.vote.cast", "voting.poll.read"}})
	spare := w.AddRole(domain.Role{Tenant: tenant, Service: domain.Voting, Name: "spare"})
	require.Equal(t, 1, w.count(tenant, "SELECT count(*) FROM roles WHERE keys = '{voting.poll.read,voting.vote.cast}'"))
	w.exec(tenant, "DELETE FROM role_permissions WHERE role_id = ? AND permission_key = 'voting.vote.cast'", role.ID)
	require.Zero(t, w.count(tenant, differ))
	w.exec(tenant, "UPDATE role_permissions SET role_id = ? WHERE role_id = ?", spare.ID, role.ID)
	require.Zero(t, w.count(tenant, differ))
	require.Equal(t, 1, w.count(tenant, "SELECT cardinality(keys) FROM roles WHERE id = ?", spare.ID))

	// many at once: none may fold without the others
	var wg sync.WaitGroup
	failures := make([]error, len(domain.Platform.OfService(domain.Voting)))
	for i, p := range domain.Platform.OfService(domain.Voting) {
		wg.Go(func() {
			failures[i] = w.try(tenant, "INSERT INTO role_permissions (role_id, permission_key) VALUES (?, ?)", role.ID, p.Key)
		})
	}
	wg.Wait()
	for _, err := range failures {
		require.NoError(t, err)
	}
	require.Zero(t, w.count(tenant, differ))
	require.Equal(t, len(failures), w.count(tenant, "SELECT cardinality(keys) FROM roles WHERE id = ?", role.ID))

	// a permission that is withdrawn
	_, err := w.owner().Exec("DELETE FROM permissions WHERE key = 'voting.poll.read'")
	require.NoError(t, err)
	require.Zero(t, w.count(uuid.Nil, differ))
	require.Equal(t, len(failures)-1, w.count(tenant, "SELECT cardinality(keys) FROM roles WHERE id = ?", role.ID))
}
