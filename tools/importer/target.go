package importer

import (
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"go.updspace.com/tools/internal/pgcopy"
)

// table is a table of a service's database that rows are written to: first to a staging table, then those that are not there yet.
type table struct {
	run      *run
	tx       pgx.Tx
	name     string
	kind     string // in the report; empty for tables that only repeat what is told elsewhere
	key      string // columns of the primary key
	columns  []string
	onKey    bool   // another row is in the way by its key only: the table has a deferrable constraint, which ON CONFLICT refuses
	requires string // a condition on the staged row s without which it is not inserted
	copy     *pgcopy.Writer
}

// into prepares writing to a table of a service. key are the columns by which a row is known.
func (r *run) into(service, name, kind, key string, columns ...string) (*table, error) {
	t := &table{run: r, tx: r.tx[service], name: name, kind: kind, key: key, columns: columns}
	list := identifiers("", columns)
	_, err := t.tx.Exec(r.ctx, fmt.Sprintf("CREATE TEMP TABLE %s ON COMMIT DROP AS SELECT %s FROM %s LIMIT 0", t.stage(), list, pgx.Identifier{name}.Sanitize()))
	if err != nil {
		return nil, fmt.Errorf("preparing %s: %w", name, err)
	}
	t.copy = pgcopy.New(t.tx, t.stage(), columns...)
	return t, nil
}

func (t *table) stage() string { return "import_" + t.name }

// add stages a row.
func (t *table) add(values ...any) error { return t.copy.Add(t.run.ctx, values...) }

// store inserts the staged rows that are not there yet. Rows for which there is no room, because of a unique constraint or because what
// they need is not there, are told in the report.
func (t *table) store() error {
	if err := t.copy.Flush(t.run.ctx); err != nil {
		return err
	}
	return t.storeStaged()
}

// storeStaged is store for a staging table that a statement has filled.
func (t *table) storeStaged() error {
	where := ""
	if t.requires != "" {
		where = " WHERE " + t.requires
	}
	arbiter := ""
	if t.onKey {
		arbiter = "(" + t.key + ")"
	}
	name := pgx.Identifier{t.name}.Sanitize()
	if err := t.analyze(t.stage()); err != nil {
		return err
	}
	var staged, before int64
	if err := t.tx.QueryRow(t.run.ctx, fmt.Sprintf("SELECT count(*), count(*) FILTER (WHERE %s) FROM %s s", t.present(), t.stage())).Scan(&staged, &before); err != nil {
		return fmt.Errorf("looking into %s: %w", t.name, err)
	}
	tag, err := t.tx.Exec(t.run.ctx, fmt.Sprintf("INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM %s s%s ON CONFLICT %s DO NOTHING",
		name, identifiers("", t.columns), identifiers("s.", t.columns), t.stage(), where, arbiter))
	if err != nil {
		return fmt.Errorf("writing %s: %w", t.name, err)
	}
	if tag.RowsAffected() > 0 {
		if err := t.analyze(t.name); err != nil {
			return err
		}
	}
	if t.kind != "" {
		t.run.report.kind(t.kind).New += tag.RowsAffected()
		t.run.report.kind(t.kind).Present += before
	}
	if before+tag.RowsAffected() == staged {
		return nil
	}
	return t.tellRefused()
}

// analyze tells the planner of rows that autovacuum has not seen: triggers and later statements read them.
func (t *table) analyze(name string) error {
	if _, err := t.tx.Exec(t.run.ctx, "ANALYZE "+pgx.Identifier{name}.Sanitize()); err != nil {
		return fmt.Errorf("counting %s: %w", name, err)
	}
	return nil
}

// present is the condition that the row s is in the table.
func (t *table) present() string {
	var same []string
	for column := range strings.SplitSeq(t.key, ", ") {
		same = append(same, fmt.Sprintf("t.%[1]s = s.%[1]s", column))
	}
	return fmt.Sprintf("EXISTS (SELECT FROM %s t WHERE %s)", pgx.Identifier{t.name}.Sanitize(), strings.Join(same, " AND "))
}

func (t *table) tellRefused() error {
	rows, err := t.tx.Query(t.run.ctx, fmt.Sprintf("SELECT concat_ws(' ', %s) FROM %s s WHERE NOT %s", "s."+strings.ReplaceAll(t.key, ", ", ", s."), t.stage(), t.present()))
	if err != nil {
		return fmt.Errorf("looking into %s: %w", t.name, err)
	}
	var key string
	_, err = pgx.ForEachRow(rows, []any{&key}, func() error {
		t.run.report.refuse(kindOr(t.kind, t.name), "another row stands where it would, or what it belongs to is not there", key)
		return nil
	})
	return err
}

func kindOr(kind, name string) string {
	if kind == "" {
		return name
	}
	return kind
}

func identifiers(prefix string, columns []string) string {
	list := make([]string, len(columns))
	for i, c := range columns {
		list[i] = prefix + pgx.Identifier{c}.Sanitize()
	}
	return strings.Join(list, ", ")
}

// store stores several tables in order.
func store(tables ...*table) error {
	for _, t := range tables {
		if err := t.store(); err != nil {
			return err
		}
	}
	return nil
}

// exec runs a statement in the database of a service and returns how many rows it changed.
func (r *run) exec(service, statement string, args ...any) (int64, error) {
	tag, err := r.tx[service].Exec(r.ctx, statement, args...)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", service, err)
	}
	return tag.RowsAffected(), nil
}
