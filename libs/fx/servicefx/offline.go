package servicefx

import (
	"context"
	"errors"
	"fmt"

	"go.uber.org/fx"
)

// Offline starts a module that serves nothing, runs fn with one of its parts, and stops it. Commands of operators use it:
// the events of fn wait in the outbox for a running instance of the service.
func Offline[D any](ctx context.Context, fn func(context.Context, D) error, module ...fx.Option) error {
	var failure error
	a := fx.New(fx.Options(module...), fx.NopLogger, fx.Invoke(func(lc fx.Lifecycle, part D) {
		lc.Append(fx.StartHook(func(ctx context.Context) { failure = fn(ctx, part) }))
	}))
	if err := a.Err(); err != nil {
		return fmt.Errorf("assembling: %w", err)
	}
	if err := a.Start(ctx); err != nil {
		return fmt.Errorf("starting: %w", err)
	}
	return errors.Join(failure, a.Stop(context.WithoutCancel(ctx)))
}
