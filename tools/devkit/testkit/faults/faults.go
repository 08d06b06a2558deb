// Package faults makes the ports of a use case fail, one call after another. A service wraps its own ports with [Call]; those of
// the kit are wrapped here.
package faults

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/idempotency"
)

// Err is the error of the call that fails.
var Err = errors.New("faults: this call fails")

// Faults decides which call fails. Calls may be made at the same time; which of those fails is not determined.
type Faults struct {
	mu             sync.Mutex
	calls, failing int
}

// Next counts a call, and returns Err if this is the one that fails.
func (f *Faults) Next() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.calls++; f.calls == f.failing {
		return Err
	}
	return nil
}

// Calls is how many calls there were.
func (f *Faults) Calls() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls
}

// fail makes a call fail, by its number from now on.
func (f *Faults) fail(failing int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls, f.failing = 0, failing
}

// Call is a call of a port that may fail instead.
func Call[T any](f *Faults, call func() (T, error)) (T, error) {
	if err := f.Next(); err != nil {
		var none T
		return none, err
	}
	return call()
}

// Do is Call for a port that returns nothing but an error.
func Do(f *Faults, call func() error) error {
	if err := f.Next(); err != nil {
		return err
	}
	return call()
}

// Each requires that a use case fails with whatever it calls. prepare makes everything anew and returns the use case; calls
// that prepare makes do not fail. The use case is tried with its first call failing, then with its second, and so on, and
// succeeds when none is left.
func Each(t testing.TB, prepare func(f *Faults) func() error) {
	t.Helper()
	for failing := 1; ; failing++ {
		f := &Faults{}
		use := prepare(f)
		f.fail(failing)
		err := use()
		if f.Calls() < failing {
			require.NoError(t, err)
			require.Greater(t, failing, 1, "the use case calls nothing")
			return
		}
		require.ErrorIs(t, err, Err, "call %d", failing)
	}
}

type access struct {
	authz.Checker
	f *Faults
}

// Access is a checker whose calls may fail.
func Access(f *Faults, c authz.Checker) authz.Checker { return access{c, f} }

func (a access) Check(ctx context.Context, check authz.Check) (bool, error) {
	return Call(a.f, func() (bool, error) { return a.Checker.Check(ctx, check) })
}

func (a access) CheckAll(ctx context.Context, checks []authz.Check) ([]bool, error) {
	return Call(a.f, func() ([]bool, error) { return a.Checker.CheckAll(ctx, checks) })
}

func (a access) AllowedScopes(ctx context.Context, queries []authz.ScopeQuery) ([]authz.AllowedScopes, error) {
	return Call(a.f, func() ([]authz.AllowedScopes, error) { return a.Checker.AllowedScopes(ctx, queries) })
}

type tx interface {
	Do(ctx context.Context, fn func(ctx context.Context) error) error
}

// Tx is transactions that may fail to commit.
type Tx struct {
	tx
	f *Faults
}

// NewTx wraps transactions.
func NewTx(f *Faults, wrapped tx) Tx { return Tx{wrapped, f} }

// AfterCommit runs fn after the commit. The wrapped transactions must have this method, too.
func (t Tx) AfterCommit(ctx context.Context, fn func()) {
	t.tx.(interface {
		AfterCommit(ctx context.Context, fn func())
	}).AfterCommit(ctx, fn)
}

// Do runs fn in a transaction.
func (t Tx) Do(ctx context.Context, fn func(ctx context.Context) error) error {
	return t.tx.Do(ctx, func(ctx context.Context) error {
		if err := fn(ctx); err != nil {
			return err
		}
		return t.f.Next()
	})
}

type once struct {
	idempotency.Requests
	f *Faults
}

// Once is requests that may fail to commit.
func Once(f *Faults, r idempotency.Requests) idempotency.Requests { return once{r, f} }

func (o once) Once(ctx context.Context, operation string, input any, create func(context.Context) (uuid.UUID, error)) (uuid.UUID, error) {
	return o.Requests.Once(ctx, operation, input, func(ctx context.Context) (uuid.UUID, error) {
		id, err := create(ctx)
		if err != nil {
			return id, err
		}
		return id, o.f.Next()
	})
}

type publisher[E any] interface {
	Publish(ctx context.Context, events ...E) error
}

// Events is a publisher whose calls may fail.
type Events[E any] struct {
	publisher[E]
	f *Faults
}

// NewEvents wraps a publisher.
func NewEvents[E any](f *Faults, wrapped publisher[E]) Events[E] { return Events[E]{wrapped, f} }

// Publish publishes events.
func (e Events[E]) Publish(ctx context.Context, events ...E) error {
	return Do(e.f, func() error { return e.publisher.Publish(ctx, events...) })
}
