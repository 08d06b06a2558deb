package journey

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Browser is one person's browser: a cookie jar, redirects followed one visible hop at a time, and the two headers a page's own script adds
// to what it sends (X-CSRF-Token, X-Request-Id).
type Browser struct {
	Home string // the origin that relative addresses belong to

	client *http.Client
	jar    http.CookieJar
	log    *Log
}

// Loopback is where a platform listens unless said.
const Loopback = "127.0.0.1"

// Transport reaches *.localhost on this machine whatever the resolver thinks of it; browsers do the same.
func Transport() *http.Transport { return TransportTo(Loopback) }

// TransportTo is Transport for a platform that listens at another address.
func TransportTo(address string) *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.Proxy = nil
	dialer := &net.Dialer{Timeout: 5 * time.Second}
	t.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		host, port, err := net.SplitHostPort(addr)
		if err == nil && (host == "localhost" || strings.HasSuffix(host, ".localhost")) {
			addr = net.JoinHostPort(address, port)
		}
		return dialer.DialContext(ctx, network, addr)
	}
	return t
}

// NewBrowser opens a browser with an empty cookie jar. Nothing is printed when log is nil.
func NewBrowser(home string, transport http.RoundTripper, log *Log) *Browser {
	jar, _ := cookiejar.New(nil) // its error is for a future option
	return &Browser{
		Home: home, jar: jar, log: log,
		client: &http.Client{
			Transport: transport, Jar: jar, Timeout: 30 * time.Second,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// Answer is what came back.
type Answer struct {
	Status  int
	Header  http.Header
	Body    []byte
	Request *http.Request
	Err     error // the request got no answer at all
}

// Get asks for an address and does not follow where it leads.
func (b *Browser) Get(ctx context.Context, address string, header ...string) *Answer {
	return b.do(ctx, http.MethodGet, address, nil, "", header)
}

// Open asks for an address as a person does, following redirects to the page at their end.
func (b *Browser) Open(ctx context.Context, address string) *Answer {
	return b.follow(ctx, b.Get(ctx, address, "Accept", "text/html,application/xhtml+xml", "Sec-Fetch-Site", "none", "Sec-Fetch-Mode", "navigate"))
}

// maxHops is more than any sign-in takes.
const maxHops = 15

func (b *Browser) follow(ctx context.Context, a *Answer) *Answer {
	for range maxHops {
		if a.Err != nil || a.Status < 300 || a.Status > 399 {
			return a
		}
		next, err := a.Request.URL.Parse(a.Header.Get("Location"))
		if err != nil {
			return &Answer{Err: err}
		}
		a = b.Get(ctx, next.String(), "Accept", "text/html,application/xhtml+xml", "Sec-Fetch-Site", "same-site", "Sec-Fetch-Mode", "navigate")
	}
	return &Answer{Err: fmt.Errorf("more than %d redirects", maxHops)}
}

// Send calls the API as the page's script does: JSON, a request id, and for unsafe methods the CSRF token and the Origin.
func (b *Browser) Send(ctx context.Context, method, address string, body any, header ...string) *Answer {
	var encoded []byte
	if body != nil {
		var err error
		if encoded, err = json.Marshal(body); err != nil {
			return &Answer{Err: err}
		}
	}
	all := []string{"Accept", "application/json", "X-Request-Id", uuid.NewString(), "Sec-Fetch-Site", "same-origin"}
	if method != http.MethodGet {
		all = append(all, "Origin", origin(b.resolve(address)))
		if token := b.Cookie(csrfCookie); token != "" && origin(b.resolve(address)) == b.Home {
			all = append(all, "X-CSRF-Token", token)
		}
	}
	return b.do(ctx, method, address, encoded, "application/json", append(all, header...))
}

const (
	sessionCookie = "updspace_session"
	csrfCookie    = "updspace_csrf"
)

// Cookie is the value of the home origin's cookie, also under the __Host- name that https uses; "" when there is none.
func (b *Browser) Cookie(name string) string {
	for _, c := range b.jar.Cookies(b.resolve("/")) {
		if c.Name == name || c.Name == "__Host-"+name {
			return c.Value
		}
	}
	return ""
}

// Forget drops one of the home origin's cookies.
func (b *Browser) Forget(name string) {
	b.jar.SetCookies(b.resolve("/"), []*http.Cookie{{Name: name, MaxAge: -1, Path: "/"}})
}

// Remember puts a cookie of the home origin back.
func (b *Browser) Remember(name, value string) {
	b.jar.SetCookies(b.resolve("/"), []*http.Cookie{{Name: name, Value: value, Path: "/"}})
}

// CloseIdleConnections lets go of the connections, for tests that count goroutines.
func (b *Browser) CloseIdleConnections() { b.client.CloseIdleConnections() }

func (b *Browser) resolve(address string) *url.URL {
	home, err := url.Parse(b.Home)
	if err != nil {
		return &url.URL{}
	}
	u, err := home.Parse(address)
	if err != nil {
		return home
	}
	return u
}

func origin(u *url.URL) string { return u.Scheme + "://" + u.Host }

func (b *Browser) do(ctx context.Context, method, address string, body []byte, kind string, header []string) *Answer {
	r, err := http.NewRequestWithContext(ctx, method, b.resolve(address).String(), bytes.NewReader(body))
	if err != nil {
		return &Answer{Err: err}
	}
	if body != nil {
		r.Header.Set("Content-Type", kind)
	}
	r.Header.Set("User-Agent", "updspace-journey")
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	b.log.sent(r, body)
	response, err := b.client.Do(r)
	if err != nil {
		b.log.failed(err)
		return &Answer{Err: err, Request: r}
	}
	defer response.Body.Close()
	answer := &Answer{Status: response.StatusCode, Header: response.Header, Request: r}
	if answer.Body, err = io.ReadAll(io.LimitReader(response.Body, 4<<20)); err != nil {
		answer.Err = err
	}
	b.log.received(answer)
	return answer
}

// Expect says what is wrong when the answer has another status.
func (a *Answer) Expect(status int) error {
	if a.Err != nil {
		return a.Err
	}
	if a.Status != status {
		return fmt.Errorf("%s %s answered %d, not %d: %s", a.Request.Method, a.Request.URL.Redacted(), a.Status, status, shorten(a.Body))
	}
	return nil
}

// ExpectCode also looks at the code in the error envelope, and that the envelope is whole.
func (a *Answer) ExpectCode(status int, code string) error {
	if err := a.Expect(status); err != nil {
		return err
	}
	e, err := a.Envelope()
	if err != nil {
		return err
	}
	if e.Code != code {
		return fmt.Errorf("%s %s answered the code %s, not %s", a.Request.Method, a.Request.URL.Redacted(), e.Code, code)
	}
	return nil
}

// Envelope is the platform's error.
type Envelope struct {
	Code      string         `json:"code"`
	Message   string         `json:"message"`
	Details   map[string]any `json:"details"`
	RequestID string         `json:"request_id"`
}

// Envelope reads the error envelope and checks that nothing of it is missing.
func (a *Answer) Envelope() (Envelope, error) {
	var body struct{ Error *Envelope }
	if err := json.Unmarshal(a.Body, &body); err != nil || body.Error == nil {
		return Envelope{}, fmt.Errorf("%s %s answered %d without the error envelope: %s", a.Request.Method, a.Request.URL.Redacted(), a.Status, shorten(a.Body))
	}
	e := *body.Error
	if e.Code == "" || e.Message == "" || e.Details == nil || e.RequestID == "" {
		return e, fmt.Errorf("%s %s answered half an error envelope: %s", a.Request.Method, a.Request.URL.Redacted(), shorten(a.Body))
	}
	return e, nil
}

// JSON expects the status and decodes the body.
func (a *Answer) JSON(status int, into any) error {
	if err := a.Expect(status); err != nil {
		return err
	}
	if err := json.Unmarshal(a.Body, into); err != nil {
		return fmt.Errorf("%s %s: %w: %s", a.Request.Method, a.Request.URL.Redacted(), err, shorten(a.Body))
	}
	return nil
}

// Page expects an HTML page.
func (a *Answer) Page() error {
	if err := a.Expect(http.StatusOK); err != nil {
		return err
	}
	if !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
		return errors.New("expected a page, got " + a.Header.Get("Content-Type"))
	}
	return nil
}
