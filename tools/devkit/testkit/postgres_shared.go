package testkit

import (
	"context"
	"testing"

	"go.updspace.com/libs/pg"
)

// SharedPostgres gives all tests of a package that ask for the same migrations one database, dropped after the last test. It
// is for tests that have a tenant each, because cloning and dropping a database takes longer than most of them.
func SharedPostgres(t testing.TB, sets ...pg.Migrations) pg.Config {
	t.Helper()
	s := testServer(t)
	ctx, cancel := context.WithTimeout(context.Background(), serverPatience)
	defer cancel()
	template, roles, err := s.template(ctx, sets)
	if err != nil {
		t.Fatalf("testkit: %v", err)
	}
	s.sharing.Lock()
	defer s.sharing.Unlock()
	name, ok := s.shared[template]
	if !ok {
		var drop func() error
		if name, drop, err = s.clone(ctx, template, template); err != nil {
			t.Fatalf("testkit: %v", err)
		}
		atEnd(func() { _ = drop() }) // a later process sweeps what is left
		s.shared[template] = name
	}
	return config(roles, name)
}
