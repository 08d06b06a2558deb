// Command identity runs the ID service: serve, migrate, version, and the verbs of operators.
package main

import (
	"go.updspace.com/identity"
	"go.updspace.com/libs/fx/servicefx"
)

func main() { servicefx.Main("identity", identity.Module, identity.Migrate, identity.Commands()...) }
