// Package ports holds the interfaces that webhooks need from outside. Repositories work on the tenant of the request context; what
// another tenant owns does not exist for them. The methods that work across tenants say so.
package ports

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/activity/webhooks/domain"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/signature"
)

// Endpoints stores endpoints and, sealed, their secrets.
type Endpoints interface {
	// List lists all endpoints of the tenant, oldest first. There are at most domain.MaxEndpoints.
	List(ctx context.Context) ([]domain.Endpoint, error)
	// Find returns an endpoint, or domain.ErrEndpointNotFound.
	Find(ctx context.Context, id uuid.UUID) (domain.Endpoint, error)
	// Lock is Find, and makes other changes of the endpoint wait until Tx.Do ends.
	Lock(ctx context.Context, id uuid.UUID) (domain.Endpoint, error)
	// Add stores a new endpoint, or returns domain.ErrTooManyEndpoints. Racing calls wait for one another.
	Add(ctx context.Context, endpoint domain.Endpoint, secrets signature.Pair) error
	Update(ctx context.Context, endpoint domain.Endpoint) error
	// Delete removes an endpoint with its deliveries.
	Delete(ctx context.Context, id uuid.UUID) error
	Secrets(ctx context.Context, id uuid.UUID) (signature.Pair, error)
	PutSecrets(ctx context.Context, id uuid.UUID, secrets signature.Pair) error

	// Claim gives up to limit endpoints of any tenant to the caller, which have deliveries due; those that waited longest come first.
	// Until the lease ends or is released, no other call gets them.
	Claim(ctx context.Context, limit int, lease time.Duration, now time.Time) ([]Claimed, error)
	// Held is Lock for the holder of a lease, or domain.ErrEndpointNotFound when the lease is another's.
	Held(ctx context.Context, claimed Claimed) (domain.Endpoint, error)
	// Release ends a lease.
	Release(ctx context.Context, claimed Claimed) error
}

// Claimed is an endpoint that one instance works on.
type Claimed struct {
	domain.Endpoint
	Lease uuid.UUID
}

// Filter selects deliveries. Zero fields match all.
type Filter struct {
	State domain.DeliveryState
	Type  string
}

// Deliveries stores deliveries and their attempts.
type Deliveries interface {
	// Add stores new deliveries. Of an event that an endpoint has a delivery of already, nothing is stored.
	Add(ctx context.Context, deliveries ...domain.Delivery) error
	// Find returns a delivery of an endpoint, or domain.ErrDeliveryNotFound.
	Find(ctx context.Context, endpoint, id uuid.UUID) (domain.Delivery, error)
	Lock(ctx context.Context, endpoint, id uuid.UUID) (domain.Delivery, error)
	// Page lists deliveries of an endpoint, newest first, that are older than before. Bodies are left out.
	Page(ctx context.Context, endpoint uuid.UUID, filter Filter, before uuid.UUID, limit int) ([]domain.Delivery, error)
	// Attempts lists the attempts of a delivery, first one first.
	Attempts(ctx context.Context, delivery uuid.UUID) ([]domain.Attempt, error)
	// CountWaiting counts, by endpoint, the deliveries that wait.
	CountWaiting(ctx context.Context, endpoints []uuid.UUID) (map[uuid.UUID]int, error)
	// Due lists deliveries of an endpoint that are due, the longest due first.
	Due(ctx context.Context, endpoint uuid.UUID, now time.Time, limit int) ([]domain.Delivery, error)
	Update(ctx context.Context, delivery domain.Delivery) error
	AddAttempt(ctx context.Context, delivery uuid.UUID, attempt domain.Attempt) error
	// DropWaiting makes all deliveries that wait for an endpoint dead.
	DropWaiting(ctx context.Context, endpoint uuid.UUID, reason string) error
	// Dead lists the dead deliveries of an endpoint that are younger than since, oldest first.
	Dead(ctx context.Context, endpoint uuid.UUID, since time.Time, limit int) ([]domain.Delivery, error)
	// Forget deletes the deliveries of all tenants that were made before a time.
	Forget(ctx context.Context, before time.Time) error
}

// Target sends messages and knows where they may be sent.
type Target interface {
	// Check tells why an address cannot be sent to, as far as that can be told without sending.
	Check(format domain.Format, url string) error
	Send(ctx context.Context, message Message) domain.Result
}

// Message is what is sent.
type Message struct {
	Format    domain.Format
	URL, ID   string
	Signature string // empty where the format has none
	At        time.Time
	Body      []byte
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
