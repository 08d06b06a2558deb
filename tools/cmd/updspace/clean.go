package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"go.updspace.com/tools/devkit/devstack"
	"go.updspace.com/tools/platform"
)

type cleanCmd struct{}

func (cleanCmd) Run(c *cli) error {
	dir, err := c.dir()
	if err != nil {
		return err
	}
	if pid := platform.RunningPID(dir); pid != 0 {
		return fmt.Errorf("the platform is running (process %d): stop it first", pid)
	}
	// The data of the database may be elsewhere, when its account cannot enter the working copy.
	return errors.Join(
		devstack.Forget(filepath.Join(dir, "postgres")),
		devstack.Forget(filepath.Join(dir, "cache")),
		os.RemoveAll(dir),
	)
}
