// Package ports says what the inside of Access needs from outside.
package ports

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/access/domain"
)

// Facts reads what is stored about a subject.
type Facts interface {
	// Load returns all facts about the user in the tenant, as they are in force
	// at the given time. They may be shared: nobody changes them.
	Load(ctx context.Context, s domain.Subject, at time.Time) (*domain.Facts, error)
}

// Journal keeps what must be traceable.
type Journal interface {
	// Record hands entries over. They are stored soon after, in order; an
	// error means that they will not be, and that what they say must not happen.
	Record(ctx context.Context, entries ...domain.Entry) error
}

// Roles finds roles.
type Roles interface {
	// Template returns a template of the platform. errs.NotFound if there is none.
	Template(ctx context.Context, service domain.Service, name string) (domain.Role, error)
}

// Bindings stores grants in the tenant of ctx.
type Bindings interface {
	// Grant stores a grant. One that exists already, expired or not, is brought
	// up to date instead; created is false then.
	Grant(ctx context.Context, g domain.Grant) (id int64, created bool, err error)
}

// Memberships keeps what Portal says about who belongs where, in the tenant of
// ctx, and with it the bindings that follow from it. Both change in the
// transaction of ctx, which every method but Between needs.
type Memberships interface {
	// Put stores those that are newer than what is known, and learns the
	// communities of their teams. What concerns a forgotten scope is ignored.
	Put(ctx context.Context, ms []domain.Membership, at time.Time) error
	// Repair is Put that also overrules what is known at the same version.
	Repair(ctx context.Context, ms []domain.Membership, at time.Time) error
	// Between returns what is known in a range, in its order, those who left
	// included.
	Between(ctx context.Context, r domain.MembershipRange) ([]domain.KnownMembership, error)
	// Derive makes the bindings of members what follows from what is known,
	// wherever they differ in the range.
	Derive(ctx context.Context, r domain.MembershipRange) error
	// LearnTeam remembers the community of a team.
	LearnTeam(ctx context.Context, team, community uuid.UUID) error
	// Forget removes a community with its teams, or a team: memberships and
	// bindings, those made by hand included, which it returns. Nothing that
	// comes later brings them back.
	Forget(ctx context.Context, scope domain.Scope, at time.Time) ([]domain.BoundGrant, error)
}

// Tx makes what fn does atomic, in the tenant of ctx.
type Tx interface {
	Do(ctx context.Context, fn func(ctx context.Context) error) error
}

// Clock tells the time.
type Clock interface{ Now() time.Time }
