package app

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"go.updspace.com/bff/domain"
	"go.updspace.com/bff/ports"
)

// maxErasures is how many requests one service may take for one person.
const maxErasures = 1000

// Erasure erases persons from the services of a tenant.
type Erasure struct {
	identity ports.Identity
	data     ports.PersonalData
}

// NewErasure returns the use case.
func NewErasure(identity ports.Identity, data ports.PersonalData) *Erasure {
	return &Erasure{identity, data}
}

// Erase has all services erase what they store about a former member of a tenant, and remove the person's names from what others wrote there.
// names are further ones than the services know. It returns what was erased before an error, too, and may be repeated: it then erases the rest.
func (e *Erasure) Erase(ctx context.Context, slug string, user uuid.UUID, names ...string) (erased []domain.Erased, err error) {
	tenant, err := e.identity.Tenant(ctx, slug)
	if err != nil {
		return nil, err
	}
	switch principal, err := e.identity.Principal(ctx, tenant, user); {
	case errors.Is(err, domain.ErrUnauthenticated): // there is no such account any more
	case err != nil:
		return nil, err
	case principal.Membership != nil && principal.Membership.Status == domain.MembershipActive:
		return nil, domain.ErrStillMember
	}
	known, err := e.data.Names(ctx, tenant, user)
	if err != nil {
		return nil, err
	}
	names = domain.ErasedNames(append(names, known...)...)
	for _, service := range e.data.Services() {
		parts, err := eraseIn(ctx, e.data, service, tenant, user, names)
		erased = append(erased, parts...)
		if err != nil {
			return erased, err
		}
	}
	return erased, nil
}

// eraseIn has one service erase a user, in as many requests as it takes.
func eraseIn(
	ctx context.Context, data ports.PersonalData, service string, tenant domain.Tenant, user uuid.UUID, names []string,
) (erased []domain.Erased, err error) {
	for range maxErasures {
		part, err := data.Erase(ctx, service, tenant, user, names)
		if err != nil {
			return erased, fmt.Errorf("%s: %w", service, err)
		}
		if erased = append(erased, part); part.Complete {
			return erased, nil
		}
	}
	return erased, fmt.Errorf("%s does not come to an end with erasing", service)
}
