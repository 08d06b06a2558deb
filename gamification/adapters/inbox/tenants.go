package inbox

import (
	"context"

	"github.com/cloudevents/sdk-go/v2/event"

	"go.updspace.com/api/identityevents"
	"go.updspace.com/libs/outbox"
)

// TenantTypes are the events that tell the names of tenants.
var TenantTypes = []string{identityevents.TypeTenantCreated, identityevents.TypeTenantUpdated}

// Tenants passes on the name of the tenant.
func Tenants(changed func(ctx context.Context, name string) error) outbox.Handler {
	return func(ctx context.Context, e event.Event) error {
		data, err := outbox.Decode(e, identityevents.DecodeTenant)
		if err != nil {
			return err
		}
		return changed(ctx, data.Name)
	}
}
