package portstest_test

import (
	"testing"

	"go.updspace.com/portal/ports/portstest"
)

func TestMemory(t *testing.T) {
	portstest.Suite(t, func(*testing.T) portstest.Store { return portstest.NewMemory().Store() })
}
