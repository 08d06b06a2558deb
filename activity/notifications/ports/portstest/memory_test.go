package portstest_test

import (
	"testing"

	"go.updspace.com/activity/notifications/ports/portstest"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	portstest.BrowsersSuite(t, func(*testing.T) portstest.Browsers { return portstest.NewMemoryBrowsers() })
}
