package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What an instance of the former release cannot live with, and the word of the finding.
func TestRefusedMigrations(t *testing.T) {
	t.Parallel()
	for sql, finding := range map[string]string{
		"ALTER TABLE polls DROP COLUMN title;":                                                       "ban-drop-column",
		"DROP TABLE polls;":                                                                          "ban-drop-table",
		"ALTER TABLE polls RENAME COLUMN title TO name;":                                             "renaming-column",
		"ALTER TABLE polls RENAME TO surveys;":                                                       "renaming-table",
		"ALTER TABLE polls ADD COLUMN place text NOT NULL;":                                          "adding-required-field",
		"ALTER TABLE polls ADD COLUMN at timestamptz NOT NULL DEFAULT clock_timestamp();":            "adding-field-with-default",
		"ALTER TABLE polls ADD COLUMN twice bigint GENERATED ALWAYS AS (version * 2) STORED;":        "adding-field-with-default",
		"ALTER TABLE polls ALTER COLUMN version TYPE bigint;":                                        "changing-column-type",
		"ALTER TABLE polls ALTER COLUMN title SET NOT NULL;":                                         "adding-not-nullable-field",
		"ALTER TABLE polls ALTER COLUMN title DROP NOT NULL;":                                        "ban-drop-not-null",
		"CREATE INDEX polls_title ON polls (tenant_id, title);":                                      "require-concurrent-index-creation",
		"CREATE INDEX CONCURRENTLY polls_title ON polls (tenant_id, title);":                         "x.sql: CONCURRENTLY needs",
		"DROP INDEX polls_title;":                                                                    "require-concurrent-index-deletion",
		"REINDEX TABLE polls;":                                                                       "require-concurrent-reindex",
		"ALTER TABLE polls ADD CONSTRAINT c CHECK (version > 0);":                                    "constraint-missing-not-valid",
		"ALTER TABLE polls ADD CONSTRAINT u UNIQUE (tenant_id, title);":                              "disallowed-unique-constraint",
		"ALTER TABLE polls ADD CONSTRAINT f FOREIGN KEY (tenant_id) REFERENCES tenants (tenant_id);": "adding-foreign-key-constraint",
		"DROP FUNCTION cast_ballot(uuid);":                                                           "DROP FUNCTION",
		"ALTER FUNCTION cast_ballot(uuid)\n    RENAME TO cast_vote;":                                 "RENAME",
		"DROP VIEW open_polls;":                                                                      "DROP VIEW",
		"ALTER TABLE polls SET SCHEMA old;":                                                          "SET SCHEMA",
		"TRUNCATE polls;":                                                                            "TRUNCATE",
		"VACUUM FULL polls;":                                                                         "VACUUM FULL",
		"LOCK TABLE polls;":                                                                          "LOCK TABLE",
		"CREATE TABEL polls (id uuid);":                                                              "syntax-error",
	} {
		t.Run(sql, func(t *testing.T) {
			t.Parallel()
			findings, err := lint(t.Context(), "x.sql", "-- +goose Up\n"+sql+"\n")
			require.NoError(t, err)
			require.Contains(t, strings.Join(findings, "\n"), finding)
		})
	}
}

func TestAllowedMigrations(t *testing.T) {
	t.Parallel()
	for _, sql := range []string{
		"ALTER TABLE polls ADD COLUMN place text;",
		"ALTER TABLE polls ADD COLUMN place text NOT NULL DEFAULT '';",
		"ALTER TABLE polls ADD COLUMN opened boolean NOT NULL DEFAULT false;\nUPDATE polls SET opened = true WHERE status = 'active';",
		"CREATE TABLE images (tenant_id uuid NOT NULL, id uuid NOT NULL, PRIMARY KEY (tenant_id, id));\n" +
			"CREATE INDEX images_of_tenant ON images (tenant_id);\nSELECT updspace_protect('images');",
		"ALTER TABLE polls ADD CONSTRAINT c CHECK (version > 0) NOT VALID;",
		"ALTER TABLE polls VALIDATE CONSTRAINT c;",
		"-- +goose NO TRANSACTION\nCREATE INDEX CONCURRENTLY IF NOT EXISTS polls_title ON polls (tenant_id, title);",
		"-- +goose StatementBegin\nCREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM 1; END $$;\n-- +goose StatementEnd",
		"-- No program since v0.3.0 reads it.\n-- squawk-ignore ban-drop-column\nALTER TABLE polls DROP COLUMN title;",
		"-- baseline-ignore: no program since v0.3.0 calls it\nDROP FUNCTION cast_ballot(uuid);",
		"-- The word DROP FUNCTION in a comment does nothing.\nALTER TABLE polls ADD COLUMN place text;",
	} {
		t.Run(sql, func(t *testing.T) {
			t.Parallel()
			findings, err := lint(t.Context(), "x.sql", "-- +goose Up\n"+sql+"\n")
			require.NoError(t, err)
			require.Empty(t, findings)
		})
	}
}

// An exception without a reason is none.
func TestExceptionsHaveAReason(t *testing.T) {
	t.Parallel()
	findings, err := lint(t.Context(), "x.sql", "-- +goose Up\n-- baseline-ignore:\nDROP FUNCTION cast_ballot(uuid);\n")
	require.NoError(t, err)
	require.NotEmpty(t, findings)
}
