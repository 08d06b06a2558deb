package identityevents

import (
	"go.updspace.com/events/app"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/tenantmembers"
)

// MembershipTypes are the events of memberships, within their tenant.
var MembershipTypes = tenantmembers.Types

// Memberships passes on who is a member.
func Memberships(lifecycle *app.Lifecycle) outbox.Handler {
	return tenantmembers.Handler(lifecycle.MemberChanged)
}
