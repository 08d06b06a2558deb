package argon2

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	xargon2 "golang.org/x/crypto/argon2"
	"golang.org/x/crypto/bcrypt"
)

// What imported hashes may cost. A hash beyond it is not checked: it would take the memory or the time of a whole instance.
const (
	maxMemory     = 256 << 10 // KiB
	maxPasses     = 16
	maxLanes      = 16
	maxIterations = 3_000_000
	maxBcryptCost = 14
)

// imported is a hash of the old system: `algorithm$...` as its framework writes it. It is stored as it came, and replaced when
// its owner signs in.
type imported interface{ matches(password string) bool }

// Imported reports whether a stored hash is one of the old system that can be checked.
func Imported(hash string) bool {
	_, err := parseImported(hash)
	return err == nil
}

func parseImported(hash string) (imported, error) {
	algorithm, rest, _ := strings.Cut(hash, "$")
	switch algorithm {
	case "argon2":
		return parseArgon2(rest)
	case "bcrypt_sha256":
		return parseBcrypt(rest)
	case "pbkdf2_sha256":
		return parsePBKDF2(rest)
	}
	return nil, fmt.Errorf("the password hash has the unknown algorithm %.20q", algorithm)
}

// argon2Hash is Argon2i or Argon2id.
type argon2Hash struct {
	key            func(password, salt []byte, passes, memory uint32, lanes uint8, length uint32) []byte
	passes, memory uint32
	lanes          uint8
	salt, hash     []byte
}

func parseArgon2(s string) (imported, error) {
	parts := strings.Split(s, "$")
	if len(parts) != 5 || parts[1] != "v=19" {
		return nil, fmt.Errorf("the password hash is no argon2 hash of version 19")
	}
	h := argon2Hash{}
	switch parts[0] {
	case "argon2id":
		h.key = xargon2.IDKey
	case "argon2i":
		h.key = xargon2.Key
	default:
		return nil, fmt.Errorf("the password hash is of the unknown kind %.20q", parts[0])
	}
	if _, err := fmt.Sscanf(parts[2], "m=%d,t=%d,p=%d", &h.memory, &h.passes, &h.lanes); err != nil {
		return nil, fmt.Errorf("the parameters of a password hash: %w", err)
	}
	if h.memory < 8 || h.memory > maxMemory || h.passes < 1 || h.passes > maxPasses || h.lanes < 1 || h.lanes > maxLanes {
		return nil, fmt.Errorf("a password hash takes m=%d,t=%d,p=%d, which is out of bounds", h.memory, h.passes, h.lanes)
	}
	var err error
	if h.salt, err = base64.RawStdEncoding.DecodeString(parts[3]); err == nil {
		h.hash, err = base64.RawStdEncoding.DecodeString(parts[4])
	}
	if err == nil && (len(h.salt) < 8 || len(h.hash) < 16 || len(h.hash) > 64) {
		err = fmt.Errorf("%d bytes of salt and %d of hash", len(h.salt), len(h.hash))
	}
	if err != nil {
		return nil, fmt.Errorf("salt and hash of a password: %w", err)
	}
	return h, nil
}

func (h argon2Hash) matches(password string) bool {
	got := h.key([]byte(password), h.salt, h.passes, h.memory, h.lanes, uint32(len(h.hash)))
	return subtle.ConstantTimeCompare(got, h.hash) == 1
}

// bcryptHash is bcrypt of the hexadecimal SHA-256 of the password.
type bcryptHash []byte

func parseBcrypt(s string) (imported, error) {
	cost, err := bcrypt.Cost([]byte(s))
	if err == nil && cost > maxBcryptCost {
		err = fmt.Errorf("the cost %d is out of bounds", cost)
	}
	if err != nil {
		return nil, fmt.Errorf("a bcrypt hash: %w", err)
	}
	return bcryptHash(s), nil
}

func (h bcryptHash) matches(password string) bool {
	sum := sha256.Sum256([]byte(password))
	return bcrypt.CompareHashAndPassword(h, []byte(hex.EncodeToString(sum[:]))) == nil
}

// pbkdf2Hash is PBKDF2 with HMAC-SHA256. The salt is a text, not base64.
type pbkdf2Hash struct {
	iterations int
	salt       string
	hash       []byte
}

func parsePBKDF2(s string) (imported, error) {
	parts := strings.Split(s, "$")
	if len(parts) != 3 || parts[1] == "" {
		return nil, fmt.Errorf("the password hash is no pbkdf2_sha256 hash")
	}
	iterations, err := strconv.Atoi(parts[0])
	if err != nil || iterations < 1 || iterations > maxIterations {
		return nil, fmt.Errorf("a password hash takes %.20q iterations, which is out of bounds", parts[0])
	}
	hash, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(hash) != sha256.Size {
		return nil, fmt.Errorf("a password hash has %d bytes instead of %d", len(hash), sha256.Size)
	}
	return pbkdf2Hash{iterations: iterations, salt: parts[1], hash: hash}, nil
}

func (h pbkdf2Hash) matches(password string) bool {
	got, err := pbkdf2.Key(sha256.New, password, []byte(h.salt), h.iterations, sha256.Size)
	return err == nil && subtle.ConstantTimeCompare(got, h.hash) == 1
}
