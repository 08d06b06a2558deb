package domain

import (
	"slices"
	"strings"
	"unicode/utf8"

	"go.updspace.com/libs/errs"
)

// ErrStillMember refuses to erase an active member, who would leave new data at once.
var ErrStillMember = errs.New(errs.Conflict, "STILL_MEMBER", "The user is an active member of the community. Disable the membership first.")

// Erased is what one service erased of a person, by section.
type Erased struct {
	Service  string
	Counts   map[string]int64
	Complete bool // else another request erases the rest
}

// The bounds of names in a request for erasure.
const (
	maxErasedNames = 20
	minErasedName  = 2   // characters
	maxErasedName  = 128 // characters
)

// ErasedNames are the names of a person that are looked for in texts of others: each once, without those that are too short to mean anything.
func ErasedNames(names ...string) []string {
	var kept []string
	for _, name := range names {
		name = strings.Join(strings.Fields(name), " ")
		if n := utf8.RuneCountInString(name); n >= minErasedName && n <= maxErasedName && !slices.Contains(kept, name) {
			kept = append(kept, name)
		}
	}
	return kept[:min(len(kept), maxErasedNames)]
}

// Unmistakable are the names that are not words of something else as well: those of several words, and addresses.
func Unmistakable(names []string) (kept []string) {
	for _, name := range names {
		if strings.ContainsAny(name, " @") {
			kept = append(kept, name)
		}
	}
	return kept
}
