package testkit_test

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/uuid"
	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func TestDatabasesAreSeparateAndDropped(t *testing.T) {
	admin, err := sql.Open("pgx", testkit.AdminURL(t))
	require.NoError(t, err)
	defer admin.Close()
	count := func(name string) (n int) {
		require.NoError(t, admin.QueryRow("SELECT count(*) FROM pg_database WHERE datname = $1", name).Scan(&n))
		return n
	}
	var names []string
	t.Run("two tests", func(t *testing.T) {
		for range 2 {
			cfg := testkit.Postgres(t)
			require.True(t, cfg.StrictReads)
			db := testkit.OpenDB(t, cfg)
			var name string
			require.NoError(t, db.Conn(context.Background()).NewRaw("SELECT current_database()").Scan(context.Background(), &name))
			names = append(names, name)
			// what one writes the other does not see
			require.NoError(t, db.Do(context.Background(), func(ctx context.Context) error {
				_, err := db.Conn(ctx).NewRaw("INSERT INTO inbox VALUES ('c', 'e')").Exec(ctx)
				return err
			}))
			require.Equal(t, 1, count(name))
		}
	})
	require.NotEqual(t, names[0], names[1])
	require.Zero(t, count(names[0]))
	require.Zero(t, count(names[1]))
}

func TestPreparedDatabasesBeginWithTheSameData(t *testing.T) {
	runs := 0
	prepared := testkit.Prepared(func(ctx context.Context, cfg pg.Config) error {
		runs++
		db, err := pg.Open(ctx, cfg)
		if err != nil {
			return err
		}
		defer db.Close()
		return db.Do(ctx, func(ctx context.Context) error {
			_, err := db.Conn(ctx).NewRaw("INSERT INTO inbox VALUES ('c', 'e')").Exec(ctx)
			return err
		})
	})
	for range 2 {
		db := testkit.OpenDB(t, prepared(t))
		require.NoError(t, db.Do(t.Context(), func(ctx context.Context) error {
			n, err := db.Conn(ctx).NewDelete().Table("inbox").Where("consumer = 'c'").Exec(ctx)
			require.NoError(t, err)
			deleted, err := n.RowsAffected()
			require.EqualValues(t, 1, deleted)
			return err
		}))
	}
	require.Equal(t, 1, runs)
}

func TestARecycledDatabaseIsEmptyButForWhatIsKept(t *testing.T) {
	runs := 0
	open := func(cfg pg.Config) *sql.DB {
		owner, err := sql.Open("pgx", cfg.MigrateURL)
		require.NoError(t, err)
		return owner
	}
	recycled := testkit.Recycled(func(_ context.Context, cfg pg.Config) error {
		runs++
		owner := open(cfg)
		defer owner.Close()
		_, err := owner.Exec("INSERT INTO inbox VALUES ('c', 'e'); CREATE TABLE left_behind (n int)")
		return err
	}, []string{"inbox"})
	var urls []string
	for range 2 {
		t.Run("a test", func(t *testing.T) {
			cfg := recycled(t)
			urls = append(urls, cfg.URL)
			owner := open(cfg)
			defer owner.Close()
			var kept, left int
			require.NoError(t, owner.QueryRow("SELECT (SELECT count(*) FROM inbox), (SELECT count(*) FROM left_behind)").Scan(&kept, &left))
			require.Equal(t, 1, kept)
			require.Zero(t, left)
			_, err := owner.Exec("INSERT INTO left_behind VALUES (1)")
			require.NoError(t, err)
			require.NotEqual(t, cfg.URL, recycled(t).URL, "a database belongs to one test at a time")
		})
	}
	require.Equal(t, urls[0], urls[1])
	require.Equal(t, 2, runs)
}

// TestAbandonedDatabase: the name says a process that does not live any more.
func TestAbandonedDatabasesAreSwept(t *testing.T) {
	ctx := context.Background()
	admin, err := sql.Open("pgx", testkit.AdminURL(t))
	require.NoError(t, err)
	defer admin.Close()
	const abandoned, foreign = "updspace_test_00c0ffee_1", "updspace_test_data"
	for _, name := range []string{abandoned, foreign} {
		_, err = admin.ExecContext(ctx, "CREATE DATABASE "+name)
		require.NoError(t, err)
		defer func() { _, _ = admin.ExecContext(ctx, "DROP DATABASE IF EXISTS "+name) }()
	}
	require.NoError(t, testkit.Sweep(ctx, t))
	var left []string
	rows, err := admin.QueryContext(ctx, "SELECT datname FROM pg_database WHERE datname IN ($1, $2)", abandoned, foreign)
	require.NoError(t, err)
	defer rows.Close()
	for rows.Next() {
		var name string
		require.NoError(t, rows.Scan(&name))
		left = append(left, name)
	}
	require.NoError(t, rows.Err())
	require.Equal(t, []string{foreign}, left, "and what is not of that form is not ours")
}

func TestRedisIsEmpty(t *testing.T) {
	talk := func(addr, command string) string {
		c, err := net.Dial("tcp", addr)
		require.NoError(t, err)
		defer c.Close()
		_, err = fmt.Fprintf(c, "%s\r\n", command)
		require.NoError(t, err)
		line, err := bufio.NewReader(c).ReadString('\n')
		require.NoError(t, err)
		return strings.TrimSpace(line)
	}
	t.Run("one test writes", func(t *testing.T) { require.Equal(t, "+OK", talk(testkit.Redis(t), "SET a 1")) })
	t.Run("the next does not see it", func(t *testing.T) { require.Equal(t, ":0", talk(testkit.Redis(t), "DBSIZE")) })
}

func TestBrokerComesBackWithWhatItHad(t *testing.T) {
	b := testkit.NATSServer(t)
	before := b.URL
	connected := func() error {
		nc, err := nats.Connect(b.URL)
		if err == nil {
			nc.Close()
		}
		return err
	}
	require.NoError(t, connected())
	b.Stop()
	require.Error(t, connected())
	b.Start()
	require.Equal(t, before, b.URL)
	require.NoError(t, connected())
}

func TestClock(t *testing.T) {
	c := testkit.NewClock()
	start := c.Now()
	require.Equal(t, start, c.Now())
	require.Equal(t, start.Add(time.Hour), c.Advance(time.Hour))
	c.Set(time.Date(2030, 1, 1, 0, 0, 0, 1_500, time.FixedZone("", 3600)))
	require.Equal(t, time.Date(2029, 12, 31, 23, 0, 0, 1_000, time.UTC), c.Now())
}

const document = `
openapi: 3.0.3
info: {title: things, version: "1"}
servers: [{url: /}]
paths:
  /things/{id}:
    post:
      x-error-codes: [THING_LOCKED]
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [name], properties: {name: {type: string}}}}}}
      responses:
        "201": {description: made, content: {application/json: {schema: {type: object, required: [id], properties: {id: {type: integer}}}}}}
        "422": {description: wrong}
`

// failures stands in for a test, to see what would fail it.
type failures struct {
	testing.TB
	texts []string
}

func (f *failures) Helper() {}
func (f *failures) Errorf(format string, args ...any) {
	f.texts = append(f.texts, fmt.Sprintf(format, args...))
}

func TestClientHoldsAnswersAgainstTheDocument(t *testing.T) {
	spec, err := openapi3.NewLoader().LoadFromData([]byte(document))
	require.NoError(t, err)
	rc := reqctx.Context{TenantID: uuid.New(), UserID: uuid.New()}
	verifier := testkit.Keyring().Verifier("things")

	for name, c := range map[string]struct {
		path, body string // of the request
		status     int
		answer     string
		want       string // in the failure; none when empty
	}{
		"good":                      {"/things/1", `{"name":"a"}`, 201, `{"id":1}`, ""},
		"refused":                   {"/things/1", `{}`, 422, ``, ""},
		"unknown path":              {"/nothing", `{}`, 404, ``, ""},
		"undocumented status":       {"/things/1", `{"name":"a"}`, 200, `{"id":1}`, "200"},
		"body does not match":       {"/things/1", `{"name":"a"}`, 201, `{"id":"one"}`, "id"},
		"body is missing":           {"/things/1", `{"name":"a"}`, 201, ``, "201"},
		"invalid request accepted":  {"/things/1", `{}`, 201, `{"id":1}`, "the request is invalid"},
		"answer on an unknown path": {"/nothing", `{}`, 201, `{}`, "no operation"},
		"undocumented failure":      {"/things/1", `{"name":"a"}`, 500, `{}`, "500"},
		"bad parameter, refused":    {"/things/x", `{"name":"a"}`, 422, ``, ""},
		"code that is listed":       {"/things/1", `{"name":"a"}`, 422, `{"error":{"code":"THING_LOCKED"}}`, ""},
		"code of the kit":           {"/things/1", `{"name":"a"}`, 422, `{"error":{"code":"VALIDATION_ERROR"}}`, ""},
		"request id used again":     {"/things/1", `{"name":"a"}`, 422, `{"error":{"code":"IDEMPOTENCY_KEY_REUSED"}}`, ""},
		"code that is not listed":   {"/things/1", `{"name":"a"}`, 422, `{"error":{"code":"THING_GONE"}}`, "does not list the code THING_GONE"},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, err := io.ReadAll(r.Body)
				if err != nil || string(body) != c.body {
					t.Errorf("the body did not arrive: %q, %v", body, err)
				}
				got, err := verifier.Verify(r, body)
				if err != nil || got.TenantID != rc.TenantID || got.UserID != rc.UserID || got.Caller != "bff" || got.RequestID == "" {
					t.Errorf("signed context %+v, %v", got, err)
				}
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(c.status)
				_, _ = io.WriteString(w, c.answer)
			}))
			defer server.Close()
			f := &failures{TB: t}
			client := testkit.Client(f, server.URL, "things", rc, spec)
			response, err := client.Post(server.URL+c.path, "application/json", strings.NewReader(c.body))
			require.NoError(t, err)
			answer, err := io.ReadAll(response.Body)
			require.NoError(t, err)
			require.NoError(t, response.Body.Close())
			require.Equal(t, c.answer, string(answer), "the caller still gets it")
			if c.want == "" {
				require.Empty(t, f.texts)
				return
			}
			require.Len(t, f.texts, 1)
			require.Contains(t, f.texts[0], c.want)
		})
	}
}

func TestFilledNamesFieldsWithoutAValue(t *testing.T) {
	t.Parallel()
	type part struct{ Note string }
	type full struct {
		Name  string
		At    time.Time
		Part  part
		Parts []part
		Maybe *bool
		inner int //nolint:unused // fields that are not exported do not count
	}
	good := full{Name: "a", At: time.Now(), Part: part{"n"}, Parts: []part{{"n"}}, Maybe: new(bool)}
	testkit.Filled(t, good)
	testkit.Filled(t, full{Name: "a", At: time.Now(), Part: part{"n"}, Parts: []part{{}}, Maybe: new(bool)}, "Parts.Note")
	for want, spoil := range map[string]func(*full){
		"Name": func(f *full) { f.Name = "" }, "At": func(f *full) { f.At = time.Time{} }, "Maybe": func(f *full) { f.Maybe = nil },
		"Parts": func(f *full) { f.Parts = []part{} }, "Part": func(f *full) { f.Part = part{} },
	} {
		bad := good
		spoil(&bad)
		f := &failures{TB: t}
		testkit.Filled(f, bad)
		require.Len(t, f.texts, 1, want)
		require.Contains(t, f.texts[0], "has no value for "+want)
		testkit.Filled(t, bad, want)
		f = &failures{TB: t}
		testkit.Filled(f, good, want)
		require.Len(t, f.texts, 1, want)
	}
}

func TestSharedPostgresIsOneDatabase(t *testing.T) {
	t.Parallel()
	shared := testkit.SharedPostgres(t)
	require.Equal(t, shared, testkit.SharedPostgres(t))
	require.NotEqual(t, shared.URL, testkit.Postgres(t).URL)
	require.NoError(t, testkit.OpenDB(t, shared).Ping(t.Context()))
}
