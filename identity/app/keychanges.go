package app

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/audit"
)

// resealBatches is how many batches of secrets one request seals anew.
const resealBatches = 10

// KeyList is what administrators see of the keys.
type KeyList struct {
	Signing []ListedKey
	Seal    []domain.SealKey
}

// ListedKey is a signing key and where in its life it is.
type ListedKey struct {
	domain.SigningKey
	State domain.KeyState
}

// List returns the keys, as they are stored.
func (k *Keys) List(ctx context.Context) (list KeyList, err error) {
	if err := requireAdmin(ctx); err != nil {
		return KeyList{}, err
	}
	keys, err := k.Keys.Listed(ctx)
	if err != nil {
		return KeyList{}, err
	}
	now := k.Clock.Now()
	for _, key := range keys {
		list.Signing = append(list.Signing, ListedKey{key, key.State(keys, now)})
	}
	list.Seal, err = k.Keys.SealKeys(ctx)
	return list, err
}

// Rotate makes a new key of an algorithm. It is published before it signs; then the key that signs now stops.
func (k *Keys) Rotate(ctx context.Context, alg domain.Algorithm) error {
	if !slices.Contains(domain.Algorithms, alg) {
		return domain.ErrKeyUnknown
	}
	return k.alter(ctx, func(ctx context.Context, keys []domain.SigningKey) error {
		now := k.Clock.Now()
		if _, pending := domain.Pending(keys, alg, now); pending {
			return domain.ErrKeyPending
		}
		made, err := k.make(ctx, alg, false)
		if err != nil {
			return err
		}
		for _, key := range keys {
			if !key.EndFor(made) {
				continue
			}
			if err := k.Keys.SetTimes(ctx, key); err != nil {
				return err
			}
		}
		return nil
	})
}

// Retire withdraws a key at once: what it signed is refused from now on. When it was the one that signs, another signs from now on.
// Other instances know when they check the keys, within a minute.
func (k *Keys) Retire(ctx context.Context, id string) error {
	return k.alter(ctx, func(ctx context.Context, keys []domain.SigningKey) error {
		now := k.Clock.Now()
		i := slices.IndexFunc(keys, func(key domain.SigningKey) bool { return key.ID == id })
		if i < 0 {
			return domain.ErrKeyUnknown
		}
		key := keys[i]
		state := key.State(keys, now)
		if err := k.Keys.Delete(ctx, id); err != nil {
			return err
		}
		if state == domain.KeyActive {
			if err := k.replace(ctx, key.Algorithm, slices.Delete(slices.Clone(keys), i, i+1)); err != nil {
				return err
			}
		}
		return k.Recorder.add(ctx, audit.Entry{
			Action: domain.ActionKeyRetired, TargetType: "signing_key", TargetID: id, Metadata: map[string]any{"algorithm": string(key.Algorithm), "state": string(state)},
		})
	})
}

// replace sees that a key of an algorithm signs now: one of those that are left, the next one, else a new one.
func (k *Keys) replace(ctx context.Context, alg domain.Algorithm, left []domain.SigningKey) error {
	now := k.Clock.Now()
	if slices.ContainsFunc(left, func(key domain.SigningKey) bool { return key.Algorithm == alg && key.Signs(now) }) {
		return nil
	}
	for _, next := range left {
		if next.Algorithm == alg && now.Before(next.SignsFrom) {
			next.SignsFrom = now
			return k.Keys.SetTimes(ctx, next)
		}
	}
	_, err := k.make(ctx, alg, true)
	return err
}

// alter lets an administrator change the keys under the lock of rotations, and takes them up.
func (k *Keys) alter(ctx context.Context, fn func(context.Context, []domain.SigningKey) error) error {
	if err := requireAdmin(ctx); err != nil {
		return err
	}
	k.ensureMu.Lock()
	defer k.ensureMu.Unlock()
	var keys []domain.SigningKey
	err := k.Tx.Platform(ctx, func(ctx context.Context) error {
		if err := k.Keys.Lock(ctx); err != nil {
			return err
		}
		before, err := k.Keys.All(ctx)
		if err != nil {
			return err
		}
		if err := fn(ctx, before); err != nil {
			return err
		}
		keys, err = k.Keys.All(ctx)
		return err
	})
	if err == nil {
		k.keys.Store(&keys)
	}
	return err
}

// Reseal seals what is stored for longer than seal keys live (signing keys, authenticator apps, passkeys) with the newest seal key, and
// returns how many had another.
func (k *Keys) Reseal(ctx context.Context) (int, error) { return k.reseal(ctx, 0) }

// ResealSome is Reseal with a bound for one request.
func (k *Keys) ResealSome(ctx context.Context) (int, error) { return k.reseal(ctx, resealBatches) }

func (k *Keys) reseal(ctx context.Context, batches int) (n int, err error) {
	if err := requireAdmin(ctx); err != nil {
		return 0, err
	}
	keys, err := k.Keys.SealKeys(ctx)
	if err != nil {
		return 0, fmt.Errorf("counting sealed secrets: %w", err)
	}
	if slices.ContainsFunc(keys, func(key domain.SealKey) bool { return key.State == domain.SealKeyMissing }) {
		return 0, domain.ErrSealKeyMissing
	}
	for some, i := 1, 0; some > 0 && err == nil && (batches == 0 || i < batches); i++ {
		err = k.Tx.Platform(ctx, func(ctx context.Context) error {
			some, err = k.Keys.Reseal(ctx)
			return err
		})
		if err == nil {
			n += some
		}
	}
	if n == 0 {
		return n, err
	}
	return n, errors.Join(err, k.Recorder.add(ctx, audit.Entry{
		Action: domain.ActionSecretsResealed, TargetType: "seal_key", TargetID: keys[0].ID, Metadata: map[string]any{"secrets": n},
	}))
}
