package valid

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
)

// Line is one line of text: a name or a title. It is trimmed and brought into NFC. Refused are line breaks and other control
// characters, characters that reverse the direction of text, damaged text, and text of which nothing is visible.
func Line(fields errs.Fields, field, s string, least, most int) string {
	return text(fields, field, s, least, most, false)
}

// Text is Line for text of several lines: it may hold tabs and line breaks, which become \n.
func Text(fields errs.Fields, field, s string, least, most int) string {
	return text(fields, field, s, least, most, true)
}

func text(fields errs.Fields, field, s string, least, most int, multiline bool) string {
	s, reason := clean(s, multiline)
	n := utf8.RuneCountInString(s)
	switch {
	case !reason.None():
	case n == 0 && least > 0:
		reason = why.Empty
	case n < least:
		reason = why.TooShort(least)
	case n > most:
		reason = why.TooLong(most)
	case n > 0 && !strings.ContainsFunc(s, visible):
		reason = why.Empty.Saying("must contain visible characters")
	}
	if !reason.None() {
		fields.Add(field, reason)
	}
	return s
}

// clean brings text into its form, or says why it cannot be stored.
func clean(s string, multiline bool) (form string, reason why.Reason) {
	if !utf8.ValidString(s) {
		return "", why.InvalidCharacters("must be valid UTF-8")
	}
	if multiline {
		s = lineBreaks.Replace(s)
	}
	s = norm.NFC.String(strings.TrimSpace(s))
	for _, r := range s {
		switch {
		case r == unicode.ReplacementChar || r&0xfffe == 0xfffe: // the rest of damaged text; not a character
			return s, why.InvalidCharacters("must not contain damaged characters")
		case multiline && (r == '\n' || r == '\t'):
		case unicode.IsControl(r):
			return s, why.InvalidCharacters("must not contain control characters")
		case !multiline && unicode.In(r, unicode.Zl, unicode.Zp):
			return s, why.InvalidCharacters("must not contain line breaks")
		case bidiControl(r):
			return s, why.InvalidCharacters("must not contain characters that change the direction of text")
		}
	}
	return s, why.Reason{}
}

var lineBreaks = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// Storable reports whether PostgreSQL can keep s as text: valid UTF-8 without null characters.
func Storable(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

// bidiControl reports whether r embeds, overrides or isolates a direction. Marks (U+200E, U+200F, U+061C) only help
// right-to-left text along, and stay.
func bidiControl(r rune) bool {
	return '\u202a' <= r && r <= '\u202e' || '\u2066' <= r && r <= '\u2069'
}

// visible reports whether r leaves a mark on its own.
func visible(r rune) bool {
	return !unicode.IsSpace(r) && !ignorable(r) && r != '\u2800' && // the empty braille pattern
		!unicode.In(r, unicode.M, unicode.Z, unicode.C) || unicode.Is(unicode.Co, r)
}

// ignorable reports whether r has no glyph of its own (Unicode Default_Ignorable_Code_Point).
func ignorable(r rune) bool {
	return unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}
