package portstest_test

import (
	"testing"

	"go.updspace.com/activity/ports/portstest"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	portstest.Suite(t, func(*testing.T) portstest.Store { return portstest.NewMemory().Store() })
	portstest.NewsSuite(t, func(*testing.T) portstest.NewsStore { return portstest.NewMemoryNews() })
	portstest.CatalogueSuite(t, func(*testing.T) portstest.Catalogue { return portstest.NewMemoryCatalogue() })
}
