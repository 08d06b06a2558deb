// Package proxy forwards requests to the services: same path, same query, same body, with the signed context of the
// caller; answers come back as they are.
package proxy

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"time"

	"go.updspace.com/bff/ports"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/signing"
)

const (
	connectTimeout = 2 * time.Second
	idlePerHost    = 256
	idleTimeout    = 90 * time.Second

	heldWindow = 64 << 10 // what a service may send before the browser of a held request has read it

	// a service that holds a request until there is news answers in less
	longPollTimeout = 40 * time.Second
	longPollSuffix  = "/long-poll"

	statusClientClosed = 499 // as nginx calls it: the client is gone
)

// methods that are forwarded.
var methods = []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}

// Config says where the services are; one that is missing answers 501.
type Config struct {
	Upstreams map[string]string // by name: http://voting:8004
	// Timeout is how long a service may take to begin its answer.
	Timeout time.Duration
}

// Signers makes the signer of calls to a service (signing.Keyring).
type Signers func(upstream string) (*signing.Signer, error)

// Forward sends one request on in a request context.
type Forward = func(w http.ResponseWriter, r *http.Request, rc reqctx.Context)

// Proxy is the table with everything prepared that a request needs.
type Proxy struct {
	entries []entry
	pools   []*http.Transport
	uploads *uploads
	closing context.Context
	close   context.CancelFunc
}

type entry struct {
	route   route
	forward Forward
}

// New prepares the proxy. wrap decorates the transports, for traces.
func New(cfg Config, signers Signers, wrap func(http.RoundTripper) http.RoundTripper, log *slog.Logger) (*Proxy, error) {
	p := &Proxy{uploads: newUploads(uploadOperations...)}
	p.closing, p.close = context.WithCancel(context.Background())
	quick, stream, patient := newTransport(cfg.Timeout), newTransport(cfg.Timeout), newTransport(longPollTimeout)
	share(stream)
	share(patient)
	p.pools = []*http.Transport{quick, stream, patient}
	buffers, heldBuffers := newBuffers(bufferSize), newBuffers(heldBufferSize)
	upstreams := map[string]*upstream{}
	for _, rt := range routes {
		u, ok := upstreams[rt.upstream]
		if !ok {
			var err error
			if u, err = newUpstream(rt.upstream, cfg.Upstreams[rt.upstream], signers); err != nil {
				return nil, err
			}
			u.quick, u.stream, u.patient = u.reverse(wrap(quick), buffers, log), u.reverse(wrap(stream), heldBuffers, log), u.reverse(wrap(patient), heldBuffers, log)
			upstreams[rt.upstream] = u
		}
		p.entries = append(p.entries, entry{rt, func(w http.ResponseWriter, r *http.Request, rc reqctx.Context) {
			if err := p.forward(w, r, &exchange{Context: r.Context(), upstream: u, rc: rc, header: r.Header, public: rt.public, maxBody: rt.maxBody, path: rt.path(r.URL.Path)}); err != nil {
				httpx.WriteError(w, r, err)
			}
		}})
	}
	return p, nil
}

// EndStreams ends the streams under way, which would otherwise hold up a shutdown for as long as their readers like.
func (p *Proxy) EndStreams() { p.close() }

// Close closes the connections that are kept for later.
func (p *Proxy) Close() {
	p.close()
	for _, pool := range p.pools {
		pool.CloseIdleConnections()
	}
}

// Match finds the service that answers a request, and for whom it is asked.
func (p *Proxy) Match(method, path string) (forward Forward, whom ports.Whom, ok bool) {
	for i := range p.entries {
		if e := &p.entries[i]; e.route.matches(method, path) {
			return e.forward, e.route.whom(), true
		}
	}
	return nil, ports.ForUser, false
}

func (r route) whom() ports.Whom {
	switch {
	case r.public:
		return ports.ForAnyone
	case r.tenant && r.open:
		return ports.ForEverybody
	case r.tenant && r.guest:
		return ports.ForGuest
	case r.tenant && r.programs:
		return ports.ForPrograms
	case r.tenant:
		return ports.ForTenant
	}
	return ports.ForUser
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

// share makes requests share connections: those that are held open are thousands, and one connection for each would double their memory.
func share(t *http.Transport) {
	t.Protocols = new(http.Protocols)
	t.Protocols.SetUnencryptedHTTP2(true)
	t.HTTP2 = &http.HTTP2Config{MaxReceiveBufferPerStream: heldWindow}
}

// upstream is one service.
type upstream struct {
	name                   string
	operation              string   // what log and metrics call requests to it
	target                 *url.URL // nil if there is none
	signer                 *signing.Signer
	quick, stream, patient *httputil.ReverseProxy
}

func newUpstream(name, address string, signers Signers) (*upstream, error) {
	u := &upstream{name: name, operation: "proxy:" + name}
	if address == "" {
		return u, nil
	}
	target, err := url.Parse(address)
	if err != nil || target.Host == "" || strings.Trim(target.Path, "/") != "" {
		return nil, fmt.Errorf("the address of %s must be like http://host:port, not %q", name, address)
	}
	u.target = target
	u.signer, err = signers(name)
	return u, err
}

// exchange is one request on its way. It is the context of the request, so that the shared reverse proxy finds it there.
type exchange struct {
	context.Context
	upstream *upstream
	rc       reqctx.Context
	header   http.Header // as the browser sent it
	public   bool
	maxBody  int64
	path     string // at the service; empty for the same
	body     body
	held     bool // stays open
}

type exchangeKey struct{}

// Value finds the exchange in contexts that were made of it.
func (ex *exchange) Value(key any) any {
	if key == (exchangeKey{}) {
		return ex
	}
	return ex.Context.Value(key)
}

func (p *Proxy) forward(w http.ResponseWriter, r *http.Request, ex *exchange) (err error) {
	u := ex.upstream
	httpx.SetOperation(r.Context(), u.operation)
	if !slices.Contains(methods, r.Method) {
		w.Header().Set("Allow", strings.Join(methods, ", "))
		return httpx.ErrNoMethod
	}
	if u.target == nil {
		return u.error(errs.NotImplemented, "This part of the platform is not installed.", nil)
	}
	if ex.body, err = p.readBody(w, r, ex); err != nil {
		return err
	}
	defer ex.body.close()
	proxy := u.quick
	if p.StaysOpen(r) {
		proxy = u.stream
		if waits(r) {
			proxy = u.patient
		}
		release := p.holdOpen(w, ex)
		defer release()
	}
	r = r.WithContext(ex)
	r.Header = nil // the reverse proxy would copy it, for rewrite to throw the copy away
	proxy.ServeHTTP(w, r)
	return nil
}

// StaysOpen reports whether the answer may take as long as its reader stays, or until there is news. Such a request ends with its context, at
// once.
func (p *Proxy) StaysOpen(r *http.Request) bool {
	return waits(r) || strings.Contains(r.Header.Get("Accept"), "text/event-stream")
}

// waits reports whether the answer comes when there is news.
func waits(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, longPollSuffix) }

// holdOpen lifts the server's deadlines, which are meant for ordinary requests, and ties the request to the life of the proxy
// instead.
func (p *Proxy) holdOpen(w http.ResponseWriter, ex *exchange) (release func()) {
	control := http.NewResponseController(w)
	// a writer without deadlines, as in some tests, has none to lift
	_ = control.SetReadDeadline(time.Time{})
	_ = control.SetWriteDeadline(time.Time{})
	ctx, cancel := context.WithCancel(ex.Context)
	stop := context.AfterFunc(p.closing, cancel)
	ex.Context, ex.held = ctx, true
	return func() {
		stop()
		cancel()
	}
}

func (u *upstream) reverse(transport http.RoundTripper, pool *buffers, log *slog.Logger) *httputil.ReverseProxy {
	return &httputil.ReverseProxy{
		Rewrite:   rewrite,
		Transport: transport,
		ModifyResponse: func(resp *http.Response) error {
			filterResponse(resp.Header)
			if ex, _ := resp.Request.Context().Value(exchangeKey{}).(*exchange); ex.held {
				resp.Body = heldBody{resp.Body, ex}
			}
			return nil
		},
		ErrorHandler: u.failed,
		ErrorLog:     slog.NewLogLogger(log.Handler(), slog.LevelDebug),
		BufferPool:   pool,
	}
}

// heldBody is the answer to a request that stays open. It ends with the context: what the service has sent by then does not pass.
type heldBody struct {
	io.ReadCloser
	ctx context.Context //nolint:containedctx // of the request
}

func (b heldBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if b.ctx.Err() != nil {
		return 0, io.EOF
	}
	return n, err
}

// rewrite makes the outgoing request: the service's address, the headers that may pass, the body that was read, the signature.
func rewrite(pr *httputil.ProxyRequest) {
	ex, out := pr.In.Context().(*exchange), pr.Out
	u := ex.upstream
	out.URL.Scheme, out.URL.Host, out.Host = u.target.Scheme, u.target.Host, ""
	if ex.path != "" {
		out.URL.Path, out.URL.RawPath = ex.path, ""
	}
	out.Header = requestHeader(ex.header)
	out.Trailer, out.TransferEncoding = nil, nil
	out.ContentLength, out.Body = ex.body.size, ex.body.open()
	out.GetBody = func() (io.ReadCloser, error) { return ex.body.open(), nil }
	switch {
	case ex.public: // an anonymous caller is not vouched for
		out.Header[signing.HeaderRequestID] = []string{ex.rc.RequestID}
	case ex.body.upload != nil:
		u.signer.SignDigest(out, ex.rc, ex.body.upload.digest)
	default:
		u.signer.Sign(out, ex.rc, ex.body.read)
	}
}

// failed answers for a service that did not.
func (u *upstream) failed(w http.ResponseWriter, r *http.Request, err error) {
	var dial *net.OpError
	var network net.Error
	var ended *errs.Error // the session is over, for example
	switch {
	case errors.As(context.Cause(r.Context()), &ended):
		httpx.WriteError(w, r, ended)
	case errors.Is(err, context.Canceled):
		w.WriteHeader(statusClientClosed)
	case errors.As(err, &network) && network.Timeout() && !(errors.As(err, &dial) && dial.Op == "dial"):
		httpx.WriteError(w, r, u.error(errs.Timeout, "The service took too long to answer.", err))
	default:
		httpx.WriteError(w, r, u.error(errs.Unavailable, "This part of the platform is not available right now. Try again in a moment.", err))
	}
}

func (u *upstream) error(kind errs.Kind, message string, cause error) error {
	return errs.New(kind, "", message).WithDetails(map[string]any{"upstream": u.name}).Wrap(cause)
}
