package main

import (
	"context"
	"fmt"
	"os"

	"go.updspace.com/tools/journey"
)

type demoCmd struct{}

func (demoCmd) Run(ctx context.Context) error {
	if err := journey.Run(ctx, journey.Local(), os.Stdout); err != nil {
		fmt.Fprintf(os.Stderr, "\nThe demo failed at %v\nIs the platform up? `make up` starts it.\n", err)
		return exit(1)
	}
	return nil
}
