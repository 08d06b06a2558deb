package proxy

import (
	"net/http"
	"strings"

	"go.updspace.com/api/accessapi"
	"go.updspace.com/api/activityapi"
	"go.updspace.com/api/contract"
	"go.updspace.com/api/eventsapi"
	"go.updspace.com/api/gamificationapi"
	"go.updspace.com/api/identityapi"
	"go.updspace.com/api/portalapi"
	"go.updspace.com/api/votingapi"
	"go.updspace.com/bff/app"
)

// The services behind the gateway, by the names they sign and verify under.
const (
	identity     = "identity"
	access       = "access"
	portal       = "portal"
	voting       = "voting"
	events       = "events"
	activity     = "activity"
	gamification = "gamification"
)

// route sends a path and everything below it to a service, at the same path.
type route struct {
	prefix   string
	upstream string
	as       string // the service's own prefix, where it is another one
	tenant   bool   // also without a session; signed for the tenant of the host and for no user
	open     bool   // of a tenant route: for everybody, in caches and other pages, too
	programs bool   // of a tenant route: for other systems, which send messages that the service verifies
	public   bool   // also without a session; forwarded unsigned, so that the service treats the caller as anonymous
	guest    bool   // of a tenant route: for people without a session, who may send forms
	method   string // the only one that the route is for; empty: all
	exact    bool   // for the path itself and nothing below it
	maxBody  int64  // of a public route that takes more than others
}

// applications is the path of applications to join: guests send them, members decide them.
const applications = "/api/v1/portal/applications"

// calendars is the path of the addresses that calendar programs read. The secret in the address says whose calendar it is.
const calendars = "/api/v1/events/calendars/feeds"

// uploadOperations are the operations of the services that may take a stream of bytes.
var uploadOperations = []contract.Set{accessapi.Operations, activityapi.Operations, eventsapi.Operations, gamificationapi.Operations, identityapi.Operations, portalapi.Operations, votingapi.Operations}

// routes is the one table of what is forwarded. The first match wins. A path
// that is not here does not exist: /internal/v1 of any service least of all.
var routes = []route{
	// the documents that the services publish
	{prefix: "/api/v1/identity/openapi.yaml", upstream: identity, public: true},
	{prefix: "/api/v1/access/openapi.yaml", upstream: access, public: true},
	{prefix: "/api/v1/portal/openapi.yaml", upstream: portal, public: true},
	{prefix: "/api/v1/voting/openapi.yaml", upstream: voting, public: true},
	{prefix: "/api/v1/events/openapi.yaml", upstream: events, public: true},
	{prefix: "/api/v1/activity/openapi.yaml", upstream: activity, public: true},
	{prefix: "/api/v1/gamification/openapi.yaml", upstream: gamification, public: true},

	// what verifies badges, and badges that their recipients show to everybody
	{prefix: app.DIDDocumentPath, upstream: gamification, tenant: true, open: true},
	{prefix: "/api/v1/gamification/badges/issuer", upstream: gamification, tenant: true, open: true},
	{prefix: "/api/v1/gamification/badges/shared", upstream: gamification, tenant: true, open: true},

	// the frontends' paths that do not name the service that answers them
	{prefix: applications + "/form", method: http.MethodGet, exact: true, upstream: identity, tenant: true, guest: true},
	{prefix: applications, method: http.MethodPost, exact: true, upstream: identity, tenant: true, guest: true},
	{prefix: applications + "/status", exact: true, upstream: identity, tenant: true, guest: true},
	{prefix: applications + "/withdraw", exact: true, upstream: identity, tenant: true, guest: true},
	{prefix: applications, upstream: identity},
	{prefix: "/api/v1/portal/invitations", upstream: identity},
	{prefix: "/api/v1/account", upstream: identity},
	{prefix: "/api/v1/tenant", upstream: identity},

	// links in the mails of invitations, and the answers that a mail server passes on
	{prefix: "/api/v1/events/invitations", upstream: events, public: true},
	{prefix: app.InboundMailPath, upstream: events, public: true, maxBody: 1 << 20},

	{prefix: "/api/v1/access", upstream: access},
	{prefix: "/api/v1/portal", upstream: portal},
	{prefix: "/api/v1/voting", upstream: voting},
	{prefix: calendars, upstream: events, tenant: true},
	{prefix: "/api/v1/events", upstream: events},
	{prefix: "/api/v1/activity/hooks", upstream: activity, tenant: true, programs: true}, // messages of sources, signed by them
	{prefix: "/api/v1/activity", upstream: activity},
	{prefix: "/api/v1/feed", as: "/api/v1/activity", upstream: activity}, // what clients of the first release call it
	{prefix: "/api/v1/gamification", upstream: gamification},
}

// path is the path at the service, or empty where it is the same.
func (r route) path(asked string) string {
	if r.as == "" {
		return ""
	}
	return r.as + strings.TrimPrefix(asked, r.prefix)
}

func (r route) matches(method, path string) bool {
	rest, ok := strings.CutPrefix(path, r.prefix)
	return ok && (rest == "" || rest[0] == '/' && !r.exact) && (r.method == "" || r.method == method || r.method == http.MethodGet && method == http.MethodHead)
}
