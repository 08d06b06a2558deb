package pg

import (
	"github.com/uptrace/bun/dialect/pgdialect"

	"go.updspace.com/libs/valid"
)

// dialect is bun's dialect for PostgreSQL, but for text that PostgreSQL cannot store: bun would replace bytes that are not
// UTF-8 by U+FFFD and end the statement at a null character.
type dialect struct{ *pgdialect.Dialect }

// refusedText is a literal that the server refuses as an invalid value.
const refusedText = `E'\x00'`

// AppendString appends a string literal.
func (d dialect) AppendString(b []byte, s string) []byte {
	if !valid.Storable(s) {
		return append(b, refusedText...)
	}
	return d.Dialect.AppendString(b, s)
}
