package pg

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"regexp"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Provisioned says how to reach a database that Provision made.
type Provisioned struct {
	OwnerURL string // for migrations
	AppURL   string // for the service
}

// Passwords are those of a database's two roles. The zero value derives them from the administrator's password, which suits
// machines where the administrator's password opens everything anyway.
type Passwords struct{ Owner, App string }

var databaseName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,40}$`)

// Provision makes a database and its two roles: <database>_owner migrates, <database>_app serves. The second may only read and
// change rows: it owns no table, so row-level security applies to it and it cannot switch it off. What exists already is kept
// and corrected, so Provision may run at every start. adminURL is for a role that may create databases and roles.
func Provision(ctx context.Context, adminURL, database string, passwords ...Passwords) (Provisioned, error) {
	if !databaseName.MatchString(database) {
		return Provisioned{}, fmt.Errorf("pg: %q is not a name for a database", database)
	}
	admin, err := pgx.ParseConfig(adminURL)
	if err != nil {
		return Provisioned{}, fmt.Errorf("pg: reading the administrator's URL: %w", err)
	}
	var pw Passwords
	if len(passwords) > 0 {
		pw = passwords[0]
	}
	pw = pw.orDerived(admin.Password, database)
	owner, app := database+"_owner", database+"_app"

	server, err := open(adminURL, nil)
	if err != nil {
		return Provisioned{}, err
	}
	defer server.Close()
	if err := awaitServer(ctx, server); err != nil {
		return Provisioned{}, err
	}
	// one at a time: concurrent changes of the same catalogue rows fail
	lock, err := server.Conn(ctx)
	if err != nil {
		return Provisioned{}, fmt.Errorf("pg: provisioning %s: %w", database, err)
	}
	defer lock.Close()
	if _, err := lock.ExecContext(ctx, "SELECT pg_advisory_lock($1)", int64(migrationLock)); err != nil {
		return Provisioned{}, fmt.Errorf("pg: provisioning %s: %w", database, err)
	}
	for role, password := range map[string]string{owner: pw.Owner, app: pw.App} {
		if err := ensureRole(ctx, server, role, password); err != nil {
			return Provisioned{}, fmt.Errorf("pg: provisioning role %s: %w", role, err)
		}
	}
	if err := quietLog(ctx, server, owner, app); err != nil {
		return Provisioned{}, fmt.Errorf("pg: provisioning the log of %s: %w", database, err)
	}
	if err := ensureDatabase(ctx, server, database, owner); err != nil {
		return Provisioned{}, fmt.Errorf("pg: provisioning database %s: %w", database, err)
	}
	if err := grant(ctx, connectionURL(adminURL, admin, database, admin.User, admin.Password), owner, app, database); err != nil {
		return Provisioned{}, fmt.Errorf("pg: provisioning grants in %s: %w", database, err)
	}
	return urls(adminURL, admin, database, pw), nil
}

func ensureRole(ctx context.Context, server *sql.DB, role, password string) error {
	verb := "ALTER"
	var exists bool
	if err := server.QueryRowContext(ctx, "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)", role).Scan(&exists); err != nil {
		return err
	}
	if !exists {
		verb = "CREATE"
	}
	_, err := server.ExecContext(ctx, fmt.Sprintf(
		"%s ROLE %s LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD %s",
		verb, pgx.Identifier{role}.Sanitize(), literal(password)))
	return err
}

// quietLog keeps personal data out of the server's own log: it writes neither the values of rows that a constraint refuses nor
// the statements that fail, which hold them. Only a superuser may set this; without one, docs/queries.md tells the operator
// what to set for the whole server.
func quietLog(ctx context.Context, server *sql.DB, roles ...string) error {
	for _, role := range roles {
		for setting, value := range map[string]string{
			"log_error_verbosity": "terse", "log_min_error_statement": "panic",
			"log_parameter_max_length": "0", "log_parameter_max_length_on_error": "0",
		} {
			_, err := server.ExecContext(ctx, fmt.Sprintf("ALTER ROLE %s SET %s = %s", pgx.Identifier{role}.Sanitize(), setting, literal(value)))
			var refused *pgconn.PgError
			if errors.As(err, &refused) && refused.Code == "42501" { // insufficient_privilege
				return nil
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func ensureDatabase(ctx context.Context, server *sql.DB, database, owner string) error {
	var exists bool
	if err := server.QueryRowContext(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", database).Scan(&exists); err != nil {
		return err
	}
	name, ownerName := pgx.Identifier{database}.Sanitize(), pgx.Identifier{owner}.Sanitize()
	if exists {
		_, err := server.ExecContext(ctx, "ALTER DATABASE "+name+" OWNER TO "+ownerName)
		return err
	}
	_, err := server.ExecContext(ctx, "CREATE DATABASE "+name+" OWNER "+ownerName+" TEMPLATE template0 ENCODING 'UTF8'")
	return err
}

// grant gives the roles their rights in the database. Default privileges cover the tables of later migrations.
func grant(ctx context.Context, adminURL, owner, app, database string) error {
	db, err := open(adminURL, nil)
	if err != nil {
		return err
	}
	defer db.Close()
	o, a, d := pgx.Identifier{owner}.Sanitize(), pgx.Identifier{app}.Sanitize(), pgx.Identifier{database}.Sanitize()
	for _, statement := range []string{
		"REVOKE ALL ON DATABASE " + d + " FROM PUBLIC",
		"GRANT CONNECT ON DATABASE " + d + " TO " + a,
		"ALTER SCHEMA public OWNER TO " + o,
		"REVOKE ALL ON SCHEMA public FROM PUBLIC",
		"GRANT USAGE ON SCHEMA public TO " + a,
		"ALTER DEFAULT PRIVILEGES FOR ROLE " + o + " IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO " + a,
		"ALTER DEFAULT PRIVILEGES FOR ROLE " + o + " IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO " + a,
	} {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}

func derivePassword(secret, role string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("updspace-role\n" + role))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// connectionURL is the administrator's URL for another database and role, with its hosts and its TLS.
func connectionURL(adminURL string, admin *pgx.ConnConfig, database, user, password string) string {
	if u, err := url.Parse(adminURL); err == nil && u.Scheme != "" {
		query := u.Query()
		for _, name := range []string{"user", "password", "dbname", "database"} {
			query.Del(name)
		}
		u.User, u.Path, u.RawQuery = url.UserPassword(user, password), "/"+database, query.Encode()
		return u.String()
	}
	u := url.URL{Scheme: "postgres", User: url.UserPassword(user, password), Path: "/" + database}
	query := url.Values{"host": {admin.Host}, "port": {fmt.Sprint(admin.Port)}}
	if admin.TLSConfig == nil {
		query.Set("sslmode", "disable")
	}
	u.RawQuery = query.Encode()
	return u.String()
}

// literal quotes a string for statements that take no parameters.
func literal(s string) string {
	quoted := make([]byte, 0, len(s)+2)
	quoted = append(quoted, '\'')
	for i := range len(s) {
		if s[i] == '\'' {
			quoted = append(quoted, '\'')
		}
		quoted = append(quoted, s[i])
	}
	return string(append(quoted, '\''))
}

// URLs tells how to reach a database that Provision made, without touching it.
func URLs(adminURL, database string, passwords Passwords) (Provisioned, error) {
	admin, err := pgx.ParseConfig(adminURL)
	if err != nil {
		return Provisioned{}, fmt.Errorf("pg: reading the administrator's URL: %w", err)
	}
	return urls(adminURL, admin, database, passwords), nil
}

func urls(adminURL string, admin *pgx.ConnConfig, database string, pw Passwords) Provisioned {
	pw = pw.orDerived(admin.Password, database)
	return Provisioned{
		OwnerURL: connectionURL(adminURL, admin, database, database+"_owner", pw.Owner),
		AppURL:   connectionURL(adminURL, admin, database, database+"_app", pw.App),
	}
}

func (pw Passwords) orDerived(secret, database string) Passwords {
	if pw.Owner == "" {
		pw.Owner = derivePassword(secret, database+"_owner")
	}
	if pw.App == "" {
		pw.App = derivePassword(secret, database+"_app")
	}
	return pw
}

// DatabaseURL is the administrator's URL for another database of the same server.
func DatabaseURL(adminURL, database string) (string, error) {
	admin, err := pgx.ParseConfig(adminURL)
	if err != nil {
		return "", fmt.Errorf("pg: reading the administrator's URL: %w", err)
	}
	return connectionURL(adminURL, admin, database, admin.User, admin.Password), nil
}

// ClientEnv is a URL as the environment of PostgreSQL's own programs, so that no command line shows its password.
func ClientEnv(databaseURL string) ([]string, error) {
	cfg, err := pgx.ParseConfig(databaseURL)
	if err != nil {
		return nil, fmt.Errorf("pg: reading the URL: %w", err)
	}
	env := []string{
		"PGHOST=" + cfg.Host, fmt.Sprintf("PGPORT=%d", cfg.Port), "PGUSER=" + cfg.User, "PGPASSWORD=" + cfg.Password, "PGDATABASE=" + cfg.Database,
	}
	if u, err := url.Parse(databaseURL); err == nil {
		for name, variable := range map[string]string{"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY"} {
			if value := u.Query().Get(name); value != "" {
				env = append(env, variable+"="+value)
			}
		}
	}
	return env, nil
}
