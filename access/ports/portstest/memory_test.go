package portstest_test

import (
	"testing"

	"go.updspace.com/access/ports/portstest"
)

func TestMemoryStoresFacts(t *testing.T) {
	t.Parallel()
	portstest.RunFacts(t, func(testing.TB) portstest.FactStore { return &portstest.Memory{} })
}

func TestMemoryStoresMemberships(t *testing.T) {
	t.Parallel()
	portstest.RunMemberships(t, func(testing.TB) portstest.FactStore { return &portstest.Memory{} })
}

func TestMemoryStoresAdministration(t *testing.T) {
	t.Parallel()
	portstest.RunAdminStore(t, func(testing.TB) portstest.AdminStore { return portstest.MemoryAdminStore() })
}

func TestMemoryStoresRewards(t *testing.T) {
	t.Parallel()
	portstest.RunRewards(t, func(testing.TB) portstest.FactStore { return &portstest.Memory{} })
}
