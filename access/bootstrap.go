package access

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"

	"github.com/google/uuid"

	accesspg "go.updspace.com/access/adapters/pg"
	"go.updspace.com/access/app"
	"go.updspace.com/access/domain"
	"go.updspace.com/libs/pg"
)

// Grant names a user who shall administer a tenant.
type Grant struct{ Tenant, User uuid.UUID }

// BootstrapAdmin binds the admin template of every service to a user in the
// whole tenant. It needs the database only, which must be migrated, and may be
// repeated.
func BootstrapAdmin(ctx context.Context, cfg Config, grants ...Grant) error {
	return withDB(ctx, cfg, func(db *pg.DB) error {
		if err := accesspg.Seed(ctx, db, domain.Platform); err != nil {
			return err
		}
		bootstrap := app.NewBootstrap(db, accesspg.NewRoles(db), accesspg.NewBindings(db), accesspg.NewJournal(db), clock())
		for _, g := range grants {
			if err := bootstrap.Admin(ctx, g.Tenant, g.User); err != nil {
				return fmt.Errorf("making %s an admin of tenant %s: %w", g.User, g.Tenant, err)
			}
		}
		return nil
	})
}

// BootstrapCommand is `access bootstrap-admin --tenant ID --user ID`.
func BootstrapCommand(ctx context.Context, cfg Config, args []string) error {
	g, err := parseGrant(args)
	if err != nil {
		return err
	}
	return BootstrapAdmin(ctx, cfg, g)
}

func parseGrant(args []string) (Grant, error) {
	flags := flag.NewFlagSet("bootstrap-admin", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // the error says it
	var g Grant
	flags.TextVar(&g.Tenant, "tenant", uuid.Nil, "id of the tenant")
	flags.TextVar(&g.User, "user", uuid.Nil, "id of the user")
	if err := flags.Parse(args); err != nil {
		return Grant{}, fmt.Errorf("%w; usage: --tenant ID --user ID", err)
	}
	if g.Tenant == uuid.Nil || g.User == uuid.Nil || flags.NArg() > 0 {
		return Grant{}, errors.New("usage: --tenant ID --user ID")
	}
	return g, nil
}

// withDB opens the database for a command.
func withDB(ctx context.Context, cfg Config, fn func(*pg.DB) error) error {
	db, err := pg.Open(ctx, cfg.Database)
	if err != nil {
		return err
	}
	return errors.Join(fn(db), db.Close())
}
