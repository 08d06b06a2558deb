// Package services is the table of the platform's services, for the programs that run several of them in one process.
package services

import (
	"context"
	"io"
	"net"
	"reflect"

	"go.uber.org/fx"

	"go.updspace.com/access"
	"go.updspace.com/activity"
	"go.updspace.com/bff"
	"go.updspace.com/events"
	"go.updspace.com/gamification"
	"go.updspace.com/identity"
	"go.updspace.com/libs/config"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/portal"
	"go.updspace.com/voting"
)

// Service is what a program knows about a service before it runs. Each function reads the service's configuration from env,
// which has only this service's settings.
type Service struct {
	Name     string
	Port     int
	Database string

	// Config is the type of the service's configuration.
	Config reflect.Type
	// Check says what is wrong with the settings.
	Check func(env map[string]string) error
	// Module assembles the service on a listener that is open already. Its log lines go to log.
	Module func(env map[string]string, l net.Listener, log io.Writer) (fx.Option, error)
	// Migrate brings the database up to date.
	Migrate func(ctx context.Context, env map[string]string) error
	// SeedDemo writes the demo data into a migrated database; nil when there is none.
	SeedDemo func(ctx context.Context, env map[string]string) error
	// Verbs are the operator's commands of the service's program, besides serve and migrate.
	Verbs []Verb
}

// Verb is a command of an operator.
type Verb struct {
	Name, Help string
	Run        func(ctx context.Context, env map[string]string, args []string) error
}

// All lists the services in the order in which they are started. A new service joins with one row: its name, port and database, its module,
// migrations and demo data, and where in its configuration the part is that all services share.
func All() []Service {
	return []Service{
		Define("identity", 8001, "db_id", identity.Module, identity.Migrate, seedIdentity, func(c *identity.Config) *servicefx.Config { return &c.Config }, identity.Commands()...),
		Define("access", 8002, "db_access", access.Module, access.Migrate, access.SeedDemo, func(c *access.Config) *servicefx.Config { return &c.Config }, access.Commands()...),
		Define("portal", 8003, "db_portal", portal.Module, portal.Migrate, portal.SeedDemo, func(c *portal.Config) *servicefx.Config { return &c.Config }, portal.Commands()...),
		Define("voting", 8004, "db_voting", voting.Module, voting.Migrate, voting.SeedDemo, func(c *voting.Config) *servicefx.Config { return &c.Config }),
		Define("events", 8005, "db_events", events.Module, events.Migrate, events.SeedDemo, func(c *events.Config) *servicefx.Config { return &c.Config }),
		Define("gamification", 8007, "db_gamification", gamification.Module, gamification.Migrate, gamification.SeedDemo, func(c *gamification.Config) *servicefx.Config { return &c.Config }),
		Define("activity", 8006, "db_activity", activity.Module, activity.Migrate, activity.SeedDemo, func(c *activity.Config) *servicefx.Config { return &c.Config }),
		Define("bff", 8080, "db_bff", bff.Module, bff.Migrate, nil, func(c *bff.Config) *servicefx.Config { return &c.Config }, bff.Commands()...),
	}
}

func seedIdentity(ctx context.Context, cfg identity.Config) error {
	return identity.SeedDemo(ctx, cfg, identity.DefaultDemo())
}

// Define describes a service by what its package exports.
func Define[C any](
	name string, port int, database string, module func(C) fx.Option, migrate, seed func(context.Context, C) error,
	shared func(*C) *servicefx.Config, commands ...servicefx.Command[C],
) Service {
	with := func(do func(context.Context, C) error) func(context.Context, map[string]string) error {
		if do == nil {
			return nil
		}
		return func(ctx context.Context, env map[string]string) error {
			cfg, err := config.Parse[C](env)
			if err != nil {
				return err
			}
			return do(ctx, cfg)
		}
	}
	var verbs []Verb
	for _, c := range commands {
		verbs = append(verbs, Verb{Name: c.Name, Help: c.Help, Run: func(ctx context.Context, env map[string]string, args []string) error {
			return with(func(ctx context.Context, cfg C) error { return c.Run(ctx, cfg, args) })(ctx, env)
		}})
	}
	return Service{
		Verbs: verbs,
		Name:  name, Port: port, Database: database, Config: reflect.TypeFor[C](), Migrate: with(migrate), SeedDemo: with(seed),
		Check: func(env map[string]string) error {
			_, err := config.Parse[C](env)
			return err
		},
		Module: func(env map[string]string, l net.Listener, log io.Writer) (fx.Option, error) {
			cfg, err := config.Parse[C](env)
			if err != nil {
				return nil, err
			}
			common := shared(&cfg)
			common.Listener, common.Log = l, log
			return module(cfg), nil
		},
	}
}
