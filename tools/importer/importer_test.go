package importer_test

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"go.updspace.com/access"
	accesspg "go.updspace.com/access/adapters/pg"
	activitypg "go.updspace.com/activity/adapters/pg"
	eventspg "go.updspace.com/events/adapters/pg"
	gamificationpg "go.updspace.com/gamification/adapters/pg"
	"go.updspace.com/identity/adapters/pg/migrations"
	"go.updspace.com/libs/pg"
	portalpg "go.updspace.com/portal/adapters/pg"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/tools/importer"
	"go.updspace.com/tools/oldsystem"
	votingpg "go.updspace.com/voting/adapters/pg"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// now is when tests import.
var now = time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)

// people is how many the installation has. UPDSPACE_IMPORT_PEOPLE=10000 times an import of that size (docs/import.md).
var people = cmp.Or(atoi(os.Getenv("UPDSPACE_IMPORT_PEOPLE")), 210)

func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

// installation makes an old installation for the length of the test.
func installation(t *testing.T) []string {
	t.Helper()
	prefix := fmt.Sprintf("old_%d_%d_", os.Getpid(), time.Now().UnixNano())
	urls, err := oldsystem.Make(t.Context(), testkit.AdminURL(t), prefix, people)
	require.NoError(t, err)
	t.Cleanup(func() {
		ctx := context.Background()
		conn := connect(t, testkit.AdminURL(t))
		for _, part := range oldsystem.Parts {
			_, err := conn.Exec(ctx, "DROP DATABASE "+prefix+part+" WITH (FORCE)")
			require.NoError(t, err)
		}
		require.NoError(t, conn.Close(ctx))
	})
	return urls
}

// platform makes the databases of the services, and returns the URLs for their owners by service.
func platform(t *testing.T) map[string]string {
	t.Helper()
	urls := map[string]string{}
	for service, set := range map[string]pg.Migrations{
		"identity": migrations.Set(), "access": accesspg.Migrations(), "portal": portalpg.Migrations(), "voting": votingpg.Migrations(), "events": eventspg.Migrations(),
		"gamification": gamificationpg.Migrations(), "activity": activitypg.Migrations(),
	} {
		cfg := testkit.Postgres(t, set)
		if service == "access" {
			require.NoError(t, access.BootstrapAdmin(t.Context(), access.Config{Database: cfg}))
		}
		urls[service] = cfg.MigrateURL
	}
	return urls
}

func values(m map[string]string) (list []string) {
	for _, v := range m {
		list = append(list, v)
	}
	return list
}

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), url)
	require.NoError(t, err)
	return conn
}

// checksums are of the rows of all tables, by table.
func checksums(t *testing.T, urls map[string]string) map[string]string {
	t.Helper()
	sums := map[string]string{}
	for service, url := range urls {
		conn := connect(t, url)
		_, err := conn.Exec(t.Context(), "SET updspace.across = 'on'")
		require.NoError(t, err)
		rows, err := conn.Query(t.Context(), "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'")
		require.NoError(t, err)
		tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
		require.NoError(t, err)
		for _, table := range tables {
			var sum string
			require.NoError(t, conn.QueryRow(t.Context(), "SELECT count(*) || ' ' || coalesce(sum(hashtextextended(t::text, 0))::text, '') FROM "+pgx.Identifier{table}.Sanitize()+" t").Scan(&sum))
			sums[service+"."+table] = sum
		}
		require.NoError(t, conn.Close(context.Background()))
	}
	return sums
}

func run(t *testing.T, from []string, to map[string]string, dry bool) *importer.Report {
	t.Helper()
	began := time.Now()
	report, err := importer.Import(t.Context(), importer.Options{
		From: from, To: values(to), DryRun: dry, Now: now, Progress: func(service string, took time.Duration) { t.Log(service, took) },
	})
	require.NoError(t, err)
	t.Log("all", time.Since(began))
	return report
}

func TestAnImportIsWholeAndTheSecondChangesNothing(t *testing.T) {
	t.Parallel()
	from, to := installation(t), platform(t)
	empty := checksums(t, to)
	dry := run(t, from, to, true)
	require.Equal(t, empty, checksums(t, to), "a dry run writes nothing")
	first := run(t, from, to, false)
	require.Equal(t, dry.Kinds(), first.Kinds(), "a dry run tells what an import does")
	var text strings.Builder
	require.NoError(t, first.Print(&text))
	t.Log(text.String())
	full := checksums(t, to)
	require.NotEqual(t, empty, full)

	second := run(t, from, to, false)
	require.Equal(t, full, checksums(t, to))
	for _, k := range second.Kinds() {
		if k.Name != "passwords" {
			require.Zero(t, k.New, k.Name)
		}
	}
}
