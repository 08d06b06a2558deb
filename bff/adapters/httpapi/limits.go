package httpapi

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"

	"go.updspace.com/bff/domain"
	"go.updspace.com/bff/ports"
	"go.updspace.com/libs/ratelimit"
)

// lookUp runs a lookup that may ask the database or another service. An address that has looked for too much that does not
// exist is refused before it.
func (m *middleware) lookUp(r *http.Request, cached bool, missing error, find func() error) error {
	if cached {
		return find()
	}
	address := m.addresses.Of(r)
	if verdict := m.limiter.Peek(r.Context(), ports.RuleUnknown, address); !verdict.Allowed {
		return refusal(verdict)
	}
	err := find()
	if errors.Is(err, missing) {
		m.limiter.Take(r.Context(), ports.RuleUnknown, address, 1) // its verdict is for the next lookup
	}
	return err
}

// count holds the request against the limits: of the user if there is a session, else of the address; signing in always
// counts by address.
func (m *middleware) count(r *http.Request, state *requestState, signIn bool) error {
	switch {
	case signIn:
		return m.take(r, ports.RuleSignIn, m.addresses.Of(r))
	case state.signedIn && unsafe(r.Method):
		return m.take(r, ports.RuleWrites, state.session.UserID.String())
	case state.signedIn:
		return m.take(r, ports.RuleReads, state.session.UserID.String())
	}
	return m.take(r, ports.RuleAnonymous, m.addresses.Of(r))
}

func (m *middleware) take(r *http.Request, rule, key string) error {
	if verdict := m.limiter.Take(r.Context(), rule, key, 1); !verdict.Allowed {
		return refusal(verdict)
	}
	return nil
}

// fingerprint is the key of a path with a secret, without the secret.
func fingerprint(path string) string {
	sum := sha256.Sum256([]byte(path))
	return hex.EncodeToString(sum[:16])
}

func refusal(v ratelimit.Verdict) error {
	return domain.ErrRateLimited.WithRetryAfter(v.RetryAfter).WithDetails(map[string]any{"limit": v.Limit, "window": int(v.Window.Seconds())})
}
