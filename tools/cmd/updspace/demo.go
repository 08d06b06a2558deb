package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"

	"go.updspace.com/tools/journey"
)

type demoCmd struct{ reach }

func (d demoCmd) Run(ctx context.Context) error {
	if err := journey.Run(ctx, journey.Local(d.Bind), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "\n"+d.failure(err))
		return exit(1)
	}
	return nil
}

// failure tells a platform that does not run, which is no defect, from one that does something wrong.
func (d demoCmd) failure(err error) string {
	if errors.Is(err, syscall.ECONNREFUSED) {
		return d.notUp()
	}
	return fmt.Sprintf("The demo failed at %v", err)
}
