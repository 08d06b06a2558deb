// Command voting runs the voting service: serve, migrate or version.
package main

import (
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/voting"
)

func main() { servicefx.Main("voting", voting.Module, voting.Migrate) }
