package domain

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
)

// MaxGrantLines is how many members can be granted an achievement at once.
const MaxGrantLines = 200

// MaxAttendees is how many who were present at an event can be granted an achievement at once.
const MaxAttendees = 1000

// GrantLine is one line of a list of members who are granted an achievement.
type GrantLine struct {
	Line      int
	Text      string    // the member as given
	Recipient uuid.UUID // zero when Text is no id
	Reason    string    // empty for that of the whole list
}

// maxLineText bounds what a report repeats of a line.
const maxLineText = 64

// ReadGrantTable reads a table (CSV, separated by commas or semicolons) with the ids of members and, in a second column, reasons. A
// first line that begins with user_id is its head.
func ReadGrantTable(table string) ([]GrantLine, error) {
	reader := csv.NewReader(strings.NewReader(strings.TrimPrefix(table, "\ufeff")))
	reader.FieldsPerRecord, reader.TrimLeadingSpace = -1, true
	if first, _, _ := strings.Cut(table, "\n"); strings.Contains(first, ";") {
		reader.Comma = ';'
	}
	var lines []GrantLine
	for {
		record, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return lines, nil
		}
		if err != nil {
			return nil, errs.Field("csv", why.InvalidFormat("must be a table in CSV"))
		}
		at, _ := reader.FieldPos(0)
		text := strings.TrimSpace(record[0])
		if len(lines) == 0 && strings.EqualFold(text, "user_id") {
			continue
		}
		if len(lines) == MaxGrantLines {
			return nil, errs.Field("csv", why.TooMany(MaxGrantLines))
		}
		line := GrantLine{Line: at, Text: string([]rune(text)[:min(len([]rune(text)), maxLineText)])}
		if id, err := uuid.Parse(text); err == nil {
			line.Recipient = id
		}
		if len(record) > 1 {
			line.Reason = record[1]
		}
		lines = append(lines, line)
	}
}
