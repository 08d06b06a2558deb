package identity

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/google/uuid"
	"go.uber.org/fx"

	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/pg"
)

// operator is what can be done without the server.
type operator struct {
	fx.In
	DB       *pg.DB
	Accounts *app.Accounts
	Tenants  *app.Tenants
	Demo     *app.Demo
}

// tellPatience is how long a command waits until the other services have been
// told of what it did. Without a running instance or a broker they learn later.
const tellPatience = 3 * time.Second

// operate runs fn on the service's database, migrated, while nothing is served.
// What fn has to tell other services waits in the outbox for a running instance.
func operate(ctx context.Context, cfg Config, fn func(context.Context, operator) error) error {
	if err := cfg.Validate(); err != nil {
		return err
	}
	var failure error
	a := fx.New(backstage(cfg), fx.NopLogger, fx.Invoke(func(lc fx.Lifecycle, o operator) {
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

// Commands are the operator's verbs of the program.
func Commands() []servicefx.Command[Config] {
	verb := func(name, help string, args int, run func(context.Context, operator, []string) error) servicefx.Command[Config] {
		return servicefx.Command[Config]{Name: name, Help: help, Run: func(ctx context.Context, cfg Config, given []string) error {
			if len(given) != args {
				return fmt.Errorf("usage: %s", help)
			}
			return operate(ctx, cfg, func(ctx context.Context, o operator) error {
				if err := run(ctx, o, given); err != nil || cfg.NATSURL == "" {
					return err
				}
				patience, cancel := context.WithTimeout(ctx, tellPatience)
				defer cancel()
				if err := outbox.Settled(patience, o.DB); err != nil {
					fmt.Fprintf(os.Stderr, "identity %s: done, but the other services do not know yet: %v\n", name, err)
				}
				return nil
			})
		}}
	}
	status := func(s domain.Status) func(context.Context, operator, []string) error {
		return func(ctx context.Context, o operator, a []string) error { return o.Accounts.SetStatus(ctx, a[0], s) }
	}
	return []servicefx.Command[Config]{
		verb("user-suspend", "EMAIL: suspend an account and end its sessions", 1, status(domain.StatusSuspended)),
		verb("user-ban", "EMAIL: ban an account and end its sessions", 1, status(domain.StatusBanned)),
		verb("user-reinstate", "EMAIL: let a suspended or banned account back in", 1, status(domain.StatusActive)),
		verb("user-create", "EMAIL NAME: make an account without a password; links sign it in", 2, func(ctx context.Context, o operator, a []string) error {
			_, err := o.Accounts.Create(ctx, app.NewAccount{Email: a[0], DisplayName: a[1]})
			return err
		}),
		verb("admin-create", "EMAIL NAME: make the account of a system administrator", 2, func(ctx context.Context, o operator, a []string) error {
			_, err := o.Accounts.Create(ctx, app.NewAccount{Email: a[0], DisplayName: a[1], SystemAdmin: true})
			return err
		}),
		verb("tenant-create", "SLUG NAME: make a community", 2, func(ctx context.Context, o operator, a []string) error {
			_, err := o.Tenants.Create(ctx, uuid.Nil, a[0], a[1])
			return err
		}),
		verb("member-set", "SLUG EMAIL ROLE: make somebody owner, admin or member of a community", 3, func(ctx context.Context, o operator, a []string) error {
			return o.Tenants.SetMembership(ctx, a[0], a[1], a[2], domain.MembershipActive)
		}),
		verb("member-disable", "SLUG EMAIL: take somebody out of a community", 2, func(ctx context.Context, o operator, a []string) error {
			return o.Tenants.SetMembership(ctx, a[0], a[1], domain.RoleMember, domain.MembershipDisabled)
		}),
	}
}

// Suspend suspends an account, for programs that run the service within.
func Suspend(ctx context.Context, cfg Config, email string) error {
	return operate(ctx, cfg, func(ctx context.Context, o operator) error {
		return o.Accounts.SetStatus(ctx, email, domain.StatusSuspended)
	})
}

// Reinstate lets a suspended or banned account back in.
func Reinstate(ctx context.Context, cfg Config, email string) error {
	return operate(ctx, cfg, func(ctx context.Context, o operator) error {
		return o.Accounts.SetStatus(ctx, email, domain.StatusActive)
	})
}
