package access

import (
	"context"
	"errors"

	"github.com/google/uuid"
)

// Demo tenants and accounts, the same in every service's demo data.
var (
	demoAEF      = uuid.MustParse("00000000-0000-0000-0000-000000000001")
	demoGaming   = uuid.MustParse("00000000-0000-0000-0000-000000000002")
	demoAdmin    = uuid.MustParse("00000000-0000-4000-8000-000000000001") // admin@aef.test
	demoOutsider = uuid.MustParse("00000000-0000-4000-8000-000000000006") // outsider@gaming.test
)

// SeedDemo gives the demo tenants their administrators. Members need nothing: their role is implicit. The database must be
// migrated.
func SeedDemo(ctx context.Context, cfg Config) error {
	if !cfg.Dev() {
		return errors.New("demo data exists in development mode only")
	}
	return BootstrapAdmin(ctx, cfg, Grant{Tenant: demoAEF, User: demoAdmin}, Grant{Tenant: demoGaming, User: demoOutsider})
}
