// Package proxy passes requests on to the services: same path, same query,
// same body, with the context of the one who asks signed onto it, and answers
// back as they come.
package proxy

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"time"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/signing"
)

const (
	// MaxBody bounds request bodies, which are read whole to be signed. Uploads
	// are not: see MaxUpload.
	MaxBody = 5 << 19 // 2.5 MiB

	connectTimeout = 2 * time.Second
	idlePerHost    = 256
	idleTimeout    = 90 * time.Second

	// a service that holds a request until there is news answers in less
	longPollTimeout = 40 * time.Second
	longPollSuffix  = "/long-poll"

	statusClientClosed = 499 // as nginx calls it: nobody is left to read an answer
)

// methods that are passed on.
var methods = map[string]bool{
	http.MethodGet: true, http.MethodHead: true, http.MethodPost: true,
	http.MethodPut: true, http.MethodPatch: true, http.MethodDelete: true,
}

const allow = "GET, HEAD, POST, PUT, PATCH, DELETE"

// Config says where the services are; one that is missing answers 503.
type Config struct {
	Upstreams map[string]string // by name: http://voting:8004
	// Timeout is how long a service may take to begin its answer.
	Timeout time.Duration
}

// Signers makes the signer of calls to a service (signing.Keyring).
type Signers func(upstream string) (*signing.Signer, error)

// Forward passes one request on in a request context.
type Forward = func(w http.ResponseWriter, r *http.Request, rc reqctx.Context)

// Proxy is the table with everything prepared that a request needs.
type Proxy struct {
	entries []entry
	pools   []*http.Transport
	closing context.Context
	close   context.CancelFunc
}

type entry struct {
	route   route
	forward Forward
}

// New prepares the proxy. wrap decorates the transports, for traces.
func New(cfg Config, signers Signers, wrap func(http.RoundTripper) http.RoundTripper, log *slog.Logger) (*Proxy, error) {
	p := &Proxy{}
	p.closing, p.close = context.WithCancel(context.Background())
	quick, patient := newTransport(cfg.Timeout), newTransport(longPollTimeout)
	p.pools = []*http.Transport{quick, patient}
	upstreams := map[string]*upstream{}
	for _, rt := range routes {
		u, ok := upstreams[rt.upstream]
		if !ok {
			var err error
			if u, err = newUpstream(p.closing, rt.upstream, cfg.Upstreams[rt.upstream], signers); err != nil {
				return nil, err
			}
			u.quick = u.reverse(wrap(quick), log)
			u.patient = u.reverse(wrap(patient), log)
			upstreams[rt.upstream] = u
		}
		p.entries = append(p.entries, entry{route: rt, forward: u.forwarder(rt.public)})
	}
	return p, nil
}

// EndStreams ends the streams under way, which would otherwise hold up a
// shutdown for as long as their readers like.
func (p *Proxy) EndStreams() { p.close() }

// Close closes the connections that are kept for later.
func (p *Proxy) Close() {
	p.close()
	for _, pool := range p.pools {
		pool.CloseIdleConnections()
	}
}

// Match finds who answers a path, and whether that needs a session.
func (p *Proxy) Match(path string) (forward Forward, public, ok bool) {
	for i := range p.entries {
		if e := &p.entries[i]; e.route.matches(path) {
			return e.forward, e.route.public, true
		}
	}
	return nil, false, false
}

func newTransport(timeout time.Duration) *http.Transport {
	dialer := &net.Dialer{Timeout: connectTimeout, KeepAlive: 30 * time.Second}
	return &http.Transport{
		DialContext:           dialer.DialContext,
		MaxIdleConnsPerHost:   idlePerHost,
		IdleConnTimeout:       idleTimeout,
		TLSHandshakeTimeout:   connectTimeout,
		ResponseHeaderTimeout: timeout,
		DisableCompression:    true, // bodies pass as they are
		ForceAttemptHTTP2:     false,
	}
}

// upstream is one service.
type upstream struct {
	name           string
	operation      string // what log and metrics call requests to it
	target         *url.URL
	signer         *signing.Signer
	quick, patient *httputil.ReverseProxy
	closing        context.Context
}

func newUpstream(closing context.Context, name, address string, signers Signers) (*upstream, error) {
	u := &upstream{name: name, operation: "proxy:" + name, closing: closing}
	if address == "" {
		return u, nil
	}
	target, err := url.Parse(address)
	if err != nil || target.Host == "" || strings.Trim(target.Path, "/") != "" {
		return nil, fmt.Errorf("the address of %s must be like http://host:port, not %q", name, address)
	}
	u.target = target
	if u.signer, err = signers(name); err != nil {
		return nil, err
	}
	return u, nil
}

// exchange is one request on its way. It is the context of the outgoing
// request, so that the shared reverse proxy finds it without another lookup.
type exchange struct {
	context.Context
	rc     reqctx.Context
	body   []byte
	upload *spool // instead of body
	public bool
}

type exchangeKey struct{}

func (e *exchange) Value(key any) any {
	if _, ok := key.(exchangeKey); ok {
		return e
	}
	return e.Context.Value(key)
}

func (u *upstream) forwarder(public bool) Forward {
	return func(w http.ResponseWriter, r *http.Request, rc reqctx.Context) {
		httpx.SetOperation(r.Context(), u.operation)
		if !methods[r.Method] {
			w.Header().Set("Allow", allow)
			httpx.WriteError(w, r, errs.New(errs.NotAllowed, "", "This address does not take this method."))
			return
		}
		if u.target == nil {
			httpx.WriteError(w, r, u.away(errors.New("no address is configured")))
			return
		}
		ex := &exchange{Context: r.Context(), rc: rc, public: public}
		if err := readBody(w, r, ex); err != nil {
			httpx.WriteError(w, r, err)
			return
		}
		if ex.upload != nil {
			defer ex.upload.Close()
		}
		proxy := u.quick
		if longPoll := strings.HasSuffix(r.URL.Path, longPollSuffix); longPoll || streams(r) {
			if longPoll {
				proxy = u.patient
			}
			release := u.holdOpen(w, ex)
			defer release()
		}
		proxy.ServeHTTP(w, r.WithContext(ex))
	}
}

// streams reports whether the answer may take as long as its reader stays.
func streams(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept"), "text/event-stream")
}

// holdOpen lifts the server's deadlines, which are meant for ordinary
// requests, and ties the request to the life of the proxy instead.
func (u *upstream) holdOpen(w http.ResponseWriter, ex *exchange) (release func()) {
	control := http.NewResponseController(w)
	// a writer without deadlines, as in some tests, has none to lift
	_ = control.SetReadDeadline(time.Time{})
	_ = control.SetWriteDeadline(time.Time{})
	ctx, cancel := context.WithCancel(ex.Context)
	stop := context.AfterFunc(u.closing, cancel)
	ex.Context = ctx
	return func() {
		stop()
		cancel()
	}
}

func (u *upstream) reverse(transport http.RoundTripper, log *slog.Logger) *httputil.ReverseProxy {
	return &httputil.ReverseProxy{
		Rewrite:   u.rewrite,
		Transport: transport,
		ModifyResponse: func(resp *http.Response) error {
			filterResponse(resp.Header)
			return nil
		},
		ErrorHandler: u.failed,
		ErrorLog:     slog.NewLogLogger(log.Handler(), slog.LevelDebug),
		BufferPool:   buffers,
	}
}

// rewrite makes the outgoing request: the service's address, the headers that
// may pass, the body that was read, the signature.
func (u *upstream) rewrite(pr *httputil.ProxyRequest) {
	ex, _ := pr.Out.Context().Value(exchangeKey{}).(*exchange)
	out := pr.Out
	out.URL.Scheme, out.URL.Host, out.Host = u.target.Scheme, u.target.Host, ""
	out.Header = requestHeader(pr.In.Header)
	out.Trailer, out.TransferEncoding = nil, nil
	switch {
	case ex.upload != nil:
		out.ContentLength, out.Body = ex.upload.size, ex.upload.body()
		out.GetBody = func() (io.ReadCloser, error) { return ex.upload.body(), nil }
	case len(ex.body) > 0:
		out.ContentLength = int64(len(ex.body))
		out.Body = io.NopCloser(bytes.NewReader(ex.body))
		out.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(ex.body)), nil }
	default:
		out.ContentLength, out.Body = 0, http.NoBody
	}
	if ex.public { // nobody's word is given for an anonymous caller
		out.Header[signing.HeaderRequestID] = []string{ex.rc.RequestID}
		return
	}
	if ex.upload != nil {
		u.signer.SignDigest(out, ex.rc, ex.upload.digest)
		return
	}
	u.signer.Sign(out, ex.rc, ex.body)
}

// failed answers for a service that did not.
func (u *upstream) failed(w http.ResponseWriter, r *http.Request, err error) {
	var dial *net.OpError
	var network net.Error
	switch {
	case errors.Is(err, context.Canceled):
		w.WriteHeader(statusClientClosed)
	case errors.As(err, &dial) && dial.Op == "dial":
		httpx.WriteError(w, r, u.away(err))
	case errors.As(err, &network) && network.Timeout():
		httpx.WriteError(w, r, errs.New(errs.Timeout, "", "The service took too long to answer.").
			WithDetails(map[string]any{"upstream": u.name}).Wrap(err))
	default:
		httpx.WriteError(w, r, u.away(err))
	}
}

func (u *upstream) away(cause error) error {
	return errs.Unavailablef("This part of the platform is not available right now. Try again in a moment.").
		WithDetails(map[string]any{"upstream": u.name}).Wrap(cause)
}
