package app

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
)

const (
	// keysCheckEvery is how often keys are reloaded and rotation is considered:
	// far more often than the lead with which a new key is published.
	keysCheckEvery = time.Minute
	// keysReloadPause bounds how often unknown key ids can make us ask the database.
	keysReloadPause = 5 * time.Second

	rsaBits = 2048
)

// Keys holds the signing keys: made when needed, the same in every instance,
// published before they sign and for as long as their tokens live.
type Keys struct {
	Tx       ports.Tx
	Keys     ports.Keys
	Recorder Recorder
	Clock    ports.Clock
	Log      *slog.Logger

	keys     atomic.Pointer[[]domain.SigningKey]
	reloadMu sync.Mutex
	loadedAt time.Time
}

// Ensure loads the keys, makes those that are missing or due, and drops those
// whose last token is dead.
func (k *Keys) Ensure(ctx context.Context) error {
	keys, err := k.Keys.All(ctx)
	if err != nil {
		return fmt.Errorf("loading the signing keys: %w", err)
	}
	if k.due(keys) {
		if keys, err = k.rotate(ctx); err != nil {
			return fmt.Errorf("rotating the signing keys: %w", err)
		}
	}
	k.keys.Store(&keys)
	return nil
}

func (k *Keys) due(keys []domain.SigningKey) bool {
	now := k.Clock.Now()
	for _, alg := range domain.Algorithms {
		if needed, _ := domain.NeedsSuccessor(keys, alg, now); needed {
			return true
		}
	}
	for _, key := range keys {
		if !key.Published(now) {
			return true
		}
	}
	return false
}

// rotate does what is due under a lock: whoever comes second finds it done.
func (k *Keys) rotate(ctx context.Context) (keys []domain.SigningKey, err error) {
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
			private, err := generate(alg)
			if err != nil {
				return err
			}
			key := domain.NewSigningKey(newID().String(), alg, private, atOnce, now)
			if err := k.Keys.Insert(ctx, key); err != nil {
				return err
			}
			keys = append(keys, key)
			if err := k.Recorder.add(ctx, entry{
				action: domain.ActionKeyCreated, targetType: "signing_key", targetID: key.ID, meta: map[string]string{"algorithm": string(alg)},
			}); err != nil {
				return err
			}
		}
		live := keys[:0:0]
		for _, key := range keys {
			if key.Published(now) {
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

// Run keeps the keys current until ctx ends.
func (k *Keys) Run(ctx context.Context) error {
	tick := time.NewTicker(keysCheckEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if err := k.Ensure(ctx); err != nil && ctx.Err() == nil {
				k.Log.ErrorContext(ctx, "signing keys", "error", err)
			}
		}
	}
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
	if now.Sub(k.loadedAt) < keysReloadPause {
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

// Published lists the keys that belong in the key set.
func (k *Keys) Published() []domain.SigningKey {
	var keys []domain.SigningKey
	for _, key := range k.all() {
		if key.Published(k.Clock.Now()) {
			keys = append(keys, key)
		}
	}
	return keys
}

func (k *Keys) find(id string) (domain.SigningKey, bool) {
	for _, key := range k.all() {
		if key.ID == id && key.Published(k.Clock.Now()) {
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

func generate(alg domain.Algorithm) (key crypto.Signer, err error) {
	switch alg {
	case domain.ES256:
		key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
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
