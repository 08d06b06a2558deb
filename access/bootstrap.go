package access

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"

	"github.com/google/uuid"

	"go.updspace.com/libs/fx/servicefx"
)

// Commands are the operator's verbs of the program.
func Commands() []servicefx.Command[Config] {
	return []servicefx.Command[Config]{{
		Name: "bootstrap-admin", Help: "--tenant ID --user ID: make a user an administrator of a tenant",
		Run: BootstrapCommand,
	}}
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
