package page

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/valid"
)

const (
	version  = 1
	sumBytes = 6
	// maxCursor is what common.yaml allows.
	maxCursor = 1024
)

// Encode returns the cursor after an item: the values that its list is ordered by, in that order. list names the list, so
// that the cursor of one list is refused by another; put into it what else must not change between two pages, for
// example the id of a parent. Values are of types that encoding/json restores: strings, numbers, booleans, times, UUIDs.
//
// A cursor is not secret and not signed: a forged one only chooses where a page begins. It must not hold what decides about
// rights. Encode panics on a value that cannot be encoded, which is a defect of the program.
func Encode(list string, values ...any) string {
	payload, err := json.Marshal(values)
	if err != nil {
		panic(fmt.Sprintf("page: cursor of %s: %v", list, err))
	}
	return base64.RawURLEncoding.EncodeToString(append(header(list, payload), payload...))
}

// Decode reads a cursor that Encode made for the same list into pointers to values of the same types. ok is false, and
// nothing is changed, for the empty cursor, which stands for the first page. What is no cursor of the list is a
// VALIDATION_ERROR on the field "cursor".
func Decode(list, cursor string, into ...any) (ok bool, err error) {
	if cursor == "" {
		return false, nil
	}
	text, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil || len(cursor) > maxCursor || len(text) < 1+sumBytes {
		return false, errCursor()
	}
	payload := text[1+sumBytes:]
	if !bytes.Equal(text[:1+sumBytes], header(list, payload)) {
		return false, errCursor()
	}
	var values []json.RawMessage
	if json.Unmarshal(payload, &values) != nil || len(values) != len(into) {
		return false, errCursor()
	}
	for i, value := range values {
		if json.Unmarshal(value, into[i]) != nil || !storable(into[i]) {
			return false, errCursor()
		}
	}
	return true, nil
}

// header is the version and a checksum over the list's name and the payload.
func header(list string, payload []byte) []byte {
	sum := sha256.Sum256(fmt.Appendf(nil, "updspace cursor %d %q %s", version, list, payload))
	return append([]byte{version}, sum[:sumBytes]...)
}

// storable refuses values of a forged cursor that a query cannot take.
func storable(value any) bool {
	switch v := value.(type) {
	case *string:
		return !strings.ContainsRune(*v, 0)
	case *time.Time:
		*v = valid.Instant(*v)
		return valid.InRange(*v)
	}
	return true
}

func errCursor() error {
	return errs.Fields{"cursor": why.InvalidFormat("is not the next_cursor of a page of this list")}.Err()
}
