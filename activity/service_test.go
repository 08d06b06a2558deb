package activity_test

import (
	"context"
	"maps"
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"go.updspace.com/activity"
	store "go.updspace.com/activity/adapters/pg"
	"go.updspace.com/activity/domain"
	"go.updspace.com/activity/ports"
	webhooks "go.updspace.com/activity/webhooks/domain"
	"go.updspace.com/api/activityapi"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/fx/blobfx"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/personaldata"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/seal"
	"go.updspace.com/tools/devkit/standins"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/tools/devkit/testkit/service"
)

func TestMain(m *testing.M) { testkit.Main(m) }

type client = *activityapi.ClientWithResponses

func start(t testing.TB, edits ...func(*activity.Config)) *service.Service[client] {
	return startWith(t, fx.Options(), edits...)
}

// startWith is start with more in the graph of the service.
func startWith(t testing.TB, more fx.Option, edits ...func(*activity.Config)) *service.Service[client] {
	return service.Start(t, service.Options[client]{
		Name: "activity", Spec: activityapi.GetSpec, Migrations: store.Migrations(),
		Client: func(url string, h *http.Client) (client, error) {
			return activityapi.NewClientWithResponses(url, activityapi.WithHTTPClient(h))
		},
		Module: func(cfg servicefx.ServiceConfig, clock *testkit.Clock) fx.Option {
			full := inDir(cfg, t.TempDir())
			for _, edit := range edits {
				edit(&full)
			}
			return fx.Options(activity.Module(full), fx.Replace(fx.Annotate(clock, fx.As(new(ports.Clock)))), more)
		},
	})
}

func config() activity.Config { return configure(service.Config()) }

// sealKeys seal what tests store.
var sealKeys = seal.NewKey("test")

// configure is the configuration of the service in tests.
func configure(cfg servicefx.ServiceConfig) activity.Config {
	return activity.Config{ServiceConfig: blobfx.ServiceConfig{ServiceConfig: cfg, Blobs: blobfx.Config{Dir: "blobs"}}, SealKeys: sealKeys, PublicOrigin: "https://{tenant}.updspace.com"}
}

// inDir is configure with a folder for files of the test's own.
func inDir(cfg servicefx.ServiceConfig, dir string) activity.Config {
	full := configure(cfg)
	full.Blobs.Dir = dir
	return full
}

// allPermissions are those that the operations declare, and those of the sources that the feed is made of.
var allPermissions = []authz.Permission{
	domain.PermissionFeedRead, domain.PermissionNewsCreate, domain.PermissionNewsManage, webhooks.PermissionManage, domain.PermissionSourcesManage,
	domain.PermissionSourcesLink, domain.PermissionAdminGames, "voting.poll.read", "events.event.read", "portal.posts.read",
	"gamification.achievements.read",
}

func TestTheGraphIsComplete(t *testing.T) {
	service.Module(t, config, activity.Module, map[string]func(*activity.Config){
		"DATABASE_URL":       func(c *activity.Config) { c.Database.URL = "" },
		"BLOB_DIR":           func(c *activity.Config) { c.Blobs.Dir = "" },
		"ACCESS_URL":         func(c *activity.Config) { c.Access.URL = "" },
		"ACTIVITY_SEAL_KEYS": func(c *activity.Config) { c.SealKeys = "" },
	})
}

// operations are the tries of the operations, one map for each section of the spec.
func operations(s *service.Service[client]) map[string]service.Operation[client] {
	table := feedOperations(s)
	maps.Copy(table, newsOperations(s))
	maps.Copy(table, notificationOperations(s))
	maps.Copy(table, webhookOperations(s))
	maps.Copy(table, sourceOperations(s))
	maps.Copy(table, gameOperations(s))
	maps.Copy(table, catalogueOperations(s))
	maps.Copy(table, liveOperations(s))
	maps.Copy(table, roleOperations(s))
	return table
}

func TestOperationsCheckWhatTheyDeclare(t *testing.T) {
	more, edit := withGuild(t, standins.NewDiscordGuild(), newHeldRoles())
	s := startWith(t, more, edit)
	table := operations(s)
	table["exportPersonalData"] = service.Operation[client]{Try: func(t testing.TB, c client, a authz.Actor) (service.Answer, error) {
		return c.ExportPersonalDataWithResponse(t.Context(), a.User, &activityapi.ExportPersonalDataParams{})
	}}
	table["erasePersonalData"] = service.Operation[client]{Try: func(t testing.TB, c client, a authz.Actor) (service.Answer, error) {
		return c.ErasePersonalDataWithResponse(t.Context(), a.User, &activityapi.ErasePersonalDataParams{})
	}}
	s.Operations(t, activityapi.Operations, allPermissions, table)
}

func TestNoTableIsWithoutItsTenant(t *testing.T) {
	s := start(t)
	fillFeed(t, s)
	fillNews(t, s)
	fillNotifications(t, s.DB, s.Tenant)
	fillWebhooks(t, s)
	fillSources(t, s)
	fillGames(t, s)
	catalogueGame(t, s, s.Actor(domain.PermissionAdminGames), "n")
	fillRoles(t, s)
	service.Isolation(t, s.DB, s.Tenant)
}

// notPersonal are columns that hold no personal data, with the reason.
var notPersonal = map[string]string{
	"items.type": "a word of the code", "items.scope_id": "a community or a team",
	"notifications.kind": "a word of the code", "notifications.permission": "a word of the code", "notifications.access_id": "a community or a team",
	"notifications.scope_id": "a community or a team", "notification_causes.notification_id": "names a notification", "notices.kind": "a word of the code",
	"notices.permission": "a word of the code", "notices.access_id": "a community or a team", "notices.scope_id": "a community or a team",
	"notices.event_id": "names an event", "notices.occurrence_id": "names a date", "notification_members.scope_id": "a community or a team",
	"notification_members.community_id": "a community", "notification_attendees.event_id": "names an event", "notification_attendees.occurrence_id": "names a date",
	"notification_choices.kind": "a word of the code",
	"news_posts.scope_id":       "a community or a team", "news_images.content_type": "found in the content", "news_images.thumb_type": "made by the service",
	"news_images.digest": "a hash of a picture", "news_reaction_counts.emoji": "an emoji and how many gave it", "news_word_filters.words": "words of the tenant",
	"groups.scope_id": "a community or a team", "groups.community_id": "a community",
	"notification_tenants.slug": "names the tenant", "push_keys.private_key": "random and sealed", "push_keys.seal_key": "names a key",
	"push_subscriptions.endpoint_hash": "a hash", "push_subscriptions.seal_key": "names a key",
	"webhook_endpoints.url_seal_key": "names a key", "webhook_endpoints.scope_id": "a community or a team",
	"webhook_endpoints.types": "names of types of events", "webhook_endpoints.disabled_reason": "a word of the code",
	"sources.key": "random", "sources.public_key": "of an application", "sources.secrets": "random and sealed", "sources.secrets_seal_key": "names a key", "sources.config_seal_key": "names a key",
	"sources.scope_id": "a community or a team", "sources.types": "names of types of messages", "sources.last_error": "a word of the code",
	"sources.etag": "of a feed", "sources.last_modified": "of a feed", "source_nonces.nonce": "a hash", "source_hashes.hash": "a hash",
	"role_syncs.guild": "a server of Discord", "role_syncs.token": "sealed", "role_syncs.seal_key": "names a key",
	"role_mappings.discord_role": "a role of a server", "role_mappings.discord_name": "a role of a server", "role_mappings.role_service": "a word of the code",
	"role_mappings.role_name": "a role of the tenant", "role_mappings.scope_id": "a community or a team", "discord_accounts.seal_key": "names a key",
	"discord_accounts.account_id": "random", "role_members.account_id": "random", "role_members.lease": "random", "role_holdings.holding_id": "random",
	"role_holdings.account_id": "random",
	"account_links.provider":   "a word of the code", "account_links.seal_key": "names a key",
	"account_links.last_error": "a word of the code", "account_links.lease": "random", "account_hashes.hash": "a hash", "provider_budgets.provider": "a word of the code",
	"webhook_endpoints.secrets": "random and sealed", "webhook_endpoints.seal_key": "names a key", "webhook_endpoints.lease": "random",
	"games.name": "words of the tenant", "games.tags": "words of the tenant",
	"webhook_deliveries.type": "a name of a type of events", "webhook_deliveries.event_id": "a domain event",
	"webhook_deliveries.last_reason": "a word of the code", "webhook_attempts.reason": "a word of the code",
}

func TestNoPersonalDataIsForgotten(t *testing.T) {
	s := start(t)
	service.PersonalData(t, s.DB, personaldata.New("activity", s.DB, audit.New(s.DB), s.Clock.Now, store.PersonalData(s.DB)...).Sections(), notPersonal)
}

func TestDemoDataIsCreatedOnce(t *testing.T) {
	cfg := config()
	cfg.Mode, cfg.Database = servicefx.Development, testkit.Postgres(t, store.Migrations())
	for range 2 {
		require.NoError(t, activity.SeedDemo(context.Background(), cfg))
	}
	db := testkit.OpenDB(t, cfg.Database)
	ctx := reqctx.With(t.Context(), reqctx.Context{TenantID: uuid.MustParse("00000000-0000-0000-0000-000000000001")})
	var posts, comments, sources, deliveries, told int
	require.NoError(t, db.Read(ctx, func(ctx context.Context) error {
		return db.Conn(ctx).NewRaw(`SELECT (SELECT count(*) FROM news_posts), (SELECT count(*) FROM news_comments), (SELECT count(*) FROM sources),
			(SELECT count(*) FROM webhook_deliveries), (SELECT count(*) FROM notifications)`).Scan(ctx, &posts, &comments, &sources, &deliveries, &told)
	}))
	require.Equal(t, []int{2, 1, 1, 3, 4}, []int{posts, comments, sources, deliveries, told})
}
