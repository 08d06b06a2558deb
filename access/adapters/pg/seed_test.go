package pg_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	accesspg "go.updspace.com/access/adapters/pg"
	"go.updspace.com/access/domain"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
	"go.updspace.com/tools/devkit/testkit"
)

var bare = testkit.Recycled(func(context.Context, pg.Config) error { return nil }, nil, accesspg.Migrations())

// emptyWorld has not even permissions.
func emptyWorld(t *testing.T) *world { return worldOn(t, bare(t)) }

func (w *world) seed(c domain.Catalogue) {
	w.t.Helper()
	require.NoError(w.t, accesspg.Seed(context.Background(), w.db, c))
}

// templates reads what is stored, as domain.Templates says it.
func (w *world) templates(c domain.Catalogue) (all []domain.Template) {
	w.t.Helper()
	roles := accesspg.NewRoles(w.db)
	for _, t := range domain.Templates(c) {
		r, err := roles.Template(within(tenant), t.Service, t.Name)
		require.NoError(w.t, err)
		all = append(all, domain.Template{Service: r.Service, Name: r.Name, Keys: r.Keys})
	}
	return all
}

func TestSeed(t *testing.T) {
	t.Parallel()
	w := emptyWorld(t)
	w.seed(domain.Platform)
	require.Equal(t, domain.Templates(domain.Platform), w.templates(domain.Platform))
	require.Equal(t, len(domain.Platform.All()), w.count(uuid.Nil, "SELECT count(*) FROM permissions"))

	// xmin changes with every write of a row, so this is nothing but the rows that were touched
	versions := "SELECT coalesce(sum(v), 0) FROM (SELECT xmin::text::bigint v FROM permissions UNION ALL SELECT xmin::text::bigint FROM roles UNION ALL SELECT xmin::text::bigint FROM role_permissions) x"
	before := w.count(uuid.Nil, versions)
	w.seed(domain.Platform)
	require.Equal(t, before, w.count(uuid.Nil, versions), "a second start writes nothing")
}

func TestSeedingFollowsTheCode(t *testing.T) {
	t.Parallel()
	w := emptyWorld(t)
	w.seed(domain.Platform)
	w.exec(uuid.Nil, "UPDATE permissions SET description = 'stale' WHERE key = 'voting.poll.read'")
	// templates that are too narrow and too wide
	w.exec(uuid.Nil, "DELETE FROM role_permissions WHERE permission_key = 'voting.vote.cast'")
	w.exec(uuid.Nil, "INSERT INTO role_permissions (role_id, permission_key) SELECT id, 'voting.votings.admin' FROM roles WHERE service = 'voting' AND name = 'member'")
	w.seed(domain.Platform)
	require.Equal(t, domain.Templates(domain.Platform), w.templates(domain.Platform))
	require.Zero(t, w.count(uuid.Nil, "SELECT count(*) FROM permissions WHERE description = 'stale'"))
}

// During a rollout an older version may start after a newer one.
func TestAnOlderVersionUndoesNothingOfANewerOne(t *testing.T) {
	t.Parallel()
	w := emptyWorld(t)
	w.seed(domain.Platform)
	older := domain.NewCatalogue(slices.DeleteFunc(slices.Clone(domain.Platform.All()), func(p domain.Permission) bool {
		return p.Key == "voting.votings.admin"
	}))
	w.seed(older)
	require.Equal(t, domain.Templates(domain.Platform), w.templates(domain.Platform))
}

func TestSeedingLeavesTheRolesOfTenantsAlone(t *testing.T) {
	t.Parallel()
	w := emptyWorld(t)
	w.seed(domain.Platform)
	w.AddRole(domain.Role{Tenant: tenant, Service: domain.Voting, Name: domain.RoleMember, Keys: []string{"voting.votings.admin"}})
	w.seed(domain.Platform)
	require.Equal(t, 1, w.count(tenant, "SELECT count(*) FROM role_permissions WHERE tenant_id IS NOT NULL"))
}

func TestManyInstancesMaySeedAtOnce(t *testing.T) {
	t.Parallel()
	w := emptyWorld(t)
	failures := make([]error, 6)
	var wg sync.WaitGroup
	for i := range failures {
		wg.Go(func() { failures[i] = accesspg.Seed(context.Background(), w.db, domain.Platform) })
	}
	wg.Wait()
	for _, err := range failures {
		require.NoError(t, err)
	}
	require.Equal(t, domain.Templates(domain.Platform), w.templates(domain.Platform))
}

func TestATemplateThatDoesNotExist(t *testing.T) {
	t.Parallel()
	w := emptyWorld(t)
	_, err := accesspg.NewRoles(w.db).Template(within(tenant), domain.Voting, "emperor")
	require.Equal(t, errs.NotFound, errs.KindOf(err))
}
