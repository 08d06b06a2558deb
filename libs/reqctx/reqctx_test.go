package reqctx_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/libs/reqctx"
)

func TestFlagsHeaderForm(t *testing.T) {
	require.Empty(t, reqctx.Flags{}.Encode())
	f := reqctx.Flags{SystemAdmin: true, EmailVerified: true, Status: "active", MembershipStatus: "active"}
	require.JSONEq(t, `{"email_verified":true,"membership_status":"active","status":"active","system_admin":true}`, f.Encode())
	require.Equal(t, `{"email_verified":true,"membership_status":"active","status":"active","system_admin":true}`, f.Encode(), "keys are sorted, without spaces")
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

// The flags of most members have a short cut, which must say what encoding/json says.
func TestFlagsOfAnOrdinaryMember(t *testing.T) {
	f := reqctx.Flags{EmailVerified: true, MembershipStatus: "active", Status: "active"}
	form, err := json.Marshal(f)
	require.NoError(t, err)
	require.Equal(t, string(form), f.Encode())
	got, err := reqctx.ParseFlags(string(form))
	require.NoError(t, err)
	require.Equal(t, f, got)
}

// Every header is parsed as encoding/json parses it.
func TestFlagsAreParsedAsJSON(t *testing.T) {
	field := rapid.SampledFrom([]string{
		`"banned":true`, `"banned":false`, `"Banned":true`, `"suspended":true`, `"suspended":null`, `"system_admin":true`, `"system_admin":1`,
		`"email_verified":false`, `"status":"active"`, `"status":"su\u0073pended"`, `"status":true`, `"membership_status":"disabled"`, `"new":{}`,
	})
	rapid.Check(t, func(t *rapid.T) {
		text := "{" + strings.Join(rapid.SliceOfN(field, 0, 5).Draw(t, "fields"), ",") + "}" + rapid.SampledFrom([]string{"", "", " ", "x"}).Draw(t, "after")
		var want reqctx.Flags
		wantErr := json.Unmarshal([]byte(text), &want)
		got, err := reqctx.ParseFlags(text)
		require.Equal(t, wantErr == nil, err == nil, text)
		if err == nil {
			require.Equal(t, want, got, text)
		}
	})
}
