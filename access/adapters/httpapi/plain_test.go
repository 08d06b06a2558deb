package httpapi

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/access/app"
	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports/portstest"
	"go.updspace.com/api/accessapi"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/reqctx"
)

type clock struct{}

func (clock) Now() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

// ways are the same operations behind each other: with the short cut, and the
// generated way alone.
type ways struct {
	short     plain
	generated accessapi.ServerInterface
	taken     *counting
}

// counting counts who goes the generated way behind the short cut.
type counting struct {
	accessapi.ServerInterface
	n int
}

func (c *counting) CheckPermission(w http.ResponseWriter, r *http.Request) {
	c.n++
	c.ServerInterface.CheckPermission(w, r)
}

func (c *counting) CheckPermissions(w http.ResponseWriter, r *http.Request) {
	c.n++
	c.ServerInterface.CheckPermissions(w, r)
}

func build() ways {
	memory := &portstest.Memory{}
	for _, t := range domain.Templates(domain.Platform) {
		memory.AddRole(domain.Role{Service: t.Service, Name: t.Name, Keys: t.Keys})
	}
	d := app.NewDecisions(domain.Platform, memory, &portstest.Journal{}, clock{})
	kit := httpx.New(httpx.Options{Registerer: prometheus.NewRegistry()})
	generated := accessapi.NewStrictHandlerWithOptions(Server{decisions: decisions{d}}, nil,
		accessapi.StrictHTTPServerOptions{RequestErrorHandlerFunc: kit.RequestError, ResponseErrorHandlerFunc: kit.ResponseError})
	taken := &counting{ServerInterface: generated}
	return ways{plain{ServerInterface: taken, kit: kit, app: d}, generated, taken}
}

func serve(h http.HandlerFunc, body string) *httptest.ResponseRecorder {
	rc := reqctx.Context{RequestID: "r", TenantID: portstest.Tenant, UserID: portstest.User().Example(), Flags: reqctx.Flags{MembershipStatus: "active"}}
	r := httptest.NewRequestWithContext(reqctx.With(context.Background(), rc), http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	if _, err := httpx.ReadBody(w, r, httpx.DefaultMaxBody); err != nil { // as the kit does
		panic(err)
	}
	h(w, r)
	return w
}

// compare requires that both ways answer alike.
func compare(t require.TestingT, short, generated http.HandlerFunc, body string) {
	got, want := serve(short, body), serve(generated, body)
	require.Equal(t, want.Code, got.Code, body)
	require.Equal(t, want.Header().Get("Content-Type"), got.Header().Get("Content-Type"), body)
	require.Equal(t, want.Body.String(), got.Body.String(), body)
}

func TestTheShortCutAnswersAsTheGeneratedWay(t *testing.T) {
	w := build()
	rapid.Check(t, func(t *rapid.T) {
		field := rapid.SampledFrom([]string{
			`"permission":"voting.poll.read"`, `"permission":"voting.vote.cast"`, `"permission":"none"`, `"permission":""`, `"Permission":"voting.poll.read"`,
			`"scope":{"type":"TENANT","id":""}`, `"scope":{"type":"TEAM","id":"t1"}`, `"scope":{"id":"c1","type":"COMMUNITY"}`,
			`"scope":{"type":"TEAM","id":""}`, `"scope":{"type":"tenant","id":"x"}`, `"scope":{"type":"SERVICE","id":"a\u0062"}`, `"scope":null`, `"scope":{"type":"GLOBAL"}`,
			`"scope":{"type":"COMMUNITY","id":"01890A5D-AC96-774B-BCCE-B302099A8057"}`, `"scope":{"type":"TEAM","id":"a","id":"b"}`,
			`"resource_visibility":"public"`, `"resource_visibility":"community"`, `"resource_visibility":"team"`, `"resource_visibility":"private"`, `"resource_visibility":"friends"`,
			`"resource_owner_id":"00000000-0000-4000-8000-000000000001"`, `"resource_owner_id":"me"`, `"resource_owner_id":null`,
			`"explain":true`, `"explain":false`, `"explain":1`, `"unknown":true`,
		})
		check := rapid.Custom(func(t *rapid.T) string {
			return "{" + strings.Join(rapid.SliceOfN(field, 0, 5).Draw(t, "fields"), ",") + "}"
		})
		compare(t, w.short.CheckPermission, w.generated.CheckPermission, check.Draw(t, "check")+rapid.SampledFrom([]string{"", " ", "x"}).Draw(t, "after"))
		body := `{"checks":[` + strings.Join(rapid.SliceOfN(check, 0, 3).Draw(t, "checks"), ",") + `]}`
		compare(t, w.short.CheckPermissions, w.generated.CheckPermissions, body)
	})
}

func TestTheUsualGoesTheShortWay(t *testing.T) {
	w := build()
	const check = `{"permission":"voting.poll.read","scope":{"type":"COMMUNITY","id":"01890a5d-ac96-774b-bcce-b302099a8057"},"resource_visibility":"public","resource_owner_id":"00000000-0000-4000-8000-000000000001","explain":false}`
	require.Equal(t, http.StatusOK, serve(w.short.CheckPermission, check).Code)
	require.Equal(t, http.StatusOK, serve(w.short.CheckPermissions, `{"checks":[`+check+`, `+check+`]}`).Code)
	require.Zero(t, w.taken.n)
	compare(t, w.short.CheckPermissions, w.generated.CheckPermissions, `{"checks":[`+strings.TrimSuffix(strings.Repeat(check+",", 101), ",")+`]}`)
	require.Equal(t, 1, w.taken.n)
	compare(t, w.short.CheckPermissions, w.generated.CheckPermissions, `{"checks":[],"checks":[`+check+`]}`)
	compare(t, w.short.CheckPermissions, w.generated.CheckPermissions, `{}`)
}

func TestABodyThatTheKitHasNotReadGoesTheGeneratedWay(t *testing.T) {
	w := build()
	for _, h := range []http.HandlerFunc{w.short.CheckPermission, w.short.CheckPermissions} {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(`{`))
		r.Header.Set("Content-Type", "application/json")
		rec := httptest.NewRecorder()
		h(rec, r)
		require.Equal(t, http.StatusBadRequest, rec.Code)
	}
	require.Equal(t, 2, w.taken.n)
}
