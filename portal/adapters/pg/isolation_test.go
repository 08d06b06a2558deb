package pg_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/testkit"
	"go.updspace.com/portal/adapters/pg"
)

// Every tenant table is protected; a migration that forgets to say so fails here.
func TestEveryTableOfATenantIsProtected(t *testing.T) {
	db := testkit.DB(t, pg.Migrations())
	var open []string
	require.NoError(t, db.Read(reqctx.With(t.Context(), reqctx.Context{TenantID: uuid.New()}), func(ctx context.Context) error {
		return db.Conn(ctx).NewRaw(`
			SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
			WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND NOT (c.relrowsecurity AND c.relforcerowsecurity)`).Scan(ctx, &open)
	}))
	require.Empty(t, open)
}
