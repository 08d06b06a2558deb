package backup_test

import (
	"bytes"
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"filippo.io/age"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/pg"
	"go.updspace.com/tools/backup"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/tools/installation"
	"go.updspace.com/tools/services"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// installed makes an installation with a PostgreSQL server of its own, and returns the server and the folders of its settings and its data.
func installed(t *testing.T) (adminURL, dir, data string) {
	t.Helper()
	adminURL, dir, data = testkit.OwnServer(t), filepath.Join(t.TempDir(), "etc"), t.TempDir()
	require.NoError(t, installation.Init(t.Context(), dir, installation.Answers{
		Domain: "play.example.test", DatabaseURL: adminURL, SMTPHost: "127.0.0.1", SMTPTLS: "none", SMTPFrom: "noreply@play.example.test",
		AdminEmail: "founder@example.test", Community: "first", DataDir: data,
	}, func(string) {}))
	return adminURL, dir, data
}

// An encrypted backup of an installation comes back whole in new databases, and with the wrong key, a byte changed, or beside data not at all.
func TestABackupComesBackWhole(t *testing.T) {
	adminURL, dir, data := installed(t)
	s, err := installation.Read(dir)
	require.NoError(t, err)
	picture := filepath.Join(data, "files", "aa", "picture")
	require.NoError(t, os.MkdirAll(filepath.Dir(picture), 0o750))
	require.NoError(t, os.WriteFile(picture, []byte("pixels"), 0o600))
	before := rows(t, adminURL)
	require.NotEmpty(t, before["db_id.users"])

	key, err := age.GenerateX25519Identity()
	require.NoError(t, err)
	o := backup.Options{
		Settings: s, AdminURL: adminURL, Folder: filepath.Join(t.TempDir(), "backup"), Recipients: []string{key.Recipient().String()},
		Progress: func(backup.File) {},
	}
	require.NoError(t, backup.Write(t.Context(), o))
	m, err := backup.Verify(o.Folder)
	require.NoError(t, err)
	require.Len(t, m.Files, len(services.All())+2)
	requireNothingInClear(t, o.Folder, "founder@example.test", "pixels", s.Env("identity")["IDENTITY_SEAL_KEYS"])

	keys := []age.Identity{key}
	require.ErrorContains(t, backup.Restore(t.Context(), o, keys), "has tables already")
	require.Equal(t, before, rows(t, adminURL))
	drop(t, adminURL)
	require.ErrorContains(t, backup.Restore(t.Context(), o, keys), "there are files in")
	require.NoError(t, os.RemoveAll(filepath.Join(data, "files")))
	require.ErrorContains(t, backup.Restore(t.Context(), o, nil), "its private key is needed")
	other, err := age.GenerateX25519Identity()
	require.NoError(t, err)
	require.ErrorContains(t, backup.Restore(t.Context(), o, []age.Identity{other}), "did not match any of the recipients")

	drop(t, adminURL)
	require.NoError(t, backup.Restore(t.Context(), o, keys))
	require.Equal(t, before, rows(t, adminURL))
	content, err := os.ReadFile(picture)
	require.NoError(t, err)
	require.Equal(t, "pixels", string(content))
	for _, service := range services.All() {
		require.NoError(t, service.Migrate(t.Context(), s.Env(service.Name)), "the owner owns what was restored")
	}

	dump := filepath.Join(o.Folder, "db_voting.dump.age")
	text, err := os.ReadFile(dump)
	require.NoError(t, err)
	text[len(text)/2] ^= 1
	require.NoError(t, os.WriteFile(dump, text, 0o600))
	_, err = backup.Verify(o.Folder)
	require.ErrorContains(t, err, "db_voting.dump.age is not what was written")
}

// Without a public key the backup is readable; secrets of the settings are not in it.
func TestSecretsOfTheSettingsAreLeftOut(t *testing.T) {
	adminURL := testkit.OwnServer(t)
	dir := filepath.Join(t.TempDir(), "etc")
	require.NoError(t, installation.Init(t.Context(), dir, installation.Answers{
		Domain: "play.example.test", DatabaseURL: adminURL, SMTPHost: "127.0.0.1", SMTPTLS: "none", SMTPFrom: "noreply@play.example.test",
		AdminEmail: "founder@example.test", Community: "first", DataDir: t.TempDir(),
	}, func(string) {}))
	s, err := installation.Read(dir)
	require.NoError(t, err)
	folder := filepath.Join(t.TempDir(), "backup")
	require.NoError(t, backup.Write(t.Context(), backup.Options{Settings: s, AdminURL: adminURL, Folder: folder, Progress: func(backup.File) {}}))
	text, err := os.ReadFile(filepath.Join(folder, "settings.env"))
	require.NoError(t, err)
	require.Contains(t, string(text), "bff TENANT_HOST_SUFFIX=play.example.test")
	env := s.Env("identity")
	requireNothingInClear(t, folder, env["IDENTITY_SEAL_KEYS"], env["UPDSPACE_SIGNING_SECRET"], env["DATABASE_URL"], env["OIDC_CLIENT_SECRET"], env["SERVE_NATS_TOKEN"])
}

func requireNothingInClear(t *testing.T, folder string, values ...string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	require.NotEmpty(t, entries)
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(folder, e.Name()))
		require.NoError(t, err)
		for _, value := range values {
			require.NotEmpty(t, value)
			require.False(t, bytes.Contains(text, []byte(value)), "%s has what must not be in it", e.Name())
		}
	}
}

// rows are the rows of every table, as text, but for when events were sent: those of the last hour are sent again.
func rows(t *testing.T, adminURL string) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for _, s := range services.All() {
		url, err := pg.DatabaseURL(adminURL, s.Database)
		require.NoError(t, err)
		conn, err := pgx.Connect(t.Context(), url)
		require.NoError(t, err)
		tables, err := column(t.Context(), conn, "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'")
		require.NoError(t, err)
		for _, table := range tables {
			content, err := column(t.Context(), conn, "SELECT (to_jsonb(t) - 'published_at')::text FROM "+pgx.Identifier{table}.Sanitize()+" t")
			require.NoError(t, err)
			slices.Sort(content)
			all[s.Database+"."+table] = content
		}
		require.NoError(t, conn.Close(t.Context()))
	}
	require.NotEmpty(t, slices.Collect(maps.Keys(all)))
	return all
}

func column(ctx context.Context, conn *pgx.Conn, query string) ([]string, error) {
	found, err := conn.Query(ctx, query)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(found, pgx.RowTo[string])
}

// drop removes the databases of an installation.
func drop(t *testing.T, adminURL string) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	conn, err := pgx.Connect(ctx, adminURL)
	require.NoError(t, err)
	defer conn.Close(ctx)
	for _, s := range services.All() {
		_, err := conn.Exec(ctx, "DROP DATABASE IF EXISTS "+s.Database+" WITH (FORCE)")
		require.NoError(t, err)
	}
}
