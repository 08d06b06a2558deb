package reqctx

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"

	"github.com/google/uuid"
)

// logID is how many bytes of a hash stand in a log.
const logID = 8

var ids = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

// LogID is the id of a user as logs have it: the first 16 digits of its SHA-256. Who knows the id finds the lines, and the lines of a user who was
// deleted lead back to no one.
func LogID(user uuid.UUID) string { return hashed(user.String()) }

// LogText is a text as logs may have it: each UUID in it is replaced by its LogID, because it may be that of a user.
func LogText(text string) string { return ids.ReplaceAllStringFunc(text, hashed) }

func hashed(id string) string {
	sum := sha256.Sum256([]byte(id))
	return hex.EncodeToString(sum[:logID])
}
