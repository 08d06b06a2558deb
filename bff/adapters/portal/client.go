// Package portal asks the portal service for the caller's profile.
package portal

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"go.updspace.com/bff/ports"
	"go.updspace.com/libs/errs"
)

const (
	profilePath = "/api/v1/portal/me"
	maxProfile  = 64 << 10
)

// Client implements ports.Portal.
type Client struct {
	url  string
	http *http.Client
}

var _ ports.Portal = (*Client)(nil)

// New returns a client of the service at url. transport signs.
func New(url string, transport http.RoundTripper) *Client {
	return &Client{url: strings.TrimSuffix(url, "/") + profilePath, http: &http.Client{Transport: transport}}
}

// Profile implements ports.Portal, in the request context of the caller.
func (c *Client) Profile(ctx context.Context) (json.RawMessage, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.url, nil)
	if err != nil {
		return nil, fmt.Errorf("asking portal for the profile: %w", err)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, errs.Unavailablef("The portal is not available right now.").Wrap(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxProfile))
	if err != nil {
		return nil, errs.Unavailablef("The portal is not available right now.").Wrap(err)
	}
	if resp.StatusCode != http.StatusOK || !json.Valid(body) {
		return nil, errs.Internalf("portal answered the profile with %d", resp.StatusCode)
	}
	return body, nil
}
