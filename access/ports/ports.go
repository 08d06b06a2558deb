// Package ports says what the inside of Access needs from outside.
package ports

import (
	"context"
	"time"

	"go.updspace.com/access/domain"
)

// Facts reads what is stored about a subject.
type Facts interface {
	// Load returns the facts that the need covers, as they are in force at the
	// given time, from one state of the database and in one round trip. It may
	// return more than is needed, but nothing of another tenant or user.
	Load(ctx context.Context, s domain.Subject, need domain.Need, at time.Time) (*domain.Facts, error)
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

// Tx makes what fn does atomic, in the tenant of ctx.
type Tx interface {
	Do(ctx context.Context, fn func(ctx context.Context) error) error
}

// Clock tells the time.
type Clock interface{ Now() time.Time }
