package valid

import (
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Fold returns the form in which texts are compared and searched. Upper and lower case, composed and decomposed letters,
// full-width and half-width forms, and the Russian letters ё and е are the same in it, and what is not visible is gone.
// Fold(Fold(s)) is Fold(s).
func Fold(s string) string {
	if folded, ok := foldASCII(s); ok {
		return folded
	}
	for range foldRounds {
		folded := foldOnce(s)
		if folded == s {
			return s
		}
		s = folded
	}
	return s
}

// foldRounds bounds the rounds until nothing changes any more. The tests find no text that needs as many.
const foldRounds = 6

func foldOnce(s string) string {
	s = cases.Fold().String(norm.NFKD.String(strings.ToValidUTF8(s, "")))
	s = strings.Map(func(r rune) rune {
		if ignorable(r) {
			return -1
		}
		return cherokee(r)
	}, s)
	return yo.Replace(norm.NFKC.String(s))
}

// cherokee maps small Cherokee letters to capital ones, which are their folded form (Unicode, CaseFolding.txt). The case
// folding of x/text turns both into each other, so it never ends.
func cherokee(r rune) rune {
	switch {
	case 0xAB70 <= r && r <= 0xABBF:
		return r - 0xAB70 + 0x13A0
	case 0x13F8 <= r && r <= 0x13FD:
		return r - 8
	default:
		return r
	}
}

var yo = strings.NewReplacer("ё", "е", "Ё", "е")

// foldASCII is Fold for plain English text, which is most of what is folded.
func foldASCII(s string) (folded string, ok bool) {
	upper := false
	for i := range len(s) {
		c := s[i]
		if c >= 0x80 {
			return "", false
		}
		upper = upper || 'A' <= c && c <= 'Z'
	}
	if upper {
		s = strings.ToLower(s)
	}
	return s, true
}
