package activity_test

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"go.updspace.com/activity"
	connectors "go.updspace.com/activity/connectors/app"
	"go.updspace.com/activity/domain"
	"go.updspace.com/api/activityapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/signature"
	"go.updspace.com/tools/devkit/testkit/service"
)

// sourceFixture is the service with an admin of its sources.
type sourceFixture struct {
	*service.Service[client]

	deps  connectors.Deps
	admin authz.Actor
}

func startSources(t testing.TB, reachable ...netip.AddrPort) *sourceFixture {
	t.Helper()
	f := &sourceFixture{}
	f.Service = startWith(t, fx.Populate(&f.deps), func(c *activity.Config) { c.EgressExceptions = reachable })
	f.admin = f.Actor(domain.PermissionSourcesManage, domain.PermissionFeedRead)
	return f
}

func (f *sourceFixture) add(t testing.TB, draft activityapi.SourceCreate) activityapi.SourceSecret {
	t.Helper()
	r, err := f.As(f.admin).CreateSourceWithResponse(t.Context(), draft)
	return *service.OK(t, r, err).JSON201
}

// send sends a message as the other system does: for the tenant of the host and for no user.
func (f *sourceFixture) send(t testing.TB, path, secret, id string, at time.Time, body string) (*activityapi.ReceiveHookResponse, error) {
	t.Helper()
	key, err := signature.ParseSecret(secret)
	require.NoError(t, err)
	sign := signature.Sign([]signature.Secret{key}, id, at, []byte(body))
	return f.sendRaw(t, path, &activityapi.ReceiveHookParams{WebhookID: &id, WebhookTimestamp: new(signature.Timestamp(at)), WebhookSignature: &sign}, body)
}

func (f *sourceFixture) sendRaw(t testing.TB, path string, params *activityapi.ReceiveHookParams, body string) (*activityapi.ReceiveHookResponse, error) {
	t.Helper()
	bff := f.With("bff", reqctx.Context{TenantID: f.Tenant, TenantSlug: "aef"})
	key := uuid.MustParse(path[strings.LastIndexByte(path, '/')+1:])
	return bff.ReceiveHookWithBodyWithResponse(t.Context(), key, params, "application/json", strings.NewReader(body))
}

// items are the titles in the feed, newest first.
func (f *sourceFixture) items(t testing.TB) (titles []string) {
	t.Helper()
	r, err := f.As(f.admin).ListFeedItemsWithResponse(t.Context(), &activityapi.ListFeedItemsParams{Types: new("game.event,feed.entry")})
	for _, item := range service.OK(t, r, err).JSON200.Items {
		titles = append(titles, item.Title)
	}
	return titles
}

func (f *sourceFixture) find(t testing.TB, id int64) activityapi.Source {
	t.Helper()
	r, err := f.As(f.admin).GetAdminSourceWithResponse(t.Context(), id)
	return *service.OK(t, r, err).JSON200
}

func sourceOperations(s *service.Service[client]) map[string]service.Operation[client] {
	maker := s.Actor(domain.PermissionSourcesManage)
	made := func(t testing.TB) int64 {
		r, err := s.As(maker).CreateSourceWithResponse(t.Context(), activityapi.SourceCreate{Kind: activityapi.SourceKindWebhook, Name: "n"})
		return service.OK(t, r, err).JSON201.Source.ID
	}
	table := map[string]service.Operation[client]{
		"listSources": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ListSourcesWithResponse(t.Context())
		}},
		"listConnectors": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ListConnectorsWithResponse(t.Context())
		}},
		"listAdminSources": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ListAdminSourcesWithResponse(t.Context())
		}},
		"getAdminSource": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.GetAdminSourceWithResponse(t.Context(), made(t))
		}},
		"createSource": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.CreateSourceWithResponse(t.Context(), activityapi.SourceCreate{Kind: activityapi.SourceKindWebhook, Name: "n"})
		}},
		"updateSource": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.UpdateSourceWithResponse(t.Context(), made(t), activityapi.SourceUpdate{Name: new("changed")})
		}},
		"deleteSource": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.DeleteSourceWithResponse(t.Context(), made(t))
		}},
		"rotateSourceSecret": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.RotateSourceSecretWithResponse(t.Context(), made(t))
		}},
		"receiveDiscordInteraction": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			_, key, err := ed25519.GenerateKey(nil)
			require.NoError(t, err)
			f := &sourceFixture{Service: s, admin: maker}
			source := f.add(t, activityapi.SourceCreate{Kind: activityapi.SourceKindDiscord, Name: "n", PublicKey: new(publicKey(key))})
			path := strings.TrimSuffix(source.Source.Path.MustGet(), "/discord")
			stamp := signature.Timestamp(s.Clock.Now())
			return c.ReceiveDiscordInteractionWithBodyWithResponse(t.Context(), uuid.MustParse(path[strings.LastIndexByte(path, '/')+1:]),
				&activityapi.ReceiveDiscordInteractionParams{
					XSignatureEd25519: new(hex.EncodeToString(ed25519.Sign(key, []byte(stamp+`{"type":1}`)))), XSignatureTimestamp: &stamp,
				}, "application/json", strings.NewReader(`{"type":1}`))
		}},
		"receiveHook": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			f := &sourceFixture{Service: s, admin: maker}
			source := f.add(t, activityapi.SourceCreate{Kind: activityapi.SourceKindWebhook, Name: "n"})
			body := `{"type":"message"}`
			id, key := uuid.NewString(), source.Secret.MustGet()
			secret, err := signature.ParseSecret(key)
			require.NoError(t, err)
			path := source.Source.Path.MustGet()
			return c.ReceiveHookWithBodyWithResponse(t.Context(), uuid.MustParse(path[strings.LastIndexByte(path, '/')+1:]), &activityapi.ReceiveHookParams{
				WebhookID: &id, WebhookTimestamp: new(signature.Timestamp(s.Clock.Now())),
				WebhookSignature: new(signature.Sign([]signature.Secret{secret}, id, s.Clock.Now(), []byte(body))),
			}, "application/json", strings.NewReader(body))
		}},
	}
	for id, operation := range table {
		operation.Scope = authz.TenantScope(s.Tenant)
		table[id] = operation
	}
	return table
}

// fillSources stores a row in each table of sources.
func fillSources(t testing.TB, s *service.Service[client]) {
	t.Helper()
	f := &sourceFixture{Service: s, admin: s.Actor(domain.PermissionSourcesManage)}
	made := f.add(t, activityapi.SourceCreate{Kind: activityapi.SourceKindMinecraft, Name: "n"})
	r, err := f.send(t, made.Source.Path.MustGet(), made.Secret.MustGet(), "m", s.Clock.Now(), `{"type":"player.joined"}`)
	service.OK(t, r, err)
}

func TestAMessageOfASourceIsInTheFeedOnce(t *testing.T) {
	t.Parallel()
	f := startSources(t)
	made := f.add(t, activityapi.SourceCreate{Kind: activityapi.SourceKindMinecraft, Name: "Survival"})
	path, secret, now := made.Source.Path.MustGet(), made.Secret.MustGet(), f.Clock.Now()
	body := `{"type":"player.joined","event_id":"42","title":"Notch\u202e joined\n","url":"javascript:alert(1)","unknown":{"a":[1]}}`
	first, err := f.send(t, path, secret, "m1", now, body)
	require.Equal(t, activityapi.HookAccepted{Ok: true, RawCreated: 1, ActivityCreated: 1}, *service.OK(t, first, err).JSON200)
	replay, err := f.send(t, path, secret, "m1", now, body)
	service.Refused(t, http.StatusConflict, "HOOK_REPLAYED", replay, err)
	attempt, err := f.send(t, path, secret, "m1", now.Add(time.Second), body)
	require.Equal(t, activityapi.HookAccepted{Ok: true, RawDeduped: 1}, *service.OK(t, attempt, err).JSON200)
	again, err := f.send(t, path, secret, "m2", now, body)
	require.Equal(t, activityapi.HookAccepted{Ok: true, RawDeduped: 1}, *service.OK(t, again, err).JSON200, "the same event in another message")
	require.Equal(t, []string{"Notch joined"}, f.items(t))
	source := f.find(t, made.Source.ID)
	require.Equal(t, now, source.LastAt.MustGet())
	require.True(t, source.LastError.IsNull())

	list, err := f.As(f.Actor(domain.PermissionFeedRead)).ListSourcesWithResponse(t.Context())
	require.Equal(t, []activityapi.SourceSummary{{
		ID: made.Source.ID, TenantID: f.Tenant, Type: activityapi.SourceKindMinecraft, Name: "Survival", CreatedAt: made.Source.CreatedAt,
	}}, service.OK(t, list, err).JSON200.Items)
	stranger, err := f.As(f.Outsider(domain.PermissionSourcesManage)).GetAdminSourceWithResponse(t.Context(), made.Source.ID)
	service.Refused(t, http.StatusNotFound, "SOURCE_NOT_FOUND", stranger, err)
}

func TestMessagesThatAreNotRightAreRefused(t *testing.T) {
	t.Parallel()
	f := startSources(t)
	made := f.add(t, activityapi.SourceCreate{Kind: activityapi.SourceKindWebhook, Name: "CI", Types: &[]string{"build.failed"}})
	path, secret, now := made.Source.Path.MustGet(), made.Secret.MustGet(), f.Clock.Now()
	good := `{"type":"build.failed","title":"Build 7"}`

	unknown, err := f.send(t, "/"+uuid.NewString(), secret, "m", now, good)
	service.Refused(t, http.StatusUnauthorized, "HOOK_REFUSED", unknown, err)
	for name, params := range map[string]*activityapi.ReceiveHookParams{
		"no headers": {},
		"no base64":  {WebhookID: new("m"), WebhookTimestamp: new(signature.Timestamp(now)), WebhookSignature: new("v1,?")},
		"no number":  {WebhookID: new("m"), WebhookTimestamp: new("soon"), WebhookSignature: new("v1,AAAA")},
	} {
		r, err := f.sendRaw(t, path, params, good)
		service.Refused(t, http.StatusUnauthorized, "HOOK_REFUSED", r, err)
		require.True(t, f.find(t, made.Source.ID).LastError.IsNull(), "%s: strangers leave no trace", name)
	}
	wrong, err := f.send(t, path, signature.NewSecret().Text(), "m", now, good)
	service.Refused(t, http.StatusUnauthorized, "HOOK_REFUSED", wrong, err)
	for _, at := range []time.Time{now.Add(-301 * time.Second), now.Add(301 * time.Second)} {
		stale, err := f.send(t, path, secret, "m", at, good)
		service.Refused(t, http.StatusUnauthorized, "HOOK_STALE", stale, err)
	}
	for i, body := range []string{`[]`, `"x"`, `1`, `true`, `{"type":1}`, `{"occurred_at":"yesterday"}`, `{"type":{}}`} {
		r, err := f.send(t, path, secret, "bad"+strconv.Itoa(i), now, body)
		service.Refused(t, http.StatusBadRequest, "HOOK_BODY", r, err)
		require.Equal(t, "HOOK_BODY", f.find(t, made.Source.ID).LastError.MustGet())
	}
	for _, body := range []string{``, `null`, `{`, `{"a":1}{"b":2}`, "\xff"} {
		r, err := f.send(t, path, secret, uuid.NewString(), now, body)
		require.NoError(t, err)
		require.Less(t, r.StatusCode(), http.StatusInternalServerError, body)
		require.GreaterOrEqual(t, r.StatusCode(), http.StatusBadRequest, body)
	}
	other, err := f.send(t, path, secret, "other", now, `{"type":"build.passed"}`)
	service.Refused(t, http.StatusBadRequest, "HOOK_TYPE", other, err)
	long, err := f.send(t, path, secret, "long", now, `{"type":"build.failed","text":"`+strings.Repeat("a", 32<<10)+`"}`)
	service.Refused(t, http.StatusRequestEntityTooLarge, "PAYLOAD_TOO_LARGE", long, err)
	require.Empty(t, f.items(t))

	ok, err := f.send(t, path, secret, "good", now, good)
	require.Equal(t, 1, service.OK(t, ok, err).JSON200.ActivityCreated)
	off, err := f.As(f.admin).UpdateSourceWithResponse(t.Context(), made.Source.ID, activityapi.SourceUpdate{Active: new(false)})
	service.OK(t, off, err)
	paused, err := f.send(t, path, secret, "paused", now, good)
	service.Refused(t, http.StatusConflict, "SOURCE_PAUSED", paused, err)
	require.Equal(t, []string{"Build 7"}, f.items(t))
}

func TestASourceSendsSoManyMessages(t *testing.T) {
	t.Parallel()
	f := startSources(t)
	made := f.add(t, activityapi.SourceCreate{Kind: activityapi.SourceKindWebhook, Name: "n"})
	path, secret := made.Source.Path.MustGet(), made.Secret.MustGet()
	for i := range 60 {
		r, err := f.send(t, path, secret, strconv.Itoa(i), f.Clock.Now(), `{"type":"message"}`)
		service.OK(t, r, err)
	}
	r, err := f.send(t, path, secret, "more", f.Clock.Now(), `{"type":"message"}`)
	service.Refused(t, http.StatusTooManyRequests, "HOOK_RATE", r, err)
	f.Clock.Advance(time.Minute)
	r, err = f.send(t, path, secret, "more", f.Clock.Now(), `{"type":"message"}`)
	service.OK(t, r, err)
}

func TestASecretOfASourceRotatesAndIsNeverShownAgain(t *testing.T) {
	t.Parallel()
	f := startSources(t)
	c, ctx := f.As(f.admin), service.Request(f.admin)
	draft := activityapi.SourceCreate{Kind: activityapi.SourceKindWebhook, Name: "n"}
	created, err := c.CreateSourceWithResponse(ctx, draft)
	made := service.OK(t, created, err).JSON201
	repeated, err := c.CreateSourceWithResponse(ctx, draft)
	require.Equal(t, made, service.OK(t, repeated, err).JSON201)
	path, old := made.Source.Path.MustGet(), made.Secret.MustGet()
	rotate, err := c.RotateSourceSecretWithResponse(t.Context(), made.Source.ID)
	fresh := service.OK(t, rotate, err).JSON200.Secret.MustGet()
	require.NotEqual(t, old, fresh)
	try := func(secret string) int {
		r, err := f.send(t, path, secret, uuid.NewString(), f.Clock.Now(), `{"type":"message"}`)
		require.NoError(t, err)
		return r.StatusCode()
	}
	require.Equal(t, []int{http.StatusOK, http.StatusOK}, []int{try(old), try(fresh)})
	f.Clock.Advance(24 * time.Hour)
	require.Equal(t, []int{http.StatusUnauthorized, http.StatusOK}, []int{try(old), try(fresh)})

	list, err := c.ListAdminSourcesWithResponse(t.Context())
	service.OK(t, list, err)
	secrets := []string{strings.TrimPrefix(old, "whsec_"), strings.TrimPrefix(fresh, "whsec_"), made.SecretHex.MustGet()}
	texts := map[string][]string{"list": {string(list.Body)}}
	in := reqctx.With(t.Context(), reqctx.Context{TenantID: f.Tenant})
	for _, table := range []string{"sources", "source_nonces", "source_hashes", "audit_entries", "outbox", "items"} {
		var rows []string
		require.NoError(t, f.DB.Read(in, func(ctx context.Context) error {
			return f.DB.Conn(ctx).NewRaw("SELECT r::text FROM "+table+" AS r").Scan(ctx, &rows)
		}), table)
		texts[table] = rows
	}
	for where, rows := range texts {
		for _, row := range rows {
			for _, secret := range secrets {
				require.NotContains(t, row, secret, where)
			}
		}
	}
}

func TestSourcesAreChecked(t *testing.T) {
	t.Parallel()
	f := startSources(t)
	c := f.As(f.admin)
	community := activityapi.SourceScopeCOMMUNITY
	for _, x := range []struct {
		draft activityapi.SourceCreate
		wrong []string
	}{
		{activityapi.SourceCreate{Kind: activityapi.SourceKindWebhook, Name: "\u200b"}, []string{"name"}},
		{activityapi.SourceCreate{Kind: activityapi.SourceKindWebhook, Name: "n", URL: new("https://example.com/")}, []string{"url"}},
		{activityapi.SourceCreate{Kind: activityapi.SourceKindWebhook, Name: "n", Types: &[]string{}}, []string{"types"}},
		{activityapi.SourceCreate{Kind: activityapi.SourceKindWebhook, Name: "n", Types: &[]string{"A b"}}, []string{"types"}},
		{activityapi.SourceCreate{Kind: activityapi.SourceKindRss, Name: "n"}, []string{"url"}},
		{activityapi.SourceCreate{Kind: activityapi.SourceKindRss, Name: "n", URL: new("http://169.254.169.254/")}, []string{"url"}},
		{activityapi.SourceCreate{Kind: activityapi.SourceKindRss, Name: "n", URL: new("https://example.com/"), Types: &[]string{"a"}}, []string{"types"}},
		{activityapi.SourceCreate{Kind: activityapi.SourceKindWebhook, Name: "n", ScopeType: &community}, []string{"scope_id"}},
		{activityapi.SourceCreate{Kind: activityapi.SourceKindWebhook, Name: "n", ScopeType: &community, ScopeID: new(uuid.New())}, []string{"scope_id"}},
		{activityapi.SourceCreate{Kind: activityapi.SourceKindWebhook, Name: "n", Visibility: new(activityapi.SourceVisibilityTeam)}, []string{"visibility"}},
	} {
		r, err := c.CreateSourceWithResponse(t.Context(), x.draft)
		service.Invalid(t, r, err, x.wrong...)
	}
	feed := f.add(t, activityapi.SourceCreate{Kind: activityapi.SourceKindRss, Name: "n", URL: new("https://blog.example.com/feed?token=hidden-token")})
	require.True(t, feed.Secret.IsNull())
	require.Equal(t, "blog.example.com", feed.Source.Host.MustGet())
	none, err := c.RotateSourceSecretWithResponse(t.Context(), feed.Source.ID)
	service.Refused(t, http.StatusConflict, "SOURCE_HAS_NO_SECRET", none, err)
	list, err := c.ListAdminSourcesWithResponse(t.Context())
	service.OK(t, list, err)
	require.NotContains(t, string(list.Body), "hidden-token")
	gone, err := c.DeleteSourceWithResponse(t.Context(), feed.Source.ID)
	service.OK(t, gone, err)
	missing, err := c.GetAdminSourceWithResponse(t.Context(), feed.Source.ID)
	service.Refused(t, http.StatusNotFound, "SOURCE_NOT_FOUND", missing, err)
}

// rss is a feed of some entries.
func rss(now time.Time, entries ...string) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0"?><rss version="2.0"><channel><title>Blog</title>`)
	for i, title := range entries {
		fmt.Fprintf(&b, `<item><guid>%s</guid><title>%s</title><link>/posts/%d</link><description>&lt;p&gt;A &lt;b&gt;text&lt;/b&gt;&lt;/p&gt;</description><pubDate>%s</pubDate></item>`,
			title, title, i, now.Add(-time.Duration(i)*time.Minute).Format(time.RFC1123Z))
	}
	b.WriteString(`</channel></rss>`)
	return b.String()
}

func TestAFeedIsReadOnASchedule(t *testing.T) {
	t.Parallel()
	blog := newReceiver(t)
	f := startSources(t, blog.address())
	now := f.Clock.Now()
	body := rss(now, "Second", "First")
	blog.answers(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"v1"`)
		if r.Header.Get("If-None-Match") == `"v1"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		_, _ = io.WriteString(w, body)
	})
	made := f.add(t, activityapi.SourceCreate{Kind: activityapi.SourceKindRss, Name: "Blog", URL: new(blog.URL + "/feed")})
	id := made.Source.ID
	polled := func(want func(activityapi.Source) bool) {
		t.Helper()
		require.Eventually(t, func() bool { return want(f.find(t, id)) }, 20*time.Second, 20*time.Millisecond)
	}
	next := func(at time.Time) func(activityapi.Source) bool {
		return func(s activityapi.Source) bool { return s.NextAt.MustGet().Equal(at) }
	}
	polled(next(now.Add(30 * time.Minute)))
	require.Equal(t, []string{"Second", "First"}, f.items(t))
	item := f.items0(t)
	require.Equal(t, map[string]any{"source": "rss", "source_id": float64(id), "source_name": "Blog", "text": "A text", "url": blog.URL + "/posts/0"}, item)

	f.Clock.Advance(30 * time.Minute)
	polled(next(now.Add(time.Hour)))
	require.Len(t, f.items(t), 2, "not modified")

	blog.answers(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, rss(now, "Third", "Third", "Second"))
	})
	f.Clock.Advance(30 * time.Minute)
	polled(next(now.Add(90 * time.Minute)))
	require.ElementsMatch(t, []string{"Third", "Second", "First"}, f.items(t), "what is known does not come again")

	for problem, answer := range map[string]http.HandlerFunc{
		"status_503":       status(http.StatusServiceUnavailable),
		"not_a_feed":       func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>") },
		"answer_too_large": func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, strings.Repeat("a", 1<<20+1)) },
		"address_refused": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://169.254.169.254/", http.StatusFound)
		},
	} {
		blog.answers(answer)
		f.Clock.Advance(24 * time.Hour)
		polled(func(s activityapi.Source) bool { return !s.LastError.IsNull() && s.LastError.MustGet() == problem })
	}
	require.Equal(t, 4, f.find(t, id).Failures)
	require.Len(t, f.items(t), 3)
}

// items0 is the payload of the newest item.
func (f *sourceFixture) items0(t testing.TB) (payload map[string]any) {
	t.Helper()
	r, err := f.As(f.admin).ListFeedItemsWithResponse(t.Context(), &activityapi.ListFeedItemsParams{Types: new("feed.entry")})
	text, err := json.Marshal(service.OK(t, r, err).JSON200.Items[0].PayloadJSON)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &payload))
	return payload
}
