package backup_test

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/pg"
	"go.updspace.com/tools/backup"
	"go.updspace.com/tools/installation"
)

// fillPolls makes polls with four options, in which a thousand members have voted each.
const fillPolls = `
INSERT INTO polls (tenant_id, id, title, description, status, scope_type, scope_id, visibility, template, allow_revoting, anonymous, results_visibility,
	settings, hidden, created_by, created_at, updated_at, version, search_text)
SELECT t, md5('poll' || p)::uuid, 'Poll ' || p, '', 'closed', 'TENANT', t, 'community', '', false, false, 'always', '{}', false, t, now(), now(), 1, 'poll'
FROM generate_series(1, $2::int / 1000) AS p, (SELECT $1::uuid AS t) AS tenant`

const fillQuestions = `
INSERT INTO questions (tenant_id, id, poll_id, title, description, kind, sort_order, max_votes, is_required, config)
SELECT tenant_id, id, id, 'Which', '', 'custom', 0, 1, false, '{}' FROM polls WHERE tenant_id = $1`

const fillOptions = `
INSERT INTO options (tenant_id, id, poll_id, question_id, title, description, media_url, sort_order)
SELECT tenant_id, md5(id || 'option' || o)::uuid, id, id, 'Option ' || o, '', '', o FROM polls, generate_series(0, 3) AS o WHERE tenant_id = $1`

const fillBallots = `
INSERT INTO ballots (tenant_id, id, poll_id, question_id, option_id, user_id, slot, request_id, cast_at)
SELECT tenant_id, gen_random_uuid(), id, id, md5(id || 'option' || u % 4)::uuid, md5('user' || u)::uuid, 1, gen_random_uuid()::text, now()
FROM polls, generate_series(1, 1000) AS u WHERE tenant_id = $1`

// Every ballot comes back as it was. BALLOTS says how many there are; with -v the test says how long it takes.
func TestBallotsComeBack(t *testing.T) {
	ballots := 2000
	if n, err := strconv.Atoi(os.Getenv("BALLOTS")); err == nil {
		ballots = n
	}
	adminURL, dir, data := installed(t)
	s, err := installation.Read(dir)
	require.NoError(t, err)
	withVoting(t, adminURL, func(c *pgx.Conn) {
		const tenant = "00000000-0000-0000-0000-000000000001"
		_, err := c.Exec(t.Context(), fillPolls, tenant, ballots)
		require.NoError(t, err)
		for _, fill := range []string{fillQuestions, fillOptions, fillBallots} {
			_, err := c.Exec(t.Context(), fill, tenant)
			require.NoError(t, err)
		}
	})
	before := recount(t, adminURL)
	require.Equal(t, ballots, before.ballots)

	o := backup.Options{Settings: s, AdminURL: adminURL, Folder: filepath.Join(t.TempDir(), "backup"), Progress: func(backup.File) {}}
	began := time.Now()
	require.NoError(t, backup.Write(t.Context(), o))
	written := time.Since(began)
	info, err := os.Stat(filepath.Join(o.Folder, "db_voting.dump"))
	require.NoError(t, err)
	drop(t, adminURL)
	require.NoError(t, os.RemoveAll(filepath.Join(data, "files")))
	began = time.Now()
	require.NoError(t, backup.Restore(t.Context(), o, nil))
	t.Logf("%d ballots: backup %s, %d MB; restore %s", ballots, written.Round(time.Millisecond), info.Size()>>20, time.Since(began).Round(time.Millisecond))
	require.Equal(t, before, recount(t, adminURL))
}

type counted struct {
	ballots  int
	checksum string // of every row
	winners  string // the votes for each option
}

func recount(t *testing.T, adminURL string) (c counted) {
	t.Helper()
	withVoting(t, adminURL, func(conn *pgx.Conn) {
		require.NoError(t, conn.QueryRow(t.Context(), `SELECT count(*), sum(hashtextextended(b::text, 0))::text,
			(SELECT md5(string_agg(option_id || ' ' || n, ',' ORDER BY option_id)) FROM (SELECT option_id, count(*) AS n FROM ballots GROUP BY option_id) AS o)
			FROM ballots AS b`).Scan(&c.ballots, &c.checksum, &c.winners))
	})
	return c
}

func withVoting(t *testing.T, adminURL string, do func(*pgx.Conn)) {
	t.Helper()
	url, err := pg.DatabaseURL(adminURL, "db_voting")
	require.NoError(t, err)
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	defer conn.Close(t.Context())
	do(conn)
}
