// Package egress is the HTTP client for addresses that people state: webhooks, feeds, push subscriptions. Such an address must not
// lead into the installation's own network (server-side request forgery). A URL says little about where it leads, because names
// resolve to anything, at any time, and answers redirect; so the client decides about the address that is really dialled, each
// time it dials.
package egress

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"syscall"
	"time"
)

// Config bounds what a client may do.
type Config struct {
	// Ports are those that may be dialled, 80 and 443 when empty.
	Ports []uint16
	// Exceptions may be dialled although they are not public, on exactly their port: stand-ins for other systems, in development
	// and tests. They may be asked without TLS, too.
	Exceptions []netip.AddrPort
	// TLSOnly refuses http.
	TLSOnly bool
	// Redirects is how many are followed. With 0 the answer is the redirect itself.
	Redirects int
	// Timeout is for the whole exchange, the body included; 10 s when 0.
	Timeout time.Duration
	// MaxBody is how many bytes of an answer's body are read, after decompression; 64 KB when 0.
	MaxBody int64
	// Truncate returns the beginning of a longer body. Without it a longer body is ErrTooLarge.
	Truncate bool
}

// Client sends requests to public addresses only. It is safe for concurrent use.
type Client struct {
	config Config
	http   *http.Client
}

// Response is an answer whose body has been read.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
}

// The reasons for which a request is refused or its answer is not read. Reason names them for logs that tenants read.
var (
	ErrAddress   = errors.New("the address is not one of the public Internet")
	ErrPort      = errors.New("the port is not allowed")
	ErrURL       = errors.New("the URL is not allowed")
	ErrRedirects = errors.New("too many redirects")
	ErrTooLarge  = errors.New("the answer is too large")
)

// maxHeaders bounds the headers of an answer, in bytes.
const maxHeaders = 64 << 10

// New returns a client. Close it.
func New(config Config) *Client {
	if len(config.Ports) == 0 {
		config.Ports = []uint16{80, 443}
	}
	if config.Timeout == 0 {
		config.Timeout = 10 * time.Second
	}
	if config.MaxBody == 0 {
		config.MaxBody = 64 << 10
	}
	c := &Client{config: config}
	dialer := &net.Dialer{Timeout: min(5*time.Second, config.Timeout), ControlContext: c.control}
	c.http = &http.Client{
		Timeout: config.Timeout,
		Transport: &http.Transport{
			Proxy:                  nil, // a proxy would dial where the dialler cannot look
			DialContext:            dialer.DialContext,
			ForceAttemptHTTP2:      true, // off otherwise, because of the dialler
			TLSHandshakeTimeout:    5 * time.Second,
			ResponseHeaderTimeout:  config.Timeout,
			MaxResponseHeaderBytes: maxHeaders,
			IdleConnTimeout:        30 * time.Second,
			MaxIdleConns:           100,
			MaxIdleConnsPerHost:    2,
		},
		CheckRedirect: c.redirect,
	}
	return c
}

// Close closes idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Do sends a request and reads the answer. The error of a refused address wraps one of the errors of this package.
func (c *Client) Do(request *http.Request) (Response, error) {
	if err := c.Check(request.URL.String()); err != nil {
		return Response{}, err
	}
	answer, err := c.http.Do(request)
	if err != nil {
		return Response{}, quiet(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, c.config.MaxBody+1))
	if err != nil {
		return Response{}, quiet(err)
	}
	if int64(len(body)) > c.config.MaxBody {
		if !c.config.Truncate {
			return Response{}, ErrTooLarge
		}
		body = body[:c.config.MaxBody]
	}
	return Response{Status: answer.StatusCode, Header: answer.Header, Body: body}, nil
}

// control is called for each address that is about to be dialled, after names are resolved.
func (c *Client) control(_ context.Context, network, address string, _ syscall.RawConn) error {
	if network != "tcp4" && network != "tcp6" {
		return ErrAddress
	}
	dialled, err := netip.ParseAddrPort(address)
	if err != nil {
		return ErrAddress
	}
	return c.allowed(dialled)
}

func (c *Client) allowed(to netip.AddrPort) error {
	switch {
	case c.excepted(to):
		return nil
	case !Public(to.Addr()):
		return ErrAddress
	case !slices.Contains(c.config.Ports, to.Port()):
		return ErrPort
	}
	return nil
}

func (c *Client) excepted(to netip.AddrPort) bool {
	return slices.Contains(c.config.Exceptions, netip.AddrPortFrom(to.Addr().Unmap(), to.Port()))
}

func (c *Client) redirect(next *http.Request, before []*http.Request) error {
	if c.config.Redirects == 0 {
		return http.ErrUseLastResponse
	}
	if len(before) > c.config.Redirects {
		return ErrRedirects
	}
	if err := c.Check(next.URL.String()); err != nil {
		return err
	}
	if before[0].URL.Scheme == "https" && next.URL.Scheme != "https" {
		return fmt.Errorf("%w: a redirect leaves https", ErrURL)
	}
	return nil
}
