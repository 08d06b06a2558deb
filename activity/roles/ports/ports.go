// Package ports holds the interfaces that the synchronisation of roles needs from outside. Repositories work on the tenant of the request
// context; the methods that work across tenants say so.
package ports

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/activity/roles/domain"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
)

// Syncs stores synchronisations, the tokens of their bots sealed, and their pairs of roles.
type Syncs interface {
	// IsDiscord reports whether a source is one of Discord. found is false when there is none.
	IsDiscord(ctx context.Context, source int64) (discord, found bool, err error)
	// Find returns the synchronisation of a source, or domain.ErrSyncNotFound. Lock makes other changes of it wait until Tx.Do ends, too.
	Find(ctx context.Context, source int64) (domain.Sync, error)
	Lock(ctx context.Context, source int64) (domain.Sync, error)
	// Put stores a synchronisation. A new one begins with every account that is linked, due at once.
	Put(ctx context.Context, sync domain.Sync) error
	Delete(ctx context.Context, source int64) error

	// Mappings lists the pairs of a source, removed ones too, by id.
	Mappings(ctx context.Context, source int64) ([]domain.Mapping, error)
	AddMapping(ctx context.Context, source int64, m domain.Mapping) (domain.Mapping, error)
	// RemoveMapping marks a pair; ForgetMappings deletes marked ones of which nothing is put any more.
	RemoveMapping(ctx context.Context, source, id int64) error
	ForgetMappings(ctx context.Context, source int64) error
}

// Members stores whose accounts are linked, their ids sealed, and how each one goes.
type Members interface {
	// Link stores the account of a person for every synchronisation of the tenant, now and to come, and marks the account that was linked before. Unlink
	// marks the linked account. A marked account stays until Forget, or is gone at once when no synchronisation has it.
	Link(ctx context.Context, user uuid.UUID, discordID string, now time.Time) error
	Unlink(ctx context.Context, user uuid.UUID, now time.Time) error
	// List lists people, those with a failure first, then those with actions, and how many there are.
	List(ctx context.Context, source int64, limit int) (members []domain.Member, all int, err error)
	// Due makes everybody due.
	Due(ctx context.Context, source int64, now time.Time) error
	// Claim gives up to limit people of any tenant that are due to the caller, for as long as the lease.
	Claim(ctx context.Context, limit int, lease time.Duration, now time.Time) ([]Claimed, error)
	// Held locks a member for the holder of a lease; held is false when the lease is another's or has ended.
	Held(ctx context.Context, claimed Claimed) (held bool, err error)
	// Update stores how it went, and ends the lease.
	Update(ctx context.Context, m domain.Member) error
	// Forget removes an account from a synchronisation, and altogether when it is in none.
	Forget(ctx context.Context, m domain.Member) error

	// Holdings are what is put for an account, by mapping. PutHolding deletes one that is empty.
	Holdings(ctx context.Context, source int64, account uuid.UUID) (map[int64]domain.Holding, error)
	PutHolding(ctx context.Context, source, mapping int64, account uuid.UUID, h domain.Holding) error
}

// Claimed is a person whom one instance looks at.
type Claimed struct {
	domain.Member
	Lease uuid.UUID
}

// Discord is a server of Discord, by a bot.
type Discord interface {
	// Roles lists the roles that can be given.
	Roles(ctx context.Context, s domain.Sync) ([]domain.DiscordRole, domain.Problem)
	// Member returns the roles of a member; present is false for an account that is not in the server.
	Member(ctx context.Context, s domain.Sync, user string) (roles map[string]bool, present bool, problem domain.Problem)
	Give(ctx context.Context, s domain.Sync, user, role string) domain.Problem
	Take(ctx context.Context, s domain.Sync, user, role string) domain.Problem
}

// Budget bounds the calls of all instances by one bot, as Discord does.
type Budget interface {
	// Take takes calls out of the budget of the present minute, or returns false.
	Take(ctx context.Context, s domain.Sync, calls int, now time.Time) (bool, error)
	// Block lets nothing be taken until a time: Discord has asked for it.
	Block(ctx context.Context, s domain.Sync, until time.Time) error
}

// Roles are the roles of the tenant, which access has.
type Roles interface {
	CheckReward(ctx context.Context, role int64, scope authz.Scope) (authz.RewardDecision, error)
	HeldRoles(ctx context.Context, user uuid.UUID, roles []authz.ScopedRole) ([]bool, error)
}

// Events tells access of roles.
type Events interface {
	RoleGiven(ctx context.Context, m domain.Mapping, h domain.Holding, user uuid.UUID) error
	RoleTaken(ctx context.Context, h domain.Holding, user uuid.UUID) error
}

// Audit stores who did what.
type Audit interface {
	Write(ctx context.Context, entries ...audit.Entry) error
}

// Tx runs fn in a transaction.
type Tx interface {
	Do(ctx context.Context, fn func(ctx context.Context) error) error
	// AfterCommit runs fn when the transaction of ctx is committed, before Do returns.
	AfterCommit(ctx context.Context, fn func())
}

// Clock tells the time.
type Clock interface{ Now() time.Time }
