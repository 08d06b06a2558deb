package oldsystem

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/bcrypt"
)

// passwordHashes are a password in the forms in which the old system stored it (contract/old-schema.md 4.2), by algorithm.
func passwordHashes(password string) (map[string]string, error) {
	const salt, iterations = "oldSaltOfTwentyTwoChrs", 260_000
	derived, err := pbkdf2.Key(sha256.New, password, []byte(salt), iterations, 32)
	if err != nil {
		return nil, err
	}
	digest := sha256.Sum256([]byte(password))
	bcrypted, err := bcrypt.GenerateFromPassword([]byte(hex.EncodeToString(digest[:])), 12)
	if err != nil {
		return nil, err
	}
	raw := base64.RawStdEncoding
	return map[string]string{
		"argon2": fmt.Sprintf("argon2$argon2id$v=19$m=102400,t=2,p=8$%s$%s", raw.EncodeToString([]byte(salt)),
			raw.EncodeToString(argon2.IDKey([]byte(password), []byte(salt), 2, 102_400, 8, 32))),
		"pbkdf2_sha256": fmt.Sprintf("pbkdf2_sha256$%d$%s$%s", iterations, salt, base64.StdEncoding.EncodeToString(derived)),
		"bcrypt_sha256": "bcrypt_sha256$" + string(bcrypted),
	}, nil
}
