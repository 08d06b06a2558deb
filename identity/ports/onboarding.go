package ports

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
)

// ApplicationForms stores what the tenant of the request asks of applicants.
type ApplicationForms interface {
	// Get returns the form; one that was never changed has no questions.
	Get(ctx context.Context) (domain.ApplicationForm, error)
	// Put stores the form if what is stored is of the version before it; else ErrFormChanged.
	Put(ctx context.Context, f domain.ApplicationForm) error
}

// ApplicationFilter selects applications.
type ApplicationFilter struct {
	Status domain.ApplicationStatus // empty: any
	Text   string                   // a part of the address or the name; empty: any
	Before int64                    // only ids below; 0: all
}

// Applications stores applications to the tenant of the request.
type Applications interface {
	Insert(ctx context.Context, a domain.Application) (id int64, err error) // ErrApplicationPending when one of the address waits
	// Pending returns the application of an address that waits; else ErrApplicationUnknown.
	Pending(ctx context.Context, email string) (domain.Application, error)
	ByID(ctx context.Context, id int64) (domain.Application, error) // else ErrApplicationUnknown
	// Lock is ByID that keeps others from changing the application until the transaction ends.
	Lock(ctx context.Context, id int64) (domain.Application, error)
	// Decided stores status, reason and reviewer.
	Decided(ctx context.Context, a domain.Application) error
	List(ctx context.Context, f ApplicationFilter, limit int) ([]domain.Application, error) // newest first
}

// InvitationFilter selects invitations.
type InvitationFilter struct {
	Status domain.InvitationStatus // at Now; empty: any
	Now    time.Time
	Before uuid.UUID // only ids below; uuid.Nil: all
}

// Invitations stores invitations to the tenant of the request.
type Invitations interface {
	Insert(ctx context.Context, i domain.Invitation) error                     // ErrAlreadyInvited when one of the address waits
	ByToken(ctx context.Context, token domain.Hash) (domain.Invitation, error) // else ErrLinkUnknown
	// Lock finds an invitation and keeps others from changing it until the transaction ends; else ErrInvitationUnknown.
	Lock(ctx context.Context, id uuid.UUID) (domain.Invitation, error)
	// Waiting returns the invitation of an address that was neither accepted nor revoked; else ErrInvitationUnknown.
	Waiting(ctx context.Context, email string) (domain.Invitation, error)
	// OfApplications returns the invitations of approved applications, by the application.
	OfApplications(ctx context.Context, applications []int64) (map[int64]domain.Invitation, error)
	// Renew stores a new link.
	Renew(ctx context.Context, i domain.Invitation) error
	Revoke(ctx context.Context, id uuid.UUID, at time.Time) error
	// Accept marks the invitation accepted if it is not, was not revoked and has not expired; else ErrLinkUsed.
	Accept(ctx context.Context, id uuid.UUID, at time.Time) error
	List(ctx context.Context, f InvitationFilter, limit int) ([]domain.Invitation, error) // newest first
}

// Registrations stores sign-ups for the tenant of the request.
type Registrations interface {
	Insert(ctx context.Context, r domain.Registration) error
	ByToken(ctx context.Context, token domain.Hash) (domain.Registration, error) // else ErrLinkUnknown
	// Use marks a sign-up used if it is not and has not expired; else ErrLinkUsed.
	Use(ctx context.Context, id uuid.UUID, at time.Time) error
}

// Claims stores that accounts were activated.
type Claims interface {
	// Claim stores status, password, confirmed address and the names of an account; ErrUsernameTaken.
	Claim(ctx context.Context, u domain.User) error
}

// ApplicationEvents publishes what happens to applications, in the transaction in ctx.
type ApplicationEvents interface {
	ApplicationChanged(ctx context.Context, a domain.Application) error
}
