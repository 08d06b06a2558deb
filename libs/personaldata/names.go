package personaldata

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
)

// removed stands where a name was. It is no longer than a name, so that no text outgrows its column.
const removed = "…"

// wordRunes are the characters of words, as a class of PostgreSQL: the classes of its locale may know ASCII only.
const wordRunes = `0-9A-Za-zªµºÀ-ÖØ-öø-ʯͰ-ϿЀ-ԯ԰-֏_`

// Names is how others write the name of a person whose data is erased.
type Names []string

// Pattern matches the names as whole words, in any case, with any white space between their parts: a regular expression of
// PostgreSQL. It is empty if no name has two characters or more.
func (n Names) Pattern() string {
	var patterns []string
	for _, name := range n {
		parts := strings.Fields(name)
		if len([]rune(strings.Join(parts, ""))) < 2 {
			continue
		}
		for i, part := range parts {
			parts[i] = anyCase(part)
		}
		patterns = append(patterns, strings.Join(parts, `\s+`))
	}
	if len(patterns) == 0 {
		return ""
	}
	// A name that begins another one must not win over it.
	slices.SortStableFunc(patterns, func(a, b string) int { return len(b) - len(a) })
	return `(?<![` + wordRunes + `])(?:` + strings.Join(patterns, "|") + `)(?![` + wordRunes + `])`
}

// anyCase matches a word in any case, whatever the locale of the database knows of letters.
func anyCase(word string) string {
	var pattern strings.Builder
	for _, r := range word {
		lower, upper := unicode.ToLower(r), unicode.ToUpper(r)
		if lower == upper {
			pattern.WriteString(regexp.QuoteMeta(string(r)))
			continue
		}
		pattern.WriteString("[" + string(lower) + string(upper) + "]")
	}
	return pattern.String()
}

// Scrubbed makes the Scrub of a section: names are removed from columns of a table, all of them text.
func Scrubbed(db *pg.DB, table string, columns ...string) func(context.Context, Names) (int64, error) {
	changes, matches := make([]string, len(columns)), make([]string, len(columns))
	for i, column := range columns {
		changes[i] = column + " = regexp_replace(" + column + ", ?1, '" + removed + "', 'g')"
		matches[i] = column + " ~ ?1"
	}
	statement := "UPDATE " + table + " SET " + strings.Join(changes, ", ") + " WHERE tenant_id = ?0 AND (" + strings.Join(matches, " OR ") + ")"
	return func(ctx context.Context, names Names) (int64, error) {
		result, err := db.Conn(ctx).NewRaw(statement, reqctx.From(ctx).TenantID, names.Pattern()).Exec(ctx)
		if err != nil {
			return 0, pg.Error(err)
		}
		n, err := result.RowsAffected()
		return n, pg.Error(err)
	}
}
