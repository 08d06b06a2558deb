// Package drill runs the platform as several machines do, each part in a process of its own: two instances of every service behind a balancer,
// a cluster of three NATS servers, PostgreSQL with a standby, Redis with a replica and a Sentinel. Its test kills one part after another while
// people use the platform.
package drill

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/tools/services"
)

const (
	envPart = "DRILL_PART" // the part that this process is to be
	envNATS = "DRILL_NATS" // the settings of a NATS server
	natsRow = "nats"

	natsPatience = 20 * time.Second
)

// Main makes this process a part when a cluster has started it for that, and does not return then. It comes first in a program that starts one.
func Main() {
	name := os.Getenv(envPart)
	if name == "" {
		return
	}
	if err := part(name); err != nil {
		fmt.Fprintln(os.Stderr, name, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func part(name string) error {
	go func() { // the other end of standard input is held by the process that started this one
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(1)
	}()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	if name == natsRow {
		return runNATS(ctx)
	}
	return runService(ctx, name)
}

// runService does what a service's own program does.
func runService(ctx context.Context, name string) error {
	all := services.All()
	at := slices.IndexFunc(all, func(s services.Service) bool { return s.Name == name })
	if at < 0 {
		return errors.New("there is no such service")
	}
	env := map[string]string{}
	for _, setting := range os.Environ() {
		key, value, _ := strings.Cut(setting, "=")
		env[key] = value
	}
	servicefx.SetGC()
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", env["LISTEN_ADDR"])
	if err != nil {
		return err
	}
	ctx, failed := context.WithCancelCause(ctx)
	defer failed(nil)
	gaveUp := errors.New("the service gave up; see the log")
	i, err := all[at].Start(ctx, env, l, os.Stdout, func() { failed(gaveUp) })
	if err != nil {
		return err
	}
	<-ctx.Done()
	err = i.Stop(context.WithoutCancel(ctx))
	if cause := context.Cause(ctx); errors.Is(cause, gaveUp) {
		err = errors.Join(err, cause)
	}
	return err
}

// natsSettings are those of one server of the cluster.
type natsSettings struct {
	Name                   string
	Client, Route, Monitor int
	Routes                 string
	Dir                    string
}

func runNATS(ctx context.Context) error {
	var s natsSettings
	if err := json.Unmarshal([]byte(os.Getenv(envNATS)), &s); err != nil {
		return err
	}
	n, err := server.NewServer(&server.Options{
		ServerName: s.Name, Host: loopback, Port: s.Client, HTTPHost: loopback, HTTPPort: s.Monitor, JetStream: true, StoreDir: s.Dir, NoSigs: true,
		Cluster: server.ClusterOpts{Name: "drill", Host: loopback, Port: s.Route}, Routes: server.RoutesFromStr(s.Routes),
	})
	if err != nil {
		return err
	}
	n.ConfigureLogger()
	n.Start()
	if !n.ReadyForConnections(natsPatience) {
		return errors.New("does not become ready")
	}
	<-ctx.Done()
	n.Shutdown()
	n.WaitForShutdown()
	return nil
}
