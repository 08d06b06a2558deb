package servicefx

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"go.uber.org/fx"

	"go.updspace.com/libs/config"
)

// Command is a verb of a service's program beside serve, migrate, dead-letters,
// healthcheck and version.
type Command[C any] struct {
	Name, Help string
	Run        func(ctx context.Context, cfg C, args []string) error
}

// Main is the main function of a service: it reads the configuration from the
// environment and runs the verb named on the command line. It exits the process.
func Main[C any](name string, module func(C) fx.Option, migrate func(context.Context, C) error, extra ...Command[C]) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	commands := append([]Command[C]{
		{"serve", "run the service", func(ctx context.Context, cfg C, _ []string) error { return run(ctx, module(cfg)) }},
		{"migrate", "bring the database up to date", func(ctx context.Context, cfg C, _ []string) error { return migrate(ctx, cfg) }},
	}, extra...)
	verb := ""
	if len(os.Args) > 1 {
		verb = os.Args[1]
	}
	if verb == "version" {
		fmt.Println(name, version())
		return
	}
	fail := func(err error) {
		fmt.Fprintf(os.Stderr, "%s %s: %v\n", name, verb, err)
		stop()
		os.Exit(1)
	}
	switch verb { // these need no configuration of the service
	case "dead-letters":
		if err := deadLetters(ctx, name, os.Args[2:], os.Stdout); err != nil {
			fail(err)
		}
		return
	case "healthcheck":
		if err := healthcheck(ctx); err != nil {
			fail(err)
		}
		return
	}
	for _, c := range commands {
		if c.Name != verb {
			continue
		}
		cfg, err := config.Load[C]()
		if err == nil {
			err = c.Run(ctx, cfg, os.Args[2:])
		}
		if err != nil {
			fail(err)
		}
		return
	}
	fmt.Fprintf(os.Stderr, "usage: %s COMMAND\n\n", name)
	for _, c := range commands {
		fmt.Fprintf(os.Stderr, "  %-18s %s\n", c.Name, c.Help)
	}
	fmt.Fprintf(os.Stderr, "  %-18s %s\n", "dead-letters", deadLettersHelp)
	fmt.Fprintf(os.Stderr, "  %-18s %s\n", "healthcheck", healthcheckHelp)
	fmt.Fprintf(os.Stderr, "  %-18s %s\n", "version", "print the version")
	os.Exit(2)
}

// run starts an application and stops it when ctx ends or it shuts itself down.
func run(ctx context.Context, module fx.Option) error {
	SetGC()
	app := fx.New(module)
	if err := app.Err(); err != nil {
		return fmt.Errorf("assembling the service: %w", err)
	}
	startCtx, cancel := context.WithTimeout(ctx, app.StartTimeout())
	defer cancel()
	if err := app.Start(startCtx); err != nil {
		return fmt.Errorf("starting: %w", err)
	}
	code := 0
	select {
	case <-ctx.Done():
	case signal := <-app.Wait():
		code = signal.ExitCode
	}
	stopCtx, cancelStop := context.WithTimeout(context.WithoutCancel(ctx), app.StopTimeout())
	defer cancelStop()
	if err := app.Stop(stopCtx); err != nil {
		return fmt.Errorf("stopping: %w", err)
	}
	if code != 0 {
		return errors.New("a server of this service failed; see the log")
	}
	return nil
}

func version() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				return s.Value
			}
		}
		return info.Main.Version
	}
	return "unknown"
}
