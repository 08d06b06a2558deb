package main

import (
	"errors"
	"os"

	"go.updspace.com/tools/devkit/devstack"
	"go.updspace.com/tools/installation"
)

type configReferenceCmd struct{}

func (configReferenceCmd) Run() error {
	root, ok := devstack.WorkspaceRoot()
	if !ok {
		return errors.New("there is no go.work here or above: the reference is made of the source")
	}
	return installation.Reference(os.Stdout, root)
}
