package httpx

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// Check is a dependency that /health/ready checks.
type Check struct {
	Name  string
	Probe func(context.Context) error
}

const (
	operationHealth = "health"
	probeTimeout    = 2 * time.Second
)

// WithHealth answers the probes and passes everything else to next. Liveness checks nothing; readiness checks all dependencies
// at once.
func (s *Server) WithHealth(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			next.ServeHTTP(w, r)
			return
		}
		switch r.URL.Path {
		case "/health", "/health/live":
			SetOperation(r.Context(), operationHealth)
			WriteJSON(w, http.StatusOK, map[string]string{"status": "ok"})
		case "/health/ready":
			SetOperation(r.Context(), operationHealth)
			s.ready(w, r)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), probeTimeout)
	defer cancel()
	var (
		mu      sync.Mutex
		wg      sync.WaitGroup
		results = make(map[string]string, len(s.checks))
		status  = http.StatusOK
	)
	for _, check := range s.checks {
		wg.Go(func() {
			err := check.Probe(ctx)
			mu.Lock()
			defer mu.Unlock()
			results[check.Name] = "ok"
			if err != nil { // the reason may name hosts, so only the log gets it
				results[check.Name] = "unavailable"
				status = http.StatusServiceUnavailable
				s.log.WarnContext(ctx, "not ready", "check", check.Name, "error", err)
			}
		})
	}
	wg.Wait()
	text := "ready"
	if status != http.StatusOK {
		text = "not_ready"
	}
	WriteJSON(w, status, map[string]any{"status": text, "checks": results})
}
