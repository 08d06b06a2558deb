package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"

	"go.updspace.com/tools/journey"
)

type demoCmd struct{}

func (demoCmd) Run(ctx context.Context) error {
	if err := journey.Run(ctx, journey.Local(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "\n"+demoFailure(err))
		return exit(1)
	}
	return nil
}

// demoFailure tells a platform that does not run, which is no defect, from one that does something wrong.
func demoFailure(err error) string {
	if errors.Is(err, syscall.ECONNREFUSED) {
		return "Nobody answers: the platform is not up. Run `make up` in another terminal and leave it running, then try again."
	}
	return fmt.Sprintf("The demo failed at %v", err)
}
