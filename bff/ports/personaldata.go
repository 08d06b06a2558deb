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
	// Export returns a page of what a service stores about a user, and the cursor of the next; empty after the last.
	Export(ctx context.Context, service string, tenant domain.Tenant, user uuid.UUID, cursor string) (items []domain.DataItem, next string, err error)
}

// DataTasks are the exports and erasures that the ID service wants done.
type DataTasks interface {
	// Claim returns the next task; nil if there is none.
	Claim(ctx context.Context) (*domain.DataTask, error)
	Report(ctx context.Context, task uuid.UUID, p domain.DataPart) error
	Finish(ctx context.Context, task uuid.UUID) error
}

// Events are the domain events that the broker keeps.
type Events interface {
	// Forget deletes those in which one of some texts stands. It fails while a service has not handled one of them.
	Forget(ctx context.Context, texts ...string) error
}
