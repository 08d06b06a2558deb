package platform

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"go.updspace.com/libs/outbox"
)

// NATS is a NATS server with JetStream in this process. Production has a cluster instead.
type NATS struct {
	Port int

	dir, token string
	log        io.Writer
	server     *server.Server
}

// StartNATS runs a server that keeps its streams in dir.
func StartNATS(dir, token string, log io.Writer) (*NATS, error) {
	n := &NATS{dir: dir, token: token, log: log, Port: server.RANDOM_PORT}
	return n, n.Start()
}

// URL is where clients connect, token included.
func (n *NATS) URL() string {
	u := url.URL{Scheme: "nats", User: url.User(n.token), Host: fmt.Sprintf("127.0.0.1:%d", n.Port)}
	return u.String()
}

// Start runs the server on its old port, with the streams it had. StartNATS has done it once.
func (n *NATS) Start() error {
	s, err := server.NewServer(&server.Options{
		ServerName: "updspace-dev", Host: "127.0.0.1", Port: n.Port, Authorization: n.token,
		JetStream: true, StoreDir: n.dir, JetStreamMaxMemory: 64 << 20, JetStreamMaxStore: 4 << 30,
		NoSigs: true, // Ctrl-C is ours to handle
	})
	if err != nil {
		return fmt.Errorf("platform: NATS: %w", err)
	}
	s.SetLogger(natsLog{n.log}, false, false)
	s.Start()
	if !s.ReadyForConnections(20 * time.Second) {
		s.Shutdown()
		return errors.New("platform: NATS does not become ready; see its log")
	}
	if !s.JetStreamEnabled() {
		s.Shutdown()
		return errors.New("platform: NATS runs without JetStream; see its log")
	}
	n.server, n.Port = s, s.Addr().(*net.TCPAddr).Port
	return n.makeStreams()
}

// makeStreams saves the relays the warning that a broker without streams deserves. In production the first relay makes them too.
func (n *NATS) makeStreams() error {
	nc, err := nats.Connect(n.URL())
	if err != nil {
		return fmt.Errorf("platform: NATS: %w", err)
	}
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err != nil {
		return fmt.Errorf("platform: NATS: %w", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	return outbox.EnsureStreams(ctx, js, 1)
}

// Stop ends the server; what is in its streams stays. It may be called more than once.
func (n *NATS) Stop() {
	if n.server == nil {
		return
	}
	n.server.Shutdown()
	n.server.WaitForShutdown()
	n.server = nil
}

// natsLog writes the server's log to a file.
type natsLog struct{ w io.Writer }

func (l natsLog) line(level, format string, v []any) {
	fmt.Fprintf(l.w, time.Now().UTC().Format(time.RFC3339)+" "+level+" "+format+"\n", v...)
}
func (l natsLog) Noticef(format string, v ...any) { l.line("INFO", format, v) }
func (l natsLog) Warnf(format string, v ...any)   { l.line("WARN", format, v) }
func (l natsLog) Errorf(format string, v ...any)  { l.line("ERROR", format, v) }
func (l natsLog) Fatalf(format string, v ...any)  { l.line("FATAL", format, v) }
func (l natsLog) Debugf(string, ...any)           {}
func (l natsLog) Tracef(string, ...any)           {}
