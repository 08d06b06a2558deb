package valid

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
	"go.mau.fi/util/confusable"
	"golang.org/x/text/secure/precis"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
)

// Username brings a username into the form of the precis profile UsernameCaseMapped: lower case, NFC, no full-width
// letters. Letters and digits may have single dots, dashes and underscores between them. Refused are also usernames that mix
// Latin, Cyrillic and Greek letters, UUIDs, and look-alikes of names such as admin.
//
// Store [UsernameKey] under a unique constraint, so that no two usernames look alike.
func Username(fields errs.Fields, field, s string, least, most int) string {
	name, reason := username(strings.TrimSpace(s), least, most)
	if !reason.None() {
		fields.Add(field, reason)
	}
	return name
}

func username(s string, least, most int) (name string, reason why.Reason) {
	form := why.InvalidFormat("must be letters and digits, with single dots, dashes and underscores between them")
	if len(s) > utf8.UTFMax*most { // precis need not look at it
		return s, why.TooLong(most)
	}
	name, err := precis.UsernameCaseMapped.String(s)
	if err != nil {
		return s, form
	}
	if n := utf8.RuneCountInString(name); n < least {
		return name, why.TooShort(least)
	} else if n > most {
		return name, why.TooLong(most)
	}
	joiner := true // not at either end, and not two in a row
	scripts := map[*unicode.RangeTable]bool{}
	for i, r := range name {
		was := joiner
		joiner = r == '.' || r == '-' || r == '_'
		letter := unicode.IsLetter(r) || unicode.IsDigit(r) || i > 0 && unicode.IsMark(r)
		if joiner && was || !joiner && !letter {
			return name, form
		}
		for _, script := range []*unicode.RangeTable{unicode.Latin, unicode.Cyrillic, unicode.Greek} {
			if unicode.Is(script, r) {
				scripts[script] = true
			}
		}
	}
	if joiner {
		return name, form
	}
	if len(scripts) > 1 {
		return name, why.InvalidCharacters("must not mix letters of different alphabets")
	}
	if _, err := uuid.Parse(name); err == nil {
		return name, why.InvalidFormat("must not be a UUID")
	}
	if key := UsernameKey(name); reservedKeys[key] && !reserved[name] {
		return name, why.Reserved("looks like a reserved name")
	}
	return name, why.Reason{}
}

// UsernameKey returns the same text for usernames that look alike (Unicode Technical Standard 39).
func UsernameKey(username string) string { return Fold(confusable.Skeleton(Fold(username))) }

// reserved are names that others must not be mistaken for. The names themselves are free, because they belong to accounts
// of an installation.
var reserved = map[string]bool{
	"admin": true, "administrator": true, "moderator": true, "operator": true, "owner": true, "root": true, "security": true,
	"service": true, "staff": true, "support": true, "system": true, "updspace": true, "админ": true, "администратор": true,
	"модератор": true, "поддержка": true, "система": true,
}

var reservedKeys = keysOf(reserved)

func keysOf(names map[string]bool) map[string]bool {
	keys := make(map[string]bool, len(names))
	for name := range names {
		keys[UsernameKey(name)] = true
	}
	return keys
}
