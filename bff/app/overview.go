package app

import (
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"sync"
	"time"

	"go.updspace.com/bff/domain"
	"go.updspace.com/bff/ports"
	"go.updspace.com/libs/authz"
)

// overviewBudget is how long the parts of the overview may take. A page waits
// for it, so a slow service costs its own part, not the page.
const overviewBudget = 800 * time.Millisecond

// Overview describes the session to the page that was opened.
type Overview struct {
	identity ports.Identity
	access   ports.Access
	portal   ports.Portal // nil while there is none
	log      *slog.Logger
	budget   time.Duration
}

// NewOverview makes the use case. A nil portal means that there is none.
func NewOverview(identity ports.Identity, access ports.Access, portal ports.Portal, log *slog.Logger) *Overview {
	return &Overview{identity: identity, access: access, portal: portal, log: log, budget: overviewBudget}
}

// Parts are what others know about the caller; what could not be had in time is empty.
type Parts struct {
	IDProfile     json.RawMessage // nil if unknown
	PortalProfile json.RawMessage // nil if unknown
	Capabilities  []string
	Roles         []string
}

// Describe collects the parts, all at once.
func (o *Overview) Describe(ctx context.Context, tenant domain.Tenant) Parts {
	ctx, cancel := context.WithTimeout(ctx, o.budget)
	defer cancel()
	var (
		parts = Parts{Capabilities: []string{}, Roles: []string{}}
		wg    sync.WaitGroup
	)
	fetch := func(part string, get func() error) {
		wg.Go(func() {
			if err := get(); err != nil {
				o.log.WarnContext(ctx, "session overview goes without a part", "part", part, "error", err)
			}
		})
	}
	fetch("id_profile", func() (err error) {
		parts.IDProfile, err = o.identity.Profile(ctx)
		return err
	})
	fetch("capabilities", func() error {
		held, err := o.access.Effective(ctx, authz.TenantScope(tenant.ID))
		if err != nil {
			return err
		}
		parts.Capabilities = domain.Capabilities(held.Permissions)
		parts.Roles = append(parts.Roles, held.Roles...)
		slices.Sort(parts.Roles)
		return nil
	})
	if o.portal != nil {
		fetch("portal_profile", func() (err error) {
			parts.PortalProfile, err = o.portal.Profile(ctx)
			return err
		})
	}
	wg.Wait()
	return parts
}
