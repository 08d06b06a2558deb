package openbadge_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/gamification/openbadge"
)

// The files of testdata are what the package makes. web/e2e/badges.test.ts verifies them with another library.
func TestFilesOfTestdata(t *testing.T) {
	k := key(t)
	token := sign(t, k, badge())
	baked, err := openbadge.Bake(picture(t), token)
	require.NoError(t, err)
	set, err := openbadge.KeySet(did, k.Public())
	require.NoError(t, err)
	document, err := openbadge.NewDocument(did, k.Public())
	require.NoError(t, err)
	for name, content := range map[string][]byte{
		"badge.jwt": []byte(token), "badge.png": baked, "picture.png": picture(t), "jwks.json": set, "did.json": document,
		"list.jwt": []byte(signedList(t, k)), "list-revoked.jwt": []byte(signedList(t, k, badge().Status.Index)),
	} {
		path := filepath.Join("testdata", name)
		if *update {
			require.NoError(t, os.WriteFile(path, content, 0o600))
		}
		want, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, string(want), string(content), "%s: go test ./gamification/openbadge -update writes it anew", name)
	}
}
