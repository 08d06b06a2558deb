package ports

import (
	"context"

	"go.updspace.com/bff/domain"
)

// SharedBadge is what the card of a badge's page shows.
type SharedBadge struct {
	Names        map[string]string // by language
	Descriptions map[string]string
	Description  string // for readers in whose language Descriptions has none
	Issuer       string
}

// SharedBadges knows the badges that their recipients show to everybody. The question is the gateway's own: it is asked for the tenant
// and for no user.
type SharedBadges interface {
	// SharedBadge returns the badge of a link; one that is unknown or was withdrawn is errs.NotFound.
	SharedBadge(ctx context.Context, tenant domain.Tenant, token string) (SharedBadge, error)
}
