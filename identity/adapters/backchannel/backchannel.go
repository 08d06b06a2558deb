// Package backchannel posts logout tokens to clients (OpenID Connect Back-Channel Logout 1.0).
package backchannel

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Sender implements ports.LogoutSender.
type Sender struct{ client *http.Client }

const (
	timeout   = 2 * time.Second
	maxAnswer = 64 << 10
)

// New returns a sender. It follows no redirect: a client registers the address it listens at.
func New() *Sender {
	return &Sender{client: &http.Client{
		Timeout:       timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Send implements ports.LogoutSender.
func (s *Sender) Send(ctx context.Context, uri, token string) error {
	form := url.Values{"logout_token": {token}}.Encode()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, uri, strings.NewReader(form))
	if err != nil {
		return fmt.Errorf("making the logout request: %w", err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := s.client.Do(r)
	if err != nil {
		return fmt.Errorf("sending a logout token: %w", err)
	}
	defer resp.Body.Close()
	_, _ = io.CopyN(io.Discard, resp.Body, maxAnswer) // so that the connection can be used again
	if resp.StatusCode != http.StatusOK && resp.StatusCode != http.StatusNoContent {
		return fmt.Errorf("the client answered a logout token with %d", resp.StatusCode)
	}
	return nil
}

// Close closes idle connections.
func (s *Sender) Close() { s.client.CloseIdleConnections() }
