// Command bff runs the gateway: serve, migrate, version, and the verbs of operators.
package main

import (
	"go.updspace.com/bff"
	"go.updspace.com/libs/fx/servicefx"
)

func main() {
	servicefx.Main("bff", bff.Module, bff.Migrate, bff.Commands()...)
}
