package ports

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/bff/domain"
)

// PersonalData is what the services store about persons.
type PersonalData interface {
	// Services are the names of the services, in the order in which persons are erased there.
	Services() []string
	// Names returns how a user is called in a tenant; nothing for a user whom no service knows by name.
	Names(ctx context.Context, tenant domain.Tenant, user uuid.UUID) ([]string, error)
	// Erase has a service erase a user, and remove names from what others wrote.
	Erase(ctx context.Context, service string, tenant domain.Tenant, user uuid.UUID, names []string) (domain.Erased, error)
}
