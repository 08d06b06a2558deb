package egress

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
)

// HTTP returns a client of net/http for libraries that take no other. Its requests are those of Do: refused, bounded and read in the same way.
// A redirect that the Config does not follow is the answer.
func (c *Client) HTTP() *http.Client {
	return &http.Client{Transport: transport{c}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

type transport struct{ *Client }

// RoundTrip implements http.RoundTripper.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := t.Do(r)
	if err != nil {
		return nil, err
	}
	return &http.Response{
		Status: strconv.Itoa(answer.Status) + " " + http.StatusText(answer.Status), StatusCode: answer.Status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: answer.Header,
		Body: io.NopCloser(bytes.NewReader(answer.Body)), ContentLength: int64(len(answer.Body)), Request: r,
	}, nil
}
