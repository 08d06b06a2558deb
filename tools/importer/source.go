package importer

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// source is an old database. Which columns a table has is read from the catalogue: installations differ, and may stand between two
// versions.
type source struct {
	service string
	tx      pgx.Tx
	columns map[string]map[string]bool // by table
}

func newSource(ctx context.Context, service string, tx pgx.Tx) (*source, error) {
	s := &source{service: service, tx: tx, columns: map[string]map[string]bool{}}
	rows, err := tx.Query(ctx, "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'")
	if err != nil {
		return nil, err
	}
	var table, column string
	_, err = pgx.ForEachRow(rows, []any{&table, &column}, func() error {
		if s.columns[table] == nil {
			s.columns[table] = map[string]bool{}
		}
		s.columns[table][column] = true
		return nil
	})
	return s, err
}

// has reports whether the database has a table.
func (s *source) has(table string) bool { return s.columns[table] != nil }

// jsonText is a JSON document as it is stored.
type jsonText string

// each reads a table, a row at a time. The fields of T say which columns are read, by their tag db; what is NULL, or not there at all, is
// the zero value. order is what the rows are ordered by; where limits them, and may be empty.
func each[T any](ctx context.Context, s *source, table, where, order string, row func(T) error) error {
	if !s.has(table) {
		return nil
	}
	var into T
	value := reflect.ValueOf(&into).Elem()
	var columns []string
	var targets []any
	for i := range value.NumField() {
		field := value.Type().Field(i)
		columns = append(columns, expression(field.Tag.Get("db"), value.Field(i).Interface(), s.columns[table]))
		targets = append(targets, value.Field(i).Addr().Interface())
	}
	query := "SELECT " + strings.Join(columns, ", ") + " FROM " + pgx.Identifier{table}.Sanitize()
	if where != "" {
		query += " WHERE " + where
	}
	if order != "" {
		query += " ORDER BY " + order
	}
	rows, err := s.tx.Query(ctx, query)
	if err != nil {
		return fmt.Errorf("reading %s: %w", table, err)
	}
	_, err = pgx.ForEachRow(rows, targets, func() error { return row(into) })
	if err != nil {
		return fmt.Errorf("reading %s: %w", table, err)
	}
	return nil
}

// expression reads a column as the type of a field.
func expression(column string, field any, columns map[string]bool) string {
	name := pgx.Identifier{column}.Sanitize()
	if !columns[column] {
		name = "NULL"
	}
	switch field.(type) {
	case string, jsonText:
		return "coalesce(" + name + "::text, '')"
	case *string:
		return name + "::text"
	case uuid.UUID:
		return "coalesce(" + name + "::uuid, '00000000-0000-0000-0000-000000000000')"
	case int64:
		return "coalesce(" + name + "::bigint, 0)"
	case bool:
		return "coalesce(" + name + "::boolean, false)"
	case time.Time: // an infinite time is none
		return "coalesce(CASE WHEN isfinite(" + name + "::timestamptz) THEN " + name + "::timestamptz END, '0001-01-01 00:00:00+00')"
	}
	panic(fmt.Sprintf("importer: no column is read as %T", field))
}

// count is how many rows a table has; -1 when there is no such table.
func (s *source) count(ctx context.Context, table string) (n int64, err error) {
	if !s.has(table) {
		return -1, nil
	}
	err = s.tx.QueryRow(ctx, "SELECT count(*) FROM "+pgx.Identifier{table}.Sanitize()).Scan(&n)
	return n, err
}
