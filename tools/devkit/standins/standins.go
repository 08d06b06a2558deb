// Package standins has local stand-ins for the systems of others that services call, for development and tests: Steam, Discord, GitHub and an
// OpenID Connect issuer. They speak the protocols, so that the code that runs is the code of production; who signs in is chosen on a plain page
// instead of proven. They keep everything in memory. Each remote system has files of its own.
package standins

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"
)

// ClientID and ClientSecret are the credentials of an application at each stand-in that has applications.
const (
	ClientID     = "updspace"
	ClientSecret = "stand-in-secret"
)

// Server serves all stand-ins, each below a path of its own.
type Server struct {
	// URL is the address of the server, such as http://127.0.0.1:8090.
	URL    string
	server *http.Server
	done   chan struct{}
}

// Listen starts the stand-ins on a listener, which it closes in the end.
func Listen(l net.Listener) *Server {
	s := &Server{URL: "http://" + l.Addr().String(), done: make(chan struct{})}
	s.server = &http.Server{Handler: New(s.URL), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second}
	go func() {
		defer close(s.done)
		if err := s.server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			panic(fmt.Errorf("stand-ins: %w", err)) // the listener is ours
		}
	}()
	return s
}

// Start is Listen on a free port of an address.
func Start(ctx context.Context, host string) (*Server, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		return nil, err
	}
	return Listen(l), nil
}

// Addr is what services must be allowed to call although it is not on the public Internet.
func (s *Server) Addr() netip.AddrPort { return netip.MustParseAddrPort(s.URL[len("http://"):]) }

// Issuers is the setting of a service that takes the issuer, as OIDC_PROVIDERS of identity.
func (s *Server) Issuers() string {
	return fmt.Sprintf(`[{"id":"clan","name":"Clan SSO","issuer":%q,"client_id":%q,"client_secret":%q}]`, s.URL+"/oidc", ClientID, ClientSecret)
}

// Stop ends the server.
func (s *Server) Stop() {
	_ = s.server.Close() // what is under way is of no use any more
	<-s.done
}

// New returns the handler of the stand-ins, which browsers and services reach at base.
func New(base string) http.Handler {
	mux := http.NewServeMux()
	newSteamOpenID(base + "/steam/openid").routes(mux)
	NewSteamAPI(time.Now()).routes(mux, "/steam/api")
	newDiscordOAuth().routes(mux)
	new(DiscordAPI).routes(mux)
	NewDiscordGuild().routes(mux)
	newGitHub().routes(mux)
	newIssuer(base + "/oidc").routes(mux)
	mux.HandleFunc("GET /{$}", index)
	return mux
}

// Account is an account at a remote system.
type Account struct{ ID, Name string }

// The accounts that the pages offer. Any other ID can be typed there.
var (
	SteamAccounts   = []Account{{"76561197960287930", "Gordon"}, {"76561197960287931", "Alyx"}, {"76561197960287932", "Barney"}}
	DiscordAccounts = []Account{{"80351110224678912", "nelly"}, {"80351110224678913", "wumpus"}}
	GitHubAccounts  = []Account{{"583231", "octocat"}, {"583232", "hubot"}}
	IssuerAccounts  = []Account{{"user-1", "ada"}, {"user-2", "grace"}}
)

func nameOf(accounts []Account, id string) string {
	for _, a := range accounts {
		if a.ID == id {
			return a.Name
		}
	}
	return "player-" + id
}

// table remembers values by random keys, the newest only: each can be taken once.
type table[V any] struct {
	mu     sync.Mutex
	values map[string]V
	order  []string
}

const remembered = 1000

func (t *table[V]) put(v V) (key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.values == nil {
		t.values = map[string]V{}
	}
	if len(t.order) == remembered {
		delete(t.values, t.order[0])
		t.order = t.order[1:]
	}
	key = rand.Text()
	t.values[key], t.order = v, append(t.order, key)
	return key
}

func (t *table[V]) get(key string) (V, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	v, ok := t.values[key]
	return v, ok
}

func (t *table[V]) take(key string) (V, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	v, ok := t.values[key]
	delete(t.values, key)
	return v, ok
}
