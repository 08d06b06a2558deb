package app

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/audit"
)

const (
	// keysReloadPause bounds how often unknown key ids can make us ask the database.
	keysReloadPause = 5 * time.Second

	rsaBits = 2048
)

// Keys holds the signing keys: made when needed, the same in every instance, published before they sign and for as long as
// their tokens live.
type Keys struct {
	Tx       ports.Tx
	Keys     ports.Keys
	Recorder Recorder
	Clock    ports.Clock

	keys      atomic.Pointer[[]domain.SigningKey]
	ensureMu  sync.Mutex
	removable int // checks in a row that found a removable key
	reloadMu  sync.Mutex
	loadedAt  time.Time
}

// Ensure loads the keys, makes those that are missing or due, and drops those whose last token is dead. It runs once a minute:
// far more often than the lead with which a new key is published.
func (k *Keys) Ensure(ctx context.Context) error {
	k.ensureMu.Lock()
	defer k.ensureMu.Unlock()
	keys, err := k.Keys.All(ctx)
	if err != nil {
		return fmt.Errorf("loading the signing keys: %w", err)
	}
	create, removable := k.due(keys)
	if k.removable++; !removable {
		k.removable = 0
	}
	if remove := k.removable >= domain.RemovableChecks; create || remove {
		if keys, err = k.rotate(ctx, remove); err != nil {
			return fmt.Errorf("rotating the signing keys: %w", err)
		}
	}
	k.keys.Store(&keys)
	return nil
}

func (k *Keys) due(keys []domain.SigningKey) (create, removable bool) {
	now := k.Clock.Now()
	for _, alg := range domain.Algorithms {
		needed, _ := domain.NeedsSuccessor(keys, alg, now)
		create = create || needed
	}
	return create, slices.ContainsFunc(keys, func(key domain.SigningKey) bool { return key.Removable(keys, now) })
}

// rotate does what is due under a lock. Another instance that waited for the lock finds it done.
func (k *Keys) rotate(ctx context.Context, remove bool) (keys []domain.SigningKey, err error) {
	err = k.Tx.Platform(ctx, func(ctx context.Context) error {
		if err := k.Keys.Lock(ctx); err != nil {
			return err
		}
		if keys, err = k.Keys.All(ctx); err != nil {
			return err
		}
		now := k.Clock.Now()
		for _, alg := range domain.Algorithms {
			needed, atOnce := domain.NeedsSuccessor(keys, alg, now)
			if !needed {
				continue
			}
			key, err := k.make(ctx, alg, atOnce)
			if err != nil {
				return err
			}
			keys = append(keys, key)
		}
		live := keys[:0:0]
		for _, key := range keys {
			if !remove || !key.Removable(keys, now) {
				live = append(live, key)
			} else if err := k.Keys.Delete(ctx, key.ID); err != nil {
				return err
			}
		}
		keys = live
		return nil
	})
	return keys, err
}

// Current returns the key of an algorithm that signs now.
func (k *Keys) Current(alg domain.Algorithm) (domain.SigningKey, error) {
	key, ok := domain.Current(k.all(), alg, k.Clock.Now())
	if !ok {
		return domain.SigningKey{}, domain.ErrSigningKeyMissing
	}
	return key, nil
}

// Find returns a published key by its id. One that is not known may have been
// made by another instance a moment ago, so the database is asked, now and then.
func (k *Keys) Find(ctx context.Context, id string) (domain.SigningKey, bool, error) {
	if key, ok := k.find(id); ok {
		return key, true, nil
	}
	k.reloadMu.Lock()
	defer k.reloadMu.Unlock()
	now := k.Clock.Now()
	if fresh(k.loadedAt, now, keysReloadPause) {
		key, ok := k.find(id)
		return key, ok, nil
	}
	keys, err := k.Keys.All(ctx)
	if err != nil {
		return domain.SigningKey{}, false, err
	}
	k.loadedAt = now
	k.keys.Store(&keys)
	key, ok := k.find(id)
	return key, ok, nil
}

// Published lists the keys of the key set: all that are stored.
func (k *Keys) Published() []domain.SigningKey { return k.all() }

func (k *Keys) find(id string) (domain.SigningKey, bool) {
	for _, key := range k.all() {
		if key.ID == id {
			return key, true
		}
	}
	return domain.SigningKey{}, false
}

func (k *Keys) all() []domain.SigningKey {
	if keys := k.keys.Load(); keys != nil {
		return *keys
	}
	return nil
}

// make makes and stores a key.
func (k *Keys) make(ctx context.Context, alg domain.Algorithm, atOnce bool) (domain.SigningKey, error) {
	private, err := generate(alg)
	if err != nil {
		return domain.SigningKey{}, err
	}
	key := domain.NewSigningKey(newID().String(), alg, private, atOnce, k.Clock.Now())
	if err := k.Keys.Insert(ctx, key); err != nil {
		return domain.SigningKey{}, err
	}
	return key, k.Recorder.add(ctx, audit.Entry{
		Action: domain.ActionKeyCreated, TargetType: "signing_key", TargetID: key.ID, Metadata: map[string]any{"algorithm": string(alg)},
	})
}

func generate(alg domain.Algorithm) (key crypto.Signer, err error) {
	switch alg {
	case domain.ES256:
		key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case domain.EdDSA:
		_, key, err = ed25519.GenerateKey(rand.Reader)
	case domain.RS256:
		key, err = rsa.GenerateKey(rand.Reader, rsaBits)
	default:
		err = errors.New("no such algorithm: " + string(alg))
	}
	if err != nil {
		return nil, fmt.Errorf("making a signing key: %w", err)
	}
	return key, nil
}
