package proxy

import "strings"

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
	public   bool // also without a session; passed on unsigned, so the service treats it as anyone's
}

// routes is the one table of what is passed on. The first match wins. A path
// that is not here does not exist: /internal/v1 of any service least of all.
var routes = []route{
	// the frontends' paths that do not name the service that answers them
	{prefix: "/api/v1/portal/applications", upstream: identity},
	{prefix: "/api/v1/account", upstream: identity},
	{prefix: "/api/v1/invite", upstream: identity, public: true},

	{prefix: "/api/v1/access", upstream: access},
	{prefix: "/api/v1/portal", upstream: portal},
	{prefix: "/api/v1/voting", upstream: voting},
	{prefix: "/api/v1/events", upstream: events},
	{prefix: "/api/v1/activity", upstream: activity},
	{prefix: "/api/v1/gamification", upstream: gamification},
}

func (r route) matches(path string) bool {
	rest, ok := strings.CutPrefix(path, r.prefix)
	return ok && (rest == "" || rest[0] == '/')
}
