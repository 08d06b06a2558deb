package domain

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"go.updspace.com/libs/errs"
)

const (
	maxName        = 128
	maxDescription = 10_000
)

// name trims a name and says what is wrong with it.
func name(s, field string, fields errs.Fields) string {
	s = strings.TrimSpace(s)
	fields.Check(s != "", field, "must not be empty")
	fields.Check(utf8.RuneCountInString(s) <= maxName, field, "must be at most 128 characters long")
	fields.Check(printable(s), field, "must not contain control characters")
	return s
}

func description(s, field string, fields errs.Fields) string {
	fields.Check(utf8.RuneCountInString(s) <= maxDescription, field, "must be at most 10000 characters long")
	fields.Check(storable(s), field, "must not contain null characters")
	return s
}

// printable refuses what no single-line text contains.
func printable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

// storable refuses what PostgreSQL cannot keep in a text.
func storable(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

// Fold is a text as it is compared: whatever the case, it is the same.
func Fold(s string) string { return strings.ToLower(s) }
