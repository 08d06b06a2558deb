package portstest_test

import (
	"testing"

	"go.updspace.com/libs/blob"
	"go.updspace.com/libs/blob/blobtest"
	"go.updspace.com/portal/ports/portstest"
)

func TestMemory(t *testing.T) {
	portstest.Suite(t, func(*testing.T) portstest.Store { return portstest.NewMemory().Store() })
}

func TestMemoryBlobs(t *testing.T) {
	blobtest.Run(t, func(*testing.T) blob.Store { return portstest.NewMemoryBlobs() })
}
