package portal

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/fx"

	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/signing"
	"go.updspace.com/libs/telemetry"
	"go.updspace.com/portal/app"
	"go.updspace.com/portal/ports"
)

// Commands are the verbs of operators.
func Commands() []servicefx.Command[Config] {
	return []servicefx.Command[Config]{{
		Name: "reconcile", Help: "compare memberships with those that access knows, and put access right",
		Run: func(ctx context.Context, cfg Config, _ []string) error { return Reconcile(ctx, cfg) },
	}}
}

// Reconcile compares all memberships with those that access knows, once.
func Reconcile(ctx context.Context, cfg Config) error {
	return operate(ctx, cfg, func(ctx context.Context, o operator) error {
		drift, ran, err := o.Upkeep.Reconcile(ctx)
		if err == nil && !ran {
			err = errors.New("another instance is at it")
		}
		o.Log.InfoContext(ctx, "reconciled memberships", "added", drift.Added, "changed", drift.Changed, "removed", drift.Removed)
		return err
	})
}

// operator is what commands work with.
type operator struct {
	fx.In
	Log     *slog.Logger
	Upkeep  *app.Upkeep
	Groups  *app.Groups
	Members *app.Members
	Posts   *app.Posts
	// Accounts hears of members, inside a transaction, when nobody tells.
	Accounts *app.Accounts
	Tx       ports.Tx
}

// operate runs fn on the service's database, migrated, while nothing is served. What fn has to tell other services waits
// in the outbox for a running instance.
func operate(ctx context.Context, cfg Config, fn func(context.Context, operator) error, adjust ...fx.Option) error {
	if err := cfg.Validate(); err != nil {
		return err
	}
	cfg.NATSURL = ""
	var failure error
	a := fx.New(backstage(cfg), fx.Options(adjust...), fx.NopLogger, fx.Invoke(func(lc fx.Lifecycle, o operator) {
		lc.Append(fx.StartHook(func(ctx context.Context) { failure = fn(ctx, o) }))
	}))
	if err := a.Err(); err != nil {
		return fmt.Errorf("assembling: %w", err)
	}
	if err := a.Start(ctx); err != nil {
		return fmt.Errorf("starting: %w", err)
	}
	return errors.Join(failure, a.Stop(context.WithoutCancel(ctx)))
}

// backstage is the service without its server.
func backstage(cfg Config) fx.Option {
	return fx.Options(
		parts(cfg), fx.StartTimeout(servicefx.StartTimeout), fx.StopTimeout(servicefx.StopTimeout),
		fx.Provide(
			func() *slog.Logger { return telemetry.NewLogger(os.Stderr, cfg.Telemetry, name) },
			func() prometheus.Registerer { return prometheus.NewRegistry() },
			func() (*signing.Keyring, error) { return signing.NewKeyring(cfg.Signing) },
			func(lc fx.Lifecycle) (*telemetry.Tracing, error) {
				t, err := telemetry.NewTracing(context.Background(), cfg.Telemetry, name)
				if err != nil {
					return nil, err
				}
				lc.Append(fx.StopHook(t.Shutdown))
				return t, nil
			},
		),
	)
}
