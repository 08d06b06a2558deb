package portstest_test

import (
	"testing"

	"go.updspace.com/activity/roles/ports/portstest"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	portstest.Suite(t, func(*testing.T) portstest.Store { return portstest.NewMemory() })
}
