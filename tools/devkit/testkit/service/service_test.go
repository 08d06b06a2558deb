package service_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"go.updspace.com/api/contract"
	"go.updspace.com/api/events"
	"go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/personaldata"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/tools/devkit/testkit/service"
)

func TestMain(m *testing.M) { testkit.Main(m) }

const document = `
openapi: 3.0.3
info: {title: toy, version: "1"}
servers: [{url: /}]
paths:
  /things/{thing_id}:
    get:
      operationId: getThing
      parameters: [{name: thing_id, in: path, required: true, schema: {type: string, format: uuid}}]
      responses: {"200": {description: ok}, default: {description: error}}
  /mine:
    get:
      operationId: getMine
      responses: {"200": {description: ok}, default: {description: error}}
  /internal:
    get:
      operationId: forServices
      responses: {"200": {description: ok}, default: {description: error}}
`

var operations = contract.Set{
	"getThing":    {Method: "GET", Path: "/things/{thing_id}", Permission: "toy.thing.read"},
	"getMine":     {Method: "GET", Path: "/mine", Authenticated: contract.AuthenticatedUser},
	"forServices": {Method: "GET", Path: "/internal", Authenticated: contract.AuthenticatedService},
}

var migrations = pg.Migrations{Table: "goose_toy", FS: fstest.MapFS{"00001_toy.sql": {Data: []byte(`
-- +goose Up
CREATE TABLE things (
    tenant_id uuid NOT NULL, id uuid NOT NULL, owner uuid, title text NOT NULL DEFAULT '',
    kind text NOT NULL DEFAULT 'a' CHECK (kind IN ('a', 'b')), count int, PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, owner)
);
SELECT updspace_protect('things');
CREATE TABLE parts (
    tenant_id uuid NOT NULL, id uuid NOT NULL, thing_id uuid NOT NULL, owner uuid, note text NOT NULL DEFAULT '' CHECK (length(note) IN (0, 8)), PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, thing_id) REFERENCES things, FOREIGN KEY (tenant_id, owner) REFERENCES things (tenant_id, owner)
);
SELECT updspace_protect('parts');
`)}}}

// client calls the toy.
type client struct {
	url  string
	http *http.Client
}

type answer struct {
	status int
	body   []byte
}

func (a answer) StatusCode() int { return a.status }
func (a answer) GetBody() []byte { return a.body }

func (c client) get(ctx context.Context, path string) (answer, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.url+path, nil)
	if err != nil {
		return answer{}, err
	}
	response, err := c.http.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return answer{response.StatusCode, body}, err
}

type clock interface{ Now() time.Time }

// start runs the toy. checks says whether it asks access at all.
func start(t testing.TB, checks bool) *service.Service[client] {
	t.Helper()
	return service.Start(t, service.Options[client]{
		Name: "toy", Migrations: migrations,
		Spec:   func() (*openapi3.T, error) { return openapi3.NewLoader().LoadFromData([]byte(document)) },
		Client: func(url string, h *http.Client) (client, error) { return client{url, h}, nil },
		Module: func(cfg servicefx.ServiceConfig, c *testkit.Clock) fx.Option {
			return fx.Options(
				servicefx.Service("toy", cfg, migrations),
				fx.Provide(
					func() clock { return servicefx.SystemClock{} },
					fx.Annotate(func(kit *httpx.Server, access *accessclient.Client, c clock) (http.Handler, error) {
						return toy(kit, access, c, checks)
					}, fx.ResultTags(`name:"api"`)),
				),
				fx.Replace(fx.Annotate(c, fx.As(new(clock)))),
			)
		},
	})
}

func toy(kit *httpx.Server, access *accessclient.Client, c clock, checks bool) (http.Handler, error) {
	mux := http.NewServeMux()
	reply := func(w http.ResponseWriter, r *http.Request, err error) {
		if err != nil {
			httpx.WriteError(w, r, err)
			return
		}
		httpx.WriteJSON(w, http.StatusOK, map[string]any{"now": c.Now(), "request": reqctx.From(r.Context()).RequestID})
	}
	mux.HandleFunc("GET /things/{thing_id}", func(w http.ResponseWriter, r *http.Request) {
		rc := reqctx.From(r.Context())
		var err error
		if checks {
			err = authz.Require(r.Context(), access, authz.Check{Permission: "toy.thing.read", Scope: authz.TenantScope(rc.TenantID)})
		}
		reply(w, r, err)
	})
	mux.HandleFunc("GET /mine", func(w http.ResponseWriter, r *http.Request) { reply(w, r, nil) })
	mux.HandleFunc("GET /internal", func(w http.ResponseWriter, r *http.Request) {
		if reqctx.From(r.Context()).UserID != uuid.Nil {
			reply(w, r, errs.Forbiddenf("For services."))
			return
		}
		reply(w, r, nil)
	})
	spec, err := openapi3.NewLoader().LoadFromData([]byte(document))
	if err != nil {
		return nil, err
	}
	return kit.Handler(mux, spec, operations)
}

func table() map[string]service.Operation[client] {
	get := func(path string) func(testing.TB, client, authz.Actor) (service.Answer, error) {
		return func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) { return c.get(t.Context(), path) }
	}
	return map[string]service.Operation[client]{
		"getThing": {Try: get("/things/" + uuid.NewString())}, "getMine": {Try: get("/mine")}, "forServices": {Try: get("/internal")},
	}
}

func TestOperationsAreGuarded(t *testing.T) {
	t.Parallel()
	s := start(t, true)
	s.Operations(t, operations, []authz.Permission{"toy.thing.read", "toy.thing.write"}, table())
}

func TestAServiceIsReachedAsTheGatewayReachesIt(t *testing.T) {
	t.Parallel()
	s := start(t, true)
	actor := s.Actor("toy.thing.read")
	again := service.Request(actor)
	path := "/things/" + uuid.NewString()
	first, err := s.As(actor).get(again, path)
	service.OK(t, first, err)
	second, err := s.As(actor).get(again, path)
	service.OK(t, second, err)
	require.Equal(t, first.body, second.body, "the same request id, and the test's clock")
	var body struct{ Now time.Time }
	require.NoError(t, json.Unmarshal(first.body, &body))
	require.True(t, s.Clock.Now().Equal(body.Now))

	refused, err := s.As(s.Outsider()).get(t.Context(), path)
	service.Refused(t, http.StatusForbidden, "FORBIDDEN", refused, err)
	invalid, err := s.As(actor).get(t.Context(), "/things/x")
	service.Invalid(t, invalid, err, "thing_id")
	internal, err := s.AsService("portal").get(t.Context(), "/internal")
	service.OK(t, internal, err)
	require.Empty(t, s.Events())
}

func TestIsolation(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t, migrations)
	tenant, thing := uuid.New(), uuid.New()
	require.NoError(t, db.Do(reqctx.With(t.Context(), reqctx.Context{TenantID: tenant}), func(ctx context.Context) error {
		_, err := db.Conn(ctx).ExecContext(ctx, "INSERT INTO things (tenant_id, id) VALUES (?, ?); INSERT INTO parts (tenant_id, id, thing_id) VALUES (?, ?, ?)",
			tenant, thing, tenant, uuid.New(), thing)
		return err
	}))
	service.Isolation(t, db, tenant)
}

var kitColumns = []string{
	"outbox.event", "outbox.subject", "idempotency.user_id", "idempotency.request_id",
	"audit_entries.actor_id", "audit_entries.about", "audit_entries.target_id", "audit_entries.reason", "audit_entries.ip", "audit_entries.metadata",
}

func sections(columns ...string) []personaldata.Section {
	return []personaldata.Section{{
		Name: "things", Columns: columns,
		Read:  func(context.Context, uuid.UUID, string, int) ([]personaldata.Item, error) { return nil, nil },
		Erase: func(context.Context, uuid.UUID) (personaldata.Erased, error) { return personaldata.Erased{}, nil },
	}, {Name: "kit", Columns: kitColumns, Reason: "in this test"}}
}

func TestPersonalDataColumnsAreCovered(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t, migrations)
	note := map[string]string{"parts.note": "written by the system"}
	service.PersonalData(t, db, sections("things.owner", "things.title", "parts.owner"), note)
	for name, c := range map[string]struct {
		sections    []personaldata.Section
		notPersonal map[string]string
		want        string
	}{
		"a forgotten column":    {sections("things.title", "parts.owner"), note, "things.owner"},
		"a forgotten reference": {sections("things.owner", "things.title"), note, "parts.owner"},
		"a wildcard":            {sections("things.*", "parts.owner"), note, "things.*"},
		"no reason":             {sections("things.owner", "things.title", "parts.owner"), map[string]string{"parts.note": ""}, "parts.note"},
		"no such column":        {sections("things.owner", "things.title", "parts.owner", "gone.a"), note, "gone.a"},
		"nothing personal":      {sections("things.owner", "things.title", "parts.owner"), map[string]string{"things.kind": "r"}, "things.kind"},
	} {
		f := &failing{TB: t}
		f.run(func() { service.PersonalData(f, db, c.sections, c.notPersonal) })
		require.Contains(t, strings.Join(f.texts, "\n"), c.want, name)
	}
}

func TestModuleRefusesToStartWithoutItsSettings(t *testing.T) {
	t.Parallel()
	type config struct{ servicefx.ServiceConfig }
	module := func(cfg config) fx.Option {
		if err := cfg.Validate(); err != nil {
			return fx.Error(err)
		}
		return fx.Options(servicefx.Service("toy", cfg.ServiceConfig, migrations), fx.Provide(fx.Annotate(http.NewServeMux, fx.As(new(http.Handler)), fx.ResultTags(`name:"api"`))))
	}
	service.Module(t, func() config { return config{service.Config()} }, module, map[string]func(*config){
		"DATABASE_URL": func(c *config) { c.Database.URL = "" }, "ACCESS_URL": func(c *config) { c.Access.URL = "" },
	})
}

// failing stands in for a test, to see how it would fail.
type failing struct {
	testing.TB
	texts []string
}

func (f *failing) Helper()  {}
func (f *failing) FailNow() { runtime.Goexit() }
func (f *failing) Errorf(format string, args ...any) {
	f.texts = append(f.texts, fmt.Sprintf(format, args...))
}

func (f *failing) run(test func()) {
	var wg sync.WaitGroup
	wg.Go(test)
	wg.Wait()
}

func TestFullEventsNamesWhatIsMissing(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t)
	f := &failing{TB: t}
	f.run(func() { service.FullEvents(f, db, "identity") })
	require.Contains(t, strings.Join(f.texts, "\n"), "is in the document and is not published")
	tenant := reqctx.With(t.Context(), reqctx.Context{TenantID: uuid.New()})
	family, err := events.Of("identity")
	require.NoError(t, err)
	for kind := range family.Events {
		require.NoError(t, db.Do(tenant, func(ctx context.Context) error {
			_, err := db.Conn(ctx).ExecContext(ctx, "INSERT INTO outbox (tenant_id, id, type, subject, event) VALUES (?, ?, '', '', ?)",
				reqctx.From(ctx).TenantID, uuid.New(), fmt.Sprintf(`{"type": %q, "data": {"user_id": ""}}`, kind))
			return err
		}))
	}
	f = &failing{TB: t}
	f.run(func() { service.FullEvents(f, db, "identity") })
	require.Contains(t, strings.Join(f.texts, "\n"), "has a value for")
}
