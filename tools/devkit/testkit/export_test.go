package testkit

import (
	"context"
	"testing"
)

// Sweep drops abandoned databases, as the first test of a process does.
func Sweep(ctx context.Context, t testing.TB) error { return testServer(t).sweep(ctx) }
