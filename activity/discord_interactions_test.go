package activity_test

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/activity/domain"
	"go.updspace.com/api/activityapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/signature"
	"go.updspace.com/tools/devkit/testkit/service"
)

// discordApp is an application of Discord, with the key by which it signs.
type discordApp struct {
	*sourceFixture

	key    ed25519.PrivateKey
	source activityapi.Source
}

func publicKey(key ed25519.PrivateKey) string {
	return hex.EncodeToString(key.Public().(ed25519.PublicKey))
}

func startDiscordApp(t testing.TB, edit func(*activityapi.SourceCreate)) *discordApp {
	t.Helper()
	_, key, err := ed25519.GenerateKey(nil)
	require.NoError(t, err)
	f := &discordApp{sourceFixture: startSources(t), key: key}
	create := activityapi.SourceCreate{Kind: activityapi.SourceKindDiscord, Name: "Server", PublicKey: new(publicKey(key))}
	edit(&create)
	made := f.add(t, create)
	require.True(t, made.Secret.IsNull())
	f.source = made.Source
	return f
}

// give sends an interaction as the gateway passes it on.
func (f *discordApp) give(t testing.TB, key ed25519.PrivateKey, at time.Time, body string) (*activityapi.ReceiveDiscordInteractionResponse, error) {
	t.Helper()
	stamp := signature.Timestamp(at)
	return f.giveRaw(t, hex.EncodeToString(ed25519.Sign(key, []byte(stamp+body))), stamp, body)
}

func (f *discordApp) giveRaw(t testing.TB, sign, stamp, body string) (*activityapi.ReceiveDiscordInteractionResponse, error) {
	t.Helper()
	path := strings.TrimSuffix(f.source.Path.MustGet(), "/discord")
	bff := f.With("bff", reqctx.Context{TenantID: f.Tenant, TenantSlug: "aef"})
	return bff.ReceiveDiscordInteractionWithBodyWithResponse(t.Context(), uuid.MustParse(path[strings.LastIndexByte(path, '/')+1:]),
		&activityapi.ReceiveDiscordInteractionParams{XSignatureEd25519: &sign, XSignatureTimestamp: &stamp}, "application/json", strings.NewReader(body))
}

type discordAnswer struct {
	Type int
	Data struct {
		Content string
		Flags   int
		Embeds  []sentEmbed
	}
}

func (f *discordApp) answer(t testing.TB, body string) (answer discordAnswer) {
	t.Helper()
	r, err := f.give(t, f.key, f.Clock.Now(), body)
	require.NoError(t, json.Unmarshal(service.OK(t, r, err).Body, &answer))
	return answer
}

func (f *discordApp) put(t testing.TB, items ...domain.ItemData) {
	t.Helper()
	ctx := reqctx.With(t.Context(), reqctx.Context{TenantID: f.Tenant})
	require.NoError(t, f.deps.Tx.Do(ctx, func(ctx context.Context) error {
		for _, d := range items {
			d.TenantID, d.SourceRef = f.Tenant, "test:"+uuid.NewString()
			if d.Scope.ID == uuid.Nil {
				d.Scope = authz.TenantScope(f.Tenant)
			}
			item, err := domain.NewItem(d)
			if err != nil {
				return err
			}
			if err := f.deps.Feed.Apply(ctx, domain.Put(item)); err != nil {
				return err
			}
		}
		return nil
	}))
}

func titlesOf(embeds []sentEmbed) (titles []string) {
	for _, e := range embeds {
		titles = append(titles, e.Title)
	}
	return titles
}

func TestCommandsOfDiscordShowWhatIsPublic(t *testing.T) {
	t.Parallel()
	f := startDiscordApp(t, func(*activityapi.SourceCreate) {})
	require.Equal(t, discordAnswer{Type: 1}, f.answer(t, `{"type":1}`))
	empty := f.answer(t, `{"type":2,"locale":"ru","data":{"name":"news"}}`)
	require.Equal(t, []any{4, 64, "Новостей пока нет."}, []any{empty.Type, empty.Data.Flags, empty.Data.Content})

	now := f.Clock.Now()
	starts := func(at time.Time) map[string]any { return map[string]any{"starts_at": at.UTC()} }
	f.put(t,
		domain.ItemData{Type: domain.NewsPosted, Title: "Old *news*", OccurredAt: now.Add(-time.Hour), Visibility: authz.VisibilityPublic, Link: "/news/1"},
		domain.ItemData{Type: domain.PostCreated, Title: "New", OccurredAt: now.Add(-time.Minute), Visibility: authz.VisibilityPublic},
		domain.ItemData{Type: domain.NewsPosted, Title: "For members", OccurredAt: now, Visibility: authz.VisibilityCommunity},
		domain.ItemData{Type: domain.NewsPosted, Title: "Private", OccurredAt: now, Visibility: authz.VisibilityPrivate, Actor: f.admin.User},
		domain.ItemData{Type: domain.NewsPosted, Title: "Of a group", OccurredAt: now, Visibility: authz.VisibilityCommunity, Scope: authz.CommunityScope(uuid.New())},
		domain.ItemData{Type: domain.EventCreated, Title: "Later", OccurredAt: now, Visibility: authz.VisibilityPublic, Payload: starts(now.Add(48 * time.Hour))},
		domain.ItemData{Type: domain.EventCreated, Title: "Next", OccurredAt: now, Visibility: authz.VisibilityPublic, Payload: starts(now.Add(time.Hour))},
		domain.ItemData{Type: domain.EventCreated, Title: "Over", OccurredAt: now, Visibility: authz.VisibilityPublic, Payload: starts(now.Add(-time.Hour))},
		domain.ItemData{Type: domain.EventCreated, Title: "Weekly", OccurredAt: now.AddDate(0, 0, -60), Visibility: authz.VisibilityPublic, Payload: map[string]any{
			"starts_at": now.AddDate(0, 0, -55).UTC(), "time_zone": "UTC",
			"recurrence": map[string]any{"start": now.AddDate(0, 0, -55).UTC().Format("20060102T150405"), "rule": "FREQ=WEEKLY", "rdates": []string{}, "exdates": []string{}},
		}},
	)
	news := f.answer(t, `{"type":2,"locale":"en-US","data":{"name":"news"}}`)
	require.Equal(t, []string{"New", `Old \*news\*`}, titlesOf(news.Data.Embeds))
	require.Equal(t, "https://aef.updspace.com/news/1", news.Data.Embeds[1].URL)
	events := f.answer(t, `{"type":2,"locale":"ru","data":{"name":"events"}}`)
	require.Equal(t, []string{"Next", "Weekly", "Later"}, titlesOf(events.Data.Embeds), "the ninth date of the series is tomorrow")
	require.Contains(t, f.answer(t, `{"type":2,"data":{"name":"x"}}`).Data.Content, "/events")
}

func TestCommandsAreLimitedToTheScope(t *testing.T) {
	t.Parallel()
	here := authz.CommunityScope(uuid.New())
	f := startDiscordApp(t, func(*activityapi.SourceCreate) {})
	f.put(t, domain.ItemData{Type: domain.NewsPosted, Title: "Here", OccurredAt: f.Clock.Now(), Visibility: authz.VisibilityPublic, Scope: here})
	f.put(t, domain.ItemData{Type: domain.NewsPosted, Title: "Elsewhere", OccurredAt: f.Clock.Now(), Visibility: authz.VisibilityPublic, Scope: authz.CommunityScope(uuid.New())})
	require.Len(t, f.answer(t, `{"type":2,"data":{"name":"news"}}`).Data.Embeds, 2)
	ctx := reqctx.With(t.Context(), reqctx.Context{TenantID: f.Tenant})
	require.NoError(t, f.deps.Tx.Do(ctx, func(ctx context.Context) error {
		return f.deps.Groups.Put(ctx, groups.Group{Scope: here, Community: here.ID, State: groups.Active})
	}))
	narrow, err := f.As(f.admin).UpdateSourceWithResponse(t.Context(), f.source.ID, activityapi.SourceUpdate{
		ScopeType: new(activityapi.SourceScopeCOMMUNITY), ScopeID: &here.ID,
	})
	service.OK(t, narrow, err)
	require.Equal(t, []string{"Here"}, titlesOf(f.answer(t, `{"type":2,"locale":"en","data":{"name":"news"}}`).Data.Embeds))
	for _, change := range []activityapi.SourceCreate{
		{Kind: activityapi.SourceKindDiscord, Name: "n"}, {Kind: activityapi.SourceKindDiscord, Name: "n", PublicKey: new("xyz")},
		{Kind: activityapi.SourceKindDiscord, Name: "n", PublicKey: new(strings.ToUpper(publicKey(f.key)))}, {Kind: activityapi.SourceKindRss, Name: "n", URL: new("https://x.example.com/"), PublicKey: new(publicKey(f.key))},
	} {
		r, err := f.As(f.admin).CreateSourceWithResponse(t.Context(), change)
		service.Invalid(t, r, err, "public_key")
	}
	private, err := f.As(f.admin).UpdateSourceWithResponse(t.Context(), f.source.ID, activityapi.SourceUpdate{Visibility: new(activityapi.SourceVisibilityCommunity)})
	service.Invalid(t, private, err, "visibility")
}

func TestInteractionsThatAreNotDiscordsAreRefused(t *testing.T) {
	t.Parallel()
	f := startDiscordApp(t, func(*activityapi.SourceCreate) {})
	_, other, err := ed25519.GenerateKey(nil)
	require.NoError(t, err)
	now := f.Clock.Now()
	body := `{"type":1}`
	wrong, err := f.give(t, other, now, body)
	service.Refused(t, http.StatusUnauthorized, "HOOK_REFUSED", wrong, err)
	for _, at := range []time.Time{now.Add(-5*time.Minute - time.Second), now.Add(5*time.Minute + time.Second)} {
		stale, err := f.give(t, f.key, at, body)
		service.Refused(t, http.StatusUnauthorized, "HOOK_STALE", stale, err)
	}
	stamp := signature.Timestamp(now)
	sign := hex.EncodeToString(ed25519.Sign(f.key, []byte(stamp+body)))
	for _, forged := range [][3]string{
		{sign, stamp, `{"type":1} `}, {sign, signature.Timestamp(now.Add(time.Second)), body}, {"", stamp, body}, {sign[:126], stamp, body}, {"zz" + sign[2:], stamp, body}, {sign, "", body},
	} {
		r, err := f.giveRaw(t, forged[0], forged[1], forged[2])
		service.Refused(t, http.StatusUnauthorized, "HOOK_REFUSED", r, err)
	}
	first, err := f.giveRaw(t, sign, stamp, body)
	service.OK(t, first, err)
	replay, err := f.giveRaw(t, sign, stamp, body)
	service.Refused(t, http.StatusConflict, "HOOK_REPLAYED", replay, err)
	for _, odd := range []string{`{"type":3}`, `{"type":2}`, `[]`, `{"type":1}{}`, `"x"`} {
		r, err := f.give(t, f.key, now, odd)
		service.Refused(t, http.StatusBadRequest, "HOOK_BODY", r, err)
	}
	long, err := f.give(t, f.key, now, `{"type":1,"x":"`+strings.Repeat("x", 33<<10)+`"}`)
	service.Refused(t, http.StatusRequestEntityTooLarge, "PAYLOAD_TOO_LARGE", long, err)

	// the address of a source of another kind takes no interactions, and the other way round
	hook := f.add(t, activityapi.SourceCreate{Kind: activityapi.SourceKindWebhook, Name: "n"})
	elsewhere := *f
	elsewhere.source.Path = hook.Source.Path
	r, err := elsewhere.give(t, f.key, now, body)
	service.Refused(t, http.StatusUnauthorized, "HOOK_REFUSED", r, err)
	message, err := f.send(t, strings.TrimSuffix(f.source.Path.MustGet(), "/discord"), hook.Secret.MustGet(), "m", now, `{"type":"message"}`)
	service.Refused(t, http.StatusUnauthorized, "HOOK_REFUSED", message, err)

	off, err := f.As(f.admin).UpdateSourceWithResponse(t.Context(), f.source.ID, activityapi.SourceUpdate{Active: new(false)})
	service.OK(t, off, err)
	paused, err := f.give(t, f.key, now.Add(time.Second), body)
	service.Refused(t, http.StatusConflict, "SOURCE_PAUSED", paused, err)
	require.Equal(t, "SOURCE_PAUSED", f.find(t, f.source.ID).LastError.MustGet())
}

func TestTooManyCommandsAreRefused(t *testing.T) {
	t.Parallel()
	f := startDiscordApp(t, func(*activityapi.SourceCreate) {})
	for i := range 60 {
		r, err := f.give(t, f.key, f.Clock.Now().Add(time.Duration(i)*time.Second), `{"type":1}`)
		service.OK(t, r, err)
	}
	r, err := f.give(t, f.key, f.Clock.Now().Add(time.Minute), `{"type":1}`)
	service.Refused(t, http.StatusTooManyRequests, "HOOK_RATE", r, err)
}
