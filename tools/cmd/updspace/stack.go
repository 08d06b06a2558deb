package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"syscall"
	"time"

	"github.com/lmittmann/tint"

	"go.updspace.com/tools/devkit/devstack"
	"go.updspace.com/tools/devkit/testkit"
)

type stackCmd struct {
	Command []string `arg:"" passthrough:"" help:"The command and its arguments."`
}

// Run starts the servers once for all test packages, which would each start their own otherwise.
func (s *stackCmd) Run(ctx context.Context) error {
	command := s.Command
	if len(command) > 0 && command[0] == "--" {
		command = command[1:]
	}
	if len(command) == 0 {
		return errors.New("stack: say which command to run")
	}
	log := slog.New(tint.NewTextHandler(os.Stderr, &tint.Options{TimeFormat: time.TimeOnly, NoColor: !isTerminal(os.Stderr)}))
	environment := os.Environ()
	if os.Getenv(testkit.EnvPostgresURL) == "" {
		p, err := devstack.StartPostgres(ctx, devstack.Options{Log: log})
		if err != nil {
			return err
		}
		defer p.Stop()
		environment = append(environment, testkit.EnvPostgresURL+"="+p.AdminURL)
	}
	if os.Getenv(testkit.EnvRedisAddr) == "" {
		r, err := devstack.StartRedis(ctx, devstack.Options{Log: log})
		if err != nil {
			return err
		}
		defer r.Stop()
		if !r.StandIn { // the test kit knows its own stand-in better
			environment = append(environment, testkit.EnvRedisAddr+"="+r.Addr)
		}
	}
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Env, cmd.Stdin, cmd.Stdout, cmd.Stderr = environment, os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("stack: %w", err)
	}
	ended := make(chan struct{})
	go func() {
		// Ctrl-C at a terminal reaches the command by itself; a signal sent to us alone is passed on. The servers go after it has ended.
		select {
		case <-ctx.Done():
			_ = cmd.Process.Signal(syscall.SIGTERM)
		case <-ended:
		}
	}()
	err := cmd.Wait()
	close(ended)
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		if status, ok := failed.Sys().(syscall.WaitStatus); ok && status.Signaled() {
			return exit(128 + int(status.Signal())) // as a shell reports it
		}
		return exit(failed.ExitCode())
	}
	return err
}
