package activity_test

import (
	"context"
	"encoding/base64"
	"log/slog"
	"maps"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"
	"go.uber.org/fx"

	"go.updspace.com/activity"
	store "go.updspace.com/activity/adapters/pg"
	connectors "go.updspace.com/activity/connectors/app"
	"go.updspace.com/activity/domain"
	games "go.updspace.com/activity/games/app"
	told "go.updspace.com/activity/notifications/app"
	tolddomain "go.updspace.com/activity/notifications/domain"
	"go.updspace.com/activity/ports"
	following "go.updspace.com/activity/roles/app"
	webhooksapp "go.updspace.com/activity/webhooks/app"
	webhooks "go.updspace.com/activity/webhooks/domain"
	"go.updspace.com/api/activityapi"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/signature"
	"go.updspace.com/tools/devkit/standins"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/tools/devkit/testkit/service"
)

// The parts of addresses that nothing may show.
const (
	receiverToken = "token-in-the-address-of-a-receiver"
	feedToken     = "token-in-the-address-of-a-feed"
	pushToken     = "token-in-the-address-of-a-browser"
)

// secretsFixture is the service with all connectors, each with secrets that are known.
type secretsFixture struct {
	*roleFixture

	remote   *remote
	hidden   hidden
	log      *lines
	answers  *lines
	hooks    webhooksapp.Deps
	games    games.Deps
	told     told.Deps
	telling  told.Telling
	endpoint []uuid.UUID
	feed     int64
	account  int64
}

func startSecrets(t testing.TB) *secretsFixture {
	t.Helper()
	f := &secretsFixture{
		roleFixture: &roleFixture{sourceFixture: &sourceFixture{}, access: newHeldRoles()},
		remote:      newRemote(t), hidden: hidden{}, log: &lines{}, answers: &lines{},
	}
	f.Service = service.Start(t, service.Options[client]{
		Name: "activity", Spec: activityapi.GetSpec, Migrations: store.Migrations(),
		Client: func(url string, h *http.Client) (client, error) {
			h.Transport = recorder{h.Transport, f.answers}
			return activityapi.NewClientWithResponses(url, activityapi.WithHTTPClient(h))
		},
		Module: func(cfg servicefx.ServiceConfig, clock *testkit.Clock) fx.Option {
			full := inDir(cfg, t.TempDir())
			full.Log, full.Telemetry.LogLevel = f.log, slog.LevelDebug
			full.DiscordURL, full.SteamURL, full.SteamAPIKey = f.remote.URL, f.remote.URL+"/steam/api", standins.SteamAPIKey
			full.EgressExceptions = []netip.AddrPort{netip.MustParseAddrPort(f.remote.Listener.Addr().String())}
			return fx.Options(activity.Module(full), fx.Replace(fx.Annotate(clock, fx.As(new(ports.Clock)))),
				fx.Decorate(func(d following.Deps) following.Deps { d.Roles = f.access; return d }),
				fx.Populate(&f.roles, &f.sourceFixture.deps, &f.hooks, &f.games, &f.told, &f.telling))
		},
	})
	f.admin = f.Actor(domain.PermissionSourcesManage, domain.PermissionSourcesLink, domain.PermissionFeedRead, webhooks.PermissionManage, domain.PermissionNewsManage)
	f.hidden.add("the key of Steam", standins.SteamAPIKey)
	f.hidden.add("the token of a channel", standins.DiscordWebhookToken)
	f.hidden.add("the token of a bot", standins.DiscordBotToken)
	f.hidden.add("the address of a receiver", receiverToken)
	f.hidden.add("the address of a feed", feedToken)
	f.hidden.add("the address of a browser", pushToken)
	f.hidden.add("the secret of the platform", testkit.Secret)
	_, sealKey, _ := strings.Cut(sealKeys, ":")
	raw, err := base64.StdEncoding.DecodeString(sealKey)
	require.NoError(t, err)
	f.hidden.addBytes("the key that seals", raw)
	return f
}

// configureAll makes one of each connector.
func (f *secretsFixture) configureAll(t testing.TB) {
	t.Helper()
	c := f.As(f.admin)
	for _, create := range []activityapi.WebhookCreate{
		{Name: "Bot", URL: f.remote.URL + "/receiver/" + receiverToken},
		{Name: "#news", URL: standins.DiscordWebhook(f.remote.URL), Format: new(activityapi.WebhookFormatDiscord)},
	} {
		create.Types = []string{"voting.poll.opened"}
		r, err := c.CreateWebhookWithResponse(t.Context(), create)
		made := service.OK(t, r, err).JSON201
		f.endpoint = append(f.endpoint, made.Webhook.ID)
		if made.Secret.IsNull() {
			continue
		}
		f.hidden.addSigning(t, "the secret of a webhook", made.Secret.MustGet())
		rotated, err := c.RotateWebhookSecretWithResponse(t.Context(), made.Webhook.ID)
		f.hidden.addSigning(t, "the secret of a webhook", service.OK(t, rotated, err).JSON200.Secret.MustGet())
	}
	for kind, message := range map[activityapi.SourceKind]string{activityapi.SourceKindWebhook: "message", activityapi.SourceKindMinecraft: "player.joined"} {
		made := f.add(t, activityapi.SourceCreate{Kind: kind, Name: string(kind)})
		f.hidden.addSigning(t, "the secret of a source", made.Secret.MustGet())
		rotated, err := c.RotateSourceSecretWithResponse(t.Context(), made.Source.ID)
		secret := service.OK(t, rotated, err).JSON200.Secret.MustGet()
		f.hidden.addSigning(t, "the secret of a source", secret)
		sent, err := f.send(t, made.Source.Path.MustGet(), secret, "1", f.Clock.Now(), `{"type":"`+message+`","title":"Notch joined"}`)
		service.OK(t, sent, err)
		sent, err = f.send(t, made.Source.Path.MustGet(), secret, "2", f.Clock.Now(), `["`+secret+`"]`)
		service.Refused(t, http.StatusBadRequest, "HOOK_BODY", sent, err)
		wrong, err := f.sendRaw(t, made.Source.Path.MustGet(), &activityapi.ReceiveHookParams{WebhookID: new("3"), WebhookTimestamp: new(signature.Timestamp(f.Clock.Now())), WebhookSignature: &secret}, "{}")
		service.Refused(t, http.StatusUnauthorized, "HOOK_REFUSED", wrong, err)
	}
	f.source = f.add(t, discordSource(t)).Source.ID
	f.put(t, activityapi.RoleSyncModeDryRun)
	f.pair(t, standins.DiscordScouts, 7, activityapi.RoleDirectionBoth)
	f.put(t, activityapi.RoleSyncModeActive)
	f.link(t, f.admin.User, standins.DiscordAccounts[0].ID)
	f.feed = f.add(t, activityapi.SourceCreate{Kind: activityapi.SourceKindRss, Name: "Blog", URL: new(f.remote.URL + "/feed/" + feedToken + "/atom.xml?key=" + feedToken)}).Source.ID

	ctx := reqctx.With(t.Context(), reqctx.Context{TenantID: f.Tenant})
	require.NoError(t, f.games.Tx.Do(ctx, func(ctx context.Context) error {
		return games.Linking{Deps: f.games}.Linked(ctx, f.admin.User, "steam", steamID, f.Clock.Now())
	}))
	f.hidden.add("the account at Steam", steamID)
	links, err := c.ListAccountLinksWithResponse(t.Context())
	f.account = service.OK(t, links, err).JSON200.Items[0].ID
	on, err := c.UpdateAccountLinkWithResponse(t.Context(), f.account, activityapi.AccountLinkUpdate{Enabled: new(true)})
	service.OK(t, on, err)

	subscription := browser()
	subscription.Endpoint = f.remote.URL + "/push/" + pushToken
	auth, err := base64.RawURLEncoding.DecodeString(subscription.Auth)
	require.NoError(t, err)
	f.hidden.addBytes("the secret of a browser", auth)
	added, err := c.SubscribeToPushWithResponse(t.Context(), subscription)
	service.OK(t, added, err)
	listed, err := c.GetPushWithResponse(t.Context())
	service.OK(t, listed, err)
	key, err := f.told.Browsers.PrivateKey(ctx)
	require.NoError(t, err)
	f.hidden.addBytes("the private key of Web Push", key)
}

// useAll makes the service call every system, and returns when it has.
func (f *secretsFixture) useAll(t testing.TB, fault string) {
	t.Helper()
	f.remote.fails(fault)
	f.Clock.Advance(25 * time.Hour) // beyond every pause after a failure
	c := f.As(f.admin)
	for _, id := range f.endpoint {
		for _, active := range []bool{false, true} { // what has failed for days begins anew
			r, err := c.UpdateWebhookWithResponse(t.Context(), id, activityapi.WebhookUpdate{Active: &active})
			service.OK(t, r, err)
		}
	}
	ctx := reqctx.With(t.Context(), reqctx.Context{TenantID: f.Tenant, TenantSlug: "aef"})
	require.NoError(t, f.hooks.Tx.Do(ctx, func(ctx context.Context) error {
		return webhooksapp.Fanout{Deps: f.hooks}.Record(ctx, []webhooksapp.Received{{At: f.Clock.Now(), Told: webhooks.Told{
			ID: uuid.New(), Type: "voting.poll.opened", Data: map[string]any{"poll_id": uuid.NewString(), "title": "Map", "visibility": "public"},
		}}})
	}))
	require.NoError(t, f.told.Tx.Do(ctx, func(ctx context.Context) error {
		return f.told.Browsers.Queue(ctx, f.admin.User, map[string]tolddomain.Message{"en": {Title: "T", Tag: "t"}}, f.Clock.Now(), f.Clock.Now().Add(time.Hour))
	}))
	require.NoError(t, f.telling.SendMessages(t.Context()))
	f.look(t)
	require.NoError(t, connectors.Polling{Deps: f.sourceFixture.deps}.Poll(t.Context()))
	require.NoError(t, games.Syncing{Deps: f.games}.Sync(t.Context()))
	roles, err := c.ListDiscordRolesWithResponse(t.Context(), f.source)
	require.NoError(t, err)
	require.Equal(t, fault == "", roles.StatusCode() == http.StatusOK, "%s", roles.Body)
	systems := []string{"channel", "feed", "guild", "push", "receiver", "steam"}
	var asked []string
	require.Eventually(t, func() bool {
		asked = f.remote.systems(fault)
		return slices.Equal(asked, systems) && f.settledAll(t)
	}, 20*time.Second, 20*time.Millisecond, "%s: %v", fault, &asked)
}

// settledAll reports whether what is read on a schedule was read.
func (f *secretsFixture) settledAll(t testing.TB) bool {
	t.Helper()
	c, now := f.As(f.admin), f.Clock.Now()
	state, err := c.GetSyncStatusWithResponse(t.Context(), f.account)
	status := service.OK(t, state, err).JSON200
	return !status.IsSyncing && status.NextSyncAt.MustGet().After(now) && f.find(t, f.feed).NextAt.MustGet().After(now)
}

// readAll calls the operations that show something of the connectors.
func (f *secretsFixture) readAll(t testing.TB) {
	t.Helper()
	c := f.As(f.admin)
	for _, read := range []func() (service.Answer, error){
		func() (service.Answer, error) { return c.ListWebhooksWithResponse(t.Context()) },
		func() (service.Answer, error) { return c.ListAdminSourcesWithResponse(t.Context()) },
		func() (service.Answer, error) { return c.ListSourcesWithResponse(t.Context()) },
		func() (service.Answer, error) { return c.ListConnectorsWithResponse(t.Context()) },
		func() (service.Answer, error) { return c.GetRoleSyncWithResponse(t.Context(), f.source) },
		func() (service.Answer, error) { return c.ListRoleSyncPeopleWithResponse(t.Context(), f.source) },
		func() (service.Answer, error) { return c.GetAccountLinkWithResponse(t.Context(), f.account) },
		func() (service.Answer, error) { return c.GetPushWithResponse(t.Context()) },
		func() (service.Answer, error) {
			return c.ListAuditWithResponse(t.Context(), &activityapi.ListAuditParams{})
		},
		func() (service.Answer, error) {
			return c.ListFeedItemsWithResponse(t.Context(), &activityapi.ListFeedItemsParams{Types: new("game.event,feed.entry," + gameTypes)})
		},
		func() (service.Answer, error) {
			return f.With("bff", reqctx.Context{TenantID: f.Tenant, TenantSlug: "aef"}).ExportPersonalDataWithResponse(t.Context(), f.admin.User, &activityapi.ExportPersonalDataParams{})
		},
	} {
		r, err := read()
		service.OK(t, r, err)
	}
	for _, id := range f.endpoint {
		one, err := c.GetWebhookWithResponse(t.Context(), id)
		service.OK(t, one, err)
		list, err := c.ListWebhookDeliveriesWithResponse(t.Context(), id, &activityapi.ListWebhookDeliveriesParams{})
		for _, d := range service.OK(t, list, err).JSON200.Items {
			detail, err := c.GetWebhookDeliveryWithResponse(t.Context(), id, d.ID)
			service.OK(t, detail, err)
		}
	}
}

// refuseAll states wrong things that hold secrets.
func (f *secretsFixture) refuseAll(t testing.TB) {
	t.Helper()
	c := f.As(f.admin)
	inside := "http://10.0.0.1/" + receiverToken + feedToken + pushToken
	hook, err := c.CreateWebhookWithResponse(t.Context(), activityapi.WebhookCreate{Name: "n", URL: inside, Types: []string{"voting.poll.opened"}})
	service.Invalid(t, hook, err, "url")
	channel, err := c.UpdateWebhookWithResponse(t.Context(), f.endpoint[1], activityapi.WebhookUpdate{URL: new("https://evil.example/api/webhooks/1/" + standins.DiscordWebhookToken)})
	service.Invalid(t, channel, err, "url")
	source, err := c.CreateSourceWithResponse(t.Context(), activityapi.SourceCreate{Kind: activityapi.SourceKindRss, Name: "n", URL: &inside})
	service.Invalid(t, source, err, "url")
	bot, err := c.PutRoleSyncWithResponse(t.Context(), f.source, activityapi.RoleSyncPut{GuildID: "0", BotToken: new(standins.DiscordBotToken + "\n"), Mode: activityapi.RoleSyncModeDryRun})
	service.Invalid(t, bot, err, "bot_token", "guild_id")
	subscription := browser()
	subscription.Endpoint = inside
	push, err := c.SubscribeToPushWithResponse(t.Context(), subscription)
	service.Invalid(t, push, err, "endpoint")
}

func TestSecretsOfConnectorsAreShownNowhere(t *testing.T) {
	t.Parallel()
	f := startSecrets(t)
	f.configureAll(t)
	f.refuseAll(t)
	for fault := range faults {
		f.useAll(t, fault)
	}
	f.useAll(t, "")
	f.readAll(t)

	places := map[string]string{"the log": f.log.String(), "an answer": f.answers.String()}
	require.Contains(t, places["the log"], `"level":"DEBUG"`)
	require.Contains(t, places["an answer"], "HOOK_BODY")
	maps.Copy(places, f.tables(t))
	require.Contains(t, places["the table outbox"], "activity.")
	for place, text := range places {
		for what, forms := range f.hidden {
			for _, form := range forms {
				at := strings.Index(text, form)
				if at >= 0 {
					require.Failf(t, "a secret is shown", "%s is in %s: %s", what, place, text[max(0, at-300):min(len(text), at+len(form)+100)])
				}
			}
		}
	}
}

// tables are the rows of every table, as text.
func (f *secretsFixture) tables(t testing.TB) map[string]string {
	t.Helper()
	texts := map[string]string{}
	require.NoError(t, f.DB.Read(pg.AcrossTenants(t.Context(), "test"), func(ctx context.Context) error {
		var tables []string
		if err := f.DB.Conn(ctx).NewRaw("SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace").Scan(ctx, &tables); err != nil {
			return err
		}
		for _, table := range tables {
			var rows []string
			if err := f.DB.Conn(ctx).NewRaw("SELECT r::text FROM ? AS r", bun.Ident(table)).Scan(ctx, &rows); err != nil {
				return err
			}
			texts["the table "+table] = strings.Join(rows, "\n")
		}
		return nil
	}))
	return texts
}
