package valid_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/valid"
)

func TestSlugs(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"a", "0", "aef", "a-b", "ids", "apis", strings.Repeat("a", 63)} {
		require.True(t, valid.Slug(good), good)
	}
	for _, bad := range []string{"", "-a", "a-", "A", "a.b", "a_b", "ж", "a\n", strings.Repeat("a", 64), "id", "api", "www", "admin", "xn--80ak6aa92e", "ab--"} {
		require.False(t, valid.Slug(bad), bad)
	}
	fields := errs.Fields{}
	valid.CheckSlug(fields, "slug", "aef")
	require.NoError(t, fields.Err())
	valid.CheckSlug(fields, "slug", "id")
	require.Contains(t, fields, "slug")
}
