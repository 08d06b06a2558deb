// Command updspace runs the platform, on a developer's machine or in production, and looks after it.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/alecthomas/kong"

	"go.updspace.com/tools/devkit/devstack"
)

type cli struct {
	Up          upCmd          `cmd:"" help:"Run the whole platform with demo data. Ctrl-C stops it; the data stays."`
	Demo        demoCmd        `cmd:"" help:"Walk through the running platform as its users do, over HTTP, and say what is wrong."`
	Curl        curlCmd        `cmd:"" help:"Ask the running platform as a demo user and print the answer."`
	Doctor      doctorCmd      `cmd:"" help:"Say what this machine has, lacks, has too old, and has in use."`
	Stack       stackCmd       `cmd:"" help:"Run a command with a PostgreSQL and a Redis for tests."`
	VerifyBadge verifyBadgeCmd `cmd:"" help:"Verify an Open Badges 3.0 badge and say each check: offline a file, or at an address."`
	Import      importCmd      `cmd:"" help:"Take over an installation of the old system."`
	OldSystem   oldSystemCmd   `cmd:"" name:"old-system" help:"Make a synthetic installation of the old system, to try import with."`
	Clean       cleanCmd       `cmd:"" help:"Forget the development data."`

	Init    initCmd    `cmd:"" group:"production" help:"Write the settings of a new installation on this machine, and make its databases."`
	Serve   serveCmd   `cmd:"" group:"production" help:"Run all services of an installation in this process."`
	Config  configCmd  `cmd:"" group:"production" help:"Settings of an installation."`
	Backup  backupCmd  `cmd:"" group:"production" help:"Write a backup of an installation."`
	Restore restoreCmd `cmd:"" group:"production" help:"Restore a backup into new databases, or verify it."`
	Operate operateCmd `cmd:"" group:"production" help:"Run an operator's command of a service: operate identity admin-grant EMAIL."`

	Dir string `help:"Where development data, secrets and logs are kept. The workspace's .dev unless said." type:"path" env:"UPDSPACE_DEV_DIR"`
}

// exit is an error that only carries an exit code: what there was to say has been said.
type exit int

func (e exit) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

func main() {
	var c cli
	k := kong.Parse(&c, kong.Name("updspace"), kong.Description("UpdSpace on this machine."), kong.UsageOnError(),
		kong.ExplicitGroups([]kong.Group{{Key: "production", Title: "Production"}}))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	k.BindTo(ctx, (*context.Context)(nil))
	err := k.Run(&c)
	stop()
	var code exit
	switch {
	case errors.As(err, &code):
		os.Exit(int(code))
	case err != nil:
		fmt.Fprintln(os.Stderr, "updspace:", err)
		os.Exit(1)
	}
}

// dir is the working copy's .dev, wherever in it the command is given.
func (c *cli) dir() (string, error) {
	if c.Dir != "" {
		return filepath.Abs(c.Dir)
	}
	root, ok := devstack.WorkspaceRoot()
	if !ok {
		return "", errors.New("there is no go.work here or above: go to the UpdSpace workspace, or say --dir")
	}
	return filepath.Join(root, ".dev"), nil
}
