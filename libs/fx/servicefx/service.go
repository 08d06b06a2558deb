package servicefx

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"time"

	"go.uber.org/fx"

	"go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/idempotency"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/ratelimit"
)

// ServiceConfig is the configuration of a service that has a database, asks access for decisions and publishes events. A
// service embeds it in its own Config.
type ServiceConfig struct {
	Config
	Database pg.Config
	Access   accessclient.Config
	NATSURL  string `env:"NATS_URL"` // without it, events wait in the outbox
	// AuditRetention is how long entries of the audit log are kept.
	AuditRetention time.Duration `env:"AUDIT_RETENTION" envDefault:"8760h"`
}

// Validate reports every setting that is wrong.
func (c ServiceConfig) Validate() error {
	problems := []error{c.Config.Validate()}
	if c.Database.URL == "" {
		problems = append(problems, errors.New("DATABASE_URL must be set"))
	}
	if c.Access.URL == "" {
		problems = append(problems, errors.New("ACCESS_URL must be set"))
	}
	if c.AuditRetention < 0 {
		problems = append(problems, errors.New("AUDIT_RETENTION must not be negative"))
	}
	return errors.Join(problems...)
}

// Service provides what a service with a ServiceConfig stands on: the kit (see [Kit]), the database with the given
// migrations, the outbox and its relay, the client of access, *audit.Log, *idempotency.Store and SystemClock. A wrong setting
// is an error of the graph.
func Service(name string, cfg ServiceConfig, migrations pg.Migrations, options ...func(*httpx.Options)) fx.Option {
	if err := cfg.Validate(); err != nil {
		return fx.Error(err)
	}
	return fx.Options(Kit(name, cfg.Config, options...), stores(name, cfg, migrations))
}

// OfflineService provides what [Service] does without serving and without a broker, for [Offline]. It logs to standard error.
func OfflineService(name string, cfg ServiceConfig, migrations pg.Migrations) fx.Option {
	if err := cfg.Validate(); err != nil {
		return fx.Error(err)
	}
	cfg.NATSURL = ""
	if cfg.Log == nil {
		cfg.Log = os.Stderr
	}
	return fx.Options(base(name, cfg.Config), stores(name, cfg, migrations))
}

func stores(name string, cfg ServiceConfig, migrations pg.Migrations) fx.Option {
	return fx.Options(
		Postgres(cfg.Database, migrations),
		Outbox(name, cfg.NATSURL),
		Access(name, cfg.Access),
		Audit(cfg.AuditRetention),
		fx.Provide(idempotency.NewStore, func() SystemClock { return SystemClock{} }),
	)
}

const (
	auditPruneInterval    = time.Hour
	defaultAuditRetention = 365 * 24 * time.Hour
)

// Audit provides the *audit.Log of the service's database and deletes entries that are older than the retention time; zero
// means a year.
func Audit(retention time.Duration) fx.Option {
	if retention == 0 {
		retention = defaultAuditRetention
	}
	return fx.Options(
		fx.Provide(audit.New),
		Every("audit pruning", auditPruneInterval, func(db *pg.DB, ctx context.Context) error {
			return audit.Prune(ctx, db, time.Now().Add(-retention))
		}),
	)
}

// Redis provides the *ratelimit.Connection of a service, which is nil without a URL: every instance counts alone then.
func Redis(service, url string) fx.Option {
	return fx.Provide(func(lc fx.Lifecycle, log *slog.Logger) (*ratelimit.Connection, error) {
		if url == "" {
			return nil, nil //nolint:nilnil // the limiter takes nil for no Redis
		}
		conn, err := ratelimit.Connect(url, service, log)
		if err != nil {
			return nil, err
		}
		Background(lc, log, "redis", conn.Run)
		return conn, nil
	})
}

// DemoClock tells the time at which a piece of demo data was made: demo data has a past. Each reading is a millisecond after the one before, so
// that of two changes of a thing one is the later.
type DemoClock struct{ start, now time.Time }

// NewDemoClock begins at the present.
func NewDemoClock() *DemoClock {
	now := SystemClock{}.Now()
	return &DemoClock{start: now, now: now}
}

// Now returns the time at which the clock stands.
func (c *DemoClock) Now() time.Time {
	c.now = c.now.Add(time.Millisecond)
	return c.now
}

// Ago sets the clock to a time before the present.
func (c *DemoClock) Ago(ago time.Duration) { c.now = c.start.Add(-ago) }

// OpenDemo opens the database for demo data, which exists in development mode only.
func OpenDemo(ctx context.Context, cfg ServiceConfig) (*pg.DB, error) {
	if !cfg.Dev() {
		return nil, errors.New("demo data exists in development mode only")
	}
	return pg.Open(ctx, cfg.Database)
}
