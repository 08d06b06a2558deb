// Package recipient lets a service tell whether an answer to a mail comes from the address that got the mail, without learning the
// address. Identity, which sends the mail, tells the digest; the service compares it with that of the address that answers.
package recipient

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strings"
)

// Digest is a hash of the address of a recipient. Its key is the address that answers go to, which has a secret of the mail's sender:
// without that, addresses cannot be tried out.
func Digest(replyTo, address string) string {
	mac := hmac.New(sha256.New, []byte(strings.ToLower(replyTo)))
	_, _ = io.WriteString(mac, strings.ToLower(address)) // never fails
	return hex.EncodeToString(mac.Sum(nil))
}
