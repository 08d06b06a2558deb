package portstest_test

import (
	"testing"

	"go.updspace.com/voting/ports/portstest"
)

func TestMemory(t *testing.T) {
	portstest.Suite(t, func(*testing.T) portstest.Store {
		m := portstest.NewMemory()
		return portstest.Store{Polls: m.Polls(), Papers: m.Papers(), Ballots: m.Ballots(), Tx: m}
	})
}
