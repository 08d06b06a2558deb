// Package ports holds the interfaces that the use cases need from outside.
package ports

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/access/domain"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/page"
)

// Facts reads the facts about a subject.
type Facts interface {
	// Load returns all facts about the user in the tenant that are in force at the given time. The result may be shared;
	// callers must not change it.
	Load(ctx context.Context, s domain.Subject, at time.Time) (*domain.Facts, error)
}

// FactsOfUsers reads the facts about many users at once.
type FactsOfUsers interface {
	// LoadUsers returns for each user what Facts.Load returns, and whether the user is known as a member of the tenant, all of one state. It
	// is never cached.
	LoadUsers(ctx context.Context, tenant uuid.UUID, users []uuid.UUID, at time.Time) (map[uuid.UUID]FactsOfUser, error)
}

// FactsOfUser are the facts about one user.
type FactsOfUser struct {
	*domain.Facts
	Member bool // of the tenant, as identity's events tell
}

// AuditWriter writes to the audit log.
type AuditWriter interface {
	// Write stores entries in order: [audit.Log] in the transaction of ctx, [audit.Buffer] soon after. After an error they
	// are not stored, and what they record must not happen.
	Write(ctx context.Context, entries ...audit.Entry) error
}

// AuditLog is the audit log: [audit.Log], or one in memory.
type AuditLog interface {
	AuditWriter
	// WriteNow is Write in a transaction of its own.
	WriteNow(ctx context.Context, entries ...audit.Entry) error
	List(ctx context.Context, filter audit.Filter, p page.Request) (page.Page[audit.Entry], error)
}

// Memberships stores Portal's memberships, communities and teams in the tenant of ctx, and the bindings derived from the
// memberships. Both change in one transaction; every method but Between joins the transaction of ctx.
type Memberships interface {
	// Put stores memberships that are newer than the stored ones, and their communities and teams. Memberships of deleted
	// communities and teams are ignored.
	Put(ctx context.Context, ms []domain.Membership, at time.Time) error
	// Repair is Put that also overwrites what is stored with the same version.
	Repair(ctx context.Context, ms []domain.Membership, at time.Time) error
	// Between lists the stored memberships of a range in the order of their keys, ended ones included.
	Between(ctx context.Context, r domain.MembershipRange) ([]domain.KnownMembership, error)
	// Derive corrects the bindings derived from the stored memberships of a range.
	Derive(ctx context.Context, r domain.MembershipRange) error
	// References returns what is known of a user and a scope. Until the transaction of ctx ends, no community or team is
	// deleted.
	References(ctx context.Context, user uuid.UUID, scope domain.Scope) (domain.References, error)
	// PutScope stores a community or team. ScopeUnknown as status keeps the stored status, or opens a new scope. A deleted
	// scope stays deleted.
	PutScope(ctx context.Context, s domain.MemberScope, status domain.ScopeStatus, at time.Time) error
	// DeleteScope deletes a community with its teams, or a team, with all memberships and bindings there. It returns the
	// bindings that were not derived from memberships.
	DeleteScope(ctx context.Context, scope domain.Scope, at time.Time) ([]domain.BindingRecord, error)
}

// Tx runs fn in a transaction of the tenant of ctx.
type Tx interface {
	Do(ctx context.Context, fn func(ctx context.Context) error) error
}

// Events tells other services what has happened, in the transaction of the change: Publish works inside Tx.Do only.
type Events interface {
	Publish(ctx context.Context, events ...domain.Event) error
}

// Clock returns the current time.
type Clock interface{ Now() time.Time }

// Rewards stores the rewards of achievements in the tenant of ctx, and the bindings derived from them. Its methods join the
// transaction of ctx. Changes come one after another: see Administrators.Lock.
type Rewards interface {
	// Find returns what is stored about the reward of a grant. found is false if nothing is.
	Find(ctx context.Context, grant uuid.UUID) (r domain.Reward, found bool, err error)
	// Put stores a reward in place of what is stored about its grant.
	Put(ctx context.Context, r domain.Reward, at time.Time) error
	// Derive makes the binding of a key what the stored rewards say: bound while one of them is given and neither refused nor
	// expired, until the last of them ends. before and after are the bindings of the key, zero for none.
	Derive(ctx context.Context, key domain.RewardKey, at time.Time) (before, after domain.BindingRecord, err error)
	// Forget removes rewards of all tenants that were taken or expired before a time.
	Forget(ctx context.Context, before time.Time) error
}
