// Package argon2 hashes passwords with argon2id, a bounded number at once: each takes 19 MiB and a core for some 20 ms, and
// nothing else would run.
package argon2

import (
	"context"
	"fmt"
	"runtime"
	"strings"

	"github.com/alexedwards/argon2id"
	"golang.org/x/text/unicode/norm"

	"go.updspace.com/identity/domain"
)

// Hasher implements ports.Passwords.
type Hasher struct {
	params argon2id.Params
	slots  chan struct{} // held while hashing
	queue  chan struct{} // held while waiting and hashing
	dummy  string        // checked in place of an absent hash, for the same work
}

// New returns a Hasher that runs slots hashes at once, each in an amount of memory in KiB, and lets queue more wait. No slots
// means all cores but one, so that other requests always find one. A hash that was made in another amount of memory is to be
// replaced when its owner signs in.
func New(slots, queue int, memory uint32) (*Hasher, error) {
	if slots <= 0 {
		slots = max(1, runtime.GOMAXPROCS(0)-1)
	}
	h := &Hasher{
		params: argon2id.Params{Memory: memory, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32},
		slots:  make(chan struct{}, slots), queue: make(chan struct{}, slots+queue),
	}
	var err error
	h.dummy, err = argon2id.CreateHash("no account has this", &h.params)
	if err != nil {
		return nil, fmt.Errorf("hashing a password: %w", err)
	}
	return h, nil
}

// Hash implements ports.Passwords. The text is normalised (NFKC), so that a password is the same on every keyboard.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	release, err := h.acquire(ctx)
	if err != nil {
		return "", err
	}
	defer release()
	hash, err := argon2id.CreateHash(norm.NFKC.String(password), &h.params)
	if err != nil {
		return "", fmt.Errorf("hashing a password: %w", err)
	}
	return hash, nil
}

// Verify implements ports.Passwords.
func (h *Hasher) Verify(ctx context.Context, password, hash string, before func(context.Context) error) (ok, rehash bool, err error) {
	release, err := h.acquire(ctx)
	if err != nil {
		return false, false, err
	}
	defer release()
	if err := before(ctx); err != nil {
		return false, false, err
	}
	none := hash == ""
	if none {
		hash = h.dummy
	}
	if !strings.HasPrefix(hash, "$") { // ours begin with it
		old, err := parseImported(hash)
		if err != nil {
			return false, false, err
		}
		return old.matches(password), true, nil
	}
	ok, used, err := argon2id.CheckHash(norm.NFKC.String(password), hash)
	if err != nil {
		return false, false, fmt.Errorf("checking a password: %w", err)
	}
	return ok && !none, *used != h.params, nil
}

// Load is how many passwords are hashed and how many wait for it, at this moment.
func (h *Hasher) Load() (running, waiting int) {
	running = len(h.slots)
	return running, max(0, len(h.queue)-running)
}

func (h *Hasher) acquire(ctx context.Context) (release func(), err error) {
	select {
	case h.queue <- struct{}{}:
	default:
		return nil, domain.ErrBusy
	}
	select {
	case h.slots <- struct{}{}:
		return func() { <-h.slots; <-h.queue }, nil
	case <-ctx.Done():
		<-h.queue
		return nil, fmt.Errorf("waiting to check a password: %w", ctx.Err())
	}
}
