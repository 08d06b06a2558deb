// Command activity runs the activity service: serve, migrate or version.
package main

import (
	"go.updspace.com/activity"
	"go.updspace.com/libs/fx/servicefx"
)

func main() { servicefx.Main("activity", activity.Module, activity.Migrate) }
