package domain

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// OneLine is a text of another system as it is shown: on one line, without control characters, cut where it is too long.
func OneLine(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), unicode.In(r, unicode.Zl, unicode.Zp), r == unicode.ReplacementChar, r&0xfffe == 0xfffe:
			return ' '
		case '\u202a' <= r && r <= '\u202e', '\u2066' <= r && r <= '\u2069': // would change the direction of what stands beside it
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, " "))
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) > most {
		s = string([]rune(s)[:most-1]) + "…"
	}
	return s
}
