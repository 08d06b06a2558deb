package installation

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"log/slog"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"
)

// The door is the one address of the platform on this machine: it gives requests for the ID host to identity and all others to the gateway.
// Both are limits to clients themselves; the door limits only what they cannot see.
const (
	headerTimeout  = 10 * time.Second
	idleTimeout    = 2 * time.Minute
	maxHeaderBytes = 64 << 10
	// certificateAge is for how long the certificate's files are not looked at again.
	certificateAge = 30 * time.Second
)

// door routes by host. The addresses of the services are on this machine.
func door(idHost, identity, gateway string, log *slog.Logger) http.Handler {
	to := func(addr string) http.Handler {
		target := &url.URL{Scheme: "http", Host: addr}
		return &httputil.ReverseProxy{
			Rewrite: func(r *httputil.ProxyRequest) {
				r.SetURL(target)
				r.Out.Host = r.In.Host
				// The services look at the chain from its end, as far as they trust its proxies.
				r.Out.Header["X-Forwarded-For"] = r.In.Header["X-Forwarded-For"]
				r.SetXForwarded()
			},
			FlushInterval: -1, // streams
			Transport:     &http.Transport{MaxIdleConnsPerHost: 256, IdleConnTimeout: time.Minute},
			ErrorLog:      slog.NewLogLogger(log.Handler(), slog.LevelWarn),
			ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
				if r.Context().Err() == nil {
					log.WarnContext(r.Context(), "a service does not answer", "error", err)
				}
				unavailable(w)
			},
		}
	}
	toIdentity, toGateway := to(identity), to(gateway)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if h, _, err := net.SplitHostPort(host); err == nil {
			host = h
		}
		if strings.EqualFold(host, idHost) {
			toIdentity.ServeHTTP(w, r)
			return
		}
		toGateway.ServeHTTP(w, r)
	})
}

// unavailable answers in the platform's error envelope.
func unavailable(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Retry-After", "5")
	w.WriteHeader(http.StatusServiceUnavailable)
	_ = json.NewEncoder(w).Encode(map[string]any{"error": map[string]any{
		"code": "SERVICE_UNAVAILABLE", "message": "The service is not available right now. Try again in a moment.", "details": map[string]any{}, "request_id": "",
	}})
}

// toHTTPS answers plain HTTP.
func toHTTPS(w http.ResponseWriter, r *http.Request) {
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	w.Header().Set("Location", "https://"+host+r.URL.RequestURI())
	w.WriteHeader(http.StatusPermanentRedirect)
}

func server(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: headerTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeaderBytes,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug), // what clients do wrong with TLS
	}
}

// certificate is a certificate in files, which are read again when they change.
type certificate struct {
	certFile, keyFile string

	mu      sync.Mutex
	current *tls.Certificate
	written time.Time // of the newer file
	checked time.Time
}

// get is tls.Config's GetCertificate. A pair of files that cannot be read leaves the certificate that was.
func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.current != nil && time.Since(c.checked) < certificateAge {
		return c.current, nil
	}
	c.checked = time.Now()
	written := c.lastWritten()
	if c.current != nil && written.Equal(c.written) {
		return c.current, nil
	}
	loaded, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	if err != nil {
		if c.current != nil {
			return c.current, nil
		}
		return nil, err
	}
	c.current, c.written = &loaded, written
	return c.current, nil
}

func (c *certificate) lastWritten() time.Time {
	var newest time.Time
	for _, path := range []string{c.certFile, c.keyFile} {
		if info, err := os.Stat(path); err == nil && info.ModTime().After(newest) {
			newest = info.ModTime()
		}
	}
	return newest
}

// listen opens the door's listener, with TLS if there is a certificate.
func (c Config) listen(ctx context.Context) (net.Listener, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", c.Addr)
	if err != nil || c.Certificate == "" {
		return l, err
	}
	files := &certificate{certFile: c.Certificate, keyFile: c.PrivateKey}
	if _, err := files.get(nil); err != nil {
		_ = l.Close()
		return nil, err
	}
	return tls.NewListener(l, &tls.Config{GetCertificate: files.get, MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}}), nil
}
