package pg_test

import (
	"context"
	"database/sql"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	_ "github.com/jackc/pgx/v5/stdlib" // for the owner's connection
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun/dialect/pgdialect"

	accesspg "go.updspace.com/access/adapters/pg"
	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/access/ports/portstest"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var (
	tenant = portstest.Tenant
	other  = portstest.Other
	noon   = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
)

func within(tenant uuid.UUID) context.Context {
	return reqctx.With(context.Background(), reqctx.Context{TenantID: tenant})
}

// world is a database that can be filled with facts.
type world struct {
	*accesspg.Facts
	*accesspg.Bindings
	*accesspg.Memberships
	t   testing.TB
	db  *pg.DB
	cfg pg.Config
}

var _ portstest.FactStore = (*world)(nil)

func (w *world) Rewarded() ports.Rewards { return accesspg.NewRewards(w.db) }

// recycled gives a test a database with the catalogue's permissions.
var recycled = testkit.Recycled(addPermissions, []string{"permissions"}, accesspg.Migrations())

func addPermissions(ctx context.Context, cfg pg.Config) error {
	db, err := pg.Open(ctx, cfg)
	if err != nil {
		return err
	}
	err = db.Do(pg.AcrossTenants(ctx, "arrange a test"), func(ctx context.Context) error {
		for _, p := range domain.Platform.All() {
			if _, err := db.Conn(ctx).ExecContext(ctx, "INSERT INTO permissions (key, service) VALUES (?, ?)", p.Key, p.Service); err != nil {
				return err
			}
		}
		return nil
	})
	return errors.Join(err, db.Close())
}

// newWorld has the catalogue's permissions and no role.
func newWorld(t testing.TB) *world {
	t.Helper()
	return worldOn(t, recycled(t))
}

// ownWorld is newWorld on a database of its own, for tests that change more than rows or look at statistics.
func ownWorld(t testing.TB) *world {
	t.Helper()
	cfg := testkit.Postgres(t, accesspg.Migrations())
	require.NoError(t, addPermissions(t.Context(), cfg))
	return worldOn(t, cfg)
}

func worldOn(t testing.TB, cfg pg.Config) *world {
	t.Helper()
	db := testkit.OpenDB(t, cfg)
	return &world{Facts: facts(t, cfg), Bindings: accesspg.NewBindings(db), Memberships: accesspg.NewMemberships(db), t: t, db: db, cfg: cfg}
}

// do runs fn in a transaction of the tenant, or across tenants if it is nil.
func (w *world) do(tenant uuid.UUID, fn func(ctx context.Context) error) error {
	ctx := within(tenant)
	if tenant == uuid.Nil {
		ctx = pg.AcrossTenants(ctx, "arrange a test")
	}
	return w.db.Do(ctx, func(ctx context.Context) error { return pg.Error(fn(ctx)) })
}

func (w *world) try(tenant uuid.UUID, query string, args ...any) error {
	return w.do(tenant, func(ctx context.Context) error {
		_, err := w.db.Conn(ctx).ExecContext(ctx, query, args...)
		return err
	})
}

func (w *world) exec(tenant uuid.UUID, query string, args ...any) {
	w.t.Helper()
	require.NoError(w.t, w.try(tenant, query, args...))
}

// count runs a query for one number in a transaction of the tenant.
func (w *world) count(tenant uuid.UUID, query string, args ...any) (n int) {
	w.t.Helper()
	require.NoError(w.t, w.do(tenant, func(ctx context.Context) error {
		return w.db.Conn(ctx).QueryRowContext(ctx, query, args...).Scan(&n)
	}))
	return n
}

func (w *world) AddRole(r domain.Role) domain.Role {
	w.t.Helper()
	require.NoError(w.t, w.do(r.Tenant, func(ctx context.Context) error {
		var owner any
		if !r.Template() {
			owner = r.Tenant
		}
		conn := w.db.Conn(ctx)
		err := conn.QueryRowContext(ctx, "INSERT INTO roles (tenant_id, service, name) VALUES (?, ?, ?) RETURNING id", owner, r.Service, r.Name).Scan(&r.ID)
		if err != nil {
			return err
		}
		_, err = conn.ExecContext(ctx, "INSERT INTO role_permissions (role_id, permission_key) SELECT ?, unnest(?::text[])", r.ID, pgdialect.Array(r.Keys))
		return err
	}))
	return r
}

func (w *world) AddOverride(tenant, user uuid.UUID, o domain.Override, expires time.Time) {
	w.t.Helper()
	w.exec(tenant, "INSERT INTO policy_overrides (id, tenant_id, user_id, action, permission_key, expires_at) VALUES (?, ?, ?, ?, nullif(?, ''), ?)",
		uuid.New(), tenant, user, o.Effect, o.Permission, orNull(expires))
}

func (w *world) AddTeam(tenant uuid.UUID, team, community string) {
	w.t.Helper()
	w.exec(tenant, "INSERT INTO teams (tenant_id, team_id, community_id) VALUES (?, ?, ?) ON CONFLICT (tenant_id, team_id) DO UPDATE SET community_id = excluded.community_id",
		tenant, team, community)
}

func orNull(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}

// owner is a connection of the role that owns the tables.
func (w *world) owner() *sql.DB {
	w.t.Helper()
	db, err := sql.Open("pgx", w.cfg.MigrateURL)
	require.NoError(w.t, err)
	w.t.Cleanup(func() { _ = db.Close() })
	return db
}

// facts reads from a database for the length of the test.
func facts(t testing.TB, cfg pg.Config) *accesspg.Facts {
	t.Helper()
	return accesspg.NewFacts(testkit.OpenDB(t, cfg))
}
