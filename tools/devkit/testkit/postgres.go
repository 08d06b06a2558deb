package testkit

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver for the administrator's connection

	"go.updspace.com/libs/pg"
	"go.updspace.com/tools/devkit/devstack"
)

const (
	// Databases of tests are named testPrefix, the owner's key, a number.
	testPrefix = "updspace_test_"
	// Templates are named templatePrefix and the hash of their migrations.
	templatePrefix = "updspace_tpl_"

	// Advisory locks in the maintenance database: one class says which test
	// processes live, one number lets one process at a time build a template.
	aliveClass   = 0x75706431
	templateLock = 0x75706432

	serverPatience = 5 * time.Minute // the first start may have to install a server
)

// pgServer is the PostgreSQL server of this process's tests.
type pgServer struct {
	adminURL  string
	admin     *sql.DB
	key       int32 // names our databases; a lock on it says that we live
	serial    atomic.Int64
	mu        sync.Mutex
	templates map[string]pg.Provisioned
	sharing   sync.Mutex
	shared    map[string]string // shared databases by template
}

var postgres = sync.OnceValues(startPostgres)

// AdminURL is the URL of a superuser of the server that tests use.
func AdminURL(t testing.TB) string {
	t.Helper()
	return testServer(t).adminURL
}

// Postgres gives the test a database of its own with the kit's migrations and
// the given ones applied, dropped when the test ends. Tests may run in
// parallel. It is cloned from a template that is migrated once per set of
// migrations, by whichever process comes first.
//
// Reads are strict: a query that forgets its tenant finds nothing.
func Postgres(t testing.TB, sets ...pg.Migrations) pg.Config {
	t.Helper()
	s := testServer(t)
	ctx, cancel := context.WithTimeout(context.Background(), serverPatience)
	defer cancel()

	template, roles, err := s.template(ctx, sets)
	if err != nil {
		t.Fatalf("testkit: %v", err)
	}
	return s.cloneFor(t, template, template, roles)
}

// cloneFor clones a database for the length of a test. template names the owner.
func (s *pgServer) cloneFor(t testing.TB, source, template string, roles pg.Provisioned) pg.Config {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), serverPatience)
	defer cancel()
	name, drop, err := s.clone(ctx, source, template)
	if err != nil {
		t.Fatalf("testkit: %v", err)
	}
	t.Cleanup(func() {
		if err := drop(); err != nil {
			t.Errorf("testkit: %v", err)
		}
	})
	return config(roles, name)
}

func (s *pgServer) clone(ctx context.Context, source, template string) (name string, drop func() error, err error) {
	name = fmt.Sprintf("%s%08x_%d", testPrefix, uint32(s.key), s.serial.Add(1))
	if _, err := s.admin.ExecContext(ctx, "CREATE DATABASE "+name+" TEMPLATE "+source+" OWNER "+template+"_owner"); err != nil {
		return "", nil, fmt.Errorf("cloning %s: %w", source, err)
	}
	return name, func() error {
		if _, err := s.admin.ExecContext(context.Background(), "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			return fmt.Errorf("dropping %s: %w", name, err)
		}
		return nil
	}, nil
}

func config(roles pg.Provisioned, database string) pg.Config {
	return pg.Config{
		URL:         withDatabase(roles.AppURL, database),
		MigrateURL:  withDatabase(roles.OwnerURL, database),
		MaxConns:    8,
		StrictReads: true,
	}
}

// DB is Postgres, opened.
func DB(t testing.TB, sets ...pg.Migrations) *pg.DB {
	t.Helper()
	return OpenDB(t, Postgres(t, sets...))
}

// OpenDB opens a database for the length of the test.
func OpenDB(t testing.TB, cfg pg.Config) *pg.DB {
	t.Helper()
	db, err := pg.Open(context.Background(), cfg)
	if err != nil {
		t.Fatalf("testkit: %v", err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("testkit: %v", err)
		}
	})
	return db
}

func testServer(t testing.TB) *pgServer {
	t.Helper()
	requireMain(t)
	s, err := postgres()
	if err != nil {
		t.Fatalf("testkit: %v", err)
	}
	return s
}

func startPostgres() (*pgServer, error) {
	ctx, cancel := context.WithTimeout(context.Background(), serverPatience)
	defer cancel()
	adminURL := os.Getenv(EnvPostgresURL)
	if adminURL == "" {
		own, err := devstack.StartPostgres(ctx, devstack.Options{Log: quiet})
		if err != nil {
			return nil, err
		}
		atEnd(own.Stop)
		adminURL = own.AdminURL
	}
	admin, err := sql.Open("pgx", adminURL)
	if err != nil {
		return nil, fmt.Errorf("opening the maintenance database: %w", err)
	}
	atEnd(func() { _ = admin.Close() })
	s := &pgServer{adminURL: adminURL, admin: admin, templates: map[string]pg.Provisioned{}, shared: map[string]string{}}
	if err := s.announce(ctx); err != nil {
		return nil, err
	}
	if err := s.sweep(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// announce picks a key and holds a lock on it for as long as this process
// lives, so that others can tell our databases from abandoned ones.
func (s *pgServer) announce(ctx context.Context) error {
	conn, err := s.admin.Conn(ctx)
	if err != nil {
		return fmt.Errorf("connecting to the maintenance database: %w", err)
	}
	atEnd(func() { _ = conn.Close() })
	for {
		var b [4]byte
		_, _ = rand.Read(b[:]) // never fails, says its documentation
		s.key = int32(binary.BigEndian.Uint32(b[:]))
		var ours bool
		if err := conn.QueryRowContext(ctx, "SELECT pg_try_advisory_lock($1, $2)", aliveClass, s.key).Scan(&ours); err != nil {
			return fmt.Errorf("announcing the tests: %w", err)
		}
		if ours {
			return nil
		}
	}
}

// sweep drops the databases of test processes that died before they could.
func (s *pgServer) sweep(ctx context.Context) error {
	rows, err := s.admin.QueryContext(ctx, "SELECT datname FROM pg_database WHERE starts_with(datname, $1)", testPrefix)
	if err != nil {
		return fmt.Errorf("listing test databases: %w", err)
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return fmt.Errorf("listing test databases: %w", err)
		}
		names = append(names, name)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("listing test databases: %w", err)
	}
	conn, err := s.admin.Conn(ctx) // session locks: one connection takes and frees them
	if err != nil {
		return fmt.Errorf("connecting to the maintenance database: %w", err)
	}
	defer conn.Close()
	for _, name := range names {
		var key uint32
		if _, err := fmt.Sscanf(strings.TrimPrefix(name, testPrefix), "%08x_", &key); err != nil {
			continue // not ours
		}
		if err := dropAbandoned(ctx, conn, name, int32(key)); err != nil {
			return err
		}
	}
	return nil
}

func dropAbandoned(ctx context.Context, conn *sql.Conn, name string, key int32) error {
	var abandoned bool
	if err := conn.QueryRowContext(ctx, "SELECT pg_try_advisory_lock($1, $2)", aliveClass, key).Scan(&abandoned); err != nil {
		return fmt.Errorf("looking for the owner of %s: %w", name, err)
	}
	if !abandoned {
		return nil
	}
	if _, err := conn.ExecContext(ctx, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
		return fmt.Errorf("dropping the abandoned %s: %w", name, err)
	}
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_unlock($1, $2)", aliveClass, key); err != nil {
		return fmt.Errorf("freeing the lock on %s: %w", name, err)
	}
	return nil
}

// template returns the name of the migrated database to clone, and its roles.
func (s *pgServer) template(ctx context.Context, sets []pg.Migrations) (string, pg.Provisioned, error) {
	hash, err := hashOf(append([]pg.Migrations{pg.Kit()}, sets...))
	if err != nil {
		return "", pg.Provisioned{}, err
	}
	name := templatePrefix + hash
	s.mu.Lock()
	defer s.mu.Unlock()
	if roles, ok := s.templates[name]; ok {
		return name, roles, nil
	}

	conn, err := s.admin.Conn(ctx)
	if err != nil {
		return "", pg.Provisioned{}, fmt.Errorf("connecting to the maintenance database: %w", err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", templateLock); err != nil {
		return "", pg.Provisioned{}, fmt.Errorf("waiting for the template %s: %w", name, err)
	}
	roles, err := s.build(ctx, name, sets)
	if _, unlockErr := conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", templateLock); err == nil {
		err = unlockErr
	}
	if err != nil {
		return "", pg.Provisioned{}, fmt.Errorf("building the template %s: %w", name, err)
	}
	s.templates[name] = roles
	return name, roles, nil
}

// build makes the template unless it is complete already. One that is marked
// as a template is: the mark is the last step.
func (s *pgServer) build(ctx context.Context, name string, sets []pg.Migrations) (pg.Provisioned, error) {
	var ready bool
	err := s.admin.QueryRowContext(ctx, "SELECT coalesce((SELECT datistemplate FROM pg_database WHERE datname = $1), false)", name).Scan(&ready)
	if err != nil {
		return pg.Provisioned{}, err
	}
	passwords := pg.Passwords{Owner: "updspace-tests", App: "updspace-tests"}
	if ready {
		return pg.URLs(s.adminURL, name, passwords)
	}
	if _, err := s.admin.ExecContext(ctx, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
		return pg.Provisioned{}, err
	}
	roles, err := pg.Provision(ctx, s.adminURL, name, passwords)
	if err != nil {
		return pg.Provisioned{}, err
	}
	if err := pg.Migrate(ctx, roles.OwnerURL, sets...); err != nil {
		return pg.Provisioned{}, err
	}
	// no connection may be open while it is cloned, so none is let in again
	_, err = s.admin.ExecContext(ctx, "ALTER DATABASE "+name+" WITH ALLOW_CONNECTIONS false IS_TEMPLATE true")
	return roles, err
}

// hashOf names the outcome of a list of migration sets.
func hashOf(sets []pg.Migrations) (string, error) {
	h := sha256.New()
	for _, set := range sets {
		fmt.Fprintf(h, "set %q\n", set.Table)
		err := fs.WalkDir(set.FS, ".", func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			content, err := fs.ReadFile(set.FS, path)
			if err != nil {
				return err
			}
			fmt.Fprintf(h, "file %q %d\n", path, len(content))
			h.Write(content)
			return nil
		})
		if err != nil {
			return "", fmt.Errorf("reading the migrations of %s: %w", set.Table, err)
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:8]), nil
}

func withDatabase(rawURL, database string) string {
	u, err := url.Parse(rawURL)
	if err != nil { // it was composed by package pg
		panic(err)
	}
	u.Path = "/" + database
	return u.String()
}

// Disconnect ends every session of a test's database, as a restart of the
// server does to its clients.
func Disconnect(t testing.TB, cfg pg.Config) {
	t.Helper()
	u, err := url.Parse(cfg.URL)
	if err != nil {
		t.Fatalf("testkit: %v", err)
	}
	s := testServer(t)
	if _, err := s.admin.ExecContext(context.Background(),
		"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", strings.TrimPrefix(u.Path, "/")); err != nil {
		t.Fatalf("testkit: ending sessions: %v", err)
	}
}

// OwnServer starts a PostgreSQL for the test alone, for tests that need databases of fixed names, and returns the URL of its superuser.
func OwnServer(t testing.TB) string {
	t.Helper()
	server, err := devstack.StartPostgres(t.Context(), devstack.Options{})
	if err != nil {
		t.Fatalf("testkit: %v", err)
	}
	t.Cleanup(server.Stop)
	return server.AdminURL
}
