package pg_test

import (
	"testing"

	"go.updspace.com/access/ports/portstest"
)

func TestRewards(t *testing.T) {
	t.Parallel()
	portstest.RunRewards(t, func(t testing.TB) portstest.FactStore { return newWorld(t) })
}
