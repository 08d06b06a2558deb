// Package portal is the portal service: the one place that knows all its parts. It is exported so that one process can
// run several services.
package portal

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/fx"

	"go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/idempotency"
	kit "go.updspace.com/libs/outbox"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/telemetry"
	access "go.updspace.com/portal/adapters/accessclient"
	"go.updspace.com/portal/adapters/accounts"
	"go.updspace.com/portal/adapters/blobs"
	"go.updspace.com/portal/adapters/driftwatch"
	"go.updspace.com/portal/adapters/httpapi"
	"go.updspace.com/portal/adapters/markdown"
	"go.updspace.com/portal/adapters/outbox"
	store "go.updspace.com/portal/adapters/pg"
	"go.updspace.com/portal/adapters/pictures"
	"go.updspace.com/portal/adapters/s3"
	"go.updspace.com/portal/adapters/sniff"
	"go.updspace.com/portal/app"
	"go.updspace.com/portal/ports"
)

const name = "portal"

// Config is everything the service is told from outside.
type Config struct {
	servicefx.Config
	Database pg.Config
	Access   accessclient.Config
	NATSURL  string `env:"NATS_URL"` // without it, events wait in the outbox
	// Upkeep is how often memberships are compared with those that access knows, and old entries of the journal removed.
	Upkeep time.Duration `env:"PORTAL_UPKEEP" envDefault:"10m"`
	Blobs  BlobConfig
}

// Validate reports every setting that is wrong.
func (c Config) Validate() error {
	problems := []error{c.Config.Validate(), c.Blobs.Validate(c.Dev())}
	if c.Database.URL == "" {
		problems = append(problems, errors.New("DATABASE_URL must be set"))
	}
	if c.Access.URL == "" {
		problems = append(problems, errors.New("ACCESS_URL must be set"))
	}
	if c.Upkeep <= 0 {
		problems = append(problems, errors.New("PORTAL_UPKEEP must be positive"))
	}
	return errors.Join(problems...)
}

// Module is the service.
func Module(cfg Config) fx.Option {
	if err := cfg.Validate(); err != nil {
		return fx.Error(err)
	}
	return fx.Options(
		servicefx.Kit(name, cfg.Config),
		parts(cfg),
		contentJobs(cfg),
		fx.Provide(fx.Annotate(httpapi.New, fx.ResultTags(`name:"api"`))),
		fx.Invoke(func(lc fx.Lifecycle, u *app.Upkeep, log *slog.Logger) {
			servicefx.Background(lc, log, "upkeep", func(ctx context.Context) error { return keepUp(ctx, u, log, cfg.Upkeep) })
		}),
	)
}

// parts are the service without its door.
func parts(cfg Config) fx.Option {
	return fx.Options(
		servicefx.Postgres(cfg.Database, store.Migrations()),
		servicefx.Outbox(name, cfg.NATSURL),
		servicefx.Access(name, cfg.Access),
		content(cfg),
		fx.Provide(
			func() ports.Clock { return servicefx.SystemClock{} },
			func(db *pg.DB) ports.Tx { return db },
			fx.Annotate(idempotency.NewStore, fx.As(new(ports.Once))),
			fx.Annotate(access.New, fx.As(new(ports.Access)), fx.As(new(ports.Reaches))),
			fx.Annotate(access.NewRoster, fx.As(new(ports.Roster))),
			fx.Annotate(driftwatch.New, fx.As(new(ports.DriftWatch))),
			fx.Annotate(outbox.New, fx.As(new(ports.Events))),
			fx.Annotate(store.NewGroups, fx.As(new(ports.Groups))),
			fx.Annotate(store.NewMemberships, fx.As(new(ports.Memberships))),
			fx.Annotate(store.NewRequests, fx.As(new(ports.Requests))),
			fx.Annotate(store.NewInvites, fx.As(new(ports.Invites))),
			fx.Annotate(store.NewLinks, fx.As(new(ports.Links))),
			fx.Annotate(store.NewJournal, fx.As(new(ports.Journal))),
			fx.Annotate(store.NewTenants, fx.As(new(ports.Tenants))),
			fx.Annotate(store.NewExclusive, fx.As(new(ports.Exclusive))),
			app.NewDesk, app.NewGroups, app.NewMembers, app.NewRequests, app.NewInvites, app.NewLinks, app.NewJournal, app.NewRegistry, app.NewUpkeep,
			newApps,
		),
	)
}

func newApps(
	g *app.Groups, m *app.Members, r *app.Requests, i *app.Invites, l *app.Links, j *app.Journal, registry *app.Registry,
	posts *app.Posts, files *app.Files, profiles *app.Profiles, data *app.PersonalData,
) httpapi.Apps {
	return httpapi.Apps{
		Groups: g, Members: m, Requests: r, Invites: i, Links: l, Journal: j, Registry: registry, Posts: posts, Files: files, Profiles: profiles, Data: data,
	}
}

// keepUp does the upkeep until it is told to stop. The first time is after a while, when access is up as well.
func keepUp(ctx context.Context, u *app.Upkeep, log *slog.Logger, every time.Duration) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		if _, _, err := u.Reconcile(ctx); err != nil && ctx.Err() == nil {
			log.WarnContext(ctx, "memberships could not be compared with those that access knows", "error", err)
		}
		if _, err := u.Tidy(ctx); err != nil && ctx.Err() == nil {
			log.WarnContext(ctx, "old entries of the journal could not be removed", "error", err)
		}
	}
}

// Migrate brings the database up to date, for deployments that do so apart from serving.
func Migrate(ctx context.Context, cfg Config) error {
	return pg.Migrate(ctx, cfg.Database.MigrateURL, store.Migrations())
}

// BlobConfig says where the content of files is kept: in a folder, or in an S3-compatible store.
type BlobConfig struct {
	Dir string `env:"BLOB_DIR"`
	S3  s3.Config
}

// Validate reports every setting that is wrong. Only development finds a folder by itself: several instances in
// production would each find another.
func (c BlobConfig) Validate(dev bool) error {
	problems := []error{c.S3.Validate()}
	if c.Dir != "" && c.S3.Set() {
		problems = append(problems, errors.New("BLOB_DIR and BLOB_S3_ENDPOINT cannot both be set"))
	}
	if c.Dir == "" && !c.S3.Set() && !dev {
		problems = append(problems, errors.New("BLOB_S3_ENDPOINT must be set, or BLOB_DIR on a single node"))
	}
	return errors.Join(problems...)
}

// blobStore opens what the configuration names.
func blobStore(lc fx.Lifecycle, cfg Config, t *telemetry.Tracing) (ports.Blobs, error) {
	if cfg.Blobs.S3.Set() {
		return s3.New(cfg.Blobs.S3, t.Transport(http.DefaultTransport))
	}
	dir := cfg.Blobs.Dir
	if dir == "" {
		dir = filepath.Join(os.TempDir(), fmt.Sprintf("updspace-portal-blobs-%d", os.Getuid())) // development only: see Validate
	}
	folder, err := blobs.Open(dir)
	if err != nil {
		return nil, err
	}
	lc.Append(fx.StopHook(folder.Close))
	return folder, nil
}

// content is what the service needs for what people write and show.
func content(cfg Config) fx.Option {
	return fx.Options(
		fx.Provide(
			func(lc fx.Lifecycle, t *telemetry.Tracing) (ports.Blobs, error) { return blobStore(lc, cfg, t) },
			fx.Annotate(markdown.New, fx.As(new(ports.Markdown))),
			fx.Annotate(sniff.New, fx.As(new(ports.Sniffer))),
			fx.Annotate(pictures.New, fx.As(new(ports.Pictures))),
			fx.Annotate(store.NewPosts, fx.As(new(ports.Posts))),
			fx.Annotate(store.NewFiles, fx.As(new(ports.Files))),
			fx.Annotate(store.NewPlaces, fx.As(new(ports.Places))),
			fx.Annotate(store.NewProfiles, fx.As(new(ports.Profiles))),
			fx.Annotate(store.NewAccounts, fx.As(new(ports.Accounts))),
			fx.Annotate(store.NewTraces, fx.As(new(ports.Traces))),
			newPosts, newProfiles, app.NewFiles, app.NewJanitor, app.NewAccounts, app.NewPersonalData,
		),
	)
}

// contentJobs are what goes on around it on nobody's behalf.
func contentJobs(cfg Config) fx.Option {
	return fx.Options(
		fx.Invoke(func(lc fx.Lifecycle, j *app.Janitor, log *slog.Logger) {
			servicefx.Background(lc, log, "janitor", func(ctx context.Context) error { return j.Run(pg.AcrossTenants(ctx, "janitor")) })
		}),
		fx.Invoke(func(lc fx.Lifecycle, db *pg.DB, a *app.Accounts, log *slog.Logger, reg prometheus.Registerer) {
			if cfg.NATSURL == "" {
				return // nobody tells anything
			}
			named := kit.NewConsumer(db, kit.ConsumerConfig{
				NATSURL: cfg.NATSURL, Name: "portal-accounts", Types: []string{accounts.UserTypes}, Logger: log, Metrics: reg,
			}, accounts.Named(a))
			joined := kit.NewConsumer(db, kit.ConsumerConfig{
				NATSURL: cfg.NATSURL, Name: "portal-members", Types: []string{accounts.MembershipTypes}, Logger: log, Metrics: reg,
			}, accounts.Memberships(a))
			servicefx.Background(lc, log, "names of accounts", func(ctx context.Context) error {
				return named.Run(pg.AcrossTenants(ctx, "names of accounts"))
			})
			servicefx.Background(lc, log, "members of tenants", joined.Run)
		}),
	)
}

func newPosts(
	a ports.Access, reaches ports.Reaches, posts ports.Posts, files ports.Files, places ports.Places, members ports.Memberships,
	markdown ports.Markdown, events ports.Events, journal ports.Journal, tx ports.Tx, once ports.Once, clock ports.Clock,
) *app.Posts {
	return app.NewPosts(app.PostsNeed{
		Access: a, Reaches: reaches, Posts: posts, Files: files, Places: places, Members: members, Markdown: markdown,
		Events: events, Journal: journal, Tx: tx, Once: once, Clock: clock,
	})
}

func newProfiles(
	a ports.Access, profiles ports.Profiles, accounts ports.Accounts, files ports.Files, blobs ports.Blobs, sniffer ports.Sniffer, pictures ports.Pictures,
	events ports.Events, journal ports.Journal, tx ports.Tx, clock ports.Clock,
) *app.Profiles {
	return app.NewProfiles(app.ProfilesNeed{
		Access: a, Profiles: profiles, Accounts: accounts, Files: files, Blobs: blobs, Sniffer: sniffer, Pictures: pictures,
		Events: events, Journal: journal, Tx: tx, Clock: clock,
	})
}
