// Package activity is the activity service: this file wires its parts. It is exported so that one process can run several
// services.
package activity

import (
	"cmp"
	"context"
	"log/slog"
	"strings"
	"time"

	"github.com/google/uuid"
	"go.uber.org/fx"

	"go.updspace.com/activity/adapters/browserpush"
	"go.updspace.com/activity/adapters/cache"
	"go.updspace.com/activity/adapters/discordapi"
	"go.updspace.com/activity/adapters/feedreader"
	"go.updspace.com/activity/adapters/httpapi"
	"go.updspace.com/activity/adapters/inbox"
	"go.updspace.com/activity/adapters/live"
	"go.updspace.com/activity/adapters/markdown"
	"go.updspace.com/activity/adapters/notices"
	"go.updspace.com/activity/adapters/notificationmail"
	"go.updspace.com/activity/adapters/outbox"
	store "go.updspace.com/activity/adapters/pg"
	"go.updspace.com/activity/adapters/portalclient"
	"go.updspace.com/activity/adapters/quota"
	"go.updspace.com/activity/adapters/steam"
	"go.updspace.com/activity/adapters/webhooktarget"
	"go.updspace.com/activity/app"
	connectors "go.updspace.com/activity/connectors/app"
	"go.updspace.com/activity/domain"
	games "go.updspace.com/activity/games/app"
	told "go.updspace.com/activity/notifications/app"
	notifications "go.updspace.com/activity/notifications/ports"
	"go.updspace.com/activity/ports"
	following "go.updspace.com/activity/roles/app"
	webhooks "go.updspace.com/activity/webhooks/app"
	webhookdomain "go.updspace.com/activity/webhooks/domain"
	"go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/blob"
	"go.updspace.com/libs/egress"
	"go.updspace.com/libs/filetype"
	"go.updspace.com/libs/fx/blobfx"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/groups/portalgroups"
	"go.updspace.com/libs/idempotency"
	"go.updspace.com/libs/imaging"
	kit "go.updspace.com/libs/outbox"
	"go.updspace.com/libs/personaldata"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/seal"
)

const name = "activity"

// Module is the service.
func Module(cfg Config) fx.Option {
	if err := cfg.Validate(); err != nil {
		return fx.Error(err)
	}
	return fx.Options(
		blobfx.Service(name, cfg.ServiceConfig, store.Migrations()),
		feedOptions(cfg),
		newsOptions(),
		notificationOptions(cfg),
		webhookOptions(cfg),
		sourceOptions(cfg),
		gameOptions(cfg),
		roleOptions(cfg),
		fx.Provide(
			func(access authz.Checker, db *pg.DB, log *audit.Log, once idempotency.Requests, clock ports.Clock) app.Games {
				return app.Games{GamesDeps: app.GamesDeps{Access: access, Games: store.NewGames(db), Audit: log, Tx: db, Once: once, Clock: clock}}
			},
			func(db *pg.DB, c servicefx.SystemClock) (ports.Tx, ports.Clock) { return db, c },
			func(c *accessclient.Client) authz.Checker { return c },
			func(s *idempotency.Store) idempotency.Requests { return s },
			func() (*seal.Sealer, error) { return seal.Parse(cfg.SealKeys) },
			func(db *pg.DB, log *audit.Log, clock ports.Clock) *personaldata.Store {
				return personaldata.New(name, db, log, clock.Now, store.PersonalData(db)...)
			},
			fx.Annotate(httpapi.New, fx.ResultTags(`name:"api"`)),
		),
		liveOptions(cfg),
		fx.Invoke(endStreams),
	)
}

const defaultFeedRetention = 2 * 365 * 24 * time.Hour

// feedOptions are the items and those who read them.
func feedOptions(cfg Config) fx.Option {
	return fx.Options(
		servicefx.NewTransports(name),
		fx.Provide(
			app.NewSight, app.NewFeed, portalgroups.NewStore,
			func(t *servicefx.Transports, clock ports.Clock) (ports.Profiles, error) {
				return newProfiles(cfg, t, clock)
			},
		),
		fx.Provide(func(items ports.Items, clock ports.Clock) *app.Retention {
			return app.NewRetention(items, clock, cmp.Or(cfg.FeedRetention, defaultFeedRetention))
		}),
		servicefx.Every("retention of the feed", time.Hour, (*app.Retention).Forget),
		servicefx.BatchConsumer("activity-feed", inbox.Types(), func(items ports.Items) kit.BatchHandler { return inbox.Feed(items.Apply) }),
		servicefx.Consumer("activity-groups", portalgroups.Types, func(s *portalgroups.Store) kit.Handler { return portalgroups.Handler(s.Put) }),
	)
}

// liveOptions tell open streams, in all instances, of what changes.
func liveOptions(cfg Config) fx.Option {
	return fx.Options(
		fx.Supply(httpapi.DefaultLiveTimes()),
		fx.Provide(
			app.NewHub, app.NewLive,
			func(c *accessclient.Client) ports.Audience { return c },
			func(h *app.Hub) ports.Arrivals { return h },
			func(db *pg.DB, p *kit.Publisher, known *portalgroups.Store, hub *app.Hub) *live.Announcer {
				if cfg.NATSURL == "" {
					return live.NewAnnouncer(db, p, known, live.NewAlone(hub))
				}
				return live.NewAnnouncer(db, p, known, nil)
			},
			func(db *pg.DB, a *live.Announcer) ports.Items { return a.Items(store.NewItems(db)) },
			func(db *pg.DB, a *live.Announcer) ports.Readers { return a.Readers(store.NewReaders(db)) },
		),
		fx.Invoke(func(lc fx.Lifecycle, hub *app.Hub, log *slog.Logger) {
			if cfg.NATSURL != "" {
				servicefx.Background(lc, log, "updates of the feed", live.NewFollower(cfg.NATSURL, hub, log).Run)
			}
		}),
	)
}

// endStreams is registered last, so that it runs first when the service stops: the server then waits only for requests that end by themselves.
func endStreams(lc fx.Lifecycle, hub *app.Hub) { lc.Append(fx.StopHook(hub.End)) }

func newProfiles(cfg Config, t *servicefx.Transports, clock ports.Clock) (ports.Profiles, error) {
	if cfg.PortalURL == "" {
		return noProfiles{}, nil
	}
	transport, err := t.To("portal")
	if err != nil {
		return nil, err
	}
	profiles, err := portalclient.New(cfg.PortalURL, transport)
	if err != nil {
		return nil, err
	}
	return cache.NewProfiles(profiles, clock)
}

// noProfiles is ports.Profiles of an installation without portal.
type noProfiles struct{}

func (noProfiles) Lookup(context.Context, []uuid.UUID) (map[uuid.UUID]domain.Profile, error) {
	return nil, nil
}

// notificationOptions are what people are told.
func notificationOptions(cfg Config) fx.Option {
	wake := servicefx.NewWake()
	return fx.Options(
		fx.Provide(
			func(
				lc fx.Lifecycle, checker authz.Checker, access *accessclient.Client, db *pg.DB, publisher *kit.Publisher, streams *live.Announcer,
				sealer *seal.Sealer, clock ports.Clock,
			) told.Deps {
				client := egress.New(egress.Config{Ports: []uint16{443}, Exceptions: cfg.EgressExceptions, TLSOnly: true, MaxBody: 4 << 10, Truncate: true})
				lc.Append(fx.StopHook(client.Close))
				d := newNotifications(checker, access, db, clock, wake.Signal)
				d.Inbox = streams.Inbox(d.Inbox)
				d.Mails, d.Texts = notificationmail.New(publisher, cfg.PublicOrigin), notificationmail.Texts{}
				d.Browsers, d.Pusher = store.NewBrowsers(db, sealer), browserpush.New(client, cfg.PublicOrigin, clock.Now)
				return d
			},
			func(d told.Deps) told.Telling { return told.Telling{Deps: d} },
		),
		servicefx.Consumer("activity-notices", notices.Types(), func(t told.Telling) kit.Handler { return notices.Handler(t.Record) }),
		servicefx.ConsumerAcrossTenants("activity-accounts", notices.AccountTypes(), func(t told.Telling) kit.Handler { return notices.Accounts(t) }),
		servicefx.EveryOrWoken("telling of notices", time.Second, wake, told.Telling.Tell),
		servicefx.Every("messages to browsers", 2*time.Second, told.Telling.SendMessages),
		servicefx.Every("digests", 10*time.Second, told.Telling.SendDigests),
		servicefx.Every("retention of notifications", time.Hour, told.Telling.Forget),
	)
}

func newNotifications(checker authz.Checker, access notifications.Access, db *pg.DB, clock ports.Clock, wake func()) told.Deps {
	return told.Deps{
		Checker: checker, Access: access, Inbox: store.NewInbox(db), Notices: store.NewNotices(db), People: store.NewPeople(db),
		Preferences: store.NewPreferences(db), Tx: db, Clock: clock, Wake: wake,
	}
}

const defaultDiscordURL = "https://discord.com"

// origins returns the origin of the pages of the tenant of a context, or nothing while its slug is not known.
func origins(cfg Config, db *pg.DB) func(context.Context) (string, error) {
	people := store.NewPeople(db)
	return func(ctx context.Context) (string, error) {
		slug := reqctx.From(ctx).TenantSlug
		if slug == "" {
			var err error
			if slug, err = people.Slug(ctx); err != nil || slug == "" {
				return "", err
			}
		}
		return strings.ReplaceAll(cfg.PublicOrigin, "{tenant}", slug), nil
	}
}

// webhookOptions are the addresses that a tenant's events are sent to.
func webhookOptions(cfg Config) fx.Option {
	wake := servicefx.NewWake()
	return fx.Options(
		fx.Provide(func(
			lc fx.Lifecycle, access authz.Checker, db *pg.DB, sealer *seal.Sealer, shared *portalgroups.Store, log *audit.Log, once idempotency.Requests, clock ports.Clock,
		) webhooks.Deps {
			client := egress.New(egress.Config{
				Ports: []uint16{443}, Exceptions: cfg.EgressExceptions, TLSOnly: true, MaxBody: 4 << 10, Truncate: true,
			})
			lc.Append(fx.StopHook(client.Close))
			return webhooks.Deps{
				Access: access, Endpoints: store.NewWebhookEndpoints(db, sealer), Deliveries: store.NewWebhookDeliveries(db),
				Target: webhooktarget.New(client, cmp.Or(cfg.DiscordURL, defaultDiscordURL), clock.Now), Groups: shared, Origin: origins(cfg, db), Audit: log, Tx: db, Once: once, Clock: clock, Wake: wake.Signal,
			}
		}, func(d webhooks.Deps) webhooks.Sender { return webhooks.Sender{Deps: d} }),
		servicefx.BatchConsumer("activity-webhooks", webhookdomain.TypeNames(), func(d webhooks.Deps) kit.BatchHandler {
			return inbox.Webhooks(webhooks.Fanout{Deps: d}.Record)
		}),
		servicefx.EveryOrWoken("sending of webhooks", time.Second, wake, webhooks.Sender.Send),
		servicefx.Every("retention of webhook deliveries", time.Hour, webhooks.Sender.Forget),
	)
}

// sourceOptions are the outside systems whose news come into the feed.
func sourceOptions(cfg Config) fx.Option {
	return fx.Options(
		fx.Provide(func(
			lc fx.Lifecycle, access authz.Checker, db *pg.DB, sealer *seal.Sealer, items ports.Items, shared *portalgroups.Store, log *audit.Log,
			once idempotency.Requests, clock ports.Clock,
		) connectors.Deps {
			client := egress.New(egress.Config{Exceptions: cfg.EgressExceptions, Redirects: 3, MaxBody: feedreader.MaxBody})
			lc.Append(fx.StopHook(client.Close))
			return connectors.Deps{
				Access: access, Sources: store.NewSources(db, sealer), Messages: store.NewSourceMessages(db), Feed: items, Reader: feedreader.New(client),
				Groups: shared, Origin: origins(cfg, db), Audit: log, Tx: db, Once: once, Clock: clock,
			}
		}, func(d connectors.Deps) connectors.Polling { return connectors.Polling{Deps: d} }),
		servicefx.Every("polling of sources", 5*time.Second, connectors.Polling.Poll),
		servicefx.Every("retention of nonces of sources", time.Minute, connectors.Polling.Forget),
	)
}

const (
	defaultSteamURL   = "https://api.steampowered.com"
	defaultSteamCalls = 60
)

// gameOptions are the accounts of games that members have linked.
func gameOptions(cfg Config) fx.Option {
	wake := servicefx.NewWake()
	return fx.Options(
		fx.Provide(func(
			lc fx.Lifecycle, access authz.Checker, db *pg.DB, sealer *seal.Sealer, items ports.Items, log *audit.Log, clock ports.Clock,
		) games.Deps {
			client := egress.New(egress.Config{Ports: []uint16{443}, Exceptions: cfg.EgressExceptions, TLSOnly: true, MaxBody: steam.MaxBody})
			lc.Append(fx.StopHook(client.Close))
			return games.Deps{
				Access: access, Links: store.NewAccountLinks(db, sealer), Budget: store.NewProviderBudget(db, cmp.Or(cfg.SteamCalls, defaultSteamCalls)),
				Accounts: steam.New(client, cmp.Or(cfg.SteamURL, defaultSteamURL), cfg.SteamAPIKey), Feed: items, Audit: log, Tx: db, Clock: clock, Wake: wake.Signal,
			}
		}, func(d games.Deps) (games.Linking, games.Syncing) {
			return games.Linking{Deps: d}, games.Syncing{Deps: d}
		}),
		servicefx.EveryOrWoken("reading of accounts of games", 5*time.Second, wake, games.Syncing.Sync),
	)
}

const defaultDiscordCalls = 120

// roleOptions are roles that follow one another here and at Discord.
func roleOptions(cfg Config) fx.Option {
	wake := servicefx.NewWake()
	return fx.Options(
		fx.Provide(func(
			lc fx.Lifecycle, checker authz.Checker, access *accessclient.Client, db *pg.DB, sealer *seal.Sealer, publisher *kit.Publisher, shared *portalgroups.Store,
			log *audit.Log, clock ports.Clock,
		) following.Deps {
			client := egress.New(egress.Config{Ports: []uint16{443}, Exceptions: cfg.EgressExceptions, TLSOnly: true, MaxBody: discordapi.MaxBody})
			lc.Append(fx.StopHook(client.Close))
			return following.Deps{
				Access: checker, Syncs: store.NewRoleSyncs(db, sealer), Members: store.NewRoleMembers(db, sealer),
				Discord: discordapi.New(client, cmp.Or(cfg.DiscordURL, defaultDiscordURL)), Budget: store.NewBotBudget(db, cmp.Or(cfg.DiscordCalls, defaultDiscordCalls)),
				Roles: access, Events: outbox.NewRoles(publisher), Groups: shared, Audit: log, Tx: db, Clock: clock, Wake: wake.Signal,
			}
		}, func(d following.Deps) following.Following { return following.Following{Deps: d} }),
		fx.Provide(func(l games.Linking, f following.Following) inbox.Linked { return inbox.Linked{Games: l, Discord: f} }),
		servicefx.Consumer("activity-account-links", inbox.AccountTypes(), func(l inbox.Linked) kit.Handler { return inbox.Accounts(l) }),
		servicefx.EveryOrWoken("synchronisation of roles", 5*time.Second, wake, following.Following.Follow),
	)
}

// Migrate brings the database up to date, for deployments that do so before serving.
func Migrate(ctx context.Context, cfg Config) error {
	return pg.Migrate(ctx, cfg.Database.MigrateURL, store.Migrations())
}

// SeedDemo puts items into the feed of the demo tenant. The database must be migrated.
func SeedDemo(ctx context.Context, cfg Config) error {
	db, err := servicefx.OpenDemo(ctx, cfg.ServiceConfig.ServiceConfig)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	sealer, err := seal.Parse(cfg.SealKeys)
	if err != nil {
		return err
	}
	if err := seedNews(ctx, db); err != nil {
		return err
	}
	err = demo{
		tx: db, items: store.NewItems(db), sources: store.NewSources(db, sealer), endpoints: store.NewWebhookEndpoints(db, sealer),
		deliveries: store.NewWebhookDeliveries(db), inbox: store.NewInbox(db), games: store.NewGames(db), now: servicefx.SystemClock{}.Now(),
	}.seed(ctx)
	if err != nil {
		return err
	}
	return seedGames(ctx, cfg, db)
}

const newsImageCleanup = "news image cleanup"

// newsOptions are the posts of members and what belongs to them.
func newsOptions() fx.Option {
	return fx.Options(
		fx.Provide(newNewsDeps, app.NewNews, func(p *kit.Publisher, a *live.Announcer) ports.Events { return a.Events(outbox.New(p)) }),
		servicefx.Every("scheduled news", 5*time.Second, (*app.News).PublishDue),
		servicefx.Every(newsImageCleanup, time.Hour, func(n *app.News, ctx context.Context) error {
			return n.SweepImages(pg.AcrossTenants(ctx, newsImageCleanup))
		}),
	)
}

func newNewsDeps(
	access authz.Checker, db *pg.DB, items ports.Items, profiles ports.Profiles, events ports.Events, log *audit.Log, once idempotency.Requests, clock ports.Clock,
	blobs blob.Store, logger *slog.Logger,
) (app.NewsDeps, error) {
	limits, err := quota.New(clock)
	return app.NewsDeps{
		Access: access, News: store.NewNews(db), Reactions: store.NewReactions(db), Comments: store.NewComments(db), Images: store.NewNewsImages(db),
		Reports: store.NewReports(db), Items: items, Profiles: profiles, Groups: portalgroups.NewStore(db), Blobs: blobs, Pictures: imaging.New(),
		Types: filetype.New(), Markdown: markdown.New(), Quota: limits, Events: events, Audit: log, Tx: db, Once: once, Clock: clock, Log: logger,
	}, err
}

// demoNewsDeps are those of the demo data: nothing is asked, and nothing is put into a blob store.
func demoNewsDeps(db *pg.DB, clock ports.Clock) (app.NewsDeps, error) {
	return newNewsDeps(authz.AllowAll{}, db, store.NewItems(db), noProfiles{}, outbox.New(kit.NewPublisher(db, name).By(clock.Now)), audit.New(db),
		idempotency.NewStore(db), clock, nil, slog.Default())
}

// demoGamesDeps are those of the demo data: nothing is read.
func demoGamesDeps(cfg Config, db *pg.DB) (games.Deps, error) {
	sealer, err := seal.Parse(cfg.SealKeys)
	return games.Deps{
		Access: authz.AllowAll{}, Links: store.NewAccountLinks(db, sealer), Feed: store.NewItems(db), Audit: audit.New(db), Tx: db,
		Clock: servicefx.SystemClock{}, Wake: func() {},
	}, err
}
