package domain

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
)

// The bounds of a password, in characters (NIST SP 800-63B-4, 3.1.1.2): the least is that of passwords that are the only factor. It
// holds with a second factor as well, which can be removed. Which characters a password has is its owner's matter.
const (
	MinPassword = 15
	MaxPassword = 1000
)

// CheckPassword notes why a password cannot be chosen: its length, or that it is among the first that are tried. known tells
// whether a text is a password of leaks; about are words of the account, such as its address.
func CheckPassword(fields errs.Fields, field, password string, known func(string) bool, about ...string) {
	n := utf8.RuneCountInString(password)
	switch {
	case !utf8.ValidString(password):
		fields.Add(field, why.InvalidCharacters("must be text"))
	case n < MinPassword:
		fields.Add(field, why.TooShort(MinPassword))
	case n > MaxPassword:
		fields.Add(field, why.TooLong(MaxPassword))
	case guessable(strings.ToLower(password), known, about):
		fields.Add(field, why.TooCommon)
	}
}

// guessable reports whether a password is one that is tried first: a password of leaks, one made of it by the usual means, keys in
// their order, or words of the account.
func guessable(password string, known func(string) bool, about []string) bool {
	if len(password) > 4*maxGuessable {
		return false
	}
	for _, form := range forms(password) {
		unit := repeated(form)
		if known(form) || known(unit) || utf8.RuneCountInString(unit) <= maxUnit || inOrder(unit) || twoWords(form, known) {
			return true
		}
	}
	return ofAccount(password, known, about)
}

const (
	maxGuessable = 64 // characters; no longer password is made of one of leaks
	maxUnit      = 5  // characters that are repeated
	minWord      = 4  // characters of a word that counts
)

// forms are what a password may be made of: without what was added in front and behind, with letters for the digits that look
// like them, and in the other layout of the keyboard.
func forms(password string) []string {
	found, core := []string{password}, strings.TrimFunc(password, notLetter)
	for _, form := range []string{core, fromLeet.Replace(password), fromLeet.Replace(core), toLatin.Replace(password), toLatin.Replace(core)} {
		if form = strings.TrimFunc(form, unicode.IsSpace); form != "" {
			found = append(found, form)
		}
	}
	return found
}

func notLetter(r rune) bool { return !unicode.IsLetter(r) }

var (
	fromLeet = strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i")
	toLatin  = layout("йцукенгшщзхъфывапролджэячсмитьбюё", "qwertyuiop[]asdfghjkl;'zxcvbnm,.`")
	// orders are the keys and letters as they follow one another.
	orders = []string{
		"01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop[]asdfghjkl;'zxcvbnm,./", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/", "1q2w3e4r5t6y7u8i9o0p",
		"абвгдеёжзийклмнопрстуфхцчшщъыьэюя", "йцукенгшщзхъфывапролджэячсмитьбю",
	}
)

func layout(from, to string) *strings.Replacer {
	keys, other := []rune(from), []rune(to)
	pairs := make([]string, 0, 2*len(keys))
	for i, key := range keys {
		pairs = append(pairs, string(key), string(other[i]))
	}
	return strings.NewReplacer(pairs...)
}

// repeated is the shortest text that makes s when it is repeated; the last time may be cut short.
func repeated(s string) string {
	runes := []rune(s)
	for n := 1; n <= len(runes)/2; n++ {
		same := true
		for i := n; i < len(runes) && same; i++ {
			same = runes[i] == runes[i-n]
		}
		if same {
			return string(runes[:n])
		}
	}
	return s
}

// inOrder reports whether s is a part of an order, forward or backward.
func inOrder(s string) bool {
	if utf8.RuneCountInString(s) < minWord {
		return false
	}
	backward := []rune(s)
	for i, j := 0, len(backward)-1; i < j; i, j = i+1, j-1 {
		backward[i], backward[j] = backward[j], backward[i]
	}
	for _, order := range orders {
		if strings.Contains(order, s) || strings.Contains(order, string(backward)) {
			return true
		}
	}
	return false
}

// twoWords reports whether s is two passwords of leaks after one another, or one and keys in their order.
func twoWords(s string, known func(string) bool) bool {
	runes := []rune(s)
	if len(runes) > maxGuessable {
		return false
	}
	word := func(part []rune) bool { return known(string(part)) || inOrder(string(part)) }
	for i := minWord; i <= len(runes)-minWord; i++ {
		if word(runes[:i]) && word(runes[i:]) {
			return true
		}
	}
	return false
}

// ofAccount reports whether what a password has besides the words of its account is short or is guessable itself.
func ofAccount(password string, known func(string) bool, about []string) bool {
	rest := password
	for _, text := range append(about, "updspace") {
		for _, word := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			if utf8.RuneCountInString(word) >= minWord {
				rest = strings.ReplaceAll(rest, word, "")
			}
		}
	}
	if rest == password {
		return false
	}
	rest = strings.TrimFunc(rest, notLetter)
	return utf8.RuneCountInString(rest) < 2*minWord || known(rest) || inOrder(rest)
}
