package activity_test

import (
	"context"
	"net/http"
	"strconv"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"go.updspace.com/activity"
	store "go.updspace.com/activity/adapters/pg"
	"go.updspace.com/activity/domain"
	"go.updspace.com/activity/ports"
	"go.updspace.com/api/activityapi"
	"go.updspace.com/api/activityevents"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/personaldata"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/tools/devkit/testkit/service"
)

func TestMain(m *testing.M) { testkit.Main(m) }

type client = *activityapi.ClientWithResponses

func start(t testing.TB) *service.Service[client] {
	return service.Start(t, service.Options[client]{
		Name: "activity", Spec: activityapi.GetSpec, Migrations: store.Migrations(),
		Client: func(url string, h *http.Client) (client, error) {
			return activityapi.NewClientWithResponses(url, activityapi.WithHTTPClient(h))
		},
		Module: func(cfg servicefx.ServiceConfig, clock *testkit.Clock) fx.Option {
			return fx.Options(activity.Module(cfg), fx.Replace(fx.Annotate(clock, fx.As(new(ports.Clock)))))
		},
	})
}

var allPermissions = []authz.Permission{domain.PermissionItemsRead, domain.PermissionItemsCreate, domain.PermissionItemsManage}

// create creates an item as a user with all permissions.
func create(t testing.TB, s *service.Service[client], by authz.Actor, title string) activityapi.Item {
	t.Helper()
	r, err := s.As(by).CreateItemWithResponse(t.Context(), activityapi.ItemCreate{Title: title})
	return *service.OK(t, r, err).JSON201
}

func TestTheGraphIsComplete(t *testing.T) {
	service.Module(t, service.Config, activity.Module, map[string]func(*activity.Config){
		"DATABASE_URL": func(c *activity.Config) { c.Database.URL = "" },
		"ACCESS_URL":   func(c *activity.Config) { c.Access.URL = "" },
	})
}

func TestOperationsCheckWhatTheyDeclare(t *testing.T) {
	s := start(t)
	maker := s.Actor(allPermissions...)
	table := map[string]service.Operation[client]{
		"listItems": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ListItemsWithResponse(t.Context(), &activityapi.ListItemsParams{})
		}},
		"createItem": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.CreateItemWithResponse(t.Context(), activityapi.ItemCreate{Title: "t"})
		}},
		"getItem": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.GetItemWithResponse(t.Context(), create(t, s, maker, "t").ID)
		}},
		"updateItem": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.UpdateItemWithResponse(t.Context(), create(t, s, maker, "t").ID, activityapi.ItemUpdate{Title: new("changed")})
		}},
		"deleteItem": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.DeleteItemWithResponse(t.Context(), create(t, s, maker, "t").ID)
		}},
		"exportPersonalData": {Try: func(t testing.TB, c client, a authz.Actor) (service.Answer, error) {
			return c.ExportPersonalDataWithResponse(t.Context(), a.User, &activityapi.ExportPersonalDataParams{})
		}},
		"erasePersonalData": {Try: func(t testing.TB, c client, a authz.Actor) (service.Answer, error) {
			return c.ErasePersonalDataWithResponse(t.Context(), a.User)
		}},
	}
	for id, operation := range table {
		operation.Scope = authz.TenantScope(s.Tenant)
		table[id] = operation
	}
	s.Operations(t, activityapi.Operations, allPermissions, table)
}

func TestTheLifeOfAnItem(t *testing.T) {
	s := start(t)
	maker := s.Actor(allPermissions...)
	c := s.As(maker)
	item := create(t, s, maker, " First ")
	require.Equal(t, "First", item.Title)
	require.Equal(t, maker.User, item.CreatedBy)

	got, err := c.GetItemWithResponse(t.Context(), item.ID)
	require.Equal(t, item, *service.OK(t, got, err).JSON200)
	changed, err := c.UpdateItemWithResponse(t.Context(), item.ID, activityapi.ItemUpdate{Text: new("text")})
	service.OK(t, changed, err)
	require.Equal(t, []string{"First", "text"}, []string{changed.JSON200.Title, changed.JSON200.Text})
	gone, err := c.DeleteItemWithResponse(t.Context(), item.ID)
	require.Equal(t, http.StatusNoContent, service.OK(t, gone, err).StatusCode())
	got, err = c.GetItemWithResponse(t.Context(), item.ID)
	service.Refused(t, http.StatusNotFound, "ITEM_NOT_FOUND", got, err)

	var types []string
	for _, e := range s.Events() {
		require.Equal(t, "item/"+item.ID.String(), e.Subject)
		types = append(types, e.Type)
	}
	require.Equal(t, []string{activityevents.TypeItemCreated, activityevents.TypeItemUpdated, activityevents.TypeItemDeleted}, types)
}

func TestWrongInputNamesTheField(t *testing.T) {
	s := start(t)
	c := s.As(s.Actor(allPermissions...))
	r, err := c.CreateItemWithResponse(t.Context(), activityapi.ItemCreate{Title: "\u200b"})
	service.Invalid(t, r, err, "title")
	list, err := c.ListItemsWithResponse(t.Context(), &activityapi.ListItemsParams{Cursor: new("foreign")})
	service.Invalid(t, list, err, "cursor")
}

func TestARepeatedCreateReturnsTheFirstItem(t *testing.T) {
	s := start(t)
	maker := s.Actor(allPermissions...)
	c, ctx := s.As(maker), service.Request(maker)
	first, err := c.CreateItemWithResponse(ctx, activityapi.ItemCreate{Title: "t"})
	service.OK(t, first, err)
	again, err := c.CreateItemWithResponse(ctx, activityapi.ItemCreate{Title: "t"})
	require.Equal(t, first.JSON201.ID, service.OK(t, again, err).JSON201.ID)
	other, err := c.CreateItemWithResponse(ctx, activityapi.ItemCreate{Title: "u"})
	service.Refused(t, http.StatusConflict, "IDEMPOTENCY_KEY_REUSED", other, err)
}

func TestPagesNeitherSkipNorRepeatWhileOthersInsert(t *testing.T) {
	s := start(t)
	maker := s.Actor(allPermissions...)
	for i := range 5 {
		create(t, s, maker, strconv.Itoa(i))
	}
	var titles []string
	params := &activityapi.ListItemsParams{Limit: new(2)}
	for {
		r, err := s.As(maker).ListItemsWithResponse(t.Context(), params)
		for _, item := range service.OK(t, r, err).JSON200.Items {
			titles = append(titles, item.Title)
		}
		create(t, s, maker, "new")
		next, err := r.JSON200.NextCursor.Get()
		if err != nil {
			break
		}
		params.Cursor = &next
	}
	require.Equal(t, []string{"4", "3", "2", "1", "0"}, titles)
}

func TestAnotherTenantsItemsDoNotExist(t *testing.T) {
	s := start(t)
	item := create(t, s, s.Actor(allPermissions...), "t")
	c := s.As(s.Outsider(allPermissions...))
	r, err := c.GetItemWithResponse(t.Context(), item.ID)
	service.Refused(t, http.StatusNotFound, "ITEM_NOT_FOUND", r, err)
	service.Isolation(t, s.DB, s.Tenant)
}

func TestPersonalDataIsExportedAndErased(t *testing.T) {
	s := start(t)
	maker := s.Actor(allPermissions...)
	create(t, s, maker, "mine")
	create(t, s, s.Actor(allPermissions...), "theirs")
	sections := personaldata.New("activity", s.DB, audit.New(s.DB), s.Clock.Now, store.PersonalData(s.DB)...).Sections()
	service.PersonalData(t, s.DB, sections, nil)

	bff := s.With("bff", reqctx.Context{TenantID: s.Tenant, TenantSlug: "aef"})
	export, err := bff.ExportPersonalDataWithResponse(t.Context(), maker.User, &activityapi.ExportPersonalDataParams{})
	items := service.OK(t, export, err).JSON200.Items
	require.Len(t, items, 1)
	require.Equal(t, "mine", items[0].Data["title"])
	receipt, err := bff.ErasePersonalDataWithResponse(t.Context(), maker.User)
	require.EqualValues(t, 1, service.OK(t, receipt, err).JSON200.Counts["items"])
	list, err := s.As(s.Actor(allPermissions...)).ListItemsWithResponse(t.Context(), &activityapi.ListItemsParams{})
	require.Len(t, service.OK(t, list, err).JSON200.Items, 1)
}

func TestDemoDataIsCreatedOnce(t *testing.T) {
	cfg := service.Config()
	cfg.Mode, cfg.Database = servicefx.Development, testkit.Postgres(t, store.Migrations())
	for range 2 {
		require.NoError(t, activity.SeedDemo(context.Background(), cfg))
	}
	db := testkit.OpenDB(t, cfg.Database)
	ctx := reqctx.With(t.Context(), reqctx.Context{TenantID: uuid.MustParse("00000000-0000-0000-0000-000000000001")})
	var n int
	require.NoError(t, db.Read(ctx, func(ctx context.Context) error {
		return db.Conn(ctx).NewRaw("SELECT count(*) FROM items").Scan(ctx, &n)
	}))
	require.Equal(t, 1, n)
}
