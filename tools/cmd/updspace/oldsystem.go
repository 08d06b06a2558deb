package main

import (
	"context"
	"fmt"

	"go.updspace.com/tools/oldsystem"
)

type oldSystemCmd struct {
	Server string `help:"The URL of a PostgreSQL server on which databases may be created." required:"" placeholder:"URL"`
	Prefix string `help:"What the names of the databases begin with. Databases of these names are replaced." default:"old_"`
	People int    `help:"How many people it has; the rest follows." default:"10000"`
}

// Run prints the URLs of the databases, one a line, as import takes them.
func (c *oldSystemCmd) Run(ctx context.Context) error {
	urls, err := oldsystem.Make(ctx, c.Server, c.Prefix, c.People)
	if err != nil {
		return err
	}
	for _, url := range urls {
		fmt.Println(url)
	}
	return nil
}
