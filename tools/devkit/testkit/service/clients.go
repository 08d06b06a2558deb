package service

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit"
)

// Clients call a running service as the gateway and other services do. Every answer is checked against the OpenAPI document.
type Clients[C any] struct {
	T      testing.TB
	URL    string
	Tenant uuid.UUID

	options    Options[C]
	mu         sync.Mutex
	transports map[string]http.RoundTripper // by calling service
}

// NewClients returns the clients of a service that tests share. Of the options, Name, Spec and Client count.
func NewClients[C any](t testing.TB, url string, tenant uuid.UUID, o Options[C]) *Clients[C] {
	return &Clients[C]{T: t, URL: url, Tenant: tenant, options: o, transports: map[string]http.RoundTripper{}}
}

// As returns the generated client of a user, which signs as the gateway does.
func (c *Clients[C]) As(a authz.Actor) C { return c.With("bff", Context(a)) }

// AsSystemAdmin returns the client of a system administrator.
func (c *Clients[C]) AsSystemAdmin(a authz.Actor) C {
	rc := Context(a)
	rc.Flags.SystemAdmin = true
	return c.With("bff", rc)
}

// AsService returns the client of another service that acts on no user's behalf, in the service's tenant.
func (c *Clients[C]) AsService(caller string) C {
	return c.With(caller, reqctx.Context{TenantID: c.Tenant, TenantSlug: "aef"})
}

// With returns the client of a caller with a request context. Each request has an id of its own, unless rc or the request's
// context ([Request]) has one.
func (c *Clients[C]) With(caller string, rc reqctx.Context) C {
	c.T.Helper()
	client, err := c.options.Client(c.URL, c.HTTP(caller, rc))
	require.NoError(c.T, err)
	return client
}

// HTTP is what the client of With sends by, for requests that the generated client cannot make.
func (c *Clients[C]) HTTP(caller string, rc reqctx.Context) *http.Client {
	c.T.Helper()
	rc.Caller = caller
	return &http.Client{
		Timeout:       time.Minute,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport:     identified{rc: rc, next: c.transport(caller)},
	}
}

// transport signs as a service and checks every exchange. Preparing the document takes long, so there is one per caller.
func (c *Clients[C]) transport(caller string) http.RoundTripper {
	c.T.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.transports[caller] == nil {
		spec, err := c.options.Spec()
		require.NoError(c.T, err)
		signer, err := testkit.Keyring().Signer(caller, c.options.Name)
		require.NoError(c.T, err)
		base := http.DefaultTransport.(*http.Transport).Clone()
		base.MaxIdleConnsPerHost = 100
		c.T.Cleanup(base.CloseIdleConnections)
		c.transports[caller] = testkit.Validating(c.T, c.URL, spec, signer.Transport(base))
	}
	return c.transports[caller]
}

type identified struct {
	rc   reqctx.Context
	next http.RoundTripper
}

func (i identified) RoundTrip(r *http.Request) (*http.Response, error) {
	rc := i.rc
	if of := reqctx.From(r.Context()); of != (reqctx.Context{}) {
		rc = of
		rc.Caller = i.rc.Caller
	}
	if rc.RequestID == "" {
		rc.RequestID = uuid.NewString()
	}
	return i.next.RoundTrip(r.WithContext(reqctx.With(r.Context(), rc)))
}

// Context is the request context of a member of the tenant.
func Context(a authz.Actor) reqctx.Context {
	return reqctx.Context{TenantID: a.Tenant, TenantSlug: "aef", UserID: a.User, Flags: reqctx.Flags{MembershipStatus: "active"}}
}

// Request returns a context in which every call is the same request of a user: a repeat.
func Request(a authz.Actor) context.Context {
	rc := Context(a)
	rc.RequestID = uuid.NewString()
	return reqctx.With(context.Background(), rc)
}
