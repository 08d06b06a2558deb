package servicefx

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	"go.updspace.com/libs/config"
)

const healthcheckHelp = "ask the service on this machine whether it is ready"

// healthcheckTimeout is more than the probe of the service takes at most.
const healthcheckTimeout = 4 * time.Second

// listening is all that the verb needs of a service's settings.
type listening struct {
	Addr string `env:"LISTEN_ADDR" envDefault:":8080"`
}

// healthcheck is the verb of an image's HEALTHCHECK: the image has no other program that could ask. It fails unless the service that listens on
// LISTEN_ADDR says that it is ready.
func healthcheck(ctx context.Context) error {
	cfg, err := config.Load[listening]()
	if err != nil {
		return err
	}
	host, port, err := net.SplitHostPort(cfg.Addr)
	if err != nil {
		return fmt.Errorf("LISTEN_ADDR: %w", err)
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	ctx, cancel := context.WithTimeout(ctx, healthcheckTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/health/ready", http.NoBody)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("not ready: %s", resp.Status)
	}
	return nil
}
