package activity_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"go.updspace.com/activity"
	webhooksapp "go.updspace.com/activity/webhooks/app"
	webhooks "go.updspace.com/activity/webhooks/domain"
	"go.updspace.com/api/activityapi"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit/service"
)

// receiver is a server that webhooks are sent to.
type receiver struct {
	*httptest.Server

	lock    sync.Mutex
	answer  http.HandlerFunc
	arrived []message
}

type message struct {
	header http.Header
	body   string
}

func newReceiver(t testing.TB) *receiver {
	t.Helper()
	r := &receiver{answer: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		body, _ := io.ReadAll(request.Body)
		r.lock.Lock()
		r.arrived = append(r.arrived, message{request.Header, string(body)})
		answer := r.answer
		r.lock.Unlock()
		answer(w, request)
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) address() netip.AddrPort {
	return netip.MustParseAddrPort(r.Listener.Addr().String())
}

func (r *receiver) answers(answer http.HandlerFunc) {
	r.lock.Lock()
	defer r.lock.Unlock()
	r.answer = answer
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

func (r *receiver) messages() []message {
	r.lock.Lock()
	defer r.lock.Unlock()
	return append([]message(nil), r.arrived...)
}

// webhookFixture is the service with a receiver, and what its jobs are made of.
type webhookFixture struct {
	*service.Service[client]

	to    *receiver
	deps  webhooksapp.Deps
	admin authz.Actor
}

func startWebhooks(t testing.TB) *webhookFixture {
	t.Helper()
	f := &webhookFixture{to: newReceiver(t)}
	f.Service = startWith(t, fx.Populate(&f.deps), func(c *activity.Config) { c.EgressExceptions = []netip.AddrPort{f.to.address()} })
	f.admin = f.Actor(webhooks.PermissionManage)
	return f
}

func (f *webhookFixture) create(t testing.TB, types ...string) activityapi.WebhookSecret {
	t.Helper()
	r, err := f.As(f.admin).CreateWebhookWithResponse(t.Context(), activityapi.WebhookCreate{Name: "Bot", URL: f.to.URL + "/token-of-the-receiver", Types: types})
	return *service.OK(t, r, err).JSON201
}

// tell is a domain event that the consumer receives.
func (f *webhookFixture) tell(t testing.TB, kind, visibility string) uuid.UUID {
	t.Helper()
	id := uuid.New()
	f.tellAgain(t, id, kind, visibility)
	return id
}

func (f *webhookFixture) tellAgain(t testing.TB, id uuid.UUID, kind, visibility string) {
	t.Helper()
	ctx := reqctx.With(t.Context(), reqctx.Context{TenantID: f.Tenant})
	require.NoError(t, f.deps.Tx.Do(ctx, func(ctx context.Context) error {
		return webhooksapp.Fanout{Deps: f.deps}.Record(ctx, []webhooksapp.Received{{At: f.Clock.Now(), Told: webhooks.Told{
			ID: id, Type: kind,
			Data: map[string]any{"poll_id": "p", "title": "Map of the week", "visibility": visibility, "created_by": f.admin.User.String(), "actor_id": "hidden"},
		}}})
	}))
}

func (f *webhookFixture) log(t testing.TB, id uuid.UUID) []activityapi.WebhookDelivery {
	t.Helper()
	r, err := f.As(f.admin).ListWebhookDeliveriesWithResponse(t.Context(), id, &activityapi.ListWebhookDeliveriesParams{})
	return service.OK(t, r, err).JSON200.Items
}

// settled waits until the newest delivery of a webhook is as wanted.
func (f *webhookFixture) settled(t testing.TB, id uuid.UUID, want func(activityapi.WebhookDelivery) bool) activityapi.WebhookDelivery {
	t.Helper()
	var last activityapi.WebhookDelivery
	require.Eventually(t, func() bool {
		log := f.log(t, id)
		if len(log) == 0 {
			return false
		}
		last = log[0]
		return want(last)
	}, 20*time.Second, 20*time.Millisecond)
	return last
}

func attempted(n int) func(activityapi.WebhookDelivery) bool {
	return func(d activityapi.WebhookDelivery) bool { return d.Attempts == n }
}

func webhookOperations(s *service.Service[client]) map[string]service.Operation[client] {
	maker := s.Actor(webhooks.PermissionManage)
	made := func(t testing.TB) uuid.UUID {
		r, err := s.As(maker).CreateWebhookWithResponse(t.Context(), activityapi.WebhookCreate{Name: "n", URL: "https://bot.example.com/", Types: []string{"voting.poll.opened"}})
		return service.OK(t, r, err).JSON201.Webhook.ID
	}
	sent := func(t testing.TB) (endpoint, delivery uuid.UUID) {
		endpoint = made(t)
		r, err := s.As(maker).TestWebhookWithResponse(t.Context(), endpoint)
		return endpoint, service.OK(t, r, err).JSON202.ID
	}
	table := map[string]service.Operation[client]{
		"listWebhooks": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ListWebhooksWithResponse(t.Context())
		}},
		"listWebhookEventTypes": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ListWebhookEventTypesWithResponse(t.Context())
		}},
		"createWebhook": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.CreateWebhookWithResponse(t.Context(), activityapi.WebhookCreate{Name: "n", URL: "https://bot.example.com/", Types: []string{"voting.poll.opened"}})
		}},
		"getWebhook": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.GetWebhookWithResponse(t.Context(), made(t))
		}},
		"updateWebhook": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.UpdateWebhookWithResponse(t.Context(), made(t), activityapi.WebhookUpdate{Name: new("changed")})
		}},
		"deleteWebhook": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.DeleteWebhookWithResponse(t.Context(), made(t))
		}},
		"rotateWebhookSecret": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.RotateWebhookSecretWithResponse(t.Context(), made(t))
		}},
		"testWebhook": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.TestWebhookWithResponse(t.Context(), made(t))
		}},
		"replayDeadWebhookDeliveries": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ReplayDeadWebhookDeliveriesWithResponse(t.Context(), made(t), activityapi.WebhookReplay{Since: s.Clock.Now()})
		}},
		"listWebhookDeliveries": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ListWebhookDeliveriesWithResponse(t.Context(), made(t), &activityapi.ListWebhookDeliveriesParams{})
		}},
		"getWebhookDelivery": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			endpoint, delivery := sent(t)
			return c.GetWebhookDeliveryWithResponse(t.Context(), endpoint, delivery)
		}},
		"replayWebhookDelivery": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			endpoint, delivery := sent(t)
			for _, active := range []bool{false, true} { // what waits is dead then, and can be replayed
				r, err := s.As(maker).UpdateWebhookWithResponse(t.Context(), endpoint, activityapi.WebhookUpdate{Active: &active})
				service.OK(t, r, err)
			}
			return c.ReplayWebhookDeliveryWithResponse(t.Context(), endpoint, delivery)
		}},
	}
	for id, operation := range table {
		operation.Scope = authz.TenantScope(s.Tenant)
		table[id] = operation
	}
	return table
}

// fillWebhooks stores a row in each table of webhooks.
func fillWebhooks(t testing.TB, s *service.Service[client]) {
	t.Helper()
	c := s.As(s.Actor(webhooks.PermissionManage))
	made, err := c.CreateWebhookWithResponse(t.Context(), activityapi.WebhookCreate{Name: "n", URL: "https://does-not-exist.invalid/", Types: []string{"voting.poll.opened"}})
	id := service.OK(t, made, err).JSON201.Webhook.ID
	r, err := c.TestWebhookWithResponse(t.Context(), id)
	service.OK(t, r, err)
	require.Eventually(t, func() bool {
		found, err := c.GetWebhookDeliveryWithResponse(t.Context(), id, r.JSON202.ID)
		return len(service.OK(t, found, err).JSON200.Attempts) > 0
	}, 20*time.Second, 20*time.Millisecond)
}

func TestAPublicEventArrivesSigned(t *testing.T) {
	t.Parallel()
	f := startWebhooks(t)
	made := f.create(t, "voting.poll.opened")
	f.tell(t, "voting.poll.closed", "public")    // not chosen
	f.tell(t, "voting.poll.opened", "community") // not for everybody
	event := f.tell(t, "voting.poll.opened", "public")
	f.tellAgain(t, event, "voting.poll.opened", "public") // the consumer may get it again

	delivery := f.settled(t, made.Webhook.ID, attempted(1))
	require.Equal(t, activityapi.WebhookDeliveryStateDelivered, delivery.State)
	require.Equal(t, http.StatusNoContent, delivery.LastStatus.MustGet())
	require.Len(t, f.log(t, made.Webhook.ID), 1)
	arrived := f.to.messages()
	require.Len(t, arrived, 1)
	require.Equal(t, delivery.MessageID, arrived[0].header.Get("webhook-id"))
	require.Equal(t, "application/json", arrived[0].header.Get("Content-Type"))
	require.JSONEq(t, `{"type":"voting.poll.opened","timestamp":"`+f.Clock.Now().Format(time.RFC3339Nano)+`","data":{"poll_id":"p","title":"Map of the week","created_by":"`+
		f.admin.User.String()+`"}}`, arrived[0].body)
	library, err := standardwebhooks.NewWebhook(made.Secret.MustGet())
	require.NoError(t, err)
	require.NoError(t, library.VerifyIgnoringTimestamp([]byte(arrived[0].body), arrived[0].header))

	r, err := f.As(f.admin).GetWebhookDeliveryWithResponse(t.Context(), made.Webhook.ID, delivery.ID)
	detail := service.OK(t, r, err).JSON200
	require.Equal(t, arrived[0].body, detail.Body)
	require.Len(t, detail.Attempts, 1)
	other, err := f.As(f.Outsider(webhooks.PermissionManage)).GetWebhookDeliveryWithResponse(t.Context(), made.Webhook.ID, delivery.ID)
	service.Refused(t, http.StatusNotFound, "DELIVERY_NOT_FOUND", other, err)
}

func TestAFailedDeliveryIsTriedAgainAndCanBeReplayed(t *testing.T) {
	t.Parallel()
	f := startWebhooks(t)
	f.to.answers(status(http.StatusInternalServerError))
	id := f.create(t, "voting.poll.opened").Webhook.ID
	f.tell(t, "voting.poll.opened", "public")
	c := f.As(f.admin)
	for n, wait := range []time.Duration{0, 5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 24 * time.Hour} {
		f.Clock.Advance(wait)
		delivery := f.settled(t, id, attempted(n+1))
		if n < 7 {
			require.Equal(t, activityapi.WebhookDeliveryStateWaiting, delivery.State)
			early, err := c.ReplayWebhookDeliveryWithResponse(t.Context(), id, delivery.ID)
			service.Refused(t, http.StatusConflict, "DELIVERY_WAITING", early, err)
		}
	}
	dead := f.log(t, id)[0]
	require.Equal(t, activityapi.WebhookDeliveryStateDead, dead.State)
	require.True(t, dead.NextAt.IsNull())
	state := activityapi.WebhookDeliveryStateDead
	list, err := c.ListWebhookDeliveriesWithResponse(t.Context(), id, &activityapi.ListWebhookDeliveriesParams{State: &state})
	require.Len(t, service.OK(t, list, err).JSON200.Items, 1)
	found, err := c.GetWebhookWithResponse(t.Context(), id)
	require.Equal(t, 8, service.OK(t, found, err).JSON200.Failures)

	f.to.answers(status(http.StatusOK))
	f.Clock.Advance(time.Hour)
	again, err := c.ReplayWebhookDeliveryWithResponse(t.Context(), id, dead.ID)
	require.Equal(t, dead.MessageID, service.OK(t, again, err).JSON202.MessageID)
	require.Equal(t, activityapi.WebhookDeliveryStateDelivered, f.settled(t, id, attempted(9)).State)
	require.Equal(t, dead.MessageID, f.to.messages()[8].header.Get("webhook-id"), "its receiver knows the repetition")
	found, err = c.GetWebhookWithResponse(t.Context(), id)
	require.Zero(t, service.OK(t, found, err).JSON200.Failures)

	none, err := c.ReplayDeadWebhookDeliveriesWithResponse(t.Context(), id, activityapi.WebhookReplay{Since: dead.CreatedAt})
	require.Zero(t, service.OK(t, none, err).JSON202.Count)
}

func TestAnAddressThatIsGoneIsSwitchedOff(t *testing.T) {
	t.Parallel()
	f := startWebhooks(t)
	f.to.answers(status(http.StatusGone))
	id := f.create(t, "voting.poll.opened").Webhook.ID
	f.tell(t, "voting.poll.opened", "public")
	f.settled(t, id, func(d activityapi.WebhookDelivery) bool { return d.State == activityapi.WebhookDeliveryStateDead })
	c := f.As(f.admin)
	found, err := c.GetWebhookWithResponse(t.Context(), id)
	require.Equal(t, activityapi.WebhookStateDisabled, service.OK(t, found, err).JSON200.State)
	require.EqualValues(t, "gone", found.JSON200.DisabledReason.MustGet())
	f.tell(t, "voting.poll.opened", "public")
	require.Len(t, f.log(t, id), 1, "nothing more is meant for it")
	off, err := c.TestWebhookWithResponse(t.Context(), id)
	service.Refused(t, http.StatusConflict, "WEBHOOK_NOT_ACTIVE", off, err)
	replay, err := c.ReplayDeadWebhookDeliveriesWithResponse(t.Context(), id, activityapi.WebhookReplay{Since: f.Clock.Now()})
	service.Refused(t, http.StatusConflict, "WEBHOOK_NOT_ACTIVE", replay, err)

	f.to.answers(status(http.StatusOK))
	on, err := c.UpdateWebhookWithResponse(t.Context(), id, activityapi.WebhookUpdate{Active: new(true)})
	service.OK(t, on, err)
	replay, err = c.ReplayDeadWebhookDeliveriesWithResponse(t.Context(), id, activityapi.WebhookReplay{Since: f.Clock.Now()})
	require.Equal(t, 1, service.OK(t, replay, err).JSON202.Count)
	f.settled(t, id, func(d activityapi.WebhookDelivery) bool { return d.State == activityapi.WebhookDeliveryStateDelivered })

	ctx := reqctx.With(t.Context(), reqctx.Context{TenantID: f.Tenant})
	entries, err := audit.New(f.DB).List(ctx, audit.Filter{TargetType: "webhook"}, page.Request{Limit: 50})
	require.NoError(t, err)
	var actions []string
	for _, entry := range entries.Items {
		actions = append([]string{entry.Action}, actions...)
	}
	require.Equal(t, []string{"webhook.created", "webhook.disabled", "webhook.updated", "webhook.replayed"}, actions)
}

func TestASecretIsShownOnceAndRotates(t *testing.T) {
	t.Parallel()
	f := startWebhooks(t)
	c, ctx := f.As(f.admin), service.Request(f.admin)
	create := activityapi.WebhookCreate{Name: "Bot", URL: f.to.URL, Types: []string{"voting.poll.opened"}}
	first, err := c.CreateWebhookWithResponse(ctx, create)
	made := service.OK(t, first, err).JSON201
	repeated, err := c.CreateWebhookWithResponse(ctx, create)
	require.Equal(t, made, service.OK(t, repeated, err).JSON201, "a repeated request has the first result")
	id := made.Webhook.ID

	again := service.Request(f.admin)
	rotate, err := c.RotateWebhookSecretWithResponse(again, id)
	rotated := service.OK(t, rotate, err).JSON200
	require.NotEqual(t, made.Secret.MustGet(), rotated.Secret.MustGet())
	require.Equal(t, f.Clock.Now().Add(24*time.Hour), rotated.PreviousUntil.MustGet())
	rotate, err = c.RotateWebhookSecretWithResponse(again, id)
	require.Equal(t, rotated, service.OK(t, rotate, err).JSON200)

	verify := func(secret string, m message) error {
		library, err := standardwebhooks.NewWebhook(secret)
		require.NoError(t, err)
		return library.VerifyIgnoringTimestamp([]byte(m.body), m.header)
	}
	try := func(n int) message {
		r, err := c.TestWebhookWithResponse(t.Context(), id)
		service.OK(t, r, err)
		f.settled(t, id, attempted(1))
		return f.to.messages()[n]
	}
	both := try(0)
	require.NoError(t, verify(made.Secret.MustGet(), both))
	require.NoError(t, verify(rotated.Secret.MustGet(), both))
	f.Clock.Advance(24 * time.Hour)
	one := try(1)
	require.Error(t, verify(made.Secret.MustGet(), one))
	require.NoError(t, verify(rotated.Secret.MustGet(), one))
}

func TestNoSecretIsStoredInClearOrShownAgain(t *testing.T) {
	t.Parallel()
	f := startWebhooks(t)
	made := f.create(t, "voting.poll.opened")
	f.tell(t, "voting.poll.opened", "public")
	delivery := f.settled(t, made.Webhook.ID, attempted(1))
	key := strings.TrimPrefix(made.Secret.MustGet(), "whsec_")
	c := f.As(f.admin)
	for name, body := range map[string]func() ([]byte, error){
		"list": func() ([]byte, error) { r, err := c.ListWebhooksWithResponse(t.Context()); return r.Body, err },
		"get": func() ([]byte, error) {
			r, err := c.GetWebhookWithResponse(t.Context(), made.Webhook.ID)
			return r.Body, err
		},
		"detail": func() ([]byte, error) {
			r, err := c.GetWebhookDeliveryWithResponse(t.Context(), made.Webhook.ID, delivery.ID)
			return r.Body, err
		},
	} {
		text, err := body()
		require.NoError(t, err)
		require.NotContains(t, string(text), key, name)
	}
	ctx := reqctx.With(t.Context(), reqctx.Context{TenantID: f.Tenant})
	for _, table := range []string{"webhook_endpoints", "webhook_deliveries", "webhook_attempts", "audit_entries", "outbox"} {
		var rows []string
		require.NoError(t, f.DB.Read(ctx, func(ctx context.Context) error {
			return f.DB.Conn(ctx).NewRaw("SELECT r::text FROM "+table+" AS r").Scan(ctx, &rows)
		}), table)
		for _, row := range rows {
			require.NotContains(t, row, key, table)
			if table != "webhook_endpoints" {
				require.NotContains(t, row, "token-of-the-receiver", table)
			}
		}
	}
}

func TestWebhooksLeadToTheInternetOnly(t *testing.T) {
	t.Parallel()
	f := startWebhooks(t)
	c := f.As(f.admin)
	for _, url := range []string{
		"http://bot.example.com/", "https://127.0.0.1/", "https://[::1]/", "https://169.254.169.254/latest/meta-data/", "https://10.0.0.1/",
		"https://localhost/", "https://bot.internal/", "https://user:pass@bot.example.com/", "https://bot.example.com:22/", "javascript:alert(1)", "x", " ",
	} {
		r, err := c.CreateWebhookWithResponse(t.Context(), activityapi.WebhookCreate{Name: "n", URL: url, Types: []string{"voting.poll.opened"}})
		service.Invalid(t, r, err, "url")
	}
	wrong, err := c.CreateWebhookWithResponse(t.Context(), activityapi.WebhookCreate{Name: "\u200b", URL: f.to.URL, Types: []string{"voting.vote.cast"}})
	service.Invalid(t, wrong, err, "name", "types")

	// a redirect is not followed, wherever it leads
	inner := newReceiver(t)
	f.to.answers(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, inner.URL, http.StatusTemporaryRedirect)
	})
	id := f.create(t, "voting.poll.opened").Webhook.ID
	f.tell(t, "voting.poll.opened", "public")
	require.Equal(t, http.StatusTemporaryRedirect, f.settled(t, id, attempted(1)).LastStatus.MustGet())
	require.Empty(t, inner.messages())
}

func TestATenantHasSoManyWebhooksAndPagesOfTheLog(t *testing.T) {
	t.Parallel()
	f := startWebhooks(t)
	f.to.answers(status(http.StatusServiceUnavailable))
	var id uuid.UUID
	for range webhooks.MaxEndpoints {
		id = f.create(t, "voting.poll.opened").Webhook.ID
	}
	c := f.As(f.admin)
	r, err := c.CreateWebhookWithResponse(t.Context(), activityapi.WebhookCreate{Name: "n", URL: f.to.URL, Types: []string{"voting.poll.opened"}})
	service.Refused(t, http.StatusConflict, "TOO_MANY_WEBHOOKS", r, err)
	for range 5 {
		f.tell(t, "voting.poll.opened", "public")
	}
	seen := map[uuid.UUID]bool{}
	params := &activityapi.ListWebhookDeliveriesParams{Limit: new(2)}
	for {
		list, err := c.ListWebhookDeliveriesWithResponse(t.Context(), id, params)
		for _, d := range service.OK(t, list, err).JSON200.Items {
			require.False(t, seen[d.ID])
			seen[d.ID] = true
		}
		next, err := list.JSON200.NextCursor.Get()
		if err != nil {
			break
		}
		params.Cursor = &next
	}
	require.Len(t, seen, 5)
	gone, err := c.DeleteWebhookWithResponse(t.Context(), id)
	service.OK(t, gone, err)
	list, err := c.ListWebhookDeliveriesWithResponse(t.Context(), id, &activityapi.ListWebhookDeliveriesParams{})
	service.Refused(t, http.StatusNotFound, "WEBHOOK_NOT_FOUND", list, err)
	foreign, err := c.ListWebhookDeliveriesWithResponse(t.Context(), uuid.New(), &activityapi.ListWebhookDeliveriesParams{Cursor: new("foreign")})
	service.Invalid(t, foreign, err, "cursor")
}

func TestADeliveryThatNamesAPersonIsErasedWithThem(t *testing.T) {
	t.Parallel()
	f := startWebhooks(t)
	id := f.create(t, "voting.poll.opened").Webhook.ID
	f.tell(t, "voting.poll.opened", "public")
	f.settled(t, id, attempted(1))
	bff := f.With("bff", reqctx.Context{TenantID: f.Tenant, TenantSlug: "aef"})
	export, err := bff.ExportPersonalDataWithResponse(t.Context(), f.admin.User, &activityapi.ExportPersonalDataParams{})
	sections := map[string]int{}
	for _, item := range service.OK(t, export, err).JSON200.Items {
		sections[item.Section]++
	}
	require.Equal(t, 1, sections["webhooks"])
	require.Equal(t, 1, sections["webhook_deliveries"])
	receipt, err := bff.ErasePersonalDataWithResponse(t.Context(), f.admin.User, &activityapi.ErasePersonalDataParams{})
	counts := service.OK(t, receipt, err).JSON200.Counts
	require.EqualValues(t, 1, counts["webhooks"])
	require.EqualValues(t, 1, counts["webhook_deliveries"])
	require.Empty(t, f.log(t, id))
	found, err := f.As(f.admin).GetWebhookWithResponse(t.Context(), id)
	require.True(t, service.OK(t, found, err).JSON200.CreatedBy.IsNull())
}
