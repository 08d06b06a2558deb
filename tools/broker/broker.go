// Package broker is a NATS server with JetStream in this process: the broker of an installation on one machine, and of development. A cluster
// has servers of its own instead.
package broker

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"strconv"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"go.updspace.com/libs/outbox"
)

// Options say where the server keeps its streams and who may connect.
type Options struct {
	Dir   string // where the streams are
	Token string // what clients must know
	Port  int    // on 127.0.0.1; any free one unless said
	Log   *slog.Logger
}

// Server is a running NATS server.
type Server struct {
	Port int

	options Options
	server  *server.Server
}

const (
	maxMemory = 64 << 20
	maxStore  = 4 << 30
	// patience is how long the server may take to become ready.
	patience = 20 * time.Second
)

// Start runs a server.
func Start(o Options) (*Server, error) {
	s := &Server{Port: cmp.Or(o.Port, server.RANDOM_PORT), options: o}
	return s, s.Start()
}

// URL is where clients connect, token included.
func (s *Server) URL() string { return URL(s.Port, s.options.Token) }

// URL is where clients of a server at a port of this machine connect.
func URL(port int, token string) string {
	u := url.URL{Scheme: "nats", User: url.User(token), Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(port))}
	return u.String()
}

// Start runs a server that was stopped on its old port, with the streams it had.
func (s *Server) Start() error {
	n, err := server.NewServer(&server.Options{
		ServerName: "updspace", Host: "127.0.0.1", Port: s.Port, Authorization: s.options.Token,
		JetStream: true, StoreDir: s.options.Dir, JetStreamMaxMemory: maxMemory, JetStreamMaxStore: maxStore,
		NoSigs: true, // Ctrl-C is for the program to handle
	})
	if err != nil {
		return fmt.Errorf("broker: NATS: %w", err)
	}
	n.SetLogger(natsLog{s.options.Log}, false, false)
	n.Start()
	if !n.ReadyForConnections(patience) {
		n.Shutdown()
		return errors.New("broker: NATS does not become ready; see its log")
	}
	if !n.JetStreamEnabled() {
		n.Shutdown()
		return errors.New("broker: NATS runs without JetStream; see its log")
	}
	s.server, s.Port = n, n.Addr().(*net.TCPAddr).Port
	return s.makeStreams()
}

// makeStreams saves the relays the warning that a broker without streams deserves. In production the first relay makes them too.
func (s *Server) makeStreams() error {
	nc, err := nats.Connect(s.URL())
	if err != nil {
		return fmt.Errorf("broker: NATS: %w", err)
	}
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err != nil {
		return fmt.Errorf("broker: NATS: %w", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return outbox.EnsureStreams(ctx, js)
}

// Stop ends the server; what is in its streams stays. It may be called more than once.
func (s *Server) Stop() {
	if s.server == nil {
		return
	}
	s.server.Shutdown()
	s.server.WaitForShutdown()
	s.server = nil
}

// natsLog gives the server's log lines to slog.
type natsLog struct{ *slog.Logger }

func (l natsLog) Noticef(format string, v ...any) { l.Info(fmt.Sprintf(format, v...)) }
func (l natsLog) Warnf(format string, v ...any)   { l.Warn(fmt.Sprintf(format, v...)) }
func (l natsLog) Errorf(format string, v ...any)  { l.Error(fmt.Sprintf(format, v...)) }
func (l natsLog) Fatalf(format string, v ...any)  { l.Error(fmt.Sprintf(format, v...)) }
func (l natsLog) Debugf(string, ...any)           {}
func (l natsLog) Tracef(string, ...any)           {}
