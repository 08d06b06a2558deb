package argon2_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/identity/adapters/argon2"
)

// Hashes that other programs have made, in the forms of the old system. Those of bcrypt and PBKDF2 are of "correct horse пароль", the others of "secret".
const (
	oldArgon2id = "argon2$argon2id$v=19$m=102400,t=2,p=8$Y041dExhNkljRUUy$TMa6A8fPJhCAUXRhJXCXdw"
	oldArgon2i  = "argon2$argon2i$v=19$m=512,t=2,p=2$c29tZXNhbHQ$md95y7qdvE68WkMhclZtasAOtgoom0s8JbQj+ANghnM"
	oldBcrypt   = "bcrypt_sha256$$2b$04$1WAqjsaqZ3af.G50MjItr.HSs21bBSiRWwQfTHHHqeXgatHGqXQKS"
	oldPBKDF2   = "pbkdf2_sha256$1000$seasalt1$ivwX5sUzJe79Rivq8WxjYd3Smv+/YsR6IjdElgQ/Fv0="
)

func TestHashesOfTheOldSystem(t *testing.T) {
	t.Parallel()
	h, err := argon2.New(1, 1, memory)
	require.NoError(t, err)
	for hash, password := range map[string]string{
		oldArgon2id: "secret", oldArgon2i: "secret", oldBcrypt: "correct horse пароль", oldPBKDF2: "correct horse пароль",
	} {
		require.True(t, argon2.Imported(hash), hash)
		ok, rehash, err := h.Verify(context.Background(), password, hash, proceed)
		require.NoError(t, err)
		require.True(t, ok, hash)
		require.True(t, rehash, "it is replaced")
		for _, wrong := range []string{"", password + " ", strings.ToUpper(password)} {
			ok, _, err = h.Verify(context.Background(), wrong, hash, proceed)
			require.NoError(t, err)
			require.False(t, ok, hash)
		}
	}
}

func TestHashesThatCannotBeChecked(t *testing.T) {
	t.Parallel()
	h, err := argon2.New(1, 1, memory)
	require.NoError(t, err)
	for _, hash := range []string{
		"", "!kHz3unusable", "sha1$salt$0123", "secret", "argon2", "argon2$argon2d$v=19$m=8,t=1,p=1$c29tc2FsdA$gwQOXSNhxiOxPOA0+PY10P9QFO4NAYysnqRt1GSQLE4",
		strings.Replace(oldArgon2id, "v=19", "v=16", 1), strings.Replace(oldArgon2id, "m=102400", "m=4194304", 1),
		strings.Replace(oldArgon2id, "t=2", "t=2000", 1), strings.Replace(oldArgon2id, "p=8", "p=0", 1), strings.Replace(oldArgon2id, "p=8", "p=300", 1),
		strings.Replace(oldArgon2id, "Y041", "Y_41", 1), oldArgon2id + "$x", oldArgon2id[:len(oldArgon2id)-8],
		strings.Replace(oldBcrypt, "$04$", "$15$", 1), "bcrypt_sha256$", "bcrypt_sha256$$2b$12$short",
		strings.Replace(oldPBKDF2, "1000", "0", 1), strings.Replace(oldPBKDF2, "1000", "99999999", 1), strings.Replace(oldPBKDF2, "seasalt1", "", 1),
		strings.TrimSuffix(oldPBKDF2, "="), oldPBKDF2 + "$",
	} {
		require.False(t, argon2.Imported(hash), hash)
		if hash == "" { // no password, and the same work
			continue
		}
		_, _, err := h.Verify(context.Background(), "secret", hash, proceed)
		require.Error(t, err, hash)
	}
}

// A password that is composed differently on another keyboard is the same password.
func TestPasswordsAreNormalised(t *testing.T) {
	t.Parallel()
	h, err := argon2.New(1, 1, memory)
	require.NoError(t, err)
	hash, err := h.Hash(context.Background(), "caf\u00e9 \u0439")
	require.NoError(t, err)
	ok, _, err := h.Verify(context.Background(), "cafe\u0301 \u0438\u0306", hash, proceed)
	require.NoError(t, err)
	require.True(t, ok)
}
