package httpx

import (
	"log/slog"
	"net/http"
	"time"
)

// NewHTTPServer returns an http.Server with its timeouts set. WriteTimeout is zero: Observe extends the write deadline while the
// client reads. It speaks HTTP/1.1 and, to clients that know (RFC 9113, section 3.3), HTTP/2: the gateway sends requests that it holds open so,
// thousands of which then share some connections.
func NewHTTPServer(handler http.Handler, log *slog.Logger) *http.Server {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	protocols.SetUnencryptedHTTP2(true)
	return &http.Server{
		Protocols:         protocols,
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		IdleTimeout:       120 * time.Second,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
}
