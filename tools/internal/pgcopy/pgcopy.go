// Package pgcopy writes many rows to a table of PostgreSQL by COPY, a batch at a time.
package pgcopy

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// batch is how many rows are held before they are sent.
const batch = 5000

// Copier is a connection or a transaction.
type Copier interface {
	CopyFrom(ctx context.Context, table pgx.Identifier, columns []string, rows pgx.CopyFromSource) (int64, error)
}

// Writer collects rows of a table. The zero Writer is not usable; use New.
type Writer struct {
	to      Copier
	table   string
	columns []string
	rows    [][]any
	sent    int64
}

// New writes to a table.
func New(to Copier, table string, columns ...string) *Writer {
	return &Writer{to: to, table: table, columns: columns}
}

// Add writes a row, now or with a later one.
func (w *Writer) Add(ctx context.Context, values ...any) error {
	if len(values) != len(w.columns) {
		return fmt.Errorf("pgcopy: %d values for the %d columns of %s", len(values), len(w.columns), w.table)
	}
	w.rows = append(w.rows, values)
	if len(w.rows) < batch {
		return nil
	}
	return w.Flush(ctx)
}

// Flush sends the rows that are held.
func (w *Writer) Flush(ctx context.Context) error {
	if len(w.rows) == 0 {
		return nil
	}
	n, err := w.to.CopyFrom(ctx, pgx.Identifier{w.table}, w.columns, pgx.CopyFromRows(w.rows))
	if err != nil {
		return fmt.Errorf("writing %s: %w", w.table, err)
	}
	w.sent += n
	w.rows = w.rows[:0]
	return nil
}

// Sent is how many rows were sent.
func (w *Writer) Sent() int64 { return w.sent }
