// Command portal runs the portal service: serve, migrate, version, and the verbs of operators.
package main

import (
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/portal"
)

func main() { servicefx.Main("portal", portal.Module, portal.Migrate, portal.Commands()...) }
