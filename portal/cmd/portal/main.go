// Command portal runs the portal service: serve, migrate or version.
package main

import (
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/portal"
)

func main() { servicefx.Main("portal", portal.Module, portal.Migrate) }
