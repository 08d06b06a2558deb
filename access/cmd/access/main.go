// Command access is the service that decides who may do what.
package main

import (
	"go.updspace.com/access"
	"go.updspace.com/libs/fx/servicefx"
)

func main() { servicefx.Main(access.Name, access.Module, access.Migrate, access.Commands()...) }
