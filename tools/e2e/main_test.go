// Package e2e tests the whole platform: every service, real servers, and browsers that know nothing but addresses.
package e2e

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/signing"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/tools/journey"
	"go.updspace.com/tools/platform"
)

// world is the platform all tests of the package share. They run one after another: several of them break a part of it, and mend it.
var world *platform.Platform

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	starting, started := context.WithTimeout(context.Background(), 5*time.Minute)
	defer started()
	var err error
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	slog.SetDefault(log)
	world, err = platform.Start(starting, options())
	if err != nil {
		fmt.Fprintln(os.Stderr, "e2e: the platform does not start:", err)
		return 1
	}
	code := m.Run()
	stopping, stopped := context.WithTimeout(context.Background(), time.Minute)
	defer stopped()
	if err := world.Stop(stopping); err != nil {
		fmt.Fprintln(os.Stderr, "e2e: the platform does not stop:", err)
		return 1
	}
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	if code == 0 {
		if err := goleak.Find(testkit.LeftByNATS()...); err != nil {
			fmt.Fprintln(os.Stderr, "e2e: a stopped platform leaves goroutines behind:", err)
			return 1
		}
	}
	return code
}

// options are those of a platform that many people use from one address, in a hurry.
func options() platform.Options {
	return platform.Options{Log: slog.Default(), Env: map[string]map[string]string{
		"":         {"ACCESS_BUDGET": "5s"}, // a busy machine is slow: 503 shall mean that a service is away
		"bff":      {"RATE_LIMIT_AUTH": "0", "RATE_LIMIT_ANONYMOUS": "0", "RATE_LIMIT_READS": "0", "RATE_LIMIT_WRITES": "0", "PROXY_TIMEOUT": "60s"},
		"events":   {"ACCESS_BUDGET": "10s"},           // when hundreds answer at once
		"identity": {"PASSWORD_HASH_MEMORY_KIB": "64"}, // the passwords of demo people are no secret
	}}
}

func place() journey.Place { return journey.Place{Portal: world.Origin, ID: world.IDOrigin()} }

// newBrowser opens a browser for the length of the test.
func newBrowser(t *testing.T, tenant string) *journey.Browser {
	t.Helper()
	transport := journey.Transport()
	t.Cleanup(transport.CloseIdleConnections)
	return journey.NewBrowser(world.Origin(tenant), transport, nil)
}

// signedIn is a browser of a user who has signed in to the tenant aef.
func signedIn(t *testing.T, account string) *journey.Browser {
	t.Helper()
	b := newBrowser(t, "aef")
	require.NoError(t, journey.SignIn(t.Context(), b, account, journey.Password))
	return b
}

// poll is a published poll of the tenant aef with one question.
type poll struct {
	ID         string
	Nomination string
	Options    []string
}

func (p poll) ballot(option int) map[string]any {
	return map[string]any{"poll_id": p.ID, "nomination_id": p.Nomination, "option_id": p.Options[option]}
}

// newPoll has the admin publish a poll whose one question takes as many votes as it has options.
func newPoll(t *testing.T, admin *journey.Browser, options int) poll {
	t.Helper()
	list := make([]map[string]any, options)
	for i := range list {
		list[i] = map[string]any{"title": fmt.Sprintf("Option %d", i+1)}
	}
	var created struct{ ID string }
	require.NoError(t, admin.Send(t.Context(), http.MethodPost, "/api/v1/voting/polls", map[string]any{
		"title": t.Name(), "scope_type": "TENANT", "visibility": "community", "allow_revoting": true, "results_visibility": "always",
		"nominations": []any{map[string]any{"title": "Which", "kind": "custom", "max_votes": options, "options": list}},
	}).JSON(http.StatusCreated, &created))
	require.NoError(t, admin.Send(t.Context(), http.MethodPut, "/api/v1/voting/polls/"+created.ID, map[string]any{"status": "active"}).Expect(http.StatusOK))
	var info struct {
		Nominations []struct{ ID string }
		Options     []struct{ ID string }
	}
	require.NoError(t, admin.Send(t.Context(), http.MethodGet, "/api/v1/voting/polls/"+created.ID+"/info", nil).JSON(http.StatusOK, &info))
	p := poll{ID: created.ID, Nomination: info.Nominations[0].ID}
	for _, o := range info.Options {
		p.Options = append(p.Options, o.ID)
	}
	require.Len(t, p.Options, options)
	return p
}

// cast votes through the gateway.
func cast(ctx context.Context, b *journey.Browser, p poll, option int) *journey.Answer {
	return b.Send(ctx, http.MethodPost, "/api/v1/voting/votes", p.ballot(option))
}

// database looks behind a service's back, as a superuser whom row-level security does not bind.
func database(t *testing.T, name string) *sql.DB {
	t.Helper()
	db, err := sql.Open("pgx", world.AdminDatabaseURL(name))
	require.NoError(t, err)
	t.Cleanup(func() { db.Close() })
	return db
}

func count(t *testing.T, db *sql.DB, query string, args ...any) int {
	t.Helper()
	var n int
	require.NoError(t, db.QueryRowContext(t.Context(), query, args...).Scan(&n))
	return n
}

// aef is the context of an active member of the tenant aef, as the gateway would sign it.
func aef(user uuid.UUID) reqctx.Context {
	return reqctx.Context{
		RequestID: uuid.NewString(), TenantID: uuid.MustParse("00000000-0000-0000-0000-000000000001"), TenantSlug: "aef", UserID: user,
		Flags: reqctx.Flags{EmailVerified: true, MembershipStatus: "active", Status: "active"},
	}
}

var memberID = uuid.MustParse("00000000-0000-4000-8000-000000000002")

// signer signs as the gateway.
func signer(t *testing.T, audience string) *signing.Signer {
	t.Helper()
	keys, err := world.Keyring()
	require.NoError(t, err)
	s, err := keys.Signer("bff", audience)
	require.NoError(t, err)
	return s
}

// concurrently runs n of f at once and waits for all.
func concurrently(n int, f func(i int)) {
	var group sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		group.Go(func() {
			<-start
			f(i)
		})
	}
	close(start)
	group.Wait()
}

// stopAtEnd stops a further instance of a service when the test is over.
func stopAtEnd(t *testing.T, i *platform.Instance) {
	t.Helper()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), patience)
		defer cancel()
		require.NoError(t, i.Stop(ctx))
	})
}
