// Package ports holds the interfaces that accounts of games need from outside. Repositories work on the tenant of the request context;
// what another tenant owns does not exist for them. The methods that work across tenants say so.
package ports

import (
	"context"
	"time"

	"github.com/google/uuid"

	feed "go.updspace.com/activity/domain"
	"go.updspace.com/activity/games/domain"
	"go.updspace.com/libs/audit"
)

// Links stores linked accounts, their ids sealed, with what is known of them.
type Links interface {
	// List lists the links of a user, by id: one for each provider.
	List(ctx context.Context, user uuid.UUID) ([]domain.Link, error)
	// Find returns a link of a user, or domain.ErrLinkNotFound. Lock makes other changes of it wait until Tx.Do ends, too.
	Find(ctx context.Context, user uuid.UUID, id int64) (domain.Link, error)
	Lock(ctx context.Context, user uuid.UUID, id int64) (domain.Link, error)
	// LockByProvider is Lock for the link to an account of a provider.
	LockByProvider(ctx context.Context, user uuid.UUID, provider domain.Provider) (domain.Link, error)
	// Add stores a new link and gives it its id. One that is there already stays as it is.
	Add(ctx context.Context, link domain.Link) error
	// Update stores a change, and ends the lease of the link.
	Update(ctx context.Context, link domain.Link) error
	// Delete removes a link with all that is known of it. Forget removes what is known and keeps the link.
	Delete(ctx context.Context, id int64) error
	Forget(ctx context.Context, id int64) error

	// Games lists the games of a link, the one that was played last first. PutGames replaces them.
	Games(ctx context.Context, id int64) ([]domain.Game, error)
	PutGames(ctx context.Context, id int64, games []domain.Game) error
	// AddHashes stores hashes of finds and returns those that are new.
	AddHashes(ctx context.Context, id int64, hashes [][32]byte, now time.Time) (map[[32]byte]bool, error)
	// Items lists at most limit items of a link whose ids are greater than after, by id.
	Items(ctx context.Context, link domain.Link, after int64, limit int) ([]feed.Item, error)

	// Claim gives up to limit links of any tenant that are due to be read to the caller, for as long as the lease.
	Claim(ctx context.Context, limit int, lease time.Duration, now time.Time) ([]Claimed, error)
	// Held is Lock for the holder of a lease, or domain.ErrLinkNotFound when the lease is another's or has ended.
	Held(ctx context.Context, claimed Claimed) (domain.Link, error)
}

// Claimed is a link that one instance reads.
type Claimed struct {
	domain.Link
	Lease uuid.UUID
}

// Budget bounds the calls of all instances to a provider.
type Budget interface {
	// Take takes calls out of the budget of the present minute, or returns false.
	Take(ctx context.Context, provider domain.Provider, calls int, now time.Time) (bool, error)
	// Block lets nothing be taken until a time: the provider has asked for it.
	Block(ctx context.Context, provider domain.Provider, until time.Time) error
}

// Accounts reads accounts at their provider.
type Accounts interface {
	// Games lists all games of an account.
	Games(ctx context.Context, externalID string) ([]domain.Game, domain.Problem)
	// Unlocked lists the achievements that an account has in a game, and says how many the game has. A game may have none.
	Unlocked(ctx context.Context, externalID string, app int64) (unlocked []domain.Unlocked, all int, problem domain.Problem)
	// Words are the texts of the achievements of a game, by their keys.
	Words(ctx context.Context, app int64) (map[string]domain.Words, domain.Problem)
}

// Feed is the feed of the tenant: activity's ports.Items.
type Feed interface {
	Apply(ctx context.Context, changes ...feed.Change) error
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
