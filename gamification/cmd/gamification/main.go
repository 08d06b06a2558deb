// Command gamification runs the gamification service: serve, migrate or version.
package main

import (
	"go.updspace.com/gamification"
	"go.updspace.com/libs/fx/servicefx"
)

func main() { servicefx.Main("gamification", gamification.Module, gamification.Migrate) }
