package ports

import "github.com/google/uuid"

// Arrivals tells those who wait that the feed of a tenant may have changed, in every instance of the service.
type Arrivals interface {
	// Watch returns a channel that receives when items of the tenant were changed since the last time. A signal may be lost while
	// the broker is away. The channel is closed when the service stops.
	Watch(tenant uuid.UUID) (changed <-chan struct{}, stop func())
}
