package portstest_test

import (
	"testing"

	"go.updspace.com/voting/ports/portstest"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	portstest.Suite(t, func(*testing.T) portstest.Store {
		m := portstest.NewMemory()
		return portstest.Store{Polls: m.Polls(), Questionnaires: m.Questionnaires(), Ballots: m.Ballots(),
			Participants: m.Participants(), Invites: m.Invites(), Groups: m.Groups(), Tx: m}
	})
}
