package httpx

import (
	"log/slog"
	"net/http"
	"time"
)

// NewHTTPServer returns an http.Server with its timeouts set. WriteTimeout is zero: Observe extends the write deadline while the
// client reads.
func NewHTTPServer(handler http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		IdleTimeout:       120 * time.Second,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
}
