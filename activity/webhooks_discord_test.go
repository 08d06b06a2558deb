package activity_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"go.updspace.com/activity"
	webhooksapp "go.updspace.com/activity/webhooks/app"
	webhooks "go.updspace.com/activity/webhooks/domain"
	"go.updspace.com/api/activityapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit/service"
)

const discordToken = "token_of_the_channel_that_is_a_secret_of_discord"

// startDiscord is the service with a receiver in the place of Discord.
func startDiscord(t testing.TB) *webhookFixture {
	t.Helper()
	f := &webhookFixture{to: newReceiver(t)}
	f.Service = startWith(t, fx.Populate(&f.deps), func(c *activity.Config) {
		c.EgressExceptions, c.DiscordURL, c.PublicOrigin = []netip.AddrPort{f.to.address()}, f.to.URL, "https://{tenant}.updspace.com"
	})
	f.admin = f.Actor(webhooks.PermissionManage)
	return f
}

func (f *webhookFixture) discord(t testing.TB, edit func(*activityapi.WebhookCreate)) activityapi.WebhookSecret {
	t.Helper()
	create := activityapi.WebhookCreate{
		Name: "#news", URL: f.to.URL + "/api/webhooks/123456789012345678/" + discordToken, Format: new(activityapi.WebhookFormatDiscord),
		Types: []string{"voting.poll.opened", "activity.news.published", "events.event.created", "gamification.grant.created"},
	}
	edit(&create)
	r, err := f.As(f.admin).CreateWebhookWithResponse(t.Context(), create)
	return *service.OK(t, r, err).JSON201
}

// told is a domain event with its data, which everybody in the tenant may see.
func (f *webhookFixture) told(t testing.TB, kind string, data map[string]any) {
	t.Helper()
	data["visibility"] = "public"
	ctx := reqctx.With(t.Context(), reqctx.Context{TenantID: f.Tenant, TenantSlug: "aef"})
	require.NoError(t, f.deps.Tx.Do(ctx, func(ctx context.Context) error {
		return webhooksapp.Fanout{Deps: f.deps}.Record(ctx, []webhooksapp.Received{{At: f.Clock.Now(), Told: webhooks.Told{ID: uuid.New(), Type: kind, Data: data}}})
	}))
}

type sentEmbed struct {
	Title, Description, URL string
	Author                  struct{ Name string }
}

func embedOf(t testing.TB, m message) sentEmbed {
	t.Helper()
	var sent struct {
		Embeds          []sentEmbed
		AllowedMentions struct{ Parse []string } `json:"allowed_mentions"`
	}
	require.NoError(t, json.Unmarshal([]byte(m.body), &sent))
	require.Len(t, sent.Embeds, 1)
	require.Equal(t, []string{}, sent.AllowedMentions.Parse)
	return sent.Embeds[0]
}

func TestDiscordGetsEmbedsInItsLanguage(t *testing.T) {
	t.Parallel()
	f := startDiscord(t)
	made := f.discord(t, func(c *activityapi.WebhookCreate) { c.Language = new(activityapi.WebhookLanguageRu) })
	require.True(t, made.Secret.IsNull())
	poll := uuid.NewString()
	f.told(t, "voting.poll.opened", map[string]any{"poll_id": poll, "title": "Map [x](https://evil.example) @everyone", "ends_at": "2026-03-01T12:00:00Z"})
	f.settled(t, made.Webhook.ID, attempted(1))
	f.told(t, "gamification.grant.created", map[string]any{"scope_type": "TENANT", "names": []any{
		map[string]any{"language": "en", "text": "Winner"}, map[string]any{"language": "ru", "text": "Победитель"},
	}})
	f.settled(t, made.Webhook.ID, func(d activityapi.WebhookDelivery) bool {
		return d.Type == "gamification.grant.created" && d.Attempts == 1
	})

	arrived := f.to.messages()
	require.Len(t, arrived, 2)
	require.Empty(t, arrived[0].header.Get("webhook-signature"))
	first := embedOf(t, arrived[0])
	require.Equal(t, sentEmbed{
		Title: `Map \[x\]\(https://evil.example\) \@everyone`, Description: "<t:1772366400:F>", URL: "https://aef.updspace.com/polls/" + poll,
		Author: struct{ Name string }{"Голосование открыто"},
	}, first)
	require.Equal(t, "Победитель", embedOf(t, arrived[1]).Title)

	r, err := f.As(f.admin).TestWebhookWithResponse(t.Context(), made.Webhook.ID)
	service.OK(t, r, err)
	f.settled(t, made.Webhook.ID, func(d activityapi.WebhookDelivery) bool { return d.Type == webhooks.Test && d.Attempts == 1 })
	require.Equal(t, "Проверка связи", embedOf(t, f.to.messages()[2]).Title)
}

func TestDiscordGetsWhatHappensInTheScope(t *testing.T) {
	t.Parallel()
	f := startDiscord(t)
	community, team := authz.CommunityScope(uuid.New()), authz.TeamScope(uuid.New())
	ctx := reqctx.With(t.Context(), reqctx.Context{TenantID: f.Tenant})
	require.NoError(t, f.deps.Tx.Do(ctx, func(ctx context.Context) error {
		for _, scope := range []authz.Scope{community, team} {
			if err := f.deps.Groups.Put(ctx, groups.Group{Scope: scope, Community: community.ID, State: groups.Active}); err != nil {
				return err
			}
		}
		return nil
	}))
	made := f.discord(t, func(c *activityapi.WebhookCreate) {
		c.ScopeType, c.ScopeID = new(activityapi.WebhookScopeCOMMUNITY), &community.ID
	})
	require.Equal(t, community.ID, made.Webhook.ScopeID)
	for title, scope := range map[string]authz.Scope{
		"here": community, "in its team": team, "elsewhere": authz.CommunityScope(uuid.New()), "unknown team": authz.TeamScope(uuid.New()), "tenant": authz.TenantScope(f.Tenant),
	} {
		f.told(t, "activity.news.published", map[string]any{"news_id": uuid.NewString(), "title": title, "scope_type": string(scope.Type), "scope_id": scope.ID.String()})
	}
	require.Eventually(t, func() bool { return len(f.to.messages()) == 2 }, 20*time.Second, 20*time.Millisecond)
	require.Len(t, f.log(t, made.Webhook.ID), 2)
	titles := []string{embedOf(t, f.to.messages()[0]).Title, embedOf(t, f.to.messages()[1]).Title}
	require.ElementsMatch(t, []string{"here", "in its team"}, titles)

	c := f.As(f.admin)
	unknown, err := c.UpdateWebhookWithResponse(t.Context(), made.Webhook.ID, activityapi.WebhookUpdate{ScopeType: new(activityapi.WebhookScopeTEAM), ScopeID: new(uuid.New())})
	service.Invalid(t, unknown, err, "scope_id")
	whole, err := c.UpdateWebhookWithResponse(t.Context(), made.Webhook.ID, activityapi.WebhookUpdate{ScopeType: new(activityapi.WebhookScopeTENANT)})
	require.Equal(t, f.Tenant, service.OK(t, whole, err).JSON200.ScopeID)
}

func TestDiscordIsObeyed(t *testing.T) {
	t.Parallel()
	f := startDiscord(t)
	made := f.discord(t, func(*activityapi.WebhookCreate) {})
	f.to.answers(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "90.5")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	f.told(t, "voting.poll.opened", map[string]any{"title": "one"})
	delivery := f.settled(t, made.Webhook.ID, attempted(1))
	require.Equal(t, http.StatusTooManyRequests, delivery.LastStatus.MustGet())
	require.Equal(t, f.Clock.Now().Add(90*time.Second+500*time.Millisecond), delivery.NextAt.MustGet())

	f.to.answers(status(http.StatusNotFound)) // the webhook was deleted at Discord
	f.Clock.Advance(91 * time.Second)
	require.Eventually(t, func() bool {
		r, err := f.As(f.admin).GetWebhookWithResponse(t.Context(), made.Webhook.ID)
		return service.OK(t, r, err).JSON200.State == activityapi.WebhookStateDisabled
	}, 20*time.Second, 20*time.Millisecond)
}

func TestTheTokenOfDiscordIsShownNowhere(t *testing.T) {
	t.Parallel()
	f := startDiscord(t)
	made := f.discord(t, func(*activityapi.WebhookCreate) {})
	f.to.answers(status(http.StatusInternalServerError))
	f.told(t, "voting.poll.opened", map[string]any{"title": "one"})
	delivery := f.settled(t, made.Webhook.ID, attempted(1))
	c := f.As(f.admin)
	list, err := c.ListWebhooksWithResponse(t.Context())
	service.OK(t, list, err)
	detail, err := c.GetWebhookDeliveryWithResponse(t.Context(), made.Webhook.ID, delivery.ID)
	service.OK(t, detail, err)
	rotate, err := c.RotateWebhookSecretWithResponse(t.Context(), made.Webhook.ID)
	service.Refused(t, http.StatusConflict, "WEBHOOK_HAS_NO_SECRET", rotate, err)
	for _, text := range []string{string(list.Body), string(detail.Body), string(rotate.Body), made.Webhook.URL} {
		require.NotContains(t, text, discordToken)
	}
	ctx := reqctx.With(t.Context(), reqctx.Context{TenantID: f.Tenant})
	for _, table := range []string{"webhook_endpoints", "webhook_deliveries", "webhook_attempts", "audit_entries", "outbox", "idempotency"} {
		var rows []string
		require.NoError(t, f.DB.Read(ctx, func(ctx context.Context) error {
			return f.DB.Conn(ctx).NewRaw("SELECT r::text FROM "+table+" AS r").Scan(ctx, &rows)
		}), table)
		require.NotContains(t, strings.Join(rows, "\n"), discordToken, table)
	}
}

func TestOnlyDiscordGetsWhatIsForDiscord(t *testing.T) {
	t.Parallel()
	f := startDiscord(t)
	for _, url := range []string{
		"https://discord.com.evil.example/api/webhooks/123456789012345678/" + discordToken, "https://evil.example/api/webhooks/123456789012345678/" + discordToken,
		f.to.URL + "/api/webhooks/1/x", f.to.URL + "/api/webhooks/123456789012345678/" + discordToken + "/../../../x", f.to.URL + ".evil.example/api/webhooks/123456789012345678/" + discordToken, "",
	} {
		r, err := f.As(f.admin).CreateWebhookWithResponse(t.Context(), activityapi.WebhookCreate{
			Name: "n", URL: url, Types: []string{"voting.poll.opened"}, Format: new(activityapi.WebhookFormatDiscord),
		})
		service.Invalid(t, r, err, "url")
	}
}
