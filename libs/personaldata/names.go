package personaldata

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/google/uuid"

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

// Scrubbed makes the Scrub of a section: names are removed from columns of a table, all of them text, in the tenant, or without one in all tenants.
func Scrubbed(db *pg.DB, table string, columns ...string) func(context.Context, Names) (int64, error) {
	changes, matches := make([]string, len(columns)), make([]string, len(columns))
	for i, column := range columns {
		changes[i] = column + " = regexp_replace(" + column + ", ?1, ?3, 'g')"
		matches[i] = column + " ~ ?1"
	}
	statement := "UPDATE " + table + " SET " + strings.Join(changes, ", ") + " WHERE ?0 IN (tenant_id, ?2) AND (" + strings.Join(matches, " OR ") + ")"
	return ScrubStatement(db, statement)
}

// ScrubStatement makes the Scrub of a section from an SQL statement, whose arguments are the tenant (?0), the pattern of the names (?1), the zero UUID
// (?2), and what is to stand where a name was (?3).
func ScrubStatement(db *pg.DB, statement string) func(context.Context, Names) (int64, error) {
	return func(ctx context.Context, names Names) (int64, error) {
		result, err := db.Conn(ctx).NewRaw(statement, reqctx.From(ctx).TenantID, names.Pattern(), uuid.Nil, removed).Exec(ctx)
		if err != nil {
			return 0, pg.Error(err)
		}
		n, err := result.RowsAffected()
		return n, pg.Error(err)
	}
}
