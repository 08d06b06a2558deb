package service

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
)

// kitTables belong to the kit, which tests more of them itself.
var kitTables = []string{"outbox", "inbox", "idempotency", "audit_entries"}

// Isolation tests the second lock on a tenant's data: every table with a tenant_id is protected, and SQL that forgets the
// tenant reads and changes no row of another tenant and cannot insert one there. Each table of the service with a tenant_id
// must have a row of the owner, so that the test proves something.
func Isolation(t *testing.T, db *pg.DB, owner uuid.UUID) {
	mine := reqctx.With(context.Background(), reqctx.Context{TenantID: owner})
	other := reqctx.With(context.Background(), reqctx.Context{TenantID: uuid.New()})
	count := func(t *testing.T, ctx context.Context, table string) (n int) { //nolint:revive // t first
		t.Helper()
		require.NoError(t, db.Read(ctx, func(ctx context.Context) error {
			return db.Conn(ctx).NewRaw(fmt.Sprintf("SELECT count(*) FROM %s", table)).Scan(ctx, &n)
		}))
		return n
	}
	tables := tenantTables(t, db)
	require.NotEmpty(t, tables)
	for _, table := range tables {
		t.Run(table.Name, func(t *testing.T) {
			require.True(t, table.Protected, "the migration does not call updspace_protect('%s')", table.Name)
			if slices.Contains(kitTables, table.Name) {
				return
			}
			before := count(t, mine, table.Name)
			require.NotZero(t, before, "the test stored nothing in this table")
			require.Zero(t, count(t, other, table.Name))
			require.NoError(t, db.Do(other, func(ctx context.Context) error {
				for _, statement := range []string{"UPDATE %s SET tenant_id = tenant_id", "DELETE FROM %s"} {
					result, err := db.Conn(ctx).ExecContext(ctx, fmt.Sprintf(statement, table.Name))
					require.NoError(t, err)
					n, err := result.RowsAffected()
					require.NoError(t, err)
					require.Zero(t, n)
				}
				return nil
			}))
			err := db.Do(other, func(ctx context.Context) error {
				_, err := db.Conn(ctx).ExecContext(ctx, fmt.Sprintf("INSERT INTO %s (tenant_id) VALUES (?)", table.Name), owner)
				return err
			})
			require.ErrorContains(t, err, "row-level security")
			require.Equal(t, before, count(t, mine, table.Name))
		})
	}
}

type tenantTable struct {
	Name      string
	Protected bool
}

// tenantTables are the tables that have a tenant_id.
func tenantTables(t testing.TB, db *pg.DB) []tenantTable {
	t.Helper()
	var tables []tenantTable
	require.NoError(t, db.Read(pg.AcrossTenants(context.Background(), "test"), func(ctx context.Context) error {
		return db.Conn(ctx).NewRaw(`
			SELECT c.relname AS name, c.relrowsecurity AND c.relforcerowsecurity AS protected
			FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
			WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace ORDER BY 1`).Scan(ctx, &tables)
	}))
	return tables
}
