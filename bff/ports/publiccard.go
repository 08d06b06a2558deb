package ports

import (
	"context"
	"encoding/json"

	"go.updspace.com/bff/domain"
)

// PublicCards knows what guests of a tenant may see.
type PublicCards interface {
	// PublicCard returns it in the wire form of GET /api/v1/portal/public. The question is the gateway's own: it is asked for the
	// tenant and for no user.
	PublicCard(ctx context.Context, tenant domain.Tenant) (json.RawMessage, error)
}
