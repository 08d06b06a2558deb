package httpx_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/api/contract"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/signing"
)

// A suspended or banned user is refused by every operation that acts for a user, with or without a permission. Internal
// operations, public ones and those for services are not for the user's own requests.
func TestSuspendedUsersAreRefused(t *testing.T) {
	keyring, err := signing.NewKeyring(signing.Config{Secret: strings.Repeat("s", 32)})
	require.NoError(t, err)
	signer, err := keyring.Signer("bff", "toy")
	require.NoError(t, err)
	authenticate := httpx.Signed(keyring.Verifier("toy"))
	try := func(op contract.Operation, flags reqctx.Flags) error {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		rc := member
		rc.Flags = flags
		signer.Sign(r, rc, nil)
		got, err := authenticate(r, op, nil)
		if err == nil {
			require.Equal(t, flags, got.Flags)
		}
		return err
	}
	blocked := []reqctx.Flags{{Suspended: true}, {Banned: true}, {Status: "suspended"}, {Status: "banned"}, {Suspended: true, SystemAdmin: true}}
	for name, op := range map[string]contract.Operation{
		"for users":          {Path: "/api/v1/toys", Authenticated: contract.AuthenticatedUser},
		"for administrators": {Path: "/api/v1/toys", Authenticated: contract.AuthenticatedSystemAdmin},
		"with a permission":  {Path: "/api/v1/toys", Permission: "toy.read"},
	} {
		for _, flags := range blocked {
			require.Equal(t, errs.Forbidden, errs.KindOf(try(op, flags)), "%s, %+v", name, flags)
		}
		require.NoError(t, try(op, reqctx.Flags{Status: "active", EmailVerified: true}), name)
	}
	for name, op := range map[string]contract.Operation{
		"internal":     {Path: "/internal/v1/check", Authenticated: contract.AuthenticatedUser},
		"for services": {Path: "/api/v1/toys", Authenticated: contract.AuthenticatedService},
		"public":       {Path: "/api/v1/toys", Public: true},
	} {
		for _, flags := range blocked {
			require.NoError(t, try(op, flags), name)
		}
	}
}
