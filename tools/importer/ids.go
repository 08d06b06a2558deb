package importer

import (
	"bytes"
	"fmt"
	"maps"
	"regexp"
	"slices"

	"github.com/google/uuid"
)

// space is the namespace of ids that follow from ids of the old system (RFC 9562 section 5.5). It never changes: a second import finds by them
// what the first one wrote.
var space = uuid.MustParse("6f1d1c1e-6a0b-5a5e-9d0c-0b5f1f3c7a11")

// derived is the id of a row that the old system knew by a number, or did not have.
func derived(kind string, parts ...any) uuid.UUID {
	return uuid.NewSHA1(space, []byte(kind+" "+fmt.Sprint(parts...)))
}

// languageTag is the form of the languages of texts (gamification/domain).
var languageTag = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$`)

// sorted are the keys of a map, in one order.
func sorted[V any](of map[uuid.UUID]V) []uuid.UUID {
	return slices.SortedFunc(maps.Keys(of), func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
}
