// Package breached knows the passwords that are tried first because they were in leaks, as a filter of 100 KB that tools/breached
// writes. It takes one in 65,536 other words for one of them, and never misses one.
package breached

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/FastFilter/xorfilter"
	"golang.org/x/text/unicode/norm"
)

//go:embed passwords.filter
var stored []byte

// List implements ports.BreachedPasswords.
type List struct{ filter *xorfilter.BinaryFuse[uint16] }

// New reads the list that the service ships.
func New() (List, error) {
	filter, err := xorfilter.LoadBinaryFuse[uint16](bytes.NewReader(stored))
	if err != nil {
		return List{}, fmt.Errorf("reading the filter of breached passwords: %w", err)
	}
	return List{filter}, nil
}

// Contains implements ports.BreachedPasswords.
func (l List) Contains(password string) bool { return l.filter.Contains(Key(password)) }

// Key is what the filter holds of a password.
func Key(password string) uint64 {
	sum := sha256.Sum256([]byte(strings.ToLower(norm.NFKC.String(password))))
	return binary.BigEndian.Uint64(sum[:8])
}
