package contract

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/journey"
	"go.updspace.com/tools/platform"
)

const (
	connections = 4
	// shown is how many findings of one operation are printed.
	shown = 5
)

// root may do everything in the tenant aef, so that what is wrong with a request is the only reason to refuse it.
var root = reqctx.Context{
	TenantID: uuid.MustParse("00000000-0000-0000-0000-000000000001"), TenantSlug: "aef",
	UserID: uuid.MustParse("00000000-0000-4000-8000-000000000005"),
	Flags:  reqctx.Flags{SystemAdmin: true, EmailVerified: true, Status: "active", MembershipStatus: "active"},
}

// Every operation of every service, sent everything the generator can think of: never a 5xx, never a failure outside of
// the envelope, never an answer the spec does not describe.
func TestServicesWithstandWrongRequests(t *testing.T) {
	world := start(t)
	for _, spec := range Specs {
		t.Run(spec.Service, func(t *testing.T) {
			loaded, err := spec.Load()
			require.NoError(t, err)
			for _, op := range Operations(loaded, spec.Decisions) {
				t.Run(op.ID, func(t *testing.T) {
					target, values := world.target(t, spec.Service)
					if spec.Service == "bff" {
						op.Signed = false // a browser proves who it is with its cookie
					}
					try(t, func(r Request) error {
						answer, err := target.Send(t.Context(), r, root)
						if err != nil {
							return err
						}
						if r.Name == "valid" && spec.Decisions[op.ID].NeedsUser() && (answer.Status == http.StatusUnauthorized || answer.Status == http.StatusForbidden) {
							return fmt.Errorf("%d: nothing gets as far as the validation", answer.Status)
						}
						if err := Judge(t.Context(), loaded, op, r, answer); err != nil {
							return fmt.Errorf("%s %.200s?%.100s: %w\nanswer: %.300s", r.Method, r.Path, r.Query, err, answer.Body)
						}
						return nil
					}, Requests(op, values))
				})
			}
		})
	}
}

// try sends the requests, the valid one first and the rest side by side, and reports the findings.
func try(t *testing.T, send func(Request) error, requests []Request) {
	t.Helper()
	var mu sync.Mutex
	var findings []string
	one := func(r Request) {
		if err := send(r); err != nil {
			mu.Lock()
			defer mu.Unlock()
			findings = append(findings, fmt.Sprintf("%s: %v", r.Name, err))
		}
	}
	one(requests[0])
	queue := make(chan Request)
	var workers sync.WaitGroup
	for range connections {
		workers.Go(func() {
			for r := range queue {
				one(r)
			}
		})
	}
	for _, r := range requests[1:] {
		queue <- r
	}
	close(queue)
	workers.Wait()
	for i, finding := range findings {
		if i == shown {
			t.Errorf("and %d more", len(findings)-shown)
			break
		}
		t.Error(finding)
	}
	t.Logf("%d requests", len(requests))
}

// world is the platform under test and what is needed to talk to it.
type world struct {
	platform *platform.Platform
	signed   *http.Client
	browser  *http.Client
}

func start(t *testing.T) world {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	p, err := platform.Start(ctx, platform.Options{
		Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
		// Limits would answer for the services after the first hundred requests.
		Env: map[string]map[string]string{
			"":         {"ACCESS_BUDGET": "5s"}, // this machine is busy with us; 503 shall mean that a request broke something
			"bff":      {"RATE_LIMIT_AUTH": "0", "RATE_LIMIT_ANONYMOUS": "0", "RATE_LIMIT_READS": "0", "RATE_LIMIT_WRITES": "0"},
			"identity": {"TRUSTED_PROXIES": "127.0.0.1/32", "REQUESTS_PER_ADDRESS": "0", "PASSWORD_HASH_MEMORY_KIB": "64"}, // it counts failures by address, and each request has its own
		},
	})
	require.NoError(t, err)
	w := world{platform: p, signed: NewClient(connections), browser: NewClient(connections)}
	w.browser.Transport = journey.Transport()
	t.Cleanup(func() {
		w.signed.CloseIdleConnections()
		w.browser.CloseIdleConnections()
		stopCtx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), time.Minute)
		defer cancel()
		require.NoError(t, p.Stop(stopCtx))
	})
	settle(t, p) // access, portal and voting know the demo tenant's members and groups by events
	return w
}

// target is how to reach a service, and things that exist there. They are made anew for every operation, because some
// operations end them.
func (w world) target(t *testing.T, service string) (Target, map[string]string) {
	t.Helper()
	if service == "bff" {
		return w.gateway(t), nil
	}
	target := w.signedTarget(t, service)
	switch service {
	case "access":
		return target, rights(t, target)
	case "portal":
		return target, community(t, target)
	case "voting":
		return target, poll(t, target)
	case "events":
		return target, calendar(t, target)
	case "gamification":
		w.holdsEverything(t)
		return target, achievements(t, target)
	case "activity":
		values := webhook(t, target)
		maps.Copy(values, source(t, target))
		maps.Copy(values, game(t, target))
		maps.Copy(values, news(t, target))
		return target, values
	case "identity":
		return withSession(t, target)
	}
	return target, nil
}

// signedTarget is a service as the gateway reaches it.
func (w world) signedTarget(t *testing.T, service string) Target {
	t.Helper()
	keys, err := w.platform.Keyring()
	require.NoError(t, err)
	signer, err := keys.Signer("bff", service)
	require.NoError(t, err)
	return Target{URL: w.platform.Service(service).URL(), Client: w.signed, Sign: func(r *http.Request, rc reqctx.Context, body []byte) {
		rc.RequestID = uuid.NewString()
		signer.Sign(r, rc, body)
	}}
}

// holdsEverything gives root all permissions for good. Being a system administrator is not enough to reward others with roles.
func (w world) holdsEverything(t *testing.T) {
	t.Helper()
	access, _ := w.target(t, "access")
	r := Request{
		Method: http.MethodPost, Path: "/api/v1/access/policy-overrides", Header: http.Header{"Content-Type": {"application/json"}},
		Body: encode("application/json", map[string]any{"tenant_id": root.TenantID, "user_id": root.UserID, "action": "allow"}),
	}
	got, err := access.Send(t.Context(), r, root)
	require.NoError(t, err)
	require.Equal(t, http.StatusCreated, got.Status, "%s", got.Body)
}

// withSession adds what the ID host's own pages send: the session of a user who has just signed in there.
func withSession(t *testing.T, signed Target) (Target, map[string]string) {
	t.Helper()
	var address atomic.Uint32
	target := signed
	target.Sign = func(r *http.Request, rc reqctx.Context, body []byte) {
		n := address.Add(1)
		if r.Header.Get("X-Forwarded-For") == "" {
			r.Header.Set("X-Forwarded-For", fmt.Sprintf("10.%d.%d.%d", byte(n>>16), byte(n>>8), byte(n)))
		}
		signed.Sign(r, rc, body)
	}
	var form struct {
		Token string `json:"form_token"`
	}
	target.get(t, Request{Method: http.MethodGet, Path: "/api/v1/auth/form_token", Query: "purpose=login"}, &form)
	var session struct {
		Meta struct {
			Token string `json:"session_token"`
		}
	}
	target.get(t, Request{Method: http.MethodPost, Path: "/api/v1/auth/login", Body: encode("application/json", map[string]any{
		"email": "root@updspace.test", "password": journey.Password, "form_token": form.Token,
	})}, &session)
	require.NotEmpty(t, session.Meta.Token)
	withToken := target
	withToken.Sign = func(r *http.Request, rc reqctx.Context, body []byte) {
		if r.Header.Get("Authorization") == "" && r.Header.Get("Cookie") == "" {
			r.Header.Set("X-Session-Token", session.Meta.Token)
		}
		target.Sign(r, rc, body)
	}
	return withToken, map[string]string{"slug": "aef", "form_token": form.Token}
}

// get sends a request that must succeed and reads its answer.
func (t Target) get(tb testing.TB, r Request, answer any) {
	tb.Helper()
	r.Header = http.Header{"Content-Type": {"application/json"}}
	got, err := t.Send(tb.Context(), r, root)
	require.NoError(tb, err)
	require.Less(tb, got.Status, 300, "%s %s: %s", r.Method, r.Path, got.Body)
	require.NoError(tb, json.Unmarshal(got.Body, answer))
}

// gateway sends requests as the browser of a user who has just signed in.
func (w world) gateway(t *testing.T) Target {
	t.Helper()
	recorder := &cookieRecorder{next: w.browser.Transport}
	home := w.platform.Origin("aef")
	browser := journey.NewBrowser(home, recorder, nil)
	require.NoError(t, journey.SignIn(t.Context(), browser, "root@updspace.test", journey.Password))
	require.NoError(t, browser.Get(t.Context(), "/api/v1/session/me").Expect(http.StatusOK))
	cookies := recorder.last
	csrf := cookies["updspace_csrf"]
	require.NotEmpty(t, csrf)
	return Target{URL: home, Client: w.browser, Sign: func(r *http.Request, _ reqctx.Context, _ []byte) {
		if r.Header.Get("Cookie") == "" {
			for name, value := range cookies {
				r.AddCookie(&http.Cookie{Name: name, Value: value})
			}
		}
		r.Header.Set("X-Csrf-Token", csrf)
		if r.Header.Get("Origin") == "" {
			r.Header.Set("Origin", home)
		}
	}}
}

// cookieRecorder remembers the cookies a browser sent last.
type cookieRecorder struct {
	next http.RoundTripper
	last map[string]string
}

func (c *cookieRecorder) RoundTrip(r *http.Request) (*http.Response, error) {
	c.last = map[string]string{}
	for _, cookie := range r.Cookies() {
		c.last[cookie.Name] = cookie.Value
	}
	return c.next.RoundTrip(r)
}

// rights makes a role, a binding of it and an override, and returns their ids by the names the spec gives them.
func rights(t *testing.T, target Target) map[string]string {
	t.Helper()
	const base, user = "/api/v1/access", "00000000-0000-4000-8000-000000000004" // the suspended member of the demo tenant
	var role, binding struct{ ID int64 }
	var override struct{ ID string }
	send := func(path string, body map[string]any, answer any) {
		t.Helper()
		target.get(t, Request{Method: http.MethodPost, Path: base + path, Body: encode("application/json", body)}, answer)
	}
	send("/admin/roles", map[string]any{"service": "voting", "name": uuid.NewString(), "permission_keys": []string{"voting.poll.read"}}, &role)
	send("/admin/role-bindings", map[string]any{"tenant_id": root.TenantID, "user_id": user, "scope_type": "TENANT", "scope_id": "", "role_id": role.ID}, &binding)
	send("/policy-overrides", map[string]any{"tenant_id": root.TenantID, "user_id": user, "action": "deny"}, &override)
	return map[string]string{
		"role_id": strconv.FormatInt(role.ID, 10), "binding_id": strconv.FormatInt(binding.ID, 10), "override_id": override.ID, "user_id": user,
	}
}

// poll makes a published poll with a vote in it and returns its ids by the names the spec gives them.
func poll(t *testing.T, target Target) map[string]string {
	t.Helper()
	send := func(method, path string, body, answer any) {
		t.Helper()
		r := Request{Method: method, Path: path}
		if body != nil {
			r.Body = encode("application/json", body)
		}
		target.get(t, r, answer)
	}
	var made struct{ ID string }
	option := func(title string) map[string]any { return map[string]any{"title": title} }
	send(http.MethodPost, "/api/v1/voting/polls", map[string]any{
		"title": "A poll", "scope_type": "TENANT", "visibility": "community", "allow_revoting": true, "results_visibility": "always",
		"nominations": []any{map[string]any{"title": "Which", "kind": "custom", "max_votes": 3, "options": []any{option("One"), option("Two"), option("Three")}}},
	}, &made)
	var info struct{ Nominations, Options []struct{ ID string } }
	send(http.MethodPut, "/api/v1/voting/polls/"+made.ID, map[string]any{"status": "active"}, &struct{}{})
	send(http.MethodGet, "/api/v1/voting/polls/"+made.ID+"/info", nil, &info)
	values := map[string]string{"poll_id": made.ID, "nomination_id": info.Nominations[0].ID, "option_id": info.Options[0].ID}
	send(http.MethodPost, "/api/v1/voting/votes", map[string]any{"poll_id": values["poll_id"], "nomination_id": values["nomination_id"], "option_id": info.Options[1].ID}, &struct{}{})
	var mine []struct{ ID string }
	send(http.MethodGet, "/api/v1/voting/polls/"+made.ID+"/votes/me", nil, &mine)
	values["vote_id"] = mine[0].ID
	return values
}

// calendar creates a series and returns the ids of its second date.
func calendar(t *testing.T, target Target) map[string]string {
	t.Helper()
	var event struct{ ID string }
	target.get(t, Request{Method: http.MethodPost, Path: "/api/v1/events", Body: encode("application/json", map[string]any{
		"scopeType": "TENANT", "title": "An event", "startsAt": "2036-03-10T16:00:00Z", "endsAt": "2036-03-10T18:00:00Z", "rrule": "FREQ=WEEKLY;COUNT=5",
	})}, &event)
	var dates struct {
		Items []struct{ OccurrenceID string }
	}
	target.get(t, Request{Method: http.MethodGet, Path: "/api/v1/events/" + event.ID + "/occurrences"}, &dates)
	return map[string]string{"event_id": event.ID, "occurrence_id": dates.Items[1].OccurrenceID}
}

// achievements creates an achievement in a category, nominates a member for it, grants it and returns the ids.
func achievements(t *testing.T, target Target) map[string]string {
	t.Helper()
	const base = "/api/v1/gamification"
	const member = "00000000-0000-4000-8000-000000000002" // of the demo tenant
	var category, achievement, grant, nomination struct{ ID string }
	send := func(path string, body map[string]any, answer any) {
		t.Helper()
		target.get(t, Request{Method: http.MethodPost, Path: base + path, Body: encode("application/json", body)}, answer)
	}
	name := map[string]string{"en": "A name"}
	send("/categories", map[string]any{"id": "c" + uuid.NewString(), "name_i18n": name}, &category)
	send("/achievements", map[string]any{
		"category": category.ID, "name_i18n": name, "status": "published", "images": map[string]string{"small": "https://example.com/s.png"},
	}, &achievement)
	nominator := root
	nominator.UserID = uuid.New() // one user may have so many open nominations only
	got, err := target.Send(t.Context(), Request{
		Method: http.MethodPost, Path: base + "/achievements/" + achievement.ID + "/nominations", Header: http.Header{"Content-Type": {"application/json"}},
		Body: encode("application/json", map[string]any{"nominee_id": member, "text": "A reason"}),
	}, nominator)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(got.Body, &nomination))
	require.NotEmpty(t, nomination.ID, "%s", got.Body)
	send("/achievements/"+achievement.ID+"/grants", map[string]any{"recipient_id": member}, &grant)
	return map[string]string{
		"category_id": category.ID, "achievement_id": achievement.ID, "grant_id": grant.ID, "nomination_id": nomination.ID, "recipient_id": member, "user_id": member,
	}
}

// community creates a community with a team, a join request, an invite and an invite link, and returns the ids.
func community(t *testing.T, target Target) map[string]string {
	t.Helper()
	const base = "/api/v1/portal/groups"
	send := func(method, path string, body any) (made struct {
		ID    string
		Token string
		Link  struct{ ID string }
	}) {
		t.Helper()
		target.get(t, Request{Method: method, Path: path, Body: encode("application/json", body)}, &made)
		return made
	}
	member := func() string { // of the tenant; access knows the membership because the user has sent a request
		rc := root
		rc.UserID = uuid.New()
		r := Request{Method: http.MethodPatch, Path: "/api/v1/portal/me", Body: encode("application/json", map[string]any{"bio": "x"}), Header: http.Header{"Content-Type": {"application/json"}}}
		got, err := target.Send(t.Context(), r, rc)
		require.NoError(t, err)
		require.Less(t, got.Status, 300, "%s", got.Body)
		return rc.UserID.String()
	}
	user := member()
	values := map[string]string{"user_id": user}
	values["community_id"] = send(http.MethodPost, "/api/v1/portal/communities", map[string]any{"name": uuid.NewString(), "join_policy": "request"}).ID
	values["team_id"] = send(http.MethodPost, "/api/v1/portal/teams", map[string]any{"community_id": values["community_id"], "name": uuid.NewString(), "join_policy": "open"}).ID
	values["group_id"] = values["community_id"]
	send(http.MethodPost, base+"/"+values["community_id"]+"/members", map[string]any{"user_id": user})
	values["invite_id"] = send(http.MethodPost, base+"/"+values["community_id"]+"/invites", map[string]any{"user_id": member()}).ID
	link := send(http.MethodPost, base+"/"+values["community_id"]+"/invite-links", map[string]any{"max_uses": 100})
	values["link_id"], values["token"] = link.Link.ID, link.Token
	return values
}
