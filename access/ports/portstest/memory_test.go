package portstest_test

import (
	"testing"

	"go.updspace.com/access/ports/portstest"
)

func TestMemoryPassesItsOwnSuite(t *testing.T) {
	portstest.RunFacts(t, func(testing.TB) portstest.World { return &portstest.Memory{} })
}

func TestMemoryKeepsMembershipsAsItPromises(t *testing.T) {
	portstest.RunMemberships(t, func(testing.TB) portstest.World { return &portstest.Memory{} })
}

func TestMemoryKeepsRightsAsItPromises(t *testing.T) {
	portstest.RunRights(t, func(testing.TB) portstest.Rights { return portstest.MemoryRights() })
}

func TestTheJournalOfTestsPassesItsOwnSuite(t *testing.T) {
	portstest.RunHistory(t, func(testing.TB) portstest.Chronicle { return &portstest.Journal{} })
}

func TestMemoryForgetsPeopleAsItPromises(t *testing.T) {
	portstest.RunPeople(t, func(testing.TB) portstest.Archive { return portstest.MemoryArchive() })
}
