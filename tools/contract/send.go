package contract

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"go.updspace.com/libs/reqctx"
)

// Target is a service to try.
type Target struct {
	URL string
	// Sign puts what proves the caller onto a request: the signed context, or a browser's cookies.
	Sign   func(r *http.Request, rc reqctx.Context, body []byte)
	Client *http.Client
}

// Send sends a request as it is: no redirect is followed and nothing is mended on the way.
func (t Target) Send(ctx context.Context, r Request, rc reqctx.Context) (Answer, error) {
	path, err := url.PathUnescape(r.Path)
	if err != nil {
		return Answer{}, fmt.Errorf("%s: the path is not escaped: %w", r.Name, err)
	}
	request, err := http.NewRequestWithContext(ctx, r.Method, t.URL, bytes.NewReader(r.Body))
	if err != nil {
		return Answer{}, fmt.Errorf("%s: %w", r.Name, err)
	}
	request.URL.Path, request.URL.RawPath, request.URL.RawQuery = path, r.Path, r.Query
	request.Header = r.Header.Clone()
	if len(r.Body) == 0 {
		request.Body, request.ContentLength = http.NoBody, 0
	}
	if t.Sign != nil {
		t.Sign(request, rc, r.Body)
	}
	if r.Tamper != nil {
		r.Tamper(request.Header)
	}
	response, err := t.Client.Do(request)
	if err != nil {
		return Answer{}, fmt.Errorf("%s: %w", r.Name, err)
	}
	defer func() { _ = response.Body.Close() }()
	if streams(response.Header) { // it does not end by itself
		return Answer{response.StatusCode, response.Header, nil}, nil
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return Answer{}, fmt.Errorf("%s: reading the answer: %w", r.Name, err)
	}
	return Answer{response.StatusCode, response.Header, body}, nil
}

// streams reports whether an answer is a stream of events, whose body is not looked at.
func streams(h http.Header) bool {
	return strings.HasPrefix(h.Get("Content-Type"), "text/event-stream")
}

// NewClient returns a client that follows no redirect and keeps connections, for thousands of small requests.
func NewClient(connections int) *http.Client {
	transport := &http.Transport{MaxIdleConnsPerHost: connections, MaxConnsPerHost: connections, DisableCompression: true}
	return &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
