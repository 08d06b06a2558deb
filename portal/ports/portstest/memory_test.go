package portstest_test

import (
	"testing"

	"go.updspace.com/portal/ports"
	"go.updspace.com/portal/ports/portstest"
)

func TestMemory(t *testing.T) {
	portstest.Suite(t, func(*testing.T) portstest.Store { return portstest.NewMemory().Store() })
}

func TestMemoryBlobs(t *testing.T) {
	portstest.Blobs(t, func(*testing.T) ports.Blobs { return portstest.NewMemoryBlobs() })
}
