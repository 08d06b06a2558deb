package installation

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/mail"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"go.updspace.com/identity"
	"go.updspace.com/libs/config"
	"go.updspace.com/libs/pg"
	"go.updspace.com/tools/services"
)

// Answers are what Init must be told.
type Answers struct {
	Domain      string // communities are at https://<slug>.<Domain>
	IDHost      string // of accounts; id.<Domain> unless said
	DatabaseURL string // of a role that may create databases and roles; used once and not stored

	SMTPHost, SMTPUsername, SMTPPassword, SMTPFrom, SMTPTLS string
	SMTPPort                                                int

	AdminEmail, AdminName    string // of the first administrator
	Community, CommunityName string // slug and name of the first community

	Addr                    string   // SERVE_ADDR
	Certificate, PrivateKey string   // paths, when the platform ends TLS itself
	TrustedProxies          []string // networks of the TLS proxy in front
	NATSURL, RedisURL       string
	DataDir                 string
}

var domainName = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$`)

// Validate reports every answer that is wrong, by the name of its flag.
func (a Answers) Validate() error {
	var problems []error
	require := func(ok bool, flag, what string) {
		if !ok {
			problems = append(problems, fmt.Errorf("--%s %s", flag, what))
		}
	}
	address := func(s string) bool { _, err := mail.ParseAddress(s); return err == nil }
	require(domainName.MatchString(a.Domain), "domain", "must be a domain such as example.org")
	require(a.IDHost == "" || domainName.MatchString(a.IDHost), "id-host", "must be a host such as id.example.org")
	u, err := url.Parse(a.DatabaseURL)
	require(err == nil && (u.Scheme == "postgres" || u.Scheme == "postgresql"), "database-url", "must be the URL of a PostgreSQL role that may create databases and roles")
	require(a.SMTPHost != "", "smtp-host", "must be set: people sign in by mailed links")
	require(address(a.SMTPFrom), "smtp-from", "must be an e-mail address")
	require(address(a.AdminEmail), "admin", "must be the e-mail address of the first administrator")
	require(a.Community != "", "community", "must be the slug of the first community: the first label of its host")
	require((a.Certificate == "") == (a.PrivateKey == ""), "tls-key", "and --tls-cert go together")
	for _, path := range []string{a.Certificate, a.PrivateKey, a.DataDir} {
		require(path == "" || filepath.IsAbs(path), "tls-cert, --tls-key and --data", "must be absolute paths")
	}
	return errors.Join(problems...)
}

// Init writes the settings of a new installation, makes its databases, and its first community and administrator. It may run again: what is
// there stays, secrets above all. done is told of each step.
func Init(ctx context.Context, dir string, a Answers, done func(string)) error {
	if err := a.Validate(); err != nil {
		return err
	}
	_, err := os.Stat(filepath.Join(dir, sharedFile))
	switch {
	case err == nil:
		done("The settings in " + dir + " are kept.")
	case errors.Is(err, fs.ErrNotExist):
		if err := write(dir, a); err != nil {
			return fmt.Errorf("writing the settings: %w", err)
		}
		done("The settings are in " + dir + ".")
	default:
		return err
	}
	s, err := Read(dir)
	if err != nil {
		return err
	}
	if err := s.Check(); err != nil {
		return err
	}
	for _, service := range services.All() {
		if err := Provision(ctx, a.DatabaseURL, s, service); err != nil {
			return err
		}
		if err := service.Migrate(ctx, s.Env(service.Name)); err != nil {
			return fmt.Errorf("%s: %w", service.Name, err)
		}
		done("The database " + service.Database + " is ready.")
	}
	cfg, err := config.Parse[identity.Config](s.Env("identity"))
	if err != nil {
		return err
	}
	first := identity.First{Email: a.AdminEmail, Name: cmp.Or(a.AdminName, "Administrator"), Slug: a.Community, TenantName: cmp.Or(a.CommunityName, a.Community)}
	if err := identity.Begin(ctx, cfg, first); err != nil {
		return fmt.Errorf("the first community and administrator: %w", err)
	}
	done(a.AdminEmail + " administers " + strings.Replace(s.shared["PUBLIC_ORIGIN"], "{tenant}", a.Community, 1) + " and the platform.")
	return nil
}

// Provision makes the database of a service, with the passwords that its settings have. adminURL is of a role that may do that.
func Provision(ctx context.Context, adminURL string, s Settings, service services.Service) error {
	env := s.Env(service.Name)
	password := func(raw string) string {
		u, err := url.Parse(raw)
		if err != nil || u.User == nil {
			return ""
		}
		p, _ := u.User.Password()
		return p
	}
	_, err := pg.Provision(ctx, adminURL, service.Database, pg.Passwords{Owner: password(env["DATABASE_MIGRATE_URL"]), App: password(env["DATABASE_URL"])})
	return err
}

// secret returns n random bytes in base64url.
func secret(n int) string {
	raw := make([]byte, n)
	_, _ = rand.Read(raw) // never fails, says its documentation
	return base64.RawURLEncoding.EncodeToString(raw)
}

// sealKey is a first key of libs/seal: an id and 32 bytes.
func sealKey() string {
	raw := make([]byte, 32)
	_, _ = rand.Read(raw)
	return "k1:" + base64.StdEncoding.EncodeToString(raw)
}

// write makes the files, that of all services last: with it the settings count as written.
func write(dir string, a Answers) error {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return err
	}
	shared, own, err := settings(a)
	if err != nil {
		return err
	}
	for _, s := range services.All() {
		head := "Settings of " + s.Name + " alone; they win over those of " + sharedFile + "."
		if err := writeFile(filepath.Join(dir, s.Name+".env"), head, own[s.Name]); err != nil {
			return err
		}
	}
	return writeFile(filepath.Join(dir, sharedFile), "Settings of all services and of updspace serve. See docs/operate/settings.md.", shared)
}

// settings derives all settings from the answers.
func settings(a Answers) (shared map[string]string, own map[string]map[string]string, err error) {
	idHost, port, data := cmp.Or(a.IDHost, "id."+a.Domain), "", cmp.Or(a.DataDir, "/var/lib/updspace")
	if _, p, err := net.SplitHostPort(a.Addr); err == nil && a.Certificate != "" && p != "443" {
		port = ":" + p // browsers must name it
	}
	proxies := append([]string{"127.0.0.0/8", "::1/128"}, a.TrustedProxies...)
	shared = map[string]string{
		"UPDSPACE_MODE": "production", "UPDSPACE_SIGNING_SECRET": secret(32),
		"PUBLIC_ORIGIN": "https://{tenant}." + a.Domain + port, "TENANT_HOST_SUFFIX": a.Domain,
		"IDENTITY_PUBLIC_URL": "https://" + idHost + port,
		"TRUSTED_PROXIES":     strings.Join(proxies, ","),
		"BLOB_DIR":            filepath.Join(data, "files"),
		"SERVE_DATA_DIR":      data, "SERVE_NATS_TOKEN": secret(32),
	}
	set := func(m map[string]string, name, value string) {
		if value != "" {
			m[name] = value
		}
	}
	set(shared, "SERVE_ADDR", a.Addr)
	set(shared, "SERVE_TLS_CERTIFICATE", a.Certificate)
	set(shared, "SERVE_TLS_PRIVATE_KEY", a.PrivateKey)
	set(shared, "NATS_URL", a.NATSURL)

	client := secret(32)
	own = map[string]map[string]string{}
	for _, s := range services.All() {
		urls, err := pg.URLs(a.DatabaseURL, s.Database, pg.Passwords{Owner: secret(24), App: secret(24)})
		if err != nil {
			return nil, nil, err
		}
		shared[strings.ToUpper(s.Name)+"_URL"] = "http://127.0.0.1:" + strconv.Itoa(s.Port)
		own[s.Name] = map[string]string{
			"DATABASE_URL": urls.AppURL, "DATABASE_MIGRATE_URL": urls.OwnerURL,
			"LISTEN_ADDR": "127.0.0.1:" + strconv.Itoa(s.Port), "ADMIN_ADDR": "127.0.0.1:" + strconv.Itoa(s.Port+1000),
		}
	}
	for _, name := range []string{"identity", "events", "gamification", "activity"} {
		own[name][strings.ToUpper(name)+"_SEAL_KEYS"] = sealKey()
	}
	for _, name := range []string{"identity", "bff"} {
		own[name]["OIDC_CLIENT_SECRET"] = client
		set(own[name], "REDIS_URL", a.RedisURL)
	}
	id := own["identity"]
	id["OIDC_BACKCHANNEL_LOGOUT_URI"] = shared["BFF_URL"] + "/api/v1/auth/backchannel-logout"
	id["SMTP_HOST"], id["SMTP_FROM"] = a.SMTPHost, a.SMTPFrom
	set(id, "SMTP_USERNAME", a.SMTPUsername)
	set(id, "SMTP_PASSWORD", a.SMTPPassword)
	set(id, "SMTP_TLS", a.SMTPTLS)
	if a.SMTPPort != 0 {
		id["SMTP_PORT"] = strconv.Itoa(a.SMTPPort)
	}
	return shared, own, nil
}
