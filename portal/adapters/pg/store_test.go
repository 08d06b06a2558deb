package pg_test

import (
	"testing"

	"go.updspace.com/libs/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }
