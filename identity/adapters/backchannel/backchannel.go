// Package backchannel posts logout tokens to clients (OpenID Connect Back-Channel Logout 1.0).
package backchannel

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"go.updspace.com/libs/egress"
)

// Sender implements ports.LogoutSender.
type Sender struct {
	gateway string
	inside  *http.Client
	outside *egress.Client
}

const (
	timeout   = 2 * time.Second
	maxAnswer = 64 << 10
)

// New returns a sender. The address of the gateway comes from the settings and is in the own network; those of other clients are what
// administrators state, so they are reached through libs/egress only: on the public Internet, or one of the exceptions. It follows no
// redirect: a client registers the address it listens at.
func New(gateway string, exceptions []netip.AddrPort) *Sender {
	return &Sender{
		gateway: gateway,
		inside: &http.Client{
			Timeout:       timeout,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		outside: egress.New(egress.Config{Exceptions: exceptions, Timeout: timeout, MaxBody: maxAnswer, Truncate: true}),
	}
}

// Send implements ports.LogoutSender.
func (s *Sender) Send(ctx context.Context, uri, token string) error {
	form := url.Values{"logout_token": {token}}.Encode()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, uri, strings.NewReader(form))
	if err != nil {
		return fmt.Errorf("making the logout request: %w", err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	status, err := s.post(r, uri == s.gateway)
	if err != nil {
		return fmt.Errorf("sending a logout token: %w", err)
	}
	if status != http.StatusOK && status != http.StatusNoContent {
		return fmt.Errorf("the client answered a logout token with %d", status)
	}
	return nil
}

func (s *Sender) post(r *http.Request, inside bool) (status int, err error) {
	if !inside {
		answer, err := s.outside.Do(r)
		return answer.Status, err
	}
	resp, err := s.inside.Do(r)
	if err != nil {
		return 0, err
	}
	_, _ = io.CopyN(io.Discard, resp.Body, maxAnswer) // so that the connection can be used again
	return resp.StatusCode, resp.Body.Close()
}

// Close closes idle connections.
func (s *Sender) Close() {
	s.inside.CloseIdleConnections()
	s.outside.Close()
}
