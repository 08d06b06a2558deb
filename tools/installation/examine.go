package installation

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"database/sql"
	"fmt"
	"net"
	"net/http"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver of the look at PostgreSQL
	"github.com/nats-io/nats.go"
	"github.com/redis/rueidis"

	"go.updspace.com/tools/services"
)

// Finding is what Examine says of one part of an installation. Without a Problem the part is in order.
type Finding struct {
	What, Note string
	Problem    error
}

const (
	// examinePatience bounds the wait for one part.
	examinePatience = 5 * time.Second
	// certificateWarning is how long before its end a certificate counts as a problem.
	certificateWarning = 14 * 24 * time.Hour
)

// Examine asks everything that an installation stands on, and its services, whether they answer. It changes nothing.
func Examine(ctx context.Context, s Settings) []Finding {
	cfg, err := s.Config()
	found := []Finding{{What: "settings", Note: s.Dir, Problem: s.Check()}}
	if err != nil {
		return found
	}
	look := func(what string, at func(context.Context) (string, error)) {
		ctx, cancel := context.WithTimeout(ctx, examinePatience)
		defer cancel()
		note, err := at(ctx)
		found = append(found, Finding{What: what, Note: note, Problem: err})
	}
	for _, service := range services.All() {
		env := s.Env(service.Name)
		for _, role := range []struct{ does, setting string }{{"serves", "DATABASE_URL"}, {"migrates", "DATABASE_MIGRATE_URL"}} {
			look(service.Database+", the role that "+role.does, func(ctx context.Context) (string, error) { return postgresVersion(ctx, env[role.setting]) })
		}
	}
	id := s.Env("identity")
	look("mail server", func(ctx context.Context) (string, error) {
		return dial(ctx, net.JoinHostPort(id["SMTP_HOST"], cmp.Or(id["SMTP_PORT"], "587")))
	})
	if id["REDIS_URL"] != "" {
		look("Redis", func(ctx context.Context) (string, error) { return pingRedis(ctx, id["REDIS_URL"]) })
	}
	look("NATS", func(context.Context) (string, error) {
		env, err := s.OperatorEnv("identity")
		if err != nil {
			return "", err
		}
		return pingNATS(env["NATS_URL"])
	})
	if cfg.Certificate != "" {
		look("certificate", func(context.Context) (string, error) { return certificateEnd(cfg, time.Now()) })
	}
	for _, service := range services.All() {
		look(service.Name, func(ctx context.Context) (string, error) { return ready(ctx, s.Env(service.Name)["LISTEN_ADDR"]) })
	}
	look("door", func(ctx context.Context) (string, error) { return dial(ctx, cfg.Addr) })
	return found
}

func postgresVersion(ctx context.Context, url string) (string, error) {
	db, err := sql.Open("pgx", url)
	if err != nil {
		return "", err
	}
	defer db.Close()
	var version string
	err = db.QueryRowContext(ctx, "SHOW server_version").Scan(&version)
	return "PostgreSQL " + version, err
}

func dial(ctx context.Context, addr string) (string, error) {
	c, err := new(net.Dialer).DialContext(ctx, "tcp", addr)
	if err != nil {
		return "", err
	}
	return addr, c.Close()
}

func pingRedis(ctx context.Context, url string) (string, error) {
	options, err := rueidis.ParseURL(url)
	if err != nil {
		return "", err
	}
	client, err := rueidis.NewClient(options)
	if err != nil {
		return "", err
	}
	defer client.Close()
	return "answers", client.Do(ctx, client.B().Ping().Build()).Error()
}

func pingNATS(url string) (string, error) {
	nc, err := nats.Connect(url, nats.Timeout(examinePatience))
	if err != nil {
		return "", err
	}
	defer nc.Close()
	return "version " + nc.ConnectedServerVersion(), nil
}

func certificateEnd(cfg Config, now time.Time) (string, error) {
	pair, err := tls.LoadX509KeyPair(cfg.Certificate, cfg.PrivateKey)
	if err != nil {
		return "", err
	}
	leaf, err := x509.ParseCertificate(pair.Certificate[0])
	if err != nil {
		return "", err
	}
	if now.Add(certificateWarning).After(leaf.NotAfter) {
		return "", fmt.Errorf("it ends on %s", leaf.NotAfter.Format(time.DateOnly))
	}
	return "until " + leaf.NotAfter.Format(time.DateOnly), nil
}

func ready(ctx context.Context, addr string) (string, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+"/health/ready", nil)
	if err != nil {
		return "", err
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return "", err
	}
	if err := response.Body.Close(); err != nil {
		return "", err
	}
	if response.StatusCode != http.StatusOK {
		return "", fmt.Errorf("not ready: %s", response.Status)
	}
	return "ready at " + addr, nil
}
