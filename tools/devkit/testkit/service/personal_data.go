package service

import (
	"context"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/personaldata"
	"go.updspace.com/libs/pg"
)

// keptByTheKit are columns of the kit's own tables that are in no section, with the reason.
var keptByTheKit = map[string]string{
	"outbox.type":    "a word of the code",
	"inbox.consumer": "a word of the code", "inbox.event_id": "the id of an event",
	"idempotency.operation":  "a word of the code",
	"idempotency.input_hash": "a hash, deleted after a week", "idempotency.result_id": "the id of an object",
	"audit_entries.actor_name": "the name of a service or of an operator's command", "audit_entries.action": "a word of the code",
	"audit_entries.target_type": "a word of the code", "audit_entries.request_id": "the id of a request",
}

// PersonalData tests that no personal data is forgotten: each column that can hold a user's id or free text must be in a
// section, or in notPersonal with the reason why it holds no personal data. Columns are named one by one as table.column, so
// that a new column fails the test. No entry is needed for tenant_id, for a UUID named id, for texts of a fixed list of values
// and for references to columns without personal data.
func PersonalData(t testing.TB, db *pg.DB, sections []personaldata.Section, notPersonal map[string]string) {
	t.Helper()
	all := columns(t, db)
	listed := maps.Clone(keptByTheKit)
	for name, reason := range notPersonal {
		require.NotEmpty(t, reason, name)
		require.True(t, all.suspect(name, nil), "%s is listed and is no column that could hold personal data", name)
		listed[name] = reason
	}
	for _, section := range sections {
		require.True(t, section.Reason != "" || section.Read != nil && section.Erase != nil,
			"section %s is not exported or not erased, and gives no reason", section.Name)
		for _, name := range section.Columns {
			_, exists := all[name]
			require.True(t, exists, "section %s has %s, which does not exist", section.Name, name)
			require.NotContains(t, notPersonal, name)
			listed[name] = section.Name
		}
	}
	var forgotten []string
	for name := range all {
		if listed[name] == "" && all.suspect(name, notPersonal) {
			forgotten = append(forgotten, name)
		}
	}
	require.Empty(t, forgotten, "columns that may hold personal data and are in no section")
}

// schema are the columns of a database by table.column.
type schema map[string]column

type column struct {
	Name       string
	Free       bool     // a user's id or any text fits in
	References []string `bun:",array"` // the columns that foreign keys refer to
}

// suspect reports whether a column could hold personal data, unless it is in notPersonal. A reference can hold what the
// columns can that it refers to.
func (s schema) suspect(name string, notPersonal map[string]string) bool {
	c := s[name]
	if notPersonal[name] != "" {
		return false
	}
	if len(c.References) == 0 {
		return c.Free
	}
	return slices.ContainsFunc(c.References, func(target string) bool { return target != name && s.suspect(target, notPersonal) })
}

func columns(t testing.TB, db *pg.DB) schema {
	t.Helper()
	var found []column
	require.NoError(t, db.Read(pg.AcrossTenants(context.Background(), "test"), func(ctx context.Context) error {
		return db.Conn(ctx).NewRaw(`
			SELECT r.relname || '.' || a.attname AS name,
				(a.atttypid IN ('uuid'::regtype, 'text'::regtype, 'varchar'::regtype, 'bpchar'::regtype, 'name'::regtype, 'json'::regtype,
					'jsonb'::regtype, 'xml'::regtype, 'bytea'::regtype, 'inet'::regtype, 'cidr'::regtype, 'tsvector'::regtype)
					OR type.typtype <> 'b' OR type.typcategory = 'A')
				AND a.attname <> 'tenant_id' AND NOT (a.attname = 'id' AND a.atttypid = 'uuid'::regtype) AND NOT EXISTS (
					SELECT FROM pg_constraint k WHERE k.conrelid = r.oid AND k.contype = 'c' AND k.conkey = ARRAY[a.attnum]
					AND pg_get_constraintdef(k.oid) ~ ('^CHECK \(+' || a.attname || '(::text)? = ANY \(+ARRAY\['))
				AS free,
				ARRAY(
					SELECT k.confrelid::regclass::text || '.' || target.attname FROM pg_constraint k
					CROSS JOIN unnest(k.conkey, k.confkey) AS pair (own, other)
					JOIN pg_attribute target ON target.attrelid = k.confrelid AND target.attnum = pair.other
					WHERE k.conrelid = r.oid AND k.contype = 'f' AND pair.own = a.attnum)
				AS "references"
			FROM pg_class r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
			JOIN pg_type type ON type.oid = a.atttypid
			WHERE r.relkind IN ('r', 'p') AND r.relnamespace = 'public'::regnamespace AND r.relname NOT LIKE 'goose\_%'`).Scan(ctx, &found)
	}))
	all := make(schema, len(found))
	for _, c := range found {
		all[c.Name] = c
	}
	return all
}
