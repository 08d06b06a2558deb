// Command serve runs the platform for the bench: on random ports, with the demo data, in a process of its own whose
// processor time can be told from everything else's. It prints where things are as one line of JSON and ends when standard
// input does.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"go.updspace.com/identity"
	"go.updspace.com/libs/config"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/tools/bench/harness"
	"go.updspace.com/tools/devkit/devstack"
	"go.updspace.com/tools/platform"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "serve:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) (err error) {
	dir := flag.String("dir", "", "directory for data and logs")
	upstream := flag.String("upstream", "", "what the gateway finds behind "+harness.ProxiedPath)
	consume := flag.Bool("consume", false, "gamification gets events")
	feed := flag.Bool("feed", false, "activity gets events, and there is a crowd")
	flag.Parse()

	// Programs that had to be fetched are shared with everybody else in the working copy.
	cache := devstack.DefaultCache()
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return err
	}
	if err := os.Symlink(cache, filepath.Join(*dir, "cache")); err != nil {
		return err
	}
	const unlimited, manySignIns = "1500000", "60000" // a minute: counted, and far above what is measured
	servicefx.SetGC()
	gamification := map[string]string{"NATS_URL": ""} // what they make of events is not what a vote or an answer costs
	activity := gamification
	if *consume {
		gamification = nil
	}
	if *feed {
		activity = nil
	}
	p, err := platform.Start(ctx, platform.Options{
		Dir: *dir, Admin: true, Warnings: os.Stderr, Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
		Env: map[string]map[string]string{
			"identity":     {"REQUESTS_PER_ADDRESS": "0"},
			"voting":       {"NATS_URL": ""}, // the instance in production mode relays
			"events":       {"NATS_URL": ""},
			"gamification": gamification,
			"activity":     activity,
			"": {
				"UPDSPACE_SIGNING_SECRET": os.Getenv(harness.SecretEnv), "OIDC_CLIENT_SECRET": os.Getenv(harness.ClientSecretEnv),
				"ACCESS_BUDGET": "10s", // a busy machine is slow, and a month takes long: 16 of them at once on few cores leave access no time
			},
			"bff": {
				harness.ProxiedEnv: *upstream, "RATE_LIMIT_READS": unlimited, "RATE_LIMIT_WRITES": unlimited,
				"RATE_LIMIT_AUTH": manySignIns, "RATE_LIMIT_ANONYMOUS": unlimited,
			},
		},
	})
	if err != nil {
		return err
	}
	defer func() {
		stopping, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		err = errors.Join(err, p.Stop(stopping))
	}()

	if *feed {
		if err := seedCrowd(ctx, p); err != nil {
			return err
		}
	}
	more := map[string]*platform.Instance{}
	for name, another := range map[string]struct {
		service  string
		settings map[string]string
	}{
		// far less than the bench's users take, and enough for their tenant
		harness.ColdAccess:       {"access", map[string]string{"ACCESS_CACHE_BYTES": "200000"}},
		harness.StrictAccess:     {"access", map[string]string{"ACCESS_CACHE_BYTES": "0", "DATABASE_STRICT_READS": "true"}},
		harness.SecondAccess:     {"access", nil},
		harness.ProductionVoting: {"voting", map[string]string{"UPDSPACE_MODE": servicefx.Production, "NATS_URL": p.NATS.URL()}},
		harness.ProductionEvents: {"events", map[string]string{"UPDSPACE_MODE": servicefx.Production, "NATS_URL": p.NATS.URL()}},
	} {
		if more[name], err = p.Service(another.service).StartAnother(ctx, another.settings); err != nil {
			return err
		}
	}
	where, err := places(p, more)
	if err != nil {
		return err
	}
	if err := json.NewEncoder(os.Stdout).Encode(where); err != nil {
		return err
	}
	over := make(chan struct{})
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		close(over)
	}()
	select {
	case <-over:
		return nil
	case <-ctx.Done():
		return nil
	case err := <-p.Failed():
		return err
	}
}

// seedCrowd makes members.
func seedCrowd(ctx context.Context, p *platform.Platform) error {
	cfg, err := config.Parse[identity.Config](p.Env("identity"))
	if err != nil {
		return err
	}
	var demo identity.Demo
	for n := range harness.Crowd {
		u := identity.DefaultDemo().Users[1]
		u.ID, u.Email, u.DisplayName, u.Password = harness.CrowdMember(n), fmt.Sprintf("crowd-%d@aef.test", n), fmt.Sprintf("Crowd %d", n), ""
		demo.Users = append(demo.Users, u)
	}
	return identity.SeedDemo(ctx, cfg, demo)
}

func places(p *platform.Platform, more map[string]*platform.Instance) (harness.Places, error) {
	at := map[string]string{}
	for name, instance := range more {
		u, err := url.Parse(instance.URL)
		if err != nil {
			return harness.Places{}, err
		}
		at[name] = u.Host
	}
	for _, s := range p.Services() {
		at[s.Name] = s.Addr()
	}
	return harness.Places{
		At: at, Origin: p.Origin("aef"), ID: p.IDOrigin(),
		Admin:           net.JoinHostPort("127.0.0.1", strconv.Itoa(p.Service("bff").Port+1000)),
		GamificationURL: p.AdminDatabaseURL("db_gamification"), ActivityURL: p.AdminDatabaseURL("db_activity"), IdentityURL: p.AdminDatabaseURL("db_id"),
		GatewayURL: p.AdminDatabaseURL("db_bff"), NATSURL: p.NATS.URL(),
	}, nil
}
