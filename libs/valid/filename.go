package valid

import (
	"path"
	"strings"

	"go.updspace.com/libs/errs"
)

// FileName is the name of a file that a caller sends: one line of text, the last element of a path of any system. A name of
// nothing but dots is none.
func FileName(fields errs.Fields, field, s string, most int) string {
	s = path.Base(strings.ReplaceAll(strings.TrimSpace(s), `\`, "/"))
	if strings.Trim(s, "./ ") == "" {
		s = ""
	}
	return Line(fields, field, s, 1, most)
}
