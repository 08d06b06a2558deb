// Package keysets reads the key sets that clients publish.
package keysets

import (
	"context"
	"net/http"
	"net/netip"
	"time"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/egress"
)

// KeySets implements ports.KeySets. Addresses are those of strangers, so they are reached through libs/egress only.
type KeySets struct{ client *egress.Client }

const (
	patience = 5 * time.Second
	maxSet   = 64 << 10
)

// New returns KeySets that reach the public Internet and the exceptions.
func New(exceptions []netip.AddrPort) *KeySets {
	return &KeySets{egress.New(egress.Config{Ports: []uint16{443}, Exceptions: exceptions, TLSOnly: true, Timeout: patience, MaxBody: maxSet})}
}

// Close closes idle connections.
func (k *KeySets) Close() { k.client.Close() }

// Fetch implements ports.KeySets.
func (k *KeySets) Fetch(ctx context.Context, uri string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, uri, http.NoBody)
	if err != nil {
		return nil, domain.ErrKeysUnreachable.Wrap(err)
	}
	r.Header.Set("Accept", "application/jwk-set+json, application/json")
	answer, err := k.client.Do(r)
	if err != nil {
		return nil, domain.ErrKeysUnreachable.Wrap(err)
	}
	if answer.Status != http.StatusOK {
		return nil, domain.ErrKeysUnreachable
	}
	return answer.Body, nil
}
