package reqctx_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/reqctx"
)

func TestFlagsHeaderForm(t *testing.T) {
	require.Empty(t, reqctx.Flags{}.Encode())
	f := reqctx.Flags{SystemAdmin: true, EmailVerified: true, Status: "active", MembershipStatus: "active"}
	require.JSONEq(t, `{"email_verified":true,"membership_status":"active","status":"active","system_admin":true}`, f.Encode())
	require.Equal(t, `{"email_verified":true,"membership_status":"active","status":"active","system_admin":true}`, f.Encode(), "keys are sorted and nothing is padded")
}

func TestParseFlags(t *testing.T) {
	f, err := reqctx.ParseFlags(`{"banned":true,"from_the_future":1}`)
	require.NoError(t, err)
	require.Equal(t, reqctx.Flags{Banned: true}, f)
	for _, bad := range []string{"system_admin", "[]", `"x"`, `{"banned":"yes"}`, "{"} {
		got, err := reqctx.ParseFlags(bad)
		require.Error(t, err, bad)
		require.Zero(t, got)
	}
}

func TestFromWithoutARequestIsZero(t *testing.T) {
	require.Zero(t, reqctx.From(t.Context()))
	ctx := reqctx.With(t.Context(), reqctx.Context{TenantSlug: "aef"})
	require.Equal(t, "aef", reqctx.From(ctx).TenantSlug)
}
