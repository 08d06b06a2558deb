package ports

import (
	"context"
	"time"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/page"
)

// Clients keeps the applications that sign people in here.
type Clients interface {
	ByID(ctx context.Context, id string) (domain.Client, error) // else ErrClientUnknown
	// Put inserts or replaces; changed is false when it was stored just so.
	Put(ctx context.Context, c domain.Client) (changed bool, err error)
	// Add inserts; added is false when there is one with the id.
	Add(ctx context.Context, c domain.Client) (added bool, err error)
	// Lock is ByID that keeps others from changing the client until the transaction ends.
	Lock(ctx context.Context, id string) (domain.Client, error)
	// List returns the clients by name whose name or id has the search in it.
	List(ctx context.Context, search string, p page.Request) (page.Page[domain.Client], error)
	Delete(ctx context.Context, id string) error // else ErrClientUnknown
	// End ends the requests, codes and grants of a client.
	End(ctx context.Context, id string, now time.Time) error
	// Browsers lists the enabled public clients, up to a number.
	Browsers(ctx context.Context, limit int) ([]domain.Client, error)
	// UseAssertion remembers an assertion until it expires; fresh is false if it was known.
	UseAssertion(ctx context.Context, id domain.Hash, expires time.Time) (fresh bool, err error)
}

// Assertions reads what clients sign to authenticate. What cannot be read is ErrInvalidClient.
type Assertions interface {
	// Issuer is who an assertion says to have signed it. Nothing is verified.
	Issuer(text string) (client string, err error)
	// Read verifies the signature by one of the keys.
	Read(text string, keys []domain.ClientKey) (domain.Assertion, error)
	// Keys reads the public keys of a client out of a JWK set; ErrKeySet.
	Keys(jwks []byte) ([]domain.ClientKey, error)
}

// KeySets reads what clients publish: a JWK set at an address.
type KeySets interface {
	Fetch(ctx context.Context, uri string) ([]byte, error) // else ErrKeysUnreachable
}
