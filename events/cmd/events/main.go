// Command events runs the events service: serve, migrate or version.
package main

import (
	"go.updspace.com/events"
	"go.updspace.com/libs/fx/servicefx"
)

func main() { servicefx.Main("events", events.Module, events.Migrate) }
