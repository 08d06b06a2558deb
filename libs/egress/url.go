package egress

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// MaxURL is the greatest length of a URL, in bytes.
const MaxURL = 2048

// Check tells whether the client would ask a URL, as far as that can be told without resolving a name: ErrURL, ErrPort or
// ErrAddress. It is for answering a person who states the URL; what a name resolves to is checked when it is dialled.
func (c *Client) Check(raw string) error {
	if len(raw) > MaxURL {
		return fmt.Errorf("%w: longer than %d bytes", ErrURL, MaxURL)
	}
	u, err := url.Parse(raw)
	switch {
	case err != nil: // the error of Parse has the URL in it
		return ErrURL
	case u.Scheme != "https" && u.Scheme != "http":
		return fmt.Errorf("%w: the scheme must be https", ErrURL)
	case u.User != nil:
		return fmt.Errorf("%w: it must not hold a user or password", ErrURL)
	case u.Hostname() == "" || u.Opaque != "":
		return fmt.Errorf("%w: it must name a host", ErrURL)
	}
	port, err := portOf(u)
	if err != nil {
		return err
	}
	if addr, err := netip.ParseAddr(u.Hostname()); err == nil {
		to := netip.AddrPortFrom(addr, port)
		if c.excepted(to) {
			return nil
		}
		if err := c.allowed(to); err != nil {
			return err
		}
	} else if local(u.Hostname()) {
		return ErrAddress
	}
	if c.config.TLSOnly && u.Scheme != "https" {
		return fmt.Errorf("%w: the scheme must be https", ErrURL)
	}
	if !slices.Contains(c.config.Ports, port) {
		return ErrPort
	}
	return nil
}

func portOf(u *url.URL) (uint16, error) {
	switch {
	case u.Port() != "":
		n, err := strconv.ParseUint(u.Port(), 10, 16)
		if err != nil {
			return 0, ErrPort
		}
		return uint16(n), nil
	case u.Scheme == "https":
		return 443, nil
	}
	return 80, nil
}

// local tells whether a name can only be one of the own network: names without a dot, and the top-level domains that are set apart
// for it (RFC 6761, RFC 6762, RFC 9476).
func local(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	dot := strings.LastIndexByte(host, '.')
	return dot < 0 || slices.Contains([]string{"localhost", "local", "internal", "alt"}, host[dot+1:])
}

// quiet takes out of an error of net/http what may hold a token, because errors are logged: the URL, and what is quoted of an answer that is not
// HTTP, which can be anything that was sent.
func quiet(err error) error {
	if failed, ok := errors.AsType[*url.Error](err); ok {
		err = failed.Err
	}
	if Reason(err) == protocol {
		return unreadable{err}
	}
	return err
}

const protocol = "protocol"

// unreadable is an answer that net/http cannot read.
type unreadable struct{ cause error }

func (unreadable) Error() string   { return "the answer cannot be read" }
func (u unreadable) Unwrap() error { return u.cause }

// Reason says why a request failed, in one word for delivery logs and pages. It never holds an address or a part of a URL.
func Reason(err error) string {
	var dns *net.DNSError
	var op *net.OpError
	switch {
	case err == nil:
		return ""
	case errors.Is(err, ErrAddress):
		return "address_refused"
	case errors.Is(err, ErrPort):
		return "port_refused"
	case errors.Is(err, ErrURL):
		return "url_refused"
	case errors.Is(err, ErrRedirects):
		return "too_many_redirects"
	case errors.Is(err, ErrTooLarge):
		return "answer_too_large"
	case errors.As(err, &dns):
		return "unknown_host"
	case isTimeout(err):
		return "timeout"
	case isTLS(err):
		return "tls"
	case errors.As(err, &op):
		return "connection"
	}
	return protocol
}

func isTimeout(err error) bool {
	var timed interface{ Timeout() bool }
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timed) && timed.Timeout()
}

func isTLS(err error) bool {
	var (
		record   tls.RecordHeaderError
		alert    tls.AlertError
		verify   *tls.CertificateVerificationError
		hostname x509.HostnameError
		unknown  x509.UnknownAuthorityError
		invalid  x509.CertificateInvalidError
	)
	return errors.Is(err, http.ErrSchemeMismatch) || errors.As(err, &record) || errors.As(err, &alert) || errors.As(err, &verify) || errors.As(err, &hostname) ||
		errors.As(err, &unknown) || errors.As(err, &invalid)
}
